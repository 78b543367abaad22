/**
 * @file Keeps interrupts from terminating this package's own modules while they load. V8 would leave them half evaluated, and who
 * waits for them would wait for ever; what they load of native code may even end the process.
 */

/** Set by the main thread: until when (s since 1970) the I/O thread terminates nothing; 0 where nothing loads. */
export type Shield = Int32Array<SharedArrayBuffer>;

/** No load takes so long (s); after that an interrupt is worth more than a module. */
const longest = 10;

export const shield: Shield = new Int32Array(new SharedArrayBuffer(4));
let loads = 0;

/** Loads something that is not to be terminated half way. */
export async function shielded<T>(load: () => Promise<T>): Promise<T> {
  loads++;
  Atomics.store(shield, 0, Math.ceil(Date.now() / 1000) + longest);
  try {
    return await load();
  } finally {
    if (--loads === 0) Atomics.store(shield, 0, 0);
  }
}

/** Whether something loads now. */
export const isShielded = (of: Shield): boolean => Atomics.load(of, 0) > Date.now() / 1000;
