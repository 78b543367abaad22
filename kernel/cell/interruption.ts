/** @file Interrupts as user code meets them: its awaits are rejected, and work that goes on by itself can ask whether it should. */
import { awaitHelper } from './module-helper.ts';
import { currentParent } from './output.ts';

/** What an interrupted `await` throws. */
export class Interrupted extends Error {
  constructor() {
    super('The cell was interrupted.');
    this.name = 'Interrupted';
    // It is made where the interrupt arrives, not in code of the user's.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/**
 * The global through which long work (training, downloads) that awaits in functions of its own learns that its cell was
 * interrupted: `globalThis[Symbol.for('tensorcell.interrupted')]?.()` is true in the context of such a cell.
 */
const interruptedSymbol = Symbol.for('tensorcell.interrupted');

/** Tokens of cells that were interrupted. */
const interrupted = new Set<string>();
/** Those of them that had no await of their own to reject: the next one throws. */
const due = new Set<string>();
/** By token of the cell: how to reject the awaits that it is in. */
const waiting = new Map<string, Set<(reason: Interrupted) => void>>();

/** By token of the cell: what else is to be stopped, such as a program that it waits for. */
const listeners = new Map<string, Set<() => void>>();

/** Whether the cell whose code runs was interrupted. */
export const wasInterrupted = (): boolean => interrupted.has(currentParent());

/** Hears of interrupts of a cell. @returns stops that */
export const onInterrupt = (parent: string, listener: () => void): (() => void) => {
  const all = listeners.get(parent) ?? new Set();
  listeners.set(parent, all.add(listener));
  return () => {
    all.delete(listener);
    if (all.size === 0 && listeners.get(parent) === all) listeners.delete(parent);
  };
};

/** Rejects what the cell awaits. Awaits after that work again: clean-up in `finally` needs them. */
export const interruptAwaits = (parent: string): void => {
  interrupted.add(parent);
  for (const listener of [...(listeners.get(parent) ?? [])]) listener();
  const rejections = waiting.get(parent);
  waiting.delete(parent);
  if (rejections === undefined) due.add(parent);
  else for (const reject of rejections) reject(new Interrupted());
};

/** Where libraries leave functions that put their state back after code was terminated: no `finally` of theirs has run then. */
const terminatedSymbol = Symbol.for('tensorcell.terminated');

/** Code was terminated, and none of it is on the stack any more. */
export const tellTerminated = (): void => {
  const restorers = (globalThis as { [terminatedSymbol]?: unknown })[terminatedSymbol];
  if (!(restorers instanceof Set)) return;
  for (const restore of restorers)
    try {
      (restore as () => void)();
    } catch {
      // Not the kernel's: the others have their turn.
    }
};

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
  typeof (value as { then?: unknown }).then === 'function';

/** What stands around the operand of a cell's `await`. */
const guard = (value: unknown): unknown => {
  const parent = currentParent();
  if (due.delete(parent)) throw new Interrupted();
  if (!isThenable(value)) return value;
  return new Promise((resolve, reject) => {
    const rejections = waiting.get(parent) ?? new Set();
    waiting.set(parent, rejections);
    rejections.add(reject);
    const forget = (): void => {
      rejections.delete(reject);
      if (rejections.size === 0 && waiting.get(parent) === rejections) waiting.delete(parent);
    };
    value.then(
      (result) => {
        forget();
        resolve(result);
      },
      (error: unknown) => {
        forget();
        reject(error);
      },
    );
  });
};

export const installInterruption = (): void => {
  Object.defineProperty(globalThis, awaitHelper, { value: guard });
  Object.defineProperty(globalThis, interruptedSymbol, { value: wasInterrupted });
};
