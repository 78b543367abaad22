/** @file forLoop, scan and mapFn: as many turns as there are elements. */
import * as p from '../../primitives/calls.ts';
import { op } from '../../symbolic/op.ts';
import type { TypedArray } from '../../tensor/dtype.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { treeTensors } from '../../tensor/tree.ts';
import { currentFeeding } from '../../tracing/batching.ts';
import { type TracedRegion, finishRegions } from '../../tracing/region-trace.ts';
import { type SymbolicTensor, currentTrace } from '../../tracing/trace.ts';
import { toTensor } from '../convert.ts';
import { stack } from '../joining.ts';
import { type Form, type Tensors, expectAlike, formOf, tensorForm } from './nest.ts';
import { abstract, outputsOf, readInTrace, traceLoop } from './regions.ts';

/** A loop of known length inside a trace. @returns the state after it, and what the turns gave, stacked */
function scanInTrace(
  operation: string,
  initial: Form,
  sequences: Form,
  length: number,
  reverse: boolean,
  turn: (state: unknown, element: unknown) => { readonly state: Form; readonly pieces: Form },
): { state: unknown; pieces: unknown } {
  const outer = currentFeeding();
  const drawn: Tensor[] = [];
  let pieceForm: Form | undefined;
  const elements = sequences.tensors.map(({ dtype, shape }) => ({ dtype, shape: shape.slice(1) }));
  const states = initial.tensors.length;
  const standIns = new Map<Tensor, SymbolicTensor>();
  const { body, variables } = traceLoop(
    [...initial.tensors.map(abstract), ...elements],
    (operands) => {
      drawn.length = 0;
      standIns.clear();
      const made = turn(initial.fill(operands.slice(0, states)), sequences.fill(operands.slice(states)));
      expectAlike(operation, initial, made.state, ['the initial state', 'the function']);
      pieceForm = made.pieces;
      return [...made.state.tensors, ...made.pieces.tensors];
    },
    operation,
    // Numbers for all turns are drawn at each call, and every turn takes its own.
    (open) =>
      ({ dtype, shape }, produce) => {
        const all = outer!.feed({ dtype, shape: [length, ...shape] }, () =>
          joinArrays(Array.from({ length }, produce)),
        );
        drawn.push(all);
        const inside = open().newValue({ dtype, shape });
        standIns.set(all, inside);
        return inside;
      },
  );
  const pieces = pieceForm as Form;
  const { regions, captures } = finishRegions([
    body.trace.reopened((): TracedRegion => {
      const { outputs } = outputsOf(body, variables);
      const own = body.operands;
      return {
        trace: body.trace,
        // Carries first: the state and the variables; then sequences: those given and those drawn.
        operands: [
          ...own.slice(0, states),
          ...own.slice(states + elements.length),
          ...own.slice(states, states + elements.length),
          ...drawn.map((all) => standIns.get(all)!.valueId),
        ],
        outputs: [
          ...outputs.slice(0, states),
          ...outputs.slice(states + pieces.tensors.length),
          ...outputs.slice(states, states + pieces.tensors.length),
        ],
      };
    }),
  ]);
  const carried = [...initial.tensors, ...readInTrace(variables)];
  const read = [...sequences.tensors, ...drawn];
  const results = p.scan([...carried, ...read, ...captures], {
    carries: carried.length,
    sequences: read.length,
    length,
    reverse,
    body: regions[0],
  });
  variables.forEach((variable, i) => variable.assign(results[states + i]));
  return { state: initial.fill(results), pieces: pieces.fill(results.slice(carried.length)) };
}

function joinArrays(arrays: readonly TypedArray[]): TypedArray {
  const [first] = arrays;
  const joined = new (first.constructor as new (length: number) => TypedArray)(arrays.length * first.length);
  arrays.forEach((array, i) => (joined as Uint8Array).set(array as Uint8Array, i * first.length));
  return joined;
}

/** How many elements sequences have, which must be the same for all. */
function lengthOf(operation: string, { tensors }: Form): number {
  if (tensors.length === 0 || tensors.some(({ rank }) => rank === 0))
    throw new ShapeError(`${operation}: expected tensors of rank 1 or more, whose first axis is gone through.`);
  const [length] = tensors[0].shape;
  const other = tensors.find(({ shape }) => shape[0] !== length);
  if (other)
    throw new ShapeError(
      `${operation}: the first axes must have one length, but ${formatShape(tensors[0].shape)} and ${formatShape(other.shape)} differ.`,
    );
  return length;
}

/** One element of each sequence. */
const elementOf = (sequences: Form, i: number): unknown =>
  sequences.fill(
    sequences.tensors.map((x) => {
      const begin = x.shape.map((_, axis) => (axis === 0 ? i : 0));
      return p.reshape(p.slice(x, begin, x.shape.with(0, 1)), x.shape.slice(1));
    }),
  );

/** Results of turns, place by place along a new first axis. */
function stackForms(operation: string, forms: readonly Form[]): unknown {
  forms.forEach((form) => expectAlike(operation, forms[0], form, ['the first turn', 'a later one']));
  return forms[0].fill(forms[0].tensors.map((_, i) => stack(forms.map(({ tensors }) => tensors[i]))));
}

/**
 * Repeats `body` for the whole numbers from 0 up to `turns`, inside `tf.function` as a loop of the graph.
 *
 * @param turns How many; a number, because the graph's gradients need it.
 * @param body From the turn's number (int32, rank 0) and the state to the next state, of the same structure, dtypes and shapes.
 * @param state What the loop begins with.
 * @example `tf.forLoop(10, (i, x) => x.add(i), tf.scalar(0, 'int32')) // 45`
 */
export const forLoop = op('forLoop', function forLoop<
  T,
>(turns: number, body: (turn: Tensor, state: Tensors<T>) => NoInfer<T | Tensors<T>>, state: T): Tensors<T> {
  if (!Number.isInteger(turns) || turns < 0)
    throw new ArgumentError(`forLoop: expected a whole number of turns of 0 or more, got ${turns}.`);
  const initial = tensorForm(state, 'forLoop');
  const run = (tree: unknown, turn: unknown): Form => tensorForm(body(turn as Tensor, tree as Tensors<T>), 'forLoop');
  if (currentTrace()) {
    const numbers = tensorForm(
      Int32Array.from({ length: turns }, (_, i) => i),
      'forLoop',
    );
    return scanInTrace('forLoop', initial, numbers, turns, false, (tree, turn) => ({
      state: run(tree, turn),
      pieces: formOf([]),
    })).state as Tensors<T>;
  }
  let current = initial;
  for (let i = 0; i < turns; i++) {
    current = run(current.fill(current.tensors), toTensor(i, 'forLoop', 'int32'));
    expectAlike('forLoop', initial, current, ['the initial state', 'body']);
  }
  return current.fill(current.tensors) as Tensors<T>;
});

export interface ScanOptions<T> {
  /** The state before the first element; the first element itself where it is absent, which is then left out of the turns. */
  readonly initializer?: T;
  /** From the last element to the first. */
  readonly reverse?: boolean;
}

/**
 * Every state that a function goes through along the first axis of `elements`, stacked: inside `tf.function` one loop of the
 * graph, with gradients.
 *
 * @param fn From the state and an element to the next state, of the state's structure, dtypes and shapes.
 * @param elements A tensor, or a structure of tensors with one first axis.
 * @example `tf.scan((sum, x) => sum.add(x), tf.tensor([1, 2, 3])) // [1, 3, 6]`
 */
export const scan = op('scan', function scan<
  E,
  T = E,
>(fn: (state: Tensors<T>, element: Tensors<E>) => NoInfer<T | Tensors<T>>, elements: E, { initializer, reverse = false }: ScanOptions<T> = {}): Tensors<T> {
  const all = tensorForm(elements, 'scan');
  const length = lengthOf('scan', all);
  const place = (i: number): number => (reverse ? length - 1 - i : i);
  if (initializer === undefined && length === 0)
    throw new ArgumentError('scan: there is no element to begin with; give an initializer.');
  const initial = tensorForm(initializer ?? elementOf(all, place(0)), 'scan');
  const run = (state: unknown, element: unknown): Form =>
    tensorForm(fn(state as Tensors<T>, element as Tensors<E>), 'scan');
  const skipped = initializer === undefined ? 1 : 0;
  if (currentTrace() && length > skipped) {
    const rest = all.fill(
      all.tensors.map((x) => {
        const begin = x.shape.map((_, axis) => (axis === 0 && !reverse ? skipped : 0));
        return p.slice(x, begin, x.shape.with(0, length - skipped));
      }),
    );
    const { pieces } = scanInTrace('scan', initial, formOf(rest), length - skipped, reverse, (tree, element) => {
      const state = run(tree, element);
      return { state, pieces: state };
    });
    if (skipped === 0) return pieces as Tensors<T>;
    const states = treeTensors(pieces);
    const whole = initial.tensors.map((first, i) => {
      const begun = p.reshape(first, [1, ...first.shape]);
      return p.concat(reverse ? [states[i], begun] : [begun, states[i]], 0);
    });
    return initial.fill(whole) as Tensors<T>;
  }
  const states: Form[] = skipped === 1 ? [initial] : [];
  let current = initial;
  for (let i = skipped; i < length; i++) {
    current = run(current.fill(current.tensors), elementOf(all, place(i)));
    expectAlike('scan', initial, current, ['the initial state', 'the function']);
    states.push(current);
  }
  if (states.length === 0)
    return initial.fill(
      initial.tensors.map((x) => p.broadcastTo(p.reshape(x, [1, ...x.shape]), [0, ...x.shape])),
    ) as Tensors<T>;
  return stackForms('scan', reverse ? states.reverse() : states) as Tensors<T>;
});

/**
 * `fn` of each element along the first axis, stacked: inside `tf.function` one loop of the graph. Where `fn` can be written
 * for all elements at once, `tf.vectorizedMap` is faster.
 *
 * @example `tf.mapFn((row) => row.sum(), tf.ones([3, 4])) // [4, 4, 4]`
 */
export const mapFn = op('mapFn', function mapFn<E, T>(fn: (element: Tensors<E>) => T, elements: E): Tensors<T> {
  const all = tensorForm(elements, 'mapFn');
  const length = lengthOf('mapFn', all);
  const run = (element: unknown): Form => tensorForm(fn(element as Tensors<E>), 'mapFn');
  if (length === 0) throw new ArgumentError('mapFn: expected at least one element, but the first axis has length 0.');
  if (currentTrace()) {
    const none = formOf([]);
    return scanInTrace('mapFn', none, all, length, false, (_, element) => ({ state: none, pieces: run(element) }))
      .pieces as Tensors<T>;
  }
  return stackForms(
    'mapFn',
    Array.from({ length }, (_, i) => run(elementOf(all, i))),
  ) as Tensors<T>;
});
