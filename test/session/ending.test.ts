/** @file How a kernel ends: what its clients hear, and that no process stays. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { createConnectionFile, KernelClient } from '../../kernel/client/index.ts';
import { announcedParent, isAlive } from '../../kernel/session/parent-watch.ts';
import { processTree } from '../../kernel/session/process-tree.ts';
import { failure, printed, result, startForTest, type TestKernel } from '../kernel/real-kernel.ts';

/** A cell that starts programs which would stay, and then loops. */
const programs = `
  import { spawn } from 'node:child_process';
  spawn('sh', ['-c', 'sleep 1000 & sleep 1000 & wait'], { stdio: 'ignore' });
  spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await new Promise((resolve) => setTimeout(resolve, 200));
  console.log('ready');
`;
async function begin({ client }: TestKernel, code: string) {
  const ready = client.nextIopub(({ content }) => String(content.text).includes('ready'), 20_000);
  const running = client.execute(code);
  running.catch(() => {});
  await ready;
  return { running };
}
const gone = (pid: number) => expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false);

describe.runIf(process.platform === 'linux')('no process is left', () => {
  it.each([
    ['shutdown_request', '', (kernel: TestKernel) => void kernel.client.shutdown()],
    ['shutdown_request while a cell loops', 'for (;;);', (kernel: TestKernel) => void kernel.client.shutdown(true)],
    ['SIGTERM while a cell loops', 'for (;;);', (kernel: TestKernel) => kernel.process.kill('SIGTERM')],
    ['SIGKILL', '', (kernel: TestKernel) => kernel.process.kill('SIGKILL')],
    ['SIGKILL while a cell loops', 'for (;;);', (kernel: TestKernel) => kernel.process.kill('SIGKILL')],
    [
      'SIGKILL while a cell blocks',
      'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
      (kernel: TestKernel) => kernel.process.kill('SIGKILL'),
    ],
  ])('by %s', async (_, code, end) => {
    const kernel = await startForTest();
    await begin(kernel, `${programs}${code}`);
    const tree = await processTree(kernel.process.pid!);
    // The kernel, the cell process, the TypeScript server, a shell with two programs, and Node.
    expect(tree.length).toBeGreaterThanOrEqual(7);
    end(kernel);
    await kernel.exited;
    for (const { pid } of tree) await gone(pid);
  });

  /** Programs that leave the cell process's group, as daemons do; printed are their numbers. */
  const daemons = `
    import { spawn as start } from 'node:child_process';
    const own = start('sleep', ['1000'], { detached: true, stdio: 'ignore' });
    own.unref();
    const lines = %sx setsid sh -c 'sleep 1001 >/dev/null 2>&1 & echo $!'
    console.log('ready', own.pid, ...lines);
  `.trim();

  it.each([
    ['shutdown_request', (kernel: TestKernel) => void kernel.client.shutdown()],
    ['SIGKILL', (kernel: TestKernel) => void kernel.process.kill('SIGKILL')],
    ['%reset', (kernel: TestKernel) => kernel.client.execute('%reset -f')],
    ['the end of the cell process', (kernel: TestKernel) => kernel.client.execute('process.exit()')],
  ])('by %s, of those that left the group', async (_, end) => {
    const kernel = await startForTest();
    const pids = (printed(await kernel.client.execute(daemons)).match(/\d+/g) ?? []).map(Number);
    expect(pids).toHaveLength(2);
    for (const pid of pids) expect(isAlive(pid)).toBe(true);
    await end(kernel);
    for (const pid of pids) await gone(pid);
  });

  it('where the cell process alone is killed', async () => {
    const kernel = await startForTest();
    await begin(kernel, programs);
    const own = Number(result(await kernel.client.execute('process.pid')));
    const started = (await processTree(own)).map(({ pid }) => pid);
    expect(started.length).toBeGreaterThanOrEqual(5);
    process.kill(own, 'SIGKILL');
    for (const pid of started) await gone(pid);
    expect(result(await kernel.client.execute('1 + 1'))).toBe('2');
  });
});

describe('clients of a kernel that ends', () => {
  it('hear how the running cell ended and that those that wait are aborted, before the shutdown_reply', async () => {
    const kernel = await startForTest();
    const heard: string[] = [];
    kernel.client.onIopub(({ header }) => heard.push(header.msg_type));
    const { running } = await begin(kernel, 'console.log("ready"); for (;;);');
    const waiting = kernel.client.execute('1');
    const told = kernel.client.nextIopub(({ header }) => header.msg_type === 'shutdown_reply', 30_000);
    expect(await kernel.client.shutdown(true)).toEqual({ status: 'ok', restart: true });
    expect(failure(await running)).toMatch(/^ProcessStopped/);
    expect((await waiting).reply.status).toBe('aborted');
    expect((await told).content).toEqual({ status: 'ok', restart: true });
    expect(heard.indexOf('shutdown_reply')).toBeGreaterThan(heard.indexOf('error'));
    expect(await kernel.exited).toBe(0);
  });

  it('are told of an end that no client asked for', async () => {
    const kernel = await startForTest();
    const told = kernel.client.nextIopub(({ header }) => header.msg_type === 'shutdown_reply', 30_000);
    kernel.process.kill('SIGTERM');
    expect(await told).toMatchObject({ content: { status: 'ok', restart: false }, parent_header: {} });
    expect(await kernel.exited).toBe(0);
  });
});

describe('the parent', () => {
  it('that Jupyter names ends the kernel, though a wrapper stands between', async () => {
    const file = await createConnectionFile('ipc');
    const history = mkdtempSync(join(tmpdir(), 'history-'));
    // The front end starts a wrapper that lives on, which starts the kernel.
    const kernel = [process.execPath, join(inject('dist'), 'kernel', 'main.js'), file.path];
    const wrapper = `const child = require('child_process').spawn(${JSON.stringify(kernel[0])}, ${JSON.stringify(kernel.slice(1))}, { stdio: 'ignore' });
      child.on('exit', () => process.exit());`;
    const frontEnd = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(wrapper)}],
      { stdio: 'ignore', detached: true, env: { ...process.env, JPY_PARENT_PID: String(process.pid) } }); setInterval(() => {}, 1000);`;
    const env = { ...process.env, TENSORCELL_HISTORY: history };
    const parent = spawn(process.execPath, ['-e', frontEnd], { stdio: 'ignore', env });
    const client = new KernelClient(file.connection);
    await client.ready();
    const pids = String(result(await client.execute('`${process.pid} ${process.ppid}`'))).match(/\d+/g)!;
    parent.kill('SIGKILL');
    for (const pid of pids) await gone(Number(pid));
    client.close();
    file.remove();
    rmSync(history, { recursive: true });
  });

  it('is not watched by a number that means something else', () => {
    expect(announcedParent(undefined, 'linux')).toBeUndefined();
    expect(announcedParent('nonsense', 'linux')).toBeUndefined();
    expect(announcedParent('999999999', 'linux')).toBeUndefined();
    expect(announcedParent(String(process.pid), 'win32')).toBeUndefined();
    expect(announcedParent(String(process.pid), 'linux')).toBe(process.pid);
  });
});
