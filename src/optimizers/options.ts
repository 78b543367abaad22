/** @file The options that all optimizers have. */
import type { Config } from '../configuration.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { type Clipping, type ClippingOptions, checkClipping } from './clipping.ts';
import type { LearningRateLike } from './learning-rate.ts';

export interface OptimizerOptions extends ClippingOptions {
  /** Size of a step: a number, a schedule, or a function that is asked at each step. */
  learningRate?: LearningRateLike;
  /** Takes `weightDecay learningRate w` off each weight w before its step; default none (`adamW` 0.004, `muon` 0.004). */
  weightDecay?: number | null;
  /** Keeps a running mean of each weight's values; default false. */
  useEma?: boolean;
  /** Share of the running mean that is kept in a step; default 0.99. */
  emaMomentum?: number;
  /** Sets the weights to their running means every so many steps; default never but at the end of `fit`. */
  emaOverwriteFrequency?: number | null;
  /** Multiplies the loss before gradients are taken and divides them by it, against underflow in float16. Default none. */
  lossScaleFactor?: number | null;
  /** Makes one step of the mean gradient of so many calls, at least 2; default none: each call makes a step. */
  gradientAccumulationSteps?: number | null;
  /** Default the class's name in lower case. */
  name?: string | null;
}

/** Them, checked and with their defaults. */
export interface Settings {
  readonly weightDecay: number | null;
  readonly clipping: Clipping;
  readonly useEma: boolean;
  readonly emaMomentum: number;
  readonly emaOverwriteFrequency: number | null;
  readonly lossScaleFactor: number | null;
  readonly gradientAccumulationSteps: number | null;
}

function checkCount(optimizer: string, option: string, value: number | null, least: number): number | null {
  if (value !== null && !(Number.isInteger(value) && value >= least))
    throw new ArgumentError(
      `${optimizer}: expected ${option} to be a whole number of at least ${least}, or null; got ${String(value)}.`,
    );
  return value;
}

/** @throws ArgumentError for options out of range, and for those that nobody knows */
export function checkOptions(optimizer: string, options: Omit<OptimizerOptions, 'name' | 'learningRate'>): Settings {
  const {
    weightDecay = null,
    useEma = false,
    emaMomentum = 0.99,
    emaOverwriteFrequency = null,
    lossScaleFactor = null,
    gradientAccumulationSteps = null,
    clipNorm,
    clipValue,
    globalClipNorm,
    clipnorm,
    clipvalue,
    globalClipnorm,
    ...unknown
  } = options;
  const [other] = Object.entries(unknown).find(([, value]) => value !== undefined) ?? [];
  if (other !== undefined)
    throw new ArgumentError(`${optimizer}: there is no option '${other}'; see the list in its documentation.`);
  if (useEma && !(emaMomentum >= 0 && emaMomentum <= 1))
    throw new ArgumentError(`${optimizer}: expected emaMomentum between 0 and 1, got ${emaMomentum}.`);
  if (lossScaleFactor !== null && !(lossScaleFactor > 0))
    throw new ArgumentError(`${optimizer}: expected lossScaleFactor > 0, got ${lossScaleFactor}.`);
  return {
    weightDecay,
    clipping: checkClipping(optimizer, {
      clipNorm: clipNorm ?? clipnorm,
      clipValue: clipValue ?? clipvalue,
      globalClipNorm: globalClipNorm ?? globalClipnorm,
    }),
    useEma,
    emaMomentum,
    emaOverwriteFrequency: checkCount(optimizer, 'emaOverwriteFrequency', emaOverwriteFrequency, 1),
    lossScaleFactor,
    gradientAccumulationSteps: checkCount(optimizer, 'gradientAccumulationSteps', gradientAccumulationSteps, 2),
  };
}

/** What a config says for them. */
export const settingsConfig = ({ clipping, ...settings }: Settings): Config => ({
  ...settings,
  clipNorm: clipping.clipNorm ?? null,
  clipValue: clipping.clipValue ?? null,
  globalClipNorm: clipping.globalClipNorm ?? null,
});
