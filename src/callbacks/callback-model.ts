/** @file What callbacks see of the model that they watch. */
import type { ConcreteFunction } from '../function/index.ts';
import type { Graph } from '../primitives/graph.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';

/** An optimizer, or one that holds others (for scaled losses, or for groups of layers). */
export interface CallbackOptimizer {
  readonly name?: string;
  /** Size of a step; may be set between steps. */
  learningRate: number;
  /** Steps made so far. */
  readonly iterations?: Variable;
  /** Whether it keeps moving averages of the weights. */
  readonly useEma?: boolean;
  /** Weights, each with its moving average. */
  readonly movingAverages?: readonly (readonly [variable: Variable, average: Variable])[];
  /** The optimizer inside of one that scales the loss. */
  readonly innerOptimizer?: CallbackOptimizer;
  /** The optimizers of several groups of layers. */
  readonly optimizers?: readonly CallbackOptimizer[];
}

export interface CallbackMetric {
  readonly name: string;
  /** Whether more or less is better, where the metric knows. */
  readonly direction?: 'up' | 'down' | null;
}

export interface CallbackLayer {
  readonly name: string;
  readonly weights: readonly Variable[];
  readonly layers?: readonly CallbackLayer[];
}

/** Whether an existing file may be replaced. */
export interface OverwriteOption {
  readonly overwrite?: boolean;
}

/**
 * What a callback may do with the model it watches. A training loop of one's own can give any object that has the first few;
 * callbacks that need more of it say what is missing.
 */
export interface CallbackModel {
  readonly name: string;
  /** Set it to end the training after the current step. */
  stopTraining: boolean;
  /** Set it to end an evaluation after the current step. */
  stopEvaluating?: boolean;
  /** Set it to end a prediction after the current step. */
  stopPredicting?: boolean;
  /** Set in `onTrainBegin`: the epoch with which the training goes on. */
  initialEpoch?: number | null;
  readonly optimizer: CallbackOptimizer | null;
  readonly built?: boolean;
  readonly metrics?: readonly CallbackMetric[];
  readonly layers?: readonly CallbackLayer[];
  readonly trainableWeights?: readonly Variable[];
  getWeights(): Tensor[];
  setWeights(values: readonly Tensor[]): void;
  save?(path: string, options?: OverwriteOption): Promise<unknown>;
  saveWeights?(path: string, options?: OverwriteOption): Promise<unknown>;
  loadWeights?(path: string): Promise<unknown>;
  /** The architecture as the JSON of a Keras model. */
  toJSON?(unused?: unknown, returnString?: boolean): unknown;
  /** The compiled training step, once there is one. */
  readonly trainGraph?: Graph | ConcreteFunction | null;
}

/** An optimizer with a learning rate of its own, and the name of that rate in the logs. */
export interface LearningRate {
  readonly logName: string;
  /** In messages; empty where there is only one. */
  readonly label: string;
  readonly optimizer: CallbackOptimizer;
}

/** The learning rates of a model: one, or one for each of its several optimizers. */
export function learningRatesOf({ optimizer }: CallbackModel): LearningRate[] {
  const single = optimizer?.innerOptimizer ?? optimizer;
  if (!single) return [];
  if (!single.optimizers) return [{ logName: 'learning_rate', label: '', optimizer: single }];
  return single.optimizers.map((part, i) => {
    const name = part.name ?? String(i);
    return { logName: `learning_rate_${name}`, label: name, optimizer: part };
  });
}
