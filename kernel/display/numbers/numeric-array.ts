/** @file Arrays of numbers: their statistics, a histogram, their first values. */
import { types } from 'node:util';
import type { MimeBundle } from '../../../src/display.ts';
import { type Limits, howToSeeAll } from '../limits.ts';
import { escapeMarkup, formatBytes, grouped, shortNumber } from '../markup.ts';
import { classNameOf } from '../outline/outline.ts';
import { plainText } from '../plain-text.ts';
import { view } from '../style.ts';
import { type Spread, type Statistics, statisticsOf } from './statistics.ts';

type NumericArray = (ArrayLike<number> | ArrayLike<bigint>) & { readonly byteLength?: number };

/** So many numbers are read one by one. */
const fewNumbers = 20;

/** A typed array, or an array of nothing but numbers, that is too long to be read number by number. */
export function numericArray(value: object, limits: Limits): MimeBundle | undefined {
  if (!isNumericArray(value) || value.length <= fewNumbers) return undefined;
  const statistics = statisticsOf(value);
  const facts = factsOf(statistics, value.length);
  const name = classNameOf(value) ?? 'Array';
  const title = `${name}(${grouped(value.length)})`;
  const first = Array.from({ length: Math.min(value.length, Math.max(limits.items, 40)) }, (_, i) =>
    numberText(value[i]),
  );
  const size = value.byteLength === undefined ? '' : ` <span class="soft">${formatBytes(value.byteLength)}</span>`;
  const cells = facts.map(
    ([label, text]) => `<span><span class="soft">${label}</span> <b>${escapeMarkup(text)}</b></span>`,
  );
  return {
    'text/html': view(
      'base',
      `<div class="title">${escapeMarkup(title)}${size}</div>` +
        `<div style="display:flex;flex-wrap:wrap;gap:2px 18px;align-items:flex-end;font-variant-numeric:tabular-nums">` +
        `${statistics.spread ? sparkline(statistics.spread) : ''}${cells.join(' ')}</div>` +
        `<details><summary class="note">first ${grouped(first.length)} values</summary>` +
        `<pre class="wrap">${escapeMarkup(first.join(', '))}${first.length < value.length ? ', …' : ''}</pre></details>` +
        (first.length < value.length ? `<div class="note">${escapeMarkup(howToSeeAll(limits))}</div>` : ''),
    ),
    'text/plain': `${plainText(value, limits)}\n${facts.map(([label, text]) => `${label} ${text}`).join(', ')}`,
  };
}

function isNumericArray(value: object): value is NumericArray & object {
  if (ArrayBuffer.isView(value)) return types.isTypedArray(value) && !Buffer.isBuffer(value);
  if (!Array.isArray(value) || value.length === 0) return false;
  for (let i = 0; i < value.length; i++) if (typeof value[i] !== 'number') return false;
  return true;
}

const numberText = (value: number | bigint): string => (typeof value === 'number' ? shortNumber(value) : String(value));

function factsOf({ count, nan, infinite, spread }: Statistics, length: number): [label: string, text: string][] {
  return [
    ...(spread
      ? ([
          ['min', shortNumber(spread.min)],
          ['max', shortNumber(spread.max)],
          ['mean', shortNumber(spread.mean)],
          ['std', shortNumber(spread.std)],
        ] as [string, string][])
      : []),
    ...(nan > 0 ? ([['NaN', grouped(nan)]] as [string, string][]) : []),
    ...(infinite > 0 ? ([['infinite', grouped(infinite)]] as [string, string][]) : []),
    ...(count < length ? ([['of a sample of', grouped(count)]] as [string, string][]) : []),
  ];
}

/** The histogram as a small picture; its title says the range. */
function sparkline({ histogram, min, max }: Spread): string {
  const [width, height] = [histogram.length * 5, 32];
  const most = Math.max(...histogram);
  const bars = histogram
    .map((count, i) => {
      // A part that holds anything at all is seen.
      const size = count === 0 ? 0 : Math.max(1, (count / most) * height);
      return size === 0
        ? ''
        : `<rect x="${i * 5}" y="${(height - size).toFixed(1)}" width="4" height="${size.toFixed(1)}"/>`;
    })
    .join('');
  const title = `histogram from ${shortNumber(min)} to ${shortNumber(max)}`;
  return (
    `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" fill="#2f7ed8" role="img" aria-label="${title}">` +
    `<title>${title}</title>${bars}</svg>`
  );
}
