/** @file The metrics that are functions, by name. */
import { type LossFunction, type SerializedFunction, deserializeFunction, lossFunctions } from '../losses/functions.ts';
import {
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  topKCategoricalAccuracy,
} from './accuracy.ts';
import { concordanceCorrelation, cosineSimilarity, pearsonCorrelation } from './similarity.ts';

/** Every function that a metric can be the mean of, by its name. */
export const metricFunctions = {
  ...lossFunctions,
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  concordanceCorrelation,
  cosineSimilarity,
  pearsonCorrelation,
  sparseCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  topKCategoricalAccuracy,
};

/** The function that a config names. @throws ArgumentError */
export const functionNamed = (fn: SerializedFunction): LossFunction => deserializeFunction(fn, metricFunctions);
