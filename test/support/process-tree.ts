/** @file Processes as Linux shows them: who started whom, their memory, their open files. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** There is a /proc to look into. */
export const hasProc = process.platform === 'linux';

export function isAlive(pid: number): boolean {
  try {
    // A process that ended and was not waited for yet is gone to everybody else.
    return !hasProc || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) ? process.kill(pid, 0) : false;
  } catch {
    return false;
  }
}

/** The processes that a process started, of whatever generation. */
export function descendants(pid: number): number[] {
  let tasks: string[];
  try {
    tasks = readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
  const children = tasks.flatMap((task) => {
    try {
      const listed = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
      return listed === '' ? [] : listed.split(' ').map(Number);
    } catch {
      return [];
    }
  });
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** Resident memory of a process in MB; 0 where it is gone. */
export function residentMegabytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** What the open descriptors of a process are, such as `socket` or the path of a file. */
export function openFiles(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${descriptor}`).replace(/:\[.*/, '')];
    } catch {
      return []; // closed while we looked
    }
  });
}

/** Names of the Unix sockets of this machine that contain a text. */
export const unixSockets = (part: string): string[] =>
  readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .flatMap((line) => (line.includes(part) ? [line.slice(line.indexOf('/'))] : []));
