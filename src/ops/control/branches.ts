/** @file cond and switchCase: one of several results. */
import * as p from '../../primitives/calls.ts';
import { withObservers } from '../../primitives/bind.ts';
import { op } from '../../symbolic/op.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { finishRegions, traceWithin } from '../../tracing/region-trace.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { item } from '../reading.ts';
import { type Nest, type Tensors, expectAlike, tensorForm, toTensors } from './nest.ts';
import { type TracedBody, outputsOf } from './regions.ts';

/** Chooses a branch inside a trace. */
function branchInTrace(
  operation: string,
  which: Tensor,
  branches: readonly (() => unknown)[],
  names: string[],
): unknown {
  const traced = branches.map((branch) =>
    withObservers([], () =>
      traceWithin([], (trace): TracedBody => {
        const form = tensorForm(branch(), operation);
        return { trace, operands: [], form, assigned: trace.assigned() };
      }),
    ),
  );
  const [{ form }] = traced;
  traced.forEach((other, i) => expectAlike(operation, form, other.form, [names[0], names[i]]));
  // A branch that does not assign a variable leaves it as it is.
  const variables = [...new Set(traced.flatMap(({ assigned }) => assigned))];
  const { regions, captures } = finishRegions(
    traced.map((body) => body.trace.reopened(() => outputsOf(body, variables))),
  );
  const results = p.branch(which, captures, { branches: regions });
  variables.forEach((variable, i) => variable.assign(results[form.tensors.length + i]));
  return form.fill(results);
}

/**
 * One of two results, by a condition: inside `tf.function` a part of the graph, so that each call decides anew.
 *
 * @param condition A boolean, or a bool tensor of one element.
 * @param whenTrue Computes the result where it holds. Both give the same structure of tensors, of equal dtypes and shapes.
 * @param whenFalse Computes the result elsewhere.
 * @throws ArgumentError, ShapeError where the branches give different structures, dtypes or shapes inside `tf.function`.
 * @example
 * ```ts
 * const huber = tf.function((x: tf.Tensor) =>
 *   tf.cond(x.abs().less(1), () => x.square().div(2), () => x.abs().sub(0.5)),
 * );
 * huber(tf.scalar(3)); // 2.5
 * ```
 */
export const cond = op('cond', function cond<
  T extends Nest,
>(condition: boolean | Tensor | Variable, whenTrue: () => T, whenFalse: () => T): Tensors<T> {
  const which = typeof condition === 'boolean' ? condition : oneElement('cond', condition);
  if (typeof which === 'boolean' || !which.isSymbolic)
    return toTensors(
      Number(typeof which === 'boolean' ? which : item(which)) !== 0 ? whenTrue() : whenFalse(),
      'cond',
    ) as Tensors<T>;
  return branchInTrace('cond', p.cast(which, 'bool'), [whenFalse, whenTrue], ['whenFalse', 'whenTrue']) as Tensors<T>;
});

/** A tensor of one element, of rank 0. @throws ShapeError where it has more */
export function oneElement(operation: string, value: TensorLike): Tensor {
  const tensor = toTensor(value, operation);
  if (tensor.size !== 1)
    throw new ShapeError(`${operation}: expected one element that decides, got shape ${formatShape(tensor.shape)}.`);
  return p.reshape(tensor, []);
}

/**
 * The result of the branch with a number: `branches[index]()`.
 *
 * @param index A whole number; what is out of range takes the last branch, as in TensorFlow.
 * @param branches Functions that give the same structure of tensors, of equal dtypes and shapes.
 * @example `tf.switchCase(i, [() => x, () => x.square(), () => x.sqrt()])`
 */
export const switchCase = op('switchCase', function switchCase<
  T extends Nest,
>(index: number | Tensor | Variable, branches: readonly (() => T)[]): Tensors<T> {
  if (branches.length === 0)
    throw new ArgumentError('switchCase: expected at least one branch, but the list is empty.');
  const last = branches.length - 1;
  const inRange = (i: number): number => (i < 0 || i > last || !Number.isInteger(i) ? last : i);
  const which = typeof index === 'number' ? index : oneElement('switchCase', index);
  if (typeof which === 'number' || !which.isSymbolic)
    return toTensors(branches[inRange(typeof which === 'number' ? which : item(which))](), 'switchCase') as Tensors<T>;
  const number = p.cast(which, 'int32');
  const [lowest, highest] = [toTensor(0, 'switchCase', 'int32'), toTensor(last, 'switchCase', 'int32')];
  const isInside = p.logicalAnd(p.greaterEqual(number, lowest), p.lessEqual(number, highest));
  return branchInTrace(
    'switchCase',
    p.select(isInside, number, highest),
    branches,
    branches.map((_, i) => `branch ${i}`),
  ) as Tensors<T>;
});
