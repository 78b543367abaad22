/** @file Short-time transforms of signals: Fourier (STFT) and modified cosine (MDCT). */
import { fromHost } from '../../engine/index.ts';
import * as p from '../../primitives/calls.ts';
import { toHostArray, toNumbers } from '../../tensor/host.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloat } from '../convert.ts';
import { type CosineNorm, dct, irfft, rfft } from '../spectral/index.ts';
import { fitTo } from '../spectral/transform.ts';
import { frame, overlapAndAdd } from './frames.ts';
import { type WindowFunction, hannWindow, vorbisWindow } from './windows.ts';
import { op } from '../../symbolic/op.ts';

const windowed = (frames: Tensor, windowFn: WindowFunction): Tensor => {
  const length = frames.shape[frames.rank - 1];
  return p.mul(frames, p.cast(windowFn(length), frames.dtype));
};
const enclosingPowerOfTwo = (length: number): number => 2 ** Math.ceil(Math.log2(length));

/**
 * The short-time Fourier transform: the spectrum of each frame of a signal.
 *
 * @param signal Real samples, `[..., samples]`.
 * @param frameLength Samples of a frame.
 * @param frameStep Samples from the beginning of a frame to that of the next one.
 * @param fftLength Of each transform; by default the power of two that holds a frame.
 * @param windowFn The window that frames are multiplied by, the one of Hann by default; null for none.
 * @param padEnd Whether to fill up the last frames with zeros; see {@link frame}.
 * @returns complex64 `[..., frames, ⌊fftLength/2⌋ + 1]`
 * @example `tf.signal.stft(tf.ones([64]), 16, 8).shape` is `[7, 9]`
 */
export const stft = op(
  'signal.stft',
  function stft(
    signal: TensorLike,
    frameLength: number,
    frameStep: number,
    fftLength?: number | null,
    windowFn: WindowFunction | null = hannWindow,
    padEnd = false,
  ): Tensor {
    const frames = frame(toFloat(signal, 'stft'), frameLength, frameStep, padEnd);
    const faded = windowFn ? windowed(frames, windowFn) : frames;
    return rfft(faded, fftLength ?? enclosingPowerOfTwo(frameLength));
  },
);

/**
 * The signal of a short-time Fourier transform. With the window of {@link inverseStftWindowFn} it is the one that {@link stft} was
 * given, but for its ends.
 *
 * @param stfts complex64 `[..., frames, ⌊fftLength/2⌋ + 1]`; other parameters are those of {@link stft}.
 * @returns float32 `[..., (frames - 1) · frameStep + frameLength]`
 * @example `tf.signal.inverseStft(tf.signal.stft(tf.ones([64]), 16, 8), 16, 8).shape` is `[64]`
 */
export const inverseStft = op(
  'signal.inverseStft',
  function inverseStft(
    stfts: TensorLike,
    frameLength: number,
    frameStep: number,
    fftLength?: number | null,
    windowFn: WindowFunction | null = hannWindow,
  ): Tensor {
    const frames = irfft(stfts, fftLength ?? enclosingPowerOfTwo(frameLength));
    if (frames.rank < 2)
      throw new ShapeError(
        `inverseStft: expected [..., frames, frequencies], got one spectrum of shape ${formatShape(frames.shape)}.`,
      );
    const fitted = fitTo(frames, frames.rank - 1, frameLength);
    return overlapAndAdd(windowFn ? windowed(fitted, windowFn) : fitted, frameStep);
  },
);

/**
 * The window for {@link inverseStft} with which overlapping frames add up to the signal: the forward one, divided by the sum of
 * the squares of those that overlap.
 */
export const inverseStftWindowFn =
  (frameStep: number, forwardWindowFn: WindowFunction = hannWindow): WindowFunction =>
  (frameLength) => {
    const window = forwardWindowFn(frameLength);
    const values = Float64Array.from(toNumbers(window.dataSync(), window.dtype));
    const sums = new Float64Array(frameStep);
    values.forEach((value, i) => (sums[i % frameStep] += value * value));
    return fromHost(
      toHostArray(
        values.map((value, i) => value / sums[i % frameStep]),
        window.dtype,
      ),
      window.dtype,
      [frameLength],
    );
  };

/** The last axis in equal parts. */
function parts(x: Tensor, count: number): Tensor[] {
  const last = x.rank - 1;
  const length = x.shape[last] / count;
  return Array.from({ length: count }, (_, i) =>
    p.slice(
      x,
      x.shape.map((_, axis) => (axis === last ? i * length : 0)),
      x.shape.with(last, length),
    ),
  );
}
const backwards = (x: Tensor): Tensor => p.reverse(x, [x.rank - 1]);
const faded = (frames: Tensor, windowFn: WindowFunction | null): Tensor =>
  windowFn ? windowed(frames, windowFn) : p.mul(frames, scalarLike(Math.SQRT1_2, frames));

/**
 * The modified discrete cosine transform: frames that overlap by half, each with half as many numbers as samples.
 *
 * @param signal Real samples, `[..., samples]`.
 * @param frameLength Samples of a frame, a multiple of 4; the step is half of it.
 * @param windowFn With {@link vorbisWindow}, `kaiserBesselDerivedWindow` or null, {@link inverseMdct} gives the signal again.
 * @param padEnd Whether to fill up the last frames with zeros; see {@link frame}.
 * @param norm Of the cosine transform of type 4 beneath; see {@link dct}.
 * @returns `[..., frames, frameLength / 2]`
 * @example `tf.signal.mdct(tf.ones([64]), 16).shape` is `[7, 8]`
 */
export const mdct = op(
  'signal.mdct',
  function mdct(
    signal: TensorLike,
    frameLength: number,
    windowFn: WindowFunction | null = vorbisWindow,
    padEnd = false,
    norm: CosineNorm = null,
  ): Tensor {
    if (frameLength % 4 !== 0)
      throw new ArgumentError(`mdct: expected a frameLength that is a multiple of 4, got ${frameLength}.`);
    const frames = faded(frame(toFloat(signal, 'mdct'), frameLength, frameLength / 2, padEnd), windowFn);
    const [a, b, c, d] = parts(frames, 4);
    const folded = p.concat([p.sub(p.neg(backwards(c)), d), p.sub(a, backwards(b))], frames.rank - 1);
    return dct(folded, 4, null, -1, norm);
  },
);

/**
 * The signal of a modified discrete cosine transform; the window and the norm are those of {@link mdct}.
 *
 * @param mdcts `[..., frames, frameLength / 2]`
 * @returns `[..., (frames + 1) · frameLength / 2]`
 * @example `tf.signal.inverseMdct(tf.signal.mdct(tf.ones([64]), 16)).shape` is `[64]`
 */
export const inverseMdct = op(
  'signal.inverseMdct',
  function inverseMdct(
    mdcts: TensorLike,
    windowFn: WindowFunction | null = vorbisWindow,
    norm: CosineNorm = null,
  ): Tensor {
    const value = toFloat(mdcts, 'inverseMdct');
    if (value.rank < 2)
      throw new ShapeError(`inverseMdct: expected [..., frames, numbers], got shape ${formatShape(value.shape)}.`);
    const half = value.shape[value.rank - 1];
    const plain = dct(value, 4, null, -1, norm);
    const [a, b] = parts(norm === null ? p.mul(plain, scalarLike(0.5 / half, plain)) : plain, 2);
    const frames = p.concat([b, p.neg(backwards(b)), p.neg(backwards(a)), p.neg(a)], value.rank - 1);
    return overlapAndAdd(faded(frames, windowFn), half);
  },
);
