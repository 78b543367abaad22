/** @file A model as callbacks see one, for tests: its weights are given, what it saves is kept. */
import * as tf from '../../src/index.ts';

export class WatchedModel implements tf.callbacks.CallbackModel {
  readonly name = 'watched';
  stopTraining = false;
  initialEpoch: number | null = null;
  optimizer: tf.callbacks.CallbackOptimizer | null = { learningRate: 0.5 };
  metrics: tf.callbacks.CallbackMetric[] = [];
  weight = -1;
  readonly saved: string[] = [];

  getWeights(): tf.Tensor[] {
    return [tf.scalar(this.weight)];
  }
  setWeights([value]: readonly tf.Tensor[]): void {
    this.weight = value.dataSync()[0];
  }

  async save(path: string): Promise<void> {
    this.saved.push(path);
  }

  async saveWeights(path: string): Promise<void> {
    this.saved.push(path);
  }
}

/** What a run of so many epochs tells callbacks. */
export const paramsOf = (epochs: number, steps = 1): tf.callbacks.CallbackParams => ({
  epochs,
  steps,
  samples: steps,
  metrics: ['loss'],
});
