/** @file SparseTensor: a tensor of which most elements are 0, held as the places and values of the others. */
import { type MimeBundle, displaySymbol } from '../../display.ts';
import { type TensorLike, toTensor } from '../../engine/operands.ts';
import * as p from '../../primitives/calls.ts';
import { CompositeTensor } from '../../tensor/composite.ts';
import type { DType } from '../../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../../tensor/errors.ts';
import { formatTensor } from '../../tensor/format.ts';
import { type Shape, formatShape, sizeOf, stridesOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { hostNumbers } from '../data-dependent.ts';
import { hostTensor } from '../host-tensor.ts';

/**
 * A tensor of which most elements are 0: `values[i]` stands at `indices[i]`.
 *
 * Operations on it are in `tf.sparse`. Those that look at indices need to know them when they are called; gradients are
 * those of `values`.
 *
 * @example
 * ```ts
 * const x = new tf.SparseTensor([[0, 1], [2, 0]], [5, 7], [3, 2]);
 * tf.sparse.toDense(x); // [[0, 5], [0, 0], [7, 0]]
 * ```
 */
export class SparseTensor extends CompositeTensor {
  /** Places, int32 `[n, rank]`; in row-major order for operations that say so (`tf.sparse.reorder`). */
  readonly indices: Tensor;
  /** Elements at the places, `[n]`. */
  readonly values: Tensor;
  readonly denseShape: readonly number[];

  constructor(indices: TensorLike, values: TensorLike, denseShape: Shape) {
    super();
    const places = toTensor(indices, 'SparseTensor', 'int32');
    const elements = toTensor(values, 'SparseTensor');
    if (!Array.isArray(denseShape) || denseShape.some((d) => !Number.isInteger(d) || d < 0))
      throw new ArgumentError(
        `SparseTensor: expected a denseShape of whole numbers, got ${JSON.stringify(denseShape)}.`,
      );
    const empty = places.size === 0 && places.rank < 2;
    this.indices = p.cast(empty ? p.reshape(places, [0, denseShape.length]) : places, 'int32');
    this.values = elements;
    this.denseShape = [...denseShape];
    const [count, rank] = this.indices.shape;
    if (this.indices.rank !== 2 || rank !== denseShape.length || elements.rank !== 1 || elements.shape[0] !== count)
      throw new ShapeError(
        `SparseTensor: expected indices [n, ${denseShape.length}] and values [n] for denseShape ${formatShape(denseShape)}, got ` +
          `${formatShape(places.shape)} and ${formatShape(elements.shape)}.`,
      );
  }

  get dtype(): DType {
    return this.values.dtype;
  }
  get shape(): readonly number[] {
    return this.denseShape;
  }
  get rank(): number {
    return this.denseShape.length;
  }
  /** How many elements have a place. */
  get nnz(): number {
    return this.values.size;
  }

  override get parts(): readonly Tensor[] {
    return [this.indices, this.values];
  }
  override withParts([indices, values]: readonly Tensor[]): SparseTensor {
    return new SparseTensor(indices, values, this.denseShape);
  }
  override describe(): string {
    return `Sparse[${this.denseShape.join()}]`;
  }

  /** The same places with other values. */
  withValues(values: TensorLike): SparseTensor {
    return new SparseTensor(this.indices, values, this.denseShape);
  }

  /** The whole tensor. @param defaultValue What stands where there is no value. */
  toDense(defaultValue: number | boolean = 0): Tensor {
    return scatterDense(this.indices, this.values, this.denseShape, defaultValue);
  }

  override toString(): string {
    const shown = (x: Tensor): string => formatTensor(x).replaceAll('\n', '\n  ');
    return `SparseTensor ${formatShape(this.denseShape)} with ${this.nnz} values\n  indices: ${shown(this.indices)}\n  values: ${shown(this.values)}`;
  }

  [displaySymbol](): MimeBundle {
    return { 'text/plain': this.toString() };
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** Row-major places of indices, int32 `[n]`. */
export function flatPlaces(indices: Tensor, shape: Shape): Tensor {
  if (shape.length === 0) return p.reshape(p.sum(indices, [1]), [indices.shape[0]]);
  return p.sum(p.mul(indices, hostTensor(stridesOf(shape))), [1]);
}

/** A tensor of `shape` with values at indices; of equal indices the values add up. */
export function scatterDense(indices: Tensor, values: Tensor, shape: Shape, defaultValue: number | boolean): Tensor {
  const places = flatPlaces(indices, shape);
  const { dtype } = values;
  if (dtype === 'string') throw new DTypeError('sparse.toDense: strings have no sum; expected numbers or bool.');
  const added = dtype === 'bool' ? p.cast(values, 'int32') : values;
  const filled = p.cast(p.reshape(p.scatterAdd(added, places, 0, sizeOf(shape)), shape), dtype);
  if (Number(defaultValue) === 0) return filled;
  const ones = p.broadcastTo(hostTensor([1], []), places.shape);
  const isThere = p.cast(p.reshape(p.scatterAdd(ones, places, 0, sizeOf(shape)), shape), 'bool');
  return p.select(isThere, filled, hostTensor([Number(defaultValue)], [], dtype));
}

/** Indices as rows of numbers. @throws TraceError inside a trace */
export function indexRows(x: SparseTensor, operation: string): number[][] {
  const numbers = hostNumbers(x.indices, operation);
  return Array.from({ length: x.nnz }, (_, i) =>
    Array.from({ length: x.rank }, (__, axis) => numbers[i * x.rank + axis]),
  );
}

/** Row-major places as numbers. */
export function placesOf(rows: readonly (readonly number[])[], shape: Shape): number[] {
  const strides = stridesOf(shape);
  return rows.map((row) => row.reduce((sum, index, axis) => sum + index * strides[axis], 0));
}

/** Of rows of indices and the place of each one's value, a tensor in row-major order. */
export function fromRows(
  rows: readonly (readonly number[])[],
  from: readonly number[],
  values: Tensor,
  shape: Shape,
): SparseTensor {
  const places = placesOf(rows, shape);
  const order = rows.map((_, i) => i).sort((a, b) => places[a] - places[b]);
  const indices = hostTensor(order.flatMap((i) => rows[i]), [rows.length, shape.length]); // prettier-ignore
  return new SparseTensor(indices, p.gather(values, hostTensor(order.map((i) => from[i])), 0), shape);
}
