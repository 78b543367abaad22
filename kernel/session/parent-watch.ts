/** @file Notices that the process that started the kernel is gone, so that no kernel is left without a front end. */

/** How often (ms) it is looked for. */
const interval = 1_000;

/** Whether there is such a process, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * The process that Jupyter names in JPY_PARENT_PID: it matters where a wrapper (npx, a shell script) stands between the two.
 * On Windows the variable holds a handle rather than a process id, and in a container it may name a process outside: one
 * that cannot be seen from the start is not watched.
 */
export function announcedParent(variable: string | undefined, platform: NodeJS.Platform): number | undefined {
  const pid = Number(variable);
  return platform !== 'win32' && Number.isInteger(pid) && pid > 1 && isAlive(pid) ? pid : undefined;
}

/** Calls `ended` once when the parent is gone. Unix gives orphans a new parent; Windows keeps the number of the old one. */
export function watchParent(ended: () => void): void {
  const parent = process.ppid;
  const announced = announcedParent(process.env.JPY_PARENT_PID, process.platform);
  const timer = setInterval(() => {
    const isGone = process.ppid !== parent || !isAlive(parent) || (announced !== undefined && !isAlive(announced));
    if (!isGone) return;
    clearInterval(timer);
    ended();
  }, interval);
}
