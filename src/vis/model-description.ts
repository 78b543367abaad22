/** @file A model as plain data: what summaries and diagrams are drawn from. */

/** Sizes, batch first; null where it varies. */
export type PartialShape = readonly (number | null)[];

/** A layer. */
export interface LayerDescription {
  readonly name: string;
  /** Its class: `Dense`. */
  readonly type: string;
  /** Shape of its output, or of each of its outputs; left out where the layer is not built. */
  readonly outputShape?: PartialShape | readonly PartialShape[];
  /** How many numbers its weights hold. */
  readonly parameters: number;
  /** How many of them training changes; all or none, by `trainable`, where left out. */
  readonly trainableParameters?: number;
  /** Bytes of its weights; 4 a parameter where left out. */
  readonly bytes?: number;
  readonly trainable?: boolean;
  /** Its settings in a few words: `3x3, relu`. */
  readonly detail?: string;
  /** Names of the layers whose outputs it takes; the layer before it in the list where left out. */
  readonly inbound?: readonly string[];
}

/** A model. */
export interface ModelDescription {
  readonly name: string;
  readonly layers: readonly LayerDescription[];
  /** Numbers that the optimizer holds. */
  readonly optimizerParameters?: number;
  /** Shape of the input, or of each input, where no layer stands for it. */
  readonly inputShape?: PartialShape | readonly PartialShape[];
}

/** The shapes of one output or of several. */
export const shapesOf = (shape: PartialShape | readonly PartialShape[] | undefined): readonly PartialShape[] => {
  if (shape === undefined) return [];
  return Array.isArray(shape[0]) ? (shape as readonly PartialShape[]) : [shape as PartialShape];
};

export const trainableParametersOf = (layer: LayerDescription): number =>
  layer.trainableParameters ?? (layer.trainable === false ? 0 : layer.parameters);

export const bytesOf = (layer: LayerDescription): number => layer.bytes ?? layer.parameters * 4;
