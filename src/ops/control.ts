/** @file Control flow that a trace writes down: cond, switchCase, whileLoop, forLoop, scan, mapFn. */
import * as p from '../primitives/calls.ts';
import { withObservers } from '../primitives/bind.ts';
import type { AbstractValue } from '../primitives/primitives.ts';
import { ofParts } from '../tensor/complex.ts';
import type { TypedArray } from '../tensor/dtype.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape, shapesEqual } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { describeTree, mapTree, treeTensors } from '../tensor/tree.ts';
import { Variable } from '../tensor/variable.ts';
import { type RegionTrace, type TracedRegion, finishRegions, traceWithin } from '../tracing/region-trace.ts';
import { currentFeeding } from '../tracing/batching.ts';
import { type SymbolicTensor, currentTrace, isAbstract } from '../tracing/trace.ts';
import { type TensorLike, toTensor } from './convert.ts';
import { item } from './reading.ts';
import { stack } from './joining.ts';
import { op } from '../symbolic/op.ts';

/** Tensors, numbers, or arrays and plain objects of them. */
export type Nest = TensorLike | readonly Nest[] | { readonly [name: string]: Nest };

/** The same structure with a tensor in each place. */
export type Tensors<N> = N extends Tensor | Variable | number | boolean | bigint | TypedArray
  ? Tensor
  : N extends readonly unknown[]
    ? { -readonly [I in keyof N]: Tensors<N[I]> }
    : N extends object
      ? { -readonly [K in keyof N]: Tensors<N[K]> }
      : never;

/** Numbers and variables become tensors. */
const toTensors = (tree: unknown, operation: string): unknown =>
  mapTree(tree, (leaf) => toTensor(leaf as TensorLike, operation));

/** A structure without its tensors, and how to fill it with others. */
interface Form {
  readonly tensors: Tensor[];
  readonly text: string;
  fill(tensors: readonly Tensor[]): unknown;
}
function formOf(tree: unknown): Form {
  return {
    tensors: treeTensors(tree),
    text: describeTree(tree, () => 'tensor'),
    fill(tensors) {
      let place = 0;
      return mapTree(tree, (leaf) => ofParts(leaf as Tensor, () => tensors[place++]));
    },
  };
}

const describe = ({ dtype, shape }: AbstractValue): string => `${dtype} ${formatShape(shape)}`;

/** @throws where two results that must be alike are not */
function expectAlike(operation: string, first: Form, other: Form, names: readonly [string, string]): void {
  if (first.text !== other.text)
    throw new ArgumentError(
      `${operation}: ${names[1]} must give the structure of ${names[0]}, ${first.text}, but gives ${other.text}.`,
    );
  first.tensors.forEach((tensor, i) => {
    const { dtype, shape } = other.tensors[i];
    if (dtype !== tensor.dtype || !shapesEqual(shape, tensor.shape))
      throw new ShapeError(
        `${operation}: ${names[1]} must give what ${names[0]} gives: at place ${i + 1} of ${first.tensors.length} ` +
          `${describe(tensor)}, but it gives ${describe(other.tensors[i])}.`,
      );
  });
}

const abstract = ({ dtype, shape }: AbstractValue): AbstractValue => ({ dtype, shape });
const idsOf = (tensors: readonly SymbolicTensor[]): number[] => tensors.map(({ valueId }) => valueId);

/** What a region gives: its result, and the variables that it assigns. */
interface TracedBody {
  readonly trace: RegionTrace;
  readonly operands: readonly number[];
  readonly form: Form;
  readonly assigned: readonly Variable[];
}

/** The region's outputs: its result, then the values of these variables. */
const outputsOf = ({ trace, operands, form }: TracedBody, variables: readonly Variable[]): TracedRegion => ({
  trace,
  operands,
  outputs: [...form.tensors, ...variables.map((variable) => trace.read(variable))].map((x) => trace.valueOf(x)),
});

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
        const form = formOf(toTensors(branch(), operation));
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

function oneElement(operation: string, value: TensorLike): Tensor {
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

/** A loop's carries: its own state, and the variables that its body assigns. */
interface LoopBody {
  readonly body: TracedBody;
  readonly variables: readonly Variable[];
}

/**
 * Traces the body of a loop. Variables that it assigns are carried from turn to turn: as they are known only afterwards, it
 * is traced again where there are any.
 */
function traceLoop(
  operands: readonly AbstractValue[],
  run: (operands: readonly Tensor[], trace: RegionTrace) => unknown,
  operation: string,
  feeding?: (trace: () => RegionTrace) => (value: AbstractValue, produce: () => TypedArray) => Tensor,
): LoopBody {
  let variables: readonly Variable[] = [];
  for (;;) {
    let open: RegionTrace;
    const body = withObservers([], () =>
      traceWithin(
        [...operands, ...variables.map(abstract)],
        (trace, inside): TracedBody => {
          open = trace;
          variables.forEach((variable, i) => trace.carry(variable, inside[operands.length + i]));
          const form = formOf(toTensors(run(inside.slice(0, operands.length), trace), operation));
          return { trace, operands: idsOf(inside), form, assigned: trace.assigned() };
        },
        { feeding: feeding?.(() => open) },
      ),
    );
    const more = body.assigned.filter((variable) => !variables.includes(variable));
    if (more.length === 0) return { body, variables };
    variables = [...variables, ...more];
  }
}

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
  const initial = formOf(toTensors(loopVariables, 'whileLoop'));
  const holds = (tree: unknown): boolean | Tensor => {
    const answer = condition(tree as Tensors<T>);
    return typeof answer === 'boolean' ? answer : p.cast(oneElement('whileLoop', answer), 'bool');
  };
  const next = (tree: unknown): Form => {
    const form = formOf(toTensors(body(tree as Tensors<T>), 'whileLoop'));
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

const readInTrace = (variables: readonly Variable[]): Tensor[] => variables.map((variable) => variable.read());

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
  const initial = formOf(toTensors(state, 'forLoop'));
  const run = (tree: unknown, turn: unknown): Form =>
    formOf(toTensors(body(turn as Tensor, tree as Tensors<T>), 'forLoop'));
  if (currentTrace()) {
    const numbers = formOf(
      toTensor(
        Int32Array.from({ length: turns }, (_, i) => i),
        'forLoop',
      ),
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
  const all = formOf(toTensors(elements, 'scan'));
  const length = lengthOf('scan', all);
  const place = (i: number): number => (reverse ? length - 1 - i : i);
  if (initializer === undefined && length === 0)
    throw new ArgumentError('scan: there is no element to begin with; give an initializer.');
  const initial = formOf(toTensors(initializer ?? elementOf(all, place(0)), 'scan'));
  const run = (state: unknown, element: unknown): Form =>
    formOf(toTensors(fn(state as Tensors<T>, element as Tensors<E>), 'scan'));
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
  const all = formOf(toTensors(elements, 'mapFn'));
  const length = lengthOf('mapFn', all);
  const run = (element: unknown): Form => formOf(toTensors(fn(element as Tensors<E>), 'mapFn'));
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
