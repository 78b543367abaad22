/** @file Where in the user's program something happened. */

/** The runtime's own files, which are left out. */
const runtime = new URL('..', import.meta.url).pathname;

/** The stack now, without the runtime's own frames: the user's line first. */
export function userFrames(most = 30): string[] {
  const holder: { stack?: string } = {};
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = most + 30;
  Error.captureStackTrace(holder, userFrames);
  Error.stackTraceLimit = before;
  return framesOf(holder.stack ?? '').slice(0, most);
}

/** The frames of a stack that was captured before. */
export const framesOf = (stack: string): string[] =>
  stack
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at ') && !line.includes(runtime) && !line.includes('node:'));
