/** @file Ragged tensors show themselves: as text, and of rank 2 as a table whose rows end where they end. */
import { type MimeBundle, displaySymbol } from '../display.ts';
import { formatRagged } from '../ops/ragged/format.ts';
import { RaggedTensor } from '../ragged/index.ts';
import { isFloating } from '../tensor/dtype.ts';
import { formatShape } from '../tensor/shape.ts';
import { escapeMarkup } from './markup.ts';
import { formatCount, formatShort } from './number-text.ts';
import { monospace } from './palette.ts';

declare module '../ragged/ragged-tensor.ts' {
  interface RaggedTensor {
    /** Shows the rows in a notebook. */
    [displaySymbol](): MimeBundle;
  }
}

RaggedTensor.prototype[displaySymbol] = function (this: RaggedTensor): MimeBundle {
  return showRagged(this);
};

const mostRows = 10;
const mostColumns = 12;
const longestText = 40;

/** The bundle of a ragged tensor. */
export function showRagged(x: RaggedTensor): MimeBundle {
  const text = formatRagged(x);
  const { flatValues } = x;
  if (x.rank !== 2 || flatValues.isDisposed || flatValues.isSymbolic) return { 'text/plain': text };
  const cellText = (value: number | bigint | string): string => {
    if (typeof value === 'string') return value.length <= longestText ? value : `${value.slice(0, longestText - 1)}…`;
    if (x.dtype === 'bool') return String(Number(value) !== 0);
    return isFloating(x.dtype) ? formatShort(Number(value), 4) : String(value);
  };
  const style = `text-align:${x.dtype === 'string' ? 'left' : 'right'};padding:2px 8px;white-space:pre`;
  const { lengths, splits } = x.partition;
  const elements = x.arraySync<number | bigint | string>() as (number | bigint | string)[][];
  const rows = elements.slice(0, mostRows).map((row, i) => {
    const cells = row
      .slice(0, mostColumns)
      .map((value) => `<td style="${style}">${escapeMarkup(cellText(value))}</td>`);
    const more = lengths[i] > mostColumns ? `<td style="opacity:0.6">… ${formatCount(lengths[i])}</td>` : '';
    return `<tr style="background:none"><th style="opacity:0.5;font-weight:normal">${i}</th>${cells.join('')}${more}</tr>`;
  });
  const heading = [
    `RaggedTensor ${x.dtype} ${formatShape(x.shape)}`,
    `${formatCount(splits[splits.length - 1])} values`,
    x.nrows() > mostRows ? `the first ${mostRows} rows` : '',
  ].filter(Boolean);
  const html =
    `<div style="overflow-x:auto"><div style="opacity:0.65;font-size:90%;margin-bottom:3px">${heading.map(escapeMarkup).join(' · ')}</div>` +
    `<table style="margin:0;font-family:${escapeMarkup(monospace)};font-size:12px;border-collapse:collapse"><tbody>${rows.join('')}</tbody></table></div>`;
  return { 'text/html': html, 'text/plain': text };
}
