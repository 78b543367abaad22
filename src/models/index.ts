/** @file Models. */
import { type ModelDiagram, type ModelDiagramOptions, modelDiagram } from '../vis/diagram.ts';
import { layerRegistry } from '../layers/registry.ts';
import { Functional } from './functional.ts';
import type { Model } from './model.ts';
import { Sequential } from './sequential.ts';

export { Model, type ModelSummaryOptions } from './model.ts';
export type {
  BatchElement,
  BatchOptions,
  BatchStream,
  EvaluateDatasetOptions,
  EvaluateOptions,
  FitDatasetOptions,
  FitOptions,
  PredictOptions,
  Verbose,
} from '../training/options.ts';
export { type CloneOptions, cloneModel } from './cloning.ts';
export { Functional, type FunctionalOptions, model } from './functional.ts';
export { Trainable } from './trainable.ts';
export { Sequential, type SequentialOptions, sequential } from './sequential.ts';
export type { CompileOptions } from '../training/compilation.ts';
export type { LossWeights } from '../training/compiled-loss.ts';
export type { MetricsOption } from '../training/compiled-metrics.ts';
export type { PerOutput } from '../training/outputs.ts';
export type { Shuffle } from '../training/sources.ts';
export type { AnyBatch, Batch, DataLike, DataTree } from '../training/data.ts';
export type { ClassWeights, ClassWeightsByOutput } from '../training/class-weights.ts';

/**
 * A model's architecture as a picture, which shows itself in a notebook.
 *
 * @param options - What is shown, the direction, and whether nested models are drawn as frames with their layers inside.
 * @throws ArgumentError before the model is built.
 * @example
 * tf.plotModel(model, { rankdir: 'LR', expandNested: true, showDtype: true })
 */
export const plotModel = (model: Model, options?: ModelDiagramOptions): ModelDiagram =>
  modelDiagram(model.describe(), options);

// Models are layers too: configs name them where one holds another. Keras 2 called functional models `Model`.
for (const [name, type] of Object.entries({ Sequential, Functional, Model: Functional })) layerRegistry.add(name, type);
