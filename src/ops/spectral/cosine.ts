/** @file Discrete cosine transforms, by Fourier transforms of twice the length. */
import * as p from '../../primitives/calls.ts';
import { fromHost } from '../../engine/index.ts';
import { isFloating } from '../../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../../tensor/errors.ts';
import { formatShape, normalizeAxis } from '../../tensor/shape.ts';
import { toHostArray } from '../../tensor/host.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloat } from '../convert.ts';
import { phases } from './tables.ts';
import { type Parts, fitTo, transform, turn } from './transform.ts';
import { op } from '../../symbolic/op.ts';

/** The four kinds of discrete cosine transforms. */
export type CosineType = 1 | 2 | 3 | 4;
/** `'ortho'` scales a transform so that it keeps lengths and its inverse is its transpose. */
export type CosineNorm = 'ortho' | null;

const times = (x: Tensor, factor: number): Tensor => p.mul(x, scalarLike(factor, x));

/** The first element along the last axis times one number, the others times another one. */
function weigh(x: Tensor, first: number, others: number): Tensor {
  const n = x.shape[x.rank - 1];
  const weights = Float64Array.from({ length: n }, (_, i) => (i === 0 ? first : others));
  return p.mul(x, fromHost(toHostArray(weights, x.dtype), x.dtype, [n]));
}

/** A transform of 2n numbers, of which the last n are 0, and its first n results. */
function doubled({ re, im }: Parts, n: number, direction: 1 | -1): Parts {
  const axis = re.rank - 1;
  const wide = { re: fitTo(re, axis, 2 * n), im: im && fitTo(im, axis, 2 * n) };
  const result = transform(wide, axis, direction);
  return { re: fitTo(result.re, axis, n), im: fitTo(result.im, axis, n) };
}

/** Each without a norm, of the last axis of `x`, which is n long. */
const kinds: Readonly<Record<CosineType, (x: Tensor, n: number) => Tensor>> = {
  // The transform of what follows when the signal is reflected at both ends.
  1: (x, n) => {
    const axis = x.rank - 1;
    const begin = x.shape.map((_, a) => (a === axis ? 1 : 0));
    const inner = p.reverse(p.slice(x, begin, x.shape.with(axis, n - 2)), [axis]);
    return fitTo(transform({ re: n > 2 ? p.concat([x, inner], axis) : x, im: null }, axis, -1).re, axis, n);
  },
  2: (x, n) => times(turn(doubled({ re: x, im: null }, n, -1), phases(n, 0, -1, 2 * n), x.rank - 1).re, 2),
  // The transform backwards is divided by its length, 2n.
  3: (x, n) => {
    const turned = turn({ re: weigh(x, 1, 2), im: null }, phases(n, 0, 1, 2 * n), x.rank - 1);
    return times(doubled(turned, n, 1).re, 2 * n);
  },
  4: (x, n) => {
    const axis = x.rank - 1;
    const turned = turn({ re: x, im: null }, phases(n, 0, -1, 2 * n), axis);
    return times(turn(doubled(turned, n, -1), phases(n, -1, -2, 4 * n), axis).re, 2);
  },
};

/**
 * The discrete cosine transform along the last axis.
 *
 * Without a norm, for k from 0 to n - 1:
 * - type 1: `x[0] + (-1)ᵏ x[n-1] + 2 Σ x[j] cos(πjk/(n-1))`, j from 1 to n - 2;
 * - type 2: `2 Σ x[j] cos(π(2j+1)k/(2n))`, "the" cosine transform;
 * - type 3: `x[0] + 2 Σ x[j] cos(πj(2k+1)/(2n))`, j from 1: the inverse of type 2, times 2n;
 * - type 4: `2 Σ x[j] cos(π(2j+1)(2k+1)/(4n))`.
 *
 * @param x Real numbers, `[..., n]`; integers count as float32.
 * @param type Which one; 2 by default.
 * @param n The length to transform: `x` is cut, or filled up with zeros.
 * @param axis Only the last one, -1.
 * @param norm `'ortho'` for types 2 to 4: the transform is orthogonal then.
 * @throws ArgumentError, ShapeError, DTypeError
 * @example `tf.signal.dct([1, 1])` is `[4, 0]`
 */
export const dct = op(
  'signal.dct',
  function dct(x: TensorLike, type: CosineType = 2, n?: number | null, axis = -1, norm: CosineNorm = null): Tensor {
    return cosineTransform(x, type, n, axis, norm, 'dct');
  },
);

/**
 * The inverse of {@link dct} of the same type, up to a factor: without a norm `idct(dct(x))` is `2n·x`, and `2(n-1)·x` for type 1;
 * with `'ortho'` it is `x`.
 *
 * @example `tf.signal.idct([4, 0])` is `[4, 4]`
 */
export const idct = op(
  'signal.idct',
  function idct(x: TensorLike, type: CosineType = 2, n?: number | null, axis = -1, norm: CosineNorm = null): Tensor {
    const inverse = ({ 1: 1, 2: 3, 3: 2, 4: 4 } as const)[type] ?? type;
    return cosineTransform(x, inverse, n, axis, norm, 'idct');
  },
);

function cosineTransform(
  x: TensorLike,
  type: CosineType,
  length: number | null | undefined,
  axis: number,
  norm: CosineNorm,
  operation: string,
): Tensor {
  const value = toFloat(x, operation);
  if (!isFloating(value.dtype))
    throw new DTypeError(
      `${operation}: expected real numbers, got ${value.dtype}; transform tf.real(x) and tf.imag(x).`,
    );
  if (value.rank === 0) throw new ShapeError(`${operation}: expected a tensor of rank 1 or more, got a scalar.`);
  if (!Object.hasOwn(kinds, type))
    throw new ArgumentError(`${operation}: expected type 1, 2, 3 or 4, got ${String(type)}.`);
  if (normalizeAxis(axis, value.rank, operation) !== value.rank - 1)
    throw new ArgumentError(
      `${operation}: only the last axis is transformed (-1), got axis ${axis}; transpose it there first.`,
    );
  if (norm !== null && norm !== 'ortho')
    throw new ArgumentError(`${operation}: expected norm to be 'ortho' or null, got ${String(norm)}.`);
  if (length !== null && length !== undefined && (!Number.isInteger(length) || length < 1))
    throw new ArgumentError(`${operation}: expected n to be a whole number of 1 or more, got ${length}.`);
  if (type === 1 && norm) throw new ArgumentError(`${operation}: type 1 has no norm 'ortho'.`);
  const narrow = value.dtype === 'float16';
  const given = narrow ? p.cast(value, 'float32') : value;
  const n = length ?? given.shape[given.rank - 1];
  if (type === 1 && n < 2)
    throw new ShapeError(
      `${operation}: type 1 needs 2 numbers or more along the last axis, got shape ${formatShape(value.shape)}.`,
    );
  const fitted = fitTo(given, given.rank - 1, n);
  const result = n === 0 ? fitted : normalized(fitted, type, n, norm);
  return narrow ? p.cast(result, 'float16') : result;
}

function normalized(x: Tensor, type: CosineType, n: number, norm: CosineNorm): Tensor {
  const transformed = kinds[type];
  if (norm === null) return transformed(x, n);
  const root = Math.sqrt(0.5 / n);
  if (type === 2) return weigh(transformed(x, n), root * Math.SQRT1_2, root);
  if (type === 3) return transformed(weigh(x, 1 / Math.sqrt(n), root), n);
  return times(transformed(x, n), root);
}
