/** @file Metrics by name: classes, functions, configs. */
import { sameSpelling, snakeCase } from '../configuration.ts';
import {
  type SerializedFunction,
  fullName,
  isSerializedFunction,
  serializeFunction,
  unknownName,
} from '../losses/functions.ts';
import { type HasShape, targetKind } from '../losses/target-kind.ts';
import {
  ClassRegistry,
  type CustomObjects,
  type SerializableClass,
  type SerializedObject,
  customObject,
  withCustomObjects,
} from '../serialization/registry.ts';
import {
  Accuracy,
  BinaryAccuracy,
  CategoricalAccuracy,
  SparseCategoricalAccuracy,
  SparseTopKCategoricalAccuracy,
  TopKCategoricalAccuracy,
} from './accuracy-metrics.ts';
import { AUC } from './auc.ts';
import { FalseNegatives, FalsePositives, Precision, Recall, TrueNegatives, TruePositives } from './confusion-counts.ts';
import { F1Score, FBetaScore } from './f-score.ts';
import { functionNamed, metricFunctions } from './functions.ts';
import { CategoricalHinge, Hinge, SquaredHinge } from './hinge.ts';
import { BinaryIoU, IoU, MeanIoU, OneHotIoU, OneHotMeanIoU } from './iou.ts';
import { Metric } from './metric.ts';
import {
  PrecisionAtRecall,
  RecallAtPrecision,
  SensitivityAtSpecificity,
  SpecificityAtSensitivity,
} from './operating-point.ts';
import {
  BinaryCrossentropy,
  CategoricalCrossentropy,
  KLDivergence,
  Poisson,
  SparseCategoricalCrossentropy,
} from './probabilistic.ts';
import { R2Score } from './r2-score.ts';
import { Mean, MeanMetricWrapper, type MetricFunction, Sum } from './reduction.ts';
import {
  LogCoshError,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredError,
  MeanSquaredLogarithmicError,
  RootMeanSquaredError,
} from './regression.ts';
import { ConcordanceCorrelation, CosineSimilarity, PearsonCorrelation } from './similarity-metrics.ts';

const classes = {
  AUC,
  Accuracy,
  BinaryAccuracy,
  BinaryCrossentropy,
  BinaryIoU,
  CategoricalAccuracy,
  CategoricalCrossentropy,
  CategoricalHinge,
  ConcordanceCorrelation,
  CosineSimilarity,
  F1Score,
  FBetaScore,
  FalseNegatives,
  FalsePositives,
  Hinge,
  IoU,
  KLDivergence,
  LogCoshError,
  Mean,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanIoU,
  MeanMetricWrapper,
  MeanSquaredError,
  MeanSquaredLogarithmicError,
  OneHotIoU,
  OneHotMeanIoU,
  PearsonCorrelation,
  Poisson,
  Precision,
  PrecisionAtRecall,
  R2Score,
  Recall,
  RecallAtPrecision,
  RootMeanSquaredError,
  SensitivityAtSpecificity,
  SparseCategoricalAccuracy,
  SparseCategoricalCrossentropy,
  SparseTopKCategoricalAccuracy,
  SpecificityAtSensitivity,
  SquaredHinge,
  Sum,
  TopKCategoricalAccuracy,
  TrueNegatives,
  TruePositives,
};

/** Every class of metrics, by the name that Keras has for it. */
export const metricRegistry = new ClassRegistry<Metric>('metric', 'keras.metrics', () => classes);

/** What `accuracy` and `crossentropy` mean for targets and predictions of given shapes. */
const byShape = {
  accuracy: { binary: BinaryAccuracy, sparse: SparseCategoricalAccuracy, categorical: CategoricalAccuracy },
  crossentropy: {
    binary: BinaryCrossentropy,
    sparse: SparseCategoricalCrossentropy,
    categorical: CategoricalCrossentropy,
  },
};
const shapeNames: Record<string, keyof typeof byShape> = {
  accuracy: 'accuracy',
  acc: 'accuracy',
  crossentropy: 'crossentropy',
  ce: 'crossentropy',
};

type Uncapitalized<S> = S extends string ? Uncapitalize<S> : never;

/** A name in any spelling, a metric or its class, a function that gives one value for each sample, or a config. */
export type MetricIdentifier =
  | Uncapitalized<keyof typeof classes>
  | keyof typeof metricFunctions
  | 'accuracy'
  | 'acc'
  | 'crossentropy'
  | 'ce'
  | 'bce'
  | 'kld'
  | 'mae'
  | 'mape'
  | 'mse'
  | 'msle'
  | (string & {})
  | Metric
  | SerializableClass<Metric>
  | MetricFunction
  | SerializedObject
  | SerializedFunction;

/** A metric that is the mean of a function. */
const ofFunction = (fn: MetricFunction, name?: string): Metric =>
  new MeanMetricWrapper({ fn, name: name ?? (snakeCase(fn.name) || 'custom_metric') });

const ofClassOrFunction = (given: SerializableClass<Metric> | MetricFunction, options: { name?: string }): Metric =>
  given.prototype instanceof Metric
    ? new (given as SerializableClass<Metric>)(options)
    : ofFunction(given as MetricFunction, options.name);

/** What makes the metric of a name: a user's class or function, a class of ours, or else one of our functions. */
function maker(name: string): (options: { name?: string }) => Metric {
  const custom = customObject(name);
  if (typeof custom === 'function') return (options) => ofClassOrFunction(custom as MetricFunction, options);
  const known = fullName(name);
  if (metricRegistry.has(known)) {
    const MetricClass = metricRegistry.classOf(known);
    return (options) => new MetricClass(options);
  }
  const fn = Object.entries(metricFunctions).find(([own]) => sameSpelling(own, known))?.[1];
  if (!fn) throw unknownName('metric', name, ['accuracy', ...metricRegistry.names.map(uncapitalized)]);
  return (options) => ofFunction(fn, options.name);
}

/** As users write it: `AUC` is `auc`, `F1Score` is `f1Score`. */
const uncapitalized = (name: string): string => name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+/, (start) => start.toLowerCase()); // prettier-ignore

/** Refuses a name that no metric has, before any data is seen. @throws ArgumentError */
export function checkMetric(identifier: MetricIdentifier): void {
  if (typeof identifier === 'string' && !(identifier.toLowerCase() in shapeNames)) maker(identifier);
}

/**
 * The metric meant by a name, an instance, a function or a config; `accuracy` and `crossentropy` choose by the shapes of targets
 * and predictions. Made by name it is called as it was asked for: `acc` stays `acc`.
 *
 * @throws ArgumentError for an unknown name.
 * @example `tf.metrics.get('auc')`, `tf.metrics.get({ className: 'Precision', config: { thresholds: 0.7 } })`
 */
export function getMetric(identifier: MetricIdentifier, yTrue?: HasShape, yPred?: HasShape): Metric {
  if (identifier instanceof Metric) return identifier;
  if (typeof identifier === 'function') return ofClassOrFunction(identifier, {});
  if (typeof identifier !== 'string') return deserializeMetric(identifier);
  const family = shapeNames[identifier.toLowerCase()];
  if (family && yTrue && yPred) return new byShape[family][targetKind(yTrue, yPred)]({ name: identifier });
  return maker(identifier)({ name: identifier });
}

/** A metric as a config holds it; of a function its name. */
export const serializeMetric = (metric: Metric | MetricFunction): SerializedObject | SerializedFunction =>
  metric instanceof Metric ? metricRegistry.serialize(metric) : serializeFunction(metric, metricFunctions);

/** The metric that a config describes. @throws ArgumentError */
export function deserializeMetric(
  config: string | SerializedObject | SerializedFunction,
  customObjects: CustomObjects = {},
): Metric {
  return withCustomObjects(customObjects, () => {
    if (typeof config === 'string') return maker(config)({});
    return isSerializedFunction(config) ? ofFunction(functionNamed(config)) : metricRegistry.deserialize(config);
  });
}
