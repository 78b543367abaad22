/** @file Initializers that fill a weight with one value. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { DType } from '../tensor/dtype.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Initializer } from './initializer.ts';

/** Every element is `value`. */
export class Constant extends Initializer {
  readonly value: number;

  constructor(options: { value: number }) {
    super();
    if (typeof options?.value !== 'number')
      throw new ArgumentError(`initializers.constant: expected { value: number }, got value ${options?.value}.`);
    this.value = options.value;
  }

  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    return ops.fill([...shape], this.value, dtype);
  }

  override getConfig(): Config {
    return { value: this.value };
  }
}

/** Every element is 0. */
export class Zeros extends Initializer {
  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    return ops.zeros([...shape], dtype);
  }
}

/** Every element is 1. */
export class Ones extends Initializer {
  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    return ops.ones([...shape], dtype);
  }
}
