/** @file ConcreteFunction: one trace of a function, compiled for the engine, with what goes in and comes out of it. */
import type { CompiledGraph } from '../engine/engine.ts';
import { compileGraph, fromHost } from '../engine/index.ts';
import { withObservers } from '../primitives/bind.ts';
import type { Graph, ValueId } from '../primitives/graph.ts';
import { ComplexTensor, ofParts, partsOf } from '../tensor/complex.ts';
import { TraceError } from '../tensor/errors.ts';
import { keep, runInScope } from '../tensor/memory.ts';
import type { Storage } from '../tensor/storage.ts';
import { afterTermination } from '../tensor/termination.ts';
import { Tensor } from '../tensor/tensor.ts';
import { mapTree } from '../tensor/tree.ts';
import { type Variable, announceRead, withReadListeners } from '../tensor/variable.ts';
import { dropUnused, optimize } from '../primitives/passes.ts';
import { replay } from '../tracing/replay.ts';
import { type Feed, Trace } from '../tracing/trace.ts';

/** Where a value that the graph does not compute comes from. */
type Source =
  | { readonly kind: 'argument'; readonly index: number }
  | { readonly kind: 'variable'; readonly variable: Variable }
  | { readonly kind: 'feed'; readonly feed: Feed }
  | { readonly kind: 'constant'; readonly tensor: Tensor };

/** Native graphs of functions that are garbage. */
const collected = new FinalizationRegistry<CompiledGraph>((compiled) => compiled.dispose());

/** Runs that assign variables wait for one another, or each would start from values that the others replace. */
let lastAssigningRun: Promise<unknown> = Promise.resolve();
// A termination drops the continuations of promises as well: a run that lost its own would be waited for for ever.
afterTermination(() => {
  lastAssigningRun = Promise.resolve();
});

/** A function traced for one signature of arguments. */
export class ConcreteFunction {
  /** The graph after the passes. Its outputs are what a call must compute; the rest of the results is passed through. */
  readonly graph: Graph;
  readonly name: string;
  private readonly sources = new Map<ValueId, Source>();
  /** The result's structure, with value ids in the places of tensors. */
  private readonly result: unknown;
  private readonly assignments: readonly (readonly [Variable, ValueId])[];
  /** Values as which variables are read after they were assigned. */
  private readonly rereads = new Map<ValueId, readonly Variable[]>();
  private compiled: CompiledGraph | null = null;

  private constructor(
    name: string,
    trace: Trace,
    argumentIds: readonly ValueId[],
    result: unknown,
    assignments: readonly (readonly [Variable, ValueId])[],
  ) {
    this.name = name;
    argumentIds.forEach((id, index) => this.sources.set(id, { kind: 'argument', index }));
    for (const [variable, { input }] of trace.variables)
      if (input !== null) this.sources.set(input, { kind: 'variable', variable });
    for (const feed of trace.feeds) this.sources.set(feed.valueId, { kind: 'feed', feed });
    const inputs = [...this.sources.keys()];
    for (const [id, tensor] of trace.constants) this.sources.set(id, { kind: 'constant', tensor });

    const wanted: ValueId[] = assignments.map(([, id]) => id);
    mapTree(result, (leaf) => (leaf instanceof OutputPlace ? wanted.push(...leaf.ids) : null));
    const { graph, replacement } = optimize({
      values: trace.values,
      inputs,
      constants: trace.constants,
      nodes: trace.nodes,
      // Inputs and constants that come out unchanged are no business of the engine.
      outputs: wanted.filter((id) => !this.sources.has(id)),
    });
    // A pass may find that an output is an input after all.
    const outputs = graph.outputs.filter((id) => !this.sources.has(id));
    this.graph = dropUnused({ ...graph, outputs });
    this.result = mapTree(result, (leaf) =>
      leaf instanceof OutputPlace ? new OutputPlace(leaf.ids.map(replacement)) : leaf,
    );
    this.assignments = assignments.map(([variable, id]) => [variable, replacement(id)] as const);
    for (const [id, variables] of trace.rereads) {
      const known = this.rereads.get(replacement(id)) ?? [];
      this.rereads.set(replacement(id), [...known, ...variables]);
    }
  }

  /**
   * Traces `fn` on symbolic stand-ins for the tensors among `args`.
   * @throws TraceError if it is asynchronous, or makes variables each time.
   */
  static trace(name: string, fn: (...args: never[]) => unknown, args: readonly unknown[]): ConcreteFunction {
    const first = new Trace();
    const concrete = ConcreteFunction.traceInto(first, name, fn, args);
    if (!first.makesVariables) return concrete;
    // It may make variables in its first call and keep them: then a call like every later one makes none.
    const second = new Trace();
    const later = ConcreteFunction.traceInto(second, name, fn, args);
    if (!second.makesVariables) return later;
    throw new TraceError(
      `tf.function: ${name} makes a tf.variable in every call, while its graph has just one; make it outside, or only in the ` +
        `first call (w ??= tf.variable(...)).`,
    );
  }

  private static traceInto(
    trace: Trace,
    name: string,
    fn: (...args: never[]) => unknown,
    args: readonly unknown[],
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
      return new ConcreteFunction(name, trace, argumentIds, places, assignments);
    };
    // What the function computes from no argument is concrete: the graph has taken over what it needs of that.
    return runInScope(
      () =>
        withObservers([], () =>
          withReadListeners([], () => trace.run(() => finish((fn as (...a: unknown[]) => unknown)(...symbolicArgs)))),
        ),
      () => [],
    );
  }

  /** Runs the compiled graph. `args` are the tensors among the arguments. */
  run(args: readonly Tensor[]): unknown {
    const inputs = this.gather(args);
    try {
      return this.finish(inputs, this.graph.nodes.length > 0 ? this.compile().run(inputs.storages) : []);
    } finally {
      inputs.release();
    }
  }

  /** The same off the main thread. */
  async runAsync(args: readonly Tensor[]): Promise<unknown> {
    // The caller may dispose of its tensors before this has ended.
    const held = args.map((arg) => keep(arg.alias()));
    const run = async (): Promise<unknown> => {
      const inputs = this.gather(held);
      try {
        const outputs = this.graph.nodes.length > 0 ? await this.compile().runAsync(inputs.storages) : [];
        return this.finish(inputs, outputs);
      } finally {
        inputs.release();
      }
    };
    try {
      if (this.assignments.length === 0) return await run();
      const turn = lastAssigningRun.then(run);
      // Without its result, which nobody else may keep alive.
      lastAssigningRun = turn.then(
        () => undefined,
        () => undefined,
      );
      return await turn;
    } finally {
      for (const tensor of held) tensor.dispose();
    }
  }

  /** Runs the graph primitive by primitive, so that open tapes see each. */
  replay(args: readonly Tensor[]): unknown {
    const valueOf = replay(
      this.graph,
      (id) => this.announced(id, this.fetch(id, args)),
      (id, value) => void this.announced(id, value),
    );
    const result = mapTree(this.result, (leaf) => (leaf instanceof OutputPlace ? leaf.fill(valueOf) : leaf));
    const assigned = this.assignments.map(([variable, id]) => [variable, valueOf(id)] as const);
    for (const [variable, value] of assigned) variable.assign(value);
    return result;
  }

  /** The graph as text, one primitive a line. */
  toString(): string {
    const { graph } = this;
    const typed = (id: ValueId): string => `%${id}: ${graph.values[id].dtype}[${graph.values[id].shape.join(', ')}]`;
    const lines = graph.nodes.map(({ primitive, inputs, params, outputs }) => {
      const options = Object.entries(params).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
      return `  ${outputs.map(typed).join(', ')} = ${primitive}(${[...inputs.map((id) => `%${id}`), ...options].join(', ')})`;
    });
    return [
      `${this.name}(${graph.inputs.map(typed).join(', ')}) {`,
      ...[...graph.constants.keys()].map((id) => `  ${typed(id)} = constant`),
      ...lines,
      `  return ${graph.outputs.map((id) => `%${id}`).join(', ')}`,
      '}',
    ].join('\n');
  }

  private compile(): CompiledGraph {
    if (!this.compiled) {
      this.compiled = compileGraph(this.graph);
      collected.register(this, this.compiled);
    }
    return this.compiled;
  }

  /** Tapes hear which variables hold a value. */
  private announced(id: ValueId, value: Tensor): Tensor {
    for (const variable of this.rereads.get(id) ?? []) announceRead(variable, value);
    return value;
  }

  /** A value that the graph does not compute, as a tensor of its own. */
  private fetch(id: ValueId, args: readonly Tensor[]): Tensor {
    const source = this.sources.get(id) as Source;
    switch (source.kind) {
      case 'argument':
        return args[source.index];
      case 'variable':
        return source.variable.read();
      case 'feed':
        return fromHost(source.feed.produce(), source.feed.dtype, source.feed.shape);
      case 'constant':
        return source.tensor.alias();
    }
  }

  /** The memory of the graph's inputs, held until the run has ended, with the values that are passed through. */
  private gather(args: readonly Tensor[]): GatheredInputs {
    const passed = new Map<ValueId, Tensor>();
    const fetchAlias = (id: ValueId): Tensor => {
      const source = this.sources.get(id) as Source;
      return keep(source.kind === 'argument' ? args[source.index].alias() : this.fetch(id, args));
    };
    const tensors = this.graph.inputs.map(fetchAlias);
    this.graph.inputs.forEach((id, i) => passed.set(id, tensors[i]));
    const places = this.assignments.map(([, id]) => id);
    mapTree(this.result, (leaf) => (leaf instanceof OutputPlace ? places.push(...leaf.ids) : null));
    for (const id of places) if (this.sources.has(id) && !passed.has(id)) passed.set(id, fetchAlias(id));
    return {
      storages: tensors.map((tensor) => tensor.storage),
      passed,
      release: () => {
        for (const tensor of passed.values()) tensor.dispose();
      },
    };
  }

  /** New tensors for the results, and the variables' new values. */
  private finish({ passed }: GatheredInputs, outputs: readonly Storage[]): unknown {
    const values = new Map(passed);
    const computed = this.graph.outputs.map((id, i) => {
      const { dtype, shape } = this.graph.values[id];
      const tensor = keep(new Tensor(outputs[i], dtype, shape));
      values.set(id, tensor);
      return tensor;
    });
    const result = mapTree(this.result, (leaf) =>
      leaf instanceof OutputPlace ? leaf.fill((id) => (values.get(id) as Tensor).alias()) : leaf,
    );
    for (const [variable, id] of this.assignments) variable.replaceValue(values.get(id) as Tensor);
    for (const tensor of computed) tensor.dispose();
    return result;
  }
}

interface GatheredInputs {
  readonly storages: Storage[];
  readonly passed: ReadonlyMap<ValueId, Tensor>;
  readonly release: () => void;
}

/** The place of a tensor in a result's structure: one value, or the two parts of a complex one. */
class OutputPlace {
  readonly ids: readonly ValueId[];
  constructor(ids: readonly ValueId[]) {
    this.ids = ids;
  }

  fill(tensorOf: (id: ValueId) => Tensor): Tensor {
    const [first, second] = this.ids.map(tensorOf);
    return second === undefined ? first : new ComplexTensor(first, second);
  }
}
