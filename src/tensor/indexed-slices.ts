/** @file IndexedSlices: a tensor that is zero but for some of its rows, of which it holds only those. */
import { ShapeError } from './errors.ts';
import { type Shape, formatShape, shapesEqual } from './shape.ts';
import type { Storage } from './storage.ts';
import { Tensor } from './tensor.ts';

type Densify = (slices: IndexedSlices) => Tensor;
let densify: Densify | undefined;

/** @internal Sets what computes all rows. */
export function setDensify(compute: Densify): void {
  densify = compute;
}

/**
 * Rows of a tensor that is zero elsewhere: the gradient of looking up rows of a variable, such as an embedding's. Rows that
 * are named several times add up. Optimizers apply it without ever making the whole tensor; to every other operation it is that
 * tensor.
 *
 * @example
 * ```ts
 * const gradient = tape.gradient(loss, embeddings);
 * if (gradient instanceof tf.IndexedSlices) gradient.indices.print(); // the rows that were looked up
 * ```
 */
export class IndexedSlices extends Tensor {
  /** The rows, `[count, ...denseShape[1..]]`. */
  readonly values: Tensor;
  /** Where each row stands along the first axis, int32 `[count]`. */
  readonly indices: Tensor;
  private whole: Tensor | null = null;

  /** @param denseShape The shape of the tensor of which these are rows. @throws ShapeError */
  constructor(values: Tensor, indices: Tensor, denseShape: Shape) {
    if (indices.rank !== 1 || !shapesEqual(values.shape, [indices.shape[0], ...denseShape.slice(1)]))
      throw new ShapeError(
        `IndexedSlices: rows of a tensor of shape ${formatShape(denseShape)} at indices of shape ${formatShape(indices.shape)} ` +
          `cannot have shape ${formatShape(values.shape)}; expected [count, ...] and [count].`,
      );
    super(null, values.dtype, denseShape);
    this.values = values;
    this.indices = indices;
  }

  /** The shape of the tensor of which these are rows. */
  get denseShape(): Shape {
    return this.shape;
  }

  /** All rows. */
  toDense(): Tensor {
    return densify!(this);
  }

  override get isSymbolic(): boolean {
    return this.values.isSymbolic;
  }

  override get isDisposed(): boolean {
    return this.values.isDisposed;
  }

  override get device(): string {
    return this.values.device;
  }

  override get storage(): Storage {
    if (this.isSymbolic || this.isDisposed) return this.values.storage;
    if (this.whole === null || this.whole.isDisposed) this.whole = this.toDense();
    return this.whole.storage;
  }

  override get holders(): readonly Tensor[] {
    return [this.values, this.indices];
  }

  override alias(): Tensor {
    return this.toDense();
  }

  override dispose(): void {
    this.values.dispose();
    this.indices.dispose();
    this.whole?.dispose();
  }
}

/** The tensor itself, or all rows of one that holds some. */
export const dense = (tensor: Tensor): Tensor => (tensor instanceof IndexedSlices ? tensor.toDense() : tensor);
