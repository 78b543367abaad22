/** @file Memory as it is once garbage has been collected: a baseline that no later collection changes. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type MemoryInfo, memory } from '../../src/index.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Collects, and lets finalizers run. */
export async function settledMemory(): Promise<MemoryInfo> {
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return memory();
}
