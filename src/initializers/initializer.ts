/** @file What every initializer is: a maker of a weight's first values. */
import type { Config } from '../configuration.ts';
import type { DType } from '../tensor/dtype.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Makes the first values of a weight. Subclass it, and give an instance wherever an initializer is asked for. */
export abstract class Initializer {
  /** A new tensor of this shape. */
  abstract apply(shape: Shape, dtype?: DType): Tensor;

  /** The arguments it was made with. */
  getConfig(): Config {
    return {};
  }
}
