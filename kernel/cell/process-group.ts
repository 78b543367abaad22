/** @file The cell process together with what it started: ended and signalled as one. */
import { readdirSync, readFileSync } from 'node:fs';

/** Name of an environment variable that all programs inherit from a cell process: by it those are found that left its group. */
export const markVariable = 'TENSORCELL_CELL_PROCESS';

/** How often it is looked for such programs: while they are being ended they may start others. */
const rounds = 5;

/**
 * Ends a process that leads a group, everything in the group, and what left it (daemons, `setsid`; on Linux, which tells of
 * them). On Windows, everything that descends from the process.
 *
 * @param mark value of {@link markVariable} in its environment
 */
export function endGroup(leader: number, mark: string | undefined): void {
  if (process.platform === 'win32') {
    void import('node:child_process').then(({ spawn }) => {
      const ending = spawn('taskkill', ['/pid', String(leader), '/t', '/f'], { stdio: 'ignore', windowsHide: true });
      ending.on('error', () => process.kill(leader)); // no taskkill: at least the process itself
    });
    return;
  }
  // The group comes last: the caller may belong to it.
  const ended = new Set([leader]);
  for (let round = 0; round < rounds; round++) {
    const found = [...descendantsOf(leader), ...(mark === undefined ? [] : markedBy(mark))];
    const others = found.filter((pid) => !ended.has(pid));
    if (others.length === 0) break;
    signalAll(others, 'SIGKILL');
    for (const pid of others) ended.add(pid);
  }
  signalAll([-leader], 'SIGKILL');
}

/** As a terminal does on Ctrl+C. Windows has no such signal for others. */
export function interruptGroup(leader: number): void {
  if (process.platform !== 'win32') signalAll([-leader], 'SIGINT');
}

/** Sends a signal to those that are still there. */
export function signalAll(pids: Iterable<number>, signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended meanwhile.
    }
  }
}

/** What a process started, and what that started; nothing where the system does not tell (all but Linux). */
export function descendantsOf(root: number): number[] {
  const found = [root];
  // It grows while it is walked.
  for (const pid of found) found.push(...childrenOf(pid));
  return found.slice(1);
}

function childrenOf(pid: number): number[] {
  // Children belong to the thread that started them.
  return entriesOf(`/proc/${pid}/task`).flatMap((thread) =>
    numbersIn(readText(`/proc/${pid}/task/${thread}/children`)),
  );
}

/** Processes of this user that have the mark in their environment. */
function markedBy(mark: string): number[] {
  const entry = `\0${markVariable}=${mark}\0`;
  return entriesOf('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => `\0${readText(`/proc/${pid}/environ`)}`.includes(entry))
    .map(Number);
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // another system, or a process that ended
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // it ended, or is another user's
  }
}

const numbersIn = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
