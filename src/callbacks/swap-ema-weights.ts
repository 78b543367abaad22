/** @file SwapEMAWeights: evaluates with the moving averages of the weights. */
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Variable } from '../tensor/variable.ts';
import { learningRatesOf } from './callback-model.ts';
import { Callback } from './callback.ts';

export interface SwapEMAWeightsOptions {
  /** Swaps at the ends of epochs too, so that callbacks after this one (a checkpoint) see the averages; default false. */
  swapOnEpoch?: boolean;
}

/**
 * Puts the moving averages that the optimizer keeps (`useEma: true`) in place of the weights while the model is evaluated or
 * predicts, and the weights back afterwards.
 *
 * @throws ArgumentError where no optimizer of the model keeps averages.
 * @example
 * model.compile({ optimizer: tf.optimizers.sgd({ useEma: true }), loss: 'mse' });
 * await model.fit(x, y, { validationSplit: 0.2, callbacks: tf.callbacks.swapEMAWeights() });
 */
export class SwapEMAWeights extends Callback {
  private readonly swapOnEpoch: boolean;
  private averagesInModel = false;

  constructor({ swapOnEpoch = false }: SwapEMAWeightsOptions = {}) {
    super();
    this.swapOnEpoch = swapOnEpoch;
  }

  override onEpochBegin(): void {
    if (this.swapOnEpoch) this.putWeights();
  }

  override onEpochEnd(epoch: number): void {
    if (!this.swapOnEpoch) return;
    this.putAverages();
    // After the last epoch the optimizer writes its averages into the model: those, and not the weights that stand there now.
    if (epoch === this.params.epochs - 1 || this.model.stopTraining)
      for (const [weight, average] of this.pairs()) ops.tidy(() => void average.assign(weight.read()));
  }

  override onTestBegin(): void {
    this.putAverages();
  }
  override onTestEnd(): void {
    this.putWeights();
  }
  override onPredictBegin(): void {
    this.putAverages();
  }
  override onPredictEnd(): void {
    this.putWeights();
  }

  private putAverages(): void {
    if (!this.averagesInModel) this.swap();
    this.averagesInModel = true;
  }
  private putWeights(): void {
    if (this.averagesInModel) this.swap();
    this.averagesInModel = false;
  }

  private swap(): void {
    for (const [weight, average] of this.pairs())
      ops.tidy(() => {
        // A reading keeps its value when the variable gets another.
        const [value, mean] = [weight.read(), average.read()];
        weight.assign(mean);
        average.assign(value);
      });
  }

  private pairs(): (readonly [Variable, Variable])[] {
    const averaging = learningRatesOf(this.model).filter(({ optimizer }) => optimizer.useEma);
    if (averaging.length === 0)
      throw new ArgumentError(
        `SwapEMAWeights: the optimizer of model ${this.model.name} keeps no moving averages; make it with useEma: true.`,
      );
    return averaging.flatMap(({ optimizer }) => optimizer.movingAverages ?? []);
  }
}
