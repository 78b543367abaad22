/** @file Random numbers of a state: calls, and what the published generator's words come to. */
import { philox4x32 } from '../../src/engine/random/philox.ts';
import type { PrimitiveParams } from '../../src/primitives/primitives.ts';
import type { Case, Operand } from './cases.ts';
import type { Plain } from './references.ts';

const values = (dtype: Operand['dtype'], ...numbers: number[]): Operand => ({
  shape: [numbers.length],
  values: (place) => numbers[place],
  dtype,
});
const state = values('int32', -1, 5, 0, 7, 123456789, -987654321);
const draw = (params: PrimitiveParams['sample'], ...parameters: Operand[]): Case<PrimitiveParams['sample']> => ({
  operands: [state, ...parameters],
  params,
  dtypes: ['int32'],
});

export const samplingCases: readonly Case<PrimitiveParams['sample']>[] = [
  draw({ distribution: 'uniform', shape: [2, 3], dtype: 'float32' }),
  draw({ distribution: 'uniform', shape: [5], dtype: 'float64' }),
  draw({ distribution: 'uniform', shape: [0, 2], dtype: 'float32' }),
  draw({ distribution: 'normal', shape: [3], dtype: 'float64' }),
  draw({ distribution: 'bits', shape: [7], dtype: 'int32' }),
  draw({ distribution: 'bits', shape: [3], dtype: 'uint8' }),
  draw({ distribution: 'integers', shape: [3, 2], dtype: 'int32' }, values('float64', -4), values('float64', 60, 12)),
  draw({ distribution: 'nothing', shape: [1], dtype: 'float64' }, values('float64', 3)),
];

/** Without rejections, which these calls do not meet: of 2^32 words at most 60 are drawn again. */
export function sampleReference(
  [given, low, high]: readonly Plain[],
  { distribution, shape, dtype }: PrimitiveParams['sample'],
): Plain[] {
  const counter = Uint32Array.from(given.data.slice(0, 4));
  const key = Uint32Array.from(given.data.slice(4));
  let words: number[] = [];
  const advance = (): void => {
    for (let i = 0; i < 4; i++) {
      counter[i]++;
      if (counter[i] !== 0) break;
    }
  };
  const next = (): number => {
    if (words.length === 0) {
      const block = new Uint32Array(4);
      philox4x32(counter, key, block);
      words = [...block];
      advance();
    }
    return words.shift() as number;
  };
  const uniform = (): number => {
    if (dtype !== 'float64') return Math.floor(next() / 256) / 2 ** 24;
    const [high27, low26] = [Math.floor(next() / 32), Math.floor(next() / 64)];
    return (high27 * 2 ** 26 + low26) / 2 ** 53;
  };
  const size = shape.reduce((a, b) => a * b, 1);
  const made: number[] = [];
  if (distribution === 'nothing') {
    for (let i = 0; i < low.data[0]; i++) advance();
    made.push(0);
  }
  while (made.length < size) {
    if (distribution === 'uniform') made.push(uniform());
    else if (distribution === 'bits') {
      const word = next();
      made.push(dtype === 'uint8' ? Math.floor(word / 2 ** 24) : word | 0);
    } else if (distribution === 'integers') {
      const top = high.data[made.length % high.data.length];
      made.push(low.data[0] + (next() % (top - low.data[0])));
    } else {
      const [radius, angle] = [Math.sqrt(-2 * Math.log(1 - uniform())), 2 * Math.PI * uniform()];
      made.push(radius * Math.cos(angle), radius * Math.sin(angle));
    }
  }
  return [
    { shape, data: made.slice(0, size) },
    { shape: [6], data: Array.from([...counter, ...key], (word) => word | 0) },
  ];
}
