/** @file Weights as images for TensorBoard. */
import * as ops from '../ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * Images, [images, height, width, channels]: a vector as a column, a matrix lying, of three axes one image for each place of the last.
 * Null for what cannot be shown so.
 */
export function weightImages(weight: Tensor): Tensor | null {
  const value = ops.squeeze(weight);
  const [first, second] = value.shape;
  switch (value.rank) {
    case 1:
      return ops.reshape(value, [1, first, 1, 1]);
    case 2: {
      const lying = first > second ? ops.transpose(value) : value;
      return ops.reshape(lying, [1, ...lying.shape, 1]);
    }
    case 3:
      return ops.expandDims(ops.transpose(value, [2, 0, 1]), -1);
    case 4:
      return [1, 3, 4].includes(value.shape[3]) ? value : null;
    default:
      return null;
  }
}
