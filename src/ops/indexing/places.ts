/** @file What `x.at(...)` takes: numbers, spans, new axes, the ellipsis, lists of places and masks, read for one shape. */
import { ArgumentError, DTypeError, ShapeError, TraceError } from '../../tensor/errors.ts';
import { isInteger } from '../../tensor/dtype.ts';
import { type NestedArray, readHostValues, toNumbers } from '../../tensor/host.ts';
import { type Shape, formatShape, shapesEqual, stridesOf } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { Variable } from '../../tensor/variable.ts';

/** Elements `start, start + step, ...` before `stop` of an axis; what is left out is the edge. Made by {@link span}. */
export class Span {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number;

  constructor(start: number | null, stop: number | null, step: number) {
    for (const [name, value] of Object.entries({ start, stop, step }))
      if (value !== null && !Number.isInteger(value))
        throw new ArgumentError(`span: ${name} must be a whole number or null, got ${value}.`);
    if (step === 0) throw new ArgumentError('span: step must not be 0; it is 1 where it is left out.');
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

/**
 * A span of an axis for `x.at(...)`, as Python's `slice(start, stop, step)`: negative numbers count from the end, bounds
 * beyond the axis stop at its edge, a negative step walks backwards.
 *
 * @param start The first place; null is the edge where the walk begins.
 * @param stop The place before which it ends; null is the other edge.
 * @param step By default 1.
 * @throws ArgumentError for fractions and a step of 0
 * @example `x.at(tf.span(1, n - 1))` is `x.at('1:-1')`
 */
export const span = (start: number | null = null, stop: number | null = null, step: number | null = 1): Span =>
  new Span(start, stop, step ?? 1);

/** In `x.at(...)`: a new axis of size 1, as numpy's `newaxis`. @example `x.at(':', tf.newAxis)` */
export const newAxis = null;

/** A span as Python writes it: `'1:3'`, `'::-1'`, `':'`. */
export type SpanText = `${string}:${string}`;

/**
 * One index of `x.at(...)`: a place, a span, `'...'`, a new axis, a list of places, or a mask (booleans, which stand for as
 * many axes as they have).
 */
export type Index = number | bigint | Span | SpanText | '...' | null | Tensor | Variable | NestedArray;

/** Places along axes as integers: known now, or only when a traced function is called. */
export type Places = { readonly shape: Shape; readonly known: Int32Array } | { readonly symbolic: Tensor };

/** One index of a call, bound to the axis it is for. */
export type AxisIndex =
  | { readonly kind: 'new' }
  | {
      readonly kind: 'span';
      readonly axis: number;
      readonly begin: number;
      readonly size: number;
      readonly step: number;
    }
  | { readonly kind: 'place'; readonly axis: number; readonly place: number }
  | { readonly kind: 'places'; readonly axis: number; readonly places: Places };

const spanForm = /^\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(-?\d+)?\s*)?$/;

function readSpan(text: string, operation: string): Span {
  const parts = spanForm.exec(text);
  if (!parts)
    throw new ArgumentError(
      `${operation}: '${text}' is no index; text is a span such as '1:3', '::2' or '::-1', or '...' for all axes left.`,
    );
  const [start, stop, step] = parts.slice(1).map((part) => (part === undefined ? null : Number(part)));
  return new Span(start, stop, step ?? 1);
}

/** Lists and tensors: integers are places, booleans a mask. */
interface ArrayIndex {
  readonly isMask: boolean;
  readonly shape: Shape;
  /** Null where they are known only when a traced function is called. */
  readonly numbers: ArrayLike<number> | null;
  readonly tensor: Tensor | null;
}

function readArray(index: Tensor | Variable | NestedArray, operation: string): ArrayIndex {
  const tensor = index instanceof Variable ? index.read() : index instanceof Tensor ? index : null;
  if (tensor) {
    const { dtype, shape, isSymbolic } = tensor;
    if (dtype !== 'bool' && !isInteger(dtype))
      throw new DTypeError(
        `${operation}: a tensor of places must be of an integer dtype or bool (a mask), got ${dtype} ${formatShape(shape)}; use x.cast('int32').`,
      );
    return {
      isMask: dtype === 'bool',
      shape,
      tensor,
      numbers: isSymbolic ? null : toNumbers(tensor.dataSync(), dtype),
    };
  }
  const { values, shape, dtype } = readHostValues(index as NestedArray, operation);
  const numbers = Array.from(values as ArrayLike<number>, Number);
  const fraction = numbers.find((place) => !Number.isInteger(place));
  if (fraction !== undefined) throw new ArgumentError(`${operation}: places are whole numbers, got ${fraction}.`);
  return { isMask: dtype === 'bool', shape, numbers, tensor: null };
}

function placeOn(axis: number, shape: Shape, place: number, operation: string): number {
  const length = shape[axis];
  if (!Number.isInteger(place)) throw new ArgumentError(`${operation}: places are whole numbers, got ${place}.`);
  if (place < -length || place >= length)
    throw new ShapeError(
      `${operation}: place ${place} is out of axis ${axis} of shape ${formatShape(shape)}; ` +
        (length === 0 ? 'the axis has no elements.' : `expected ${-length} to ${length - 1}.`),
    );
  return place < 0 ? place + length : place;
}

/** Python's rule for the bounds of a slice. */
function spanOn(axis: number, length: number, { start, stop, step }: Span): AxisIndex {
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const clamp = (bound: number): number => Math.min(Math.max(bound < 0 ? bound + length : bound, low), high);
  const begin = start === null ? (step > 0 ? low : high) : clamp(start);
  const end = stop === null ? (step > 0 ? high : low) : clamp(stop);
  return { kind: 'span', axis, begin, size: Math.max(0, Math.ceil((end - begin) / step)), step };
}

/** Where a mask is true: for each of its axes the places, row-major. */
function placesOfMask(mask: ArrayIndex, axis: number, shape: Shape, operation: string): AxisIndex[] {
  const covered = shape.slice(axis, axis + mask.shape.length);
  if (!shapesEqual(covered, mask.shape))
    throw new ShapeError(
      `${operation}: a mask of shape ${formatShape(mask.shape)} does not fit axes ${axis} and on of shape ${formatShape(shape)}; ` +
        `it must have the sizes ${formatShape(covered)}.`,
    );
  const { numbers } = mask;
  if (!numbers)
    throw new TraceError(
      `${operation}: how many elements a mask takes is not known inside tf.function; use tf.where(mask, x, other) there, ` +
        `or take the elements outside of the function.`,
    );
  const hits: number[] = [];
  for (let i = 0; i < numbers.length; i++) if (numbers[i]) hits.push(i);
  return stridesOf(mask.shape).map((stride, i) => ({
    kind: 'places',
    axis: axis + i,
    places: {
      shape: [hits.length],
      known: Int32Array.from(hits, (hit) => Math.floor(hit / stride) % mask.shape[i]),
    },
  }));
}

const isArrayIndex = (index: Index): index is Tensor | Variable | NestedArray =>
  index instanceof Tensor ||
  index instanceof Variable ||
  (typeof index === 'object' && index !== null && !(index instanceof Span));

/** Each index with its axis; axes that none is for are whole spans. @throws ArgumentError, ShapeError, DTypeError, TraceError */
export function readIndices(shape: Shape, indices: readonly Index[], operation: string): AxisIndex[] {
  const read = indices.map((index) => (isArrayIndex(index) ? readArray(index, operation) : index));
  const axesOf = (index: (typeof read)[number]): number =>
    index === null || index === '...'
      ? 0
      : typeof index === 'object' && 'isMask' in index && index.isMask
        ? index.shape.length
        : 1;
  const used = read.reduce<number>((count, index) => count + axesOf(index), 0);
  if (used > shape.length)
    throw new ShapeError(
      `${operation}: ${used} axes are indexed, but shape ${formatShape(shape)} has ${shape.length}; a new axis is tf.newAxis.`,
    );
  if (read.filter((index) => index === '...').length > 1)
    throw new ArgumentError(`${operation}: '...' may stand only once, as it stands for all axes left.`);

  const result: AxisIndex[] = [];
  let axis = 0;
  const takeWhole = (count: number): void => {
    for (; count > 0; count--, axis++) result.push({ kind: 'span', axis, begin: 0, size: shape[axis], step: 1 });
  };
  for (const index of read) {
    if (index === null) result.push({ kind: 'new' });
    else if (index === '...') takeWhole(shape.length - used);
    else if (typeof index === 'string') result.push(spanOn(axis, shape[axis++], readSpan(index, operation)));
    else if (index instanceof Span) result.push(spanOn(axis, shape[axis++], index));
    else if (typeof index === 'number' || typeof index === 'bigint')
      result.push({ kind: 'place', axis, place: placeOn(axis++, shape, Number(index), operation) });
    else if (typeof index === 'object' && 'isMask' in index) {
      if (index.isMask && index.shape.length > 0) {
        result.push(...placesOfMask(index, axis, shape, operation));
        axis += index.shape.length;
      } else if (index.isMask)
        throw new ArgumentError(`${operation}: true and false alone are no index; a mask has the axes that it is for.`);
      else {
        const { numbers, tensor } = index;
        const at = axis++;
        const places: Places = numbers
          ? { shape: index.shape, known: Int32Array.from(numbers, (place) => placeOn(at, shape, place, operation)) }
          : { symbolic: tensor as Tensor };
        result.push({ kind: 'places', axis: at, places });
      }
    } else
      throw new ArgumentError(
        `${operation}: ${String(index)} is no index; expected a whole number, a span ('1:3', tf.span(1, 3)), '...', tf.newAxis, ` +
          `places or a mask.`,
      );
  }
  takeWhole(shape.length - axis);
  return result;
}
