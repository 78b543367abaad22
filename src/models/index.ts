/** @file Models. */
import { type ModelDiagram, modelDiagram } from '../vis/diagram.ts';
import type { Model } from './model.ts';

export { Model } from './model.ts';
export type { BatchOptions, EvaluateOptions, FitOptions } from '../training/options.ts';
export { Sequential, type SequentialOptions, sequential } from './sequential.ts';
export type { CompileOptions } from '../training/compilation.ts';
export type { Batch, ClassWeights, DataLike } from '../training/data.ts';

/**
 * A model's architecture as a picture, which shows itself in a notebook.
 *
 * @throws ArgumentError before the model is built.
 */
export const plotModel = (model: Model): ModelDiagram => modelDiagram(model.describe());
