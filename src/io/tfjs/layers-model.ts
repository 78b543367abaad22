/** @file Layers models of TensorFlow.js: `model.json` with Keras's config, and weights by name. */
import { DepthwiseConv1D, DepthwiseConv2D, Layer } from '../../layers/index.ts';
import { Model } from '../../models/index.ts';
import type { ModelArtifacts, SaveHandler, SaveOptions, SaveResult } from '../../models/saving-port.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { formatShape, shapesEqual } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { type Fields, fieldsOf, isFields } from '../fields.ts';
import { kerasVersion } from '../keras-archive.ts';
import { toKeras } from '../keras-json.ts';
import { type ModelFromConfigOptions, compileConfigOf, describeModel, modelFromKeras } from '../model-json.ts';
import { statePaths } from '../model-state.ts';
import { type HTTPOptions, type IOHandler, getSaveHandlers, loadArtifacts } from './handlers.ts';
import { withOldHardSigmoid } from '../keras2-activations.ts';
import { toKeras2 } from './keras2-json.ts';
import { decodeWeights, encodeWeights } from './weights.ts';

export interface LoadLayersOptions extends HTTPOptions, ModelFromConfigOptions {
  /** Whether all weights of the model must be in the file, and no others; default true. */
  strict?: boolean;
}

/** A weight with the names that files may have for it, TensorFlow.js's own first. */
interface NamedWeight {
  readonly variable: Variable;
  readonly names: readonly string[];
}

/** Layers from a model's own down to the one, models left out: in TensorFlow.js they have no part in names. */
type LayerPath = readonly Layer[];

/** Whether a layer is the cell of a recurrent one, which TensorFlow.js gives its weights to. */
const isCellOf = (layer: Layer, outer: Layer | undefined): boolean =>
  (outer as { cell?: unknown } | undefined)?.cell === layer;

/** Names of a weight of a layer: TensorFlow.js has those of Keras 2, and so do its files. */
const weightNames = (layer: Layer, weight: string): readonly string[] =>
  weight === 'kernel' && (layer instanceof DepthwiseConv1D || layer instanceof DepthwiseConv2D)
    ? ['depthwise_kernel', weight]
    : [weight];

/**
 * The weights of a model with their names: of the layer and the weight, with or without the layers between (cells, wrapped layers,
 * nested models).
 */
function namedWeights(model: Model): NamedWeight[] {
  const paths = new Map<Layer, LayerPath>();
  const visit = (layer: Layer, outer: LayerPath): void => {
    if (paths.has(layer)) return;
    const path = layer instanceof Model ? [] : [...outer, layer];
    paths.set(layer, path);
    for (const inner of layer instanceof Model ? layer.layers : layer.sublayers()) visit(inner, path);
  };
  visit(model, []);
  return statePaths(model).flatMap(([, object]) => {
    if (!(object instanceof Layer)) return [];
    const path = paths.get(object) ?? [object];
    const own = path.filter((layer, i) => !isCellOf(layer, path[i - 1])).map(({ name }) => name);
    const all = path.map(({ name }) => name);
    return object.ownVariables.map((variable) => {
      const weights = weightNames(object, variable.name.slice(variable.name.lastIndexOf('/') + 1));
      const suffixes = all.map((_, i) => all.slice(i).join('/'));
      const owners = [own.join('/'), ...suffixes, all[0] ?? model.name];
      return {
        variable,
        names: [...weights.flatMap((weight) => owners.map((owner) => `${owner}/${weight}`)), variable.name],
      };
    });
  });
}

/** File names without what files of several versions add: the number of a tensor, and suffixes of names that were taken. */
const plainName = (name: string): string => name.replace(/:\d+$/, '');

/**
 * Gives named tensors to a model's weights.
 * @param strict - All of the model's weights, and no others.
 * @throws ArgumentError where they are not its
 */
export function assignNamed(
  model: Model,
  tensors: Readonly<Record<string, Tensor>>,
  what: string,
  strict: boolean,
): void {
  const left = new Map(Object.entries(tensors).map(([name, tensor]) => [plainName(name), tensor]));
  const waiting: NamedWeight[] = [];
  const assign = (variable: Variable, tensor: Tensor): void =>
    ops.tidy(() => void variable.assign(ops.cast(tensor, variable.dtype)));
  for (const weight of namedWeights(model)) {
    const { variable, names } = weight;
    const found = names.find((name) => {
      const tensor = left.get(name);
      return tensor && shapesEqual(tensor.shape, variable.shape);
    });
    if (found === undefined) waiting.push(weight);
    else {
      assign(variable, left.get(found)!);
      left.delete(found);
    }
  }
  if (waiting.length === 0 && left.size === 0) return;
  // Names of other versions: what is left fits in its order, or not at all.
  const rest = [...left.values()];
  if (
    rest.length === waiting.length &&
    waiting.every(({ variable }, i) => shapesEqual(variable.shape, rest[i].shape))
  ) {
    waiting.forEach(({ variable }, i) => assign(variable, rest[i]));
    return;
  }
  if (!strict) return;
  const list = (names: readonly string[]): string => names.slice(0, 5).join(', ') || 'none';
  throw new ArgumentError(
    `${what} does not fit model ${model.name}: missing are ${list(waiting.map(({ variable }) => `${variable.name} ${formatShape(variable.shape)}`))}; ` +
      `left over are ${list([...left].map(([name, { shape }]) => `${name} ${formatShape(shape)}`))}. Load with strict: false to take what fits.`,
  );
}

/** The training config of TensorFlow.js as Keras's. */
function compileConfig(training: unknown): Fields | null {
  if (!isFields(training) || !isFields(training.optimizer_config)) return null;
  const { optimizer_config: optimizer, ...rest } = training;
  return { ...rest, optimizer };
}

/** A layers model of artifacts. @throws ArgumentError */
export function layersModelOf(
  artifacts: ModelArtifacts,
  what: string,
  { strict = true, compile = true, customObjects }: LoadLayersOptions = {},
): Model {
  const topology = fieldsOf(artifacts.modelTopology, `${what}: modelTopology`);
  if (topology.node !== undefined || artifacts.format === 'graph-model')
    throw new ArgumentError(`${what} is a graph model; load it with tf.loadGraphModel.`);
  const config =
    typeof topology.model_config === 'string' ? (JSON.parse(topology.model_config) as unknown) : topology.model_config;
  const json = fieldsOf(config ?? topology, `${what}: the model's config`);
  const training = compile ? compileConfig(artifacts.trainingConfig ?? topology.training_config) : null;
  const { module: _module, ...legacy } = withOldHardSigmoid(json, topology.keras_version) as Fields;
  const model = modelFromKeras({ ...legacy, ...(training && { compile_config: training }) }, what, {
    customObjects,
    compile,
  });
  if (!artifacts.weightSpecs?.length) return model;
  if (!model.built)
    throw new ArgumentError(`${what}: the model does not say its input shape, so its weights cannot be read.`);
  const own = artifacts.weightSpecs.filter(({ group }) => group !== 'optimizer');
  const tensors = decodeWeights(artifacts.weightData ?? new ArrayBuffer(0), own);
  try {
    assignNamed(model, tensors, what, strict);
  } finally {
    for (const tensor of Object.values(tensors)) tensor.dispose();
  }
  return model;
}

/**
 * A layers model in TensorFlow.js's form: what `model.save('file://...')` or the converter of TensorFlow.js wrote.
 *
 * @param source - `file://folder/model.json`, a path, a URL, or an IOHandler.
 * @throws ArgumentError where it is none, is damaged, or holds a class that is not known
 * @example
 * await model.save('file://./digits');
 * const again = await tf.loadLayersModel('file://./digits/model.json');
 */
export async function loadLayersModel(source: string | IOHandler, options: LoadLayersOptions = {}): Promise<Model> {
  const artifacts = await loadArtifacts(source, options);
  return layersModelOf(artifacts, typeof source === 'string' ? source : 'loadLayersModel', options);
}

/** A model as artifacts of TensorFlow.js. */
export async function artifactsOfModel(
  model: Model,
  { includeOptimizer = false, trainableOnly = false }: SaveOptions,
): Promise<ModelArtifacts> {
  const topology = toKeras2(toKeras(describeModel(model, { includeOptimizer: false }))) as Fields;
  const weights = namedWeights(model)
    .filter(({ variable }) => !trainableOnly || variable.trainable)
    .map(({ variable, names }) => ({ name: names[0], tensor: variable }));
  const { data, specs } = await encodeWeights(uniquelyNamed(weights));
  const compiled = includeOptimizer ? compileConfigOf(model) : null;
  const training = compiled && (toKeras2(toKeras(compiled)) as Fields);
  return {
    modelTopology: { ...topology, keras_version: kerasVersion, backend: 'tensor_flow.js' },
    format: 'layers-model',
    generatedBy: 'TensorCell',
    convertedBy: null,
    weightSpecs: specs,
    weightData: data,
    ...(training && {
      trainingConfig: { loss: training.loss, metrics: training.metrics ?? [], optimizer_config: training.optimizer },
    }),
  };
}

function uniquelyNamed<T extends { readonly name: string }>(weights: readonly T[]): T[] {
  const used = new Set<string>();
  return weights.map((weight) => {
    let { name } = weight;
    for (let i = 1; used.has(name); i++) name = `${weight.name}_${i}`;
    used.add(name);
    return { ...weight, name };
  });
}

/** Saves a model in TensorFlow.js's form. @throws ArgumentError where the handler cannot save */
export async function saveLayersModel(
  model: Model,
  target: string | SaveHandler,
  options: SaveOptions,
): Promise<SaveResult> {
  const handler = typeof target === 'string' ? getSaveHandlers(target)[0] : target;
  if (typeof handler?.save !== 'function')
    throw new ArgumentError('save: expected a path, a URL or an IOHandler with a method save; this one cannot save.');
  return handler.save(await artifactsOfModel(model, options));
}
