/** @file Normalization: features with mean 0 and variance 1, by statistics of the data. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import type { NestedArray } from '../../tensor/host.ts';
import { formatShape, shapesEqual } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { knownSize } from '../expectations.ts';
import type { LayerOptions, PartialShape } from '../layer.ts';
import { AdaptiveLayer, type Samples } from './adaptation.ts';
import type { RawValues } from './data-layer.ts';

/** Standard deviations count as at least so much. */
const leastDeviation = 1e-7;

export interface NormalizationOptions extends LayerOptions {
  /** The axes that keep a mean and a variance for each of their places; null for one of all. Default -1: for each feature. */
  axis?: number | readonly number[] | null;
  /** With `variance` in the place of `adapt`: a number, or one for each place of the axes. */
  mean?: NestedArray | Tensor | null;
  variance?: NestedArray | Tensor | null;
  /** From normalized values to those before: x √variance + mean. Default false. */
  invert?: boolean;
}

/** Mean and variance of values, and how many there were. */
interface Statistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly count: number;
}

/**
 * (x - mean) / √variance, with the mean and variance of the data that it adapted to, or that it was given. Output of the input's shape, in
 * the layer's dtype.
 *
 * @example
 * const layer = tf.layers.normalization({ axis: null });
 * layer.adapt([1, 2, 3, 4, 5]);
 * layer.apply([[1, 2, 3]]); // [[-1.414, -0.707, 0]]
 */
export class Normalization extends AdaptiveLayer {
  readonly axis: readonly number[];
  readonly invert: boolean;
  private readonly givenMean: Tensor | null;
  private readonly givenVariance: Tensor | null;
  private meanWeight: Variable | null = null;
  private varianceWeight: Variable | null = null;
  private statistics: Statistics | null = null;

  constructor(options: NormalizationOptions = {}) {
    super(options);
    const { axis = -1, mean = null, variance = null } = options;
    this.axis = axis === null ? [] : typeof axis === 'number' ? [axis] : [...axis];
    this.invert = options.invert ?? false;
    this.supportsMasking = true;
    if ((mean === null) !== (variance === null))
      throw new ArgumentError(
        `Layer ${this.name}: expected both mean and variance or neither; there is no ${mean === null ? 'mean' : 'variance'}.`,
      );
    const toTensor = (value: NestedArray | Tensor | null): Tensor | null =>
      value === null ? null : ops.keep(ops.cast(value instanceof Tensor ? value : ops.tensor(value), this.dtype));
    this.givenMean = toTensor(mean);
    this.givenVariance = toTensor(variance);
    if (this.givenMean && this.givenVariance) this.checkGiven(this.givenMean, this.givenVariance);
  }

  private checkGiven(mean: Tensor, variance: Tensor): void {
    if (!shapesEqual(mean.shape, variance.shape) || mean.rank > this.axis.length)
      throw new ShapeError(
        `Layer ${this.name}: expected mean and variance of one shape with at most ${this.axis.length} axes, as many as axis names; ` +
          `got ${formatShape(mean.shape)} and ${formatShape(variance.shape)}.`,
      );
  }

  /** The axes that keep statistics, ascending. @throws ArgumentError */
  private keptAxes(rank: number): number[] {
    const wrong = this.axis.find((axis) => axis < -rank || axis >= rank);
    if (wrong !== undefined)
      throw new ArgumentError(`Layer ${this.name}: an input of ${rank} axes has no axis ${wrong}.`);
    return this.axis.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
  }

  override build(inputShape: PartialShape): void {
    const shape = this.keptAxes(inputShape.length).map((axis) => knownSize(this.name, inputShape, axis));
    if (this.givenMean) return;
    const add = (name: string, initializer: string): Variable =>
      this.addWeight(name, shape, null, initializer, null, false, null, { autocast: false });
    this.meanWeight = add('mean', 'zeros');
    this.varianceWeight = add('variance', 'ones');
    // Files of Keras have it; nothing counts on.
    this.addWeight('count', [], 'int32', 'zeros', null, false);
  }

  override resetState(): void {
    this.statistics = null;
  }

  /** Brings the statistics of a batch together with those before. */
  override updateState(data: Samples | RawValues): void {
    const batch = this.wholeOf(data);
    if (this.givenMean || !(batch instanceof Tensor))
      throw new ArgumentError(
        this.givenMean
          ? `Layer ${this.name}: it cannot adapt, since it was given mean and variance.`
          : `Layer ${this.name}: adapt expected tensors or arrays, got a ragged tensor.`,
      );
    this.ensureBuilt(batch.shape);
    const own = this.statisticsOf(batch);
    const before = this.statistics;
    this.statistics = before ? joined(before, own) : own;
    for (const value of [this.statistics.mean, this.statistics.variance]) ops.keep(value);
    if (before) ops.dispose([before.mean, before.variance]);
  }

  private statisticsOf(batch: Tensor): Statistics {
    const kept = this.keptAxes(batch.rank);
    const sizes = kept.map((axis) => batch.shape[axis]);
    const expected = this.meanWeight?.shape ?? [];
    if (!shapesEqual(sizes, expected))
      throw new ShapeError(
        `Layer ${this.name}: it was built for axes ${kept.join(', ')} of sizes ${formatShape(expected)}; adapt got data of shape ${formatShape(batch.shape)}.`,
      );
    const x = ops.cast(batch, this.dtype);
    const others = batch.shape.map((_, axis) => axis).filter((axis) => !kept.includes(axis));
    const mean = ops.mean(x, others, true);
    const variance = ops.mean(ops.square(ops.sub(x, mean)), others);
    const count = others.reduce((product, axis) => product * batch.shape[axis], 1);
    return { mean: ops.reshape(mean, sizes), variance: ops.reshape(variance, sizes), count };
  }

  override finalizeState(): void {
    if (!this.statistics) throw new ArgumentError(`Layer ${this.name}: adapt got no batches.`);
    const { mean, variance } = this.statistics;
    this.meanWeight?.assign(mean);
    this.varianceWeight?.assign(variance);
    ops.dispose([mean, variance]);
    this.statistics = null;
  }

  override call(inputs: Tensor): Tensor {
    const x = ops.cast(inputs, this.computeDtype);
    const place = (value: Tensor): Tensor => ops.cast(this.alongAxes(value, x.shape), this.computeDtype);
    const mean = place(this.givenMean ?? (this.meanWeight as Variable).read());
    const variance = place(this.givenVariance ?? (this.varianceWeight as Variable).read());
    const deviation = ops.maximum(ops.sqrt(variance), leastDeviation);
    return this.invert ? ops.add(mean, ops.mul(x, deviation)) : ops.div(ops.sub(x, mean), deviation);
  }

  /** A value's axes, from the last one, in the places of the kept ones. */
  private alongAxes(value: Tensor, shape: readonly number[]): Tensor {
    const kept = this.keptAxes(shape.length);
    const sizes = shape.map(() => 1);
    for (let i = 1; i <= value.rank; i++) sizes[kept[kept.length - i]] = value.shape[value.rank - i];
    return ops.reshape(value, sizes);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  protected override outputForms(inputs: Tensor): unknown {
    return this.formOf(inputs.shape, this.computeDtype);
  }

  override getConfig(): Config {
    const [mean, variance] = [this.givenMean, this.givenVariance].map((value) => value?.arraySync() ?? null);
    return { ...super.getConfig(), axis: this.axis, invert: this.invert, mean, variance };
  }
}

/** Statistics of two lots of values together. */
function joined(a: Statistics, b: Statistics): Statistics {
  const count = a.count + b.count;
  const [shareOfA, shareOfB] = [a.count / count, b.count / count];
  const mean = ops.add(ops.mul(a.mean, shareOfA), ops.mul(b.mean, shareOfB));
  const around = ({ mean: own, variance }: Statistics): Tensor => ops.add(variance, ops.square(ops.sub(own, mean)));
  return { mean, variance: ops.add(ops.mul(around(a), shareOfA), ops.mul(around(b), shareOfB)), count };
}
