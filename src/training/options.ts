/** @file What `fit`, `evaluate`, `predict` and single steps can be told. */
import type { CallbackIdentifier, Verbosity } from '../callbacks/index.ts';
import type { ClassWeightsByOutput } from './class-weights.ts';
import type { DataTree } from './data.ts';
import type { Shuffle } from './sources.ts';

/**
 * One batch of a stream: `[x]`, `[x, y]` or `[x, y, sampleWeight]`, TensorFlow.js's `{ xs, ys }`, or only inputs. Each may be a
 * structure of tensors, typed arrays or nested arrays.
 */
export type BatchElement =
  | { readonly xs: DataTree; readonly ys?: DataTree | null }
  | readonly [DataTree]
  | readonly [DataTree, DataTree | null]
  | readonly [DataTree, DataTree | null, DataTree | null]
  | DataTree;

type BatchIterable = AsyncIterable<BatchElement> | Iterable<BatchElement>;
type BatchIteration = AsyncIterator<BatchElement> | Iterator<BatchElement> | BatchIterable;

/**
 * Batches that come one after the other: a dataset, a generator, anything iterable or asynchronously iterable, or a function that
 * gives one for each epoch.
 */
export type BatchStream =
  | BatchIteration
  | (() => BatchIteration | Promise<BatchIteration>)
  | { iterator(): AsyncIterator<BatchElement> | Promise<BatchIteration> };

/** How much is shown: 0 nothing, 1 (`auto`) a live view, 2 a line of text for each epoch. */
export type Verbose = Verbosity | 'auto';

export interface FitOptions {
  /** The epoch to end before; default 1. */
  epochs?: number;
  /** Samples in a step; default 32. Not for streams, which give batches. */
  batchSize?: number;
  /** Share of the samples that is held back for validation: the last ones, before any shuffling. Default 0. */
  validationSplit?: number;
  /** What to validate with after each epoch: inputs, targets and, if wanted, weights; or a stream. */
  validationData?:
    readonly [DataTree, DataTree | null] | readonly [DataTree, DataTree | null, DataTree | null] | BatchStream | null;
  /** Validates every so many epochs, or after the epochs of a list, which count from 1; default 1. */
  validationFreq?: number | readonly number[];
  /** Default `batchSize`. */
  validationBatchSize?: number;
  /** Batches of a validation; default all. */
  validationSteps?: number | null;
  /** Goes over the samples in a new random order in each epoch (`batch`: within each batch); default true. Not for streams. */
  shuffle?: Shuffle;
  callbacks?: CallbackIdentifier;
  /** Default 1. */
  verbose?: Verbose;
  /** How much each sample (or each of its steps) counts in the loss; one for all outputs, or one for each. */
  sampleWeight?: DataTree | null;
  /** How much the samples of each class count in the loss; of several outputs by the outputs' names. */
  classWeight?: ClassWeightsByOutput | null;
  /** The epoch to begin with, to go on with an earlier run; default 0. */
  initialEpoch?: number;
  /** Batches of an epoch, which then goes on in the data where the one before ended; default all. */
  stepsPerEpoch?: number | null;
}

/** What TensorFlow.js's `fitDataset` can be told besides. */
export interface FitDatasetOptions extends Omit<
  FitOptions,
  'batchSize' | 'validationSplit' | 'shuffle' | 'sampleWeight'
> {
  /** As `stepsPerEpoch`. */
  batchesPerEpoch?: number;
  /** As `validationSteps`. */
  validationBatches?: number;
}

export interface EvaluateOptions {
  /** Default 32. Not for streams. */
  batchSize?: number;
  callbacks?: CallbackIdentifier;
  /** As in `fit`; default 0. */
  verbose?: Verbose;
  sampleWeight?: DataTree | null;
  /** Batches to evaluate; default all. */
  steps?: number | null;
}

/** What TensorFlow.js's `evaluateDataset` can be told. */
export interface EvaluateDatasetOptions extends Omit<EvaluateOptions, 'batchSize' | 'sampleWeight'> {
  /** As `steps`. */
  batches?: number;
}

export interface PredictOptions {
  /** Default 32. Not for streams. */
  batchSize?: number;
  callbacks?: CallbackIdentifier;
  /** As in `fit`; default 0. */
  verbose?: Verbose;
  /** Batches to predict; default all. */
  steps?: number | null;
}

export interface BatchOptions {
  sampleWeight?: DataTree | null;
  classWeight?: ClassWeightsByOutput | null;
}
