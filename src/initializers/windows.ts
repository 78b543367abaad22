/** @file Windows by the names that signal processing has for them: how much each sample of a frame counts. */
import { lookUp } from '../configuration.ts';

/** The value at place `i` of a symmetric window of `length` > 1 samples. */
type Window = (i: number, length: number) => number;

/** From -1 at the first sample to 1 at the last. */
const place = (i: number, length: number): number => (2 * i) / (length - 1) - 1;

/** `Σ a_k cos(k π x)` over x from -1 to 1. */
const cosines =
  (...coefficients: readonly number[]): Window =>
  (i, length) =>
    coefficients.reduce((sum, a, k) => sum + a * Math.cos(k * Math.PI * place(i, length)), 0);

/** Straight to the middle and back (Bartlett), without its zeros at the ends. */
const triang: Window = (i, length) => {
  const step = Math.min(i, length - 1 - i) + 1;
  return length % 2 === 0 ? (2 * step - 1) / length : (2 * step) / (length + 1);
};

/** Four parabolic boxes folded into each other. */
const parzen: Window = (i, length) => {
  const n = Math.abs(i - (length - 1) / 2);
  const x = n / (length / 2);
  return n > (length - 1) / 4 ? 2 * (1 - x) ** 3 : 1 - 6 * x ** 2 + 6 * x ** 3;
};

const bohman: Window = (i, length) => {
  const x = Math.abs(place(i, length));
  return x === 1 ? 0 : (1 - x) * Math.cos(Math.PI * x) + Math.sin(Math.PI * x) / Math.PI;
};

const barthann: Window = (i, length) => {
  const x = Math.abs(place(i, length)) / 2;
  return 0.62 - 0.48 * x + 0.38 * Math.cos(2 * Math.PI * x);
};

/** Flat, with half a cosine over a quarter of the length at either end. */
const tukey: Window = (i, length) => {
  const [share, n] = [0.5, Math.min(i, length - 1 - i)];
  if (n > Math.floor((share * (length - 1)) / 2)) return 1;
  return 0.5 * (1 + Math.cos(Math.PI * (-1 + (2 * n) / share / (length - 1))));
};

const lanczos: Window = (i, length) => {
  const x = Math.PI * place(i, length);
  return x === 0 ? 1 : Math.sin(x) / x;
};

/** Taylor's window: four side lobes of nearly one height, 30 dB below the main one. */
const taylor: Window = (i, length) => {
  const lobes = 4;
  const a2 = (Math.acosh(10 ** (30 / 20)) / Math.PI) ** 2;
  const widening = lobes ** 2 / (a2 + (lobes - 0.5) ** 2);
  const orders = Array.from({ length: lobes - 1 }, (_, k) => k + 1);
  const weights = orders.map((m) => {
    const above = orders.reduce((product, n) => product * (1 - m ** 2 / widening / (a2 + (n - 0.5) ** 2)), 1);
    const below = orders.reduce((product, n) => (n === m ? product : product * (1 - m ** 2 / n ** 2)), 2);
    return (m % 2 === 1 ? above : -above) / below;
  });
  const at = (n: number): number =>
    orders.reduce(
      (sum, m, k) => sum + 2 * weights[k] * Math.cos((2 * Math.PI * m * (n - length / 2 + 0.5)) / length),
      1,
    );
  return at(i) / at((length - 1) / 2);
};

/** Harris 1978, Nuttall 1981, and the definitions of scipy.signal.get_window. */
const windows = {
  hann: cosines(0.5, 0.5),
  hamming: cosines(0.54, 0.46),
  blackman: cosines(0.42, 0.5, 0.08),
  blackmanharris: cosines(0.35875, 0.48829, 0.14128, 0.01168),
  nuttall: cosines(0.3635819, 0.4891775, 0.1365995, 0.0106411),
  flattop: cosines(0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368),
  boxcar: () => 1,
  bartlett: (i, length) => 1 - Math.abs(place(i, length)),
  triang,
  parzen,
  bohman,
  barthann,
  cosine: (i, length) => Math.sin((Math.PI / length) * (i + 0.5)),
  exponential: (i, length) => Math.exp(-Math.abs(i - (length - 1) / 2)),
  tukey,
  lanczos,
  taylor,
} satisfies Record<string, Window>;

export type WindowName = keyof typeof windows;

/** Whether it is there. @throws ArgumentError that lists the windows */
export const checkWindow = (name: string): void => void lookUp<Window>('window', windows, name);

/** The samples of a window; a `periodic` one is meant to be repeated: its last sample, equal to the first, is left out. */
export function windowSamples(name: string, length: number, periodic: boolean): number[] {
  const window = lookUp<Window>('window', windows, name);
  const whole = periodic ? length + 1 : length;
  return Array.from({ length }, (_, i) => (length === 1 ? 1 : window(i, whole)));
}
