/** @file Discrete Fourier transforms of one, two and three dimensions, of complex and of real numbers. */
import * as p from '../../primitives/calls.ts';
import { ComplexTensor } from '../../tensor/complex.ts';
import { isFloating } from '../../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, toFloat } from '../convert.ts';
import type { Direction } from './tables.ts';
import { type Parts, fitTo, transform } from './transform.ts';
import { op } from '../../symbolic/op.ts';

/** The sizes of the last axes that are transformed: one number where that is one axis. */
export type FftLength = number | readonly number[];

/** The last `count` axes of a tensor of `rank`. */
const lastAxes = (rank: number, count: number): number[] => Array.from({ length: count }, (_, i) => rank - count + i);

function expectRank(x: Tensor, count: number, operation: string): void {
  if (x.rank < count)
    throw new ShapeError(
      `${operation}: expected a tensor of rank ${count} or more, whose last ${count === 1 ? 'axis is' : `${count} axes are`} transformed; ` +
        `got shape ${formatShape(x.shape)}.`,
    );
}

/** @throws ArgumentError where the lengths do not fit the axes */
function lengthsOf(
  given: FftLength | null | undefined,
  standard: readonly number[],
  operation: string,
): readonly number[] {
  if (given === null || given === undefined) return standard;
  const lengths = typeof given === 'number' ? [given] : given;
  if (lengths.length !== standard.length || lengths.some((length) => !Number.isInteger(length) || length < 1))
    throw new ArgumentError(
      `${operation}: expected fftLength to be ${standard.length === 1 ? 'a whole number' : `${standard.length} whole numbers`} of 1 or more, got ` +
        `${formatShape(lengths)}.`,
    );
  return lengths;
}

/** float16 has too few digits for sums of many terms. */
const wide = (x: Tensor): Tensor => (x.dtype === 'float16' ? p.cast(x, 'float32') : x);

/** A tensor of real numbers that is to be transformed. */
function toReal(x: TensorLike, operation: string): Tensor {
  const value = wide(toFloat(x, operation));
  if (!isFloating(value.dtype))
    throw new DTypeError(
      `${operation}: expected real numbers, got ${value.dtype}; use tf.${operation.slice(1)} for those.`,
    );
  return value;
}

function toParts(x: TensorLike, operation: string): Parts {
  const value = toFloat(x, operation);
  return value instanceof ComplexTensor ? { re: value.re, im: value.im } : { re: wide(value), im: null };
}

const inComplex64 = ({ re, im }: Parts): Tensor =>
  new ComplexTensor(p.cast(re, 'float32'), p.cast(im ?? p.sub(re, re), 'float32'));

function along(parts: Parts, axes: readonly number[], direction: Direction): Parts {
  return [...axes].reverse().reduce((state: Parts, axis) => transform(state, axis, direction), parts);
}

function complexTransform(x: TensorLike, count: number, direction: Direction, operation: string): Tensor {
  const parts = toParts(x, operation);
  expectRank(parts.re, count, operation);
  return inComplex64(along(parts, lastAxes(parts.re.rank, count), direction));
}

function realTransform(
  x: TensorLike,
  count: number,
  fftLength: FftLength | null | undefined,
  operation: string,
): Tensor {
  const value = toReal(x, operation);
  expectRank(value, count, operation);
  const axes = lastAxes(value.rank, count);
  const lengths = lengthsOf(
    fftLength,
    axes.map((axis) => value.shape[axis]),
    operation,
  );
  const last = value.rank - 1;
  const fitted = axes.reduce((state, axis, i) => fitTo(state, axis, lengths[i]), value);
  const half = Math.floor(lengths[count - 1] / 2) + 1;
  const { re, im } = transform({ re: fitted, im: null }, last, -1);
  // What is left out is the conjugate of what stays, so the other axes need not be transformed there.
  const spectrum = {
    re: fitTo(re, last, Math.min(half, re.shape[last])),
    im: fitTo(im, last, Math.min(half, im.shape[last])),
  };
  return inComplex64(along(spectrum, axes.slice(0, -1), -1));
}

function inverseRealTransform(
  x: TensorLike,
  count: number,
  fftLength: FftLength | null | undefined,
  operation: string,
): Tensor {
  const { re, im } = toParts(x, operation);
  expectRank(re, count, operation);
  const axes = lastAxes(re.rank, count);
  const last = re.rank - 1;
  const lengths = lengthsOf(
    fftLength,
    axes.map((axis) => (axis === last ? Math.max(0, 2 * (re.shape[axis] - 1)) : re.shape[axis])),
    operation,
  );
  const length = lengths[count - 1];
  const half = length === 0 ? 0 : Math.floor(length / 2) + 1;
  const fit = (part: Tensor): Tensor =>
    axes.reduce((state, axis, i) => fitTo(state, axis, axis === last ? half : lengths[i]), part);
  const spectrum = along({ re: fit(re), im: im ? fit(im) : null }, axes.slice(0, -1), 1);
  // The other half of a real signal's spectrum: the conjugate, backwards.
  const mirrored = length - half;
  const whole = (part: Tensor, sign: 1 | -1): Tensor => {
    if (mirrored <= 0) return part;
    const begin = part.shape.map(() => 0);
    const tail = p.slice(part, begin.with(last, 1), part.shape.with(last, mirrored));
    const backwards = p.reverse(tail, [last]);
    return p.concat([part, sign === 1 ? backwards : p.neg(backwards)], last);
  };
  const signal = transform({ re: whole(spectrum.re, 1), im: spectrum.im ? whole(spectrum.im, -1) : null }, last, 1);
  return p.cast(signal.re, 'float32');
}

/**
 * The discrete Fourier transform along the last axis: `X[k] = Σⱼ x[j] e^(-2πi jk/n)`, of any length n.
 *
 * @param x Complex or real numbers, `[..., n]`.
 * @returns complex64 of the same shape; as TensorFlow has it, gradients at it are conjugated.
 * @example tf.fft(tf.complex([1, 2, 3], [0, 0, 0])) // 6+0i, -1.5+0.866i, -1.5-0.866i
 */
export const fft = op('fft', (x: TensorLike): Tensor => complexTransform(x, 1, -1, 'fft'));
/**
 * The inverse of {@link fft}: `x[j] = 1/n Σₖ X[k] e^(2πi jk/n)`.
 *
 * @example `tf.ifft(tf.complex([2, 0], [0, 0]))` is `[[1, 0], [1, 0]]`
 */
export const ifft = op('ifft', (x: TensorLike): Tensor => complexTransform(x, 1, 1, 'ifft'));
/**
 * The discrete Fourier transform over the last two axes.
 *
 * @example `tf.fft2d(tf.complex([[1, 1]], [[0, 0]]))` is `[[[2, 0], [0, 0]]]`
 */
export const fft2d = op('fft2d', (x: TensorLike): Tensor => complexTransform(x, 2, -1, 'fft2d'));
/** The inverse of {@link fft2d}. @example `tf.ifft2d(tf.complex([[2, 0]], [[0, 0]]))` is `[[[1, 0], [1, 0]]]` */
export const ifft2d = op('ifft2d', (x: TensorLike): Tensor => complexTransform(x, 2, 1, 'ifft2d'));
/**
 * The discrete Fourier transform over the last three axes.
 *
 * @example `tf.fft3d(tf.complex([[[1, 1]]], [[[0, 0]]]))` is `[[[[2, 0], [0, 0]]]]`
 */
export const fft3d = op('fft3d', (x: TensorLike): Tensor => complexTransform(x, 3, -1, 'fft3d'));
/**
 * The inverse of {@link fft3d}.
 *
 * @example `tf.ifft3d(tf.complex([[[2, 0]]], [[[0, 0]]]))` is `[[[[1, 0], [1, 0]]]]`
 */
export const ifft3d = op('ifft3d', (x: TensorLike): Tensor => complexTransform(x, 3, 1, 'ifft3d'));

/**
 * The discrete Fourier transform of real numbers along the last axis: of the n numbers that {@link fft} gives the first
 * ⌊n/2⌋ + 1, since the others are their conjugates.
 *
 * @param x Real numbers, `[..., n]`. float64 is computed with, but the result has the digits of complex64.
 * @param fftLength The n to transform: `x` is cut, or filled up with zeros.
 * @returns complex64 `[..., ⌊n/2⌋ + 1]`
 * @example tf.rfft([1, 2, 3, 4]) // 10+0i, -2+2i, -2+0i
 */
export const rfft = op('rfft', (x: TensorLike, fftLength?: FftLength | null): Tensor =>
  realTransform(x, 1, fftLength, 'rfft'),
);
/**
 * The inverse of {@link rfft}: the real numbers that have this spectrum.
 *
 * @param x complex64 `[..., ⌊n/2⌋ + 1]`; imaginary parts of the first number, and for even n of the last, do not count.
 * @param fftLength n, by default the even one: 2 · (x's last size - 1).
 * @returns float32 `[..., n]`
 * @example `tf.irfft(tf.complex([2, 0], [0, 0]))` is `[1, 1]`
 */
export const irfft = op('irfft', (x: TensorLike, fftLength?: FftLength | null): Tensor =>
  inverseRealTransform(x, 1, fftLength, 'irfft'),
);
/**
 * As {@link rfft} over the last two axes, of which only the last one is halved. @param fftLength `[height, width]`
 *
 * @example `tf.rfft2d([[1, 1]])` is `[[[2, 0], [0, 0]]]`
 */
export const rfft2d = op('rfft2d', (x: TensorLike, fftLength?: FftLength | null): Tensor =>
  realTransform(x, 2, fftLength, 'rfft2d'),
);
/** The inverse of {@link rfft2d}. @example `tf.irfft2d(tf.complex([[2, 0]], [[0, 0]]))` is `[[1, 1]]` */
export const irfft2d = op('irfft2d', (x: TensorLike, fftLength?: FftLength | null): Tensor =>
  inverseRealTransform(x, 2, fftLength, 'irfft2d'),
);
/**
 * As {@link rfft} over the last three axes, of which only the last one is halved.
 *
 * @example `tf.rfft3d([[[1, 1]]])` is `[[[[2, 0], [0, 0]]]]`
 */
export const rfft3d = op('rfft3d', (x: TensorLike, fftLength?: FftLength | null): Tensor =>
  realTransform(x, 3, fftLength, 'rfft3d'),
);
/** The inverse of {@link rfft3d}. @example `tf.irfft3d(tf.complex([[[2, 0]]], [[[0, 0]]]))` is `[[[1, 1]]]` */
export const irfft3d = op('irfft3d', (x: TensorLike, fftLength?: FftLength | null): Tensor =>
  inverseRealTransform(x, 3, fftLength, 'irfft3d'),
);
