/** @file A model as the plain data that summaries and pictures are drawn from. */
import type { Layer, PartialShape } from '../layers/index.ts';
import { bytesPerElement } from '../tensor/dtype.ts';
import { sizeOf } from '../tensor/shape.ts';
import type { Variable } from '../tensor/variable.ts';
import type { LayerDescription, ModelDescription } from '../vis/model-description.ts';

const count = (weights: readonly Variable[]): number => weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** @param outputShape - Left out where it is not known. */
export function describeLayer(layer: Layer, outputShape?: PartialShape): LayerDescription {
  const { weights } = layer;
  return {
    name: layer.name,
    type: layer.constructor.name,
    ...(outputShape && { outputShape }),
    parameters: count(weights),
    trainableParameters: count(layer.trainableWeights),
    bytes: weights.reduce((sum, { dtype, shape }) => sum + bytesPerElement(dtype) * sizeOf(shape), 0),
    trainable: layer.trainable,
    detail: layer.detail(),
  };
}

/** What `describe` needs of a model. */
interface Describable {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly inputShape: PartialShape | null;
  readonly optimizer: { readonly built: boolean; readonly variables: readonly Variable[] } | null;
}

/** @param outputShapes - For each layer, where known. */
export function describeModel(
  model: Describable,
  outputShapes: readonly (PartialShape | undefined)[],
): ModelDescription {
  return {
    name: model.name,
    layers: model.layers.map((layer, i) => describeLayer(layer, outputShapes[i])),
    // Before the first step there is only its step count and rate, which are no parameters to anybody.
    optimizerParameters: model.optimizer?.built ? count(model.optimizer.variables) : 0,
    ...(model.inputShape && { inputShape: model.inputShape }),
  };
}
