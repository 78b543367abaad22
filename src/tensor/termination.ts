/**
 * @file What a `finally` would have put back. A notebook's interrupt terminates code that does not yield, and V8 then runs no
 * `finally`: a trace or a tape would stay open for the rest of the session, and every later operation belong to it.
 */

/** Where the host finds what to call when it has terminated code: `globalThis[Symbol.for('tensorcell.terminated')]`. */
const terminatedSymbol = Symbol.for('tensorcell.terminated');
const holder = globalThis as { [terminatedSymbol]?: Set<() => void> };

/**
 * Calls `restore` after the host terminated code, in a turn of the event loop of its own: whatever is set for the time of a
 * synchronous call is over by then.
 */
export function afterTermination(restore: () => void): void {
  (holder[terminatedSymbol] ??= new Set()).add(restore);
}
