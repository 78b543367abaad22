/** @file A layer of a user's own with a weight, for models that are saved. */
import * as tf from '../../src/index.ts';

export class Scale extends tf.layers.Layer {
  private readonly start: number;
  factor!: tf.Variable;

  constructor({ start = 1, ...options }: tf.layers.LayerOptions & { start?: number } = {}) {
    super(options);
    this.start = start;
  }
  override build(): void {
    this.factor = this.addWeight('factor', [], null, tf.initializers.constant({ value: this.start }));
  }
  override call(x: tf.Tensor): tf.Tensor {
    return tf.mul(x, this.factor.read());
  }
  override getConfig() {
    return { ...super.getConfig(), start: this.start };
  }
}
