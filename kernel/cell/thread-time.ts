/** @file How long the main thread of this process has been on a processor, as the I/O thread can see it. */
import { readFileSync } from 'node:fs';

/** Milliseconds; undefined where the system does not tell (all but Linux). The main thread's number is the process's. */
export function mainThreadTime(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
    return Number(nanoseconds) / 1e6;
  } catch {
    return undefined; // a kernel without scheduling statistics
  }
}
