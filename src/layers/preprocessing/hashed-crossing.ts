/** @file HashedCrossing: combinations of features in bins. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { isFloating } from '../../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../../tensor/errors.ts';
import { formatShape, shapesEqual } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireCount } from '../expectations.ts';
import type { LayerOptions, PartialShape, ShapeTree, TensorTree } from '../layer.ts';
import { encodeCategories, encodedShape, requireOutputMode, requireSparse } from './categories.ts';
import { DataLayer } from './data-layer.ts';

const modes = ['int', 'oneHot'] as const;

export interface HashedCrossingOptions extends LayerOptions {
  /** How many bins. */
  numBins: number;
  /** `int` (default): the number of the bin; `oneHot`: a vector. */
  outputMode?: (typeof modes)[number] | (string & {});
  /** Gives a `tf.SparseTensor`, outside of compiled functions; not with `int`. Default false. */
  sparse?: boolean;
}

/**
 * Combinations of features in bins: the hash of all of a sample's features together, modulo `numBins`. The same bins as in Keras.
 *
 * Inputs are two or more tensors of strings or whole numbers, each of shape [], [batch] or [batch, 1]; output of that shape, int64
 * (or `dtype`), or [batch, numBins].
 *
 * @example
 * const city = tf.tensor(['A', 'B', 'A', 'B', 'A']);
 * const room = tf.tensor([101, 101, 101, 102, 102], [5], 'int32');
 * tf.layers.hashedCrossing({ numBins: 5 }).apply([city, room]); // [1, 4, 1, 1, 3]
 */
export class HashedCrossing extends DataLayer {
  readonly numBins: number;
  readonly outputMode: (typeof modes)[number];
  readonly sparse: boolean;

  constructor(options: HashedCrossingOptions) {
    const isInt = (options.outputMode ?? 'int') === 'int';
    super({ ...options, dtype: options.dtype ?? (isInt ? 'int64' : undefined) });
    this.numBins = requireCount(this.name, 'numBins', options.numBins);
    this.outputMode = requireOutputMode(this.name, options.outputMode ?? 'int', modes);
    this.sparse = requireSparse(this.name, options.sparse, this.outputMode);
  }

  override call(inputs: readonly Tensor[]): TensorTree {
    this.checkInputs(inputs);
    const { numBins: depth, outputMode: mode, computeDtype: dtype } = this;
    const bins = ops.strings.crossToHashBucket(inputs, depth);
    const encoded = encodeCategories(bins, { mode, depth, dtype });
    return this.sparse ? ops.sparse.fromDense(encoded) : encoded;
  }

  private checkInputs(inputs: readonly Tensor[]): void {
    if (!Array.isArray(inputs) || inputs.length < 2)
      throw new ArgumentError(`Layer ${this.name}: expected an array of at least two tensors.`);
    const [{ shape }] = inputs as readonly Tensor[];
    for (const input of inputs as readonly Tensor[]) {
      if (isFloating(input.dtype) || input.dtype === 'complex64')
        throw new DTypeError(`Layer ${this.name}: expected strings or whole numbers, got ${input.dtype}.`);
      const fits = shape.length < 2 || (shape.length === 2 && shape[1] === 1);
      if (!fits || !shapesEqual(input.shape, shape))
        throw new ShapeError(
          `Layer ${this.name}: expected inputs of one shape, [], [batch] or [batch, 1]; got ${(inputs as readonly Tensor[]).map((each) => formatShape(each.shape)).join(' and ')}.`,
        );
    }
  }

  override computeOutputShape(inputShapes: ShapeTree): PartialShape {
    const [shape] = inputShapes as readonly PartialShape[];
    return encodedShape(shape, this.outputMode, this.numBins);
  }

  protected override outputForms(inputs: readonly Tensor[]): unknown {
    return this.formOf(this.computeOutputShape(inputs.map(({ shape }) => shape)), this.computeDtype);
  }

  override detail(): string {
    return `${this.numBins} bins`;
  }

  override getConfig(): Config {
    const { numBins, outputMode, sparse } = this;
    return { ...super.getConfig(), numBins, outputMode, sparse };
  }
}
