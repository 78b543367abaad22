/** @file Keras 3's JSON as TensorFlow.js reads it: the forms of Keras 2. */
import { ArgumentError } from '../../tensor/errors.ts';
import { type Fields, isFields } from '../fields.ts';
import { oldHardSigmoidName } from '../keras2-activations.ts';
import { usesToKeras2 } from '../layer-uses.ts';

/** Regularizers that TensorFlow.js has only as one. */
const regularizers: Readonly<Record<string, (config: Fields) => Fields>> = {
  L1: ({ l1 }) => ({ l1, l2: 0 }),
  L2: ({ l2 }) => ({ l1: 0, l2 }),
};

/** @throws ArgumentError for what Keras 2 has no form of */
export function toKeras2(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toKeras2);
  if (!isFields(value)) return value;
  if (typeof value.class_name !== 'string')
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, optionToKeras2(key, child)]));
  const { class_name: className, config, name, inbound_nodes: nodes, module } = value;
  if (className === 'DTypePolicy')
    return (config as Fields).name === 'mixed_float16' ? 'float32' : (config as Fields).name;
  if (className === 'function') return config;
  if (typeof module === 'string' && (module.startsWith('keras.src.ops') || module.startsWith('tensorcell')))
    throw new ArgumentError(
      `TensorFlow.js's form holds layers only, but the model uses the operation ${className} ('${String(name)}'); ` +
        `use a layer for it, or save the model as .keras.`,
    );
  const fields = isFields(config) ? usesToKeras2(config) : {};
  const regularizer = module === 'keras.regularizers' ? regularizers[className] : undefined;
  if (regularizer) return { class_name: 'L1L2', config: regularizer(fields) };
  const {
    batch_shape: batchShape,
    input_layers: inputs,
    output_layers: outputs,
    build_input_shape: _built,
    ...rest
  } = fields;
  return {
    class_name: className === 'Functional' ? 'Model' : className,
    config: {
      ...(toKeras2(rest) as Fields),
      ...(batchShape !== undefined && { batch_input_shape: batchShape }),
      ...(inputs !== undefined && { input_layers: listOfPlaces(inputs) }),
      ...(outputs !== undefined && { output_layers: listOfPlaces(outputs) }),
    },
    ...(name !== undefined && { name }),
    ...(Array.isArray(nodes) && { inbound_nodes: nodes.map((node: Fields) => placesOf(node)) }),
  };
}

/** Regularizers by name, which TensorFlow.js does not take. */
const regularizersByName: Readonly<Record<string, Fields>> = {
  l1: { l1: 0.01, l2: 0 },
  l2: { l1: 0, l2: 0.01 },
  l1_l2: { l1: 0.01, l2: 0.01 },
};

function optionToKeras2(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return toKeras2(value);
  if (/regularizer$/.test(key) && Object.hasOwn(regularizersByName, value))
    return { class_name: 'L1L2', config: regularizersByName[value] };
  if (!/activation$/.test(key)) return value;
  if (value === oldHardSigmoidName) return 'hard_sigmoid';
  if (value === 'hard_sigmoid')
    throw new ArgumentError(
      'TensorFlow.js means another function by hard_sigmoid than Keras 3 does: the model would predict something else there. ' +
        'Save it as .keras, or use another activation.',
    );
  return value;
}

const isPlace = (value: unknown): boolean => Array.isArray(value) && typeof value[0] === 'string';

const listOfPlaces = (places: unknown): unknown[] => {
  if (isPlace(places)) return [places];
  return (Array.isArray(places) ? (places as unknown[]) : Object.values(places as object)).flatMap(listOfPlaces);
};

/** One use of a layer as a list of places, the options in the last field of each. */
function placesOf({ args, kwargs }: Fields): unknown[] {
  const options = toKeras2(kwargs ?? {});
  const tensors = (value: unknown): Fields[] => {
    if (isFields(value) && value.class_name === '__keras_tensor__') return [value.config as Fields];
    if (Array.isArray(value)) return value.flatMap(tensors);
    return isFields(value) ? Object.values(value).flatMap(tensors) : [];
  };
  return tensors(args).map(({ keras_history: history }) => [...(history as unknown[]), options]);
}
