/** @file Seeds for operations whose shapes or places depend on random numbers, which the host draws. */
import { randomUniformInt } from './random.ts';

/** @internal The seed given, or the global generator's next. In a trace there is none to draw: it must be given. */
export const seedOrDrawn = (seed: number | undefined): number =>
  seed ?? Number(randomUniformInt([], 0, 2 ** 31 - 1).dataSync()[0]);
