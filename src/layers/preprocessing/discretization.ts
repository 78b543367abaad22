/** @file Discretization: numbers as the bins that they lie in. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { DType } from '../../tensor/dtype.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { requireCount } from '../expectations.ts';
import type { LayerOptions, PartialShape, TensorTree } from '../layer.ts';
import { AdaptiveLayer, type Samples } from './adaptation.ts';
import { encodeCategories, encodedShape, requireOutputMode, requireSparse } from './categories.ts';
import type { RawValues } from './data-layer.ts';
import { type Summary, boundariesOf, mergeSummaries, noValues, summarize } from './quantiles.ts';

const modes = ['int', 'oneHot', 'multiHot', 'count'] as const;

export interface DiscretizationOptions extends LayerOptions {
  /** Where bins begin, ascending: [0, 1, 2] makes the bins below 0, [0, 1), [1, 2) and from 2 on. */
  binBoundaries?: readonly number[] | null;
  /** In its place how many bins there shall be; `adapt` finds boundaries between which about as many numbers lie. */
  numBins?: number | null;
  /** How far off quantiles may be, as a share of all numbers; smaller takes more memory. Default 0.01. */
  epsilon?: number;
  /** `int` (default): the number of the bin. `oneHot`, `multiHot` and `count` encode it, as CategoryEncoding does. */
  outputMode?: (typeof modes)[number] | (string & {});
  /** Gives a `tf.SparseTensor`, outside of compiled functions; not with `int`. Default false. */
  sparse?: boolean;
}

/**
 * Numbers as the bins that they lie in, from 0: int32 of the inputs' shape, or vectors of them in the layer's dtype.
 *
 * @example
 * tf.layers.discretization({ binBoundaries: [0, 1, 2] }).apply([[-1.5, 1, 3.4, 0.5]]); // [[0, 2, 3, 1]]
 */
export class Discretization extends AdaptiveLayer {
  readonly numBins: number | null;
  readonly epsilon: number;
  readonly outputMode: (typeof modes)[number];
  readonly sparse: boolean;
  private boundaries: readonly number[] | null;
  private summary: Summary = noValues;

  constructor(options: DiscretizationOptions) {
    super(options);
    const { binBoundaries = null, numBins = null } = options;
    if ((binBoundaries === null) === (numBins === null))
      throw new ArgumentError(
        `Layer ${this.name}: expected either binBoundaries or numBins; got ${numBins === null ? 'none' : 'both'} of them.`,
      );
    this.boundaries = binBoundaries;
    this.numBins = numBins === null ? null : requireCount(this.name, 'numBins', numBins);
    this.epsilon = options.epsilon ?? 0.01;
    this.outputMode = requireOutputMode(this.name, options.outputMode ?? 'int', modes);
    this.sparse = requireSparse(this.name, options.sparse, this.outputMode);
  }

  /** Where bins begin; null before `adapt`. */
  get binBoundaries(): readonly number[] | null {
    return this.boundaries;
  }

  override resetState(): void {
    this.summary = noValues;
  }

  override updateState(batch: Samples | RawValues): void {
    this.requireBins();
    const whole = this.wholeOf(batch);
    const numbers = whole instanceof Tensor ? whole : whole.flatValues;
    const own = summarize(ops.cast(numbers, 'float32').dataSync() as Float32Array, this.epsilon);
    this.summary = mergeSummaries(own, this.summary, this.epsilon);
  }

  override finalizeState(): void {
    this.boundaries = boundariesOf(this.summary, this.requireBins());
  }

  private requireBins(): number {
    if (this.numBins === null)
      throw new ArgumentError(`Layer ${this.name}: it cannot adapt, since it was given binBoundaries; give numBins.`);
    return this.numBins;
  }

  override call(inputs: Tensor): TensorTree {
    if (this.boundaries === null)
      throw new ArgumentError(`Layer ${this.name}: it has no boundaries yet; call adapt(data), or give binBoundaries.`);
    const encoded = encodeCategories(ops.bucketize(inputs, this.boundaries), {
      ...{ mode: this.outputMode, depth: this.boundaries.length + 1, dtype: this.outputDtype },
    });
    return this.sparse ? ops.sparse.fromDense(encoded) : encoded;
  }

  private get outputDtype(): DType {
    return this.outputMode === 'int' ? 'int32' : this.computeDtype;
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return encodedShape(inputShape, this.outputMode, this.boundaries ? this.boundaries.length + 1 : this.numBins);
  }

  protected override outputForms(inputs: Tensor): unknown {
    return this.formOf(this.computeOutputShape(inputs.shape), this.outputDtype);
  }

  override detail(): string {
    return `${this.boundaries ? this.boundaries.length + 1 : this.numBins} bins`;
  }

  /** After `adapt` a config has both the boundaries and how many bins were asked for. */
  static fromConfig(config: Config): Discretization {
    const { binBoundaries, ...rest } = config as DiscretizationOptions;
    if (binBoundaries == null || rest.numBins == null) return new Discretization(config as DiscretizationOptions);
    const layer = new Discretization(rest);
    layer.boundaries = binBoundaries;
    return layer;
  }

  override getConfig(): Config {
    // There are no weights to train, and Keras takes no such option.
    const { trainable: _trainable, ...base } = super.getConfig();
    const { boundaries, numBins, epsilon, outputMode, sparse } = this;
    return { ...base, binBoundaries: boundaries, numBins, epsilon, outputMode, sparse };
  }
}
