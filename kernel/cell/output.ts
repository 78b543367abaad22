/** @file Output of user code in the cell process: each piece goes to the cell that caused it, at once, whatever the main thread does next. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { relaxAsyncChecks } from './async-stack.ts';
import { type ChildMessage, descriptors, encode, markerVariable, outputMarker } from './wire.ts';

/** Token of the cell whose code runs; it follows awaits, timers and callbacks. */
export const parentContext = new AsyncLocalStorage<string>();

/** For code that has no context, as callbacks of native threads: the cell that began last. */
let latestParent = '';

export const runAs = <Result>(parent: string, code: () => Result): Result => {
  latestParent = parent;
  return parentContext.run(parent, () => {
    relaxAsyncChecks();
    return code();
  });
};

export const currentParent = (): string => parentContext.getStore() ?? latestParent;

/**
 * Sends a message with one blocking write. No event loop is needed for it to arrive, so output shows while a cell loops,
 * and one write cannot be cut in two by an interrupt.
 */
export const send = (message: ChildMessage): void => {
  writeFully(descriptors.events, Buffer.from(encode(message)));
};

function writeFully(fd: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) offset += writeSync(fd, bytes, offset);
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

  override _write(chunk: string | Buffer, encoding: BufferEncoding, done: (error?: Error) => void): void {
    const text =
      typeof chunk === 'string' && encoding !== 'hex' && encoding !== 'base64' ? chunk : asText(chunk, encoding);
    if (text !== '') send({ type: 'stream', parent: currentParent(), name: this.#name, text });
    done();
  }

  /** As the streams of a process, these stay open. */
  override _destroy(_error: Error | null, done: (error?: Error | null) => void): void {
    done();
  }
}

const asText = (chunk: string | Buffer, encoding: BufferEncoding): string =>
  (typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk).toString('utf8');

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
