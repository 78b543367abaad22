/** @file tf.function: traces a function once for each signature of arguments, and runs the compiled graphs. */
import { fromHost } from '../engine/index.ts';
import { toTensor } from '../engine/operands.ts';
import { currentObservers } from '../primitives/bind.ts';
import { allocateHostArray } from '../tensor/dtype.ts';
import { TraceError } from '../tensor/errors.ts';
import { formatShape, sizeOf } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { describeTree, mapTree, treeTensors } from '../tensor/tree.ts';
import { functionsRunPlainly } from '../tracing/function-mode.ts';
import { currentTrace, isAbstract } from '../tracing/trace.ts';
import type { ConcreteFunction } from './concrete-function.ts';
import { RetraceMonitor, noteMaking } from './retracing.ts';
import {
  type ArgumentSpec,
  type TensorSpec,
  applySignature,
  isTensorSpec,
  mapSpecs,
  parameterNames,
} from './signature.ts';
import { traceConcrete } from './trace-function.ts';

export interface FunctionOptions {
  /**
   * For each argument dtype and shape of the tensor expected, or a structure of those; null is a dimension of any size.
   * Numbers and nested arrays become tensors of that dtype, so that calls with different numbers share one trace; other
   * shapes and dtypes are refused.
   */
  readonly inputSignature?: readonly ArgumentSpec[];
  /**
   * Numbers among the arguments become float32 tensors, so that calls with different numbers share one trace. The function
   * then computes with tensors where it was given numbers. Other shapes and dtypes are still traced anew.
   */
  readonly reduceRetracing?: boolean;
  /** For messages and pictures; the name of the function by default. */
  readonly name?: string;
}

/** A function that is traced once for each signature of arguments. */
export interface TracedFunction<Args extends unknown[], Result> {
  (...args: Args): Result;
  /** The same off the main thread: the event loop goes on meanwhile. */
  runAsync(...args: Args): Promise<Result>;
  /**
   * The trace for these arguments, made now if there is none. Tensors may be left to specifications,
   * `f.getConcreteFunction({ shape: [2, 3] })`, and with an input signature all arguments may be left out.
   */
  getConcreteFunction(...args: Args | { [I in keyof Args]: Args[I] | TensorSpec } | []): ConcreteFunction;
  /** The same function as a method of `thisArgument`: its `runAsync` and `getConcreteFunction` too. */
  bind(thisArgument: unknown): TracedFunction<Args, Result>;
  /** Every trace so far. */
  readonly concreteFunctions: readonly ConcreteFunction[];
  /** How many signatures were traced. */
  readonly traceCount: number;
}

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

/** The size that stands for a dimension of any size where a trace has to have one: 1 would broadcast. */
const anySize = 2;

/** Tensors in the places that specifications say. */
const placeholders = (tree: unknown): unknown =>
  mapSpecs(tree, (leaf) => {
    if (!isTensorSpec(leaf)) return leaf;
    const [dtype, shape] = [leaf.dtype ?? 'float32', leaf.shape.map((size) => size ?? anySize)];
    return fromHost(allocateHostArray(dtype, sizeOf(shape)), dtype, shape);
  });

/** Whether `this` is not the call's: such functions have one set of traces for all objects. */
const isArrow = (fn: (...args: never[]) => unknown): boolean =>
  !('prototype' in fn) && /^(?:async\s*)?(?:\(|[\w$]+\s*=>)/.test(Function.prototype.toString.call(fn));

/** What traced functions have in common with each other and not with other functions. */
export const tracedFunctionPrototype: object = Object.create(Function.prototype) as object;

/**
 * Makes of `fn` a function that is compiled as one graph.
 *
 * The first call with a new signature (dtypes and shapes of the tensors, values of everything else) traces `fn`: it runs
 * once on symbolic tensors, and the operations it calls become a graph. Later calls run the graph and not `fn`: what else
 * it does (printing, counting) happens while tracing only. Variables are read and assigned, and random numbers drawn, at
 * every call. Inside of another traced function it is part of that one's graph.
 *
 * @param fn Synchronous. Its arguments and result may be tensors, plain values, and arrays and plain objects of them.
 * A method keeps its `this`, and has traces of its own for each object. Calls that are traced anew again and again are warned
 * of, with the argument that changes.
 *
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
  options?: FunctionOptions,
): TracedFunction<Args, Result>;
/** As a decorator of a method: `@tf.function`. */
export function tracedFunction<This, Args extends unknown[], Result>(
  method: (this: This, ...args: Args) => Result,
  context: ClassMethodDecoratorContext<This>,
): (this: This, ...args: Args) => Result;
export function tracedFunction<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  given: FunctionOptions | ClassMethodDecoratorContext = {},
): TracedFunction<Args, Result> {
  const options: FunctionOptions = 'kind' in given ? { name: String(given.name) } : given;
  const name = options.name ?? (fn.name || 'anonymous');
  const title = `tf.function ${name}`;
  const { inputSignature, reduceRetracing } = options;
  const nameOf = parameterNames(fn);
  const hasThis = !isArrow(fn);
  const monitor = new RetraceMonitor(name, nameOf);
  const all: ConcreteFunction[] = [];
  /** By the object whose method was called, then by signature. */
  const traces = new WeakMap<object, Map<string, ConcreteFunction>>();
  const withoutObject = {};
  let made: { calls: number } | undefined;

  const prepare = (args: readonly unknown[]): unknown[] => {
    if (inputSignature) return applySignature(args, inputSignature, title, nameOf);
    if (!reduceRetracing) return args as unknown[];
    return mapTree(args, (leaf) => (typeof leaf === 'number' ? toTensor(leaf, title) : leaf)) as unknown[];
  };

  const concreteFor = (self: unknown, args: unknown[]): ConcreteFunction => {
    const owner =
      hasThis && ((typeof self === 'object' && self !== null) || typeof self === 'function') ? self : withoutObject;
    let known = traces.get(owner);
    if (!known) traces.set(owner, (known = new Map()));
    const key = describeTree(args, describeLeaf);
    const found = known.get(key);
    if (found) {
      monitor.ran();
      return found;
    }
    const bound = (...given: unknown[]): unknown => (fn as (...a: unknown[]) => unknown).apply(self, given);
    const concrete = traceConcrete(name, bound, args, { signature: inputSignature, nameOf });
    known.set(key, concrete);
    all.push(concrete);
    // An object's first trace of its method is nobody's mistake, nor is a size that the signature leaves open.
    monitor.wasTraced(args, inputSignature !== undefined || (owner !== withoutObject && known.size === 1));
    if (all.length === 1 && options.name === undefined) made = noteMaking(name, fn);
    return concrete;
  };

  const run = (self: unknown, given: readonly unknown[]): Result => {
    const args = prepare(given);
    if (isAbstract() || functionsRunPlainly()) return fn.apply(self, args as Args);
    const concrete = concreteFor(self, args);
    if (made) made.calls++;
    const tensors = treeTensors(args);
    return (currentObservers().length === 0 ? concrete.run(tensors) : concrete.replay(tensors)) as Result;
  };

  const runAsync = async (self: unknown, given: readonly unknown[]): Promise<Result> => {
    if (currentTrace())
      throw new TraceError(`${title}: runAsync was called while another function is traced; call ${name} itself.`);
    const args = prepare(given);
    if (functionsRunPlainly()) return fn.apply(self, args as Args);
    return concreteFor(self, args).runAsync(treeTensors(args)) as Promise<Result>;
  };

  const getConcreteFunction = (self: unknown, given: readonly unknown[]): ConcreteFunction => {
    const args = placeholders(given.length === 0 && inputSignature ? inputSignature : given) as unknown[];
    return concreteFor(self, prepare(args));
  };

  const dress = (call: (...args: Args) => Result, bound?: { readonly self: unknown }): TracedFunction<Args, Result> => {
    Object.setPrototypeOf(call, tracedFunctionPrototype);
    return Object.defineProperties(call, {
      name: { value: name },
      runAsync: {
        value: (...args: Args) => runAsync(bound?.self, args),
      },
      getConcreteFunction: { value: (...args: unknown[]) => getConcreteFunction(bound?.self, args) },
      bind: { value: (self: unknown) => dress((...args: Args) => run(self, args), { self }) },
      concreteFunctions: { get: () => [...all] },
      traceCount: { get: () => all.length },
    }) as TracedFunction<Args, Result>;
  };
  return dress(function (this: unknown, ...args: Args): Result {
    return run(this, args);
  });
}
