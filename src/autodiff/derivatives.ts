/** @file Products with jacobians and hessians, and these themselves, as functions of functions. */
import { type TensorLike, toTensor } from '../engine/operands.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { runInScope } from '../tensor/memory.ts';
import { formatShape, shapesEqual } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { treeTensors } from '../tensor/tree.ts';
import { ForwardAccumulator } from './forward.ts';
import { grads } from './functional.ts';
import { GradientTape } from './tape.ts';

type Differentiable = (...xs: Tensor[]) => Tensor;

const toTensors = (values: readonly TensorLike[], operation: string): Tensor[] =>
  values.map((value) => toTensor(value, operation));

/** One vector for each primal, in its dtype. @throws ArgumentError, ShapeError */
function toVectors(vectors: readonly TensorLike[], primals: readonly Tensor[], operation: string): Tensor[] {
  if (vectors.length !== primals.length)
    throw new ArgumentError(
      `${operation}: expected a vector for each of ${primals.length} arguments, got ${vectors.length}.`,
    );
  return vectors.map((vector, i) => {
    const tensor = toTensor(vector, operation, primals[i].dtype);
    if (!shapesEqual(tensor.shape, primals[i].shape))
      throw new ShapeError(
        `${operation}: vector ${i + 1} has shape ${formatShape(tensor.shape)}, its argument ${formatShape(primals[i].shape)}.`,
      );
    return tensor;
  });
}

function expectTensor(value: unknown, operation: string): asserts value is Tensor {
  if (!(value instanceof Tensor)) throw new ArgumentError(`${operation}: expected a function that returns a tensor.`);
}

/**
 * The result of `f` and its derivative in a direction, `J·v`, taken forward along with the result.
 *
 * @param primals The arguments.
 * @param tangents The direction: a tensor of each one's shape.
 * @returns `tangent` has the shape of `value`.
 * @example `tf.jvp((x) => x.square(), [[1, 2]], [[1, 10]]).tangent // [2, 40]`
 */
export function jvp(
  f: Differentiable,
  primals: readonly TensorLike[],
  tangents: readonly TensorLike[],
): { value: Tensor; tangent: Tensor } {
  return runInScope(() => {
    const xs = toTensors(primals, 'jvp');
    const accumulator = new ForwardAccumulator(xs, toVectors(tangents, xs, 'jvp'));
    const value = accumulator.record(() => f(...xs));
    expectTensor(value, 'jvp');
    return { value, tangent: accumulator.jvp(value, { unconnectedGradients: 'zero' }) };
  }, treeTensors);
}

/**
 * The result of `f`, and a function from a gradient at it to those at the arguments, `Jᵀ·u`, which may be called several times.
 *
 * @example
 * ```ts
 * const { value, vjpFn } = tf.vjp((x) => x.square(), [[1, 2]]);
 * vjpFn([1, 10]); // [[2, 40]]
 * ```
 */
export function vjp(
  f: Differentiable,
  primals: readonly TensorLike[],
): { value: Tensor; vjpFn: (dy: TensorLike) => Tensor[] } {
  const xs = toTensors(primals, 'vjp');
  const tape = new GradientTape({ persistent: true, watchAccessedVariables: false });
  tape.watch(xs);
  const value = tape.record(() => f(...xs));
  expectTensor(value, 'vjp');
  const vjpFn = (dy: TensorLike): Tensor[] =>
    tape.gradient(value, xs, { outputGradients: toTensor(dy, 'vjp', value.dtype), unconnectedGradients: 'zero' });
  return { value, vjpFn };
}

/**
 * The product of a hessian with a vector, `H·v`, for the cost of a few gradients: the gradient's derivative in the direction `v`.
 *
 * @param f Gives a scalar, or a tensor whose elements are summed.
 * @returns One tensor for each argument.
 * @example `tf.hvp((x) => x.pow(3).sum(), [[1, 2]], [[1, 1]]) // [[6, 12]]`
 */
export function hvp(f: Differentiable, primals: readonly TensorLike[], vectors: readonly TensorLike[]): Tensor[] {
  return runInScope(() => {
    const xs = toTensors(primals, 'hvp');
    const accumulator = new ForwardAccumulator(xs, toVectors(vectors, xs, 'hvp'));
    const gradients = accumulator.record(() => grads(f, { unconnectedGradients: 'zero' })(xs));
    return accumulator.jvp(gradients, { unconnectedGradients: 'zero' });
  }, treeTensors);
}

/**
 * The derivative of every element of a result by every element of x: a function from x to a tensor of shape
 * `[...result.shape, ...x.shape]`.
 *
 * @example `tf.jacobian((x) => x.square())([1, 2]) // [[2, 0], [0, 4]]`
 */
export const jacobian =
  (f: (x: Tensor) => Tensor) =>
  (x: TensorLike): Tensor =>
    runInScope(() => {
      const at = toTensor(x, 'jacobian');
      const tape = new GradientTape({ watchAccessedVariables: false });
      tape.watch(at);
      const value = tape.record(() => f(at));
      expectTensor(value, 'jacobian');
      return tape.jacobian(value, at, { unconnectedGradients: 'zero' }) as Tensor;
    }, treeTensors);

/**
 * The second derivatives of a scalar: a function from x to a tensor of shape `[...x.shape, ...x.shape]`.
 *
 * @example `tf.hessian((x) => x.prod())([2, 3]) // [[0, 1], [1, 0]]`
 */
export const hessian = (f: (x: Tensor) => Tensor): ((x: TensorLike) => Tensor) =>
  jacobian((x) => grads(f, { unconnectedGradients: 'zero' })([x])[0]);
