/** @file `.keras` files: a zip archive of config.json, metadata.json, model.weights.h5 and assets. */
import type { Model } from '../models/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { type ArchiveFiles, readArchive, writeArchive } from './archive.ts';
import { readHdf5, writeHdf5 } from './hdf5.ts';
import { type ModelFromConfigOptions, modelFromKeras, modelToKeras } from './model-json.ts';
import { readState, writeState } from './model-state.ts';
import { parseJSON, writeJSON } from './python-json.ts';

/** Whose layouts the files have. */
export const kerasVersion = '3.15.0';

const configFile = 'config.json';
const weightsFile = 'model.weights.h5';
const assetsFolder = 'assets/';

/** Local time as Keras writes it: `2026-01-31@12:00:00`. */
function dateSaved(): string {
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-');
  return `${date}@${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(':')}`;
}

/** The bytes of a `.keras` file. */
export async function writeKerasArchive(
  model: Model,
  options: { includeOptimizer?: boolean } = {},
): Promise<Uint8Array> {
  const assets = new Map<string, Uint8Array>();
  const weights = await writeHdf5((root) => writeState(model, root, { assets, ...options }));
  const encode = (value: unknown): Uint8Array => new TextEncoder().encode(writeJSON(value));
  return writeArchive(
    new Map([
      ['metadata.json', encode({ keras_version: kerasVersion, date_saved: dateSaved() })],
      [configFile, encode(modelToKeras(model, options))],
      [weightsFile, weights],
      ...[...assets].map(([name, bytes]) => [assetsFolder + name, bytes] as const),
    ]),
  );
}

function fileIn(files: ArchiveFiles, name: string, what: string): Uint8Array {
  const found = files.get(name);
  if (!found)
    throw new ArgumentError(
      `${what} has no ${name}, so it is no .keras file; it has ${[...files.keys()].slice(0, 5).join(', ') || 'nothing'}.`,
    );
  return found;
}

const assetsOf = (files: ArchiveFiles): Map<string, Uint8Array> =>
  new Map(
    [...files]
      .filter(([name]) => name.startsWith(assetsFolder))
      .map(([name, bytes]) => [name.slice(assetsFolder.length), bytes]),
  );

/** The model in a `.keras` file. @param what - What messages call the file. @throws ArgumentError */
export async function readKerasArchive(
  bytes: Uint8Array,
  what: string,
  options: ModelFromConfigOptions = {},
): Promise<Model> {
  const files = await readArchive(bytes, what);
  const config = new TextDecoder().decode(fileIn(files, configFile, what));
  const weights = fileIn(files, weightsFile, what);
  const model = modelFromKeras(parseJSON(config, `${what}: ${configFile}`), `${what}: ${configFile}`, options);
  await readHdf5(weights, `${what}: ${weightsFile}`, (root) =>
    readState(model, root, { what, assets: assetsOf(files) }),
  );
  return model;
}

/** Reads weights alone out of a `.keras` file into a model. @throws ArgumentError */
export async function readArchivedWeights(
  model: Model,
  bytes: Uint8Array,
  what: string,
  skipMismatch: boolean,
): Promise<void> {
  const files = await readArchive(bytes, what);
  await readHdf5(fileIn(files, weightsFile, what), `${what}: ${weightsFile}`, (root) =>
    readState(model, root, { what, skipMismatch, assets: assetsOf(files) }),
  );
}
