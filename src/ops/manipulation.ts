/** @file Shapes and places: reshaping, slicing, padding, repeating, looking up. */
import * as p from '../primitives/calls.ts';
import { ArgumentError, DTypeError, ShapeError } from '../tensor/errors.ts';
import { resolveShape } from '../tensor/host.ts';
import { type Shape, formatShape, normalizeAxes, normalizeAxis, shapesEqual, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, ownTensor, scalarLike, toTensor } from './convert.ts';
import { hostTensor } from './host-tensor.ts';
import type { Axis } from './reduction.ts';
import { op } from '../symbolic/op.ts';

/** The same elements in another shape; one dimension may be -1. @example `x.reshape([-1, 28, 28, 1])` */
export const reshape = op('reshape', function reshape(x: TensorLike, shape: Shape): Tensor {
  const value = toTensor(x, 'reshape');
  return p.reshape(value, resolveShape(shape, value.size, 'reshape'));
});

/**
 * The same elements in a tensor of its own: disposing of one leaves the other. Memory is shared.
 *
 * @example `tf.clone([1, 2])` is `[1, 2]`
 */
export const clone = op('clone', function clone(x: TensorLike): Tensor {
  const value = toTensor(x, 'clone');
  return p.reshape(value, value.shape);
});

/** All elements as a vector. @example `tf.flatten([[1, 2], [3, 4]])` is `[1, 2, 3, 4]` */
export const flatten = op('flatten', (x: TensorLike): Tensor => reshape(x, [-1]));

/** A new axis of size 1 at `axis` (negative ones from the end). @example `tf.expandDims([1, 2], 1)` has shape `[2, 1]` */
export const expandDims = op('expandDims', function expandDims(x: TensorLike, axis = 0): Tensor {
  const value = toTensor(x, 'expandDims');
  const at = normalizeAxis(axis, value.rank + 1, 'expandDims');
  return p.reshape(value, value.shape.toSpliced(at, 0, 1));
});

/**
 * Without the axes of size 1 (all of them, or those in `axis`). @throws ShapeError if one has another size.
 *
 * @example `tf.squeeze([[[1], [2]]])` is `[1, 2]`
 */
export const squeeze = op('squeeze', function squeeze(x: TensorLike, axis: Axis = null): Tensor {
  const value = toTensor(x, 'squeeze');
  const axes = normalizeAxes(axis, value.rank, 'squeeze').filter((a) => axis !== null || value.shape[a] === 1);
  const wrong = axes.find((a) => value.shape[a] !== 1);
  if (wrong !== undefined)
    throw new ShapeError(
      `squeeze: axis ${wrong} of shape ${formatShape(value.shape)} has size ${value.shape[wrong]}, not 1.`,
    );
  return p.reshape(
    value,
    value.shape.filter((_, a) => !axes.includes(a)),
  );
});

/**
 * Axes in another order.
 *
 * @param perm Which axis of `x` comes at each place; reversed order by default.
 * @example `x.transpose([0, 2, 1])` swaps rows and columns of a batch of matrices
 */
export const transpose = op('transpose', function transpose(x: TensorLike, perm?: readonly number[] | null): Tensor {
  const value = toTensor(x, 'transpose');
  const permutation = perm
    ? perm.map((axis) => normalizeAxis(axis, value.rank, 'transpose'))
    : value.shape.map((_, axis) => value.rank - 1 - axis);
  if (new Set(permutation).size !== value.rank || permutation.length !== value.rank)
    throw new ArgumentError(
      `transpose: expected each axis of a tensor of rank ${value.rank} once, got ${formatShape(permutation)}.`,
    );
  return p.transpose(value, permutation);
});

/**
 * Repeated along axes of size 1, and along new leading ones, up to `shape`.
 *
 * @example `tf.broadcastTo([1, 2], [2, 2])` is `[[1, 2], [1, 2]]`
 */
export const broadcastTo = op('broadcastTo', (x: TensorLike, shape: Shape): Tensor =>
  p.broadcastTo(toTensor(x, 'broadcastTo'), [...shape]),
);

/**
 * The block of `size` elements from `begin`.
 *
 * @param begin First element on each axis (missing axes start at 0); a number for the first axis alone.
 * @param size How many on each axis; -1 or missing for all the rest.
 * @example `x.slice([1, 0], [2, -1])` is rows 1 and 2
 */
export const slice = op('slice', function slice(x: TensorLike, begin: number | Shape, size?: number | Shape): Tensor {
  const value = toTensor(x, 'slice');
  const first = typeof begin === 'number' ? [begin] : begin;
  const count = size === undefined ? [] : typeof size === 'number' ? [size] : size;
  if (first.length > value.rank || count.length > value.rank)
    throw new ShapeError(
      `slice: begin ${formatShape(first)} and size ${formatShape(count)} have more axes than shape ${formatShape(value.shape)}.`,
    );
  const begins = value.shape.map((_, axis) => first[axis] ?? 0);
  const sizes = value.shape.map((dimension, axis) =>
    (count[axis] ?? -1) === -1 ? dimension - begins[axis] : count[axis],
  );
  value.shape.forEach((dimension, axis) => {
    if (
      !Number.isInteger(begins[axis]) ||
      begins[axis] < 0 ||
      sizes[axis] < 0 ||
      begins[axis] + sizes[axis] > dimension
    )
      throw new ShapeError(
        `slice: begin ${begins[axis]} with size ${sizes[axis]} does not lie within axis ${axis} of shape ${formatShape(value.shape)}.`,
      );
  });
  return p.slice(value, begins, sizes);
});

/**
 * Elements `begin, begin + stride, ...` before `end` on each axis; negative begins and ends count from the end, negative
 * strides go backwards.
 *
 * @param beginMask Bit i set: ignore `begin[i]`, start at the edge.
 * @param endMask Bit i set: ignore `end[i]`, go to the edge.
 * @param ellipsisMask Bit i set: place i stands for as many whole axes as are left over.
 * @param newAxisMask Bit i set: place i makes a new axis of size 1.
 * @param shrinkAxisMask Bit i set: take only `begin[i]` and drop the axis.
 * @example `x.stridedSlice([0], [10], [2])` is every second one of the first ten
 */
export const stridedSlice = op(
  'stridedSlice',
  function stridedSlice(
    x: TensorLike,
    begin: Shape,
    end: Shape,
    strides: Shape = begin.map(() => 1),
    beginMask = 0,
    endMask = 0,
    ellipsisMask = 0,
    newAxisMask = 0,
    shrinkAxisMask = 0,
  ): Tensor {
    const value = toTensor(x, 'stridedSlice');
    const places = begin.length;
    if (end.length !== places || strides.length !== places)
      throw new ArgumentError(
        `stridedSlice: begin, end and strides must have one length, got ${places}, ${end.length} and ${strides.length}.`,
      );
    const has = (mask: number, place: number): boolean => ((mask >> place) & 1) === 1;
    const used = begin.filter((_, place) => !has(ellipsisMask, place) && !has(newAxisMask, place)).length;
    const begins: number[] = [];
    const sizes: number[] = [];
    const steps: number[] = [];
    const backwards: number[] = [];
    const shape: number[] = [];
    const takeWhole = (): void => {
      const size = value.shape[begins.length];
      begins.push(0);
      sizes.push(size);
      steps.push(1);
      shape.push(size);
    };
    for (let place = 0; place < places; place++) {
      if (has(ellipsisMask, place)) {
        for (let left = value.rank - used; left > 0; left--) takeWhole();
      } else if (has(newAxisMask, place)) shape.push(1);
      else {
        const axis = begins.length;
        if (axis >= value.rank)
          throw new ShapeError(
            `stridedSlice: begin ${formatShape(begin)} has more axes than shape ${formatShape(value.shape)}.`,
          );
        const length = value.shape[axis];
        const stride = strides[place];
        if (!Number.isInteger(stride) || stride === 0)
          throw new ArgumentError(`stridedSlice: expected strides other than 0, got ${formatShape(strides)}.`);
        const shrinks = has(shrinkAxisMask, place);
        const fromEnd = (i: number): number => (i < 0 ? i + length : i);
        if (shrinks && (fromEnd(begin[place]) < 0 || fromEnd(begin[place]) >= length))
          throw new ShapeError(
            `stridedSlice: index ${begin[place]} is out of axis ${axis} of shape ${formatShape(value.shape)}.`,
          );
        const [low, high] = stride > 0 ? [0, length] : [-1, length - 1];
        const clamp = (i: number): number => Math.min(Math.max(fromEnd(i), low), high);
        const first = has(beginMask, place) && !shrinks ? (stride > 0 ? low : high) : clamp(begin[place]);
        const last = has(endMask, place) ? (stride > 0 ? high : low) : clamp(end[place]);
        const size = shrinks ? 1 : Math.max(0, Math.ceil((last - first) / stride));
        // A backward walk is the forward one over the same elements, reversed.
        if (stride < 0 && size > 1) backwards.push(axis);
        begins.push(size === 0 ? 0 : stride < 0 ? first + (size - 1) * stride : first);
        sizes.push(size);
        steps.push(Math.abs(stride));
        if (!shrinks) shape.push(size);
      }
    }
    while (begins.length < value.rank) takeWhole();
    const block = p.slice(value, begins, sizes, steps);
    return p.reshape(backwards.length > 0 ? p.reverse(block, backwards) : block, shape);
  },
);

/**
 * Constant padding around a tensor.
 *
 * @param paddings For each axis how many before and after.
 * @param constantValue Default 0; around strings a string, by default the empty one.
 * @example `tf.pad([[1]], [[0, 1], [1, 0]])` is `[[0, 1], [0, 0]]`
 */
export const pad = op(
  'pad',
  function pad(
    x: TensorLike,
    paddings: readonly (readonly [number, number])[],
    constantValue: number | string = 0,
  ): Tensor {
    const value = toTensor(x, 'pad');
    if (paddings.length !== value.rank || paddings.flat().some((n) => !Number.isInteger(n) || n < 0))
      throw new ShapeError(
        `pad: expected ${value.rank} pairs of non-negative integers for shape ${formatShape(value.shape)}, got ${JSON.stringify(paddings)}.`,
      );
    if (typeof constantValue === 'number') return p.pad(value, paddings, constantValue);
    if (value.dtype !== 'string')
      throw new DTypeError(`pad: a tensor of ${value.dtype} cannot be padded with the string "${constantValue}".`);
    // Strings are padded with empty ones; a mask padded alike tells which those are.
    const isOwn = p.pad(p.broadcastTo(toTensor(true, 'pad'), value.shape), paddings, 0);
    return p.select(isOwn, p.pad(value, paddings, 0), toTensor(constantValue, 'pad'));
  },
);

/**
 * One tensor less in rank for each index along `axis`.
 *
 * @example `tf.unstack([[1, 2], [3, 4]])` is `[[1, 2], [3, 4]]`
 */
export const unstack = op('unstack', function unstack(x: TensorLike, axis = 0): Tensor[] {
  const value = toTensor(x, 'unstack');
  const at = normalizeAxis(axis, value.rank, 'unstack');
  const shape = value.shape.toSpliced(at, 1);
  return split(value, value.shape[at], at).map((part) => p.reshape(part, shape));
});

/**
 * Parts along `axis`.
 *
 * @param numOrSizeSplits How many equal parts, or the size of each part (one may be -1 for the rest).
 * @example `tf.split([1, 2, 3, 4], 2)` is `[[1, 2], [3, 4]]`
 */
export const split = op(
  'split',
  function split(x: TensorLike, numOrSizeSplits: number | readonly number[], axis = 0): Tensor[] {
    const value = toTensor(x, 'split');
    const at = normalizeAxis(axis, value.rank, 'split');
    const length = value.shape[at];
    if (typeof numOrSizeSplits === 'number' && (numOrSizeSplits < 0 || length % numOrSizeSplits !== 0) && length > 0)
      throw new ShapeError(
        `split: axis ${at} of shape ${formatShape(value.shape)} does not split into ${numOrSizeSplits} equal parts.`,
      );
    const sizes =
      typeof numOrSizeSplits === 'number'
        ? new Array<number>(numOrSizeSplits).fill(length / numOrSizeSplits)
        : numOrSizeSplits.map((size, _, all) =>
            size === -1 ? length - all.reduce((total, other) => total + Math.max(other, 0), 0) : size,
          );
    if (sizes.reduce((total, size) => total + size, 0) !== length)
      throw new ShapeError(
        `split: sizes ${formatShape(sizes)} do not add up to ${length}, axis ${at} of shape ${formatShape(value.shape)}.`,
      );
    let offset = 0;
    return sizes.map((size) => {
      const part = p.slice(
        value,
        value.shape.map((_, a) => (a === at ? offset : 0)),
        value.shape.with(at, size),
      );
      offset += size;
      return part;
    });
  },
);

/** `reps[i]` copies one after another along axis i. @example `tf.tile([1, 2], [2])` is `[1, 2, 1, 2]` */
export const tile = op('tile', function tile(x: TensorLike, reps: Shape): Tensor {
  const value = toTensor(x, 'tile');
  if (reps.length !== value.rank || reps.some((count) => !Number.isInteger(count) || count < 0))
    throw new ShapeError(
      `tile: expected ${value.rank} whole numbers of at least 0 for shape ${formatShape(value.shape)}, got ${formatShape(reps)}.`,
    );
  const paired = value.shape.flatMap((dimension) => [1, dimension]);
  const repeated = value.shape.flatMap((dimension, axis) => [reps[axis], dimension]);
  return p.reshape(
    p.broadcastTo(p.reshape(value, paired), repeated),
    value.shape.map((dimension, axis) => dimension * reps[axis]),
  );
});

/**
 * Elements in the opposite order along `axis` (all axes by default).
 *
 * @example `tf.reverse([[1, 2], [3, 4]], 0)` is `[[3, 4], [1, 2]]`
 */
export const reverse = op('reverse', function reverse(x: TensorLike, axis: Axis = null): Tensor {
  const value = toTensor(x, 'reverse');
  const axes = normalizeAxes(axis, value.rank, 'reverse');
  return axes.length > 0 ? p.reverse(value, axes) : ownTensor(value, x);
});

/**
 * Slices of `x` at `indices` along `axis`.
 *
 * @param indices Integers of any shape, from 0 to the axis' size minus 1.
 * @param axis By default the first one after the batch.
 * @param batchDims How many leading axes both have in common: indices are looked up in the slices of their own batch.
 * @returns Shape `x.shape[..axis] + indices.shape[batchDims..] + x.shape[axis+1..]`.
 * @example `tf.gather([10, 20, 30], [2, 0])` is `[30, 10]`
 */
export const gather = op(
  'gather',
  function gather(x: TensorLike, indices: TensorLike, axis?: number | null, batchDims = 0): Tensor {
    const value = toTensor(x, 'gather');
    const places = p.cast(toTensor(indices, 'gather', 'int32'), 'int32');
    const shared = batchDims < 0 ? batchDims + places.rank : batchDims;
    const at = normalizeAxis(axis ?? shared, value.rank, 'gather');
    if (shared === 0) return p.gather(value, places, at);
    const batch = value.shape.slice(0, shared);
    if (shared > at || !shapesEqual(places.shape.slice(0, shared), batch))
      throw new ShapeError(
        `gather: with ${shared} batch axes, x of shape ${formatShape(value.shape)} and indices of shape ${formatShape(places.shape)} must ` +
          `agree in those, and axis ${at} come after them.`,
      );
    return gatherInBatches(value, places, at, shared);
  },
);

/** The batch and the axis made one, in which each batch's indices begin later. */
function gatherInBatches(x: Tensor, indices: Tensor, axis: number, shared: number): Tensor {
  const [batch, between, after] = [x.shape.slice(0, shared), x.shape.slice(shared, axis), x.shape.slice(axis + 1)];
  const rows = sizeOf(batch);
  const length = x.shape[axis];
  const order = x.shape.map((_, a) => a);
  const front = [...order.slice(0, shared), axis, ...order.slice(shared, axis), ...order.slice(axis + 1)];
  const flat = p.reshape(p.transpose(x, front), [rows * length, ...between, ...after]);
  const inner = indices.shape.slice(shared);
  const starts = hostTensor(
    Array.from({ length: rows }, (_, i) => i * length),
    [...batch, ...inner.map(() => 1)],
  );
  // An index out of its own batch's range must not fall into the next one's.
  const limit = scalarLike(length, indices);
  const inside = p.logicalAnd(p.greaterEqual(indices, scalarLike(0, indices)), p.less(indices, limit));
  const places = p.select(inside, p.add(indices, starts), scalarLike(rows * length, indices));
  const taken = p.gather(flat, places, 0);
  const count = inner.length;
  const back = taken.shape.map((_, a) => a);
  const restored = [
    ...back.slice(0, shared),
    ...back.slice(shared + count, shared + count + between.length),
    ...back.slice(shared, shared + count),
    ...back.slice(shared + count + between.length),
  ];
  return p.transpose(taken, restored);
}

/**
 * For each place the element of `x` at `indices` along `axis`, as numpy's `take_along_axis`.
 *
 * @param indices Integers of the rank of `x`; other axes have the sizes of `x`.
 * @example `tf.gatherAlong([[5, 3], [2, 8]], [[1], [0]], 1)` is `[[3], [2]]`
 */
export const gatherAlong = op(
  'gatherAlong',
  function gatherAlong(x: TensorLike, indices: TensorLike, axis = -1): Tensor {
    const value = toTensor(x, 'gatherAlong');
    const at = normalizeAxis(axis, value.rank, 'gatherAlong');
    return p.gatherAlong(value, p.cast(toTensor(indices, 'gatherAlong', 'int32'), 'int32'), at);
  },
);
