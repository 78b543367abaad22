/** @file How and where tensors were disposed, for the errors of those that use them afterwards. */
import { framesOf } from './user-line.ts';

/** One disposal, which many tensors may share. */
export interface Disposal {
  readonly how: string;
  /** The stack, as V8 keeps it: text is made of it when somebody asks. */
  readonly site?: { readonly stack?: string };
}

const byCall: Disposal = { how: 'by dispose()' };
const byScope: Disposal = { how: 'at the end of a tf.tidy()' };
let keepsSites = false;
let current: Disposal | null = null;

/** Stacks cost some microseconds each, more than a small operation: they are kept only when asked for. */
export function keepDisposalSites(on: boolean): void {
  keepsSites = on;
}

function withSite(disposal: Disposal): Disposal {
  if (!keepsSites) return disposal;
  const site: { stack?: string } = {};
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 24;
  Error.captureStackTrace(site);
  Error.stackTraceLimit = before;
  return { ...disposal, site };
}

/** @internal What a tensor that is disposed now remembers. */
export const disposalNow = (): Disposal => current ?? withSite(byCall);

/** @internal Runs `fn`, which disposes what a scope holds: all of it was disposed by the end of that scope. */
export function duringScopeEnd(fn: () => void): void {
  const before = current;
  current = withSite(byScope);
  try {
    fn();
  } finally {
    current = before;
  }
}

/** For a message: how, and the user's line where that is known. */
export function describeDisposal({ how, site }: Disposal): string {
  if (!site) return `${how} (tf.debugging.traceDisposals() makes this say where)`;
  const [line] = framesOf(site.stack ?? '');
  return line ? `${how}, ${line}` : how;
}
