/** @file Slices at indices of several axes: taken, written, added, compared. */
import * as p from '../primitives/calls.ts';
import { DTypeError, ShapeError } from '../tensor/errors.ts';
import { toNumbers } from '../tensor/host.ts';
import { type Shape, formatShape, shapesEqual, sizeOf, stridesOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, scalarLike, toPair, toTensor } from './convert.ts';
import { hostTensor } from './host-tensor.ts';
import { op } from '../symbolic/op.ts';

/** @throws ShapeError where an index that is known lies outside; a trace leaves it to the engine. */
function checkRange(indices: Tensor, outer: Shape, shape: Shape, operation: string): void {
  if (indices.isSymbolic) return;
  const values = toNumbers(indices.dataSync(), 'int32');
  for (let i = 0; i < values.length; i++) {
    const dimension = outer[i % outer.length];
    if (values[i] < 0 || values[i] >= dimension)
      throw new ShapeError(
        `${operation}: index ${values[i]} is out of axis ${i % outer.length} of shape ${formatShape(shape)}; expected 0 to ${dimension - 1}.`,
      );
  }
}

/**
 * Indices [..., k] of the first k axes of a shape as places in those axes made one, int32 of rank 1; indices that lie outside become
 * a place beyond all others, which engines refuse.
 */
function flatPlaces(
  indices: TensorLike,
  shape: Shape,
  operation: string,
): { places: Tensor; batch: Shape; inner: Shape } {
  const value = p.cast(toTensor(indices, operation, 'int32'), 'int32');
  const depth = value.shape[value.rank - 1];
  if (value.rank === 0 || depth > shape.length)
    throw new ShapeError(
      `${operation}: indices of shape ${formatShape(value.shape)} must have along the last axis as many numbers as they name axes of ` +
        `shape ${formatShape(shape)}, ${shape.length} at most.`,
    );
  const outer = shape.slice(0, depth);
  const batch = value.shape.slice(0, -1);
  const inner = shape.slice(depth);
  const rows = sizeOf(batch);
  if (depth === 0) return { places: hostTensor(new Array<number>(rows).fill(0)), batch, inner };
  checkRange(value, outer, shape, operation);
  const flat = p.reshape(value, [rows, depth]);
  const limits = hostTensor(outer);
  const inside = p.logicalAnd(p.greaterEqual(flat, scalarLike(0, flat)), p.less(flat, limits));
  const wrong = p.sum(p.cast(p.logicalNot(inside), 'int32'), -1);
  const places = p.sum(p.mul(flat, hostTensor(stridesOf(outer))), -1);
  const isInside = p.equal(wrong, scalarLike(0, wrong));
  return { places: p.select(isInside, places, scalarLike(sizeOf(outer), places)), batch, inner };
}

/** Axes before `inner` made one. */
const asRows = (x: Tensor, inner: Shape): Tensor =>
  p.reshape(x, [sizeOf(x.shape.slice(0, x.rank - inner.length)), ...inner]);

/**
 * The slices of `x` at indices of its first axes.
 *
 * @param indices Integers `[..., k]`, k at most the rank of `x`.
 * @returns Shape `indices.shape[..-1] + x.shape[k..]`.
 * @throws ShapeError for an index out of range
 * @example `tf.gatherND([[1, 2], [3, 4]], [[0, 1], [1, 0]])` is `[2, 3]`
 */
export const gatherND = op('gatherND', function gatherND(x: TensorLike, indices: TensorLike): Tensor {
  const value = toTensor(x, 'gatherND');
  const { places, batch, inner } = flatPlaces(indices, value.shape, 'gatherND');
  return p.reshape(p.gather(asRows(value, inner), places, 0), [...batch, ...inner]);
});

function toRows(updates: Tensor, batch: Shape, inner: Shape, operation: string): Tensor {
  if (!shapesEqual(updates.shape, [...batch, ...inner]))
    throw new ShapeError(
      `${operation}: expected updates of shape ${formatShape([...batch, ...inner])}, got ${formatShape(updates.shape)}.`,
    );
  return asRows(updates, inner);
}

/**
 * A tensor of zeros with updates added to the slices at indices; several for one place add up.
 *
 * @param indices Integers `[..., k]`.
 * @param updates `indices.shape[..-1] + shape[k..]`
 * @example `tf.scatterND([[1], [3], [1]], [10, 20, 30], [4])` is `[0, 40, 0, 20]`
 */
export const scatterND = op(
  'scatterND',
  function scatterND(indices: TensorLike, updates: TensorLike, shape: Shape): Tensor {
    const { places, batch, inner } = flatPlaces(indices, shape, 'scatterND');
    const given = toTensor(updates, 'scatterND');
    const rows = toRows(given, batch, inner, 'scatterND');
    const outer = sizeOf(shape.slice(0, shape.length - inner.length));
    if (given.dtype === 'string') {
      const empty = p.broadcastTo(toTensor('', 'scatterND', 'string'), [outer, ...inner]);
      return p.reshape(p.scatterReduce(empty, places, rows, 'set'), shape);
    }
    if (given.dtype !== 'bool') return p.reshape(p.scatterAdd(rows, places, 0, outer), shape);
    const counted = p.scatterAdd(p.cast(rows, 'int32'), places, 0, outer);
    return p.reshape(p.cast(counted, 'bool'), shape);
  },
);

type Join = (x: Tensor, places: Tensor, updates: Tensor) => Tensor;
function tensorScatter(
  operation: string,
  join: Join,
): (x: TensorLike, indices: TensorLike, updates: TensorLike) => Tensor {
  return (x, indices, updates) => {
    const given = toTensor(x, operation);
    const [value, news] = toPair(given, updates, operation);
    if (value.dtype !== given.dtype)
      throw new DTypeError(
        `${operation}: updates of ${news.dtype} do not fit a tensor of ${given.dtype}; use tf.cast() on one of them.`,
      );
    const { places, batch, inner } = flatPlaces(indices, value.shape, operation);
    return p.reshape(join(asRows(value, inner), places, toRows(news, batch, inner, operation)), value.shape);
  };
}
const added: Join = (x, places, updates) => p.add(x, p.scatterAdd(updates, places, 0, x.shape[0]));
const subtracted: Join = (x, places, updates) => p.sub(x, p.scatterAdd(updates, places, 0, x.shape[0]));
const reduced =
  (reduction: 'set' | 'mul' | 'min' | 'max'): Join =>
  (x, places, updates) =>
    p.scatterReduce(x, places, updates, reduction);

/**
 * `x` with the slices at `indices` replaced by `updates`. Of several for one place any may stay.
 *
 * @param indices Integers `[..., k]`, of the first k axes.
 * @param updates `indices.shape[..-1] + x.shape[k..]`
 * @example `tf.tensorScatterUpdate([1, 2, 3], [[1]], [9])` is `[1, 9, 3]`
 */
export const tensorScatterUpdate: (x: TensorLike, indices: TensorLike, updates: TensorLike) => Tensor = op(
  'tensorScatterUpdate',
  tensorScatter('tensorScatterUpdate', reduced('set')),
);
/**
 * `x` with `updates` added to the slices at `indices`; several for one place add up.
 *
 * @example `tf.tensorScatterAdd([1, 2, 3], [[1], [1]], [10, 20])` is `[1, 32, 3]`
 */
export const tensorScatterAdd: (x: TensorLike, indices: TensorLike, updates: TensorLike) => Tensor = op(
  'tensorScatterAdd',
  tensorScatter('tensorScatterAdd', added),
);
/**
 * `x` with `updates` subtracted from the slices at `indices`.
 *
 * @example `tf.tensorScatterSub([1, 2, 3], [[1]], [10])` is `[1, -8, 3]`
 */
export const tensorScatterSub: (x: TensorLike, indices: TensorLike, updates: TensorLike) => Tensor = op(
  'tensorScatterSub',
  tensorScatter('tensorScatterSub', subtracted),
);
/**
 * `x` with the slices at `indices` multiplied by `updates`.
 *
 * @example `tf.tensorScatterMul([1, 2, 3], [[1]], [10])` is `[1, 20, 3]`
 */
export const tensorScatterMul: (x: TensorLike, indices: TensorLike, updates: TensorLike) => Tensor = op(
  'tensorScatterMul',
  tensorScatter('tensorScatterMul', reduced('mul')),
);
/**
 * The larger one of the slices at `indices` and `updates`. Equal ones share the gradient.
 *
 * @example `tf.tensorScatterMax([1, 2, 3], [[0], [2]], [5, 0])` is `[5, 2, 3]`
 */
export const tensorScatterMax: (x: TensorLike, indices: TensorLike, updates: TensorLike) => Tensor = op(
  'tensorScatterMax',
  tensorScatter('tensorScatterMax', reduced('max')),
);
/**
 * The smaller one of the slices at `indices` and `updates`. Equal ones share the gradient.
 *
 * @example `tf.tensorScatterMin([1, 2, 3], [[0], [2]], [5, 0])` is `[1, 2, 0]`
 */
export const tensorScatterMin: (x: TensorLike, indices: TensorLike, updates: TensorLike) => Tensor = op(
  'tensorScatterMin',
  tensorScatter('tensorScatterMin', reduced('min')),
);
