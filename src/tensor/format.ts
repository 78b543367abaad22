/** @file Tensors as text: aligned numbers, the middle of long axes left out. */
import type { DType, TypedArray } from './dtype.ts';
import { fromFloat16Bits } from './float16.ts';
import { printOptions } from './print-options.ts';
import { formatShape, stridesOf } from './shape.ts';
import type { Tensor } from './tensor.ts';

/** How the axes of large tensors are cut: those longer than `longest`, to `edge` elements at each end. */
interface Cut {
  readonly longest: number;
  readonly edge: number;
}
/** The first of these that leaves few elements is taken: tensors of many short axes are cut as well. */
const cutsFor = (edge: number): readonly Cut[] => [
  { longest: Math.max(20, 2 * edge), edge },
  { longest: 2 * edge, edge },
  ...(edge > 2 ? [{ longest: 4, edge: 2 }] : []),
  { longest: 2, edge: 1 },
  { longest: 1, edge: 1 },
];

function formatElement(value: number | bigint | string, dtype: DType): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (dtype === 'bool') return value ? 'true' : 'false';
  if (typeof value === 'bigint' || Number.isInteger(value)) return String(value);
  if (!Number.isFinite(value)) return String(value);
  return String(Number(value.toPrecision(printOptions().precision)));
}

/** As mathematics writes it: `1-2i`. */
export function formatComplex(re: number, im: number): string {
  const imaginary = formatElement(im, 'float32');
  return `${formatElement(re, 'float32')}${/^[-]/.test(imaginary) ? '' : '+'}${imaginary}i`;
}

/** The places along an axis that are shown; null stands for those left out. */
function shownPlaces(length: number, cut: Cut | null): (number | null)[] {
  if (cut === null || length <= cut.longest) return Array.from({ length }, (_, i) => i);
  if (cut.longest === 1) return [0, null];
  const ends = Array.from({ length: cut.edge }, (_, i) => i);
  return [...ends, null, ...ends.map((i) => length - cut.edge + i)];
}

function cutOf(shape: readonly number[]): Cut | null {
  // Axes without elements have rows all the same.
  const { threshold, edgeItems } = printOptions();
  if (shape.reduce((size, length) => size * Math.max(1, length), 1) <= threshold) return null;
  const cuts = cutsFor(edgeItems);
  const shown = ({ longest, edge }: Cut): number =>
    shape.reduce((count, length) => count * (length <= longest ? length : Math.min(longest, 2 * edge)), 1);
  return cuts.find((cut) => shown(cut) <= threshold) ?? cuts[cuts.length - 1];
}

/**
 * The elements in brackets, one line a row, columns aligned to the right; strings in quotes, aligned to the left.
 * @param summarize how many elements at the ends of an axis are shown; by the tensor's size where it is left out
 */
export function formatElements(
  data: TypedArray | readonly string[],
  dtype: DType,
  shape: readonly number[],
  indent = '',
  summarize: number | null = null,
): string {
  const strides = stridesOf(shape);
  const cut = summarize === null ? cutOf(shape) : { longest: Math.max(1, 2 * summarize), edge: summarize };
  const isComplex = dtype === 'complex64';
  const places = shape.map((length) => shownPlaces(length, cut));
  const text = (offset: number): string => {
    if (isComplex) return formatComplex(data[2 * offset] as number, data[2 * offset + 1] as number);
    const element = data[offset];
    return formatElement(dtype === 'float16' ? fromFloat16Bits(element as number) : element, dtype);
  };
  let width = 0;
  const measure = (axis: number, offset: number): void => {
    if (axis === shape.length) width = Math.max(width, text(offset).length);
    else for (const place of places[axis]) if (place !== null) measure(axis + 1, offset + place * strides[axis]);
  };
  measure(0, 0);
  const build = (axis: number, offset: number, margin: string): string => {
    if (axis === shape.length) {
      const written = text(offset);
      if (shape.length <= 1) return written;
      return dtype === 'string' ? written.padEnd(width) : written.padStart(width);
    }
    const parts = places[axis].map((place) =>
      place === null ? '...' : build(axis + 1, offset + place * strides[axis], `${margin} `),
    );
    const isRow = axis === shape.length - 1;
    const gap = '\n'.repeat(shape.length - 1 - axis);
    return `[${parts.join(isRow ? ', ' : `,${gap}${margin} `)}]`;
  };
  return build(0, 0, indent);
}

/** A tensor as TensorFlow.js prints it; `verbose` adds dtype, rank and shape. */
export function formatTensor(x: Tensor, verbose = false): string {
  const facts = `${x.dtype} ${formatShape(x.shape)}`;
  if (x.isDisposed) return `Tensor (disposed, ${facts})`;
  if (x.isSymbolic) return `Tensor (symbolic, ${facts})`;
  const elements = formatElements(x.dataSync(), x.dtype, x.shape, '    ');
  return `${formatFacts(x.dtype, x.shape, verbose)}\n    ${elements}`;
}

/** What stands above the elements. */
export const formatFacts = (dtype: DType, shape: readonly number[], verbose: boolean): string =>
  (verbose
    ? ['Tensor', `  dtype: ${dtype}`, `  rank: ${shape.length}`, `  shape: ${formatShape(shape)}`, '  values:']
    : ['Tensor']
  ).join('\n');
