/** @file Configs as Keras's JSON and back: `{ className, config }` in camelCase, `{ module, class_name, config, ... }` in snake_case. */
import type { Config } from '../configuration.ts';
import { isSerialized, type SerializedObject } from '../serialization/registry.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type CallArguments, argumentsFromKeras, argumentsToKeras } from './call-arguments.ts';
import { type Fields, isFields, listOf, textOf } from './fields.ts';
import { innerClassName, kerasModule, outerClassName } from './kinds.ts';
import { isKerasOperation, operationFromKeras, operationToKeras, operationsModule } from './keras-operations.ts';
import { usesFromKeras, usesToKeras } from './layer-uses.ts';
import { holdsNames, isChoice, kerasChoice, kerasKey, ownChoice, ownKey } from './spelling.ts';

/** An object of a config with what else a file says of it. */
export interface SavedObject extends SerializedObject {
  readonly name?: string;
  readonly inboundNodes?: readonly unknown[];
  /** For what shapes it was built. */
  readonly buildConfig?: Config;
  readonly compileConfig?: Config;
}

// ---- to Keras

/** @param legacy - As Keras writes layers into HDF5 files: without modules. */
export function toKeras(value: unknown, key = '', legacy = false): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return key === 'dtype' || !isChoice(key) ? value : kerasChoice(value);
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Tensor)
    return { class_name: '__tensor__', config: { value: value.arraySync(), dtype: value.dtype } };
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>, Number);
  if (Array.isArray(value)) return value.map((item) => toKeras(item, key, legacy));
  if (isSerialized(value)) return objectToKeras(value, key, legacy);
  if (typeof value === 'object') {
    const named = holdsNames(key);
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) =>
        named ? [name, toKeras(child, key, legacy)] : [kerasKey(name), toKeras(child, name, legacy)],
      ),
    );
  }
  throw new ArgumentError(
    `A config holds a ${typeof value}${key ? ` under '${key}'` : ''}, which no file can hold; ` +
      `give a name, and register what it names: tf.serialization.registerClass.`,
  );
}

function objectToKeras(object: SavedObject, key: string, legacy: boolean): Fields {
  const { className, registeredName, name, inboundNodes, buildConfig, compileConfig } = object;
  if (className === '__keras_tensor__' || className === '__tensor__') {
    const { kerasHistory, ...config } = object.config;
    return { class_name: className, config: { ...config, ...(kerasHistory ? { keras_history: kerasHistory } : {}) } };
  }
  if (className === 'function') return functionToKeras(object.config);
  // HDF5 files have layers without modules, by which operations could not be told from them.
  const bare = legacy && (key === 'layers' || key === '') && className !== 'Operation';
  const parts =
    className === 'Operation'
      ? operationToKeras(object)
      : { class_name: className, module: kerasModule(className, key), config: object.config, inboundNodes };
  const { module } = parts;
  const config = toKeras(layerConfig(usesToKeras(parts.config), module), '', legacy);
  return {
    ...(!bare && { module: registeredName ? null : module }),
    // There the name of a registered class is its class's.
    class_name: bare ? (registeredName ?? innerClassName(parts.class_name)) : parts.class_name,
    config,
    ...(!bare && { registered_name: registeredName ?? registeredOf(parts.class_name, module) }),
    ...(buildConfig && !legacy && { build_config: toKeras(buildConfig) }),
    ...(compileConfig && !legacy && { compile_config: toKeras(compileConfig) }),
    ...(name !== undefined && { name }),
    ...(parts.inboundNodes && {
      inbound_nodes: parts.inboundNodes.map((node) => nodeToKeras(className, node as CallArguments)),
    }),
  };
}

/** A function by its name, which is the library's in camelCase, or one that was registered. */
function functionToKeras(name: unknown): Fields {
  const text = String(name);
  return text.includes('>')
    ? { module: null, class_name: 'function', config: text, registered_name: text }
    : { module: 'builtins', class_name: 'function', config: kerasChoice(text), registered_name: 'function' };
}

/** Of what Keras keeps outside of its public modules the registered name is the class's own. */
const registeredOf = (className: string, module: string | null): string | null =>
  module === null || module.startsWith('keras.src') ? className : null;

/** Layers have a dtype policy where other objects have a dtype; what they take is said by the input layer alone. */
function layerConfig(config: Fields, module: string | null): Fields {
  const isLayer = module === null || module === 'keras.layers' || module === 'keras';
  if (!isLayer || 'batchShape' in config) return config;
  const { batchInputShape: _shape, dtype, ...rest } = config;
  if (typeof dtype !== 'string') return { ...rest, ...(dtype !== undefined && { dtype }) };
  return { ...rest, dtype: { className: 'DTypePolicy', config: { name: dtype } } };
}

function nodeToKeras(className: string, node: CallArguments): Fields {
  const { args, kwargs } = argumentsToKeras(className, node);
  return { args: toKeras(args, 'args'), kwargs: toKeras(kwargs) };
}

// ---- from Keras

/** @throws ArgumentError for code, which is never run */
export function fromKeras(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return isChoice(key) ? ownChoice(value) : value;
  if (Array.isArray(value)) return value.map((item) => fromKeras(item, key));
  if (!isFields(value)) return value;
  if (typeof value.class_name === 'string') return objectFromKeras(value, key);
  const named = holdsNames(key);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, child]) => child !== null || !chosenByDefault.has(name))
      .map(([name, child]) => (named ? [name, fromKeras(child, key)] : [ownKey(name), fromKeras(child, ownKey(name))])),
  );
}

/** Options of which Keras's None says that they are not given. */
const chosenByDefault: ReadonlySet<string> = new Set(['seed', 'name', 'dtype']);

/** What a class of a name with underscores stands for. */
function valueFromKeras({ class_name: className, config, items, value }: Fields): unknown {
  const fields = isFields(config) ? config : {};
  switch (className) {
    case '__keras_tensor__': {
      const { keras_history: kerasHistory, ...rest } = fields;
      return { className, config: { ...rest, kerasHistory } };
    }
    case '__tensor__':
    case '__numpy__':
      return { className: '__tensor__', config: fields };
    case '__tuple__':
    case 'TensorShape':
      return listOf(items, String(className)).map((item) => fromKeras(item));
    case '__bytes__':
      return fields.value ?? value;
    case '__ellipsis__':
      return '...';
    case '__slice__': {
      const part = (bound: unknown): string => (typeof bound === 'number' ? String(bound) : '');
      const { start, stop, step } = fields;
      return `${part(start)}:${part(stop)}${typeof step === 'number' ? `:${step}` : ''}`;
    }
    case '__lambda__':
      throw new ArgumentError(
        'The file holds a Python lambda: code, which is not run. Write it as a class here, register it with ' +
          'tf.serialization.registerClass, and load with customObjects.',
      );
    case '__typespec__':
      throw new ArgumentError('The file holds a TypeSpec of TensorFlow, which models here do not have.');
    default:
      return undefined;
  }
}

/** Classes of Keras 2 under other names. */
const renamed: Readonly<Record<string, string>> = {
  Model: 'Functional',
  BatchNormalizationV1: 'BatchNormalization',
  BatchNormalizationV2: 'BatchNormalization',
  LayerNormalizationV1: 'LayerNormalization',
  GRUV1: 'GRU',
  GRUV2: 'GRU',
  LSTMV1: 'LSTM',
  LSTMV2: 'LSTM',
  CuDNNLSTM: 'LSTM',
  DenseV1: 'Dense',
  TensorFlowOpLayer: 'TFOpLambda',
};

function objectFromKeras(object: Fields, key: string): unknown {
  const special = valueFromKeras(object);
  if (special !== undefined) return special;
  const written = textOf(object.class_name, 'class_name');
  const { module, registered_name: registeredName, name } = object;
  if (written === 'function') {
    const name = textOf(object.config, 'the config of a function');
    return key === 'fn' ? { className: 'function', config: ownChoice(name) } : name;
  }
  if (/^DTypePolicy(Map)?$|^Policy$/.test(written)) return (object.config as Fields | undefined)?.name ?? 'float32';
  const nodes = object.inbound_nodes;
  if (isOperation(object)) return operationFromKeras(object, (node) => nodeFromKeras(node));
  const isLegacy = module === undefined;
  const plain = written.slice(written.indexOf('>') + 1);
  const className = isLegacy ? outerClassName(renamed[plain] ?? plain) : plain;
  const given = isFields(object.config) ? object.config : Array.isArray(object.config) ? { layers: object.config } : {};
  const config = fromKeras(usesFromKeras(isLegacy ? modernized(given) : given)) as Config;
  const customName = [registeredName, written].find((each): each is string => String(each).includes('>'));
  return {
    className,
    config: { ...config, ...(isLegacy && typeof name === 'string' && !config.name ? { name } : {}) },
    ...(customName !== undefined && { registeredName: customName }),
    ...(typeof name === 'string' && { name }),
    ...(Array.isArray(nodes) && { inboundNodes: nodesFromKeras(className, nodes) }),
    ...(isFields(object.build_config) && { buildConfig: fromKeras(object.build_config) as Config }),
    ...(isFields(object.compile_config) && { compileConfig: fromKeras(object.compile_config) as Config }),
  } satisfies SavedObject;
}

/** Whether it is an operation: also where an HDF5 file leaves out the module. Layers say whether they are trained, operations do not. */
function isOperation({ module, class_name: className, config, inbound_nodes: nodes }: Fields): boolean {
  if (typeof module === 'string') return module.startsWith('keras.src.ops') || module === operationsModule;
  if (!Array.isArray(nodes) || !isFields(config)) return false;
  return isKerasOperation(String(className)) && !('trainable' in config);
}

/** Options of Keras 2 as Keras 3 has them. */
function modernized(config: Fields): Fields {
  const { lr, decay: _decay, ...rest } = config;
  const axis = Array.isArray(rest.axis) && rest.axis.length === 1 ? { axis: (rest.axis as unknown[])[0] } : {};
  return { ...rest, ...axis, ...(lr !== undefined && rest.learning_rate === undefined && { learning_rate: lr }) };
}

/**
 * Uses of a layer. Keras 3 has one object with arguments each; Keras 2 and TensorFlow.js a list of places, `[[name, use, tensor, options]]`,
 * one for each tensor.
 */
function nodesFromKeras(className: string, nodes: readonly unknown[]): unknown[] {
  return nodes.map((node) => {
    if (isFields(node)) return argumentsFromKeras(className, nodeFromKeras(node));
    // A structure of inputs other than a list is written as it is.
    const places = Array.isArray(node) && typeof node[0] === 'string' ? [node as unknown[]] : node;
    const options = Array.isArray(places) ? (places as unknown[][])[0]?.[3] : undefined;
    const args = Array.isArray(places)
      ? (places as unknown[][]).map(placeToTensor)
      : Object.fromEntries(
          Object.entries(places as Fields).map(([name, place]) => [name, placeToTensor(place as unknown[])]),
        );
    const single = Array.isArray(args) && args.length === 1 ? args[0] : args;
    return { args: [single], kwargs: isFields(options) ? optionsFromKeras2(options) : {} };
  });
}

const placeToTensor = (place: unknown[]): Fields => ({
  className: '__keras_tensor__',
  config: { shape: null, dtype: null, kerasHistory: place.slice(0, 3) },
});

/** Options among which other tensors may stand, as places. */
function optionsFromKeras2(options: Fields): Config {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => {
      const isPlace =
        Array.isArray(option) && option.length >= 3 && typeof option[0] === 'string' && typeof option[1] === 'number';
      return [ownKey(name), isPlace ? placeToTensor(option as unknown[]) : fromKeras(option, ownKey(name))];
    }),
  );
}

function nodeFromKeras(node: Fields): { args: unknown[]; kwargs: Config } {
  return {
    args: (fromKeras(listOf(node.args, 'the arguments of a layer'), 'args') as unknown[]) ?? [],
    kwargs: fromKeras(node.kwargs ?? {}) as Config,
  };
}
