/** @file Operations on each element of ragged tensors, and how other operands meet them. */
import * as p from '../../primitives/calls.ts';
import { gatherValues } from '../../ragged/ragged-tensor.ts';
import { RaggedTensor } from '../../ragged/index.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { fromHost } from '../../engine/index.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { op } from '../../symbolic/op.ts';

/**
 * A tensor in the shape of a ragged one, or in one that broadcasts with its flat values: counted from the last, each of its
 * dimensions is 1 or the ragged tensor's; along a ragged dimension every row has that length.
 */
function flatOperand(x: Tensor, like: RaggedTensor, operation: string): Tensor {
  const inner = like.flatValues.rank - 1;
  if (x.rank <= inner) return x;
  const refuse = (): never => {
    throw new ShapeError(
      `${operation}: shape ${formatShape(x.shape)} does not broadcast to the ragged shape ${formatShape(like.shape)}.`,
    );
  };
  if (x.rank > like.rank) refuse();
  const { partitions } = like;
  // The outer dimensions, of which each element of the flat values has one index each: row, place in it, ...
  const outer = x.shape.slice(0, x.rank - inner);
  const indices = indicesOf(like);
  const used = indices.slice(indices.length - outer.length);
  outer.forEach((size, axis) => {
    if (size === 1) return;
    const level = indices.length - outer.length + axis;
    const lengths = level === 0 ? [partitions[0].rows] : partitions[level - 1].lengths;
    if (lengths.some((length) => length !== size)) refuse();
  });
  const count = like.flatValues.shape[0];
  const places = Array.from({ length: count }, (_, i) =>
    outer.reduce((place, size, axis) => place * size + (size === 1 ? 0 : used[axis][i]), 0),
  );
  const size = outer.reduce((product, d) => product * d, 1);
  const rows = p.reshape(x, [size, ...x.shape.slice(outer.length)]);
  return p.gather(rows, fromHost(Int32Array.from(places), 'int32', [count]), 0);
}

/** For each element of the flat values its index along each of the dimensions up to the last ragged one. */
export function indicesOf(x: RaggedTensor): number[][] {
  const { partition, values } = x;
  if (!(values instanceof RaggedTensor)) return [partition.rowids, partition.places];
  const [first, ...rest] = indicesOf(values);
  return [first.map((value) => partition.rowids[value]), first.map((value) => partition.places[value]), ...rest];
}

/** Ragged operands with the same rows: where one has a row of one element, it stands for all of the other's row. */
function aligned(a: RaggedTensor, b: RaggedTensor, operation: string): [RaggedTensor, RaggedTensor] {
  if (a.raggedRank !== b.raggedRank)
    throw new ShapeError(
      `${operation}: ragged operands must have one ragged rank, got ${a.raggedRank} and ${b.raggedRank}.`,
    );
  if (a.partitions.every((partition, i) => partition.equals(b.partitions[i]))) return [a, b];
  if (a.raggedRank > 1 || a.nrows() !== b.nrows())
    throw new ShapeError(
      `${operation}: the rows of ragged operands have lengths [${a.partition.lengths.join(', ')}] and [${b.partition.lengths.join(', ')}]; ` +
        `they must be the same.`,
    );
  const lengths = a.partition.lengths.map((length, row) => {
    const other = b.partition.lengths[row];
    if (length !== other && length !== 1 && other !== 1)
      throw new ShapeError(`${operation}: row ${row} has ${length} elements in one operand and ${other} in the other.`);
    return length === 1 ? other : length;
  });
  const widened = (x: RaggedTensor): RaggedTensor => {
    const { splits, lengths: own } = x.partition;
    const places = lengths.flatMap((length, row) =>
      Array.from({ length }, (_, i) => splits[row] + (own[row] === 1 ? 0 : i)),
    );
    return RaggedTensor.fromRowLengths(gatherValues(x.values, places), lengths);
  };
  return [widened(a), widened(b)];
}

/** An operand of an operation on elements: ragged, or one that broadcasts with it. */
export type RaggedOperand = TensorLike | RaggedTensor;

/**
 * A function of tensors on the flat values of ragged ones, whose rows must be the same; tensors and numbers broadcast with them.
 *
 * @param operation A function of tensors that leaves the first dimension as it is, such as `tf.add` or a layer.
 * @example `tf.ragged.mapFlatValues(tf.mul, tf.ragged.constant([[1, 2], [3]]), 10) // [[10, 20], [30]]`
 */
export const mapFlatValues = op(
  'ragged.mapFlatValues',
  function mapFlatValues(operation: (...operands: never[]) => Tensor, ...operands: readonly unknown[]): RaggedTensor {
    const name = operation.name || 'ragged.mapFlatValues';
    const ragged = operands.filter((operand) => operand instanceof RaggedTensor);
    if (ragged.length === 0) throw new ShapeError(`${name}: expected at least one ragged tensor among the operands.`);
    let like = ragged[0];
    for (const other of ragged.slice(1)) [like] = aligned(like, other, name);
    const flat = operands.map((operand) => {
      if (operand instanceof RaggedTensor) return aligned(operand, like, name)[0].flatValues;
      return isTensorLike(operand) ? flatOperand(toTensor(operand, name), like, name) : operand;
    });
    return like.withFlatValues((operation as (...operands: unknown[]) => Tensor)(...flat));
  },
);

/** Tensors and arrays broadcast; plain numbers and what else an operation takes are passed as they are. */
const isTensorLike = (operand: unknown): operand is TensorLike =>
  Array.isArray(operand) ||
  ArrayBuffer.isView(operand) ||
  (typeof operand === 'object' && operand !== null && 'dtype' in operand && 'shape' in operand);
