/** @file Pieces that several gradient rules share. */
import { scalarLike } from '../engine/operands.ts';
import * as p from '../primitives/calls.ts';
import { type Shape, broadcastAxes, reducedShape, shapesEqual, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

export const zerosLike = (x: Tensor): Tensor => p.broadcastTo(scalarLike(0, x), x.shape);
export const onesLike = (x: Tensor): Tensor => p.broadcastTo(scalarLike(1, x), x.shape);

/** The gradient at an operand of shape `to` that was broadcast: summed over the axes along which it was repeated. */
export function unbroadcast(g: Tensor, to: Shape): Tensor {
  if (shapesEqual(g.shape, to)) return g;
  const axes = broadcastAxes(g.shape, to);
  const summed = axes.length > 0 ? p.sum(g, axes) : g;
  return shapesEqual(summed.shape, to) ? summed : p.reshape(summed, to);
}

/** The gradient at the operand of a sum over `axes`: each element gets that of its sum. */
export const spread = (g: Tensor, shape: Shape, axes: readonly number[]): Tensor =>
  p.broadcastTo(p.reshape(g, reducedShape(shape, axes, true)), shape);

/** Zeros between the elements, so that neighbours end `strides` apart. */
export function stretch(x: Tensor, strides: Shape): Tensor {
  return strides.reduce((result, stride, axis) => {
    const { shape } = result;
    if (stride === 1 || shape[axis] < 2) return result;
    // Each element becomes a row that starts with it; the rows one after another, without the zeros of the last one.
    const rows = p.reshape(result, shape.toSpliced(axis, 1, shape[axis], 1));
    const padded = p.pad(
      rows,
      rows.shape.map((_, a) => [0, a === axis + 1 ? stride - 1 : 0] as const),
    );
    const joined = p.reshape(padded, shape.with(axis, shape[axis] * stride));
    return p.slice(
      joined,
      shape.map(() => 0),
      shape.with(axis, (shape[axis] - 1) * stride + 1),
    );
  }, x);
}

/**
 * For each element the product of all others that a product over `axes` takes it with. Not the product divided by the
 * element, which would be wrong where that is 0: products of what is before times products of what is after.
 */
export function productOfOthers(x: Tensor, axes: readonly number[]): Tensor {
  const rest = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const permutation = [...rest, ...axes];
  const moved = p.transpose(x, permutation);
  const rows = p.reshape(moved, [sizeOf(rest.map((axis) => x.shape[axis])), sizeOf(axes.map((axis) => x.shape[axis]))]);
  const before = productOfEarlier(rows);
  const after = p.reverse(productOfEarlier(p.reverse(rows, [1])), [1]);
  const others = p.reshape(p.mul(before, after), moved.shape);
  return p.transpose(
    others,
    permutation.map((_, axis) => permutation.indexOf(axis)),
  );
}

/** Running products along the rows that leave each element out, by doubling: after step k they span 2ᵏ elements. */
function productOfEarlier(rows: Tensor): Tensor {
  const [height, width] = rows.shape;
  const shift = (x: Tensor, by: number): Tensor =>
    p.pad(
      p.slice(x, [0, 0], [height, width - by]),
      [
        [0, 0],
        [by, 0],
      ],
      1,
    );
  if (width === 0) return rows;
  let products = shift(rows, 1);
  for (let span = 1; span < width; span *= 2) products = p.mul(products, shift(products, span));
  return products;
}
