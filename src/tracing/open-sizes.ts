/** @file Whether what is traced has to be the same for any sizes of its arguments: then nothing may be decided by them. */
import { afterTermination } from '../tensor/termination.ts';

let areOpen = false;
afterTermination(() => {
  areOpen = false;
});

/** @internal */
export function withOpenSizes<T>(fn: () => T): T {
  const before = areOpen;
  areOpen = true;
  try {
    return fn();
  } finally {
    areOpen = before;
  }
}

/** @internal */
export const sizesAreOpen = (): boolean => areOpen;
