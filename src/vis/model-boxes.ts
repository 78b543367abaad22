/** @file Layers as boxes: in an order in which arrows point forward, shared layers as one box where that is possible. */
import { ArgumentError } from '../tensor/errors.ts';
import {
  type LayerDescription,
  type ModelDescription,
  type TensorSource,
  shapesOf,
  sourcesOf,
} from './model-description.ts';

/** A layer, or one use of it, with what it takes. */
export interface ConnectedLayer {
  /** Unlike those of all others in the model. */
  readonly id: string;
  readonly layer: LayerDescription;
  readonly sources: readonly ConnectedSource[];
  /** Which use of a shared layer this is, where its uses stand apart. */
  readonly use?: number;
}

export interface ConnectedSource {
  readonly id: string;
  readonly output: number;
  readonly input: number;
}

/** The layers of a model in an order in which each comes after all that it takes. @throws ArgumentError for a circle */
export function connectedLayers(model: ModelDescription): ConnectedLayer[] {
  const layers = withInput(model);
  const known = new Set(layers.map(({ layer }) => layer.name));
  for (const { layer, sources } of layers)
    for (const source of sources)
      if (!known.has(source.layer))
        throw new ArgumentError(
          `modelDiagram: layer '${layer.name}' takes the output of '${source.layer}', which is not in the model.`,
        );
  const merged = inOrder(connect(layers, new Set()));
  if (merged.rest.length === 0) return merged.ordered;
  // A shared layer that takes what follows from its own output closes a circle: such layers have a box for each use.
  const shared = new Set(
    merged.rest.filter(({ layer, sources }) => usesOf(layer, sources, layers) > 1).map(({ id }) => id),
  );
  const apart = inOrder(connect(layers, shared));
  if (apart.rest.length === 0) return apart.ordered;
  const [{ layer, sources }] = apart.rest;
  throw new ArgumentError(
    `modelDiagram: layer '${layer.name}' takes the output of '${sources[0].id}', which does not come before it.`,
  );
}

interface Listed {
  readonly layer: LayerDescription;
  readonly sources: readonly TensorSource[];
}

/** The layers with what they take, and one for an input that no layer stands for. */
function withInput(model: ModelDescription): Listed[] {
  const listed = model.layers.map((layer, i) => ({ layer, sources: sourcesOf(model, i) }));
  const shapes = shapesOf(model.inputShape);
  const [first] = listed;
  if (shapes.length !== 1 || !first || first.sources.length > 0 || /^Input/.test(first.layer.type)) return listed;
  const name = ['input', 'model_input'].find((free) => listed.every(({ layer }) => layer.name !== free)) ?? '(input)';
  const input: LayerDescription = { name, type: 'Input', outputShape: shapes[0], parameters: 0 };
  return [{ layer: input, sources: [] }, { ...first, sources: [{ layer: name }] }, ...listed.slice(1)];
}

const usesOf = (layer: LayerDescription, sources: readonly ConnectedSource[], all: readonly Listed[]): number => {
  const own = all.find((listed) => listed.layer === layer);
  return sources.length === 0 || !own ? 1 : new Set(own.sources.map(({ call = 0 }) => call)).size;
};

/** @param apart names of layers that get a box for each use */
function connect(layers: readonly Listed[], apart: ReadonlySet<string>): ConnectedLayer[] {
  const idOf = (name: string, use: number) => (apart.has(name) ? `${name}#${use}` : name);
  return layers.flatMap(({ layer, sources }) => {
    const calls = new Map<number, TensorSource[]>();
    for (const source of sources) calls.set(source.call ?? 0, [...(calls.get(source.call ?? 0) ?? []), source]);
    const connected = (taken: readonly TensorSource[]): ConnectedSource[] =>
      taken.map(({ layer: from, node = 0, tensor = 0 }, input) => ({ id: idOf(from, node), output: tensor, input }));
    if (!apart.has(layer.name))
      return [{ id: layer.name, layer, sources: unique([...calls.values()].flatMap(connected)) }];
    return [...calls].map(([use, taken]) => ({
      id: idOf(layer.name, use),
      layer,
      sources: unique(connected(taken)),
      use: use + 1,
    }));
  });
}

/** One arrow for what is taken twice, except by different inputs of a nested model. */
const unique = (sources: readonly ConnectedSource[]): ConnectedSource[] => [
  ...new Map(sources.map((source) => [`${source.id} ${source.output} ${source.input}`, source])).values(),
];

/** The layers in order, as far as there is one, and those in or behind a circle. */
function inOrder(layers: readonly ConnectedLayer[]): { ordered: ConnectedLayer[]; rest: ConnectedLayer[] } {
  const ordered: ConnectedLayer[] = [];
  const placed = new Set<string>();
  let rest = [...layers];
  for (;;) {
    // The first that can stand next: layers keep their order where it is one.
    const next = rest.findIndex(({ sources }) => sources.every(({ id }) => placed.has(id)));
    if (next < 0) return { ordered, rest };
    placed.add(rest[next].id);
    ordered.push(rest[next]);
    rest = rest.filter((_, i) => i !== next);
  }
}
