/** @file Fourier and cosine transforms, windows, frames and mel features against numpy and TensorFlow. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import { readFixture } from '../support/fixtures.ts';
import '../support/tensors.ts';

interface Expected {
  readonly shape: number[];
  readonly data?: number[];
  readonly re?: number[];
  readonly im?: number[];
}
interface Fixture {
  readonly lengths: { readonly n: number; readonly bins: number[]; readonly expected: Expected }[];
  readonly transforms: {
    readonly name: 'fft' | 'rfft' | 'irfft2d';
    readonly shape: number[];
    readonly complex: boolean;
    readonly fftLength: number[] | null;
    readonly expected: Expected;
    readonly gradient: Expected;
  }[];
  readonly cosines: {
    readonly name: 'dct' | 'idct';
    readonly type: 1 | 2 | 3 | 4;
    readonly norm: 'ortho' | null;
    readonly shape: number[];
    readonly n: number | null;
    readonly expected: Expected;
  }[];
  readonly windows: {
    readonly name: string;
    readonly length: number;
    readonly argument: boolean | number | null;
    readonly expected: Expected;
  }[];
  readonly signals: Readonly<Record<string, Expected>>;
}
const fixture = readFixture<Fixture>('spectral/cases.json');

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
/** As make.py has them. */
const numbers = (shape: readonly number[], seed = 0, dtype: tf.DType = 'float64'): Tensor =>
  tf.tensor(
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 7919 + 13 + 101 * seed) % 1009) / 1009 - 0.5),
    shape,
    dtype,
  );
const complexes = (shape: readonly number[]): Tensor => tf.complex(numbers(shape), numbers(shape, 1));

/** Rounding of float32 is in proportion to the largest number that goes into the sums. */
function close(x: Tensor, { shape, data, re, im }: Expected, epsilon = 1e-6): void {
  const check = (part: Tensor, wanted: number[]): void => {
    expect(part.shape).toEqual(shape);
    const scale = wanted.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-3);
    expect(part).toBeAllClose(tf.tensor(wanted, shape, part.dtype), { rtol: epsilon, atol: epsilon * scale });
  };
  if (data) check(x, data);
  else {
    expect(x.dtype).toBe('complex64');
    check(tf.real(x), re as number[]);
    check(tf.imag(x), im as number[]);
  }
}

describe('Fourier transforms', () => {
  it.each(fixture.lengths)('of length $n', ({ n, bins, expected }) => {
    const x = complexes([n]);
    const spectrum = tf.fft(x);
    expect(spectrum.shape).toEqual([n]);
    const whole = spectrum.arraySync() as unknown as [number, number][];
    // The norm of a spectrum is √n times that of its signal, and rounding is in proportion to it.
    const tolerance = 3e-7 * Math.sqrt(n) * Math.max(1, Math.log2(n));
    bins.forEach((bin, i) => {
      expect(Math.abs(whole[bin][0] - expected.re![i]), `re ${bin}`).toBeLessThan(tolerance);
      expect(Math.abs(whole[bin][1] - expected.im![i]), `im ${bin}`).toBeLessThan(tolerance);
    });
    const again = tf.ifft(spectrum);
    expect(tf.real(again)).toBeAllClose(tf.real(x), { atol: 2e-6 });
    expect(tf.imag(again)).toBeAllClose(tf.imag(x), { atol: 2e-6 });
  });

  it.each(fixture.transforms)('$name $shape $fftLength', ({ name, shape, complex, fftLength, expected, gradient }) => {
    const x = complex ? complexes(shape) : numbers(shape, 0, 'float32');
    const run = (value: Tensor): Tensor => (fftLength ? tf[name](value, fftLength) : tf[name](value));
    close(run(x), expected);
    close(tf.function(run)(x), expected);
    const tape = new tf.GradientTape();
    tape.watch(x);
    const total = tape.record(() => {
      const y = run(x);
      if (y.dtype !== 'complex64') return y.mul(numbers(y.shape, 0, 'float32')).sum();
      const weights = complexes(y.shape);
      return tf
        .real(y)
        .mul(tf.real(weights))
        .add(tf.imag(y).mul(tf.imag(weights)))
        .sum();
    });
    close(tape.gradient(total, x)!, gradient, 3e-6);
  });

  it('have second gradients', () => {
    // Σ|X|² = n Σx², so its gradient is 2n x, and the gradient of a sum of that 2n.
    const second = tf.grad((x) =>
      tf
        .grad((at) => tf.abs(tf.rfft(at, 6)).square().mul([1, 2, 2, 1]).sum())(x)
        .sum(),
    )(numbers([6], 0, 'float32'));
    expect(second).toBeAllClose([12, 12, 12, 12, 12, 12], { rtol: 1e-4 });
  });

  it('of nothing, of one number, of many batches', () => {
    expect(tf.fft(tf.zeros([0, 4]))).toHaveType('complex64', [0, 4]);
    expect(tf.fft(tf.zeros([3, 0]))).toHaveType('complex64', [3, 0]);
    expect(tf.rfft([5]).arraySync()).toEqual([[5, 0]]);
    expect(tf.irfft(tf.complex([5], [0]), 1).arraySync()).toEqual([5]);
    const x = numbers([64, 12], 0, 'float32');
    expect(tf.irfft(tf.rfft(x))).toBeAllClose(x, { atol: 1e-6 });
    expect(tf.signal.fft(x)).toHaveType('complex64', [64, 12]);
    expect(x.rfft()).toHaveType('complex64', [64, 7]);
  });

  it('go through vectorizedMap, traced gradients and tidy', () => {
    const x = numbers([3, 8], 0, 'float32');
    const power = (row: Tensor): Tensor => tf.abs(tf.rfft(row)).square();
    expect(tf.vectorizedMap(power, x)).toBeAllClose(power(x), { atol: 1e-5 });
    const slope = tf.function((rows: Tensor) => tf.grad((at) => power(at).sum())(rows));
    expect(slope(x)).toBeAllClose(tf.grad((at) => power(at).sum())(x), { atol: 1e-5 });
    const before = tf.memory().numTensors;
    tf.tidy(() => void tf.irfft(tf.fft(numbers([2, 514])).slice([0, 0], [2, 258])));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('carry NaN and infinity to where they count', () => {
    const spectrum = tf.fft([1, NaN, 2, 3]);
    expect([...tf.isNaN(spectrum).dataSync()]).toEqual([1, 1, 1, 1]);
  });

  it('say what they expect', () => {
    expect(() => tf.fft(1)).toThrow(/fft: expected a tensor of rank 1 or more/);
    expect(() => tf.fft2d([1])).toThrow(/rank 2 or more.*got shape \[1\]/);
    expect(() => tf.rfft(tf.complex([1], [1]))).toThrow(/rfft: expected real numbers, got complex64; use tf.fft/);
    expect(() => tf.rfft([1, 2], 0)).toThrow(/fftLength to be a whole number of 1 or more, got \[0\]/);
    expect(() => tf.rfft2d([[1, 2]], 3)).toThrow(/fftLength to be 2 whole numbers/);
  });

  it('shift the zero frequency to the middle and back', () => {
    expect(tf.signal.fftshift([0, 1, 2, -2, -1])).toBeAllClose([-2, -1, 0, 1, 2]);
    expect(tf.signal.ifftshift([-2, -1, 0, 1, 2])).toBeAllClose([0, 1, 2, -2, -1]);
    const x = tf.range(0, 12).reshape([3, 4]);
    expect(tf.signal.fftshift(x)).toBeAllClose([
      [10, 11, 8, 9],
      [2, 3, 0, 1],
      [6, 7, 4, 5],
    ]);
    expect(tf.signal.fftshift(x, 1).slice([0, 0], [1, -1])).toBeAllClose([[2, 3, 0, 1]]);
    expect(tf.signal.ifftshift(tf.signal.fftshift(x))).toBeAllClose(x);
  });
});

describe('cosine transforms', () => {
  it.each(fixture.cosines)('$name type $type $norm $shape $n', ({ name, type, norm, shape, n, expected }) => {
    close(tf.signal[name](numbers(shape), type, n, -1, norm), expected, 1e-8);
    close(tf.signal[name](numbers(shape, 0, 'float32'), type, n, -1, norm), expected, 2e-6);
  });

  it('are undone', () => {
    const x = numbers([2, 9]);
    for (const type of [2, 3, 4] as const) {
      expect(tf.signal.idct(tf.signal.dct(x, type, null, -1, 'ortho'), type, null, -1, 'ortho')).toBeAllClose(x);
      expect(tf.signal.idct(tf.signal.dct(x, type), type).div(18)).toBeAllClose(x);
    }
    expect(tf.signal.idct(tf.signal.dct(x, 1), 1).div(16)).toBeAllClose(x);
    expect(tf.signal.dct(x.cast('float16'))).toHaveType('float16', [2, 9]);
  });

  it('say what they expect', () => {
    expect(() => tf.signal.dct([1, 2], 5 as 2)).toThrow(/dct: expected type 1, 2, 3 or 4, got 5/);
    expect(() => tf.signal.dct([[1, 2]], 2, null, 0)).toThrow(/only the last axis/);
    expect(() => tf.signal.dct([1, 2], 1, null, -1, 'ortho')).toThrow(/type 1 has no norm/);
    expect(() => tf.signal.idct([1], 1)).toThrow(/idct: type 1 needs 2 numbers/);
    expect(() => tf.signal.dct(tf.complex(1, 1))).toThrow(/dct: expected real numbers/);
  });
});

describe('windows', () => {
  const functions: Readonly<Record<string, (length: number, argument: never) => Tensor>> = {
    hann_window: (length, periodic) => tf.signal.hannWindow(length, periodic, 'float64'),
    hamming_window: (length, periodic) => tf.signal.hammingWindow(length, periodic, 'float64'),
    kaiser_window: (length, beta) => tf.signal.kaiserWindow(length, beta, 'float64'),
    kaiser_bessel_derived_window: (length, beta) => tf.signal.kaiserBesselDerivedWindow(length, beta, 'float64'),
    vorbis_window: (length) => tf.signal.vorbisWindow(length, 'float64'),
  };
  it.each(fixture.windows)('$name $length $argument', ({ name, length, argument, expected }) => {
    close(functions[name](length, argument as never), expected, 1e-8);
  });

  it('are float32, and refuse what makes no sense', () => {
    expect(tf.signal.hannWindow(4)).toHaveType('float32', [4]);
    expect(() => tf.signal.hannWindow(2.5)).toThrow(/hannWindow: expected a whole number/);
    expect(() => tf.signal.vorbisWindow(5)).toThrow(/even number of samples, got 5/);
    expect(() => tf.signal.hammingWindow(5, true, 'int32')).toThrow(/floating dtype/);
  });
});

describe('signals', () => {
  const { signals } = fixture;
  const x = numbers([2, 50]);
  it('come in frames', () => {
    close(tf.signal.frame(x, 8, 3), signals.frame, 1e-8);
    close(tf.signal.frame(x, 8, 3, true, 7), signals.framePadded, 1e-8);
    close(tf.signal.frame(x, 1, 1, false, 0, 0), signals.frameFirstAxis, 1e-8);
    expect(tf.signal.frame([1, 2], 3, 1)).toHaveType('float32', [0, 3]);
    expect(() => tf.signal.frame([1, 2], 0, 1)).toThrow(/frameLength to be a whole number of 1 or more, got 0/);
  });

  it('of frames add up', () => {
    close(tf.signal.overlapAndAdd(numbers([2, 4, 7]), 3), signals.overlapAndAdd, 1e-8);
    expect(
      tf.signal.overlapAndAdd(
        [
          [1, 1, 1],
          [1, 1, 1],
        ],
        2,
      ),
    ).toBeAllClose([1, 1, 2, 1, 1]);
    expect(() => tf.signal.overlapAndAdd([1, 2], 1)).toThrow(/expected frames/);
  });

  it('have short-time transforms', () => {
    const short = tf.signal.stft(x, 12, 5);
    close(short, signals.stft);
    close(tf.signal.stft(x, 12, 5, 20, null, true), signals.stftPadded);
    close(tf.signal.inverseStft(short, 12, 5, null, tf.signal.inverseStftWindowFn(5)), signals.inverseStft, 3e-6);
  });

  it('have modified cosine transforms', () => {
    close(tf.signal.mdct(x, 16), signals.mdct);
    const derived = (length: number): Tensor => tf.signal.kaiserBesselDerivedWindow(length);
    close(tf.signal.mdct(x, 12, derived, true, 'ortho'), signals.mdctPadded);
    close(tf.signal.inverseMdct(numbers([2, 4, 6])), signals.inverseMdct);
    close(tf.signal.inverseMdct(numbers([4, 6]), null, 'ortho'), signals.inverseMdctPlain);
    // Perfect where frames overlap.
    const again = tf.signal.inverseMdct(tf.signal.mdct(x, 8));
    expect(again.slice([0, 4], [2, 40])).toBeAllClose(x.slice([0, 4], [2, 40]));
  });

  it('have mel features', () => {
    close(tf.signal.linearToMelWeightMatrix(8, 33, 8000, 125, 3800, 'float64'), signals.mel, 1e-8);
    close(tf.signal.mfccsFromLogMelSpectrograms(numbers([3, 10])), signals.mfcc, 1e-8);
    expect(() => tf.signal.linearToMelWeightMatrix(8, 33, 8000, 125, 5000)).toThrow(/upperEdgeHertz <= sampleRate/);
  });
});
