/**
 * @file Elements chosen by their values: conditions, masks, distinct elements, partitions. The shape of the results hangs on the
 * values, so these run at once only, not in a traced function; gradients pass through the elements.
 */
import * as p from '../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape, normalizeAxis, shapesEqual, sizeOf, stridesOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, scalarLike, toOperands, toTensor } from './convert.ts';
import { hostElements, hostNumbers, hostNumbersAsync } from './data-dependent.ts';
import { hostTensor } from './host-tensor.ts';
import { areNotZero } from './truth.ts';
import { op } from '../symbolic/op.ts';

/** Places, row by row, of the elements that are not 0. */
const placesOfTrue = (values: ArrayLike<number>): number[] => {
  const places: number[] = [];
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) places.push(i);
  return places;
};
function coordinates({ shape }: Tensor, values: ArrayLike<number>): Tensor {
  const places = placesOfTrue(values);
  const strides = stridesOf(shape);
  const indices = places.flatMap((place) => strides.map((stride, axis) => Math.floor(place / stride) % shape[axis]));
  return hostTensor(indices, [places.length, shape.length]);
}

/**
 * The indices of the elements that are not 0, false or empty strings, in row-major order, int32 `[count, rank]`.
 *
 * @example `tf.nonzero([[1, 0], [0, 1]])` is `[[0, 0], [1, 1]]`
 */
export const nonzero = op('nonzero', function nonzero(x: TensorLike): Tensor {
  const value = toTensor(x, 'nonzero');
  return coordinates(value, hostNumbers(areNotZero(value), 'nonzero'));
});
/** The indices where a condition holds, int32 `[count, rank]`, as {@link nonzero}. */
export async function whereAsync(condition: TensorLike): Promise<Tensor> {
  const value = toTensor(condition, 'whereAsync');
  return coordinates(value, await hostNumbersAsync(areNotZero(value), 'whereAsync'));
}

/** Slices of the axes from `axis` on, as one axis, where the mask holds. */
function masked(x: Tensor, mask: Tensor, places: readonly number[], axis: number): Tensor {
  const flat = p.reshape(x, [...x.shape.slice(0, axis), mask.size, ...x.shape.slice(axis + mask.rank)]);
  return p.gather(flat, hostTensor(places), axis);
}
function checkMask(x: Tensor, mask: Tensor, axis: number, operation: string): number {
  if (mask.rank === 0) throw new ShapeError(`${operation}: expected a mask of rank 1 or more, got a scalar.`);
  const at = normalizeAxis(axis, Math.max(1, x.rank), operation);
  if (!shapesEqual(x.shape.slice(at, at + mask.rank), mask.shape))
    throw new ShapeError(
      `${operation}: a mask of shape ${formatShape(mask.shape)} does not fit shape ${formatShape(x.shape)} from axis ${at} on.`,
    );
  return at;
}

/**
 * The slices where a mask holds.
 *
 * @param mask Its shape is that of `x` from `axis` on.
 * @returns The masked axes become one, of as many as the mask holds.
 * @example `tf.booleanMask([1, 2, 3], [true, false, true])` is `[1, 3]`
 */
export const booleanMask = op('booleanMask', function booleanMask(x: TensorLike, mask: TensorLike, axis = 0): Tensor {
  const [value, chosen] = [toTensor(x, 'booleanMask'), toTensor(mask, 'booleanMask')];
  const at = checkMask(value, chosen, axis, 'booleanMask');
  return masked(value, chosen, placesOfTrue(hostNumbers(chosen, 'booleanMask')), at);
});
/** {@link booleanMask} without blocking the event loop. */
export async function booleanMaskAsync(x: TensorLike, mask: TensorLike, axis = 0): Promise<Tensor> {
  const [value, chosen] = [toTensor(x, 'booleanMaskAsync'), toTensor(mask, 'booleanMaskAsync')];
  const at = checkMask(value, chosen, axis, 'booleanMaskAsync');
  return masked(value, chosen, placesOfTrue(await hostNumbersAsync(chosen, 'booleanMaskAsync')), at);
}

/** For each slice along `axis` which distinct one it is; where each of those stands first; how often it does. */
function distinct(x: Tensor, axis: number, operation: string): { which: number[]; first: number[]; counts: number[] } {
  const elements = hostElements(x, operation);
  const length = x.shape[axis];
  const inner = sizeOf(x.shape.slice(axis + 1));
  const outer = sizeOf(x.shape.slice(0, axis));
  const keyOf = (i: number): unknown => {
    if (inner === 1 && outer === 1) return elements[i];
    const parts: string[] = [];
    // Adding 0 makes one of the two zeros.
    for (let o = 0; o < outer; o++)
      for (let k = 0; k < inner; k++) {
        const element = elements[(o * length + i) * inner + k];
        parts.push(typeof element === 'number' ? String(element + 0) : JSON.stringify(String(element)));
      }
    return parts.join();
  };
  const numbers = new Map<unknown, number>();
  const [which, first, counts]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < length; i++) {
    const key = keyOf(i);
    let number = numbers.get(key);
    if (number === undefined) {
      number = first.length;
      numbers.set(key, number);
      first.push(i);
      counts.push(0);
    }
    counts[number]++;
    which.push(number);
  }
  return { which, first, counts };
}

/**
 * Distinct slices along `axis` in the order of their first places, with their counts.
 *
 * @returns `values`; `indices`, which of them each slice is; `counts`: both int32.
 * @example `tf.uniqueWithCounts([1, 1, 2])` has values `[1, 2]`, indices `[0, 0, 1]` and counts `[2, 1]`
 */
export const uniqueWithCounts = op('uniqueWithCounts', function uniqueWithCounts(x: TensorLike, axis = 0): {
  values: Tensor;
  indices: Tensor;
  counts: Tensor;
} {
  const value = toTensor(x, 'uniqueWithCounts');
  const at = normalizeAxis(axis, value.rank, 'uniqueWithCounts');
  const { which, first, counts } = distinct(value, at, 'uniqueWithCounts');
  return { values: p.gather(value, hostTensor(first), at), indices: hostTensor(which), counts: hostTensor(counts) };
});
/**
 * Distinct slices along `axis` in the order of their first places.
 *
 * @returns `values`, and `indices`: which of them each slice is, int32.
 * @example `tf.unique([5, 3, 5])` has values `[5, 3]` and indices `[0, 1, 0]`
 */
export const unique = op('unique', function unique(x: TensorLike, axis = 0): { values: Tensor; indices: Tensor } {
  const value = toTensor(x, 'unique');
  const at = normalizeAxis(axis, value.rank, 'unique');
  const { which, first } = distinct(value, at, 'unique');
  return { values: p.gather(value, hostTensor(first), at), indices: hostTensor(which) };
});

/**
 * The elements of a vector that another one does not have.
 *
 * @returns `[values, indices]`, in the order of `x`, with repetitions; indices are their places in it, int32.
 * @example `tf.setdiff1d([1, 2, 3, 4], [2, 4])` is `[[1, 3], [0, 2]]`
 */
export const setdiff1d = op('setdiff1d', function setdiff1d(x: TensorLike, y: TensorLike): [Tensor, Tensor] {
  const [all, without] = toOperands([x, y], 'setdiff1d');
  for (const { rank, shape } of [all, without])
    if (rank !== 1) throw new ShapeError(`setdiff1d: expected vectors, got shape ${formatShape(shape)}.`);
  const left = hostElements(all, 'setdiff1d');
  const known = new Set(Array.from(hostElements(without, 'setdiff1d')));
  const places = Array.from(left, (_, i) => i).filter((i) => !known.has(left[i]));
  const indices = hostTensor(places);
  return [p.gather(all, indices, 0), indices];
});
/** {@link setdiff1d}, as TensorFlow.js has it. */
export async function setdiff1dAsync(x: TensorLike, y: TensorLike): Promise<[Tensor, Tensor]> {
  return setdiff1d(x, y);
}

/**
 * The slices of `data` by the number that `partitions` gives each: one tensor for each number below `numPartitions`.
 *
 * @param partitions Whole numbers; their shape is what that of `data` begins with.
 * @example `tf.dynamicPartition([10, 20, 30], [0, 1, 0], 2)` is `[[10, 30], [20]]`
 */
export const dynamicPartition = op(
  'dynamicPartition',
  function dynamicPartition(data: TensorLike, partitions: TensorLike, numPartitions: number): Tensor[] {
    const value = toTensor(data, 'dynamicPartition');
    const parts = toTensor(partitions, 'dynamicPartition', 'int32');
    if (!shapesEqual(value.shape.slice(0, parts.rank), parts.shape))
      throw new ShapeError(
        `dynamicPartition: the shape of data, ${formatShape(value.shape)}, must begin with that of partitions, ${formatShape(parts.shape)}.`,
      );
    const places = Array.from({ length: numPartitions }, (): number[] => []);
    const numbers = hostNumbers(parts, 'dynamicPartition');
    for (let i = 0; i < numbers.length; i++) {
      if (!(numbers[i] >= 0 && numbers[i] < numPartitions))
        throw new ArgumentError(
          `dynamicPartition: expected partitions from 0 to ${numPartitions - 1}, but element ${i} is ${numbers[i]}.`,
        );
      places[numbers[i]].push(i);
    }
    const flat = p.reshape(value, [parts.size, ...value.shape.slice(parts.rank)]);
    return places.map((list) => p.gather(flat, hostTensor(list), 0));
  },
);

/**
 * Slices of several tensors put at the places that `indices` give: `merged[indices[m][i]] = data[m][i]`. Of several for one
 * place the last one stays; places that none has are 0.
 *
 * @param indices Whole numbers, a tensor for each of `data`, whose shapes begin with theirs.
 * @example `tf.dynamicStitch([[0, 2], [1]], [[10, 30], [20]])` is `[10, 20, 30]`
 */
export const dynamicStitch = op(
  'dynamicStitch',
  function dynamicStitch(indices: readonly TensorLike[], data: readonly TensorLike[]): Tensor {
    if (!Array.isArray(indices) || indices.length === 0 || indices.length !== data.length)
      throw new ArgumentError('dynamicStitch: expected two lists of one length, of indices and of data.');
    const places = indices.map((one) => toTensor(one, 'dynamicStitch', 'int32'));
    const values = toOperands(data, 'dynamicStitch');
    const inner = values[0].shape.slice(places[0].rank);
    const rows = values.map((value, m) => {
      if (!shapesEqual(value.shape, [...places[m].shape, ...inner]))
        throw new ShapeError(
          `dynamicStitch: indices of shape ${formatShape(places[m].shape)} need data of shape ` +
            `${formatShape([...places[m].shape, ...inner])}, but it came with ${formatShape(value.shape)}.`,
        );
      return p.reshape(value, [places[m].size, ...inner]);
    });
    const all = rows.length === 1 ? rows[0] : p.concat(rows, 0);
    const sources: number[] = [];
    let row = 0;
    for (const place of places)
      for (const target of Array.from(hostNumbers(place, 'dynamicStitch'))) {
        if (!(target >= 0)) throw new ArgumentError(`dynamicStitch: expected indices of 0 or more, got ${target}.`);
        sources[target] = row++;
      }
    const taken = Array.from(sources, (source) => source ?? 0);
    const merged = p.gather(all, hostTensor(taken), 0);
    if (!Array.from(sources).includes(undefined as unknown as number)) return merged;
    const isThere = Array.from(sources, (source) => (source === undefined ? 0 : 1));
    const mask = hostTensor(isThere, [taken.length, ...inner.map(() => 1)], 'bool');
    return p.select(mask, merged, scalarLike(0, merged));
  },
);
