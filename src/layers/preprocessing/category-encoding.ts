/** @file CategoryEncoding: whole numbers as vectors. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireCount } from '../expectations.ts';
import type { CallOptions, LayerOptions, PartialShape, TensorTree } from '../layer.ts';
import { encodeCategories, encodedShape, requireOutputMode, requireSparse } from './categories.ts';
import { DataLayer, type RawValues, isRaw } from './data-layer.ts';

const modes = ['multiHot', 'oneHot', 'count'] as const;

export interface CategoryEncodingOptions extends LayerOptions {
  /** How many categories: inputs are whole numbers from 0 to before it. */
  numTokens: number;
  /**
   * `multiHot` (default): for each sample one vector of 1s where a category is in it. `oneHot`: a vector for each number, along a new
   * last axis or the last one if that has size 1. `count`: how often each category is in a sample.
   */
  outputMode?: (typeof modes)[number] | (string & {});
  /** Gives a `tf.SparseTensor`, outside of compiled functions. Default false. */
  sparse?: boolean;
}

export interface CategoryEncodingCallOptions extends CallOptions {
  /** In mode `count`: how much each number counts, of the shape of the inputs. */
  countWeights?: Tensor | RawValues | null;
}

/**
 * Whole numbers as vectors. A sample is the last axis: [..., length] becomes [..., numTokens], in the layer's dtype. Numbers that
 * are no category are in no vector.
 *
 * @example
 * tf.layers.categoryEncoding({ numTokens: 4, outputMode: 'count' }).apply([[0, 1, 1], [3, 0, 0]]); // [[1, 2, 0, 0], [2, 0, 0, 1]]
 */
export class CategoryEncoding extends DataLayer {
  readonly numTokens: number;
  readonly outputMode: (typeof modes)[number];
  readonly sparse: boolean;

  constructor(options: CategoryEncodingOptions) {
    super(options);
    this.numTokens = requireCount(this.name, 'numTokens', options.numTokens);
    this.outputMode = requireOutputMode(this.name, options.outputMode ?? 'multiHot', modes);
    this.sparse = requireSparse(this.name, options.sparse, this.outputMode);
  }

  override apply<O extends TensorTree = Tensor>(
    inputs: TensorTree | RawValues,
    options: CategoryEncodingCallOptions = {},
  ): O {
    return super.apply<O>(inputs, options);
  }

  override call(inputs: Tensor, { countWeights }: CategoryEncodingCallOptions): TensorTree {
    const { numTokens: depth, outputMode: mode, computeDtype: dtype } = this;
    if (countWeights != null && mode !== 'count')
      throw new ArgumentError(`Layer ${this.name}: countWeights are for outputMode 'count', it has '${mode}'.`);
    const weights = countWeights == null ? null : isRaw(countWeights) ? ops.tensor(countWeights) : countWeights;
    const encoded = encodeCategories(inputs, {
      ...{ mode, depth, dtype },
      countWeights: weights && ops.cast(weights, dtype),
    });
    return this.sparse ? ops.sparse.fromDense(encoded) : encoded;
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return encodedShape(inputShape, this.outputMode, this.numTokens);
  }

  protected override outputForms(inputs: Tensor): unknown {
    return this.formOf(this.computeOutputShape(inputs.shape), this.computeDtype);
  }

  override detail(): string {
    return `${this.numTokens}, ${this.outputMode}`;
  }

  override getConfig(): Config {
    const { numTokens, outputMode, sparse } = this;
    return { ...super.getConfig(), numTokens, outputMode, sparse };
  }
}
