/** @file What layers know of the layer that is applied around them. */
import { afterTermination } from '../tensor/termination.ts';

/** One application of an outermost layer. */
export interface CallContext {
  readonly training: boolean;
  /** The application that it belongs to: losses added in an earlier one do not count any more. */
  readonly application: number;
}

let current: CallContext | null = null;
let applications = 0;
afterTermination(() => {
  current = null;
});

/** The context that a layer runs in, or null outside of all layers. */
export const currentCall = (): CallContext | null => current;

/** Runs a layer's `call` in a context of its own: what it is told, else what the layer around it was told, else inference. */
export function withinCall<T>(training: boolean | null | undefined, fn: (context: CallContext) => T): T {
  const before = current;
  current = { training: training ?? before?.training ?? false, application: before?.application ?? ++applications };
  try {
    return fn(current);
  } finally {
    current = before;
  }
}
