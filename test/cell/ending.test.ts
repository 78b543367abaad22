/** @file Cell processes that end, by the cell's will, by accident or by the kernel's. */
import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { Notebook, plain } from './notebook.ts';

let notebook: Notebook;
afterEach(() => notebook.close());

/** Whether a process runs; one that ended and that its new parent has not noticed yet does not. */
const isAlive = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
};

describe('a cell whose process ends', () => {
  it.each([
    ['process.exit', `console.log('last words'); process.exit(3)`, 'ProcessExit', /code 3 \(process\.exit\)/],
    [
      'exit in a callback',
      `console.log('last words'); await new Promise(() => setTimeout(() => process.exit(0), 5))`,
      'ProcessExit',
      /code 0/,
    ],
    ['abort', `console.log('last words'); process.abort()`, 'ProcessKilled', /SIGABRT/],
    [
      'a kill',
      `console.log('last words'); process.kill(process.pid, 'SIGKILL'); for (;;);`,
      'ProcessKilled',
      /SIGKILL/,
    ],
    [
      'a segmentation fault',
      `console.log('last words'); process.kill(process.pid, 'SIGSEGV'); for (;;);`,
      'ProcessKilled',
      /SIGSEGV/,
    ],
  ])('by %s fails with the reason, and the next one runs', async (_name, code, ename, reason) => {
    notebook = await Notebook.start();
    await notebook.run('let before = 1');
    const { parent, outcome } = await notebook.run(code);
    expect(outcome).toMatchObject({ status: 'error', error: { ename, evalue: expect.stringMatching(reason) } });
    expect(notebook.text(parent)).toBe('last words\n');
    expect(await notebook.value('typeof before')).toBe("'undefined'");
    expect(notebook.events.some(({ type }) => type === 'died')).toBe(false);
  });

  it('for lack of memory says so', async () => {
    notebook = await Notebook.start({ execArgv: ['--max-old-space-size=40'] });
    const error = await notebook.error('const all = []; for (;;) all.push(new Array(1_000).fill({}))');
    expect(error.ename).toBe('OutOfMemory');
    expect(plain(error)).toMatch(/max-old-space-size[^]*Variables are lost/);
    expect(await notebook.value('1')).toBe('1');
  });

  it('by a crash shows the last lines of stderr', async () => {
    notebook = await Notebook.start();
    const error = await notebook.error(
      `require('fs').writeSync(2, 'addon: bad handle\\n'); process.kill(process.pid, 'SIGABRT'); for (;;);`,
    );
    expect(plain(error)).toContain('addon: bad handle');
  });
});

describe('a process that ends while no cell runs', () => {
  it('is told of, and the next cell has a fresh one', async () => {
    notebook = await Notebook.start();
    await notebook.run('setTimeout(() => process.exit(7), 10); 0');
    await notebook.until(() => notebook.events.some(({ type }) => type === 'died'));
    expect(notebook.events.at(-1)).toMatchObject({ type: 'died', reason: expect.stringContaining('code 7') });
    expect(await notebook.value('2')).toBe('2');
  });
});

describe('stop and restart', () => {
  it('end what cells started', async () => {
    notebook = await Notebook.start();
    const pid = Number(
      await notebook.value(
        `require('child_process').spawn('sh', ['-c', 'sleep 1000 & wait'], { stdio: 'inherit' }).pid`,
      ),
    );
    expect(isAlive(pid)).toBe(true);
    await notebook.host.restart();
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect(await notebook.value('1')).toBe('1');
    const own = Number(await notebook.value('process.pid'));
    await notebook.host.stop();
    expect(isAlive(own)).toBe(false);
    expect(notebook.events.some(({ type }) => type === 'died')).toBe(false);
  });

  it('settle the cell that runs', async () => {
    notebook = await Notebook.start();
    const running = notebook.run('for (;;);');
    await notebook.host.restart();
    expect((await running).outcome).toMatchObject({ status: 'error', error: { ename: 'ProcessStopped' } });
    expect(await notebook.value('1')).toBe('1');
  });
});

describe('a process that cannot start', () => {
  it('says why', async () => {
    notebook = await Notebook.start();
    const { CellProcessHost } = await import('../../kernel/cell/host.ts');
    const host = new CellProcessHost({ cwd: notebook.folder, program: '/nowhere/main.js' });
    await expect(host.start()).rejects.toThrow(/did not start[^]*Cannot find module/);
  });

  it('says when the folder of the notebook is gone', async () => {
    notebook = await Notebook.start();
    const { CellProcessHost } = await import('../../kernel/cell/host.ts');
    await expect(new CellProcessHost({ cwd: '/nowhere' }).start()).rejects.toThrow(/folder[^]*\/nowhere/);
  });
});
