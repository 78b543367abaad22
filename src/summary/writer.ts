/** @file SummaryWriter: gathers events and writes them to a file. */
import type { Event, EventContent } from './event.ts';
import type { EventFile } from './event-file.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { TensorLike } from '../ops/convert.ts';
import { type Step, stepNumber, withWriter, setDefaultWriter } from './context.ts';
import { audioSummary, histogramSummary, imageSummary, scalarSummary, textSummary } from './kinds.ts';
import type { AudioOptions, ImageOptions, TextLike } from './kinds.ts';

export interface FileWriterOptions {
  /** So many events are kept before they are written; default 10. */
  maxQueue?: number;
  /** Events are written after so many milliseconds at the latest; default 120,000. */
  flushMillis?: number;
  /** At the end of the file's name; default `.v2`. */
  filenameSuffix?: string;
}

/** Writers with events that are not in their files yet: a process that ends by itself writes them first. */
const unwritten = new Set<SummaryWriter>();
let watchesExit = false;
function watchExit(): void {
  if (watchesExit) return;
  watchesExit = true;
  process.on('beforeExit', () => {
    for (const writer of unwritten)
      writer.flush().catch((error: unknown) => {
        console.warn(`tf.summary: events of '${writer.logDir}' are not written: ${(error as Error).message}`);
      });
  });
}

/**
 * Writes summaries into a folder that TensorBoard reads (`tensorboard --logdir runs`). `tf.summary.createFileWriter` makes one. Its
 * methods name their step; the functions of `tf.summary` write to the default writer.
 *
 * Events are kept and written together; `flush` and `close` wait until they are.
 */
export class SummaryWriter {
  /** The folder. */
  readonly logDir: string;
  private readonly maxQueue: number;
  private readonly flushMillis: number;
  private readonly suffix: string;
  private queue: (Event | Promise<Event>)[] = [];
  private file: Promise<EventFile> | null = null;
  private writing: Promise<void> = Promise.resolve();
  private failure: unknown = null;
  private timer: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(
    logDir: string,
    { maxQueue = 10, flushMillis = 120_000, filenameSuffix = '.v2' }: FileWriterOptions = {},
  ) {
    if (typeof logDir !== 'string' || logDir === '')
      throw new ArgumentError(`createFileWriter: expected the path of a folder, got ${JSON.stringify(logDir)}.`);
    this.logDir = logDir;
    this.maxQueue = maxQueue;
    this.flushMillis = flushMillis;
    this.suffix = filenameSuffix;
    watchExit();
  }

  /** A number. @param description - In Markdown, shown beside the chart. */
  scalar(name: string, value: TensorLike, step: Step, description?: string): void {
    this.write({ summary: scalarSummary(name, value, { description }) }, step);
  }

  /** How the elements of a tensor are distributed. @param buckets - How many intervals; default 30. */
  histogram(name: string, data: TensorLike, step: Step, buckets?: number, description?: string): void {
    this.write({ summary: histogramSummary(name, data, { buckets, description }) }, step);
  }

  /** Images, [images, height, width, channels]. */
  image(name: string, data: TensorLike, step: Step, options?: ImageOptions): void {
    this.write(
      imageSummary(name, data, options).then((summary) => ({ summary })),
      step,
    );
  }

  /** Text in Markdown. */
  text(name: string, data: TextLike, step: Step, description?: string): void {
    this.write({ summary: textSummary(name, data, { description }) }, step);
  }

  /** Sounds, [clips, frames, channels], between -1 and 1. */
  audio(name: string, data: TensorLike, sampleRate: number, step: Step, options?: AudioOptions): void {
    this.write({ summary: audioSummary(name, data, sampleRate, options) }, step);
  }

  /** Makes the file; writing does so by itself. */
  async init(): Promise<void> {
    await this.opened();
  }

  /**
   * Runs a function with this writer as the one that `tf.summary`'s functions write to.
   *
   * @param step - For the summaries that name none.
   * @example
   * await writer.asDefault(() => tf.summary.scalar('loss', 0.5), 3);
   */
  asDefault<T>(fn: () => T, step?: Step): T {
    return withWriter(this, step, fn);
  }

  /** Makes this the writer that `tf.summary`'s functions write to from now on. */
  setAsDefault(step?: Step): void {
    setDefaultWriter(this, step);
  }

  /** @internal Puts an event into the queue. */
  write(content: EventContent | Promise<EventContent>, step: Step): void {
    if (this.closed) throw new ArgumentError(`The summary writer of '${this.logDir}' is closed.`);
    const wallTime = Date.now() / 1000;
    const number = stepNumber(step);
    const made = (ready: EventContent): Event => ({ wallTime, step: number, content: ready });
    const event = content instanceof Promise ? content.then(made) : made(content);
    // A failure is told of where the queue is written; not as one that nobody handled before.
    if (event instanceof Promise) event.catch(() => undefined);
    this.queue.push(event);
    unwritten.add(this);
    if (this.queue.length >= this.maxQueue) this.writeQueue();
    else this.timer ??= setTimeout(() => this.writeQueue(), this.flushMillis).unref();
  }

  private opened(): Promise<EventFile> {
    this.file ??= import('./event-file.ts').then(({ EventFile }) => EventFile.create(this.logDir, this.suffix));
    return this.file;
  }

  private writeQueue(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const { queue } = this;
    this.queue = [];
    this.writing = this.writing.then(async () => {
      try {
        const file = await this.opened();
        if (queue.length > 0) await file.append(await Promise.all(queue));
      } catch (error) {
        this.failure ??= error;
      }
      if (this.queue.length === 0) unwritten.delete(this);
    });
  }

  /** Writes what was gathered. @throws what kept it from being written */
  async flush(): Promise<void> {
    this.writeQueue();
    await this.writing;
    const { failure } = this;
    this.failure = null;
    if (failure) throw failure as Error;
  }

  /** Writes what was gathered; nothing may be written after it. */
  async close(): Promise<void> {
    this.closed = true;
    await this.flush();
  }
}
