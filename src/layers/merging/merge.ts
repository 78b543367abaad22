/** @file Merge: what layers that make one tensor of several have in common. */
import * as ops from '../../ops/index.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import {
  type CallOptions,
  Layer,
  type LayerOptions,
  type MaskTree,
  type PartialShape,
  type ShapeTree,
  type TensorTree,
} from '../layer.ts';

/** The shape that two inputs broadcast to, the batch left out; null for sizes that are not known. */
function broadcastPartial(layer: string, a: PartialShape, b: PartialShape): PartialShape {
  if (a.length < b.length) return broadcastPartial(layer, b, a);
  const offset = a.length - b.length;
  return a.map((size, axis) => {
    const other = axis < offset ? 1 : b[axis - offset];
    if (size === null || other === null) return null;
    if (size === 1) return other;
    if (other !== 1 && other !== size)
      throw new ShapeError(
        `Layer ${layer}: shapes ${formatShape(a)} and ${formatShape(b)} (without the batch) cannot be merged; sizes must be equal, or one of them 1.`,
      );
    return size;
  });
}

/** The masks of a list of inputs, in its order. */
export function masksOfList(mask: MaskTree | undefined, count: number): (Tensor | null)[] {
  const list = Array.isArray(mask) ? (mask as readonly MaskTree[]) : [];
  return Array.from({ length: count }, (_, i) => (list[i] instanceof Tensor ? (list[i] as Tensor) : null));
}

/** The base of layers that merge a list of inputs elementwise, each broadcast to the largest. */
export abstract class Merge extends Layer {
  constructor(options: LayerOptions = {}) {
    super(options);
    this.supportsMasking = true;
  }

  /** Merges inputs of one rank. @param masks - Of each, null where all of it counts. */
  protected abstract merge(inputs: readonly Tensor[], masks: readonly (Tensor | null)[]): Tensor;

  /** @throws ArgumentError where the layer takes another number of inputs */
  protected checkCount(_count: number): void {}

  override build(inputShape: ShapeTree): void {
    const shapes = this.shapesOf(inputShape);
    const batches = new Set(shapes.map(([batch]) => batch).filter((size) => size !== null));
    if (batches.size > 1)
      throw new ShapeError(
        `Layer ${this.name}: inputs must have the same batch size; got the shapes ${shapes.map(formatShape).join(', ')}.`,
      );
    this.computeOutputShape(inputShape);
  }

  /** The shapes of the inputs. @throws ArgumentError unless there is a list of them */
  protected shapesOf(inputShape: ShapeTree): readonly PartialShape[] {
    const shapes = inputShape as readonly PartialShape[];
    if (!Array.isArray(inputShape) || shapes.length === 0 || !shapes.every(Array.isArray))
      throw new ArgumentError(
        `Layer ${this.name}: expected a list of tensors, apply([a, b]); got one of shape ${JSON.stringify(inputShape)}.`,
      );
    this.checkCount(shapes.length);
    return shapes;
  }

  override call(inputs: readonly Tensor[], { mask }: CallOptions): Tensor {
    const rank = Math.max(...inputs.map((x) => x.rank));
    // Inputs of fewer axes get theirs after the batch.
    const alike = inputs.map((x) =>
      x.rank === rank ? x : ops.reshape(x, [x.shape[0], ...Array<number>(rank - x.rank).fill(1), ...x.shape.slice(1)]),
    );
    return this.merge(alike, masksOfList(mask, inputs.length));
  }

  override computeOutputShape(inputShape: ShapeTree): PartialShape {
    const shapes = this.shapesOf(inputShape);
    const known = shapes.map(([batch]) => batch).filter((size) => size !== null);
    const rest = shapes
      .map((shape): PartialShape => shape.slice(1))
      .reduce((a, b) => broadcastPartial(this.name, a, b));
    return [known[0] ?? null, ...rest];
  }

  /** A step counts where it counts in any of the inputs; where one of them has no mask, all counts. */
  override computeMask(inputs: TensorTree, mask: MaskTree): MaskTree {
    const masks = masksOfList(mask, (inputs as readonly Tensor[]).length);
    return masks.every((own) => own !== null) ? masks.reduce((a, b) => ops.logicalOr(a, b)) : null;
  }
}

/** A mask of steps for each element of an input. */
export const elementMask = (mask: Tensor, x: Tensor): Tensor =>
  ops.broadcastTo(ops.expandDims(ops.cast(mask, 'bool'), -1), [...x.shape]);
