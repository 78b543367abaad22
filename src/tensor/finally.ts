/** @file `finally` for functions that may be asynchronous. */

/** Runs `fn`, then `end`: when it returned or threw, or, where it gave a promise, when that is settled. */
export function withFinally<T>(fn: () => T, end: () => void): T {
  let result: T;
  try {
    result = fn();
  } catch (error) {
    end();
    throw error;
  }
  if (result instanceof Promise) return result.finally(end) as T;
  end();
  return result;
}
