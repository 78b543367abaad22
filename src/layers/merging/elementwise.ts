/** @file Add, Subtract, Multiply, Average, Maximum, Minimum: elementwise of several inputs. */
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Merge, elementMask } from './merge.ts';

/**
 * The sum of several inputs.
 *
 * @example
 * tf.layers.add().apply([tf.ones([2, 3]), tf.ones([2, 3])]); // 2 everywhere
 */
export class Add extends Merge {
  protected override merge(inputs: readonly Tensor[]): Tensor {
    return inputs.reduce((a, b) => ops.add(a, b));
  }
}

/**
 * The first of two inputs minus the second.
 *
 * @example
 * tf.layers.subtract().apply([tf.ones([2, 3]), tf.ones([2, 3])]); // 0 everywhere
 */
export class Subtract extends Merge {
  protected override checkCount(count: number): void {
    if (count !== 2) throw new ArgumentError(`Layer ${this.name}: expected two inputs, got ${count}.`);
  }

  protected override merge([a, b]: readonly Tensor[]): Tensor {
    return ops.sub(a, b);
  }
}

/**
 * The product of several inputs. What is masked counts as 1; where nothing counts, the product is 0.
 *
 * @example
 * tf.layers.multiply().apply([tf.ones([2, 3]), tf.fill([2, 3], 4)]); // 4 everywhere
 */
export class Multiply extends Merge {
  protected override merge(inputs: readonly Tensor[], masks: readonly (Tensor | null)[]): Tensor {
    const elementMasks = inputs.map((x, i) => (masks[i] ? elementMask(masks[i], x) : null));
    const product = inputs
      .map((x, i) => (elementMasks[i] ? ops.where(elementMasks[i], x, ops.onesLike(x)) : x))
      .reduce((a, b) => ops.mul(a, b));
    if (!elementMasks.every((mask) => mask !== null)) return product;
    const counts = elementMasks.reduce((a, b) => ops.logicalOr(a, b));
    return ops.where(counts, product, ops.zerosLike(product));
  }
}

/**
 * The mean of several inputs.
 *
 * @example
 * tf.layers.average().apply([tf.zeros([2, 3]), tf.ones([2, 3])]); // 0.5 everywhere
 */
export class Average extends Merge {
  protected override merge(inputs: readonly Tensor[]): Tensor {
    return ops.div(
      inputs.reduce((a, b) => ops.add(a, b)),
      inputs.length,
    );
  }
}

/** A merge by a function of two that has no neutral element: what is masked in one input is taken from the others. */
abstract class Extreme extends Merge {
  protected abstract choose(a: Tensor, b: Tensor): Tensor;

  protected override merge(inputs: readonly Tensor[], masks: readonly (Tensor | null)[]): Tensor {
    const each = inputs.map((x, i) => ({ x, mask: masks[i] ? elementMask(masks[i], x) : null }));
    return each.reduce((before, { x, mask }) => {
      const next = mask ? ops.where(mask, x, before.x) : x;
      const until = before.mask ? ops.where(before.mask, before.x, next) : before.x;
      return {
        x: this.choose(until, next),
        mask: before.mask && mask ? ops.logicalOr(before.mask, mask) : null,
      };
    }).x;
  }
}

/**
 * The largest of several inputs, elementwise.
 *
 * @example
 * tf.layers.maximum().apply([tf.zeros([2, 3]), tf.ones([2, 3])]); // 1 everywhere
 */
export class Maximum extends Extreme {
  protected override choose(a: Tensor, b: Tensor): Tensor {
    return ops.maximum(a, b);
  }
}

/**
 * The smallest of several inputs, elementwise.
 *
 * @example
 * tf.layers.minimum().apply([tf.zeros([2, 3]), tf.ones([2, 3])]); // 0 everywhere
 */
export class Minimum extends Extreme {
  protected override choose(a: Tensor, b: Tensor): Tensor {
    return ops.minimum(a, b);
  }
}
