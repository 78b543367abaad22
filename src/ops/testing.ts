/** @file `tf.test`: gradients against finite differences. */
import { GradientTape } from '../autodiff/tape.ts';
import * as p from '../primitives/calls.ts';
import { isFloating } from '../tensor/dtype.ts';
import { ArgumentError, DTypeError } from '../tensor/errors.ts';
import { toHostArray, toNumbers } from '../tensor/host.ts';
import { runInScope } from '../tensor/memory.ts';
import { Tensor } from '../tensor/tensor.ts';
import { treeTensors } from '../tensor/tree.ts';
import { fromHost } from '../engine/index.ts';
import { type TensorLike, toTensor } from './convert.ts';

/** The derivatives of a function at a point, in two ways. */
export interface ComputedGradient {
  /** For each argument what the gradient rules give, `[elements of the result, elements of the argument]`. */
  readonly theoretical: Tensor[];
  /** The same by central differences. */
  readonly numerical: Tensor[];
}

/**
 * The jacobian of `f` by its gradient rules and by central differences, `(f(x + delta) - f(x - delta)) / (2 delta)` for every
 * element: for tests of gradients, such as custom ones. Take float64, where differences have digits to spare.
 *
 * @param f From tensors to a tensor.
 * @param xs Its arguments, of floating dtype.
 * @param delta The step. Default 1e-5 for float64, else 1/1024.
 * @example
 * ```ts
 * const { theoretical, numerical } = tf.test.computeGradient((x) => x.sin(), [tf.tensor([1, 2], [2], 'float64')]);
 * tf.test.maxError(theoretical, numerical); // < 1e-9
 * ```
 */
export function computeGradient(
  f: (...xs: Tensor[]) => Tensor,
  xs: readonly TensorLike[],
  delta?: number,
): ComputedGradient {
  return runInScope(() => {
    const inputs = xs.map((x) => toTensor(x, 'test.computeGradient'));
    for (const { dtype } of inputs)
      if (!isFloating(dtype))
        throw new DTypeError(`test.computeGradient: expected arguments of floating dtype, got ${dtype}.`);
    const tape = new GradientTape({ watchAccessedVariables: false });
    tape.watch(inputs);
    const y = tape.record(() => f(...inputs));
    if (!(y instanceof Tensor))
      throw new ArgumentError('test.computeGradient: expected a function that returns a tensor.');
    const jacobians = tape.jacobian(y, inputs, { unconnectedGradients: 'zero' }) as Tensor[];
    const theoretical = jacobians.map((jacobian, i) => p.reshape(jacobian, [y.size, inputs[i].size]));
    return { theoretical, numerical: inputs.map((_, i) => differences(f, inputs, i, y.size, delta)) };
  }, treeTensors);
}

function differences(
  f: (...xs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  which: number,
  count: number,
  given?: number,
): Tensor {
  const x = inputs[which];
  const delta = given ?? (x.dtype === 'float64' ? 1e-5 : 1 / 1024);
  const values = Float64Array.from(toNumbers(x.dataSync(), x.dtype));
  const result = new Float64Array(count * x.size);
  const at = (element: number, value: number): ArrayLike<number> =>
    runInScope(
      () => {
        const moved = fromHost(toHostArray(values.with(element, value), x.dtype), x.dtype, x.shape);
        const y = f(...inputs.with(which, moved));
        return Float64Array.from(toNumbers(y.dataSync(), y.dtype));
      },
      () => [],
    );
  for (let i = 0; i < x.size; i++) {
    const [above, below] = [at(i, values[i] + delta), at(i, values[i] - delta)];
    for (let k = 0; k < count; k++) result[k * x.size + i] = (above[k] - below[k]) / (2 * delta);
  }
  return fromHost(toHostArray(result, x.dtype), x.dtype, [count, x.size]);
}

/** The largest difference between two lists of tensors, element by element. */
export function maxError(theoretical: readonly Tensor[], numerical: readonly Tensor[]): number {
  if (theoretical.length !== numerical.length)
    throw new ArgumentError(
      `test.maxError: expected lists of one length, got ${theoretical.length} and ${numerical.length}.`,
    );
  let largest = 0;
  theoretical.forEach((a, i) => {
    const [first, second] = [a, numerical[i]].map((x) => toNumbers(x.dataSync(), x.dtype));
    for (let k = 0; k < first.length; k++) {
      const difference = Math.abs(first[k] - second[k]);
      if (!(difference <= largest)) largest = difference;
    }
  });
  return largest;
}
