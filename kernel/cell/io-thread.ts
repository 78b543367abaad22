/** @file The I/O thread of the cell process: carries out interrupts while the main thread is busy, and ends the process with its kernel. */
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { type ControlMessage, LineReader, descriptors, encode } from './wire.ts';

if (parentPort === null) throw new Error('io-thread runs as a worker of the cell process.');
const mainThread = parentPort;

/** A main thread that waits for events answers within this time (ms); one that does not is executing code. */
const patience = 15;

const control = new Socket({ fd: descriptors.control });
const reader = new LineReader<ControlMessage>();

/** The interrupt that is being carried out. */
let current: { readonly id: number; terminating: boolean; answered: boolean; timer: NodeJS.Timeout } | undefined;

/**
 * Asks the main thread to give up the cell that it waits for, and terminates what it executes if it does not answer. The
 * question is repeated, because the termination may have hit the code that answers; it can be answered any number of times.
 */
const begin = (id: number): void => {
  if (current !== undefined) clearTimeout(current.timer);
  current = { id, terminating: current?.terminating ?? false, answered: false, timer: setTimeout(insist, patience) };
  mainThread.postMessage(id);
};

const insist = (): void => {
  const interrupt = current;
  if (interrupt === undefined) return;
  if (!interrupt.answered && !interrupt.terminating) {
    interrupt.terminating = true;
    // Connected only now: Node waits at its end for sessions that are still open.
    const session = new Session();
    session.connectToMainThread();
    session.post('Runtime.terminateExecution', () => {
      session.disconnect();
      interrupt.terminating = false;
      if (current !== undefined && current !== interrupt) current.terminating = false;
      finish();
    });
  }
  mainThread.postMessage(interrupt.id);
  interrupt.timer = setTimeout(insist, patience);
};

/** Over when the main thread answered and no termination is still to strike. */
const finish = (): void => {
  if (current === undefined || !current.answered || current.terminating) return;
  clearTimeout(current.timer);
  control.write(encode({ interrupt: current.id }));
  current = undefined;
};

mainThread.on('message', (id: number) => {
  if (current?.id !== id) return;
  current.answered = true;
  finish();
});

control.on('data', (chunk) => {
  for (const { interrupt } of reader.read(chunk)) begin(interrupt);
});
const abandon = (): void => {
  // The kernel process is gone: nobody can reach this process any more, nor what it started.
  process.kill(-process.pid, 'SIGKILL');
};
control.on('close', abandon);
control.on('error', abandon);
