/** @file Dot: products of two inputs along one axis of each. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape, normalizeAxis } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { LayerOptions, MaskTree, PartialShape, ShapeTree } from '../layer.ts';
import { Merge } from './merge.ts';

export interface DotOptions extends LayerOptions {
  /** The axis that is summed over, of both inputs or of each; not the batch's. */
  axes: number | readonly [number, number];
  /** Scales along that axis to length 1 first: the cosine of the angle. Default false. */
  normalize?: boolean;
}

/**
 * The product of two inputs, sample by sample, summed over one axis of each: the axes of the first without that one, then those of
 * the second.
 *
 * @example
 * tf.layers.dot({ axes: [1, 2] }).apply([tf.ones([2, 3, 5]), tf.ones([2, 10, 3])]).shape; // [2, 5, 10]
 */
export class Dot extends Merge {
  readonly axes: number | readonly [number, number];
  readonly normalize: boolean;

  constructor(options: DotOptions) {
    super(options);
    const { axes } = options;
    const valid = Number.isInteger(axes) || (Array.isArray(axes) && axes.length === 2 && axes.every(Number.isInteger));
    if (!valid)
      throw new ArgumentError(
        `Layer ${this.name}: expected axes to be a whole number or two, got ${JSON.stringify(axes)}.`,
      );
    this.axes = axes;
    this.normalize = options.normalize ?? false;
  }

  protected override checkCount(count: number): void {
    if (count !== 2) throw new ArgumentError(`Layer ${this.name}: expected two inputs, got ${count}.`);
  }

  /** The axes to sum over, counted from the first. @throws ArgumentError, ShapeError */
  private axesOf(a: PartialShape, b: PartialShape): readonly [number, number] {
    const given = typeof this.axes === 'number' ? ([this.axes, this.axes] as const) : this.axes;
    const axes = [a, b].map((shape, i) => normalizeAxis(given[i], shape.length, `Layer ${this.name}`)) as [
      number,
      number,
    ];
    if (axes.includes(0))
      throw new ArgumentError(`Layer ${this.name}: axis 0 is the batch's and cannot be summed over.`);
    const [sizeA, sizeB] = [a[axes[0]], b[axes[1]]];
    if (sizeA !== null && sizeB !== null && sizeA !== sizeB)
      throw new ShapeError(
        `Layer ${this.name}: axis ${axes[0]} of ${formatShape(a)} and axis ${axes[1]} of ${formatShape(b)} must have one size.`,
      );
    return axes;
  }

  override call([a, b]: readonly Tensor[]): Tensor {
    return this.merge([a, b]);
  }

  protected override merge([a, b]: readonly Tensor[]): Tensor {
    const [axisA, axisB] = this.axesOf(a.shape, b.shape);
    const unit = (x: Tensor, axis: number): Tensor =>
      this.normalize ? ops.mul(x, ops.rsqrt(ops.maximum(ops.sum(ops.square(x), axis, true), 1e-12))) : x;
    // [batch, others, summed] and [batch, summed, others]
    const restA = a.shape.filter((_, axis) => axis !== 0 && axis !== axisA);
    const restB = b.shape.filter((_, axis) => axis !== 0 && axis !== axisB);
    const order = (x: Tensor, axis: number, last: boolean): number[] => {
      const others = x.shape.map((_, i) => i).filter((i) => i !== 0 && i !== axis);
      return last ? [0, ...others, axis] : [0, axis, ...others];
    };
    const [batch, summed] = [a.shape[0], a.shape[axisA]];
    const left = ops.reshape(ops.transpose(unit(a, axisA), order(a, axisA, true)), [batch, -1, summed]);
    const right = ops.reshape(ops.transpose(unit(b, axisB), order(b, axisB, false)), [batch, summed, -1]);
    const shape = [batch, ...restA, ...restB];
    return ops.reshape(ops.matMul(left, right), shape.length === 1 ? [batch, 1] : shape);
  }

  override computeOutputShape(inputShape: ShapeTree): PartialShape {
    const [a, b] = this.shapesOf(inputShape);
    const [axisA, axisB] = this.axesOf(a, b);
    const rest = [...a.filter((_, i) => i !== 0 && i !== axisA), ...b.filter((_, i) => i !== 0 && i !== axisB)];
    return [a[0] ?? b[0], ...(rest.length === 0 ? [1] : rest)];
  }

  override computeMask(): MaskTree {
    return null;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axes: this.axes, normalize: this.normalize };
  }
}
