/** @file Functional models as configs: layers, how each is used, and which tensors come in and go out. */
import type { Config } from '../configuration.ts';
import { Layer, type TensorTree } from '../layers/index.ts';
import { layerRegistry } from '../layers/registry.ts';
import * as ops from '../ops/index.ts';
import type { SerializedObject } from '../serialization/registry.ts';
import { KerasTensor } from '../symbolic/keras-tensor.ts';
import type { Node, Operation } from '../symbolic/node.ts';
import { OperationUse } from '../symbolic/op.ts';
import type { DType } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import { mapTree } from '../tensor/tree.ts';
import type { ModelGraph } from './graph.ts';

/** Where a tensor comes from: layer, which of its uses within the model, which of that one's outputs. */
type Place = readonly [layer: string, node: number, tensor: number];

interface NodeConfig {
  readonly args: readonly unknown[];
  readonly kwargs: Config;
}

/** A layer, or the use of an operation: `{ className: 'Operation', config: { path: 'concat', name } }`. */
interface OperationConfig extends SerializedObject {
  readonly name: string;
  readonly inboundNodes: readonly NodeConfig[];
}

const isPlace = (value: unknown): value is Place =>
  Array.isArray(value) && value.length === 3 && typeof value[0] === 'string' && typeof value[1] === 'number';

/** Layers, inputs and outputs of a model as its config holds them. */
export function functionalConfig({ nodes, operations }: ModelGraph, inputs: TensorTree, outputs: TensorTree): Config {
  const uses = new Map<Operation, Node[]>(operations.map((operation) => [operation, []]));
  // In the order in which they came about, which is the one in which they are made again.
  for (const operation of operations) {
    const all =
      operation instanceof Layer ? operation.inboundNodes : nodes.filter((node) => node.operation === operation);
    uses.set(
      operation,
      all.filter((node) => nodes.includes(node)),
    );
  }
  const placeOf = ({ node, index }: KerasTensor): Place => [
    node.operation.name,
    uses.get(node.operation)?.indexOf(node) ?? 0,
    index,
  ];
  const argumentConfig = (value: unknown): unknown => {
    if (value instanceof KerasTensor)
      return {
        className: '__keras_tensor__',
        config: { shape: value.partialShape, dtype: value.dtype, kerasHistory: placeOf(value) },
      };
    if (value instanceof Tensor)
      return { className: '__tensor__', config: { value: value.arraySync(), dtype: value.dtype } };
    return value ?? null;
  };
  const configOf = (operation: Operation, node: Node): NodeConfig => {
    const [first, options] = node.args;
    const inputs = operation instanceof Layer && operation.inputsAreArguments && Array.isArray(first) ? first : [first];
    const [args, kwargs] = operation instanceof Layer ? [inputs, options ?? {}] : [node.args, {}];
    return {
      args: mapTree([...args], argumentConfig) as unknown[],
      kwargs: mapTree(kwargs, argumentConfig) as Config,
    };
  };
  const layers = operations.map((operation): OperationConfig => ({
    ...(operation instanceof Layer
      ? layerRegistry.serialize(operation)
      : { className: 'Operation', config: { path: (operation as OperationUse).path, name: operation.name } }),
    name: operation.name,
    inboundNodes: (uses.get(operation) ?? [])
      .filter((node) => node.inputs.length > 0)
      .map((node) => configOf(operation, node)),
  }));
  const places = (tree: TensorTree): unknown => mapTree(tree, (leaf) => placeOf(leaf as KerasTensor));
  return { layers, inputLayers: places(inputs), outputLayers: places(outputs) };
}

/** What stands in an argument's config for a tensor; undefined for what is no such thing. */
const markOf = (value: unknown, className: string): Config | undefined =>
  typeof value === 'object' && value !== null && (value as SerializedObject).className === className
    ? (value as SerializedObject).config
    : undefined;

/** Thrown where a node asks for a tensor that is not made yet. */
class NotYet extends Error {}

/** Makes the layers of a config and uses them as it says: its inputs and outputs. @throws ArgumentError */
export function graphFromConfig(config: Config): { inputs: TensorTree; outputs: TensorTree } {
  const layers = config.layers as readonly OperationConfig[] | undefined;
  if (!Array.isArray(layers) || !config.inputLayers || !config.outputLayers)
    throw new ArgumentError(
      `Expected the config of a functional model, with layers, inputLayers and outputLayers; got ${Object.keys(config).join(', ')}.`,
    );
  const made = new Map<string, { readonly operation: Layer | OperationUse; readonly nodes: Node[] }>();
  for (const layer of layers) {
    const operation =
      layer.className === 'Operation'
        ? new OperationUse(String(layer.config.path), layer.name)
        : layerRegistry.deserialize(layer);
    // An input layer is used as it is made.
    made.set(layer.name, { operation, nodes: operation instanceof Layer ? [...operation.inboundNodes] : [] });
  }

  const tensorAt = ([name, node, tensor]: Place): KerasTensor => {
    const layer = made.get(name);
    if (!layer)
      throw new ArgumentError(
        `The config of the model uses a layer '${name}' that it does not have; it has ${[...made.keys()].join(', ')}.`,
      );
    const found = layer.nodes[node]?.outputs[tensor];
    if (!found) throw new NotYet(`${name} ${node} ${tensor}`);
    return found;
  };
  const argumentOf = (value: unknown): unknown => {
    const symbolic = markOf(value, '__keras_tensor__');
    if (symbolic) return tensorAt(symbolic.kerasHistory as Place);
    const concrete = markOf(value, '__tensor__');
    if (concrete) return ops.tensor(concrete.value as number[], undefined, concrete.dtype as DType);
    if (Array.isArray(value)) return value.map(argumentOf);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, argumentOf(child)]));
    return value;
  };
  const use = (layer: OperationConfig, { args, kwargs }: NodeConfig): void => {
    const { operation, nodes } = made.get(layer.name)!;
    const given = args.map(argumentOf);
    const options = argumentOf(kwargs ?? {}) as Config;
    if (operation instanceof Layer) {
      // Several arguments are several inputs.
      operation.apply((given.length > 1 ? given : given[0]) as TensorTree, options);
      nodes.push(operation.inboundNodes.at(-1)!);
    } else nodes.push(operation.record([...given]));
  };

  // A layer may be used at several depths: go on with what is ready until nothing is left.
  let waiting = layers.flatMap((layer: OperationConfig) => layer.inboundNodes.map((node) => ({ layer, node })));
  while (waiting.length > 0) {
    const still = new Set<string>();
    const left = waiting.filter(({ layer, node }) => {
      // Uses of one layer are made in their order.
      if (still.has(layer.name)) return true;
      try {
        use(layer, node);
        return false;
      } catch (error) {
        if (!(error instanceof NotYet)) throw error;
        still.add(layer.name);
        return true;
      }
    });
    if (left.length === waiting.length)
      throw new ArgumentError(
        `The config of the model has layers that depend on each other or on nothing: ${[...still].join(', ')}.`,
      );
    waiting = left;
  }

  const tensors = (places: unknown): TensorTree => {
    if (isPlace(places)) return tensorAt(places);
    if (Array.isArray(places)) return places.map(tensors);
    return Object.fromEntries(Object.entries(places as object).map(([name, place]) => [name, tensors(place)]));
  };
  try {
    return { inputs: tensors(config.inputLayers), outputs: tensors(config.outputLayers) };
  } catch (error) {
    if (!(error instanceof NotYet)) throw error;
    throw new ArgumentError(`The config of the model names an input or output that no layer gives: ${error.message}.`);
  }
}
