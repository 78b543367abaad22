/** @file whileLoop: as many turns as a condition holds. */
import * as p from '../../primitives/calls.ts';
import { withObservers } from '../../primitives/bind.ts';
import { op } from '../../symbolic/op.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TracedRegion, finishRegions, traceWithin } from '../../tracing/region-trace.ts';
import { isAbstract } from '../../tracing/trace.ts';
import { toTensor } from '../convert.ts';
import { item } from '../reading.ts';
import { oneElement } from './branches.ts';
import { type Form, type Tensors, expectAlike, formOf, tensorForm } from './nest.ts';
import { type TracedBody, abstract, idsOf, outputsOf, readInTrace, traceLoop } from './regions.ts';

export interface WhileLoopOptions {
  /** The loop ends after so many turns, whatever the condition says. */
  readonly maximumIterations?: number;
}

/**
 * Repeats `body` while `condition` holds: inside `tf.function` a part of the graph, so that each call takes as many turns as
 * its own numbers ask for.
 *
 * @param condition From the loop variables to a boolean or a bool tensor of one element.
 * @param body From the loop variables to the next ones, of the same structure, dtypes and shapes.
 * @param loopVariables What the loop begins with.
 * @returns The loop variables for which the condition no longer holds.
 * @example
 * ```ts
 * // The first power of two above a limit.
 * const above = tf.function((limit: tf.Tensor) =>
 *   tf.whileLoop((x) => x.lessEqual(limit), (x) => x.mul(2), tf.scalar(1)),
 * );
 * above(tf.scalar(100)); // 128
 * ```
 */
export const whileLoop = op('whileLoop', function whileLoop<
  T,
>(condition: (variables: Tensors<T>) => boolean | Tensor, body: (variables: Tensors<T>) => NoInfer<T | Tensors<T>>, loopVariables: T, { maximumIterations }: WhileLoopOptions = {}): Tensors<T> {
  if (maximumIterations !== undefined && (!Number.isInteger(maximumIterations) || maximumIterations < 0))
    throw new ArgumentError(
      `whileLoop: maximumIterations must be a whole number of 0 or more, got ${maximumIterations}.`,
    );
  const initial = tensorForm(loopVariables, 'whileLoop');
  const holds = (tree: unknown): boolean | Tensor => {
    const answer = condition(tree as Tensors<T>);
    return typeof answer === 'boolean' ? answer : p.cast(oneElement('whileLoop', answer), 'bool');
  };
  const next = (tree: unknown): Form => {
    const form = tensorForm(body(tree as Tensors<T>), 'whileLoop');
    expectAlike('whileLoop', initial, form, ['the loop variables', 'body']);
    return form;
  };
  if (!isAbstract()) {
    let state = initial;
    for (let turn = 0; turn !== maximumIterations; turn++) {
      const answer = holds(state.fill(state.tensors));
      if (typeof answer === 'boolean' ? !answer : item(answer) === 0) break;
      state = next(state.fill(state.tensors));
    }
    return state.fill(state.tensors) as Tensors<T>;
  }
  // The turn's number is carried first.
  const start = [toTensor(0, 'whileLoop', 'int32'), ...initial.tensors];
  const goesOn = (turn: Tensor, tree: unknown): Tensor => {
    const answer = holds(tree);
    const tensor = typeof answer === 'boolean' ? toTensor(answer, 'whileLoop') : answer;
    if (maximumIterations === undefined) return tensor;
    return p.logicalAnd(tensor, p.less(turn, toTensor(maximumIterations, 'whileLoop', 'int32')));
  };
  const noRandomNumbers = () => (): Tensor => {
    throw new ArgumentError(
      'whileLoop: random numbers cannot be drawn inside a whileLoop of a tf.function, as nobody knows how many; use tf.forLoop or tf.scan, ' +
        'which take a known number of turns, or draw them before the loop.',
    );
  };
  const { body: traced, variables } = traceLoop(
    start.map(abstract),
    ([turn, ...rest]) => {
      const following = p.add(turn, toTensor(1, 'whileLoop', 'int32'));
      const form = next(initial.fill(rest));
      return [following, ...form.tensors, goesOn(following, form.fill(form.tensors))];
    },
    'whileLoop',
    noRandomNumbers,
  );
  const carried = [...start, ...readInTrace(variables)];
  const conditionBody = withObservers([], () =>
    traceWithin(
      carried.map(abstract),
      (trace, inside): TracedBody => {
        variables.forEach((variable, i) => trace.carry(variable, inside[start.length + i]));
        const form = formOf([goesOn(inside[0], initial.fill(inside.slice(1, start.length)))]);
        return { trace, operands: idsOf(inside), form, assigned: trace.assigned() };
      },
      { feeding: noRandomNumbers() },
    ),
  );
  const outputs = traced.trace.reopened((): TracedRegion => {
    const plain = outputsOf(traced, variables);
    const answer = plain.outputs[start.length];
    return { ...plain, outputs: [...plain.outputs.toSpliced(start.length, 1), answer] };
  });
  const { regions, captures } = finishRegions([
    conditionBody.trace.reopened(() => outputsOf(conditionBody, [])),
    outputs,
  ]);
  const results = p.whileLoop([...carried, ...captures], {
    carries: carried.length,
    condition: regions[0],
    body: regions[1],
  });
  variables.forEach((variable, i) => variable.assign(results[start.length + i]));
  return initial.fill(results.slice(1)) as Tensors<T>;
});
