/** @file What `fit`, `evaluate` and single steps can be told. */
import type { CallbackIdentifier, Verbosity } from '../callbacks/index.ts';
import type { ClassWeights, DataLike } from './data.ts';

export interface FitOptions {
  /** Default 1. */
  epochs?: number;
  /** Samples in a step; default 32. */
  batchSize?: number;
  /** Share of the samples that is held back for validation: the last ones, before any shuffling. Default 0. */
  validationSplit?: number;
  /** Samples to validate with after each epoch: inputs, targets and, if wanted, weights. */
  validationData?: readonly [DataLike, DataLike] | readonly [DataLike, DataLike, DataLike] | null;
  /** Validates every so many epochs; default 1. */
  validationFreq?: number;
  /** Default `batchSize`. */
  validationBatchSize?: number;
  /** Goes over the samples in a new random order in each epoch; default true. */
  shuffle?: boolean;
  callbacks?: CallbackIdentifier;
  /** 0 shows nothing, 1 a live view, 2 a line of text for each epoch; default 1. */
  verbose?: Verbosity;
  /** How much each sample counts in the loss. */
  sampleWeight?: DataLike | null;
  /** How much the samples of each class count in the loss. */
  classWeight?: ClassWeights | null;
  /** The epoch to begin with, to go on with an earlier run; default 0. */
  initialEpoch?: number;
}

export interface EvaluateOptions {
  /** Default 32. */
  batchSize?: number;
  callbacks?: CallbackIdentifier;
  /** As in `fit`; default 0. */
  verbose?: Verbosity;
  sampleWeight?: DataLike | null;
}

export interface BatchOptions {
  sampleWeight?: DataLike | null;
  classWeight?: ClassWeights | null;
}
