/**
 * @file Keeps interrupts from terminating this package's own modules while they load. V8 would leave them half evaluated, and who
 * waits for them would wait for ever; what they load of native code may even end the process.
 */

/** Set by the main thread: until when (s since 1970) the I/O thread terminates nothing; 0 where nothing loads. */
export type Shield = Int32Array<SharedArrayBuffer>;

/** No load takes so long (s); after that an interrupt is worth more than a module. */
const longest = 10;

export const shield: Shield = new Int32Array(new SharedArrayBuffer(4));
const loads = new Set<Promise<unknown>>();

/** Loads something that is not to be terminated half way. */
export function shielded<T>(load: () => Promise<T>): Promise<T> {
  Atomics.store(shield, 0, Math.ceil(Date.now() / 1000) + longest);
  const loading = load();
  loads.add(loading);
  const over = (): void => {
    loads.delete(loading);
    if (loads.size === 0) Atomics.store(shield, 0, 0);
  };
  loading.then(over, over);
  return loading;
}

/** Resolves when nothing loads any more, for cells: one that ran meanwhile could not be interrupted. Undefined where nothing does. */
export const loadsOver = (): Promise<unknown> | undefined => (loads.size > 0 ? Promise.allSettled(loads) : undefined);

/** Whether something loads now. */
export const isShielded = (of: Shield): boolean => Atomics.load(of, 0) > Date.now() / 1000;
