/** @file Calls of handlers, and what they begin while a message of the front end is handled. */
import { comms } from '../comm/manager.ts';

export const isThenable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

/** What handlers gave while a message of the front end is handled: the message is over when all of it is. */
let collected: unknown[] | undefined;

/** Hands over the work that a handler began, so that the message which caused it counts as busy until it ends. */
export const keepBusy = (work: Promise<unknown>): void => void collected?.push(work);

/**
 * Calls handlers one after the other, whatever one throws. While a message is handled their errors are told; else the first is
 * thrown, and the others are told where there is somebody to hear it.
 */
export function callHandlers(handlers: Iterable<() => unknown>): void {
  const errors: unknown[] = [];
  for (const handler of [...handlers]) {
    try {
      const result = handler();
      if (isThenable(result)) collected?.push(result);
    } catch (error) {
      if (collected) collected.push(Promise.reject(error as Error));
      else errors.push(error);
    }
  }
  const [first, ...others] = errors;
  for (const error of others) comms.connection?.report(error);
  if (errors.length > 0) throw first;
}

/**
 * Runs `dispatch`, which calls handlers; resolves when everything that they began is over. Errors are told where the output of the
 * message goes.
 */
export async function handleMessage(dispatch: () => void): Promise<void> {
  const outer = collected;
  const work: unknown[] = (collected = []);
  try {
    dispatch();
  } catch (error) {
    work.push(Promise.reject(error as Error));
  } finally {
    collected = outer;
  }
  await comms.settle(work);
}
