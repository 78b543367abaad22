/** @file Traces a function into a ConcreteFunction. */
import { withObservers } from '../primitives/bind.ts';
import type { ValueId } from '../primitives/graph.ts';
import { dropUnused, optimize } from '../primitives/passes.ts';
import { ofParts, partsOf } from '../tensor/complex.ts';
import { TraceError } from '../tensor/errors.ts';
import { runInScope } from '../tensor/memory.ts';
import { Tensor } from '../tensor/tensor.ts';
import { mapTree } from '../tensor/tree.ts';
import { type Variable, withReadListeners } from '../tensor/variable.ts';
import { Trace } from '../tracing/trace.ts';
import { ConcreteFunction, OutputPlace, type Source } from './concrete-function.ts';
import { mapSpecs } from './signature.ts';

export interface TraceOptions {
  /** What the arguments were declared as, with dimensions that are left open. */
  readonly signature?: readonly unknown[];
  readonly nameOf?: (index: number) => string;
}

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * Traces `fn` on symbolic stand-ins for the tensors among `args`.
 * @throws TraceError if it is asynchronous, or makes variables each time.
 */
export function traceConcrete(
  name: string,
  fn: AnyFunction,
  args: readonly unknown[],
  options: TraceOptions = {},
): ConcreteFunction {
  const first = new Trace();
  const concrete = traceInto(first, name, fn, args, options);
  if (!first.makesVariables) return concrete;
  // It may make variables in its first call and keep them: then a call like every later one makes none.
  const second = new Trace();
  const later = traceInto(second, name, fn, args, options);
  if (!second.makesVariables) return later;
  throw new TraceError(
    `tf.function: ${name} makes a tf.variable in every call, while its graph has just one; make it outside, or only in the ` +
      `first call (w ??= tf.variable(...)).`,
  );
}

function traceInto(
  trace: Trace,
  name: string,
  fn: AnyFunction,
  args: readonly unknown[],
  options: TraceOptions,
): ConcreteFunction {
  const argumentIds: ValueId[] = [];
  const symbolicArgs = args.map((arg) =>
    mapTree(arg, (leaf) => {
      if (!(leaf instanceof Tensor)) return leaf;
      const parts = partsOf(leaf);
      return ofParts(leaf, () => {
        const symbolic = trace.newValue(parts.shift() as Tensor);
        argumentIds.push(symbolic.valueId);
        return symbolic;
      });
    }),
  );
  const finish = (result: unknown): ConcreteFunction => {
    if (result instanceof Promise) {
      result.catch(() => undefined);
      throw new TraceError(
        `tf.function: ${name} returned a promise; only a synchronous function can be traced. Await what it needs before calling it.`,
      );
    }
    const places = mapTree(result, (leaf) =>
      leaf instanceof Tensor ? new OutputPlace(partsOf(leaf).map((part) => trace.valueOf(part))) : leaf,
    );
    const assignments = [...trace.variables].flatMap(([variable, { assigned, current }]) =>
      assigned ? [[variable, trace.valueOf(current)] as const] : [],
    );
    return assemble(trace, name, argumentIds, places, assignments, {
      ...describeArguments(args, options),
      retrace: (others) => traceConcrete(name, fn, others, options),
    });
  };
  // What the function computes from no argument is concrete: the graph has taken over what it needs of that.
  return runInScope(
    () => withObservers([], () => withReadListeners([], () => trace.run(() => finish(fn(...symbolicArgs))))),
    () => [],
  );
}

type ArgumentFacts = Pick<
  ConcreteFunction['parts'],
  'structuredInputs' | 'argumentNames' | 'operandNames' | 'argumentShapes'
>;

/** What is known of the arguments beside their graph. */
function describeArguments(
  args: readonly unknown[],
  { signature, nameOf = (index) => `argument ${index + 1}` }: TraceOptions,
): ArgumentFacts {
  const argumentNames = args.map((_, i) => nameOf(i));
  const named = (i: number, path: string): string =>
    path === '' ? argumentNames[i] : `${argumentNames[i]}${path.startsWith('[') ? '' : '.'}${path}`;
  const operandNames: string[] = [];
  const argumentShapes: Tensor['shape'][] = [];
  const found = args.map((arg, i) =>
    mapSpecs(arg, (leaf, path) => {
      if (!(leaf instanceof Tensor)) return leaf;
      const { dtype, shape } = leaf;
      const name = named(i, path);
      operandNames.push(...(dtype === 'complex64' ? [`${name}.re`, `${name}.im`] : [name]));
      argumentShapes.push(...partsOf(leaf).map(() => shape));
      return { shape, dtype, name };
    }),
  );
  return { structuredInputs: signature ?? found, argumentNames, operandNames, argumentShapes };
}

function assemble(
  trace: Trace,
  name: string,
  argumentIds: readonly ValueId[],
  result: unknown,
  assignments: readonly (readonly [Variable, ValueId])[],
  facts: ArgumentFacts & Pick<ConcreteFunction['parts'], 'retrace'>,
): ConcreteFunction {
  const sources = new Map<ValueId, Source>();
  argumentIds.forEach((id, index) => sources.set(id, { kind: 'argument', index }));
  for (const [variable, { input }] of trace.variables)
    if (input !== null) sources.set(input, { kind: 'variable', variable });
  for (const feed of trace.feeds) sources.set(feed.valueId, { kind: 'feed', feed });
  const inputs = [...sources.keys()];
  for (const [id, tensor] of trace.constants) sources.set(id, { kind: 'constant', tensor });

  const wanted: ValueId[] = assignments.map(([, id]) => id);
  mapTree(result, (leaf) => (leaf instanceof OutputPlace ? wanted.push(...leaf.ids) : null));
  const { graph, replacement } = optimize({
    values: trace.values,
    inputs,
    constants: trace.constants,
    nodes: trace.nodes,
    outputs: wanted,
  });
  // Inputs and constants that come out unchanged are no business of the engine.
  const outputs = graph.outputs.filter((id) => !sources.has(id));
  const rereads = new Map<ValueId, readonly Variable[]>();
  for (const [id, variables] of trace.rereads)
    rereads.set(replacement(id), [...(rereads.get(replacement(id)) ?? []), ...variables]);
  return new ConcreteFunction({
    name,
    graph: dropUnused({ ...graph, outputs }),
    sources,
    result: mapTree(result, (leaf) =>
      leaf instanceof OutputPlace ? new OutputPlace(leaf.ids.map(replacement)) : leaf,
    ),
    assignments: assignments.map(([variable, id]) => [variable, replacement(id)] as const),
    rereads,
    ...facts,
  });
}
