/** @file MelSpectrogram: spectra of sound over time, as ears have them. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { requireCount, requireOneOf } from '../expectations.ts';
import type { LayerOptions, PartialShape } from '../layer.ts';
import { DataLayer } from './data-layer.ts';

const windows = ['hann', 'hamming'] as const;

export interface MelSpectrogramOptions extends LayerOptions {
  /** Of each transform; default 2048. */
  fftLength?: number;
  /** Samples from one transform to the next; default 512. */
  sequenceStride?: number;
  /** Samples of the window, at most `fftLength`; default as many. */
  sequenceLength?: number | null;
  /** `hann` (default) or `hamming`, the window's samples, or null for none. */
  window?: (typeof windows)[number] | readonly number[] | Tensor | null;
  /** Samples a second; default 16000. */
  samplingRate?: number;
  /** How many bands; default 128. */
  numMelBins?: number;
  /** Where the lowest band begins, in hertz; default 20. */
  minFreq?: number;
  /** Where the highest band ends; default half the sampling rate. */
  maxFreq?: number | null;
  /** Whether the result is in decibels; default true. */
  powerToDb?: boolean;
  /** Decibels: what lies further below the loudest of all counts as so far below. Default 80. */
  topDb?: number;
  /** The power of amplitudes: 1 for magnitudes, 2 (default) for power. */
  magExp?: number;
  /** Power counts as at least so much; default 1e-10. */
  minPower?: number;
  /** The power that is 0 decibels; default 1. */
  refPower?: number;
}

/**
 * Spectrograms of sound in bands of the mel scale: the power of short-time Fourier transforms, added up by overlapping triangles that are
 * equally wide on that scale, in decibels. Frames are centred: the signal is mirrored at its ends.
 *
 * Input [samples] or [batch, samples]; output [numMelBins, frames] or [batch, numMelBins, frames], with ⌊samples / sequenceStride⌋ + 1
 * frames.
 *
 * @example
 * const layer = tf.layers.melSpectrogram({ numMelBins: 64, samplingRate: 8000, sequenceStride: 256, fftLength: 2048 });
 * layer.apply(tf.randomUniform([16000])).shape; // [64, 63]
 */
export class MelSpectrogram extends DataLayer {
  readonly fftLength: number;
  readonly sequenceStride: number;
  readonly sequenceLength: number;
  readonly window: (typeof windows)[number] | readonly number[] | null;
  readonly samplingRate: number;
  readonly numMelBins: number;
  readonly minFreq: number;
  readonly maxFreq: number;
  readonly powerToDb: boolean;
  readonly topDb: number;
  readonly magExp: number;
  readonly minPower: number;
  readonly refPower: number;

  constructor(options: MelSpectrogramOptions = {}) {
    super(options);
    const { fftLength = 2048, sequenceStride = 512, window = 'hann', samplingRate = 16000 } = options;
    this.fftLength = requireCount(this.name, 'fftLength', fftLength);
    this.sequenceStride = requireCount(this.name, 'sequenceStride', sequenceStride);
    this.sequenceLength = requireCount(this.name, 'sequenceLength', options.sequenceLength ?? fftLength);
    this.samplingRate = samplingRate;
    this.numMelBins = requireCount(this.name, 'numMelBins', options.numMelBins ?? 128);
    this.minFreq = options.minFreq ?? 20;
    this.maxFreq = options.maxFreq ?? Math.trunc(samplingRate / 2);
    this.powerToDb = options.powerToDb ?? true;
    this.topDb = options.topDb ?? 80;
    this.magExp = options.magExp ?? 2;
    this.minPower = options.minPower ?? 1e-10;
    this.refPower = options.refPower ?? 1;
    if (this.fftLength < this.sequenceLength)
      throw new ArgumentError(
        `Layer ${this.name}: expected fftLength to be at least sequenceLength, ${this.sequenceLength}; got ${fftLength}.`,
      );
    this.window =
      window === null
        ? null
        : typeof window === 'string'
          ? requireOneOf(this.name, 'window', window, windows)
          : this.samplesOf(window as readonly number[] | Tensor);
  }

  private samplesOf(window: readonly number[] | Tensor): readonly number[] {
    const samples = window instanceof Tensor ? Array.from(window.dataSync() as Float32Array) : [...window];
    if (samples.length !== this.sequenceLength)
      throw new ShapeError(
        `Layer ${this.name}: expected a window of ${this.sequenceLength} samples (sequenceLength), got ${samples.length}.`,
      );
    return samples;
  }

  override call(inputs: Tensor): Tensor {
    if (inputs.rank !== 1 && inputs.rank !== 2)
      throw new ShapeError(`Layer ${this.name}: expected [samples] or [batch, samples], got rank ${inputs.rank}.`);
    const spectra = this.spectra(ops.cast(inputs, 'float32'));
    const bins = Math.floor(this.fftLength / 2) + 1;
    const { numMelBins, samplingRate, minFreq, maxFreq } = this;
    const bands = ops.signal.linearToMelWeightMatrix(numMelBins, bins, samplingRate, minFreq, maxFreq);
    const flat = ops.matMul(ops.reshape(spectra, [-1, bins]), bands);
    const mel = ops.reshape(flat, [...spectra.shape.slice(0, -1), numMelBins]);
    const result = this.powerToDb ? this.inDecibels(mel) : mel;
    return ops.cast(ops.transpose(result, inputs.rank === 1 ? [1, 0] : [0, 2, 1]), this.computeDtype);
  }

  /** [..., frames, frequencies]. */
  private spectra(signal: Tensor): Tensor {
    const { fftLength, sequenceStride, magExp } = this;
    const half = Math.floor(fftLength / 2);
    const ends = signal.shape.map((_, axis) => (axis === signal.rank - 1 ? [half, half] : [0, 0]) as [number, number]);
    const centred = ops.mirrorPad(signal, ends, 'reflect');
    const window = this.paddedWindow();
    const complex = ops.signal.stft(centred, fftLength, sequenceStride, fftLength, window && (() => window));
    const power = ops.add(ops.square(ops.real(complex)), ops.square(ops.imag(complex)));
    return magExp === 2 ? power : ops.pow(power, magExp / 2);
  }

  /** The window in the middle of a transform. */
  private paddedWindow(): Tensor | null {
    const { window, sequenceLength, fftLength } = this;
    if (window === null) return null;
    const samples =
      window === 'hann'
        ? ops.signal.hannWindow(sequenceLength)
        : window === 'hamming'
          ? ops.signal.hammingWindow(sequenceLength)
          : ops.tensor([...window]);
    const missing = fftLength - sequenceLength;
    const before = Math.floor(missing / 2);
    return ops.pad(samples, [[before, missing - before]]);
  }

  private inDecibels(power: Tensor): Tensor {
    const perBel = 10 / Math.LN10;
    const reference = perBel * Math.log(Math.max(Math.abs(this.refPower), this.minPower));
    const decibels = ops.sub(ops.mul(ops.log(ops.maximum(power, this.minPower)), perBel), reference);
    return ops.maximum(decibels, ops.sub(ops.max(decibels), this.topDb));
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    const samples = inputShape.at(-1) ?? null;
    const centred = samples === null ? null : samples + 2 * Math.floor(this.fftLength / 2) - this.fftLength;
    const frames = centred === null ? null : Math.floor(centred / this.sequenceStride) + 1;
    return [...inputShape.slice(0, -1), this.numMelBins, frames];
  }

  override detail(): string {
    return `${this.numMelBins} bands`;
  }

  override getConfig(): Config {
    const { fftLength, sequenceStride, sequenceLength, window, samplingRate, numMelBins, minFreq, maxFreq } = this;
    const { powerToDb, topDb, magExp, minPower, refPower } = this;
    return {
      ...super.getConfig(),
      ...{ fftLength, sequenceStride, sequenceLength, window, samplingRate, numMelBins, minFreq, maxFreq },
      ...{ powerToDb, topDb, magExp, minPower, refPower },
    };
  }
}
