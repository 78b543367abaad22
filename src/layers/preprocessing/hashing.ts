/** @file Hashing: strings and whole numbers in bins, without a vocabulary. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { isFloating } from '../../tensor/dtype.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireCount } from '../expectations.ts';
import type { LayerOptions, PartialShape, TensorTree } from '../layer.ts';
import { encodeCategories, encodedShape, requireOutputMode, requireSparse } from './categories.ts';
import { DataLayer } from './data-layer.ts';

const modes = ['int', 'oneHot', 'multiHot', 'count'] as const;

/** A key of the hash: two whole numbers, or one for both. */
export type Salt = number | readonly [number, number];

/** The key's two numbers; null for none. @throws ArgumentError */
export function requireSalt(layer: string, salt: Salt | null | undefined): readonly [number, number] | null {
  if (salt === null || salt === undefined) return null;
  const pair = typeof salt === 'number' ? [salt, salt] : salt;
  if (!Array.isArray(pair) || pair.length !== 2 || !pair.every(Number.isInteger))
    throw new ArgumentError(
      `Layer ${layer}: expected salt to be a whole number or two of them, got ${JSON.stringify(salt)}.`,
    );
  return [pair[0], pair[1]];
}

/** Buckets of strings, or of whole numbers as they are written: by FarmHash, with a salt by SipHash. int64. */
export function bucketsOf(values: Tensor, buckets: number, salt: readonly [number, number] | null): Tensor {
  const whole = isFloating(values.dtype) ? ops.cast(values, 'int64') : values;
  const strings = whole.dtype === 'string' ? whole : ops.strings.asString(whole);
  return salt ? ops.strings.toHashBucketStrong(strings, buckets, salt) : ops.strings.toHashBucketFast(strings, buckets);
}

export interface HashingOptions extends LayerOptions {
  /** How many bins, the mask's among them. */
  numBins: number;
  /** What goes to bin 0, in which then nothing else is; default null. */
  maskValue?: string | number | null;
  /** Makes the hash one that nobody can foresee (SipHash in the place of FarmHash); default null. */
  salt?: Salt | null;
  /** `int` (default): the number of the bin. `oneHot`, `multiHot` and `count` encode it, as CategoryEncoding does. */
  outputMode?: (typeof modes)[number] | (string & {});
  /** Gives a `tf.SparseTensor`, outside of compiled functions; not with `int`. Default false. */
  sparse?: boolean;
}

/**
 * Strings and whole numbers in `numBins` bins by their hash; the same bins on each machine, and in Keras. Different values may share
 * a bin. Output of the inputs' shape, int64 (or `dtype`); or vectors.
 *
 * @example
 * tf.layers.hashing({ numBins: 3 }).apply([['A'], ['B'], ['C'], ['D'], ['E']]); // [[1], [0], [1], [1], [2]]
 */
export class Hashing extends DataLayer {
  readonly numBins: number;
  readonly maskValue: string | number | null;
  readonly salt: readonly [number, number] | null;
  readonly outputMode: (typeof modes)[number];
  readonly sparse: boolean;

  constructor(options: HashingOptions) {
    const isInt = (options.outputMode ?? 'int') === 'int';
    super({ ...options, dtype: options.dtype ?? (isInt ? 'int64' : undefined) });
    this.numBins = requireCount(this.name, 'numBins', options.numBins);
    this.maskValue = options.maskValue ?? null;
    this.salt = requireSalt(this.name, options.salt);
    this.outputMode = requireOutputMode(this.name, options.outputMode ?? 'int', modes);
    this.sparse = requireSparse(this.name, options.sparse, this.outputMode);
    if (isInt && this.computeDtype !== 'int32' && this.computeDtype !== 'int64')
      throw new ArgumentError(
        `Layer ${this.name}: expected the dtype of bins to be int32 or int64, got ${this.computeDtype}.`,
      );
  }

  override call(inputs: Tensor): TensorTree {
    const { numBins: depth, outputMode: mode, computeDtype: dtype } = this;
    const encoded = encodeCategories(this.binsOf(inputs), { mode, depth, dtype });
    return this.sparse ? ops.sparse.fromDense(encoded) : encoded;
  }

  private binsOf(values: Tensor): Tensor {
    const { numBins, maskValue, salt } = this;
    if (maskValue === null || numBins === 1) return bucketsOf(values, numBins, salt);
    const bins = ops.add(bucketsOf(values, numBins - 1, salt), ops.scalar(1, 'int64'));
    const isMask = ops.equal(values, ops.scalar(maskValue, values.dtype));
    return ops.where(isMask, ops.zerosLike(bins), bins);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return encodedShape(inputShape, this.outputMode, this.numBins);
  }

  protected override outputForms(inputs: Tensor): unknown {
    return this.formOf(this.computeOutputShape(inputs.shape), this.computeDtype);
  }

  override detail(): string {
    return `${this.numBins} bins`;
  }

  override getConfig(): Config {
    const { numBins, salt, maskValue, outputMode, sparse } = this;
    return { ...super.getConfig(), numBins, salt, maskValue, outputMode, sparse };
  }
}
