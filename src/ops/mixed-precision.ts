/** @file tf.mixedPrecision: what computing in float16 with float32 variables needs, as parts of training steps. */
import * as p from '../primitives/calls.ts';
import { ComplexTensor } from '../tensor/complex.ts';
import { type DType, isFloating } from '../tensor/dtype.ts';
import { DTypeError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import { mapTree, treeLeaves } from '../tensor/tree.ts';
import { Variable } from '../tensor/variable.ts';
import { scalarLike, toTensor } from './convert.ts';
import { op } from '../symbolic/op.ts';

/**
 * A structure (arrays, objects) with its floating tensors and variables in another floating dtype; integers, booleans and
 * whatever is no tensor stay. Gradients flow through it, and come back in the dtype that was there.
 *
 * @param structure Tensors and variables in arrays and plain objects.
 * @param dtype `float16`, `float32` or `float64`.
 * @throws DTypeError for other dtypes
 * @example `const { x, mask } = tf.mixedPrecision.castFloats({ x, mask }, 'float16')`
 */
export const castFloats = op('mixedPrecision.castFloats', function castFloats<T>(structure: T, dtype: DType): T {
  if (!isFloating(dtype))
    throw new DTypeError(`castFloats: expected float16, float32 or float64, got ${String(dtype)}.`);
  return mapTree(structure, (leaf) => {
    const isOne = (leaf instanceof Tensor || leaf instanceof Variable) && isFloating(leaf.dtype);
    return isOne ? p.cast(toTensor(leaf, 'castFloats'), dtype) : leaf;
  }) as T;
});

/** Whether no element is NaN or infinite: x - x is 0 for all others. */
function isAllFinite(x: Tensor): Tensor {
  if (x instanceof ComplexTensor) return p.logicalAnd(isAllFinite(x.re), isAllFinite(x.im));
  const difference = p.sub(x, x);
  const wrong = p.cast(p.notEqual(difference, scalarLike(0, difference)), 'int32');
  return p.equal(p.sum(wrong), scalarLike(0, wrong));
}

/**
 * Whether every element of every floating tensor in a structure is finite: what decides if a step with a scaled loss counts.
 * It is a scalar of dtype bool, so that `tf.cond` can branch on it inside a traced function. Null, as gradients may be, counts as
 * finite.
 *
 * @example
 * ```ts
 * const gradients = tape.gradient(scaledLoss, variables);
 * tf.cond(tf.mixedPrecision.allFinite(gradients), () => apply(gradients), () => skip());
 * ```
 */
export const allFinite = op('mixedPrecision.allFinite', function allFinite(structure: unknown): Tensor {
  const checks = treeLeaves(structure).flatMap((leaf) => {
    const isOne =
      (leaf instanceof Tensor || leaf instanceof Variable) && (isFloating(leaf.dtype) || leaf.dtype === 'complex64');
    return isOne ? [isAllFinite(toTensor(leaf, 'allFinite'))] : [];
  });
  return checks.length > 0 ? checks.reduce((a, b) => p.logicalAnd(a, b)) : toTensor(true, 'allFinite');
});
