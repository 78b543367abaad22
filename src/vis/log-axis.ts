/** @file Logarithmic axes with few, round ticks. */
import { extent } from './numbers.ts';

/** Scale and axis for these values, of which those up to 0 have no place. */
export function logAxis(values: readonly (number | null)[]): { scale: object; axis: object } {
  const positive = values.filter((value): value is number => value !== null && value > 0 && Number.isFinite(value));
  const [low, high] = extent(positive);
  if (positive.length === 0) return { scale: { type: 'log' }, axis: {} };
  return {
    scale: { type: 'log', nice: false, ...spread(low, high) },
    axis: { values: ticks(low, high), format: '~g' },
  };
}

/** One value alone would have no axis to stand on. */
const spread = (low: number, high: number): object => (low === high ? { domain: [low / 10, low * 10] } : {});

/** Powers of ten; where the values span few of them, also what lies between. */
function ticks(low: number, high: number): number[] {
  if (low === high) return ticks(low / 10, low * 10);
  const decades = Math.log10(high / low);
  const factors = decades < 1.2 ? [1, 2, 3, 5, 7] : decades < 3 ? [1, 3] : [1];
  // Of very many powers every second, third, ... one.
  const stride = Math.max(1, Math.round(decades / 7));
  const first = Math.floor(Math.log10(low));
  const count = Math.ceil(Math.log10(high)) - first + 1;
  return Array.from({ length: count }, (_, i) => first + i)
    .filter((power) => power % stride === 0)
    .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)));
}
