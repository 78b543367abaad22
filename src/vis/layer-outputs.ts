/** @file What the layers inside of a model give while it runs, whatever kind of model it is. */
import type { Layer } from '../layers/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import { treeTensors } from '../tensor/tree.ts';

type Call = (...args: unknown[]) => unknown;

/** The layers inside of a model, nested ones too, each once, without the model itself. */
export function layersWithin(model: Layer): Layer[] {
  const seen = new Set<Layer>([model]);
  const visit = (layer: Layer): Layer[] =>
    layer.sublayers().flatMap((inner) => {
      if (seen.has(inner)) return [];
      seen.add(inner);
      return [inner, ...visit(inner)];
    });
  return visit(model);
}

/**
 * Runs `fn` and tells what each of these layers computes meanwhile. It listens at `call`, through which every use of a layer on
 * data goes: so models need not say how their layers are connected.
 */
export function observeLayers<T>(
  layers: readonly Layer[],
  fn: () => T,
  observe: (layer: Layer, outputs: readonly Tensor[]) => void,
): T {
  const before = layers.map((layer) => Object.getOwnPropertyDescriptor(layer, 'call'));
  for (const layer of layers) {
    const original = layer.call as Call;
    const listening: Call = (...args) => {
      const result = original.apply(layer, args);
      const outputs = treeTensors(result);
      // A layer that is built on the way may be traced on no data first.
      if (!outputs.some(({ isSymbolic }) => isSymbolic)) observe(layer, outputs);
      return result;
    };
    Object.defineProperty(layer, 'call', { value: listening, configurable: true, writable: true });
  }
  try {
    return fn();
  } finally {
    layers.forEach((layer, i) => {
      const own = before[i];
      if (own) Object.defineProperty(layer, 'call', own);
      else Reflect.deleteProperty(layer, 'call');
    });
  }
}

/**
 * The layer of a name, or at a place (from the end where negative), in a model and the models inside of it.
 *
 * @throws ArgumentError that lists the layers
 */
export function layerNamed(model: Layer, wanted: string | number | Layer, operation: string): Layer {
  const layers = layersWithin(model);
  const found =
    typeof wanted === 'string'
      ? layers.find(({ name }) => name === wanted)
      : typeof wanted === 'number'
        ? model.sublayers().at(wanted)
        : layers.find((layer) => layer === wanted);
  if (found) return found;
  const what = typeof wanted === 'object' ? `layer '${wanted.name}'` : `layer ${JSON.stringify(wanted)}`;
  throw new ArgumentError(
    `${operation}: model '${model.name}' has no ${what}; its layers are ${layers.map(({ name }) => name).join(', ')}.`,
  );
}
