/** @file ConcreteFunction: one trace of a function, compiled for the engine, with what goes in and comes out of it. */
import type { CompiledGraph } from '../engine/engine.ts';
import { compileGraph, fromHost } from '../engine/index.ts';
import { currentObservers } from '../primitives/bind.ts';
import type { Graph, ValueId } from '../primitives/graph.ts';
import { ComplexTensor } from '../tensor/complex.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { keep } from '../tensor/memory.ts';
import { type Shape, formatShape, shapesEqual } from '../tensor/shape.ts';
import type { Storage } from '../tensor/storage.ts';
import { afterTermination } from '../tensor/termination.ts';
import { Tensor } from '../tensor/tensor.ts';
import { mapTree, treeTensors } from '../tensor/tree.ts';
import { type Variable, announceRead, directAccess } from '../tensor/variable.ts';
import { replay } from '../tracing/replay.ts';
import type { Feed } from '../tracing/trace.ts';
import { formatGraph } from './graph-text.ts';
import { toOnnx } from './onnx.ts';
import type { FunctionSaveHandler } from './saved-format.ts';
import { type TensorSpec, applySignature, isTensorSpec, mapSpecs } from './signature.ts';

/** Where a value that the graph does not compute comes from. */
export type Source =
  | { readonly kind: 'argument'; readonly index: number }
  | { readonly kind: 'variable'; readonly variable: Variable }
  | { readonly kind: 'feed'; readonly feed: Feed }
  | { readonly kind: 'constant'; readonly tensor: Tensor };

/** What a concrete function is made of. */
export interface FunctionParts {
  readonly name: string;
  /** After the passes. */
  readonly graph: Graph;
  readonly sources: ReadonlyMap<ValueId, Source>;
  /** The result's structure, with an OutputPlace where a tensor is. */
  readonly result: unknown;
  readonly assignments: readonly (readonly [Variable, ValueId])[];
  /** Values as which variables are read after they were assigned. */
  readonly rereads: ReadonlyMap<ValueId, readonly Variable[]>;
  readonly structuredInputs: readonly unknown[];
  readonly argumentNames: readonly string[];
  /** Names and shapes of the tensors among the arguments, of complex ones both parts. */
  readonly operandNames: readonly string[];
  readonly argumentShapes: readonly Shape[];
  /** Traces it anew for other arguments; null where the function is not at hand. */
  readonly retrace: ((args: readonly unknown[]) => ConcreteFunction) | null;
}

const specsIn = (tree: unknown): TensorSpec[] => {
  const specs: TensorSpec[] = [];
  mapSpecs(tree, (leaf) => (isTensorSpec(leaf) ? specs.push(leaf) : null));
  return specs;
};

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
  /** @internal What it is made of: for saving and exporting. */
  readonly parts: FunctionParts;
  private compiled: CompiledGraph | null = null;
  /** Values that the graph does not compute and that are given back or assigned all the same, and those that are made for a run. */
  private readonly held: readonly ValueId[];

  constructor(parts: FunctionParts) {
    this.parts = parts;
    this.name = parts.name;
    this.graph = parts.graph;
    const places = parts.assignments.map(([, id]) => id);
    mapTree(parts.result, (leaf) => (leaf instanceof OutputPlace ? places.push(...leaf.ids) : null));
    for (const id of parts.graph.inputs) if (parts.sources.get(id)?.kind === 'feed') places.push(id);
    this.held = [...new Set(places)].filter((id) => parts.sources.has(id));
  }

  /** The arguments' structure: what each tensor is, null for dimensions of any size; everything else as it was. */
  get structuredInputs(): readonly unknown[] {
    return this.parts.structuredInputs;
  }

  /** The result's structure: what each tensor is; everything else as it is. */
  get structuredOutputs(): unknown {
    return mapTree(this.parts.result, (leaf) => (leaf instanceof OutputPlace ? leaf.spec(this.graph) : leaf));
  }

  /** The tensors among the arguments, in order. */
  get inputs(): readonly TensorSpec[] {
    return specsIn(this.structuredInputs);
  }

  /** The tensors in the result, in order. */
  get outputs(): readonly TensorSpec[] {
    return specsIn([this.structuredOutputs]);
  }

  /** Variables that are read or assigned. */
  get variables(): readonly Variable[] {
    const read = [...this.parts.sources.values()].flatMap((source) =>
      source.kind === 'variable' ? [source.variable] : [],
    );
    return [...new Set([...read, ...this.parts.assignments.map(([variable]) => variable)])];
  }

  get trainableVariables(): readonly Variable[] {
    return this.variables.filter(({ trainable }) => trainable);
  }

  /** Tensors from outside that the function took in when it was traced. */
  get capturedConstants(): readonly Tensor[] {
    return [...this.graph.constants.values()];
  }

  /**
   * Runs the function on arguments of the structure, dtypes and shapes that it was traced for.
   *
   * @throws ArgumentError that shows both where they do not fit
   */
  call(...args: unknown[]): unknown {
    return this.fitting(args, (concrete, tensors) =>
      currentObservers().length === 0 ? concrete.run(tensors) : concrete.replay(tensors),
    );
  }

  /** The same off the main thread. */
  async callAsync(...args: unknown[]): Promise<unknown> {
    return this.fitting(args, (concrete, tensors) => concrete.runAsync(tensors));
  }

  private fitting<T>(args: readonly unknown[], use: (concrete: ConcreteFunction, tensors: Tensor[]) => T): T {
    const nameOf = (index: number): string => this.parts.argumentNames[index] ?? `argument ${index + 1}`;
    const fitted = applySignature(args, this.structuredInputs, this.name, nameOf);
    const tensors = treeTensors(fitted);
    const fits = tensors.every(({ shape }, i) => shapesEqual(shape, this.parts.argumentShapes[i]));
    return use(fits ? this : this.retraced(fitted), tensors);
  }

  /** @internal The same function for arguments of other sizes, which its signature leaves open. @throws ArgumentError */
  retraced(args: readonly unknown[]): ConcreteFunction {
    const { retrace } = this.parts;
    if (!retrace)
      throw new ArgumentError(
        `${this.name}: it was loaded for arguments of the shapes ${this.parts.argumentShapes.map(formatShape).join(', ')}; others need the function that it was traced from.`,
      );
    return retrace(args);
  }

  /**
   * Writes the function, with the values that its variables have now, into a folder (`function.json` and `data.bin`), or gives
   * both to a handler. `tf.loadConcreteFunction` reads it.
   *
   * @throws ArgumentError where it draws random numbers, or gives back what is no data
   */
  async save(target: string | FunctionSaveHandler): Promise<void> {
    const { saveFunction } = await import('./saving.ts');
    await saveFunction(this, target);
  }

  /**
   * The bytes of an ONNX model (operator set 20) of the function: arguments are its inputs, variables its initializers, loops and
   * branches If, Scan and Loop. Dimensions that an input signature leaves open (null) stay open; first axes are one, `batch`.
   * Outputs are named by the result's structure; after them come the new values of variables that are assigned, and random
   * numbers are inputs. Prints and assertions are left out.
   *
   * @throws EngineError that names primitives which ONNX has no operators for, such as Cholesky
   * @example `fs.writeFileSync('net.onnx', f.getConcreteFunction({ shape: [1, 28, 28, 1] }).toOnnx())`
   */
  toOnnx(): Uint8Array {
    return toOnnx(this);
  }

  /** The graph as text, one primitive a line, with the graphs of loops and branches inside. */
  prettyPrint(): string {
    return formatGraph(this.name, this.graph, (id) => this.nameOf(id));
  }

  toString(): string {
    return this.prettyPrint();
  }

  /** What a value that comes from outside is called; null for others. */
  nameOf(id: ValueId): string | null {
    const source = this.parts.sources.get(id);
    if (source?.kind === 'argument') return this.parts.operandNames[source.index];
    if (source?.kind === 'variable') return source.variable.name;
    return source?.kind === 'feed' ? 'random numbers' : null;
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
    const held: Tensor[] = [];
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
      for (const arg of args) held.push(keep(arg.alias()));
      if (this.parts.assignments.length === 0) return await run();
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
    const result = mapTree(this.parts.result, (leaf) => (leaf instanceof OutputPlace ? leaf.fill(valueOf) : leaf));
    const assigned = this.parts.assignments.map(([variable, id]) => [variable, valueOf(id)] as const);
    for (const [variable, value] of assigned) variable.assign(value);
    return result;
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
    for (const variable of this.parts.rereads.get(id) ?? []) announceRead(variable, value);
    return value;
  }

  /** A value that the graph does not compute, as a tensor; an argument is itself. */
  private fetch(id: ValueId, args: readonly Tensor[]): Tensor {
    const source = this.parts.sources.get(id) as Source;
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
    const storages: Storage[] = [];
    const release = (): void => {
      for (const storage of storages) storage.release();
      for (const tensor of passed.values()) tensor.dispose();
    };
    try {
      for (const id of this.held) passed.set(id, keep(this.fetchOwn(id, args)));
      for (const id of this.graph.inputs) {
        const storage = passed.get(id)?.storage ?? this.storageOf(id, args);
        storage.retain();
        storages.push(storage);
      }
      for (const [variable] of this.parts.assignments) variable.expectAlive('assigned');
    } catch (error) {
      release();
      throw error;
    }
    return { storages, passed, release };
  }

  /** The memory of an input that somebody else holds. Steps are short: tensors for each of their inputs would show. */
  private storageOf(id: ValueId, args: readonly Tensor[]): Storage {
    const source = this.parts.sources.get(id) as Source;
    if (source.kind !== 'variable') return this.fetch(id, args).storage;
    source.variable.expectAlive('read');
    return source.variable.value.storage;
  }

  /** A value that the graph does not compute, as a tensor that nobody else disposes of. */
  private fetchOwn(id: ValueId, args: readonly Tensor[]): Tensor {
    const source = this.parts.sources.get(id) as Source;
    if (source.kind === 'argument') return args[source.index].alias();
    // Not cast to what a layer around the call computes in: the graph has what the trace has cast.
    return source.kind === 'variable' ? directAccess.read(source.variable) : this.fetch(id, args);
  }

  /** New tensors for the results, and the variables' new values. */
  private finish({ passed }: GatheredInputs, outputs: readonly Storage[]): unknown {
    const places = new Map(this.graph.outputs.map((id, i) => [id, i]));
    const isTaken = outputs.map(() => false);
    const tensorOf = (id: ValueId): Tensor => {
      const place = places.get(id);
      if (place === undefined) return (passed.get(id) as Tensor).alias();
      const { dtype, shape } = this.graph.values[id];
      // The first one takes over the reference that the run has given.
      if (isTaken[place]) outputs[place].retain();
      isTaken[place] = true;
      return new Tensor(outputs[place], dtype, shape);
    };
    const result = mapTree(this.parts.result, (leaf) => (leaf instanceof OutputPlace ? leaf.fill(tensorOf) : leaf));
    for (const [variable, id] of this.parts.assignments) variable.adoptValue(tensorOf(id));
    outputs.forEach((storage, i) => (isTaken[i] ? undefined : storage.release()));
    return result;
  }
}

interface GatheredInputs {
  readonly storages: Storage[];
  readonly passed: ReadonlyMap<ValueId, Tensor>;
  readonly release: () => void;
}

/** The place of a tensor in a result's structure: one value, or the two parts of a complex one. */
export class OutputPlace {
  readonly ids: readonly ValueId[];
  constructor(ids: readonly ValueId[]) {
    this.ids = ids;
  }

  spec({ values }: Graph): TensorSpec {
    const { dtype, shape } = values[this.ids[0]];
    return { dtype: this.ids.length === 2 ? 'complex64' : dtype, shape };
  }

  fill(tensorOf: (id: ValueId) => Tensor): Tensor {
    const [first, second] = this.ids.map(tensorOf);
    return second === undefined ? first : new ComplexTensor(first, second);
  }
}
