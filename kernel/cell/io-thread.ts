/** @file The I/O thread of the cell process: passes commands on, interrupts the main thread while it is busy, ends the process with its kernel. */
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { type Command, type ExecuteCommand, LineReader, type MainThreadMessage, descriptors, encode } from './wire.ts';

if (parentPort === null) throw new Error('io-thread runs as a worker of the cell process.');
const mainThread = parentPort;

/** A main thread that waits for events answers within this time (ms); one that does not is executing code. */
const patience = 30;
/** Whoever does not stop for a termination in so many rounds waits in native code, as for a program that it runs. */
const roundsBeforeSignal = 10;
/** A termination that has not struck by then is asked for again: one in ten thousand gets lost on a loaded machine. */
const roundsBeforeRetry = 30;

const control = new Socket({ fd: descriptors.control });
const reader = new LineReader<Command>();

/** The interrupt that is being carried out. */
let current: { readonly id: number; rounds: number; timer: NodeJS.Timeout } | undefined;

/** Open while a termination is to strike, no longer: Node waits at its end for sessions that are still open. */
let session: Session | undefined;

const tell = (message: MainThreadMessage): void => mainThread.postMessage(message);

let last: ExecuteCommand | undefined;
/** Number of the question that the main thread was asked last. */
let asked = 0;
const ask = (): void => tell({ type: 'question', number: ++asked, last });

/**
 * Asks the main thread to give up the cell that it waits for, and terminates what it executes if it does not answer. The
 * main thread may be asked any number of times.
 */
const begin = (id: number): void => {
  if (current === undefined) current = { id, rounds: 0, timer: setTimeout(insist, patience) };
  else current = { ...current, id };
  ask();
};

const insist = (): void => {
  if (current === undefined) return;
  // A termination strikes when the main thread next executes something: a question is something.
  if (session !== undefined && current.rounds % roundsBeforeRetry > 0) ask();
  else terminate();
  // As a terminal does: programs that were started get the signal as well; the main thread ignores it.
  if (++current.rounds === roundsBeforeSignal) process.kill(-process.pid, 'SIGINT');
  current.timer = setTimeout(insist, patience);
};

const terminate = (): void => {
  session?.disconnect();
  const terminating = new Session();
  session = terminating;
  terminating.connectToMainThread();
  terminating.post('Runtime.terminateExecution', () => {
    if (session !== terminating) return;
    terminating.disconnect();
    session = undefined;
    // It may have struck the very code that was ending the cell.
    ask();
  });
};

/**
 * Over when no termination is to strike any more and the last question is answered: then no question is left on its way
 * that would meet the next cell.
 */
mainThread.on('message', (answered: number) => {
  if (current === undefined || session !== undefined || answered !== asked) return;
  clearTimeout(current.timer);
  control.write(encode({ interrupted: current.id }));
  current = undefined;
});

control.on('data', (chunk) => {
  for (const command of reader.read(chunk)) {
    if (command.type === 'interrupt') begin(command.id);
    else tell((last = command));
  }
});
const abandon = (): void => {
  // The kernel process is gone: nobody can reach this process any more, nor what it started.
  process.kill(-process.pid, 'SIGKILL');
};
control.on('close', abandon);
control.on('error', abandon);
