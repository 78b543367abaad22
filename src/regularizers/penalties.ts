/** @file Penalties on large weights, and on weights that are not orthogonal. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Regularizer } from './regularizer.ts';

function checkFactor(name: string, value: number): number {
  if (typeof value !== 'number' || !(value >= 0 && Number.isFinite(value)))
    throw new ArgumentError(
      `regularizers: expected ${name} to be a finite number of at least 0, got ${String(value)}.`,
    );
  return value;
}

const absolutes = (weight: Tensor, factor: number): Tensor => ops.mul(ops.sum(ops.abs(weight)), factor);
const squares = (weight: Tensor, factor: number): Tensor => ops.mul(ops.sum(ops.square(weight)), factor);

/**
 * `l1` sum(|w|) + `l2` sum(w²); a factor that is left out is 0.
 *
 * @example new tf.regularizers.L1L2({ l1: 0.1, l2: 0.1 }).apply(tf.tensor([1, -2])) // 0.8
 */
export class L1L2 extends Regularizer {
  readonly l1: number;
  readonly l2: number;

  constructor({ l1, l2 }: { l1?: number | null; l2?: number | null } = {}) {
    super();
    this.l1 = checkFactor('l1', l1 ?? 0);
    this.l2 = checkFactor('l2', l2 ?? 0);
  }

  override apply(weight: Tensor): Tensor {
    const absolute = this.l1 > 0 ? absolutes(weight, this.l1) : null;
    const squared = this.l2 > 0 ? squares(weight, this.l2) : null;
    if (absolute && squared) return ops.add(absolute, squared);
    return absolute ?? squared ?? ops.scalar(0, weight.dtype);
  }

  override getConfig(): Config {
    return { l1: this.l1, l2: this.l2 };
  }
}

/**
 * `l1` sum(|w|): makes weights exactly 0; the factor is 0.01 unless told.
 *
 * @example tf.regularizers.l1({ l1: 0.1 }).apply(tf.tensor([1, -2])) // 0.3
 */
export class L1 extends Regularizer {
  readonly l1: number;

  constructor({ l1 }: { l1?: number | null } = {}) {
    super();
    this.l1 = checkFactor('l1', l1 ?? 0.01);
  }

  override apply(weight: Tensor): Tensor {
    return absolutes(weight, this.l1);
  }

  override getConfig(): Config {
    return { l1: this.l1 };
  }
}

/**
 * `l2` sum(w²): keeps weights small; the factor is 0.01 unless told.
 *
 * @example tf.regularizers.l2({ l2: 0.1 }).apply(tf.tensor([1, -2])) // 0.5
 */
export class L2 extends Regularizer {
  readonly l2: number;

  constructor({ l2 }: { l2?: number | null } = {}) {
    super();
    this.l2 = checkFactor('l2', l2 ?? 0.01);
  }

  override apply(weight: Tensor): Tensor {
    return squares(weight, this.l2);
  }

  override getConfig(): Config {
    return { l2: this.l2 };
  }
}

export interface OrthogonalRegularizerOptions {
  /** Default 0.01. */
  factor?: number;
  /** Which vectors of the matrix are to be orthogonal to each other; default `rows`. */
  mode?: 'rows' | 'columns';
}

/**
 * `factor` times the mean |cosine| between any two rows (or columns) of a matrix: 0 where they are orthogonal.
 *
 * @example new tf.regularizers.OrthogonalRegularizer({ factor: 1 }).apply(tf.tensor([[1, 0], [1, 1]])) // 0.707
 */
export class OrthogonalRegularizer extends Regularizer {
  readonly factor: number;
  readonly mode: 'rows' | 'columns';

  constructor({ factor = 0.01, mode = 'rows' }: OrthogonalRegularizerOptions = {}) {
    super();
    if (mode !== 'rows' && mode !== 'columns')
      throw new ArgumentError(
        `regularizers.orthogonalRegularizer: expected mode rows or columns, got '${String(mode)}'.`,
      );
    this.factor = checkFactor('factor', factor);
    this.mode = mode;
  }

  /** @throws ShapeError where the weight is no matrix. */
  override apply(weight: Tensor): Tensor {
    if (weight.rank !== 2)
      throw new ShapeError(
        `regularizers.orthogonalRegularizer: expected a matrix, got a weight of shape ${formatShape(weight.shape)}.`,
      );
    const byRows = this.mode === 'rows';
    const size = weight.shape[byRows ? 0 : 1];
    const lengths = ops.sqrt(ops.maximum(ops.sum(ops.square(weight), byRows ? 1 : 0, true), 1e-14));
    const unit = ops.div(weight, lengths);
    const cosines = ops.matMul(unit, unit, !byRows, byRows);
    const others = ops.sub(1, ops.eye(size, size, [], weight.dtype));
    // Each pair stands twice in the matrix of cosines.
    const pairs = size * (size - 1);
    return ops.mul(ops.sum(ops.abs(ops.mul(cosines, others))), this.factor / pairs);
  }

  override getConfig(): Config {
    return { factor: this.factor, mode: this.mode };
  }
}
