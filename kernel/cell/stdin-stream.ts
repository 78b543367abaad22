/** @file `process.stdin` of a cell: a stream that asks the front end for a line when somebody wants one. */
import { Readable } from 'node:stream';
import { askLine, type PendingLine } from './stdin.ts';
import { inputErrors } from './stdin-questions.ts';

/** A stream of lines, each asked for when it is wanted. A line that comes too late for its cell is nobody's. */
export class LineStream extends Readable {
  readonly fd = 0;
  readonly isTTY = false;
  readonly #caller: string;
  readonly #isWanted: () => boolean;
  #pending: PendingLine | undefined;
  /** The stream itself would take a line. */
  #hungry = false;
  /** What is shown with the next question. */
  prompt = '';

  /** @param isWanted whether a line has somebody to go to; by default, whether the stream has listeners */
  constructor(caller: string, isWanted?: () => boolean) {
    super({ highWaterMark: 0 });
    this.#caller = caller;
    this.#isWanted = isWanted ?? (() => this.listenerCount('data') + this.listenerCount('readable') > 0);
    this.on('newListener', (event: string) => {
      if (event === 'data' || event === 'readable') this.wake();
    });
  }

  /** Somebody may want a line now. */
  wake(): void {
    // A turn later: whoever got a line may be done with the stream after it.
    if (this.#hungry && this.#pending === undefined) setImmediate(() => this.#ask());
  }

  override _read(): void {
    this.#hungry = true;
    this.wake();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#pending?.cancel();
    done(error);
  }

  /** As of a socket; the notebook stays alive anyway. */
  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  /** It was paused. (Who listens to `readable` takes lines without a flow.) */
  #rests(): boolean {
    return this.readableFlowing === false && this.listenerCount('readable') === 0;
  }

  #ask(): void {
    if (this.destroyed || !this.#hungry || this.#pending !== undefined || this.#rests() || !this.#isWanted()) return;
    const pending = (this.#pending = askLine(this.#caller, this.prompt));
    this.prompt = '';
    pending.line.then(
      (line) => {
        this.#pending = undefined;
        this.#hungry = false;
        if (!this.destroyed) this.push(line === null ? null : `${line}\n`);
      },
      (error: Error) => {
        this.#pending = undefined;
        if (error.name !== inputErrors.cancelled) this.destroy(error);
      },
    );
  }
}

/** Puts the stream in place of Node's; one that came to its end or failed is followed by a new one. */
export function installStdin(): void {
  let stream: LineStream | undefined;
  Object.defineProperty(process, 'stdin', {
    configurable: true,
    enumerable: true,
    get: () => {
      if (stream === undefined || stream.destroyed || stream.readableEnded) stream = new LineStream('process.stdin');
      return stream;
    },
  });
}

/** Whether a value is the `process.stdin` of cells. */
export const isCellStdin = (value: unknown): boolean => value instanceof LineStream;
