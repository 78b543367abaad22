/** @file `%time` and `%timeit` in the cell process: clocks, repetitions, what is printed of them. */
import { performance } from 'node:perf_hooks';
import { currentParent } from '../../cell/output.ts';
import type { TimeitOptions } from '../timeit-options.ts';
import { formatSeconds, TimeitResult } from './values.ts';

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const now = (): number => performance.now() / 1000;

interface Begun {
  readonly wall: number;
  readonly cpu: NodeJS.CpuUsage;
}
/** Measurements under way, by cell: `%time` may stand in what `%%time` measures, and subshells measure beside each other. */
const begun = new Map<string, Begun[]>();

/** Begins a measurement. */
export function time(): void {
  const parent = currentParent();
  const ofCell = begun.get(parent) ?? [];
  begun.set(parent, ofCell);
  ofCell.push({ cpu: process.cpuUsage(), wall: now() });
}

/** Ends the last one and prints it. @returns the value that was measured */
export function timed<Value>(value?: Value): Value | undefined {
  end(currentParent(), now());
  return value;
}

/** The cell threw, or was interrupted: as IPython, what it took until then is told. */
export function endMeasurements(parent: string): void {
  const wall = now();
  while (begun.has(parent)) end(parent, wall);
}

function end(parent: string, wall: number): void {
  const ofCell = begun.get(parent);
  const start = ofCell?.pop();
  if (ofCell?.length === 0) begun.delete(parent);
  if (start === undefined) return;
  const { user, system } = process.cpuUsage(start.cpu);
  const [userTime, systemTime, total] = [user, system, user + system].map((micros) => formatSeconds(micros / 1e6));
  print(
    `CPU times: user ${userTime}, sys: ${systemTime}, total: ${total}\nWall time: ${formatSeconds(wall - start.wall)}`,
  );
}

/** Shortest run that is taken for a measurement, in seconds. */
const longEnough = 0.2;

/** Runs the loop as `%timeit` does. @param loop runs the code `n` times and gives the seconds that took */
export async function timeit(
  { loops: given, runs, digits, quiet, result: wanted }: TimeitOptions,
  loop: (n: number) => number | Promise<number>,
): Promise<TimeitResult | undefined> {
  let loops = given ?? 1;
  if (given === undefined) while ((await loop(loops)) < longEnough && loops < 1e9) loops *= 10;
  const allRuns: number[] = [];
  for (let run = 0; run < runs; run++) allRuns.push(await loop(loops));
  const result = new TimeitResult(loops, allRuns, digits);
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
