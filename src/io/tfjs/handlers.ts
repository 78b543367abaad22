/** @file IOHandlers of TensorFlow.js: where models in its form come from and go to. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  ModelArtifacts,
  ModelArtifactsInfo,
  SaveHandler,
  SaveResult,
  WeightEntry,
} from '../../models/saving-port.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { fieldsOf, isFields, listOf, textOf } from '../fields.ts';
import { parseJSON, writeJSON } from '../python-json.ts';
import { joinBytes } from './weights.ts';

/** Saves, loads, or does both. */
export interface IOHandler extends SaveHandler {
  load?(): Promise<ModelArtifacts> | ModelArtifacts;
}

const jsonFile = 'model.json';
const weightsFile = 'weights.bin';

/** Fields of model.json besides topology and weights. */
const otherFields = [
  ...(['format', 'generatedBy', 'convertedBy', 'trainingConfig', 'signature'] as const),
  ...(['userDefinedMetadata', 'modelInitializer', 'initializerSignature'] as const),
] as const;

/** Sizes of what is saved. */
export function getModelArtifactsInfoForJSON(artifacts: ModelArtifacts): ModelArtifactsInfo {
  if (artifacts.modelTopology instanceof ArrayBuffer)
    throw new ArgumentError('Expected the topology of a model as JSON, got bytes.');
  const bytes = (value: unknown): number => (value ? Buffer.byteLength(JSON.stringify(value)) : 0);
  return {
    dateSaved: new Date(),
    modelTopologyType: 'JSON',
    modelTopologyBytes: bytes(artifacts.modelTopology),
    weightSpecsBytes: bytes(artifacts.weightSpecs),
    weightDataBytes: artifacts.weightData ? weightBytes(artifacts).byteLength : 0,
  };
}

/** The weights as one run of bytes. */
export function weightBytes({ weightData }: ModelArtifacts): Uint8Array {
  if (!weightData) return new Uint8Array(0);
  return joinBytes(Array.isArray(weightData) ? (weightData as ArrayBuffer[]) : [weightData as ArrayBuffer]);
}

/** model.json of artifacts. */
function jsonOf(artifacts: ModelArtifacts): Record<string, unknown> {
  const others = otherFields.flatMap((field) => (artifacts[field] == null ? [] : [[field, artifacts[field]] as const]));
  return {
    modelTopology: artifacts.modelTopology,
    ...Object.fromEntries(others),
    weightsManifest: [{ paths: [weightsFile], weights: artifacts.weightSpecs ?? [] }],
  };
}

/** A file of weights lies where model.json lies, or below. @throws ArgumentError */
function requireInside(path: string, what: string): string {
  if (path.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(path) || path.split(/[/\\]/).includes('..'))
    throw new ArgumentError(
      `${what}: the weights' path ${JSON.stringify(path)} leads out of its folder; it is not read.`,
    );
  return path;
}

/** What model.json says, with the bytes that it names. */
async function artifactsOf(
  json: unknown,
  what: string,
  read: (path: string) => Promise<Uint8Array>,
  onProgress?: (fraction: number) => void,
): Promise<ModelArtifacts> {
  const fields = fieldsOf(json, what);
  // Weights may be left out; a bare topology is a file of its own in old versions.
  if (fields.modelTopology === undefined && fields.weightsManifest === undefined)
    return isFields(fields.model_config) || fields.node !== undefined
      ? { modelTopology: fields }
      : Promise.reject(new ArgumentError(`${what} is no model of TensorFlow.js: it has no modelTopology.`));
  const specs: WeightEntry[] = [];
  const paths: string[] = [];
  for (const group of fields.weightsManifest === undefined ? [] : listOf(fields.weightsManifest, what)) {
    const { paths: files, weights } = fieldsOf(group, `${what}: weightsManifest`);
    specs.push(...(listOf(weights, `${what}: weights`) as WeightEntry[]));
    for (const path of listOf(files, `${what}: paths`))
      paths.push(requireInside(textOf(path, `${what}: a path`), what));
  }
  const parts: Uint8Array[] = [];
  for (const path of paths) {
    parts.push(await read(path));
    onProgress?.(parts.length / paths.length);
  }
  return {
    modelTopology: fields.modelTopology as object,
    ...Object.fromEntries(otherFields.filter((field) => fields[field] != null).map((field) => [field, fields[field]])),
    weightSpecs: specs,
    weightData: joinBytes(parts).buffer as ArrayBuffer,
  };
}

/** `file://./folder` as a path. */
export const filePath = (url: string): string =>
  url.startsWith('file:///') ? fileURLToPath(url) : url.startsWith('file://') ? url.slice('file://'.length) : url;

/**
 * A folder with `model.json` and `weights.bin`, or the path of a `model.json` to load.
 *
 * @example
 * await model.save(tf.io.fileSystem('./digits'));
 * const again = await tf.loadLayersModel(tf.io.fileSystem('./digits/model.json'));
 */
export function fileSystem(path: string): Required<IOHandler> {
  const folder = filePath(path);
  return {
    async save(artifacts) {
      if (artifacts.modelTopology instanceof ArrayBuffer)
        throw new ArgumentError('fileSystem: expected the topology of a model as JSON, got bytes.');
      const found = await stat(folder).catch(() => null);
      if (found && !found.isDirectory())
        throw new ArgumentError(`fileSystem: '${folder}' is a file; a model is saved into a folder.`);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, weightsFile), weightBytes(artifacts));
      await writeFile(join(folder, jsonFile), writeJSON(jsonOf(artifacts)));
      return { modelArtifactsInfo: getModelArtifactsInfoForJSON(artifacts) };
    },
    async load() {
      const found = await stat(folder).catch(() => null);
      const file = found?.isDirectory() ? join(folder, jsonFile) : folder;
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw new ArgumentError(`There is no model at '${file}': ${error.code ?? error.message}.`);
      });
      return artifactsOf(parseJSON(text, file), file, async (name) => {
        const bytes = await readFile(join(dirname(file), name)).catch((error: NodeJS.ErrnoException) => {
          throw new ArgumentError(`${file}: its weights '${name}' cannot be read: ${error.code ?? error.message}.`);
        });
        return new Uint8Array(bytes);
      });
    },
  };
}

/** A model that lies in memory, as artifacts. */
export const fromMemory = (
  artifacts: ModelArtifacts | object,
  weightSpecs?: readonly WeightEntry[],
  weightData?: ArrayBuffer,
  trainingConfig?: object,
): IOHandler => {
  const whole = 'modelTopology' in artifacts || 'weightSpecs' in artifacts;
  const all = whole
    ? (artifacts as ModelArtifacts)
    : { modelTopology: artifacts, weightSpecs, weightData, trainingConfig };
  return { load: () => Promise.resolve(all) };
};

/** Gives what is saved to a function. */
export const withSaveHandler = (save: (artifacts: ModelArtifacts) => Promise<SaveResult> | SaveResult): IOHandler => ({
  save,
});

export interface HTTPOptions {
  /** For each request. */
  requestInit?: RequestInit;
  /** Before the paths of weights; default: where model.json lies. */
  weightPathPrefix?: string;
  /** The URL of a file of weights. */
  weightUrlConverter?: (file: string) => Promise<string>;
  /** How much is loaded, from 0 to 1. */
  onProgress?: (fraction: number) => void;
  /** In the place of `fetch`. */
  fetchFunc?: typeof fetch;
}

/**
 * A model on a web server: loaded by GET, saved by POST of a form with `model.json` and `model.weights.bin`.
 * @throws ArgumentError for a response that is no success
 */
export function http(url: string, options: HTTPOptions = {}): Required<IOHandler> {
  const request = options.fetchFunc ?? fetch;
  const get = async (address: string): Promise<Response> => {
    const response = await request(address, options.requestInit);
    if (!response.ok) throw new ArgumentError(`${address} answered ${response.status} ${response.statusText}.`);
    return response;
  };
  return {
    async save(artifacts) {
      const body = new FormData();
      const json = jsonOf(artifacts);
      body.append('model.json', new Blob([writeJSON(json)], { type: 'application/json' }), 'model.json');
      const bytes = weightBytes(artifacts);
      if (bytes.byteLength > 0)
        body.append(
          'model.weights.bin',
          new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/octet-stream' }),
          'model.weights.bin',
        );
      const response = await request(url, { method: 'POST', ...options.requestInit, body });
      if (!response.ok) throw new ArgumentError(`${url} answered ${response.status} ${response.statusText}.`);
      return { modelArtifactsInfo: getModelArtifactsInfoForJSON(artifacts), responses: [response] };
    },
    async load() {
      const text = await (await get(url)).text();
      const base = new URL('.', url);
      return artifactsOf(
        parseJSON(text, url),
        url,
        async (path) => {
          const address = options.weightUrlConverter
            ? await options.weightUrlConverter(path)
            : options.weightPathPrefix !== undefined
              ? options.weightPathPrefix + path
              : String(new URL(path + base.search, base));
          return new Uint8Array(await (await get(address)).arrayBuffer());
        },
        options.onProgress,
      );
    },
  };
}

type Router = (url: string | string[], options?: HTTPOptions) => IOHandler | null;
const loadRouters: Router[] = [];
const saveRouters: Router[] = [];

/** Takes part in finding the handler of a URL that models are loaded from. */
export const registerLoadRouter = (router: Router): void => void loadRouters.push(router);
/** Takes part in finding the handler of a URL that models are saved to. */
export const registerSaveRouter = (router: Router): void => void saveRouters.push(router);

const builtIn = (url: string, options?: HTTPOptions): IOHandler | null =>
  /^https?:\/\//.test(url) ? http(url, options) : url.startsWith('file://') ? fileSystem(url) : null;

const handlersFor = (routers: readonly Router[], url: string, options?: HTTPOptions): IOHandler[] =>
  [...routers.map((router) => router(url, options)), builtIn(url, options)].filter((handler) => handler !== null);

/** Handlers that can load from a URL; those that were registered first. */
export const getLoadHandlers = (url: string, options?: HTTPOptions): IOHandler[] =>
  handlersFor(loadRouters, url, options);
/** Handlers that can save to a URL; those that were registered first. */
export const getSaveHandlers = (url: string, options?: HTTPOptions): IOHandler[] =>
  handlersFor(saveRouters, url, options);

/** What a handler, or the handler of a URL or a path, loads. @throws ArgumentError where there is none */
export async function loadArtifacts(source: string | IOHandler, options?: HTTPOptions): Promise<ModelArtifacts> {
  const handler = typeof source === 'string' ? (getLoadHandlers(source, options)[0] ?? fileSystem(source)) : source;
  if (typeof handler?.load !== 'function')
    throw new ArgumentError('Expected a path, a URL or an IOHandler with a method load; this one cannot load.');
  return handler.load();
}
