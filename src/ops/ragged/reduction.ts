/** @file Reductions of ragged tensors: along rows, across them, and within their values. */
import { fromHost } from '../../engine/index.ts';
import * as p from '../../primitives/calls.ts';
import type { ScatterReduction } from '../../primitives/mathematics.ts';
import { RaggedTensor } from '../../ragged/index.ts';
import { RowPartition } from '../../ragged/row-partition.ts';
import { type DType, integerRange, isFloating } from '../../tensor/dtype.ts';
import { toHostArray } from '../../tensor/host.ts';
import { normalizeAxes } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { toFloat } from '../convert.ts';
import { onesLike } from '../creation.ts';
import * as dense from '../reduction.ts';
import type { Axis } from '../reduction.ts';

type Ragged = Tensor | RaggedTensor;

/** For each element of a result the flat values that are joined in it; or such lists, a dimension each. */
type Groups = readonly number[] | readonly Groups[];

/** Every flat value as a group of its own, in the ragged dimensions. */
function groupsOf({ partitions }: RaggedTensor): Groups {
  const build = (level: number, start: number, end: number): Groups =>
    Array.from({ length: end - start }, (_, i) => {
      const row = start + i;
      if (level === partitions.length) return [row];
      const { splits } = partitions[level];
      return build(level + 1, splits[row], splits[row + 1]);
    });
  return build(0, 0, partitions[0].rows);
}

/** Groups place by place: as long as the longest. `depth` says in how many dimensions they lie. */
function merged(groups: readonly Groups[], depth: number): Groups {
  if (depth === 0) return (groups as readonly (readonly number[])[]).flat();
  const longest = groups.reduce((length, group) => Math.max(length, group.length), 0);
  return Array.from({ length: longest }, (_, i) =>
    merged(
      (groups as readonly (readonly Groups[])[]).flatMap((group) => (i < group.length ? [group[i]] : [])),
      depth - 1,
    ),
  );
}

function withoutAxis(groups: readonly Groups[], axis: number, depth: number): Groups {
  if (axis === 0) return merged(groups, depth - 1);
  return groups.map((group) => withoutAxis(group as readonly Groups[], axis - 1, depth - 1));
}

/** Joins flat values: `ids` tells the group of each, `counts` how many each group has. */
type Join = (values: Tensor, ids: Tensor, counts: readonly number[]) => Tensor;

/** A result with its groups' dimensions: a tensor where only one is left, else ragged. */
function joined(x: RaggedTensor, groups: Groups, depth: number, join: Join): Ragged {
  let level = groups as readonly Groups[];
  const partitions: RowPartition[] = [];
  for (let d = 1; d < depth; d++) {
    partitions.push(
      RowPartition.fromLengths(
        level.map((group) => group.length),
        'ragged',
      ),
    );
    level = level.flatMap((group) => group as readonly Groups[]);
  }
  const members = level as readonly (readonly number[])[];
  const ids = new Int32Array(x.flatValues.shape[0]);
  members.forEach((group, id) => {
    for (const place of group) ids[place] = id;
  });
  const counts = members.map(({ length }) => length);
  const values: Ragged = join(x.flatValues, fromHost(ids, 'int32', [ids.length]), counts);
  return partitions.reduceRight<Ragged>((inner, partition) => new RaggedTensor(inner, partition), values);
}

/** Over one axis: of the ragged dimensions by `join`, of the dense ones beneath them by `within`. */
function overAxis(x: RaggedTensor, axis: number, join: Join, within: (x: Tensor, axis: number) => Tensor): Ragged {
  const { raggedRank } = x;
  if (axis > raggedRank) return x.withFlatValues(within(x.flatValues, axis - raggedRank));
  return joined(x, withoutAxis(groupsOf(x) as readonly Groups[], axis, raggedRank + 1), raggedRank, join);
}

function over(
  x: RaggedTensor,
  axis: Axis,
  operation: string,
  join: Join,
  within: (x: Tensor, axis: Axis) => Tensor,
): Ragged {
  const axes = normalizeAxes(axis, x.rank, operation);
  if (axes.length === x.rank) return within(x.flatValues, null);
  // From the last axis to the first: each leaves those before it as they are.
  return axes.reduceRight<Ragged>(
    (rest, a) => (rest instanceof RaggedTensor ? overAxis(rest, a, join, within) : within(rest, a)),
    x,
  );
}

const sumOf: Join = (values, ids, counts) => p.scatterAdd(values, ids, 0, counts.length);

/** By a reduction that starts from a number for each group, from another one for those without elements. */
const scattered =
  (kind: ScatterReduction, start: (dtype: DType) => number, empty: (dtype: DType) => number): Join =>
  (values, ids, counts) => {
    const { dtype } = values;
    const starts = counts.map((count) => (count === 0 ? empty(dtype) : start(dtype)));
    const column = [counts.length, ...values.shape.slice(1).map(() => 1)];
    const first = p.broadcastTo(fromHost(toHostArray(starts, dtype), dtype, column), [
      counts.length,
      ...values.shape.slice(1),
    ]);
    return p.scatterReduce(first, ids, values, kind);
  };

const largestFloats: { readonly [D in DType]?: number } = { float16: 65504, float32: 3.4028234663852886e38 };
const largest = (dtype: DType): number => largestFloats[dtype] ?? Number.MAX_VALUE;
const one = (): number => 1;
const maximum = scattered(
  'max',
  (dtype) => (isFloating(dtype) ? -Infinity : integerRange(dtype)[0]),
  (dtype) => (isFloating(dtype) ? -largest(dtype) : integerRange(dtype)[0]),
);
const minimum = scattered(
  'min',
  (dtype) => (isFloating(dtype) ? Infinity : integerRange(dtype)[1]),
  (dtype) => (isFloating(dtype) ? largest(dtype) : integerRange(dtype)[1]),
);

const numeric = (x: RaggedTensor): RaggedTensor =>
  x.dtype === 'bool' ? x.withFlatValues(p.cast(x.flatValues, 'int32')) : x;
const mapResult = (x: Ragged, change: (values: Tensor) => Tensor): Ragged =>
  x instanceof RaggedTensor ? x.withFlatValues(change(x.flatValues)) : change(x);

/**
 * The sum over `axis` (all by default): 1 within the rows of the first ragged dimension, 0 across them, place by place.
 *
 * @returns a tensor where no ragged dimension is left
 * @example `tf.ragged.sum(tf.ragged.constant([[3, 1], [], [4]]), 1) // [4, 0, 4]`
 */
export const sum = (x: RaggedTensor, axis: Axis = null): Ragged =>
  over(numeric(x), axis, 'ragged.sum', sumOf, dense.sum);

/**
 * The product over `axis`; of no elements 1.
 *
 * @example `tf.ragged.prod(tf.ragged.constant([[2, 3], [4]]), 1)` is `[6, 4]`
 */
export const prod = (x: RaggedTensor, axis: Axis = null): Ragged =>
  over(numeric(x), axis, 'ragged.prod', scattered('mul', one, one), dense.prod);

/**
 * The largest element over `axis`; of no elements the least number of the dtype.
 *
 * @example `tf.ragged.max(tf.ragged.constant([[2, 3], [4]]), 1)` is `[3, 4]`
 */
export const max = (x: RaggedTensor, axis: Axis = null): Ragged =>
  over(numeric(x), axis, 'ragged.max', maximum, dense.max);

/**
 * The smallest element over `axis`; of no elements the greatest number of the dtype.
 *
 * @example `tf.ragged.min(tf.ragged.constant([[2, 3], [4]]), 1)` is `[2, 4]`
 */
export const min = (x: RaggedTensor, axis: Axis = null): Ragged =>
  over(numeric(x), axis, 'ragged.min', minimum, dense.min);

/**
 * The mean over `axis`; of no elements NaN. Integers give float32.
 *
 * @example `tf.ragged.mean(tf.ragged.constant([[2, 3], [4]]), 1)` is `[2.5, 4]`
 */
export function mean(x: RaggedTensor, axis: Axis = null): Ragged {
  const floats = x.withFlatValues(toFloat(x.flatValues, 'ragged.mean'));
  const total = sum(floats, axis);
  const count = sum(x.withFlatValues(onesLike(floats.flatValues)), axis);
  const divisor = count instanceof RaggedTensor ? count.flatValues : count;
  return mapResult(total, (values) => p.div(values, divisor));
}

/**
 * Whether any element over `axis` is true; of none, false.
 *
 * @example `tf.ragged.any(tf.ragged.constant([[true, false], [false]]), 1)` is `[true, false]`
 */
export const any = (x: RaggedTensor, axis: Axis = null): Ragged =>
  mapResult(sum(truth(x), axis), (values) => p.cast(values, 'bool'));

/**
 * Whether all elements over `axis` are true; of none, true.
 *
 * @example `tf.ragged.all(tf.ragged.constant([[true, false], [true]]), 1)` is `[false, true]`
 */
export const all = (x: RaggedTensor, axis: Axis = null): Ragged =>
  mapResult(min(truth(x), axis), (values) => p.cast(values, 'bool'));

/** 1 where an element is true (not 0), else 0. */
const truth = (x: RaggedTensor): RaggedTensor => x.withFlatValues(p.cast(p.cast(x.flatValues, 'bool'), 'int32'));
