/** @file Calls that the I/O thread answers itself, whatever the main thread does, and notices that it sends by itself. */
import type { IoMessage, CallCommand } from './wire.ts';
import { answerOf } from './wire.ts';

export type IoCallHandler = (argument: unknown) => unknown;

/** Names that begin so are the I/O thread's. */
const prefix = 'io:';

const handlers = new Map<string, IoCallHandler>();

/** Answers the kernel process's `host.call('io:...', ...)`. Modules that few notebooks need are best imported by the handler. */
export const registerIoCall = (name: `io:${string}`, handler: IoCallHandler): void => {
  handlers.set(name, handler);
};

export const isIoCall = ({ name }: CallCommand): boolean => name.startsWith(prefix);

export const answerIoCall = ({ id, name, argument }: CallCommand, write: (message: IoMessage) => void): void => {
  void answerOf(() => {
    const handler = handlers.get(name);
    if (handler === undefined) throw new Error(`The I/O thread of the cell process has no handler for ${name}.`);
    return handler(argument);
  }).then((answer) => write({ answered: id, answer }));
};
