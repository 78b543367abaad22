/** @file Shapes: sizes, strides, broadcasting and axes. */
import { ArgumentError, ShapeError } from './errors.ts';

/** Dimensions, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** A shape in which null stands for a size that is not known yet, such as the batch's. */
export type PartialShape = readonly (number | null)[];

export const sizeOf = (shape: Shape): number => shape.reduce((product, dimension) => product * dimension, 1);

export const formatShape = (shape: PartialShape): string => `[${shape.map((d) => d ?? '?').join(', ')}]`;

export const shapesEqual = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((dimension, i) => dimension === b[i]);

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  for (let axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** The shape two operands broadcast to, by numpy's rule. @throws ShapeError where they do not fit. */
export function broadcastShapes(a: Shape, b: Shape, operation = 'broadcast'): number[] {
  const rank = Math.max(a.length, b.length);
  const result = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const da = a[a.length - i] ?? 1;
    const db = b[b.length - i] ?? 1;
    if (da !== db && da !== 1 && db !== 1)
      throw new ShapeError(
        `${operation}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast: ` +
          `dimension ${-i} is ${da} in the first and ${db} in the second; they must be equal, or one of them 1.`,
      );
    result[rank - i] = da === 1 ? db : da;
  }
  return result;
}

/** Axes of `from` to sum over so that a gradient of broadcast shape `from` falls back to shape `to`. */
export function broadcastAxes(from: Shape, to: Shape): number[] {
  const offset = from.length - to.length;
  return from.flatMap((dimension, axis) =>
    axis < offset || (to[axis - offset] === 1 && dimension !== 1) ? [axis] : [],
  );
}

/** A non-negative axis from one that may count from the end. @throws ArgumentError out of range. */
export function normalizeAxis(axis: number, rank: number, operation: string): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
    throw new ArgumentError(
      `${operation}: axis ${axis} is out of range for a tensor of rank ${rank}; expected an integer from ${-rank} to ${rank - 1}.`,
    );
  return axis < 0 ? axis + rank : axis;
}

/** Sorted, distinct, non-negative axes; all of them where `axes` is left out or null. */
export function normalizeAxes(
  axes: number | readonly number[] | null | undefined,
  rank: number,
  operation: string,
): number[] {
  if (axes === null || axes === undefined) return Array.from({ length: rank }, (_, i) => i);
  const list = (typeof axes === 'number' ? [axes] : axes).map((axis) => normalizeAxis(axis, rank, operation));
  return [...new Set(list)].sort((a, b) => a - b);
}

/** The shape left after a reduction over (normalised) `axes`. */
export const reducedShape = (shape: Shape, axes: readonly number[], keepDims: boolean): number[] =>
  keepDims
    ? shape.map((dimension, axis) => (axes.includes(axis) ? 1 : dimension))
    : shape.filter((_, axis) => !axes.includes(axis));
