/** @file Saving and loading of whole models and of weights: which format a path means. */
import { constants } from 'node:fs';
import { copyFile, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { Model } from '../models/index.ts';
import type { LoadWeightsOptions, SaveOptions, SaveWeightsOptions } from '../models/saving-port.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { isArchive } from './archive.ts';
import { readHdf5, writeHdf5 } from './hdf5.ts';
import { readArchivedWeights, readKerasArchive, writeKerasArchive } from './keras-archive.ts';
import { legacyWeightsIn, readLegacyHdf5, readWeightsGroup, writeLegacyHdf5 } from './legacy-hdf5.ts';
import { type ModelFromConfigOptions, modelFromKeras, modelToKeras } from './model-json.ts';
import { readState, writeState } from './model-state.ts';
import { parseJSON, writeJSON } from './python-json.ts';
import { readSafetensorsInto, writeModelSafetensors } from './safetensors-weights.ts';

/** Writes a file so that one that was there is whole until the new one is. @throws ArgumentError where it may not be replaced */
async function writeWhole(path: string, bytes: Uint8Array, overwrite: boolean): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await writeFile(partial, bytes);
    if (overwrite) await rename(partial, path);
    else await copyFile(partial, path, constants.COPYFILE_EXCL);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new ArgumentError(`'${path}' cannot be written: its folder does not exist; make it first.`);
    if (code !== 'EEXIST') throw error;
    throw new ArgumentError(`'${path}' exists; save with overwrite: true to replace it.`);
  } finally {
    await rm(partial, { force: true });
  }
}

/** @throws ArgumentError where there is no such file */
async function readWhole(path: string, what: string): Promise<Uint8Array> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new ArgumentError(`${what}: there is no file '${path}'.`);
  if (found.isDirectory()) throw new ArgumentError(`${what}: '${path}' is a folder; expected a file.`);
  return new Uint8Array(await readFile(path));
}

/** Saves a model as a `.keras` or `.h5` file. @throws ArgumentError for a path of another ending */
export async function saveModelFile(
  model: Model,
  path: string,
  { overwrite = true, includeOptimizer = true }: SaveOptions = {},
): Promise<void> {
  if (!model.built)
    throw new ArgumentError(
      `save: model ${model.name} is not built, so it has no weights to save; give its first layer an inputShape, or apply it to data.`,
    );
  if (path.endsWith('.keras')) await writeWhole(path, await writeKerasArchive(model, { includeOptimizer }), overwrite);
  else if (/\.(h5|hdf5)$/.test(path) && !path.endsWith('.weights.h5'))
    await writeWhole(path, await writeLegacyHdf5(model, { includeOptimizer }), overwrite);
  else
    throw new ArgumentError(
      `save: expected a path that ends in .keras (or .h5), 'file://folder' for TensorFlow.js's form, or a handler; got '${path}'` +
        (path.endsWith('.weights.h5') ? '. For weights alone call model.saveWeights.' : '.'),
    );
}

/**
 * The model in a file, ready to be used, or to be trained further: with its weights, and as it was compiled, with the optimizer's
 * state. What is in the file says how it is read, not its name. No code in a file is ever run: layers of your own must be known here.
 *
 * @param path - A `.keras` file or an HDF5 file, of Python's Keras or of this library.
 * @throws ArgumentError for a file that is damaged or foreign, or holds a class that is not known.
 * @example
 * await model.save('digits.keras');
 * const again = await tf.loadModel('digits.keras');
 * const mine = await tf.loadModel('mine.keras', { customObjects: { Scale } });
 */
export async function loadModel(path: string, options: ModelFromConfigOptions = {}): Promise<Model> {
  const bytes = await readWhole(path, 'loadModel');
  return isArchive(bytes) ? readKerasArchive(bytes, path, options) : readLegacyHdf5(bytes, path, options);
}

/** Saves a model's weights as a `.weights.h5` or `.safetensors` file. @throws ArgumentError for a path of another ending */
export async function saveWeightsFile(
  model: Model,
  path: string,
  { overwrite = true }: SaveWeightsOptions = {},
): Promise<void> {
  if (!model.built)
    throw new ArgumentError(`saveWeights: model ${model.name} is not built, so it has no weights to save.`);
  if (path.endsWith('.weights.h5'))
    await writeWhole(path, await writeHdf5((root) => writeState(model, root)), overwrite);
  else if (path.endsWith('.safetensors')) await writeWhole(path, writeModelSafetensors(model), overwrite);
  else throw new ArgumentError(`saveWeights: expected a path that ends in .weights.h5 or .safetensors, got '${path}'.`);
}

/**
 * Reads a file of weights into a model.
 * @throws ArgumentError where the model is not built, or the weights are not its
 */
export async function loadWeightsFile(model: Model, path: string, options: LoadWeightsOptions = {}): Promise<void> {
  const { byName = false, skipMismatch = false } = options;
  if (!model.built)
    throw new ArgumentError(
      `loadWeights: model ${model.name} is not built, so it has no weights to read; give its first layer an inputShape, or apply it to data.`,
    );
  const bytes = await readWhole(path, 'loadWeights');
  // State that the file may have is read into variables that must be there.
  model.optimizer?.build(model.trainableWeights);
  const refuseByName = (kind: string): void => {
    if (byName)
      throw new ArgumentError(`loadWeights: byName is for HDF5 files of Keras 2's layout; '${path}' is ${kind}.`);
  };
  if (isArchive(bytes)) {
    refuseByName('a .keras file');
    await readArchivedWeights(model, bytes, path, skipMismatch);
  } else if (path.endsWith('.safetensors')) readSafetensorsInto(model, bytes, path, { skipMismatch });
  else
    await readHdf5(bytes, path, (root) => {
      const legacy = legacyWeightsIn(root);
      if (legacy) return readWeightsGroup(legacy, model, path, { byName, skipMismatch });
      refuseByName("of Keras 3's");
      return readState(model, root, { what: path, skipMismatch });
    });
}

/** A model's architecture as Keras's JSON. */
export const modelToJSON = (model: Model): string => writeJSON(modelToKeras(model));

/**
 * The model that `model.toJSON()` described, with new weights; compiled as it was.
 * @throws ArgumentError for a text that describes no model
 * @example
 * const twin = tf.modelFromJSON(model.toJSON());
 */
export const modelFromJSON = (json: string, options?: ModelFromConfigOptions): Model =>
  modelFromKeras(parseJSON(json, 'modelFromJSON'), 'modelFromJSON', options);

/** A model's architecture as YAML: the same as its JSON. */
export async function modelToYAML(model: Model): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(modelToKeras(model), { aliasDuplicateObjects: false });
}

/**
 * The model that `await model.toYAML()` described, with new weights. No tags of YAML make anything but plain values.
 * @throws ArgumentError for a text that describes no model
 */
export async function modelFromYAML(yaml: string, options?: ModelFromConfigOptions): Promise<Model> {
  const { parse } = await import('yaml');
  let value: unknown;
  try {
    value = parse(yaml, { maxAliasCount: 100 });
  } catch (error) {
    throw new ArgumentError(`modelFromYAML: the text is no YAML: ${(error as Error).message.split('\n')[0]}.`);
  }
  return modelFromKeras(value, 'modelFromYAML', options);
}
