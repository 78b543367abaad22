/** @file HDF5 files as Keras 2 wrote them and Keras 3 still does: the config as an attribute, weights in one group a layer. */
import { Layer } from '../layers/index.ts';
import { Model } from '../models/index.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape, shapesEqual } from '../tensor/shape.ts';
import type { Variable } from '../tensor/variable.ts';
import { type Fields, fieldsOf, isFields } from './fields.ts';
import { type GroupWriter, type StoredArray, type StoredGroup, readHdf5, writeHdf5 } from './hdf5.ts';
import { kerasVersion } from './keras-archive.ts';
import { toKeras } from './keras-json.ts';
import { withOldHardSigmoid } from './keras2-activations.ts';
import { type ModelFromConfigOptions, compileConfigOf, describeModel, modelFromKeras } from './model-json.ts';
import { parseJSON, writeJSON } from './python-json.ts';
import { fromStored, toStored } from './stored-tensors.ts';

const weightsGroup = 'model_weights';
const optimizerGroup = 'optimizer_weights';
const topLevel = 'top_level_model_weights';

/** Weights in the order of these files: what training changes, then the rest. */
const legacyWeights = (layer: Layer): Variable[] => [...layer.trainableWeights, ...layer.nonTrainableWeights];

/** Weights of a model that are no layer's. */
const ownWeights = (model: Model): Variable[] => {
  const own = new Set(model.ownVariables);
  return legacyWeights(model).filter((weight) => own.has(weight));
};

/** Names within one group, none twice, and none that is a folder of another. */
function uniqueNames(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let i = 1; used.has(unique); i++) unique = `${name}_${i}`;
    used.add(unique);
    return unique;
  });
}

function writeVariables(group: GroupWriter, variables: readonly Variable[]): void {
  const names = uniqueNames(variables.map(({ name }) => name));
  group.writeTexts('weight_names', names);
  variables.forEach((variable, i) => group.writeArray(names[i], toStored(variable.value, variable.name)));
}

/** Writes the weights of each layer: all of a weights-only file. */
function writeWeights(group: GroupWriter, model: Model): void {
  group.writeTexts(
    'layer_names',
    model.layers.map(({ name }) => name),
  );
  group.writeText('backend', 'tensorflow');
  group.writeText('keras_version', kerasVersion);
  for (const layer of model.layers) writeVariables(group.groupAt(layer.name), legacyWeights(layer));
  writeVariables(group.groupAt(topLevel), ownWeights(model));
}

/** The bytes of a whole-model `.h5` file. @throws ArgumentError for a model that is not made of layers alone */
export async function writeLegacyHdf5(
  model: Model,
  { includeOptimizer = true }: { includeOptimizer?: boolean } = {},
): Promise<Uint8Array> {
  const described = describeModel(model, { includeOptimizer: false });
  const compileConfig = includeOptimizer ? compileConfigOf(model) : null;
  return writeHdf5((root) => {
    root.writeText('keras_version', kerasVersion);
    root.writeText('backend', 'tensorflow');
    const { class_name, config } = toKeras(described, '', true) as Fields;
    root.writeText('model_config', writeJSON({ class_name, config }));
    if (compileConfig) {
      const { optimizer, ...rest } = toKeras(compileConfig) as Fields;
      const { class_name: className, config: settings } = fieldsOf(optimizer, 'the optimizer');
      const optimizerConfig = { class_name: className, config: settings };
      root.writeText('training_config', writeJSON({ ...rest, optimizer_config: optimizerConfig }));
    }
    writeWeights(root.groupAt(weightsGroup), model);
    const { optimizer } = model;
    if (compileConfig && optimizer?.built) writeVariables(root.groupAt(optimizerGroup), optimizer.variables);
  });
}

/** The arrays of one layer's group. */
const readVariables = (group: StoredGroup, what: string): StoredArray[] =>
  group.texts('weight_names').map((name) => {
    const array = group.arrayAt(name);
    if (!array) throw new ArgumentError(`${what}: it names the weight '${name}', but does not hold it.`);
    return array;
  });

export interface ReadWeightsOptions {
  /** Takes weights by the names of layers, not by their order; default false. */
  byName?: boolean;
  /** Leaves out what does not fit; default false: it is an error. */
  skipMismatch?: boolean;
}

/** Gives arrays to variables. @throws ArgumentError, ShapeError unless `skipMismatch` */
function assignAll(
  variables: readonly Variable[],
  arrays: readonly StoredArray[],
  whose: string,
  skipMismatch: boolean,
): void {
  const mismatch =
    variables.length !== arrays.length
      ? new ArgumentError(`${whose}: the file has ${arrays.length} weights for it, it has ${variables.length}.`)
      : variables.flatMap((variable, i) =>
          shapesEqual(variable.shape, arrays[i].shape)
            ? []
            : [
                new ShapeError(
                  `${whose}: the file's weight for ${variable.name} has shape ${formatShape(arrays[i].shape)}, expected ${formatShape(variable.shape)}.`,
                ),
              ],
        )[0];
  if (!mismatch) {
    ops.tidy(() => variables.forEach((variable, i) => variable.assign(fromStored(arrays[i], variable.dtype))));
    return;
  }
  if (!skipMismatch) throw mismatch;
  console.warn(`${mismatch.message} It keeps its weights.`);
}

/** Reads the weights of a group with `layer_names` into a model. @throws ArgumentError, ShapeError where they do not fit */
export function readWeightsGroup(
  group: StoredGroup,
  model: Model,
  what: string,
  { byName = false, skipMismatch = false }: ReadWeightsOptions = {},
): void {
  const saved = group.texts('layer_names').flatMap((name) => {
    const layer = group.groupAt(name);
    if (!layer) throw new ArgumentError(`${what}: it names the layer '${name}', but does not hold it.`);
    const arrays = readVariables(layer, what);
    return arrays.length > 0 ? [{ name, arrays }] : [];
  });
  const layers = model.layers.filter((layer) => layer.weights.length > 0);
  if (!byName && saved.length !== layers.length)
    throw new ArgumentError(
      `${what}: it holds the weights of ${saved.length} layers (${saved.map(({ name }) => name).join(', ')}), the model has ` +
        `${layers.length} with weights (${layers.map(({ name }) => name).join(', ')}). Load them byName where only some are wanted.`,
    );
  saved.forEach(({ name, arrays }, i) => {
    const targets = byName ? layers.filter((layer) => layer.name === name) : [layers[i]];
    for (const layer of targets) assignAll(legacyWeights(layer), arrays, `${what}: layer ${layer.name}`, skipMismatch);
  });
  const top = group.groupAt(topLevel);
  const own = ownWeights(model);
  if (!top || (own.length === 0 && byName)) return;
  const arrays = readVariables(top, what);
  if (arrays.length > 0 || own.length > 0) assignAll(own, arrays, `${what}: ${model.name}`, skipMismatch);
}

/** The config of how a model was compiled, from those of Keras 2 and 3. */
function compileConfigFrom(training: Fields): Fields {
  const { optimizer_config: optimizer, sample_weight_mode: _mode, ...rest } = training;
  return { ...rest, ...(optimizer !== undefined && { optimizer }) };
}

/** The model in a whole-model `.h5` file. @throws ArgumentError */
export function readLegacyHdf5(bytes: Uint8Array, what: string, options: ModelFromConfigOptions = {}): Promise<Model> {
  return readHdf5(bytes, what, (root) => {
    const config = root.text('model_config');
    if (config === null)
      throw new ArgumentError(
        `${what} holds no model: it has no model_config. Where it holds weights alone, make the model and call model.loadWeights.`,
      );
    const parsedConfig = parseJSON(config, `${what}: model_config`);
    const json = fieldsOf(withOldHardSigmoid(parsedConfig, root.text('keras_version')), `${what}: model_config`);
    const training = options.compile === false ? null : root.text('training_config');
    const parsed = training === null ? null : parseJSON(training, `${what}: training_config`);
    const model = modelFromKeras(
      { ...json, ...(isFields(parsed) && { compile_config: compileConfigFrom(parsed) }) },
      what,
      options,
    );
    const weights = root.groupAt(weightsGroup);
    if (!weights) throw new ArgumentError(`${what} holds no weights: it has no group ${weightsGroup}.`);
    readWeightsGroup(weights, model, what);
    const state = root.groupAt(optimizerGroup);
    if (state && model.optimizer) {
      model.optimizer.build(model.trainableWeights);
      const arrays = readVariables(state, what);
      const variables = model.optimizer.variables;
      if (arrays.length === variables.length) assignAll(variables, arrays, `${what}: the optimizer`, false);
      else
        console.warn(
          `${what}: the optimizer's state is not read: the file has ${arrays.length} variables, ${model.optimizer.name} has ${variables.length}.`,
        );
    }
    return model;
  });
}

/** Whether an HDF5 file has the layout of Keras 2: `layer_names`, of the file or of its group of weights. */
export function legacyWeightsIn(root: StoredGroup): StoredGroup | null {
  if (root.attribute('layer_names') !== null || root.attribute('layer_names0') !== null) return root;
  return root.groupAt(weightsGroup);
}
