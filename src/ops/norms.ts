/** @file Norms of vectors and matrices, clipping and normalising by them. */
import * as p from '../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape, normalizeAxis } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloat, toTensor } from './convert.ts';
import { squaredModulus } from './modulus.ts';
import type { Axis } from './reduction.ts';
import { op } from '../symbolic/op.ts';

/** Which norm: see {@link norm}. */
export type NormOrder = number | 'euclidean' | 'fro' | 'nuc';

/** float16 in float32: sums and squares leave its range long before the result does. */
const inWide = (x: Tensor, compute: (wide: Tensor) => Tensor): Tensor =>
  x.dtype === 'float16' ? p.cast(compute(p.cast(x, 'float32')), 'float16') : compute(x);

/**
 * The norm of vectors or matrices.
 *
 * @param ord Of vectors: `'euclidean'` or 2: `√Σx²`; 1: `Σ|x|`; `Infinity`: `max |x|`; `-Infinity`: `min |x|`; another number p:
 *   `(Σ|x|ᵖ)^(1/p)`. Of matrices: `'euclidean'` or `'fro'`: `√Σx²`; 1 and -1: the largest and the smallest sum of a column's `|x|`;
 *   `Infinity` and `-Infinity`: of a row's; 2 and -2: the largest and the smallest singular value; `'nuc'`: their sum.
 * @param axis One axis: vectors along it. Two: matrices, `[rows, columns]`. By default all elements as one vector.
 * @example `tf.norm([3, 4])` is `5`
 */
export const norm = op(
  'norm',
  function norm(x: TensorLike, ord: NormOrder = 'euclidean', axis: Axis = null, keepDims = false): Tensor {
    const isName = ord === 'euclidean' || ord === 'fro' || ord === 'nuc';
    if (!isName && (typeof ord !== 'number' || ord === 0 || Number.isNaN(ord)))
      throw new ArgumentError(
        `norm: expected ord to be 'euclidean', 'fro', 'nuc' or a number other than 0, got ${String(ord)}.`,
      );
    const isMatrix = typeof axis === 'object' && axis?.length === 2;
    if (ord === 'nuc' && !isMatrix)
      throw new ArgumentError("norm: 'nuc' is a norm of matrices; give their two axes, such as [-2, -1].");
    return inWide(toFloat(x, 'norm'), (wide) =>
      isMatrix ? matrixNorm(wide, ord, axis, keepDims) : vectorNorm(wide, ord, axis, keepDims),
    );
  },
);

function vectorNorm(value: Tensor, ord: NormOrder, axis: Axis, keepDims: boolean): Tensor {
  if (ord === 'euclidean' || ord === 'fro' || ord === 2) return p.sqrt(p.sum(squaredModulus(value), axis, keepDims));
  const magnitude = p.abs(value);
  if (ord === 1) return p.sum(magnitude, axis, keepDims);
  if (ord === Infinity) return p.max(magnitude, axis, keepDims);
  if (ord === -Infinity) return p.min(magnitude, axis, keepDims);
  const power = ord as number;
  return p.pow(p.sum(p.pow(magnitude, scalarLike(power, magnitude)), axis, keepDims), scalarLike(1 / power, magnitude));
}

function matrixNorm(value: Tensor, ord: NormOrder, axes: readonly number[], keepDims: boolean): Tensor {
  if (ord === 'euclidean' || ord === 'fro') return vectorNorm(value, 2, axes, keepDims);
  const [rows, columns] = axes.map((axis) => normalizeAxis(axis, value.rank, 'norm'));
  if (rows === columns) throw new ArgumentError(`norm: expected two different axes, got ${formatShape(axes)}.`);
  const rest = value.shape.map((_, axis) => axis).filter((axis) => axis !== rows && axis !== columns);
  const matrices = p.transpose(value, [...rest, rows, columns]);
  const result = normOfMatrices(matrices, ord);
  return keepDims ? p.reshape(result, value.shape.map((d, axis) => (rest.includes(axis) ? d : 1))) : result; // prettier-ignore
}

/** Of matrices along the last two axes. */
function normOfMatrices(x: Tensor, ord: Exclude<NormOrder, 'euclidean' | 'fro'>): Tensor {
  if (ord === 'nuc') return p.sum(p.svd(x, false)[0], -1);
  if (ord === 2 || ord === -2) {
    const [values] = p.svd(x, false);
    return ord === 2 ? p.max(values, -1) : p.min(values, -1);
  }
  if (![1, -1, Infinity, -Infinity].includes(ord))
    throw new ArgumentError(
      `norm: of matrices ord is 'euclidean', 'fro', 'nuc', 1, -1, 2, -2, Infinity or -Infinity, got ${ord}.`,
    );
  const sums = p.sum(p.abs(x), Math.abs(ord) === 1 ? x.rank - 2 : x.rank - 1);
  return ord > 0 ? p.max(sums, -1) : p.min(sums, -1);
}

/** `√Σx²` over `axis` (all axes by default). @example `tf.euclideanNorm([[3, 4], [6, 8]], 1)` is `[5, 10]` */
export const euclideanNorm = op('euclideanNorm', (x: TensorLike, axis: Axis = null, keepDims = false): Tensor =>
  inWide(toFloat(x, 'euclideanNorm'), (wide) => vectorNorm(wide, 2, axis, keepDims)),
);

/**
 * `x / √max(Σx², ε)` along `axis` (all axes by default): vectors of length 1.
 *
 * @param epsilon Keeps the divisor away from 0.
 * @example `tf.l2Normalize([3, 4])` is `[0.6, 0.8]`
 */
export const l2Normalize = op(
  'l2Normalize',
  function l2Normalize(x: TensorLike, axis: Axis = null, epsilon = 1e-12): Tensor {
    return inWide(toFloat(x, 'l2Normalize'), (value) => {
      const squares = p.sum(p.square(value), axis, true);
      return p.mul(value, p.rsqrt(p.maximum(squares, scalarLike(epsilon, squares))));
    });
  },
);

/**
 * `x`, scaled down where its norm over `axes` (all axes by default) is above `clipNorm`, so that it is that.
 *
 * @example `tf.clipByNorm([3, 4], 1)` is `[0.6, 0.8]`
 */
export const clipByNorm = op(
  'clipByNorm',
  function clipByNorm(x: TensorLike, clipNorm: TensorLike, axes: Axis = null): Tensor {
    const value = toFloat(x, 'clipByNorm');
    const limit = p.cast(toTensor(clipNorm, 'clipByNorm'), value.dtype);
    const squares = p.sum(p.square(value), axes, true);
    // The root of 0 has an infinite gradient, which 0 would make NaN.
    const isPositive = p.greater(squares, scalarLike(0, squares));
    const size = p.sqrt(p.select(isPositive, squares, scalarLike(1, squares)));
    const length = p.select(isPositive, size, squares);
    return p.div(p.mul(value, limit), p.maximum(length, limit));
  },
);

/**
 * The norm of several tensors as one vector: `√Σ‖xᵢ‖²`. Null ones count as 0.
 *
 * @example `tf.globalNorm([[3], [4]])` is `5`
 */
export const globalNorm = op('globalNorm', function globalNorm(tensors: readonly (TensorLike | null)[]): Tensor {
  const squares = tensors.flatMap((one) => (one === null ? [] : [p.sum(p.square(toFloat(one, 'globalNorm')))]));
  if (squares.length === 0) throw new ArgumentError('globalNorm: expected a list with at least one tensor.');
  return p.sqrt(squares.reduce((a, b) => p.add(a, p.cast(b, a.dtype))));
});
/**
 * Tensors scaled down together, where their {@link globalNorm} is above `clipNorm`, so that it is that. An infinite norm gives NaN.
 *
 * @param useNorm The norm, where it is known.
 * @returns `[tensors, norm]`
 * @example `tf.clipByGlobalNorm([[3], [4]], 1)` is `[[[0.6], [0.8]], 5]`
 */
export const clipByGlobalNorm = op(
  'clipByGlobalNorm',
  function clipByGlobalNorm(
    tensors: readonly (TensorLike | null)[],
    clipNorm: TensorLike,
    useNorm: TensorLike | null = null,
  ): [(Tensor | null)[], Tensor] {
    const size = useNorm === null ? globalNorm(tensors) : toFloat(useNorm, 'clipByGlobalNorm');
    const limit = p.cast(toTensor(clipNorm, 'clipByGlobalNorm'), size.dtype);
    // Subtracted from itself a number is 0, infinity NaN.
    const factor = p.add(p.div(limit, p.maximum(size, limit)), p.sub(size, size));
    const clipped = tensors.map((one) => {
      if (one === null) return null;
      const value = toFloat(one, 'clipByGlobalNorm');
      return p.mul(value, p.cast(factor, value.dtype));
    });
    return [clipped, size];
  },
);

/**
 * Normalisation by neighbouring channels (Krizhevsky et al., 2012): `x / (bias + alpha · Σ x²)^beta`, the sum over the channels at most
 * `depthRadius` away.
 *
 * @param x Channels along the last axis, rank 3 or 4.
 * @example `tf.localResponseNormalization(tf.ones([1, 1, 1, 2]), 1).flatten()` is `[0.5774, 0.5774]`
 */
export const localResponseNormalization = op(
  'localResponseNormalization',
  function localResponseNormalization(x: TensorLike, depthRadius = 5, bias = 1, alpha = 1, beta = 0.5): Tensor {
    const value = toFloat(x, 'localResponseNormalization');
    if (value.rank !== 3 && value.rank !== 4)
      throw new ShapeError(`localResponseNormalization: expected rank 3 or 4, got shape ${formatShape(value.shape)}.`);
    if (!Number.isInteger(depthRadius) || depthRadius < 0)
      throw new ArgumentError(
        `localResponseNormalization: expected depthRadius to be a whole number, got ${depthRadius}.`,
      );
    const channels = value.shape[value.rank - 1];
    const wide = p.pad(
      p.square(value),
      value.shape.map((_, axis) =>
        axis === value.rank - 1 ? ([depthRadius, depthRadius] as const) : ([0, 0] as const),
      ),
    );
    const begin = value.shape.map(() => 0);
    let sum = p.slice(wide, begin, value.shape);
    for (let offset = 1; offset <= 2 * depthRadius && channels > 0; offset++)
      sum = p.add(sum, p.slice(wide, begin.with(-1, offset), value.shape));
    const scale = p.add(p.mul(sum, scalarLike(alpha, sum)), scalarLike(bias, sum));
    return p.mul(value, p.pow(scale, scalarLike(-beta, scale)));
  },
);

/**
 * Vectors (or matrices) divided by their {@link norm}: `[normalized, norm]`, the norm with axes of size 1.
 *
 * @example `tf.normalize([3, 4])` is `[[0.6, 0.8], [5]]`
 */
export const normalize = op(
  'normalize',
  function normalize(x: TensorLike, ord: NormOrder = 'euclidean', axis: Axis = null): [Tensor, Tensor] {
    const value = toFloat(x, 'normalize');
    const size = norm(value, ord, axis, true);
    return [p.div(value, size), size];
  },
);
