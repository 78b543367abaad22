/** @file Windows: weights by which a piece of a signal fades in and out. */
import { fromHost } from '../../engine/index.ts';
import { type DType, isFloating } from '../../tensor/dtype.ts';
import { ArgumentError, DTypeError } from '../../tensor/errors.ts';
import { toHostArray } from '../../tensor/host.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Makes a window of a length. */
export type WindowFunction = (windowLength: number) => Tensor;

function windowOf(operation: string, windowLength: number, dtype: DType, at: (i: number) => number): Tensor {
  if (!Number.isInteger(windowLength) || windowLength < 0)
    throw new ArgumentError(`${operation}: expected a whole number of samples of 0 or more, got ${windowLength}.`);
  if (!isFloating(dtype)) throw new DTypeError(`${operation}: expected a floating dtype, got ${dtype}.`);
  const values = Float64Array.from({ length: windowLength }, (_, i) => at(i));
  return fromHost(toHostArray(values, dtype), dtype, [windowLength]);
}

/** `a - b cos(2πi / period)`. The period of an even window is its length where it is to be repeated, else one less. */
function raisedCosine(operation: string, a: number, b: number) {
  return (windowLength: number, periodic = true, dtype: DType = 'float32'): Tensor => {
    const period = windowLength - (periodic && windowLength % 2 === 0 ? 0 : 1);
    return windowOf(operation, windowLength, dtype, (i) =>
      windowLength === 1 ? 1 : a - b * Math.cos((2 * Math.PI * i) / period),
    );
  };
}

type RaisedCosine = (windowLength: number, periodic?: boolean, dtype?: DType) => Tensor;

/**
 * The Hann window: `0.5 - 0.5 cos(2πi/n)`.
 *
 * @param windowLength How many samples, n.
 * @param periodic Whether an even one is to be repeated; else it is symmetric, with n - 1 in place of n. Odd ones are symmetric.
 * @example `tf.signal.hannWindow(4)` is `[0, 0.5, 1, 0.5]`
 */
export const hannWindow: RaisedCosine = raisedCosine('hannWindow', 0.5, 0.5);
/**
 * The Hamming window: `0.54 - 0.46 cos(2πi/n)`; see {@link hannWindow}.
 *
 * @example `tf.signal.hammingWindow(4)` is `[0.08, 0.54, 1, 0.54]`
 */
export const hammingWindow: RaisedCosine = raisedCosine('hammingWindow', 0.54, 0.46);

/** The modified Bessel function of the first kind of order 0, by its series: all terms are positive. */
function besselI0(x: number): number {
  const square = (x * x) / 4;
  let [term, sum] = [1, 1];
  for (let k = 1; term > sum * 2 ** -60; k++) {
    term *= square / (k * k);
    sum += term;
  }
  return sum;
}

function kaiser(i: number, windowLength: number, beta: number): number {
  if (windowLength === 1) return 1;
  const half = (windowLength - 1) / 2;
  const place = (i - half) / half;
  return besselI0(beta * Math.sqrt(Math.max(0, 1 - place * place))) / besselI0(beta);
}

/**
 * The Kaiser window: `I₀(β √(1 - x²)) / I₀(β)` for x from -1 to 1.
 *
 * @param beta The larger, the narrower; 12 by default.
 * @example `tf.signal.kaiserWindow(3)` is `[0.00005277, 1, 0.00005277]`
 */
export const kaiserWindow = (windowLength: number, beta = 12, dtype: DType = 'float32'): Tensor =>
  windowOf('kaiserWindow', windowLength, dtype, (i) => kaiser(i, windowLength, beta));

function expectEven(operation: string, windowLength: number): void {
  if (windowLength % 2 !== 0)
    throw new ArgumentError(`${operation}: expected an even number of samples, got ${windowLength}.`);
}

/**
 * The Kaiser-Bessel-derived window of an even length: roots of running sums of a {@link kaiserWindow} of half the length.
 *
 * @example `tf.signal.kaiserBesselDerivedWindow(4)` is `[0.007264, 1, 1, 0.007264]`
 */
export function kaiserBesselDerivedWindow(windowLength: number, beta = 12, dtype: DType = 'float32'): Tensor {
  expectEven('kaiserBesselDerivedWindow', windowLength);
  const half = windowLength / 2;
  const sums: number[] = [];
  for (let i = 0; i <= half; i++) sums.push((sums[i - 1] ?? 0) + kaiser(i, half + 1, beta));
  return windowOf('kaiserBesselDerivedWindow', windowLength, dtype, (i) =>
    Math.sqrt(sums[i < half ? i : windowLength - 1 - i] / sums[half]),
  );
}

/**
 * The window of the Vorbis format, of an even length: `sin(π/2 sin²(π(i + ½)/n))`.
 *
 * @example `tf.signal.vorbisWindow(4)` is `[0.228, 0.9737, 0.9737, 0.228]`
 */
export function vorbisWindow(windowLength: number, dtype: DType = 'float32'): Tensor {
  expectEven('vorbisWindow', windowLength);
  return windowOf('vorbisWindow', windowLength, dtype, (i) =>
    Math.sin((Math.PI / 2) * Math.sin((Math.PI * (i + 0.5)) / windowLength) ** 2),
  );
}
