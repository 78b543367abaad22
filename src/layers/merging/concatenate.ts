/** @file Concatenate: several inputs one after the other. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { formatShape, normalizeAxis } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { LayerOptions, MaskTree, PartialShape, ShapeTree, TensorTree } from '../layer.ts';
import { Merge, masksOfList } from './merge.ts';

export interface ConcatenateOptions extends LayerOptions {
  /** Along which axis; default the last. */
  axis?: number;
}

/**
 * Several inputs one after the other along an axis; all other sizes must be equal.
 *
 * @example
 * tf.layers.concatenate().apply([tf.ones([2, 3]), tf.ones([2, 5])]).shape; // [2, 8]
 */
export class Concatenate extends Merge {
  readonly axis: number;

  constructor(options: ConcatenateOptions = {}) {
    super(options);
    this.axis = options.axis ?? -1;
  }

  override call(inputs: readonly Tensor[]): Tensor {
    return this.merge(inputs);
  }

  protected override merge(inputs: readonly Tensor[]): Tensor {
    return ops.concat([...inputs], this.axis);
  }

  override computeOutputShape(inputShape: ShapeTree): PartialShape {
    const [first, ...others] = this.shapesOf(inputShape);
    const axis = normalizeAxis(this.axis, first.length, `Layer ${this.name}`);
    return others.reduce<PartialShape>((shape, other) => {
      const fits =
        other.length === shape.length &&
        other.every((size, i) => i === axis || size === null || shape[i] === null || size === shape[i]);
      if (!fits)
        throw new ShapeError(
          `Layer ${this.name}: inputs must be of one shape but for axis ${axis}; got ${formatShape(first)} and ${formatShape(other)}.`,
        );
      return shape.map((size, i) => {
        if (i !== axis) return size ?? other[i];
        return size === null || other[i] === null ? null : size + (other[i] as number);
      });
    }, first);
  }

  override computeMask(inputs: TensorTree, mask: MaskTree): MaskTree {
    const list = inputs as readonly Tensor[];
    const masks = masksOfList(mask, list.length);
    if (masks.every((own) => own === null)) return null;
    const each = list.map((x, i) => {
      const own = masks[i];
      if (!own) return ops.ones([...x.shape], 'bool');
      const bools = ops.cast(own, 'bool');
      return bools.rank < x.rank ? ops.broadcastTo(ops.expandDims(bools, -1), [...x.shape]) : bools;
    });
    return ops.any(ops.concat(each, this.axis), -1);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axis: this.axis };
  }
}
