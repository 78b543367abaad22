/** @file GraphModel: a model in TensorFlow.js's form whose computation is a graph of TensorFlow. */
import { type TracedFunction, tracedFunction } from '../../function/index.ts';
import type { ModelArtifacts, SaveHandler, SaveResult } from '../../models/saving-port.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError, TraceError } from '../../tensor/errors.ts';
import type { DType } from '../../tensor/dtype.ts';
import { keep } from '../../tensor/memory.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { type Fields, fieldsOf, isFields } from '../fields.ts';
import { Graph } from './graph.ts';
import { dtypeOf, referenceOf } from './graph-node.ts';
import { type HTTPOptions, type IOHandler, getSaveHandlers, loadArtifacts } from './handlers.ts';
import { decodeWeights } from './weights.ts';

/** An input or an output of a model. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: DType | null;
  /** null for sizes that vary, or where even the rank is not known. */
  readonly shape: readonly (number | null)[] | null;
}

/** What a model is given: a tensor, tensors in the order of `inputs`, or by name. */
export type GraphInputs = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;

interface Port extends TensorInfo {
  /** In the signature. */
  readonly key: string;
}

function portsOf(signature: unknown): Port[] {
  return Object.entries(isFields(signature) ? signature : {}).map(([key, each]) => {
    const { name, dtype, tensorShape } = fieldsOf(each, `'${key}' of the signature`);
    const { dim, unknownRank } = isFields(tensorShape) ? tensorShape : ({} as Fields);
    const sizes = ((dim ?? []) as Fields[]).map(({ size }) => (Number(size ?? 0) < 0 ? null : Number(size ?? 0)));
    return { key, name: String(name ?? key), dtype: dtypeOf(dtype), shape: unknownRank ? null : sizes };
  });
}

/**
 * A model that TensorFlow's converter wrote as a graph: for predictions. It is compiled for each shape of inputs; where the graph
 * asks for values (loops, boxes, tables) it runs node by node.
 *
 * @example
 * const model = await tf.loadGraphModel('file://./detector/model.json');
 * const boxes = model.predict(images);
 */
export class GraphModel {
  /** What it takes, in order. */
  readonly inputs: readonly TensorInfo[];
  /** What it gives, in order. */
  readonly outputs: readonly TensorInfo[];
  /** The converter's version. */
  readonly modelVersion: string;
  readonly metadata: unknown;
  readonly modelSignature: unknown;
  private readonly artifacts: ModelArtifacts;
  private readonly graph: Graph;
  private readonly constants: Readonly<Record<string, Tensor>>;
  private readonly inputPorts: readonly Port[];
  private readonly outputPorts: readonly Port[];
  private readonly structuredKeys: readonly string[] | null;
  private readonly compiled = new Map<string, TracedFunction<[Record<string, Tensor>], Tensor[]> | null>();

  /** @throws ArgumentError where the artifacts are no graph model, or name an operation that is not here */
  constructor(artifacts: ModelArtifacts, what = 'GraphModel') {
    const topology = fieldsOf(artifacts.modelTopology, `${what}: modelTopology`);
    if (topology.node === undefined)
      throw new ArgumentError(`${what} is no graph model; a layers model is loaded with tf.loadLayersModel.`);
    const tensors = decodeWeights(artifacts.weightData ?? new ArrayBuffer(0), artifacts.weightSpecs ?? []);
    for (const tensor of Object.values(tensors)) keep(tensor);
    this.constants = tensors;
    const resources = new Map<string, unknown>();
    this.graph = new Graph(topology, tensors, resources);
    this.artifacts = artifacts;
    const versions = isFields(topology.versions) ? topology.versions : {};
    this.modelVersion = `${String(versions.producer ?? '')}.${String(versions.minConsumer ?? '')}`;
    this.metadata = artifacts.userDefinedMetadata;
    // Older files have the signature among what users may add.
    const signature = artifacts.signature ?? artifacts.userDefinedMetadata?.signature;
    this.modelSignature = signature;
    const { inputs, outputs } = (isFields(signature) ? signature : {}) as Fields;
    const keys = artifacts.userDefinedMetadata?.structuredOutputKeys;
    this.structuredKeys = Array.isArray(keys) ? keys.map(String) : null;
    this.inputPorts =
      inputs === undefined ? this.placeholders() : portsOf(inputs).filter(({ name }) => this.isFed(name));
    this.outputPorts = outputs === undefined ? this.leaves() : portsOf(outputs);
    this.inputs = this.inputPorts.map(({ name, dtype, shape }) => ({ name, dtype, shape }));
    this.outputs = this.outputPorts.map(({ name, dtype, shape }) => ({ name, dtype, shape }));
    this.graph.check(this.outputPorts.map(({ name }) => referenceOf(name)));
    if (artifacts.modelInitializer) this.initialize(artifacts, resources);
  }

  private isFed(name: string): boolean {
    return this.graph.nodes.get(referenceOf(name).node)?.op.startsWith('Placeholder') ?? false;
  }

  private placeholders(): Port[] {
    return [...this.graph.nodes.values()]
      .filter(({ op }) => op === 'Placeholder')
      .map((node) => ({ key: node.name, name: node.name, dtype: node.dtype('dtype'), shape: node.shape('shape') }));
  }

  private leaves(): Port[] {
    return this.graph.leaves.map(({ name }) => ({ key: name, name, dtype: null, shape: null }));
  }

  /** Fills tables, once. */
  private initialize(
    { modelInitializer, initializerSignature }: ModelArtifacts,
    resources: Map<string, unknown>,
  ): void {
    const initializer = new Graph(modelInitializer, this.constants, resources);
    const { outputs } = (isFields(initializerSignature) ? initializerSignature : {}) as Fields;
    const wanted = portsOf(outputs).map(({ name }) => referenceOf(name));
    const imports = initializer.leaves.filter(({ op }) => op.startsWith('LookupTableImport'));
    initializer.run(new Map(), wanted.length > 0 ? wanted : imports.map(({ name }) => ({ node: name, output: 0 })));
  }

  /** Names of the inputs: those of the signature, else of their nodes. */
  get inputNodes(): string[] {
    return this.inputPorts.map(({ key }) => key);
  }

  /** Names of the outputs: those of the signature, else of their nodes. */
  get outputNodes(): string[] {
    return this.outputPorts.map(({ key }) => key);
  }

  /** Constants by name, each in a list as TensorFlow.js has them. */
  get weights(): Record<string, Tensor[]> {
    return Object.fromEntries(Object.entries(this.constants).map(([name, tensor]) => [name, [tensor]]));
  }

  /** The inputs by the names of their nodes. @throws ArgumentError where one is missing, or is not among them */
  private feeds(inputs: GraphInputs): Record<string, Tensor> {
    const expected = `${this.inputPorts.length} input${this.inputPorts.length === 1 ? '' : 's'}: ${this.inputNodes.join(', ')}`;
    const list = inputs instanceof Tensor ? [inputs] : Array.isArray(inputs) ? (inputs as Tensor[]) : null;
    if (list) {
      if (list.length !== this.inputPorts.length)
        throw new ArgumentError(`The model takes ${expected}; got ${list.length} tensors.`);
      return Object.fromEntries(list.map((tensor, i) => [referenceOf(this.inputPorts[i].name).node, tensor]));
    }
    const named = inputs as Readonly<Record<string, Tensor>>;
    return Object.fromEntries(
      Object.entries(named).map(([name, tensor]) => {
        const node = referenceOf(this.inputPorts.find(({ key }) => key === name)?.name ?? name).node;
        if (!this.graph.nodes.has(node))
          throw new ArgumentError(`The model takes ${expected}; it has no node '${name}'.`);
        return [node, tensor];
      }),
    );
  }

  private run(feeds: Record<string, Tensor>, outputs: readonly string[]): Tensor[] {
    const values = this.graph.run(new Map(Object.entries(feeds)), outputs.map(referenceOf));
    return values.map((value, i) => {
      if (!(value instanceof Tensor)) throw new ArgumentError(`The graph gives no tensor as '${outputs[i]}'.`);
      // An input or a constant that comes out is a tensor of its own.
      return value.alias();
    });
  }

  private evaluate(inputs: GraphInputs, outputs: readonly string[]): Tensor[] {
    const feeds = this.feeds(inputs);
    const key = outputs.join('\n');
    let compiled = this.compiled.get(key);
    if (compiled === undefined) {
      compiled = tracedFunction((data: Record<string, Tensor>) => this.run(data, outputs), { name: 'graph model' });
      this.compiled.set(key, compiled);
    }
    if (compiled) {
      try {
        return compiled(feeds);
      } catch (error) {
        if (!(error instanceof TraceError)) throw error;
        this.compiled.set(key, null);
      }
    }
    return ops.tidy(() => this.run(feeds, outputs));
  }

  /**
   * What the model gives for some inputs: one tensor, several in the order of `outputs`, or by name where the model was made so.
   * @throws ArgumentError where the inputs are not its
   */
  predict(inputs: GraphInputs): Tensor | Tensor[] | Record<string, Tensor> {
    const found = this.evaluate(
      inputs,
      this.outputPorts.map(({ name }) => name),
    );
    if (this.structuredKeys) return Object.fromEntries(this.structuredKeys.map((key, i) => [key, found[i]]));
    return found.length === 1 ? found[0] : found;
  }

  /** The same; for models whose results depend on values, as TensorFlow.js has it. */
  async predictAsync(inputs: GraphInputs): Promise<Tensor | Tensor[] | Record<string, Tensor>> {
    return this.predict(inputs);
  }

  /** The values of some nodes. @param outputs - Names of nodes, with `:1` for their second output; default: the model's outputs. */
  execute(inputs: GraphInputs, outputs: string | readonly string[] = this.outputNodes): Tensor | Tensor[] {
    const names = typeof outputs === 'string' ? [outputs] : outputs;
    const nodes = names.map((name) => this.outputPorts.find(({ key }) => key === name)?.name ?? name);
    const found = this.evaluate(inputs, nodes);
    return found.length === 1 ? found[0] : found;
  }

  /** The same, as TensorFlow.js has it for models whose results depend on values. */
  async executeAsync(inputs: GraphInputs, outputs?: string | readonly string[]): Promise<Tensor | Tensor[]> {
    return this.execute(inputs, outputs);
  }

  /** Saves the model as it was loaded. @throws ArgumentError where the handler cannot save */
  async save(target: string | SaveHandler): Promise<SaveResult> {
    const handler = typeof target === 'string' ? getSaveHandlers(target)[0] : target;
    if (typeof handler?.save !== 'function')
      throw new ArgumentError("save: expected 'file://folder', a URL or an IOHandler with a method save.");
    return handler.save(this.artifacts);
  }

  /** Gives the constants' memory back. */
  dispose(): void {
    for (const tensor of Object.values(this.constants)) tensor.dispose();
  }
}

/**
 * A graph model in TensorFlow.js's form.
 *
 * @param source - `file://folder/model.json`, a path, a URL, or an IOHandler.
 * @throws ArgumentError where it is none, is damaged, or uses an operation that is not here (it is named)
 */
export async function loadGraphModel(source: string | IOHandler, options?: HTTPOptions): Promise<GraphModel> {
  return new GraphModel(await loadArtifacts(source, options), typeof source === 'string' ? source : 'loadGraphModel');
}
