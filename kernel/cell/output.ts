/** @file Output of user code in the cell process: each piece goes to the cell that caused it, at once, whatever the main thread does next. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Console } from 'node:console';
import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { relaxAsyncChecks } from './async-stack.ts';
import { type ChildMessage, descriptors, encode, encodeMore, markerVariable, outputMarker } from './wire.ts';

/** Token of the cell whose code runs; it follows awaits, timers and callbacks. */
export const parentContext = new AsyncLocalStorage<string>();

/** For code that has no context, as callbacks of native threads: the cell that began last. */
let latestParent = '';

export const runAs = <Result>(parent: string, code: () => Result): Result => {
  latestParent = parent;
  return runBeside(parent, code);
};

/** As `runAs`, for code beside the cells: what has no context still belongs to the cell. */
export const runBeside = <Result>(parent: string, code: () => Result): Result =>
  parentContext.run(parent, () => {
    relaxAsyncChecks();
    return code();
  });

export const currentParent = (): string => parentContext.getStore() ?? latestParent;

/**
 * Sends a message with one blocking write. No event loop is needed for it to arrive, so output shows while a cell loops,
 * and one write cannot be cut in two by an interrupt.
 */
export const send = (message: ChildMessage): void => writeText(descriptors.events, encode(message));

/** The stream of the message that was the last of its kind. */
let latestStream: { readonly parent: string; readonly name: string } | undefined;

function sendStream(name: 'stdout' | 'stderr', text: string): void {
  const parent = currentParent();
  if (latestStream?.parent === parent && latestStream.name === name)
    return writeText(descriptors.events, encodeMore(text));
  send({ type: 'stream', parent, name, text });
  // Not before: an interrupt may have stopped the message.
  latestStream = { parent, name };
}

const { byteLength } = Buffer;

function writeText(fd: number, text: string): void {
  const written = writeSync(fd, text);
  // All of it, unless a signal came: pipes take what they have room for then.
  if (written < byteLength(text)) writeFully(fd, Buffer.from(text), written);
}

function writeFully(fd: number, bytes: Uint8Array, offset = 0): void {
  while (offset < bytes.length) offset += writeSync(fd, bytes, offset);
}

/** A stand-in for `process.stdout` or `process.stderr` that knows which cell writes. */
class CellStream extends Writable {
  readonly fd: number;
  readonly isTTY = false;
  readonly #name: 'stdout' | 'stderr';

  constructor(name: 'stdout' | 'stderr', fd: number) {
    super({ decodeStrings: false });
    this.#name = name;
    this.fd = fd;
  }

  /** Sends at once: nothing waits here, so the stream's own queue and its ticks would only cost time. */
  override write(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
    // As `console` calls it.
    if (typeof chunk === 'string' && rest.length === 0) {
      if (chunk !== '') sendStream(this.#name, chunk);
      return true;
    }
    const encoding = typeof rest[0] === 'string' ? (rest[0] as BufferEncoding) : 'utf8';
    const done = rest.find((argument) => typeof argument === 'function') as (() => void) | undefined;
    const text = asText(chunk, encoding);
    if (text !== '') sendStream(this.#name, text);
    if (done !== undefined) process.nextTick(done);
    return true;
  }

  /** For `end(chunk)`. */
  override _write(chunk: string | Uint8Array, encoding: BufferEncoding, done: () => void): void {
    this.write(chunk, encoding);
    done();
  }

  /** As the streams of a process, these stay open. */
  override _destroy(_error: Error | null, done: (error?: Error | null) => void): void {
    done();
  }
}

const asText = (chunk: string | Uint8Array, encoding: BufferEncoding): string => {
  if (typeof chunk === 'string' && (encoding === 'utf8' || encoding === 'utf-8')) return chunk;
  if (typeof chunk === 'string') return Buffer.from(chunk, encoding).toString('utf8');
  if (chunk instanceof Uint8Array)
    return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('utf8');
  throw new TypeError(`The chunk to write must be a string or bytes, got ${inspect(chunk)}.`);
};

/**
 * Puts the streams in place. Node's own are never made, because they would set fd 1 and fd 2 to non-blocking, on which
 * programs that inherit them fail.
 */
export const installStreams = (): void => {
  for (const [name, fd] of [
    ['stdout', 1],
    ['stderr', 2],
  ] as const) {
    const stream = new CellStream(name, fd);
    Object.defineProperty(process, name, { value: stream, configurable: true, enumerable: true, writable: true });
  }
  // A console that lets errors of its streams through is three times as fast, and these streams have none.
  const fast = new Console({ stdout: process.stdout, stderr: process.stderr, ignoreErrors: false });
  for (const [name, method] of Object.entries(fast))
    if (typeof method === 'function')
      Object.defineProperty(console, name, { value: method, configurable: true, enumerable: true, writable: true });
};

const secret = process.env[markerVariable] ?? '';
delete process.env[markerVariable];

/** Says on fd 1 and fd 2 that the output of an execution ends here. */
export const markOutputEnd = (id: number): void => {
  const marker = Buffer.from(outputMarker(secret, id));
  for (const fd of [1, 2]) {
    try {
      writeFully(fd, marker);
    } catch {
      // User code closed the descriptor, or made it non-blocking and full: the kernel process waits for a moment only.
    }
  }
};

/**
 * Keeps the marks that AsyncLocalStorage leaves on promises (Node before 24) out of what is printed or displayed of them.
 * A custom inspection that returns its own object goes on with the usual one.
 */
export const hideContextMarks = (): void => {
  const marks = new Set(['async_id_symbol', 'trigger_async_id_symbol', 'kResourceStore']);
  const hide = function (this: object): object {
    for (const symbol of Object.getOwnPropertySymbols(this))
      if (marks.has(symbol.description ?? '')) Object.defineProperty(this, symbol, { enumerable: false });
    return this;
  };
  Object.defineProperty(Promise.prototype, inspect.custom, { value: hide, configurable: true, writable: true });
};
