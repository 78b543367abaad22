/**
 * @file Calls between the kernel process and the main thread of the cell process, beside the cells: the kernel process calls
 * handlers registered here, and code here calls handlers of the kernel process, waiting for the answer or blocking on it.
 */
import { MessageChannel, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import { interruptAwaits } from './interruption.ts';
import { currentParent, runBeside, send } from './output.ts';
import { type Answer, type AnswerCommand, type CallCommand, answerOf, valueOf } from './wire.ts';

/** Handles a call; what it prints goes to the cell whose token is `parent`, where the call names one. */
export type CallHandler = (argument: unknown, parent: string | undefined) => unknown;

const handlers = new Map<string, CallHandler>();

/** Answers the kernel process's `host.call(name, ...)`, also while a cell awaits. Its argument and result are JSON values. */
export const registerCall = (name: string, handler: CallHandler): void => {
  handlers.set(name, handler);
};

/** Takes in a call from the kernel process and sends the answer when it is there. */
export const answerCall = ({ id, name, argument, parent }: CallCommand): void => {
  const handler = handlers.get(name);
  const handle = (): unknown => {
    if (handler === undefined) throw new Error(`The cell process has no handler for ${name}.`);
    return handler(argument, parent);
  };
  if (parent !== undefined) running.add(parent);
  void answerOf(() => (parent === undefined ? handle() : runBeside(parent, handle))).then((answer) => {
    if (parent !== undefined) running.delete(parent);
    send({ type: 'answer', id, answer });
  });
};

/** Parents of calls that are not over. */
const running = new Set<string>();

/** Gives up what handlers await, as an interrupt does for a cell. Nobody waits for their answers any more. */
export const interruptCalls = (): void => {
  running.forEach(interruptAwaits);
  running.clear();
};

/** How long (ms) the main thread sleeps before it looks whether it is to be interrupted. */
const nap = 50;
/** What the I/O thread needs to hand answers over: its end of the channel, and a counter to wake the main thread with. */
export interface AnswerChannel {
  readonly port: MessageChannel['port1'];
  readonly arrivals: Int32Array<SharedArrayBuffer>;
}

const arrivals = new Int32Array(new SharedArrayBuffer(4));
const channel = new MessageChannel();
const waiting = new Map<number, (answer: Answer) => void>();
let lastId = 0;

/** Answers come through `ioThread` from now on. */
export const connectCalls = (ioThread: Worker): void => {
  channel.port2.on('message', settle);
  channel.port2.unref();
  const answers: AnswerChannel = { port: channel.port1, arrivals };
  ioThread.postMessage({ answers }, [channel.port1]);
};

function settle({ id, answer }: AnswerCommand): void {
  waiting.get(id)?.(answer);
  waiting.delete(id);
}

function request(name: string, argument: unknown, settled: (answer: Answer) => void): number {
  const id = ++lastId;
  waiting.set(id, settled);
  send({ type: 'request', id, parent: currentParent(), name, argument });
  return id;
}

/**
 * Asks the handler that the kernel process has for `name`.
 *
 * @param argument a JSON value
 * @returns what the handler gave, a JSON value
 * @throws what the handler threw, as an error of the same name and message
 */
export const callKernel = (name: string, argument: unknown): Promise<unknown> =>
  new Promise((resolve, reject) => {
    request(name, argument, (answer) => {
      try {
        resolve(valueOf(answer));
      } catch (error) {
        reject(error as Error);
      }
    });
  });

/** The same, blocking the main thread until the answer is there. An interrupt ends it. */
export const callKernelSync = (name: string, argument: unknown): unknown => {
  let mine: Answer | undefined;
  let seen = Atomics.load(arrivals, 0);
  const id = request(name, argument, (answer) => (mine = answer));
  try {
    for (;;) {
      for (
        let next = receiveMessageOnPort(channel.port2);
        next !== undefined;
        next = receiveMessageOnPort(channel.port2)
      )
        settle((next as { message: AnswerCommand }).message);
      if (mine !== undefined) return valueOf(mine);
      Atomics.wait(arrivals, 0, seen, nap);
      seen = Atomics.load(arrivals, 0);
    }
  } finally {
    waiting.delete(id);
  }
};
