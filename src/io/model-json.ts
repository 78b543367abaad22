/** @file A model as a saved object (classes, configs, what it was built and compiled for) and back. */
import type { Config } from '../configuration.ts';
import { Layer } from '../layers/index.ts';
import { layerRegistry } from '../layers/registry.ts';
import { fullName } from '../losses/functions.ts';
import { Model } from '../models/index.ts';
import {
  type SerializableClass,
  registeredNameOf,
  withCustomObjects,
  type CustomObjects,
} from '../serialization/registry.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type Fields, isFields } from './fields.ts';
import { type SavedObject, fromKeras, toKeras } from './keras-json.ts';
import { metricClass } from './kinds.ts';

/** An object of any kind as configs hold it. */
function describeObject(object: { getConfig(): Config }): SavedObject {
  if (object instanceof Layer) return layerRegistry.serialize(object);
  const type = object.constructor as SerializableClass;
  const registeredName = registeredNameOf(type);
  return {
    className: type.className ?? type.name,
    config: object.getConfig(),
    ...(registeredName && { registeredName }),
  };
}

const isConfigurable = (value: object): value is { getConfig(): Config } =>
  typeof (value as { getConfig?: unknown }).getConfig === 'function';

/** Instances and functions within a structure as configs hold them. @throws ArgumentError for functions without a name */
function describeAll(value: unknown, key: string): unknown {
  if (typeof value === 'string' && /metrics$/i.test(key)) return describeMetricName(value);
  // Keras does not find losses in HDF5 files by their short names.
  if (typeof value === 'string' && key === 'loss') return fullName(value);
  if (typeof value === 'function') {
    const type = value as SerializableClass;
    const name = registeredNameOf(type) ?? type.name;
    if (!name) throw new ArgumentError(`compile was given a function without a name (${key}), which no file can hold.`);
    return { className: 'function', config: name as unknown as Config };
  }
  if (typeof value !== 'object' || value === null || value instanceof Tensor) return value;
  if (Array.isArray(value)) return value.map((item) => describeAll(item, key));
  if (isConfigurable(value)) return describeAll(describeObject(value), key);
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, describeAll(child, name)]));
}

/**
 * A metric given by a name in camelCase is called by that name in logs, which Keras does not know it by: a file holds its class and
 * the name that it has.
 */
function describeMetricName(name: string): string | SavedObject {
  const className = /[A-Z]/.test(name) ? metricClass(name) : undefined;
  return className === undefined ? name : { className, config: { name } };
}

/** What models say of their compilation. */
interface Compiled {
  getCompileConfig(): Config | null;
  compileFromConfig(config: Config): void;
}
const compiled = (model: Model): Partial<Compiled> => model as Partial<Compiled>;

/** Keras expects all of these in a file. */
const compileDefaults: Config = {
  ...{ optimizer: 'rmsprop', loss: null, lossWeights: null, metrics: null, weightedMetrics: null },
  ...{ runEagerly: false, stepsPerExecution: 1, jitCompile: false },
};

/** What a model was compiled with; null where it was not. */
export function compileConfigOf(model: Model): Config | null {
  const config = compiled(model).getCompileConfig?.();
  if (!config) return null;
  // The optimizer as it is now: its rate may have changed, and what was given may be just its name.
  const all = { ...compileDefaults, ...config, ...(model.optimizer && { optimizer: model.optimizer }) };
  return describeAll(all, 'compile') as Config;
}

/** A model with all that a `.keras` file says of it but the state. */
export function describeModel(model: Model, { includeOptimizer = true } = {}): SavedObject {
  const compileConfig = includeOptimizer ? compileConfigOf(model) : null;
  const buildConfig = model.getBuildConfig();
  return {
    ...layerRegistry.serialize(model),
    ...(buildConfig && { buildConfig }),
    ...(compileConfig && { compileConfig }),
  };
}

/** Keras's JSON of a model. */
export const modelToKeras = (model: Model, options?: { includeOptimizer?: boolean }): Fields =>
  toKeras(describeModel(model, options)) as Fields;

export interface ModelFromConfigOptions {
  /** Classes and functions of your own that the model uses, by name. */
  customObjects?: CustomObjects;
  /** Whether to compile the model as it was; default true. */
  compile?: boolean;
}

/**
 * The model that Keras's JSON describes: new, with fresh weights.
 * @param what - What messages call the text.
 * @throws ArgumentError where it describes none, or a class that is not known
 */
export function modelFromKeras(
  json: unknown,
  what: string,
  { customObjects = {}, compile = true }: ModelFromConfigOptions = {},
): Model {
  if (!isFields(json) || typeof json.class_name !== 'string' || !('config' in json))
    throw new ArgumentError(`${what}: expected the config of a model, { class_name, config }.`);
  return withCustomObjects(customObjects, () => {
    const saved = fromKeras(json) as SavedObject;
    const model = layerRegistry.deserialize(saved);
    if (!(model instanceof Model))
      throw new ArgumentError(`${what}: expected the config of a model, got that of a layer: ${saved.className}.`);
    if (saved.buildConfig && !model.built) model.buildFromConfig(saved.buildConfig);
    if (compile && saved.compileConfig) compiled(model).compileFromConfig?.(saved.compileConfig);
    return model;
  });
}
