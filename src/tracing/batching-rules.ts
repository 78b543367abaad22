/** @file One batching rule a primitive: the same primitive, or a few, on all elements at once. */
import { fromHost } from '../engine/index.ts';
import { scalarLike } from '../engine/operands.ts';
import { bind } from '../primitives/bind.ts';
import * as p from '../primitives/calls.ts';
import { inferElementwise } from '../primitives/infer-elementwise.ts';
import type { AbstractValue, PrimitiveName, PrimitiveParams } from '../primitives/primitives.ts';
import { shapesEqual, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { controlBatching } from './batching-control.ts';
import { imageBatching } from './batching-images.ts';
import { mathematicsBatching } from './batching-mathematics.ts';

/** An operand with all elements along its first axis, or one that is the same for all of them. */
export interface Operand {
  readonly value: Tensor;
  readonly isBatched: boolean;
}

export interface BatchedCall<P extends PrimitiveName> {
  readonly operands: readonly Operand[];
  readonly params: PrimitiveParams[P];
  /** How many elements. */
  readonly size: number;
  /** What is known of one element of each output. */
  readonly outputs: readonly AbstractValue[];
}

/** The outputs with all elements along their first axis. At least one operand is batched. */
export type BatchingRule<P extends PrimitiveName> = (call: BatchedCall<P>) => Tensor[];

export type BatchingRules = { readonly [P in PrimitiveName]?: BatchingRule<P> };

/** All elements along the first axis. */
export const front = ({ value, isBatched }: Operand, size: number): Tensor =>
  isBatched ? value : p.broadcastTo(value, [size, ...value.shape]);

/** A tensor with one axis elsewhere. */
export function moveAxis(x: Tensor, from: number, to: number): Tensor {
  if (from === to) return x;
  const axes = x.shape.map((_, axis) => axis);
  axes.splice(to, 0, ...axes.splice(from, 1));
  return p.transpose(x, axes);
}

/** An operand whose elements broadcast against others of this rank. */
function widened({ value, isBatched }: Operand, rank: number): Tensor {
  const missing = rank - (value.rank - 1);
  if (!isBatched || missing <= 0) return value;
  const [size, ...shape] = value.shape;
  return p.reshape(value, [size, ...new Array<number>(missing).fill(1), ...shape]);
}

/** Operands broadcast against each other, so they do with one axis more in front. */
export const elementwise =
  <P extends PrimitiveName>(primitive: P): BatchingRule<P> =>
  ({ operands, params, size, outputs }) => {
    const rank = outputs[0].shape.length;
    const made = bind(
      primitive,
      operands.map((operand) => widened(operand, rank)),
      params,
    );
    return made.map((whole, i) => {
      const wanted = [size, ...outputs[i].shape];
      return shapesEqual(whole.shape, wanted) ? whole : p.broadcastTo(whole, wanted);
    });
  };

/** The same call on whole batches, with parameters that count one axis more. */
const shifted =
  <P extends PrimitiveName>(
    primitive: P,
    shift: (params: PrimitiveParams[P], size: number) => PrimitiveParams[P],
  ): BatchingRule<P> =>
  ({ operands, params, size }) =>
    bind(
      primitive,
      operands.map((operand) => front(operand, size)),
      shift(params, size),
    );

const alongAxis = <P extends 'argMax' | 'argMin' | 'cumsum' | 'softmax' | 'logSoftmax' | 'concat' | 'gatherAlong'>(
  primitive: P,
): BatchingRule<P> => shifted(primitive, (params) => ({ ...params, axis: params.axis + 1 }));

const reduction = (primitive: 'sum' | 'prod' | 'max' | 'min'): BatchingRule<typeof primitive> =>
  shifted(primitive, ({ axes, keepDims }) => ({ axes: axes.map((axis) => axis + 1), keepDims }));

/** Batches of matrices are what the primitive knows anyway. */
export const matrices = <P extends PrimitiveName>(primitive: P): BatchingRule<P> =>
  shifted(primitive, (params) => params);

/**
 * Indices [size, ...] of an axis of each element as indices of all elements' one after another. Those that count from the end
 * become those from the beginning: only then can each element's be moved on.
 */
export function intoRows(indices: Tensor, size: number, dimension: number): Tensor {
  const fromStart = p.select(
    p.less(indices, scalarLike(0, indices)),
    p.add(indices, scalarLike(dimension, indices)),
    indices,
  );
  const numbers = Int32Array.from({ length: size }, (_, i) => i * dimension);
  return p.add(fromStart, fromHost(numbers, 'int32', [size, ...new Array<number>(indices.rank - 1).fill(1)]));
}

const gather: BatchingRule<'gather'> = ({ operands: [x, indices], params: { axis }, size }) => {
  if (!indices.isBatched) return [p.gather(x.value, indices.value, axis + 1)];
  if (!x.isBatched) return [moveAxis(p.gather(x.value, indices.value, axis), axis, 0)];
  // All elements' rows in one list, where each element's begin after those before.
  const dimension = x.value.shape[axis + 1];
  const moved = moveAxis(x.value, axis + 1, 1);
  const rest = moved.shape.slice(2);
  const rows = p.reshape(moved, [size * dimension, ...rest]);
  const rank = indices.value.rank - 1;
  const places = intoRows(indices.value, size, dimension);
  const gathered = p.gather(rows, places, 0);
  // [size, ...indices, ...before the axis, ...after it]
  const order = [
    0,
    ...Array.from({ length: axis }, (_, i) => 1 + rank + i),
    ...Array.from({ length: rank }, (_, i) => 1 + i),
    ...Array.from({ length: rest.length - axis }, (_, i) => 1 + rank + axis + i),
  ];
  return [p.transpose(gathered, order)];
};

const scatterAdd: BatchingRule<'scatterAdd'> = ({ operands: [updates, indices], params, size }) => {
  if (!indices.isBatched) return [p.scatterAdd(updates.value, indices.value, params.axis + 1, params.size)];
  const moved = moveAxis(front(updates, size), params.axis + 1, 1);
  const [, count, ...rest] = moved.shape;
  const rows = p.reshape(moved, [size * count, ...rest]);
  const places = intoRows(indices.value, size, params.size);
  const summed = p.scatterAdd(rows, p.reshape(places, [size * count]), 0, size * params.size);
  return [moveAxis(p.reshape(summed, [size, params.size, ...rest]), 1, params.axis + 1)];
};

/** Matrices broadcast against each other on the axes before, where the elements stand as well. */
const matMul: BatchingRule<'matMul'> = ({ operands, params: { transposeA, transposeB }, size, outputs }) => {
  const [a, b] = operands;
  const { shape } = outputs[0];
  // Many small products with one matrix are one product.
  if (!b.isBatched && b.value.rank === 2 && !transposeA) {
    const { value } = a;
    const rows = p.reshape(value, [sizeOf(value.shape.slice(0, -1)), value.shape[value.rank - 1]]);
    return [p.reshape(p.matMul(rows, b.value, false, transposeB), [size, ...shape])];
  }
  const [x, y] = operands.map((operand) => widened(operand, shape.length));
  const product = p.matMul(x, y, transposeA, transposeB);
  return [p.reshape(product, [size, ...shape])];
};

const elementwiseRules = Object.fromEntries(
  Object.keys(inferElementwise).map((name) => [name, elementwise(name as PrimitiveName)]),
) as BatchingRules;

/** What is missing here runs in a loop. */
export const batchingRules: BatchingRules = {
  ...elementwiseRules,
  sum: reduction('sum'),
  prod: reduction('prod'),
  max: reduction('max'),
  min: reduction('min'),
  argMax: alongAxis('argMax'),
  argMin: alongAxis('argMin'),
  cumsum: alongAxis('cumsum'),
  softmax: alongAxis('softmax'),
  logSoftmax: alongAxis('logSoftmax'),
  topK: matrices('topK'),

  reshape: shifted('reshape', ({ shape }, size) => ({ shape: [size, ...shape] })),
  transpose: shifted('transpose', ({ permutation }) => ({ permutation: [0, ...permutation.map((axis) => axis + 1)] })),
  broadcastTo: ({ operands: [x], params: { shape }, size }) => [
    p.broadcastTo(widened(x, shape.length), [size, ...shape]),
  ],
  slice: shifted('slice', ({ begin, size: count, strides }, size) => ({
    begin: [0, ...begin],
    size: [size, ...count],
    strides: [1, ...strides],
  })),
  pad: shifted('pad', ({ paddings, value }) => ({ paddings: [[0, 0], ...paddings], value })),
  concat: alongAxis('concat'),
  reverse: shifted('reverse', ({ axes }) => ({ axes: axes.map((axis) => axis + 1) })),
  gather,
  scatterAdd,
  gatherAlong: alongAxis('gatherAlong'),
  scatterAlongAdd: shifted('scatterAlongAdd', ({ axis, size }) => ({ axis: axis + 1, size })),

  matMul,
  ...imageBatching,

  cholesky: matrices('cholesky'),
  triangularSolve: matrices('triangularSolve'),
  lu: matrices('lu'),
  qr: matrices('qr'),
  eigh: matrices('eigh'),
  svd: matrices('svd'),
  nonMaxSuppression: matrices('nonMaxSuppression'),

  ...mathematicsBatching(),
  ...controlBatching,
};
