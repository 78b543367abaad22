/** @file How Keras counts the uses of nested models: making one is a use of itself, which only some places of tensors count. */
import { type Fields, isFields } from './fields.ts';

type Shift = ReadonlySet<string>;

/** Adds to the number of the use in every place `[layer, use, tensor]` of a tensor that such a layer gives. */
function shiftUses(value: unknown, layers: Shift, by: 1 | -1): unknown {
  if (Array.isArray(value)) {
    const [layer, use] = value as unknown[];
    const isPlace = value.length >= 3 && typeof layer === 'string' && typeof use === 'number';
    if (isPlace) return layers.has(layer) ? [layer, use + by, ...(value as unknown[]).slice(2)] : value;
    return value.map((child) => shiftUses(child, layers, by));
  }
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, shiftUses(child, layers, by)]));
}

/** The largest number of a use of a layer in the places of tensors. */
function largestUse(value: unknown, layer: string): number {
  if (Array.isArray(value) && value[0] === layer && typeof value[1] === 'number') return value[1];
  const children = Array.isArray(value) ? (value as unknown[]) : isFields(value) ? Object.values(value) : [];
  return Math.max(-1, ...children.map((child) => largestUse(child, layer)));
}

const namesOf = (layers: readonly Fields[], matches: (layer: Fields) => boolean): Shift =>
  new Set(layers.filter(matches).map((layer) => String(layer.name)));

/** A config of ours with uses counted as Keras 3 does: from 1 where a functional model is an output. */
export function usesToKeras(config: Fields): Fields {
  if (!Array.isArray(config.layers) || !('outputLayers' in config)) return config;
  const functional = namesOf(config.layers as Fields[], ({ className }) => className === 'Functional');
  if (functional.size === 0) return config;
  return { ...config, outputLayers: shiftUses(config.outputLayers, functional, 1) };
}

/** A config of Keras 3 with uses counted from 0. */
function usesFromKeras3(config: Fields, layers: readonly Fields[]): Fields {
  const functional = namesOf(layers, ({ class_name: name }) => name === 'Functional' || name === 'Model');
  if (functional.size === 0) return config;
  return { ...config, output_layers: shiftUses(config.output_layers, functional, -1) };
}

/** A config of Keras 2 or TensorFlow.js with uses counted from 0: they count nested models from 1 everywhere. */
function usesFromKeras2(config: Fields, layers: readonly Fields[]): Fields {
  const places = [layers.map(({ inbound_nodes: nodes }) => nodes), config.input_layers, config.output_layers];
  const nested = namesOf(layers, ({ class_name: className, name, inbound_nodes: nodes }) => {
    const isModel = ['Functional', 'Model', 'Sequential'].includes(String(className));
    return isModel && largestUse(places, String(name)) >= (Array.isArray(nodes) ? nodes.length : 0);
  });
  return {
    ...config,
    layers: layers.map((layer) => ({ ...layer, inbound_nodes: shiftUses(layer.inbound_nodes, nested, -1) })),
    input_layers: onlyOne(shiftUses(config.input_layers, nested, -1)),
    output_layers: onlyOne(shiftUses(config.output_layers, nested, -1)),
  };
}

/** There a single input or output is a list of one, too. */
const onlyOne = (places: unknown): unknown =>
  Array.isArray(places) && places.length === 1 && Array.isArray(places[0]) ? (places[0] as unknown) : places;

/** A config from a file with uses counted from 0. */
export function usesFromKeras(config: Fields): Fields {
  if (!Array.isArray(config.layers) || !('output_layers' in config)) return config;
  const layers = config.layers as Fields[];
  const inLists = layers.some(({ inbound_nodes: nodes }) => Array.isArray(nodes) && nodes.some(Array.isArray));
  return inLists ? usesFromKeras2(config, layers) : usesFromKeras3(config, layers);
}

/** A config of Keras 3 with uses counted as Keras 2 and TensorFlow.js do. */
export function usesToKeras2(config: Fields): Fields {
  if (!Array.isArray(config.layers) || !('output_layers' in config)) return config;
  const layers = config.layers as Fields[];
  const functional = namesOf(layers, ({ class_name: name }) => name === 'Functional');
  const sequential = namesOf(layers, ({ class_name: name }) => name === 'Sequential');
  const nested = new Set([...functional, ...sequential]);
  if (nested.size === 0) return config;
  return {
    ...config,
    layers: layers.map((layer) => ({ ...layer, inbound_nodes: shiftUses(layer.inbound_nodes, nested, 1) })),
    output_layers: shiftUses(config.output_layers, sequential, 1),
  };
}
