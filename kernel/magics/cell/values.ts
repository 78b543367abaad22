/** @file Values that magics give to cells: the result of `%timeit -o`, what `%%capture` kept. */
import { inspect } from 'node:util';
import { displaySymbol } from '../../../src/display.ts';
import type { Display } from '../../display/display-types.ts';
import type { CapturedOutputs } from '../contract.ts';

const units = ['s', 'ms', 'µs', 'ns'] as const;

/** Seconds as IPython writes them: `1.24 ms`, `2min 3s`. */
export function formatSeconds(seconds: number, digits = 3): string {
  if (seconds >= 60) {
    const parts: string[] = [];
    let left = seconds;
    for (const [unit, length] of [
      ['d', 86_400],
      ['h', 3_600],
      ['min', 60],
      ['s', 1],
    ] as const) {
      const count = Math.floor(left / length);
      if (count > 0) parts.push(`${count}${unit}`);
      left %= length;
    }
    return parts.join(' ');
  }
  const order = seconds > 0 ? Math.min(-Math.floor(Math.floor(Math.log10(seconds)) / 3), 3) : 3;
  const scaled = seconds * 1000 ** Math.max(order, 0);
  return `${Number(scaled.toPrecision(digits))} ${units[Math.max(order, 0)]}`;
}

const plural = (count: number, name: string): string =>
  `${count.toLocaleString('en-US')} ${name}${count === 1 ? '' : 's'}`;

/** What `%timeit -o` gives: seconds a loop. */
export class TimeitResult {
  /** Loops a run. */
  readonly loops: number;
  /** Seconds of each run, all its loops together. */
  readonly allRuns: readonly number[];
  readonly #digits: number;

  constructor(loops: number, allRuns: readonly number[], digits = 3) {
    this.loops = loops;
    this.allRuns = allRuns;
    this.#digits = digits;
  }

  /** How many runs. */
  get repeat(): number {
    return this.allRuns.length;
  }

  /** Seconds a loop, of each run. */
  get timings(): number[] {
    return this.allRuns.map((run) => run / this.loops);
  }

  get best(): number {
    return Math.min(...this.timings);
  }

  get worst(): number {
    return Math.max(...this.timings);
  }

  get average(): number {
    return this.timings.reduce((sum, timing) => sum + timing, 0) / this.timings.length;
  }

  /** Standard deviation of the runs. */
  get stdev(): number {
    const { average, timings } = this;
    return Math.sqrt(timings.reduce((sum, timing) => sum + (timing - average) ** 2, 0) / timings.length);
  }

  toString(): string {
    const runs = `mean ± std. dev. of ${plural(this.repeat, 'run')}, ${plural(this.loops, 'loop')} each`;
    const [mean, deviation] = [this.average, this.stdev].map((seconds) => formatSeconds(seconds, this.#digits));
    return `${mean} ± ${deviation} per loop (${runs})`;
  }

  [inspect.custom](): string {
    return `<TimeitResult : ${this.toString()}>`;
  }

  [displaySymbol](): Record<string, unknown> {
    return { 'text/plain': this[inspect.custom]() };
  }
}

/** What `%%capture name` keeps of a cell. */
export class CapturedOutput {
  readonly stdout: string;
  readonly stderr: string;
  /** What was displayed, each as data by MIME type. */
  readonly outputs: readonly Readonly<Record<string, unknown>>[];

  constructor({ stdout, stderr, displays }: CapturedOutputs) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.outputs = displays.map(({ data }) => data);
  }

  /** Shows it as the cell would have. */
  show(): void {
    process.stdout.write(this.stdout);
    process.stderr.write(this.stderr);
    const { display } = globalThis as unknown as { display: Display };
    for (const data of this.outputs) display(data, { raw: true });
  }

  toString(): string {
    return this.stdout;
  }
}
