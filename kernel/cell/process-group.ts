/** @file The cell process together with what it started: ended and signalled as one. */

/** Ends a process that leads a group, and everything in the group; on Windows, everything that descends from it. */
export function endGroup(leader: number): void {
  if (process.platform === 'win32') {
    void import('node:child_process').then(({ spawn }) => {
      const ending = spawn('taskkill', ['/pid', String(leader), '/t', '/f'], { stdio: 'ignore', windowsHide: true });
      ending.on('error', () => process.kill(leader)); // no taskkill: at least the process itself
    });
    return;
  }
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nobody of the group is alive.
  }
}

/** As a terminal does on Ctrl+C. Windows has no such signal for others. */
export function interruptGroup(leader: number): void {
  if (process.platform !== 'win32') process.kill(-leader, 'SIGINT');
}
