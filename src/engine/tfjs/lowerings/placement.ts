/** @file Lowerings of primitives that move elements. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Shape, sizeOf, stridesOf } from '../../../tensor/shape.ts';
import type { DevicePrimitive } from '../../../primitives/primitives.ts';
import { type Lowering, type Lowerings, asNumber } from '../lowering.ts';
import type { Scope } from '../scope.ts';

/** Not every kernel takes bools: they are moved as numbers. */
const moved =
  <P extends DevicePrimitive>(move: (...call: Parameters<Lowering<P>>) => TensorInfo): Lowering<P> =>
  (s, operands, call) =>
    s.cast(
      move(
        s,
        call.inputs.map((_, i) => asNumber(s, operands[i])),
        call,
      ),
      operands[0].dtype as 'bool',
    );

/** Places in a row-major list of `shape`, of elements whose place along `axis` is in `indices`. */
function flatPlaces(s: Scope, indices: TensorInfo, shape: Shape, axis: number): TensorInfo {
  const strides = stridesOf(shape);
  const own = stridesOf(indices.shape);
  const rest = Int32Array.from({ length: sizeOf(indices.shape) }, (_, place) =>
    own.reduce(
      (sum, stride, i) => sum + (i === axis ? 0 : (Math.floor(place / stride) % indices.shape[i]) * strides[i]),
      0,
    ),
  );
  const along = s.binary('Multiply', indices, s.scalar(indices, strides[axis]));
  return s.binary('Add', along, s.constant('int32', indices.shape, rest));
}

/** Sums each update into the place of a list that `places` says. */
function scatterFlat(s: Scope, places: TensorInfo, updates: TensorInfo, shape: Shape): TensorInfo {
  const count = sizeOf(updates.shape);
  const operands = { indices: s.reshape(places, [count, 1]), updates: s.reshape(updates, [count]) };
  return s.reshape(s.one('ScatterNd', operands, { shape: [sizeOf(shape)] }), shape);
}

type Placement =
  | 'reshape' | 'transpose' | 'broadcastTo' | 'slice' | 'pad' | 'concat' | 'reverse' | 'gather' | 'scatterAdd'
  | 'gatherAlong' | 'scatterAlongAdd'; // prettier-ignore

export const placementLowerings: Lowerings<Placement> = {
  reshape: (s, [x], { params: { shape } }) => s.reshape(x, shape),
  transpose: moved((s, [x], { params: { permutation } }) => s.transpose(x, permutation)),
  broadcastTo: moved((s, [x], { params: { shape } }) => s.broadcast(x, shape)),
  slice: moved((s, [x], { params: { begin, size, strides } }) => s.strided(x, begin, size, strides)),
  pad: moved((s, [x], { params: { paddings, value } }) => s.pad(x, paddings, value)),
  concat: moved((s, parts, { params: { axis } }) =>
    s.concat(
      parts.filter((part) => sizeOf(part.shape) > 0),
      axis,
    ),
  ),
  reverse: moved((s, [x], { params: { axes } }) =>
    axes.length === 0 ? x : s.one('Reverse', { x }, { dims: [...axes] }),
  ),
  gather: moved((s, [x, indices], { params: { axis }, outputs: [{ shape }] }) => {
    const list = s.reshape(indices, [sizeOf(indices.shape)]);
    return s.reshape(s.one('GatherV2', { x, indices: list }, { axis, batchDims: 0 }), shape);
  }),
  scatterAdd: (s, [updates, indices], { params: { axis, size } }) => {
    const order = [axis, ...updates.shape.map((_, i) => i).filter((i) => i !== axis)];
    const rows = s.transpose(updates, order);
    const operands = { indices: s.reshape(indices, [sizeOf(indices.shape), 1]), updates: rows };
    const summed = s.one('ScatterNd', operands, { shape: [size, ...rows.shape.slice(1)] });
    return s.transpose(
      summed,
      order.map((_, i) => order.indexOf(i)),
    );
  },
  gatherAlong: moved((s, [x, indices], { params: { axis } }) => {
    const count = sizeOf(indices.shape);
    const places = s.reshape(flatPlaces(s, indices, x.shape, axis), [count]);
    const list = s.reshape(x, [sizeOf(x.shape)]);
    return s.reshape(s.one('GatherV2', { x: list, indices: places }, { axis: 0, batchDims: 0 }), indices.shape);
  }),
  scatterAlongAdd: (s, [updates, indices], { params: { axis }, outputs: [{ shape }] }) =>
    scatterFlat(s, flatPlaces(s, indices, shape, axis), updates, shape),
};
