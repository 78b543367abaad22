/** @file Comparisons and logic; results are bool. */
import * as p from '../primitives/calls.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, toPair, toTensor } from './convert.ts';
import { op } from '../symbolic/op.ts';

/**
 * Where `a = b`.
 *
 * @example `tf.equal([1, 2], [1, 3])` is `[true, false]`
 */
export const equal = op('equal', (a: TensorLike, b: TensorLike): Tensor => p.equal(...toPair(a, b, 'equal')));
/**
 * Where `a ≠ b`.
 *
 * @example `tf.notEqual([1, 2], [1, 3])` is `[false, true]`
 */
export const notEqual = op('notEqual', (a: TensorLike, b: TensorLike): Tensor =>
  p.notEqual(...toPair(a, b, 'notEqual')),
);
/**
 * Where `a < b`.
 *
 * @example `tf.less([1, 2], 2)` is `[true, false]`
 */
export const less = op('less', (a: TensorLike, b: TensorLike): Tensor => p.less(...toOrdered(a, b, 'less')));
/**
 * Where `a ≤ b`.
 *
 * @example `tf.lessEqual([1, 2], 2)` is `[true, true]`
 */
export const lessEqual = op('lessEqual', (a: TensorLike, b: TensorLike): Tensor =>
  p.lessEqual(...toOrdered(a, b, 'lessEqual')),
);
/**
 * Where `a > b`.
 *
 * @example `tf.greater([1, 3], 2)` is `[false, true]`
 */
export const greater = op('greater', (a: TensorLike, b: TensorLike): Tensor =>
  p.greater(...toOrdered(a, b, 'greater')),
);
/**
 * Where `a ≥ b`.
 *
 * @example `tf.greaterEqual([1, 2], 2)` is `[false, true]`
 */
export const greaterEqual = op('greaterEqual', (a: TensorLike, b: TensorLike): Tensor =>
  p.greaterEqual(...toOrdered(a, b, 'greaterEqual')),
);

function toOrdered(a: TensorLike, b: TensorLike, operation: string): [Tensor, Tensor] {
  const [x, y] = toPair(a, b, operation);
  return x.dtype === 'bool' ? [p.cast(x, 'int32'), p.cast(y, 'int32')] : [x, y];
}

const toBool = (x: TensorLike, operation: string): Tensor => p.cast(toTensor(x, operation), 'bool');

/**
 * Where both are true (not 0).
 *
 * @example `tf.logicalAnd([true, true], [true, false])` is `[true, false]`
 */
export const logicalAnd = op('logicalAnd', (a: TensorLike, b: TensorLike): Tensor =>
  p.logicalAnd(toBool(a, 'logicalAnd'), toBool(b, 'logicalAnd')),
);
/**
 * Where at least one is true (not 0).
 *
 * @example `tf.logicalOr([false, false], [true, false])` is `[true, false]`
 */
export const logicalOr = op('logicalOr', (a: TensorLike, b: TensorLike): Tensor =>
  p.logicalOr(toBool(a, 'logicalOr'), toBool(b, 'logicalOr')),
);
/**
 * Where exactly one is true (not 0).
 *
 * @example `tf.logicalXor([true, true], [true, false])` is `[false, true]`
 */
export const logicalXor = op('logicalXor', (a: TensorLike, b: TensorLike): Tensor =>
  p.notEqual(toBool(a, 'logicalXor'), toBool(b, 'logicalXor')),
);
/**
 * Where `x` is false (0).
 *
 * @example `tf.logicalNot([true, false])` is `[false, true]`
 */
export const logicalNot = op('logicalNot', (x: TensorLike): Tensor => p.logicalNot(toBool(x, 'logicalNot')));
