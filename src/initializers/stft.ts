/** @file STFT: the kernel with which a convolution computes short-time Fourier transforms. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import type { DType } from '../tensor/dtype.ts';
import { type Shape, formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Initializer } from './initializer.ts';
import { type WindowName, checkWindow, windowSamples } from './windows.ts';

export interface STFTOptions {
  /** Cosines or minus sines; default `real`. */
  side?: 'real' | 'imag';
  /** A window by name, its samples, or none; default `hann`. */
  window?: WindowName | (string & {}) | readonly number[] | null;
  /** Divides by the window's root of sums of squares (`density`, the default), by its sum (`spectrum`), or not at all (null). */
  scaling?: 'density' | 'spectrum' | null;
  /** Whether a window by name is meant to be repeated; else, the default, it is symmetric. */
  periodic?: boolean;
}

/**
 * A kernel `[frameLength, inputChannels, frequencies]`: `window(t) cos(2π t f / n) / scale` for the real side,
 * `-window(t) sin(2π t f / n) / scale` for the imaginary one, where n = 2 (frequencies - 1). All input channels have the same.
 *
 * @example new tf.initializers.STFT({ window: 'hamming' }).apply([256, 1, 129])
 */
export class STFT extends Initializer {
  readonly side: 'real' | 'imag';
  readonly window: string | readonly number[] | null;
  readonly scaling: 'density' | 'spectrum' | null;
  readonly periodic: boolean;

  constructor({ side = 'real', window = 'hann', scaling = 'density', periodic = false }: STFTOptions = {}) {
    super();
    if (side !== 'real' && side !== 'imag')
      throw new ArgumentError(`initializers.stft: expected side 'real' or 'imag', got '${String(side)}'.`);
    if (scaling !== null && scaling !== 'density' && scaling !== 'spectrum')
      throw new ArgumentError(
        `initializers.stft: expected scaling 'density', 'spectrum' or null; got '${String(scaling)}'.`,
      );
    if (typeof window === 'string') checkWindow(window);
    this.side = side;
    this.window = window;
    this.scaling = scaling;
    this.periodic = periodic;
  }

  /** @throws ShapeError for a shape of other than three axes, or a window of another length. */
  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    if (shape.length !== 3)
      throw new ShapeError(
        `initializers.stft: expected a shape [frameLength, inputChannels, frequencies], got ${formatShape(shape)}.`,
      );
    const [frame, channels, frequencies] = shape;
    const weights = this.weights(frame);
    const period = 2 * (frequencies - 1);
    const wave = this.side === 'real' ? Math.cos : (angle: number): number => -Math.sin(angle);
    const kernel = new Float64Array(frame * frequencies);
    for (let t = 0; t < frame; t++)
      for (let f = 0; f < frequencies; f++)
        kernel[t * frequencies + f] = wave((2 * Math.PI * t * f) / period) * weights[t];
    return ops.broadcastTo(ops.tensor(kernel, [frame, 1, frequencies], dtype), [frame, channels, frequencies]);
  }

  /** The window over its scale. */
  private weights(frame: number): readonly number[] {
    if (this.window === null) return Array<number>(frame).fill(1);
    const samples =
      typeof this.window === 'string' ? windowSamples(this.window, frame, this.periodic) : [...this.window];
    if (samples.length !== frame)
      throw new ShapeError(
        `initializers.stft: expected a window of ${frame} samples, as long as the frame; got ${samples.length}.`,
      );
    if (this.scaling === null) return samples;
    const scale =
      this.scaling === 'density'
        ? Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0))
        : samples.reduce((sum, x) => sum + Math.abs(x), 0);
    return samples.map((x) => x / scale);
  }

  override getConfig(): Config {
    return { side: this.side, window: this.window, periodic: this.periodic, scaling: this.scaling };
  }
}
