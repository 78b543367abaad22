/** @file Why a cell process ended, in the user's words. */
import type { CellError } from './contract.ts';

/** What is known about a process that ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Code that the process announced on its way out: user code asked for the end. */
  readonly announced: number | undefined;
  /** The kernel process ended it. */
  readonly stopped: boolean;
  /** The last text on fd 2. */
  readonly stderr: string;
}

const signalReasons: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: 'was killed (SIGKILL), by another program or by the system for lack of memory',
  SIGTERM: 'was told to end (SIGTERM)',
  SIGSEGV: 'crashed in native code (SIGSEGV, a wrong memory access)',
  SIGABRT: 'crashed in native code (SIGABRT)',
  SIGBUS: 'crashed in native code (SIGBUS)',
  SIGILL: 'crashed in native code (SIGILL)',
  SIGFPE: 'crashed in native code (SIGFPE)',
};

interface Reason {
  readonly name: string;
  readonly text: string;
  /** Whether the last lines of stderr say more. */
  readonly showStderr: boolean;
}

const reasonOf = ({ code, signal, announced, stopped, stderr }: Ending): Reason => {
  if (stopped) return { name: 'ProcessStopped', text: 'was stopped', showStderr: false };
  if (/JavaScript heap out of memory/.test(stderr))
    return {
      name: 'OutOfMemory',
      text: 'ran out of memory (JavaScript heap). NODE_OPTIONS=--max-old-space-size=<MB> allows more',
      showStderr: false,
    };
  if (announced !== undefined)
    return { name: 'ProcessExit', text: `ended with code ${announced} (process.exit)`, showStderr: false };
  if (signal !== null)
    return { name: 'ProcessKilled', text: signalReasons[signal] ?? `was ended by ${signal}`, showStderr: true };
  if (code === null) return { name: 'ProcessNotStarted', text: 'could not be started', showStderr: true };
  return { name: 'ProcessExit', text: `ended with code ${code}`, showStderr: true };
};

/** The reason as one sentence part, to follow "The cell process". */
export const endingReason = (ending: Ending): string => reasonOf(ending).text;

const lastLines = (text: string, count: number): string[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count);

/** The error of the cell during which the process ended. */
export const endingError = (ending: Ending): CellError => {
  const reason = reasonOf(ending);
  const evalue = `The cell process ${reason.text}.`;
  const lines = reason.showStderr ? lastLines(ending.stderr, 12) : [];
  return {
    ename: reason.name,
    evalue,
    traceback: [
      `\u001b[31m${reason.name}\u001b[39m: ${evalue}`,
      ...(lines.length > 0 ? ['Last lines of stderr:', ...lines.map((line) => `  ${line}`)] : []),
      'Variables are lost; a fresh process is ready for the next cell.',
    ],
  };
};
