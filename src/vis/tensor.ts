/** @file Tensors and variables show themselves: as text, up to rank 2 as a table whose cells are coloured by value, images as such. */
import { type MimeBundle, displaySymbol, elementsSymbol } from '../display.ts';
import { formatComplex, formatElements, formatTensor } from '../tensor/format.ts';
import { decodeText, stringsOf } from '../tensor/string-storage.ts';
import { ComplexTensor } from '../tensor/complex.ts';
import { type DType, isFloating } from '../tensor/dtype.ts';
import { toNumbers } from '../tensor/host.ts';
import { formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { escapeMarkup } from './markup.ts';
import { extent } from './numbers.ts';
import { formatCount, formatShort } from './number-text.ts';
import { monospace } from './palette.ts';
import { imageView, looksLikeImage } from './tensor-image.ts';

declare module '../tensor/tensor.ts' {
  interface Tensor {
    /** Shows the values in a notebook. */
    [displaySymbol](): MimeBundle;
    /** The first elements, for a debugger. */
    [elementsSymbol](count: number): ArrayLike<number | bigint | string>;
  }
}
declare module '../tensor/variable.ts' {
  interface Variable {
    /** Shows the name and the values in a notebook. */
    [displaySymbol](): MimeBundle;
  }
}

Tensor.prototype[displaySymbol] = function (this: Tensor): MimeBundle {
  return showTensor(this);
};
Tensor.prototype[elementsSymbol] = function (this: Tensor, count): ArrayLike<number | bigint | string> {
  if (this instanceof ComplexTensor) {
    const [re, im] = [this.re, this.im].map((part) => part.storage.readSync(count) as Float32Array);
    return Array.from({ length: Math.min(count, this.size) }, (_, i) => formatComplex(re[i], im[i]));
  }
  if (this.dtype === 'string') return stringsOf(this.storage).slice(0, count).map(decodeText);
  const first = this.storage.readSync(count);
  return this.dtype === 'float16' ? toNumbers(first, this.dtype) : first;
};
Variable.prototype[displaySymbol] = function (this: Variable): MimeBundle {
  const kind = `Variable ${this.name}${this.trainable ? '' : ' (not trainable)'}`;
  return showTensor(this.value, kind);
};

/** The bundle of a tensor. `kind` is what it is called. */
export function showTensor(tensor: Tensor, kind = 'Tensor'): MimeBundle {
  if (tensor.isDisposed || tensor.isSymbolic) return { 'text/plain': formatTensor(tensor) };
  const data = tensor.dataSync();
  const facts = `${tensor.dtype} ${formatShape(tensor.shape)}`;
  const text = `${kind} ${facts}\n${formatElements(data, tensor.dtype, tensor.shape)}`;
  if (tensor.dtype === 'string') return showStrings(tensor, `${kind} ${facts}`, text);
  if (looksLikeImage(tensor)) return { 'text/html': imageView(tensor, `${kind} ${facts}`, text), 'text/plain': text };
  if (tensor.dtype === 'complex64' || (tensor.rank !== 1 && tensor.rank !== 2)) return { 'text/plain': text };
  const values = toNumbers(data, tensor.dtype);
  return { 'text/html': heatTable(values, tensor.dtype, tensor.shape, `${kind} ${facts}`), 'text/plain': text };
}

/** Strings up to rank 2 as a table. */
function showStrings(tensor: Tensor, heading: string, text: string): MimeBundle {
  if (tensor.rank !== 1 && tensor.rank !== 2) return { 'text/plain': text };
  const [height, width] = tensor.rank === 1 ? [1, tensor.shape[0]] : tensor.shape;
  const strings = tensor.dataSync<string[]>();
  const html = elementTable(
    [height, width],
    (place) =>
      `<td style="text-align:left;padding:2px 8px;white-space:pre">${escapeMarkup(cutText(strings[place]))}</td>`,
    [heading, strings.length > mostRows * mostColumns ? `${formatCount(strings.length)} values` : ''],
  );
  return { 'text/html': html, 'text/plain': text };
}

const longestText = 60;
const cutText = (value: string): string =>
  value.length <= longestText ? value : `${value.slice(0, longestText - 1)}…`;

/** An axis is cut in the middle where it is longer than this. */
const mostRows = 10;
const mostColumns = 10;

/** Blue for what is above zero, orange for what is below, as strong as the value is large; text keeps the page's colour. */
function heatTable(values: ArrayLike<number>, dtype: DType, shape: readonly number[], heading: string): string {
  const [height, width] = shape.length === 1 ? [1, shape[0]] : shape;
  const [low, high] = extent(values);
  const largest = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const cell = (value: number): string => {
    const strength = Number.isFinite(value) ? Math.round((Math.abs(value) / largest) * 50) / 100 : 0;
    const color = strength === 0 ? '' : `;background:rgba(${value > 0 ? '47,126,216' : '240,128,60'},${strength})`;
    const text = dtype === 'bool' ? String(value !== 0) : isFloating(dtype) ? formatShort(value, 4) : String(value);
    return `<td style="text-align:right;padding:2px 8px${color}">${escapeMarkup(text)}</td>`;
  };
  const hidden =
    values.length -
    shownPlaces(height, mostRows).filter(isPlace).length * shownPlaces(width, mostColumns).filter(isPlace).length;
  const range = values.length > 0 && dtype !== 'bool' ? `from ${formatShort(low, 4)} to ${formatShort(high, 4)}` : '';
  return elementTable([height, width], (place) => cell(values[place]), [
    heading,
    hidden > 0 ? `${formatCount(values.length)} values` : '',
    hidden > 0 ? range : '',
  ]);
}

const isPlace = (place: number | null): place is number => place !== null;

/** A table with a cell for each element that is shown, and a line above it. */
function elementTable(
  [height, width]: readonly [number, number],
  cell: (place: number) => string,
  notes: readonly string[],
): string {
  const gap = '<td style="text-align:center;padding:2px 6px;opacity:0.6">…</td>';
  const columns = shownPlaces(width, mostColumns);
  const rows = shownPlaces(height, mostRows).map((row) => {
    const cells = columns.map((column) => (row === null || column === null ? gap : cell(row * width + column)));
    // A row of its own colour would mix with the cells' colours: front ends stripe the rows of tables.
    return `<tr style="background:none">${cells.join('')}</tr>`;
  });
  return (
    `<div style="overflow-x:auto"><div style="opacity:0.65;font-size:90%;margin-bottom:3px">${notes.filter(Boolean).map(escapeMarkup).join(' · ')}</div>` +
    `<table style="margin:0;font-family:${escapeMarkup(monospace)};font-size:12px;border-collapse:collapse"><tbody>${rows.join('')}</tbody></table></div>`
  );
}

/** The places along an axis that are shown; null stands for those left out. */
function shownPlaces(length: number, most: number): (number | null)[] {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  const half = most / 2;
  return [
    ...Array.from({ length: half }, (_, i) => i),
    null,
    ...Array.from({ length: half }, (_, i) => length - half + i),
  ];
}
