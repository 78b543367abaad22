/** @file A model as plain data: what summaries and diagrams are drawn from. */

/** Sizes, batch first; null where it varies. */
export type PartialShape = readonly (number | null)[];
/** The shape of one tensor, or of each of several. */
export type Shapes = PartialShape | readonly PartialShape[];

/** A tensor that a layer takes from another one. */
export interface TensorSource {
  /** Name of the layer that gives it. */
  readonly layer: string;
  /** Which use of that layer gave it, from 0; layers that are used once have only 0. */
  readonly node?: number;
  /** Which of that use's outputs it is, from 0. */
  readonly tensor?: number;
  /** Which use of the layer that takes it this is, from 0: a shared layer is used several times. */
  readonly call?: number;
}

/** A layer, or anything else in a model that makes tensors of tensors (an operation, a nested model). */
export interface LayerDescription {
  readonly name: string;
  /** Its class: `Dense`. */
  readonly type: string;
  /** Left out where the layer is not built. */
  readonly inputShape?: Shapes;
  /** Left out where the layer is not built. */
  readonly outputShape?: Shapes;
  /** Of its outputs. */
  readonly dtype?: string;
  /** How many numbers its weights hold. */
  readonly parameters: number;
  /** How many of them training changes; all or none, by `trainable`, where left out. */
  readonly trainableParameters?: number;
  /** Bytes of its weights; 4 a parameter where left out. */
  readonly bytes?: number;
  readonly trainable?: boolean;
  /** False where it has no weights yet, so that their number is not known. */
  readonly built?: boolean;
  /** Its settings in a few words: `3x3, relu`. */
  readonly detail?: string;
  /** Name of its activation, where it has one: `relu`. */
  readonly activation?: string;
  /** What it takes, by name where that says all; the layer before it in the list where left out. */
  readonly inbound?: readonly (string | TensorSource)[];
  /** The layers inside, where this is a model. */
  readonly model?: ModelDescription;
}

/** Some weights. */
export interface WeightCount {
  readonly parameters: number;
  readonly bytes: number;
}

/** A model. */
export interface ModelDescription {
  readonly name: string;
  /**
   * `functional` says what takes what; in a `sequential` one each layer takes the one before it; how the layers of a `subclassed`
   * one are connected is only known to its code. Default: by whether layers name what they take.
   */
  readonly kind?: 'sequential' | 'functional' | 'subclassed';
  readonly layers: readonly LayerDescription[];
  /** Where each output of the model comes from; what no layer takes where left out. */
  readonly outputs?: readonly TensorSource[];
  /** The weights, each counted once; the sums over the layers where left out. */
  readonly trainable?: WeightCount;
  readonly nonTrainable?: WeightCount;
  /** Numbers that the optimizer holds. */
  readonly optimizerParameters?: number;
  /** Their bytes; 4 each where left out. */
  readonly optimizerBytes?: number;
  /** Shape of the input, or of each input, where no layer stands for it. */
  readonly inputShape?: Shapes;
}

/** The shapes of one output or of several. */
export const shapesOf = (shape: Shapes | undefined): readonly PartialShape[] => {
  if (shape === undefined) return [];
  return Array.isArray(shape[0]) ? (shape as readonly PartialShape[]) : [shape as PartialShape];
};

export const trainableParametersOf = (layer: LayerDescription): number =>
  layer.trainableParameters ?? (layer.trainable === false ? 0 : layer.parameters);

export const bytesOf = (layer: LayerDescription): number => layer.bytes ?? layer.parameters * 4;

/** What the layer at `index` takes, spelled out. */
export function sourcesOf({ layers, kind }: ModelDescription, index: number): readonly TensorSource[] {
  const { inbound } = layers[index];
  if (inbound) return inbound.map((source) => (typeof source === 'string' ? { layer: source } : source));
  return index === 0 || kind === 'subclassed' ? [] : [{ layer: layers[index - 1].name }];
}

/** Whether the layers are one chain, each taking the one before it, so that nothing need be said of connections. */
export function isChain(model: ModelDescription): boolean {
  if (model.kind === 'sequential' || model.kind === 'subclassed') return true;
  return model.layers.every((_, i) => {
    const sources = sourcesOf(model, i);
    if (i === 0) return sources.length === 0;
    return sources.length === 1 && sources[0].layer === model.layers[i - 1].name && !sources[0].node;
  });
}
