/** @file `tf.metrics`: classes, functions, and the names they are known by. */
export {
  KLD,
  MAE,
  MAPE,
  MSE,
  MSLE,
  binaryCrossentropy,
  binaryFocalCrossentropy,
  categoricalCrossentropy,
  categoricalFocalCrossentropy,
  categoricalHinge,
  hinge,
  huber,
  klDivergence,
  kld,
  kullbackLeiblerDivergence,
  logCosh,
  logcosh,
  mae,
  mape,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  mse,
  msle,
  poisson,
  sparseCategoricalCrossentropy,
  squaredHinge,
} from '../losses/index.ts';
export {
  Accuracy,
  BinaryAccuracy,
  CategoricalAccuracy,
  SparseCategoricalAccuracy,
  SparseTopKCategoricalAccuracy,
  TopKCategoricalAccuracy,
} from './accuracy-metrics.ts';
export {
  type SparseTopKOptions,
  type ThresholdOptions,
  type TopKOptions,
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  sparseTopKCategoricalAccuracy,
  topKCategoricalAccuracy,
} from './accuracy.ts';
export { AUC, type AUCOptions } from './auc.ts';
export {
  FalseNegatives,
  FalsePositives,
  Precision,
  type PrecisionRecallOptions,
  Recall,
  type ThresholdsOptions,
  TrueNegatives,
  TruePositives,
} from './confusion-counts.ts';
export { F1Score, type F1ScoreOptions, FBetaScore, type FBetaScoreOptions } from './f-score.ts';
export { CategoricalHinge, Hinge, SquaredHinge } from './hinge.ts';
export {
  BinaryIoU,
  type BinaryIoUOptions,
  IoU,
  type IoUOptions,
  MeanIoU,
  type MeanIoUOptions,
  OneHotIoU,
  OneHotMeanIoU,
} from './iou.ts';
export { Metric, type MetricOptions, type MetricVariableOptions } from './metric.ts';
export {
  type OperatingPointOptions,
  PrecisionAtRecall,
  RecallAtPrecision,
  SensitivityAtSpecificity,
  SpecificityAtSensitivity,
} from './operating-point.ts';
export {
  BinaryCrossentropy,
  CategoricalCrossentropy,
  KLDivergence,
  Poisson,
  SparseCategoricalCrossentropy,
} from './probabilistic.ts';
export { R2Score, type R2ScoreOptions } from './r2-score.ts';
export { type FunctionMetricOptions, Mean, MeanMetricWrapper, type MetricFunction, Sum } from './reduction.ts';
export {
  type MetricIdentifier,
  checkMetric,
  deserializeMetric as deserialize,
  deserializeMetric,
  getMetric as get,
  getMetric,
  metricRegistry,
  serializeMetric as serialize,
  serializeMetric,
} from './registry.ts';
export {
  LogCoshError,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredError,
  MeanSquaredLogarithmicError,
  RootMeanSquaredError,
} from './regression.ts';
export { ConcordanceCorrelation, CosineSimilarity, PearsonCorrelation } from './similarity-metrics.ts';
export { concordanceCorrelation, cosineSimilarity, pearsonCorrelation } from './similarity.ts';
export { cosineProximity, precision, r2Score, recall } from './tfjs.ts';
