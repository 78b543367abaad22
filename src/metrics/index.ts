/** @file `tf.metrics`: classes, functions, and the names they are known by. */
import { lookUp } from '../configuration.ts';
import type { Tensor } from '../tensor/tensor.ts';
import * as functions from './functions.ts';
import { Metric, type MetricOptions } from './metric.ts';
import { Mean, MeanMetric, type MetricFunction, Sum } from './reduction.ts';

export * from './functions.ts';
export { Mean, MeanMetric, Metric, type MetricFunction, type MetricOptions, Sum };

interface LogitsOptions extends MetricOptions {
  /** Predictions are logits, not probabilities; default false. */
  fromLogits?: boolean;
}

/** How often predictions equal targets. */
export class Accuracy extends MeanMetric {
  constructor(options?: MetricOptions) {
    super(functions.accuracy, options);
  }
}

/** How often predictions above `threshold` (default 0.5) are those with target 1. */
export class BinaryAccuracy extends MeanMetric {
  constructor({ threshold = 0.5, ...options }: MetricOptions & { threshold?: number } = {}) {
    super((yTrue, yPred) => functions.binaryAccuracy(yTrue, yPred, threshold), { name: 'binary_accuracy', ...options });
  }
}

/** How often the most likely class is the one-hot target's. */
export class CategoricalAccuracy extends MeanMetric {
  constructor(options?: MetricOptions) {
    super(functions.categoricalAccuracy, options);
  }
}

/** How often the most likely class is the one whose number is the target. */
export class SparseCategoricalAccuracy extends MeanMetric {
  constructor(options?: MetricOptions) {
    super(functions.sparseCategoricalAccuracy, options);
  }
}

/** Mean of the squared errors. */
export class MeanSquaredError extends MeanMetric {
  constructor(options?: MetricOptions) {
    super(functions.meanSquaredError, options);
  }
}

/** Mean of the absolute errors. */
export class MeanAbsoluteError extends MeanMetric {
  constructor(options?: MetricOptions) {
    super(functions.meanAbsoluteError, options);
  }
}

/** Mean cross-entropy of independent yes-or-no targets. */
export class BinaryCrossentropy extends MeanMetric {
  constructor({ fromLogits, ...options }: LogitsOptions = {}) {
    super((yTrue, yPred) => functions.binaryCrossentropy(yTrue, yPred, { fromLogits }), {
      name: 'binary_crossentropy',
      ...options,
    });
  }
}

/** Mean cross-entropy of one-hot targets. */
export class CategoricalCrossentropy extends MeanMetric {
  constructor({ fromLogits, ...options }: LogitsOptions = {}) {
    super((yTrue, yPred) => functions.categoricalCrossentropy(yTrue, yPred, { fromLogits }), {
      name: 'categorical_crossentropy',
      ...options,
    });
  }
}

/** Mean cross-entropy of class numbers. */
export class SparseCategoricalCrossentropy extends MeanMetric {
  constructor({ fromLogits, ...options }: LogitsOptions = {}) {
    super((yTrue, yPred) => functions.sparseCategoricalCrossentropy(yTrue, yPred, { fromLogits }), {
      name: 'sparse_categorical_crossentropy',
      ...options,
    });
  }
}

const byName = {
  binaryAccuracy: BinaryAccuracy,
  categoricalAccuracy: CategoricalAccuracy,
  sparseCategoricalAccuracy: SparseCategoricalAccuracy,
  meanSquaredError: MeanSquaredError,
  mse: MeanSquaredError,
  meanAbsoluteError: MeanAbsoluteError,
  mae: MeanAbsoluteError,
  binaryCrossentropy: BinaryCrossentropy,
  bce: BinaryCrossentropy,
  categoricalCrossentropy: CategoricalCrossentropy,
  sparseCategoricalCrossentropy: SparseCategoricalCrossentropy,
};

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

function targetKind(yTrue: Pick<Tensor, 'shape'>, yPred: Pick<Tensor, 'shape'>): 'binary' | 'sparse' | 'categorical' {
  const classes = yPred.shape.at(-1) ?? 1;
  if (classes === 1) return 'binary';
  return yTrue.shape.length < yPred.shape.length || yTrue.shape.at(-1) === 1 ? 'sparse' : 'categorical';
}

/** A name in any spelling, a metric, or a function that gives one value for each sample. */
export type MetricIdentifier =
  keyof typeof byName | 'accuracy' | 'acc' | 'crossentropy' | 'ce' | (string & {}) | Metric | MetricFunction;

/** Refuses a name that no metric has, before any data is seen. @throws ArgumentError */
export function checkMetric(identifier: MetricIdentifier): void {
  if (typeof identifier === 'string' && !(identifier.toLowerCase() in shapeNames)) lookUp('metric', byName, identifier);
}

/**
 * The metric meant by a name, an instance or a function; `accuracy` and `crossentropy` choose by the shapes. Made by
 * name it is called as it was asked for: `acc` stays `acc`.
 * @throws ArgumentError for an unknown name.
 */
export function getMetric(
  identifier: MetricIdentifier,
  yTrue: Pick<Tensor, 'shape'>,
  yPred: Pick<Tensor, 'shape'>,
): Metric {
  if (identifier instanceof Metric) return identifier;
  if (typeof identifier === 'function') return new MeanMetric(identifier);
  const family = shapeNames[identifier.toLowerCase()];
  const MetricClass: new (options: MetricOptions) => Metric = family
    ? byShape[family][targetKind(yTrue, yPred)]
    : lookUp<new (options: MetricOptions) => Metric>('metric', byName, identifier);
  return new MetricClass({ name: identifier });
}
