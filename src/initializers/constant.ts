/** @file Initializers without chance: one value, given values, the identity matrix. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import type { DType } from '../tensor/dtype.ts';
import type { NestedArray } from '../tensor/host.ts';
import { type Shape, formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Initializer } from './initializer.ts';

export interface ConstantOptions {
  /** A number, or values that broadcast to the weight's shape; default 0. */
  value?: number | NestedArray | Tensor;
}

const isNumbers = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'boolean' || (Array.isArray(value) && value.every(isNumbers));

/**
 * Every element is `value`.
 *
 * @example tf.initializers.constant({ value: 3 }).apply([2]) // [3, 3]
 */
export class Constant extends Initializer {
  readonly value: number | NestedArray;

  constructor({ value = 0 }: ConstantOptions = {}) {
    super();
    const given = value instanceof Tensor ? (value.arraySync() as NestedArray) : value;
    if (!isNumbers(given))
      throw new ArgumentError(
        `initializers.constant: expected { value } to be a number, an array of numbers or a tensor; got ${String(given)}.`,
      );
    this.value = given;
  }

  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    return typeof this.value === 'number'
      ? ops.fill([...shape], this.value, dtype)
      : ops.broadcastTo(ops.tensor(this.value, null, dtype), [...shape]);
  }

  override getConfig(): Config {
    return { value: this.value };
  }
}

/**
 * Every element is 0.
 * @example tf.initializers.zeros().apply([2]) // [0, 0]
 */
export class Zeros extends Initializer {
  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    return ops.zeros([...shape], dtype);
  }
}

/**
 * Every element is 1.
 * @example tf.initializers.ones().apply([2]) // [1, 1]
 */
export class Ones extends Initializer {
  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    return ops.ones([...shape], dtype);
  }
}

export interface IdentityOptions {
  /** What stands on the diagonal; default 1. */
  gain?: number;
}

/**
 * `gain` on the diagonal of a matrix, 0 elsewhere.
 *
 * @example tf.initializers.identity({ gain: 2 }).apply([2, 2]) // [[2, 0], [0, 2]]
 */
export class Identity extends Initializer {
  readonly gain: number;

  constructor({ gain = 1 }: IdentityOptions = {}) {
    super();
    this.gain = gain;
  }

  /** @throws ShapeError where the shape is no matrix's. */
  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    if (shape.length !== 2)
      throw new ShapeError(`initializers.identity: expected the shape of a matrix, got ${formatShape(shape)}.`);
    const matrix = ops.eye(shape[0], shape[1], [], dtype);
    return this.gain === 1 ? matrix : ops.mul(matrix, this.gain);
  }

  override getConfig(): Config {
    return { gain: this.gain };
  }
}
