/** @file What a process and all that it started use: memory and processor time. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** One process of a tree. */
export interface ProcessUse {
  readonly pid: number;
  /** Bytes. */
  readonly memory: number;
  /** Seconds of processor time since it began. */
  readonly cpuSeconds: number;
}

/** A process and its descendants. Those that end meanwhile are left out. */
export async function processTree(root: number): Promise<ProcessUse[]> {
  if (process.platform === 'linux') return linuxTree(root);
  if (process.platform === 'win32') return [own()];
  try {
    return treeOf(root, parseProcessList(await listProcesses()));
  } catch {
    return [own()]; // a system without ps
  }
}

/** All that Node can tell by itself. */
function own(): ProcessUse {
  const { user, system } = process.cpuUsage();
  return { pid: process.pid, memory: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6 };
}

/** Ticks of /proc: a constant of Linux's interface to programs. */
const ticksPerSecond = 100;

async function linuxTree(root: number): Promise<ProcessUse[]> {
  const pids = [root];
  // It grows while it is walked.
  for (const pid of pids) pids.push(...(await linuxChildren(pid)));
  const found = await Promise.all(pids.map((pid) => linuxUse(pid).catch(() => undefined)));
  return found.filter((use) => use !== undefined);
}

/** Children belong to the thread that started them. */
async function linuxChildren(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => (list.match(/\d+/g) ?? []).map(Number));
}

async function linuxUse(pid: number): Promise<ProcessUse> {
  const [stat, memory] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), linuxMemory(pid)]);
  // The program's name, in parentheses, may hold anything; after it come the third field and on.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [userTicks, systemTicks] = fields.slice(11, 13).map(Number);
  return { pid, memory, cpuSeconds: (userTicks + systemTicks) / ticksPerSecond };
}

/** The proportional share: pages that several processes have in common count once in the sum. */
async function linuxMemory(pid: number): Promise<number> {
  const share = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').then(
    (text) => kibibytes(text, 'Pss'),
    () => undefined,
  );
  return share ?? kibibytes(await readFile(`/proc/${pid}/status`, 'utf8'), 'VmRSS') ?? 0;
}

/** `Name:   1234 kB` in a file of /proc, in bytes. */
export function kibibytes(text: string, name: string): number | undefined {
  const [, amount] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * 1024;
}

async function listProcesses(): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,rss=,time=']);
  return stdout;
}

interface ListedProcess extends ProcessUse {
  readonly parent: number;
}

/** Reads `ps -axo pid=,ppid=,rss=,time=`. */
export function parseProcessList(text: string): ListedProcess[] {
  return text.split('\n').flatMap((line) => {
    const [pid, parent, memory, time] = line.trim().split(/\s+/);
    if (time === undefined) return [];
    // [[days-]hours:]minutes:seconds
    const cpuSeconds = time.split(/[-:]/).reduceRight(
      ({ sum, unit, place }, part) => ({
        sum: sum + Number(part) * unit,
        unit: unit * (place === 2 ? 24 : 60),
        place: place + 1,
      }),
      { sum: 0, unit: 1, place: 0 },
    ).sum;
    return [{ pid: Number(pid), parent: Number(parent), memory: Number(memory) * 1024, cpuSeconds }];
  });
}

/** The processes of a list that descend from `root`, itself first. */
export function treeOf(root: number, processes: readonly ListedProcess[]): ListedProcess[] {
  const tree = processes.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...processes.filter(({ parent }) => parent === pid));
  return tree;
}
