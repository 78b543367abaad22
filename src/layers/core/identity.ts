/** @file Identity: gives back what it gets. */
import type { TensorTree } from '../../tensor/tree.ts';
import { Layer, type LayerOptions } from '../layer.ts';

/**
 * Gives back what it gets: a place for a layer that is not there.
 *
 * @example
 * tf.layers.identity().apply(tf.ones([2, 3])); // the same
 */
export class Identity extends Layer {
  constructor(options: LayerOptions = {}) {
    super(options);
    this.supportsMasking = true;
  }

  override call(inputs: TensorTree): TensorTree {
    return inputs;
  }
}
