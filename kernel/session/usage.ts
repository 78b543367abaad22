/** @file What the kernel's processes and the machine use, with the fields of ipykernel's reply. */
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, hostname, totalmem } from 'node:os';
import { kibibytes, processTree, type ProcessUse } from './process-tree.ts';

/** Measures; percentages are of the time since the measurement before. */
export class Usage {
  #processes = new Map<number, ProcessUse>();
  #measured = performance.now();
  #host = hostTimes();

  async measure(): Promise<object> {
    const processes = await processTree(process.pid);
    const now = performance.now();
    const seconds = (now - this.#measured) / 1_000;
    let busySeconds = 0;
    for (const { pid, cpuSeconds } of processes) {
      const before = this.#processes.get(pid);
      if (before) busySeconds += cpuSeconds - before.cpuSeconds;
    }
    const host = hostTimes();
    const hostPercent = percent(host.busy - this.#host.busy, host.all - this.#host.all);
    this.#measured = now;
    this.#processes = new Map(processes.map((use) => [use.pid, use]));
    this.#host = host;
    return {
      hostname: hostname(),
      pid: process.pid,
      kernel_cpu: percent(busySeconds, seconds),
      kernel_memory: processes.reduce((sum, { memory }) => sum + memory, 0),
      // As ipykernel: nothing is said where too little time has passed to tell.
      ...(hostPercent > 0 ? { host_cpu_percent: hostPercent } : {}),
      cpu_count: cpus().length || availableParallelism(),
      host_virtual_memory: await hostMemory(),
    };
  }
}

/** Milliseconds of all processors since the machine started. */
function hostTimes(): { readonly busy: number; readonly all: number } {
  let busy = 0;
  let all = 0;
  for (const { times } of cpus()) {
    const sum = Object.values(times).reduce((total, time) => total + time, 0);
    all += sum;
    busy += sum - times.idle;
  }
  return { busy, all };
}

async function hostMemory(): Promise<object> {
  const info = process.platform === 'linux' ? await readFile('/proc/meminfo', 'utf8').catch(() => '') : '';
  const bytes = (name: string): number => kibibytes(info, name) ?? 0;
  const total = totalmem();
  const available = kibibytes(info, 'MemAvailable') ?? freemem();
  const used = total - available;
  const known = { total, available, percent: percent(used, total), used };
  if (info === '') return { ...known, free: freemem() };
  return {
    ...known,
    free: bytes('MemFree'),
    active: bytes('Active'),
    inactive: bytes('Inactive'),
    buffers: bytes('Buffers'),
    cached: bytes('Cached') + bytes('SReclaimable'),
    shared: bytes('Shmem'),
    slab: bytes('Slab'),
  };
}

/** With one decimal place. */
const percent = (part: number, whole: number): number => (whole > 0 ? Math.round((part / whole) * 1_000) / 10 : 0);
