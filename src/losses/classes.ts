/** @file Losses as classes, for `compile` and custom loops. */
import type { Config } from '../configuration.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  type CrossentropyOptions,
  huber,
  meanAbsoluteError,
  meanSquaredError,
  sparseCategoricalCrossentropy,
} from './functions.ts';
import { Loss, type LossOptions } from './loss.ts';

/** mean((yPred - yTrue)^2) */
export class MeanSquaredError extends Loss {
  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return meanSquaredError(yTrue, yPred);
  }
}

/** mean(|yPred - yTrue|) */
export class MeanAbsoluteError extends Loss {
  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return meanAbsoluteError(yTrue, yPred);
  }
}

/** Quadratic for errors up to `delta` (default 1), linear beyond. */
export class Huber extends Loss {
  readonly delta: number;

  constructor({ delta = 1, ...options }: LossOptions & { delta?: number } = {}) {
    super(options);
    if (!(delta > 0)) throw new ArgumentError(`losses.Huber: expected delta > 0, got ${delta}.`);
    this.delta = delta;
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return huber(yTrue, yPred, this.delta);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), delta: this.delta };
  }
}

/** What the cross-entropies of target distributions share: their options. */
abstract class SmoothedCrossentropy extends Loss {
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;

  constructor({ fromLogits = false, labelSmoothing = 0, ...options }: LossOptions & CrossentropyOptions = {}) {
    super(options);
    this.fromLogits = fromLogits;
    this.labelSmoothing = labelSmoothing;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), fromLogits: this.fromLogits, labelSmoothing: this.labelSmoothing };
  }
}

/** Cross-entropy of independent yes-or-no targets. */
export class BinaryCrossentropy extends SmoothedCrossentropy {
  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return binaryCrossentropy(yTrue, yPred, this);
  }
}

/** Cross-entropy of one-hot targets. */
export class CategoricalCrossentropy extends SmoothedCrossentropy {
  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return categoricalCrossentropy(yTrue, yPred, this);
  }
}

/** Cross-entropy of class numbers. */
export class SparseCategoricalCrossentropy extends Loss {
  readonly fromLogits: boolean;

  constructor({ fromLogits = false, ...options }: LossOptions & Pick<CrossentropyOptions, 'fromLogits'> = {}) {
    super(options);
    this.fromLogits = fromLogits;
  }

  override call(yTrue: Tensor, yPred: Tensor): Tensor {
    return sparseCategoricalCrossentropy(yTrue, yPred, this);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), fromLogits: this.fromLogits };
  }

  override checkTargets(yTrue: Tensor, outputShape: readonly (number | null)[]): void {
    const classes = outputShape.at(-1);
    if (typeof classes !== 'number') return;
    const labels = yTrue.dataSync();
    const position = labels.findIndex((label: number | bigint) => !(label >= 0 && label < classes));
    if (position >= 0)
      throw new ArgumentError(
        `${this.name}: label ${labels[position]} at position ${position} is out of range; the model's output ` +
          `${formatShape(outputShape)} has ${classes} classes, so labels go from 0 to ${classes - 1}.`,
      );
  }
}
