/** @file The I/O thread of the cell process: passes commands on, interrupts the main thread while it is busy, ends the process with its kernel. */
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import type { AnswerChannel } from './calls.ts';
import { DebugBridge } from './debug-bridge.ts';
import { answerIoCall, isIoCall, registerIoCall } from './io-calls.ts';
import { endGroup, interruptGroup, markVariable } from './process-group.ts';
import { isShielded, type Shield } from './shield.ts';
import { mainThreadTime } from './thread-time.ts';
import {
  type AnswerCommand,
  type CallCommand,
  type Command,
  type ExecuteCommand,
  type InterruptCommand,
  type InterruptTarget,
  type IoMessage,
  type IoThreadMessage,
  LineReader,
  type MainThreadMessage,
  descriptors,
  encode,
} from './wire.ts';

if (parentPort === null) throw new Error('io-thread runs as a worker of the cell process.');
const mainThread = parentPort;

/** A main thread that waits for events answers within this time (ms); one that does not is executing code. */
const patience = 30;
/** Who computes nothing and does not answer for so many rounds is blocked rather than waiting for a processor. */
const roundsOfTurns = 5;
/** Whoever does not stop for a termination in so many rounds waits in native code, as for a program that it runs. */
const roundsBeforeSignal = 10;
/** A termination that has not struck by then is asked for again: one in ten thousand gets lost on a loaded machine. */
const roundsBeforeRetry = 30;

const control = new Socket({ fd: descriptors.control });
const reader = new LineReader<Command>();

interface Interrupt {
  /** Of the newest of those that are carried out together. */
  id: number;
  readonly cells: Set<number>;
  rounds: number;
  /** Something was terminated. */
  struck: boolean;
  /** Processor time of the main thread when it began. */
  readonly threadTime: number | undefined;
  timer: NodeJS.Timeout;
}

/** The interrupt that is being carried out. */
let current: Interrupt | undefined;

/** Open while a termination is to strike, no longer: Node waits at its end for sessions that are still open. */
let session: Session | undefined;

const tell = (message: MainThreadMessage): void => mainThread.postMessage(message);
const write = (message: IoMessage): void => void control.write(encode(message));
const debugBridge = new DebugBridge(write, () => {
  if (current === undefined) return;
  current.struck = true;
  ask();
});

// Paths in strings are relative to the folder that the cells moved to.
registerIoCall('io:cwd', () => process.cwd());

/** Commands that the main thread has not said it took in. */
const untaken = new Map<number, ExecuteCommand | CallCommand>();
const pass = (command: ExecuteCommand | CallCommand): void => {
  untaken.set(command.id, command);
  tell(command);
};

/** Number of the question that the main thread was asked last. */
let asked = 0;
const question = (target: InterruptTarget, struck = false): void =>
  tell({ type: 'question', number: ++asked, ...target, struck, untaken: [...untaken.values()] });
const ask = (): void => {
  if (current !== undefined) question({ cells: [...current.cells], gentle: false }, current.struck);
};

/**
 * Asks the main thread to give up the cell that it waits for, and terminates what it executes if it does not answer. The
 * main thread may be asked any number of times.
 */
const begin = ({ id, cells, gentle }: InterruptCommand): void => {
  if (gentle) return question({ cells, gentle });
  current ??= {
    ...{ id, cells: new Set<number>(), rounds: 0, struck: false },
    ...{ threadTime: mainThreadTime(), timer: setTimeout(insist, patience) },
  };
  current.id = id;
  for (const cell of cells) current.cells.add(cell);
  if (debugBridge.hold()) current.struck = true;
  ask();
};

/** On a loaded machine the main thread may not have had its turn to answer: its code is not what keeps it from that. */
const isWaitingForItsTurn = ({ rounds, threadTime }: Interrupt): boolean => {
  const now = mainThreadTime();
  if (rounds >= roundsOfTurns || now === undefined || threadTime === undefined) return false;
  return now - threadTime < patience / 2;
};

const insist = (): void => {
  if (current === undefined) return;
  // A termination strikes when the main thread next executes something: a question is something.
  if (session === undefined && ((shield && isShielded(shield)) || isWaitingForItsTurn(current))) ask();
  else if (session !== undefined && current.rounds % roundsBeforeRetry > 0) ask();
  else terminate();
  // As a terminal does: programs that were started get the signal as well; the main thread ignores it.
  if (++current.rounds === roundsBeforeSignal) interruptGroup(process.pid);
  current.timer = setTimeout(insist, patience);
};

const terminate = (): void => {
  if (current !== undefined) current.struck = true;
  if (session === undefined && debugBridge.terminate()) return ask();
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
const questionAnswered = (number: number): void => {
  if (current === undefined || session !== undefined || number !== asked) return;
  clearTimeout(current.timer);
  debugBridge.release();
  write({ interrupted: current.id, struck: current.struck });
  current = undefined;
};

/** What keeps modules that load from being terminated. */
let shield: Shield | undefined;

/** How answers of the kernel process get to the main thread, which may be blocked on one. */
let answers: AnswerChannel | undefined;
const handOver = (command: AnswerCommand): void => {
  if (answers === undefined) return; // only who has the channel asks
  answers.port.postMessage(command);
  Atomics.add(answers.arrivals, 0, 1);
  Atomics.notify(answers.arrivals, 0);
};

mainThread.on('message', (message: IoThreadMessage) => {
  if ('answeredQuestion' in message) questionAnswered(message.answeredQuestion);
  else if ('taken' in message) untaken.delete(message.taken);
  else if ('debugging' in message) debugBridge.announce(message.debugging);
  else if ('ending' in message) debugBridge.close();
  else if ('shield' in message) shield = message.shield;
  else answers = message.answers;
});

const obey = (command: Command): void => {
  switch (command.type) {
    case 'interrupt':
      return begin(command);
    case 'execute':
      return pass(command);
    case 'answer':
      return handOver(command);
    case 'call':
      if (isIoCall(command)) return answerIoCall(command, write);
      pass(command);
  }
};

control.on('data', (chunk) => reader.read(chunk).forEach(obey));
const abandon = (): void => {
  // The kernel process is gone: nobody can reach this process any more, nor what it started.
  endGroup(process.pid, process.env[markVariable]);
};
control.on('close', abandon);
control.on('error', abandon);
