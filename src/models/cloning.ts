/** @file cloneModel: the same architecture with new layers. */
import { InputLayer, type Layer, type TensorTree } from '../layers/index.ts';
import { deserializeLayer, serializeLayer } from '../layers/registry.ts';
import { KerasTensor } from '../symbolic/keras-tensor.ts';
import { OperationUse } from '../symbolic/op.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { mapTree, treeLeaves } from '../tensor/tree.ts';
import { Functional } from './functional.ts';
import type { Model } from './model.ts';
import { Sequential } from './sequential.ts';

export interface CloneOptions {
  /** Makes the new layer for each layer (but input layers); default one with the same config. Give a layer back as it is to share its weights. */
  cloneFunction?: (layer: Layer) => Layer;
  /** What the new model is applied to instead of inputs of its own: a symbolic tensor for each input. */
  inputTensors?: KerasTensor | readonly KerasTensor[];
}

const sameConfig = (layer: Layer): Layer => deserializeLayer(serializeLayer(layer));

/**
 * A model of the same architecture with new layers, whose weights begin anew.
 *
 * @throws ArgumentError for a subclassed model: its code alone knows how its layers are connected.
 * @example
 * const copy = tf.cloneModel(model);
 * copy.setWeights(model.getWeights());
 */
export function cloneModel<M extends Model>(
  model: M,
  { cloneFunction = sameConfig, inputTensors }: CloneOptions = {},
): M {
  if (model instanceof Sequential) return cloneSequential(model, cloneFunction, inputTensors) as Model as M;
  if (model instanceof Functional) return cloneFunctional(model, cloneFunction, inputTensors) as Model as M;
  throw new ArgumentError(
    `cloneModel: expected a functional or sequential model, got ${model?.constructor?.name ?? String(model)}; make a subclassed one again with its constructor.`,
  );
}

function cloneSequential(
  model: Sequential,
  cloneFunction: (layer: Layer) => Layer,
  inputTensors: CloneOptions['inputTensors'],
): Model {
  const layers = model.layers.map(cloneFunction);
  const [given] = [inputTensors ?? []].flat();
  if (given) {
    const outputs = layers.reduce<TensorTree>((x, layer) => layer.apply<TensorTree>(x), given);
    return new Functional({ inputs: given, outputs, name: model.name });
  }
  const [input] = model.inputs;
  const begin = input ? [new InputLayer({ batchShape: input.partialShape, dtype: input.dtype })] : [];
  return new Sequential({ layers: [...begin, ...layers], name: model.name });
}

function cloneFunctional(
  model: Functional,
  cloneFunction: (layer: Layer) => Layer,
  inputTensors: CloneOptions['inputTensors'],
): Functional {
  const given = [inputTensors ?? []].flat();
  if (given.length > 0 && given.length !== model.inputs.length)
    throw new ArgumentError(`cloneModel: expected ${model.inputs.length} input tensors, got ${given.length}.`);
  const made = new Map<KerasTensor, KerasTensor>();
  model.inputs.forEach((input, i) => {
    const { partialShape: batchShape, dtype, name } = input;
    made.set(input, given[i] ?? new InputLayer({ batchShape, dtype, name }).tensor);
  });
  const layers = new Map<Layer, Layer>();
  for (const node of model.nodes) {
    if (node.outputs.every((output) => made.has(output))) continue;
    const { operation } = node;
    let result: unknown;
    const args = node.args.map((arg) => mapTree(arg, (leaf) => (leaf instanceof KerasTensor ? made.get(leaf) : leaf)));
    if (operation instanceof OperationUse)
      result = new OperationUse(operation.path, operation.name).record(args).result;
    else {
      const layer = operation as Layer;
      const copy = layers.get(layer) ?? cloneFunction(layer);
      layers.set(layer, copy);
      result = copy.again(args);
    }
    const outputs = treeLeaves(result).filter((leaf): leaf is KerasTensor => leaf instanceof KerasTensor);
    node.outputs.forEach((output, i) => made.set(output, outputs[i]));
  }
  const swap = (tree: TensorTree) => mapTree(tree, (leaf) => made.get(leaf as KerasTensor)) as TensorTree;
  return new Functional({ inputs: swap(model.input), outputs: swap(model.output), name: model.name });
}
