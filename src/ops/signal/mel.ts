/** @file Spectra as ears have them: the mel scale, and mel-frequency cepstral coefficients. */
import { fromHost } from '../../engine/index.ts';
import * as p from '../../primitives/calls.ts';
import { type DType, isFloating } from '../../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../../tensor/errors.ts';
import { toHostArray } from '../../tensor/host.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloat } from '../convert.ts';
import { dct } from '../spectral/index.ts';
import { op } from '../../symbolic/op.ts';

/** The scale of the HTK toolkit. */
const melOf = (hertz: number): number => 1127 * Math.log1p(hertz / 700);

/**
 * A matrix from linear frequencies to mel bands, which overlap as triangles do: `spectrograms.matMul(matrix)`.
 *
 * @param numMelBins How many bands.
 * @param numSpectrogramBins How many frequencies, from 0 to half the sample rate: ⌊fftLength/2⌋ + 1.
 * @param sampleRate Samples a second.
 * @param lowerEdgeHertz Where the lowest band begins.
 * @param upperEdgeHertz Where the highest band ends; at most half the sample rate.
 * @returns `[numSpectrogramBins, numMelBins]`
 * @example `tf.signal.linearToMelWeightMatrix(20, 129, 8000).shape` is `[129, 20]`
 */
export function linearToMelWeightMatrix(
  numMelBins = 20,
  numSpectrogramBins = 129,
  sampleRate = 8000,
  lowerEdgeHertz = 125,
  upperEdgeHertz = 3800,
  dtype: DType = 'float32',
): Tensor {
  const whole = (count: number): boolean => Number.isInteger(count) && count > 0;
  if (!whole(numMelBins) || !whole(numSpectrogramBins))
    throw new ArgumentError(
      `linearToMelWeightMatrix: expected whole numbers of 1 or more for numMelBins and numSpectrogramBins, got ${numMelBins} and ${numSpectrogramBins}.`,
    );
  if (!(sampleRate > 0 && lowerEdgeHertz >= 0 && lowerEdgeHertz < upperEdgeHertz && upperEdgeHertz <= sampleRate / 2))
    throw new ArgumentError(
      `linearToMelWeightMatrix: expected 0 <= lowerEdgeHertz < upperEdgeHertz <= sampleRate / 2, got ${lowerEdgeHertz}, ${upperEdgeHertz} and ` +
        `a sample rate of ${sampleRate}.`,
    );
  if (!isFloating(dtype)) throw new DTypeError(`linearToMelWeightMatrix: expected a floating dtype, got ${dtype}.`);
  const [low, high] = [melOf(lowerEdgeHertz), melOf(upperEdgeHertz)];
  const spacing = (high - low) / (numMelBins + 1);
  const nyquist = sampleRate / 2;
  const weights = new Float64Array(numSpectrogramBins * numMelBins);
  // The constant part of a signal, frequency 0, belongs to no band.
  for (let i = 1; i < numSpectrogramBins; i++) {
    const mel = melOf((nyquist * i) / (numSpectrogramBins - 1));
    for (let band = 0; band < numMelBins; band++) {
      const place = (mel - low) / spacing - band;
      weights[i * numMelBins + band] = Math.max(0, Math.min(place, 2 - place));
    }
  }
  return fromHost(toHostArray(weights, dtype), dtype, [numSpectrogramBins, numMelBins]);
}

/**
 * Mel-frequency cepstral coefficients: the cosine transform of type 2 of logarithms of mel spectrograms, times `1 / √(2n)`.
 *
 * @param logMelSpectrograms `[..., n]`
 * @returns `[..., n]`, of which one usually keeps the first 13
 * @example `tf.signal.mfccsFromLogMelSpectrograms(tf.ones([10, 40])).shape` is `[10, 40]`
 */
export const mfccsFromLogMelSpectrograms = op(
  'signal.mfccsFromLogMelSpectrograms',
  function mfccsFromLogMelSpectrograms(logMelSpectrograms: TensorLike): Tensor {
    const value = toFloat(logMelSpectrograms, 'mfccsFromLogMelSpectrograms');
    const n = value.shape[value.rank - 1];
    if (value.rank === 0 || n === 0)
      throw new ShapeError(
        `mfccsFromLogMelSpectrograms: expected [..., bands] with at least one band, got shape ${formatShape(value.shape)}.`,
      );
    const coefficients = dct(value);
    return p.mul(coefficients, scalarLike(1 / Math.sqrt(2 * n), coefficients));
  },
);
