/** @file What every loss is: values per sample, weighted and reduced. */
import { carryLogits } from '../activations/logits.ts';
import { type Config, snakeCase, uniqueName } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { toFloat, toTensor } from '../ops/convert.ts';
import { type DType, isFloating } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { inDType } from './operands.ts';
import { bothMasks, maskOf } from './value-mask.ts';
import { type Reduction, type ReductionName, reduceValues, toReduction } from './weighting.ts';

export interface LossOptions {
  /** Default `sumOverBatchSize`. */
  reduction?: ReductionName;
  /** Default: the class's name in snake case. */
  name?: string;
  /** What is computed in. Default float32, whatever the predictions are, but float64 for predictions of float64. */
  dtype?: DType | null;
}

/**
 * The base of all losses. Subclass it with a `call` that gives one value for each sample; `apply` weights and reduces them.
 *
 * @example
 * class QuarticError extends tf.losses.Loss {
 *   override call(yTrue: tf.Tensor, yPred: tf.Tensor) { return yPred.sub(yTrue).pow(4).mean(-1); }
 * }
 * model.compile({ optimizer: 'adam', loss: new QuarticError() });
 */
export abstract class Loss {
  readonly name: string;
  readonly reduction: Reduction;
  private readonly givenDType: DType | null;

  constructor({ reduction = 'sumOverBatchSize', name, dtype = null }: LossOptions = {}) {
    this.reduction = toReduction(reduction);
    if (dtype !== null && !isFloating(dtype))
      throw new ArgumentError(`Loss: expected a floating dtype, such as 'float32'; got '${String(dtype)}'.`);
    this.name = name ?? uniqueName(snakeCase(this.constructor.name));
    this.givenDType = dtype;
  }

  /** What is computed in, unless the predictions are float64. */
  get dtype(): DType {
    return this.givenDType ?? 'float32';
  }

  /** One value for each sample, of predictions in the loss's dtype, and targets that are in it too unless they are integers. */
  abstract call(yTrue: Tensor, yPred: Tensor): Tensor;

  /**
   * The reduced loss: a scalar, or with reduction `none` the weighted values.
   *
   * @param sampleWeight - One for each sample `[n]`, or for each value (each time step: `[n, steps]`); default 1.
   * @param mask - Which values count: the mask that the layers before have computed for the predictions.
   */
  apply(
    yTrue: ops.TensorLike,
    yPred: ops.TensorLike,
    sampleWeight?: ops.TensorLike | null,
    mask?: ops.TensorLike | null,
  ): Tensor {
    const given = toFloat(yPred, this.name);
    const dtype = this.givenDType ?? (given.dtype === 'float64' ? 'float64' : 'float32');
    const target = toTensor(yTrue, this.name);
    const values = this.call(
      isFloating(target.dtype) || target.dtype === 'bool' ? inDType(target, dtype) : target,
      given.dtype === dtype ? given : carryLogits(given, ops.cast(given, dtype)),
    );
    return reduceValues(
      inDType(values, dtype),
      this.reduction,
      sampleWeight == null ? null : toTensor(sampleWeight, `${this.name}: sampleWeight`, dtype),
      bothMasks(mask == null ? null : toTensor(mask, `${this.name}: mask`), maskOf(values)),
    );
  }

  /** The options from which the same loss can be made again. */
  getConfig(): Config {
    return {
      name: this.name,
      reduction: snakeCase(this.reduction),
      ...(this.givenDType && { dtype: this.givenDType }),
    };
  }

  /**
   * Refuses targets that would give a wrong number or a crash in the engine. `fit` and `evaluate` call it once with all
   * targets, before the first step.
   */
  checkTargets(_yTrue: Tensor, _outputShape: readonly (number | null)[]): void {}
}
