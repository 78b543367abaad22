/** @file STFTSpectrogram: spectra of signals over time, by convolutions whose kernels can be trained. */
import type { Config } from '../../configuration.ts';
import { STFT, type STFTOptions } from '../../initializers/stft.ts';
import { checkWindow } from '../../initializers/windows.ts';
import * as ops from '../../ops/index.ts';
import { isFloating } from '../../tensor/dtype.ts';
import { ArgumentError, DTypeError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { requireCount, requireOneOf } from '../expectations.ts';
import { type ImageFormat, imageFormats } from '../images.ts';
import type { InputSpec } from '../input-spec.ts';
import { Layer, type LayerOptions, type PartialShape, type ShapeTree } from '../layer.ts';

const modes = ['log', 'magnitude', 'psd', 'real', 'imag', 'angle', 'stft'] as const;
const paddings = ['valid', 'same'] as const;
const scalings = ['density', 'spectrum'] as const;
/** What logarithms and roots are kept away from 0 by. */
const least = 1e-7;

export interface STFTSpectrogramOptions extends LayerOptions {
  /**
   * `log` (default) and `magnitude` of the amplitude; `psd`: its square, doubled for frequencies that stand for negative ones too; `real`
   * and `imag` parts; `angle` between them; `stft`: both parts, one after the other along the frequencies.
   */
  mode?: (typeof modes)[number];
  /** Samples of a frame; default 256. */
  frameLength?: number;
  /** Samples from frame to frame; default half a frame. */
  frameStep?: number | null;
  /** Of each transform, at least a frame; default the power of two that holds a frame. */
  fftLength?: number | null;
  /** A window by name, its samples, or null for none; default `hann`. */
  window?: STFTOptions['window'];
  /** Whether the window is meant to be repeated; default false. */
  periodic?: boolean;
  /** By what windows are divided: the root of their sum of squares (`density`, default), their sum (`spectrum`), or nothing (null). */
  scaling?: 'density' | 'spectrum' | null;
  /** `valid` (default): frames lie inside of the signal; `same`: as many as steps fit into it. */
  padding?: (typeof paddings)[number];
  /** Gives each channel an axis of its own, as images have; default false. */
  expandDims?: boolean;
  /** Where the channels are; default `channelsLast`. */
  dataFormat?: ImageFormat;
}

/**
 * Spectrograms of signals by short-time Fourier transforms. The transform is a convolution with cosines and sines, which training
 * may change unless `trainable` is false.
 *
 * Input [batch, samples, channels]; output [batch, frames, channels · frequencies], or with `expandDims`
 * [batch, frames, frequencies, channels]; with `channelsFirst` [batch, channels · frequencies, frames] and
 * [batch, channels, frames, frequencies]. There are ⌊fftLength/2⌋ + 1 frequencies, twice as many with `stft`.
 *
 * @example
 * const layer = tf.layers.stftSpectrogram({ frameLength: 256, frameStep: 128, fftLength: 512, trainable: false });
 * layer.apply(tf.ones([3, 16000, 1])).shape; // [3, 124, 257]
 */
export class STFTSpectrogram extends Layer {
  readonly mode: (typeof modes)[number];
  readonly frameLength: number;
  readonly frameStep: number | null;
  readonly fftLength: number | null;
  readonly window: STFTOptions['window'];
  readonly periodic: boolean;
  readonly scaling: 'density' | 'spectrum' | null;
  readonly padding: (typeof paddings)[number];
  readonly expandDims: boolean;
  readonly dataFormat: ImageFormat;
  private realKernel: Variable | null = null;
  private imagKernel: Variable | null = null;

  constructor(options: STFTSpectrogramOptions = {}) {
    super(options);
    const { mode = 'log', frameLength = 256, frameStep = null, fftLength = null, window = 'hann' } = options;
    const { scaling = 'density', padding = 'valid', dataFormat = 'channelsLast' } = options;
    this.mode = requireOneOf(this.name, 'mode', mode, modes);
    this.frameLength = requireCount(this.name, 'frameLength', frameLength);
    this.frameStep = frameStep === null ? null : requireCount(this.name, 'frameStep', frameStep);
    this.fftLength = fftLength === null ? null : requireCount(this.name, 'fftLength', fftLength);
    if ((frameStep ?? 1) > frameLength)
      throw new ArgumentError(
        `Layer ${this.name}: expected frameStep to be at most frameLength, ${frameLength}; got ${frameStep}.`,
      );
    if ((fftLength ?? Infinity) < frameLength)
      throw new ArgumentError(
        `Layer ${this.name}: expected fftLength to be at least frameLength, ${frameLength}; got ${fftLength}.`,
      );
    if (typeof window === 'string') checkWindow(window);
    this.window = window;
    this.periodic = options.periodic ?? false;
    this.scaling = scaling === null ? null : requireOneOf(this.name, 'scaling', scaling, scalings);
    this.padding = requireOneOf(this.name, 'padding', padding, paddings);
    this.expandDims = options.expandDims ?? false;
    this.dataFormat = requireOneOf(this.name, 'dataFormat', dataFormat, imageFormats);
  }

  private get step(): number {
    return this.frameStep ?? Math.max(1, Math.floor(this.frameLength / 2));
  }

  private get frequencies(): number {
    const length = this.fftLength ?? 2 ** Math.ceil(Math.log2(this.frameLength));
    return Math.floor(length / 2) + 1;
  }

  protected override inputSpec(): InputSpec {
    return { rank: 3 };
  }

  override build(_inputShape?: ShapeTree): void {
    const { window, scaling, periodic } = this;
    const add = (side: 'real' | 'imag'): Variable =>
      this.addWeight(
        `${side}_kernel`,
        [this.frameLength, 1, this.frequencies],
        null,
        new STFT({ side, window, scaling, periodic }),
      );
    if (this.mode !== 'imag') this.realKernel = add('real');
    if (this.mode !== 'real') this.imagKernel = add('imag');
  }

  override call(inputs: Tensor): Tensor {
    if (!isFloating(inputs.dtype))
      throw new DTypeError(`Layer ${this.name}: expected a signal of floating numbers, got ${inputs.dtype}.`);
    const part = (kernel: Variable | null): Tensor => this.transformed(inputs, (kernel as Variable).read());
    const { mode, realKernel, imagKernel } = this;
    if (mode === 'real') return this.arranged(part(realKernel));
    if (mode === 'imag') return this.arranged(part(imagKernel));
    const [real, imag] = [part(realKernel), part(imagKernel)];
    if (mode === 'angle') return this.arranged(ops.atan2(imag, real));
    if (mode === 'stft') return this.arranged(ops.concat([real, imag], 3));
    const power = ops.add(ops.square(real), ops.square(imag));
    if (mode === 'psd') return this.arranged(this.withNegative(power));
    const magnitude = this.arranged(ops.sqrt(ops.maximum(power, least)));
    return mode === 'magnitude' ? magnitude : ops.log(ops.maximum(magnitude, least));
  }

  /** [batch, channels, frames, frequencies]. */
  private transformed(inputs: Tensor, kernel: Tensor): Tensor {
    const signals = this.dataFormat === 'channelsLast' ? ops.transpose(inputs, [0, 2, 1]) : inputs;
    const [batch, channels, samples] = signals.shape;
    const each = ops.reshape(signals, [batch * channels, samples, 1]);
    const spectra = ops.conv1d(each, ops.cast(kernel, inputs.dtype), this.step, this.padding);
    return ops.reshape(spectra, [batch, channels, spectra.shape[1], this.frequencies]);
  }

  /** All frequencies but the first and the last twice: they stand for their negatives too. */
  private withNegative(power: Tensor): Tensor {
    const size = power.shape[3];
    if (size < 3) return power;
    const inner = ops.slice(power, [0, 0, 0, 1], [...power.shape.slice(0, 3), size - 2]);
    return ops.add(power, ops.pad(inner, [[0, 0], [0, 0], [0, 0], [1, 1]])); // prettier-ignore
  }

  /** [batch, channels, frames, frequencies] as the options have it. */
  private arranged(spectra: Tensor): Tensor {
    const [batch, channels, frames, frequencies] = spectra.shape;
    const isLast = this.dataFormat === 'channelsLast';
    if (this.expandDims) return isLast ? ops.transpose(spectra, [0, 2, 3, 1]) : spectra;
    return isLast
      ? ops.reshape(ops.transpose(spectra, [0, 2, 1, 3]), [batch, frames, channels * frequencies])
      : ops.reshape(ops.transpose(spectra, [0, 1, 3, 2]), [batch, channels * frequencies, frames]);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    const isLast = this.dataFormat === 'channelsLast';
    const [batch, samples, channels] = isLast ? inputShape : [inputShape[0], inputShape[2], inputShape[1]];
    const { step, padding, frameLength } = this;
    const frequencies = this.frequencies * (this.mode === 'stft' ? 2 : 1);
    const frames =
      samples === null
        ? null
        : padding === 'same'
          ? Math.ceil(samples / step)
          : Math.floor((samples - frameLength) / step) + 1;
    if (this.expandDims)
      return isLast ? [batch, frames, frequencies, channels] : [batch, channels, frames, frequencies];
    const all = channels === null ? null : channels * frequencies;
    return isLast ? [batch, frames, all] : [batch, all, frames];
  }

  override detail(): string {
    return `${this.mode}, frames of ${this.frameLength} every ${this.step}`;
  }

  override getConfig(): Config {
    const { mode, frameLength, frameStep, fftLength, window, periodic, scaling, padding, dataFormat, expandDims } =
      this;
    return {
      ...super.getConfig(),
      ...{ mode, frameLength, frameStep, fftLength, window, periodic, scaling, padding, dataFormat, expandDims },
    };
  }
}
