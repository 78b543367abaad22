/** @file `%time` and `%timeit` in the cell process: clocks, repetitions, what is printed of them. */
import { performance } from 'node:perf_hooks';
import type { TimeitOptions } from '../timeit-options.ts';
import { formatSeconds, TimeitResult } from './values.ts';

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Seconds, from a clock of its own. */
export const now = (): number => performance.now() / 1000;

interface Begun {
  readonly wall: number;
  readonly cpu: NodeJS.CpuUsage;
}
/** Measurements under way: `%time` may stand in what `%%time` measures. */
const begun: Begun[] = [];

/** Begins a measurement. */
export function time(): void {
  begun.push({ cpu: process.cpuUsage(), wall: now() });
}

/** Ends the last one and prints it. @returns the value that was measured */
export function timed<Value>(value?: Value): Value | undefined {
  const wall = now();
  const start = begun.pop();
  if (start === undefined) return value;
  const { user, system } = process.cpuUsage(start.cpu);
  const [userTime, systemTime, total] = [user, system, user + system].map((micros) => formatSeconds(micros / 1e6));
  print(
    `CPU times: user ${userTime}, sys: ${systemTime}, total: ${total}\nWall time: ${formatSeconds(wall - start.wall)}`,
  );
  return value;
}

/** A cell that threw leaves its measurement behind. */
export function forgetMeasurements(): void {
  begun.length = 0;
}

/** Shortest run that is taken for a measurement, in seconds. */
const longEnough = 0.2;

/** Runs the loop as `%timeit` does. @param loop runs the code `n` times and gives the seconds that took */
export async function timeit(
  { loops: given, runs, quiet, result: wanted }: TimeitOptions,
  loop: (n: number) => number | Promise<number>,
): Promise<TimeitResult | undefined> {
  let loops = given ?? 1;
  if (given === undefined) while ((await loop(loops)) < longEnough && loops < 1e9) loops *= 10;
  const allRuns: number[] = [];
  for (let run = 0; run < runs; run++) allRuns.push(await loop(loops));
  const result = new TimeitResult(loops, allRuns);
  if (!quiet) {
    const { best, worst } = result;
    if (worst > 4 * best && best > 0 && worst > 1e-6)
      print(
        `The slowest run took ${(worst / best).toFixed(2)} times longer than the fastest. This could mean that an intermediate result is being cached.`,
      );
    print(result.toString());
  }
  return wanted ? result : undefined;
}
