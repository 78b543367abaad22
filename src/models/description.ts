/** @file A model as the plain data that summaries and pictures are drawn from. */
import { Layer, type PartialShape, type ShapeTree } from '../layers/index.ts';
import type { KerasTensor } from '../symbolic/keras-tensor.ts';
import type { Node, Operation } from '../symbolic/node.ts';
import { OperationUse } from '../symbolic/op.ts';
import { bytesPerElement } from '../tensor/dtype.ts';
import { sizeOf } from '../tensor/shape.ts';
import { isShape, mapShapes } from '../tensor/tree.ts';
import type { Variable } from '../tensor/variable.ts';
import type {
  LayerDescription,
  ModelDescription,
  Shapes,
  TensorSource,
  WeightCount,
} from '../vis/model-description.ts';

/** What is told of a model. */
interface Describable {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly inputShape: ShapeTree | null;
  readonly inputs: readonly KerasTensor[];
  readonly outputs: readonly KerasTensor[];
  readonly trainableWeights: readonly Variable[];
  readonly nonTrainableWeights: readonly Variable[];
  readonly optimizer: { readonly built: boolean; readonly variables: readonly Variable[] } | null;
}

/** A model whose graph is known. */
interface Composed extends Describable {
  readonly nodes: readonly Node[];
  readonly operations: readonly Operation[];
}

const isComposed = (model: Describable): model is Composed => 'nodes' in model && 'operations' in model;

/** Whether a layer is a model, and can tell of itself. */
const isModel = (layer: Layer): layer is Layer & { describe(): ModelDescription } => 'describe' in layer;

const countOf = (weights: readonly Variable[]): WeightCount => ({
  parameters: weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
  bytes: weights.reduce((sum, { dtype, shape }) => sum + bytesPerElement(dtype) * sizeOf(shape), 0),
});

/** One shape, or a list of all in a structure. */
function flatShapes(tree: ShapeTree): Shapes {
  if (isShape(tree)) return tree;
  const shapes: PartialShape[] = [];
  mapShapes(tree, (shape) => shapes.push(shape));
  return shapes.length === 1 ? shapes[0] : shapes;
}

const shapesOfTensors = (tensors: readonly KerasTensor[]): Shapes =>
  tensors.length === 1 ? tensors[0].partialShape : tensors.map(({ partialShape }) => partialShape);

/** The name of a layer's activation, from its config: custom layers may have a config that cannot be made. */
function activationOf(layer: Layer): string | undefined {
  try {
    const { activation } = layer.getConfig();
    if (typeof activation === 'string') return activation;
    const { className } = (activation ?? {}) as { className?: unknown };
    return typeof className === 'string' ? className : undefined;
  } catch {
    return undefined;
  }
}

/** A layer. @param shapes - Left out where they are not known. */
function describeLayer(layer: Layer, shapes: Pick<LayerDescription, 'inputShape' | 'outputShape'>): LayerDescription {
  const { parameters, bytes } = countOf(layer.weights);
  const activation = activationOf(layer);
  return {
    name: layer.name,
    type: layer.constructor.name,
    ...shapes,
    dtype: layer.computeDtype,
    parameters,
    bytes,
    trainableParameters: countOf(layer.trainableWeights).parameters,
    trainable: layer.trainable,
    built: layer.built,
    detail: layer.detail(),
    ...(activation !== undefined && { activation }),
    ...(isModel(layer) && layer.built && { model: layer.describe() }),
  };
}

/** The shapes that a layer was built for: all that is known where only code knows what is connected to what. */
function builtShapes(layer: Layer): Pick<LayerDescription, 'inputShape' | 'outputShape'> {
  const inputShape = layer.getBuildConfig()?.['inputShape'] as ShapeTree | undefined;
  if (inputShape === undefined) return {};
  // Built on data, whose batch had some size that says nothing.
  const given = mapShapes(inputShape, (shape) => [null, ...shape.slice(1)]) as ShapeTree;
  try {
    return { inputShape: flatShapes(given), outputShape: flatShapes(layer.computeOutputShape(given)) };
  } catch {
    return { inputShape: flatShapes(given) };
  }
}

/** @param outputShapes - For each layer, where known. */
export function describeModel(model: Describable, outputShapes: readonly (ShapeTree | undefined)[]): ModelDescription {
  // Before the first step there is only its step count and rate, which are no parameters to anybody.
  const kept = model.optimizer?.built ? countOf(model.optimizer.variables) : { parameters: 0, bytes: 0 };
  const totals = {
    name: model.name,
    trainable: countOf(model.trainableWeights),
    nonTrainable: countOf(model.nonTrainableWeights),
    optimizerParameters: kept.parameters,
    optimizerBytes: kept.bytes,
  };
  if (isComposed(model)) return { ...totals, kind: 'functional', ...graphOf(model) };
  const isKnown = outputShapes.some((shape) => shape !== undefined);
  return {
    ...totals,
    kind: isKnown || model.inputs.length > 0 ? 'sequential' : 'subclassed',
    layers: model.layers.map((layer, i) => {
      const outputShape = outputShapes[i];
      return describeLayer(
        layer,
        outputShape === undefined ? builtShapes(layer) : { outputShape: flatShapes(outputShape) },
      );
    }),
    ...(model.inputShape && { inputShape: flatShapes(model.inputShape) }),
  };
}

/** The layers and operations of a model with what each takes. */
function graphOf({ nodes, operations, outputs }: Composed): Pick<ModelDescription, 'layers' | 'outputs'> {
  const uses = new Map<Operation, Node[]>();
  for (const node of nodes) uses.set(node.operation, [...(uses.get(node.operation) ?? []), node]);
  const numberOf = (node: Node) => Math.max(0, uses.get(node.operation)?.indexOf(node) ?? 0);
  const sourceOf = ({ node, index }: KerasTensor): TensorSource => ({
    layer: node.operation.name,
    node: numberOf(node),
    tensor: index,
  });
  const layers = operations.map((operation): LayerDescription => {
    const own = uses.get(operation) ?? [];
    const inbound = own.flatMap((node, call) => node.inputs.map((input) => ({ ...sourceOf(input), call })));
    const latest = own.at(-1);
    const shapes = latest && {
      ...(latest.inputs.length > 0 && { inputShape: shapesOfTensors(latest.inputs) }),
      outputShape: shapesOfTensors(latest.outputs),
      dtype: latest.outputs[0]?.dtype,
    };
    const about =
      operation instanceof Layer
        ? describeLayer(operation, {})
        : { name: operation.name, type: operationType(operation), parameters: 0 };
    return { ...about, ...shapes, inbound };
  });
  return { layers, outputs: outputs.map(sourceOf) };
}

/** `tf.matMul` is a `MatMul`. */
function operationType(operation: Operation): string {
  const name = operation instanceof OperationUse ? operation.path.split('.').at(-1)! : operation.name;
  return `${name[0].toUpperCase()}${name.slice(1)}`;
}
