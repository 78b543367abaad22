/** @file Operations of Keras that tf has in another form: in a model from a file they stand under names that begin with `keras.`. */
import { stopGradient } from '../autodiff/index.ts';
import * as ops from '../ops/index.ts';
import { op } from '../symbolic/op.ts';
import type { DType } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { normalizeAxis } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

// What Keras gives to the call comes first, in its order, then the options of its class. Its None is null or left out.
type Axes = number | readonly number[] | null;
type Pair = readonly [number, number];

const flat = (x: Tensor): Tensor => ops.reshape(x, [-1]);
const plainAxis = (axis: Axes | undefined): Axes =>
  Array.isArray(axis) && axis.length === 1 ? axis[0] : (axis ?? null);

/** The index of the extreme along an axis, by default in all. */
const extremePlace =
  (find: (x: Tensor, axis?: number) => Tensor) =>
  (x: Tensor, axis: number | null = null, keepDims = false): Tensor => {
    const place = axis === null ? find(flat(x), 0) : find(x, axis);
    if (!keepDims) return place;
    return axis === null
      ? ops.reshape(
          place,
          x.shape.map(() => 1),
        )
      : ops.expandDims(place, normalizeAxis(axis, x.rank, 'argMax'));
  };
op('keras.argMax', extremePlace(ops.argMax));
op('keras.argMin', extremePlace(ops.argMin));

op('keras.max', (x: Tensor, axis: Axes = null, keepDims = false, initial: number | null = null): Tensor => {
  const most = ops.max(x, axis, keepDims);
  return initial === null ? most : ops.maximum(most, initial);
});
op('keras.min', (x: Tensor, axis: Axes = null, keepDims = false, initial: number | null = null): Tensor => {
  const least = ops.min(x, axis, keepDims);
  return initial === null ? least : ops.minimum(least, initial);
});
op('keras.ptp', (x: Tensor, axis: Axes = null, keepDims = false): Tensor =>
  ops.sub(ops.max(x, axis, keepDims), ops.min(x, axis, keepDims)),
);

op('keras.average', (x: Tensor, weights: Tensor | null = null, axis: Axes = null): Tensor => {
  const along = plainAxis(axis);
  if (weights === null) return ops.mean(x, along);
  const line = weights.rank === 1 && x.rank > 1 && typeof along === 'number';
  const shape = x.shape.map((size, i) => (line && i !== normalizeAxis(along, x.rank, 'average') ? 1 : size));
  const shares = ops.broadcastTo(line ? ops.reshape(weights, shape) : weights, [...x.shape]);
  return ops.div(ops.sum(ops.mul(x, shares), along), ops.sum(shares, along));
});

op('keras.norm', (x: Tensor, ord: number | string | null = null, axis: Axes = null, keepDims = false): Tensor =>
  ops.norm(x, (ord ?? 'euclidean') as 'euclidean', plainAxis(axis), keepDims),
);
op('keras.normalize', (x: Tensor, axis: Axes = -1, order = 2, epsilon: number | null = null): Tensor =>
  ops.div(x, ops.maximum(ops.norm(x, order, plainAxis(axis), true), epsilon ?? 1e-7)),
);
op('keras.softmax', (x: Tensor, axis: Axes = -1): Tensor =>
  typeof axis === 'number' ? ops.softmax(x, axis) : ops.exp(ops.sub(x, ops.logSumExp(x, axis, true))),
);
op('keras.logSoftmax', (x: Tensor, axis: Axes = -1): Tensor =>
  typeof axis === 'number' ? ops.logSoftmax(x, axis) : ops.sub(x, ops.logSumExp(x, axis, true)),
);

op('keras.oneHot', (x: Tensor, classes: number, axis = -1, dtype: DType | null = null): Tensor => {
  const last = ops.oneHot(x, classes, 1, 0, dtype ?? 'float32');
  return ops.moveAxis(last, -1, axis);
});
op('keras.convertToTensor', (x: Tensor, dtype: DType | null = null): Tensor =>
  dtype ? ops.cast(x, dtype) : ops.clone(x),
);
op('keras.zerosLike', (x: Tensor, dtype: DType | null = null): Tensor => ops.zeros([...x.shape], dtype ?? x.dtype));
op('keras.onesLike', (x: Tensor, dtype: DType | null = null): Tensor => ops.ones([...x.shape], dtype ?? x.dtype));
op('keras.cumsum', (x: Tensor, axis: number | null = null): Tensor =>
  axis === null ? ops.cumsum(flat(x), 0) : ops.cumsum(x, axis),
);
op('keras.cumprod', (x: Tensor, axis: number | null = null): Tensor =>
  axis === null ? ops.cumprod(flat(x), 0) : ops.cumprod(x, axis),
);
op('keras.take', (x: Tensor, indices: Tensor | number | readonly number[], axis: number | null = null): Tensor =>
  axis === null ? ops.gather(flat(x), indices as Tensor, 0) : ops.gather(x, indices as Tensor, axis),
);
op('keras.stopGradient', (x: Tensor): Tensor => stopGradient(x));
op('keras.fullLike', (x: Tensor, value: Tensor | number, dtype: DType | null = null): Tensor => {
  const filled = ops.broadcastTo(value, [...x.shape]);
  return ops.cast(filled, dtype ?? x.dtype);
});

op(
  'keras.pad',
  (x: Tensor, value: number | null, width: number | Pair | readonly Pair[], mode = 'constant'): Tensor => {
    const given =
      typeof width === 'number' ? [[width, width] as const] : typeof width[0] === 'number' ? [width as Pair] : width;
    const pairs =
      (given as readonly Pair[]).length === 1 ? x.shape.map(() => given[0] as Pair) : (given as readonly Pair[]);
    return mode === 'constant'
      ? ops.pad(x, pairs, value ?? 0)
      : ops.mirrorPad(x, pairs, mode as 'reflect' | 'symmetric');
  },
);
op('keras.round', (x: Tensor, decimals = 0): Tensor => {
  if (decimals === 0) return ops.round(x);
  return ops.div(ops.round(ops.mul(x, 10 ** decimals)), 10 ** decimals);
});
op('keras.log2', (x: Tensor): Tensor => ops.div(ops.log(x), Math.LN2));
op('keras.log10', (x: Tensor): Tensor => ops.div(ops.log(x), Math.LN10));
op('keras.exp2', (x: Tensor): Tensor => ops.pow(2, x));
op('keras.cbrt', (x: Tensor): Tensor => ops.mul(ops.sign(x), ops.pow(ops.abs(x), 1 / 3)));
op('keras.deg2rad', (x: Tensor): Tensor => ops.mul(x, Math.PI / 180));
op('keras.rad2deg', (x: Tensor): Tensor => ops.mul(x, 180 / Math.PI));
op('keras.threshold', (x: Tensor, threshold: number, otherwise: number): Tensor =>
  ops.where(ops.greater(x, threshold), x, ops.mul(ops.onesLike(x), otherwise)),
);
op('keras.nanToNum', (x: Tensor, nan = 0, most: number | null = null, least: number | null = null): Tensor => {
  const like = (value: number): Tensor => ops.mul(ops.onesLike(x), value);
  const known = ops.where(ops.isNaN(x), like(nan), x);
  const largest = 3.4028234663852886e38;
  const below = ops.where(ops.equal(x, Infinity), like(most ?? largest), known);
  return ops.where(ops.equal(x, -Infinity), like(least ?? -largest), below);
});

op('keras.expandDims', (x: Tensor, axis: number | readonly number[]): Tensor => {
  if (typeof axis === 'number') return ops.expandDims(x, axis);
  const rank = x.rank + axis.length;
  const places = axis.map((one) => normalizeAxis(one, rank, 'expandDims')).sort((a, b) => a - b);
  return places.reduce<Tensor>((y, place) => ops.expandDims(y, place), x);
});
/** A list says where to cut. */
op('keras.split', (x: Tensor, cuts: number | readonly number[], axis = 0): Tensor[] => {
  if (typeof cuts === 'number') return ops.split(x, cuts, axis);
  const ends = [...cuts, x.shape[normalizeAxis(axis, x.rank, 'split')]];
  return ops.split(
    x,
    ends.map((end, i) => end - (i === 0 ? 0 : ends[i - 1])),
    axis,
  );
});
op('keras.unstack', (x: Tensor, _count: number | null = null, axis = 0): Tensor[] => ops.unstack(x, axis));
op('keras.hstack', (xs: readonly Tensor[]): Tensor => ops.concat([...xs], xs[0].rank < 2 ? 0 : 1));
op('keras.vstack', (xs: readonly Tensor[]): Tensor =>
  ops.concat(
    xs.map((x) => (x.rank < 2 ? ops.reshape(x, [1, -1]) : x)),
    0,
  ),
);
op('keras.slice', (x: Tensor, begin: readonly number[], size: readonly number[]): Tensor =>
  ops.slice(x, [...begin], [...size]),
);
op('keras.ravel', flat);
op('keras.takeAlongAxis', (x: Tensor, indices: Tensor, axis: number | null = null): Tensor => {
  if (axis === null) return ops.gather(flat(x), flat(indices), 0);
  const at = normalizeAxis(axis, x.rank, 'takeAlongAxis');
  const [values, places] = [ops.moveAxis(x, at, -1), ops.moveAxis(indices, at, -1)];
  const rows = values.shape.slice(0, -1);
  const wide = ops.broadcastTo(places, [...rows, places.shape[places.rank - 1]]);
  return ops.moveAxis(ops.gather(values, wide, x.rank - 1, x.rank - 1), -1, at);
});
op('keras.diff', (x: Tensor, times = 1, axis = -1): Tensor => {
  const at = normalizeAxis(axis, x.rank, 'diff');
  let result = x;
  for (let i = 0; i < times; i++) {
    const rest = Math.max(0, result.shape[at] - 1);
    const part = (first: number): Tensor => {
      const begin = result.shape.map((_, j) => (j === at ? first : 0));
      return ops.slice(
        result,
        begin,
        result.shape.map((size, j) => (j === at ? rest : size)),
      );
    };
    result = ops.sub(part(1), part(0));
  }
  return result;
});

/** What of a matrix stays: where column - row is at most, or at least, k. */
const triangle = (x: Tensor, isLower: boolean, k: number): Tensor => {
  const [rows, columns] = x.shape.slice(-2);
  const places = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => (isLower ? column - row <= k : column - row >= k)),
  );
  return ops.where(ops.broadcastTo(ops.tensor(places), [...x.shape]), x, ops.zerosLike(x));
};
op('keras.tril', (x: Tensor, k = 0): Tensor => triangle(x, true, k));
op('keras.triu', (x: Tensor, k = 0): Tensor => triangle(x, false, k));

/** Over the last axis of a and the last but one of b. */
op('keras.dot', (a: Tensor, b: Tensor): Tensor =>
  a.rank === 0 || b.rank === 0 ? ops.mul(a, b) : ops.tensordot(a, b, [[a.rank - 1], [Math.max(0, b.rank - 2)]]),
);
op('keras.quantile', (x: Tensor, q: number, axis: Axes = null, method = 'linear', keepDims = false): Tensor =>
  ops.quantile(x, q, plainAxis(axis), method as 'linear', keepDims),
);

type Size = number | readonly number[];
const pooling =
  (kind: 'max' | 'avg') =>
  (x: Tensor, size: Size, strides: Size | null = null, padding = 'valid', format: string | null = null): Tensor => {
    if (format === 'channels_first')
      throw new ArgumentError(`${kind} pooling of a file: expected channels last, got channels_first.`);
    const window = typeof size === 'number' ? new Array<number>(x.rank - 2).fill(size) : [...size];
    const steps = strides === null ? window : typeof strides === 'number' ? window.map(() => strides) : [...strides];
    return ops.pool(x, window as [number, number], kind, padding as 'valid', 1, steps as [number, number]);
  };
op('keras.maxPool', pooling('max'));
op('keras.averagePool', pooling('avg'));
