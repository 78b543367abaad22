/** @file What a run says on the terminal: a line a cell on stderr, and the cells' own text on stdout where asked for. */
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import color from 'picocolors';
import type { RunEnd } from './notebook-run.ts';

export interface ReportOptions {
  readonly quiet: boolean;
  /** Pass the cells' text output on while they run. */
  readonly stream: boolean;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(milliseconds < 9_950 ? 2 : 1)} s`;

/** A file as seen from here; as it is where here does not exist any more. */
function shortPath(file: string): string {
  try {
    return relative(process.cwd(), file) || file;
  } catch {
    return file;
  }
}

/** The first line of a cell that says something, cut to the width there is. */
function titleOf(source: string, width: number): string {
  const line = source.split('\n').find((text) => text.trim() !== '' && !/^\s*(?:\/\/|\/\*|\*)/.test(text)) ?? source;
  const text = line.trim();
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

export class ProgressReport {
  readonly #options: ReportOptions;
  /** A line that is redrawn while a cell runs; only on a terminal, and not between lines of a cell's own text. */
  readonly #live: boolean;
  readonly #begun = performance.now();
  #cellBegun = 0;
  #count = 0;
  #label = '';
  #atLineStart = true;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ReportOptions) {
    this.#options = options;
    this.#live = !options.quiet && !options.stream && Boolean(process.stderr.isTTY);
  }

  startCell(index: number, total: number, source: string): void {
    this.#cellBegun = performance.now();
    this.#count = index + 1;
    const number = `[${String(index + 1).padStart(String(total).length)}/${total}]`;
    const width = Math.max(20, (process.stderr.columns ?? 100) - number.length - 14);
    this.#label = `${color.dim(number)} ${titleOf(source, width).padEnd(Math.min(width, 72))}`;
    if (this.#live) this.#keepDrawing();
    else if (this.#options.stream) this.#line(this.#label.trimEnd());
  }

  /** Leaves the terminal to somebody else. @returns takes it back */
  pause(): () => void {
    if (!this.#live) return () => {};
    clearInterval(this.#timer);
    process.stderr.write('\r\x1b[K');
    return () => this.#keepDrawing();
  }

  #keepDrawing(): void {
    const redraw = (): void => void process.stderr.write(`\r${this.#label} ${color.cyan(this.#elapsed())}`);
    redraw();
    this.#timer = setInterval(redraw, 200);
  }

  /** Text that the running cell wrote. */
  text({ name, text }: { name: 'stdout' | 'stderr'; text: string }): void {
    if (!this.#options.stream || text === '') return;
    process[name].write(text);
    this.#atLineStart = text.endsWith('\n');
  }

  /** The cell ended; `failure` holds the lines of its traceback. */
  endCell(failure: readonly string[] | undefined): void {
    clearInterval(this.#timer);
    const mark = failure ? color.red('failed') : color.green(this.#elapsed());
    if (this.#live) process.stderr.write('\r\x1b[K');
    this.#line(this.#options.stream ? color.dim(mark) : `${this.#label} ${mark}`);
    const colors = (text: string): string => (color.isColorSupported ? text : stripVTControlCharacters(text));
    if (failure) this.#always(`\n${colors(failure.join('\n'))}\n`);
  }

  /** The run ended; names the files that were written. */
  finish(end: RunEnd, files: readonly string[]): void {
    const paths = files.map(shortPath).join(', ');
    const cells = `${this.#count} ${this.#count === 1 ? 'cell' : 'cells'}`;
    const time = seconds(performance.now() - this.#begun);
    if (end === 'done') this.#line(`${color.green('Ran')} ${cells} in ${time}: ${color.bold(paths)}`);
    else if (end === 'failed') this.#always(`${color.red('A cell failed')} (${cells} in ${time}). Saved: ${paths}`);
    else this.#always(`${color.yellow('Interrupted')} at cell ${this.#count} after ${time}. Saved: ${paths}`);
  }

  #elapsed(): string {
    return seconds(performance.now() - this.#cellBegun);
  }

  #line(text: string): void {
    if (!this.#options.quiet) this.#always(text);
  }

  /** What quiet runs say as well: why they failed. */
  #always(text: string): void {
    process.stderr.write(`${this.#atLineStart ? '' : '\n'}${text}\n`);
    this.#atLineStart = true;
  }
}
