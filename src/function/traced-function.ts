/** @file tf.function: traces a function once for each signature of arguments, and runs the compiled graphs. */
import { openTapes } from '../autodiff/tape.ts';
import { type TensorLike, toTensor } from '../engine/operands.ts';
import type { DType } from '../tensor/dtype.ts';
import { ArgumentError, TraceError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { describeTree, treeTensors } from '../tensor/tree.ts';
import { ConcreteFunction } from './concrete-function.ts';
import { currentTrace, isAbstract } from '../tracing/trace.ts';

/** What an argument must be; null stands for a dimension of any size. */
export interface TensorSpec {
  readonly shape: readonly (number | null)[];
  /** Default float32. */
  readonly dtype?: DType;
}

export interface FunctionOptions {
  /**
   * For each argument dtype and shape of the tensor expected. Numbers and nested arrays become tensors of that dtype, so
   * that calls with different numbers share one trace; other shapes and dtypes are refused.
   */
  readonly inputSignature?: readonly TensorSpec[];
  /** For messages and pictures; the name of the function by default. */
  readonly name?: string;
}

/** A function that is traced once for each signature of arguments. */
export interface TracedFunction<Args extends unknown[], Result> {
  (...args: Args): Result;
  /** The same off the main thread: the event loop goes on meanwhile. */
  runAsync(...args: Args): Promise<Result>;
  /** The trace for these arguments, made now if there is none. */
  getConcreteFunction(...args: Args): ConcreteFunction;
  /** How many signatures were traced. */
  readonly traceCount: number;
}

/** So many traces are a sign that a number changes from call to call. */
const manyTraces = 10;

const identities = new WeakMap<object, number>();
let objectsSeen = 0;
function identityOf(value: object): string {
  const id = identities.get(value) ?? ++objectsSeen;
  identities.set(value, id);
  return `#${id}`;
}

/** Tensors by dtype and shape, plain values by value, everything else (variables, functions, models) by identity. */
const describeLeaf = (leaf: unknown): string => {
  if (leaf instanceof Tensor) return `${leaf.dtype}${formatShape(leaf.shape)}`;
  if ((typeof leaf === 'object' && leaf !== null) || typeof leaf === 'function') return identityOf(leaf);
  return typeof leaf === 'string'
    ? JSON.stringify(leaf)
    : `${typeof leaf} ${Object.is(leaf, -0) ? '-0' : String(leaf)}`;
};

function applySignature(args: readonly unknown[], signature: readonly TensorSpec[], name: string): Tensor[] {
  if (args.length !== signature.length)
    throw new ArgumentError(
      `tf.function ${name}: its input signature has ${signature.length} arguments, the call ${args.length}.`,
    );
  return signature.map(({ shape, dtype = 'float32' }, i) => {
    const tensor = toTensor(args[i] as TensorLike, `tf.function ${name}`, dtype);
    const fits =
      tensor.dtype === dtype &&
      tensor.rank === shape.length &&
      shape.every((dimension, axis) => dimension === null || dimension === tensor.shape[axis]);
    if (!fits)
      throw new ArgumentError(
        `tf.function ${name}: argument ${i + 1} must be ${dtype} ${formatShape(shape)} by the input signature, ` +
          `got ${tensor.dtype} ${formatShape(tensor.shape)}.`,
      );
    return tensor;
  });
}

/**
 * Makes of `fn` a function that is compiled as one graph.
 *
 * The first call with a new signature (dtypes and shapes of the tensors, values of everything else) traces `fn`: it runs
 * once on symbolic tensors, and the operations it calls become a graph. Later calls run the graph and not `fn`: what else
 * it does (printing, counting) happens while tracing only. Variables are read and assigned, and random numbers drawn, at
 * every call. Inside of another traced function it is part of that one's graph.
 *
 * @param fn Synchronous. Its arguments and result may be tensors, plain values, and arrays and plain objects of them.
 * @throws TraceError when `fn` asks for the value of a symbolic tensor (`dataSync`, `item`, ...) or is asynchronous.
 * @example
 * ```ts
 * const step = tf.function((x: tf.Tensor) => {
 *   counter.assign(counter.add(1));
 *   return x.square().sum();
 * });
 * step(tf.ones([3])); // traces, compiles, runs
 * step(tf.ones([3])); // runs
 * ```
 */
export function tracedFunction<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  options: FunctionOptions = {},
): TracedFunction<Args, Result> {
  const name = options.name ?? (fn.name || 'anonymous');
  const { inputSignature } = options;
  const traces = new Map<string, ConcreteFunction>();

  const prepare = (args: Args): Args => (inputSignature ? (applySignature(args, inputSignature, name) as Args) : args);

  const concreteFor = (args: Args): ConcreteFunction => {
    const key = describeTree(args, describeLeaf);
    const known = traces.get(key);
    if (known) return known;
    const concrete = ConcreteFunction.trace(name, fn, args);
    traces.set(key, concrete);
    if (traces.size === manyTraces)
      console.warn(
        `tf.function ${name} was traced ${manyTraces} times, which is slow. Pass numbers that change as tensors (tf.scalar), ` +
          `and tensors of few shapes. Latest signature: ${key}`,
      );
    return concrete;
  };

  const call = (...given: Args): Result => {
    const args = prepare(given);
    if (isAbstract()) return fn(...args);
    const concrete = concreteFor(args);
    const tensors = treeTensors(args);
    return (openTapes().length === 0 ? concrete.run(tensors) : concrete.replay(tensors)) as Result;
  };

  const runAsync = async (...given: Args): Promise<Result> => {
    if (currentTrace())
      throw new TraceError(
        `tf.function ${name}: runAsync was called while another function is traced; call ${name} itself.`,
      );
    const args = prepare(given);
    return concreteFor(args).runAsync(treeTensors(args)) as Promise<Result>;
  };

  return Object.defineProperties(Object.assign(call, { runAsync }), {
    name: { value: name },
    getConcreteFunction: { value: (...args: Args) => concreteFor(prepare(args)) },
    traceCount: { get: () => traces.size },
  }) as unknown as TracedFunction<Args, Result>;
}
