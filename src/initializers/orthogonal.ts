/** @file Orthogonal: weights that keep lengths. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { ShapeError } from '../tensor/errors.ts';
import type { DType } from '../tensor/dtype.ts';
import { type Shape, formatShape, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { RandomInitializer } from './random.ts';
import { type SeedOptions, drawNormal } from './seed.ts';

export interface OrthogonalOptions extends SeedOptions {
  /** Multiplies the matrix; default 1. */
  gain?: number;
}

/**
 * A random matrix with orthonormal columns (or rows, whichever are fewer), all axes but the last taken as one: Q of the QR
 * decomposition of normal numbers, with signs that make every such matrix equally likely (Saxe et al. 2013).
 *
 * @example
 * const w = tf.initializers.orthogonal().apply([3, 3]);
 * w.matMul(w, true, false); // the identity
 */
export class Orthogonal extends RandomInitializer {
  readonly gain: number;

  constructor({ gain = 1, seed }: OrthogonalOptions = {}) {
    super('orthogonal', seed);
    this.gain = gain;
  }

  /** @throws ShapeError for fewer than two axes. */
  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    if (shape.length < 2)
      throw new ShapeError(
        `initializers.orthogonal: expected a shape of at least two axes, got ${formatShape(shape)}.`,
      );
    const rows = sizeOf(shape.slice(0, -1));
    const columns = shape[shape.length - 1];
    const [q, r] = ops.linalg.qr(
      drawNormal([Math.max(rows, columns), Math.min(rows, columns)], 0, 1, dtype, this.seed),
    );
    const uniform = ops.mul(q, ops.sign(ops.linalg.diagPart(r)));
    const matrix = rows < columns ? ops.transpose(uniform) : uniform;
    return ops.mul(ops.reshape(matrix, [...shape]), this.gain);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), gain: this.gain };
  }
}
