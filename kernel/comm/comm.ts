/** @file `Comm`: a line of one's own between cells and the front end. */
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import type { JsonObject } from './contract.ts';
import { type CommEnd, type ReceivedMessage, type SendOptions, comms } from './manager.ts';

/** How a comm is opened. */
export interface CommOptions extends SendOptions {
  /** The name under which the front end registered who answers. */
  readonly targetName: string;
  /** What the other end gets to begin with. */
  readonly data?: JsonObject;
  /** Where front ends that load modules find the target. */
  readonly targetModule?: string;
  /** An id of one's own; a random one where absent. */
  readonly commId?: string;
}

/** Hears messages. The cell or message that a handler answers is busy until its promise, if it gives one, settles. */
export type CommHandler = (message: ReceivedMessage) => unknown;

/** Takes in a comm that the front end opened; `message` is what it sent with it. */
export type TargetHandler = (comm: Comm, message: ReceivedMessage) => unknown;

const checked = (value: unknown, what: string): JsonObject => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new TypeError(`Comm: ${what} must be an object, got ${inspect(value)}.`);
};

const checkedOptions = (options: SendOptions = {}): SendOptions => {
  const wrong = options.buffers?.find((buffer) => !ArrayBuffer.isView(buffer));
  if (wrong === undefined) return options;
  throw new TypeError(`Comm: buffers must be typed arrays or DataViews, got ${inspect(wrong)}.`);
};

/** Calls each handler; what one throws is a rejection in the list, and keeps no other from its call. */
const callAll = (handlers: Iterable<CommHandler>, message: ReceivedMessage): unknown[] =>
  [...handlers].map((handler) => {
    try {
      return handler(message);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  });

/**
 * A line between code in cells and code in the front end. Either side may open one; messages carry JSON and binary
 * buffers.
 *
 * @example
 * const comm = new Comm({ targetName: 'my-extension', data: { hello: 'front end' } });
 * comm.onMsg(({ data }) => console.log('it says', data));
 * comm.send({ step: 1 }, { buffers: [new Float32Array([1, 2])] });
 */
export class Comm {
  readonly commId: string;
  readonly targetName: string;
  readonly #messageHandlers = new Set<CommHandler>();
  readonly #closeHandlers = new Set<CommHandler>();
  #closed = false;

  constructor({ targetName, data = {}, targetModule, commId, ...options }: CommOptions) {
    if (typeof targetName !== 'string' || targetName === '')
      throw new TypeError(`Comm: targetName must be the name of a target, got ${inspect(targetName)}.`);
    this.targetName = targetName;
    this.commId = commId ?? randomUUID().replaceAll('-', '');
    this.#attach();
    if (adopting === this.commId) return;
    if (comms.connection === undefined)
      throw new Error('Comm: there is no front end to talk to: this code does not run in a notebook.');
    const opening = { type: 'open', commId: this.commId, targetName, ...(targetModule && { targetModule }) } as const;
    comms.send(opening, checked(data, 'data'), checkedOptions(options));
  }

  /** Whether either side closed it. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Sends a message to the front end. */
  send(data: JsonObject, options?: SendOptions): void {
    if (this.#closed) throw new Error(`Comm: ${this.targetName} (${this.commId}) is closed; open a new one.`);
    comms.send({ type: 'msg', commId: this.commId }, checked(data, 'data'), checkedOptions(options));
  }

  /** Closes it on both sides. The close handlers of this side are for the other side's closing, and are not called. */
  close(data: JsonObject = {}, options?: SendOptions): void {
    if (this.#closed) return;
    this.#closed = true;
    comms.remove(this.commId);
    comms.send({ type: 'close', commId: this.commId }, checked(data, 'data'), checkedOptions(options));
  }

  /** Hears the front end's messages, while cells run too. @returns how to stop it */
  onMsg(handler: CommHandler): () => void {
    this.#messageHandlers.add(handler);
    return () => void this.#messageHandlers.delete(handler);
  }

  /** Is called when the front end closes the comm. @returns how to stop it */
  onClose(handler: CommHandler): () => void {
    this.#closeHandlers.add(handler);
    return () => void this.#closeHandlers.delete(handler);
  }

  #attach(): void {
    const { commId, targetName } = this;
    const end: CommEnd = {
      commId,
      targetName,
      received: (message) => callAll(this.#messageHandlers, message),
      closed: (message) => {
        this.#closed = true;
        return callAll(this.#closeHandlers, message);
      },
    };
    comms.add(end);
  }
}

/** Id of the comm that the front end opened and whose other end is being made here. */
let adopting: string | undefined;

/**
 * Answers comms that the front end opens for `targetName`. A handler that throws refuses the comm.
 *
 * @returns how to stop it
 * @example
 * registerTarget('my-extension', (comm, { data }) => {
 *   comm.onMsg(({ data }) => comm.send({ echo: data }));
 * });
 */
export function registerTarget(targetName: string, handler: TargetHandler): () => void {
  return comms.register(targetName, (commId, message) => {
    let comm: Comm;
    adopting = commId;
    try {
      comm = new Comm({ targetName, commId });
    } finally {
      adopting = undefined;
    }
    return handler(comm, message);
  });
}
