import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { createConnectionFile, KernelClient } from '../../kernel/client/index.ts';
import { result, sleep, startForTest } from './real-kernel.ts';

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
async function gone(pid: number): Promise<void> {
  while (alive(pid)) await sleep(20);
}

describe('the life of a kernel', () => {
  it('says what it is', async () => {
    const { client } = await startForTest();
    const info = await client.kernelInfo();
    expect(info).toMatchObject({
      status: 'ok',
      protocol_version: '5.5',
      implementation: 'tensorcell',
      debugger: true,
      supported_features: ['debugger', 'kernel subshells'],
      language_info: { name: 'typescript', file_extension: '.ts', pygments_lexer: 'typescript' },
    });
    expect(info.banner).toMatch(/TensorCell .*TypeScript 7/);
  });

  it.each(['shell', 'control'] as const)(
    'ends with code 0 on shutdown_request on %s, its children too',
    async (channel) => {
      const { client, exited } = await startForTest();
      const pid = Number(result(await client.execute('process.pid')));
      const reply = await client.request('shutdown_request', { restart: false }, { channel, timeout: 30_000 });
      expect(reply).toEqual({ status: 'ok', restart: false });
      expect(await exited).toBe(0);
      await gone(pid);
    },
  );

  it('ends while a cell loops, by shutdown and by SIGTERM', async () => {
    for (const end of ['shutdown', 'SIGTERM'] as const) {
      const kernel = await startForTest();
      const pid = Number(result(await kernel.client.execute('process.pid')));
      const ready = kernel.client.nextIopub(({ content }) => content.text === 'ready\n', 30_000);
      kernel.client.execute('console.log("ready"); for (;;);').catch(() => {});
      await ready;
      if (end === 'shutdown') await kernel.client.shutdown(false, 30_000);
      else kernel.process.kill('SIGTERM');
      expect(await kernel.exited, kernel.log()).toBe(0);
      await gone(pid);
    }
  });

  it('ends when its parent does', async () => {
    const file = await createConnectionFile('ipc');
    const history = mkdtempSync(join(tmpdir(), 'history-'));
    const argv = [join(inject('dist'), 'kernel', 'main.js'), file.path];
    const script = `require('node:child_process').spawn(process.execPath, ${JSON.stringify(argv)}, { stdio: 'ignore' })`;
    const env = { ...process.env, TENSORCELL_HISTORY: history };
    const parent = spawn(process.execPath, ['-e', script], { stdio: 'ignore', env });
    const client = new KernelClient(file.connection);
    await client.ready();
    const pids = String(result(await client.execute('`${process.pid} ${process.ppid}`')));
    parent.kill('SIGKILL');
    for (const [pid] of pids.matchAll(/\d+/g)) await gone(Number(pid));
    client.close();
    file.remove();
    rmSync(history, { recursive: true });
  });

  it.runIf(process.platform === 'linux')('leaves no process behind where it is killed', async () => {
    const kernel = await startForTest();
    await kernel.client.execute('1'); // all of its children are there
    const { pid } = kernel.process;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    expect(children.length).toBeGreaterThanOrEqual(2);
    kernel.process.kill('SIGKILL');
    expect(await kernel.exited).toBe('SIGKILL');
    for (const child of children) await gone(child);
  });

  it('works over tcp, with two clients that both hear the output', async () => {
    const { client } = await startForTest({ transport: 'tcp' });
    const second = new KernelClient(client.connection);
    await second.ready();
    const heard = second.nextIopub(({ header }) => header.msg_type === 'execute_result', 30_000);
    await client.execute('6 * 7');
    expect((await heard).content).toMatchObject({ data: { 'text/plain': '42' } });
    second.close();
  });

  it('remembers its cells over restarts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'history-'));
    const env = { TENSORCELL_HISTORY: folder };
    const first = await startForTest({ env });
    await first.client.execute('"first kernel"');
    await first.dispose();
    const second = await startForTest({ env });
    await second.client.execute('const nothing = 0');
    const { history } = await second.client.history({ hist_access_type: 'tail', n: 2, output: true });
    expect(history).toEqual([
      [1, 1, ['"first kernel"', expect.stringContaining('first kernel') as string]],
      [2, 1, ['const nothing = 0', null]],
    ]);
    rmSync(folder, { recursive: true });
  });

  it('completes names with their types, and inspects', async () => {
    const { client } = await startForTest();
    await client.execute('const basket = { apples: 3, apricots: ["a"] }');
    const { matches, cursor_start, cursor_end, metadata } = await client.complete('"𝒳"; basket.ap');
    expect([...matches].sort()).toEqual(['apples', 'apricots']);
    expect([cursor_start, cursor_end]).toEqual([12, 14]);
    expect(metadata._jupyter_types_experimental?.map(({ type }) => type)).toEqual(['property', 'property']);
    const inspected = await client.inspect('basket');
    expect(inspected.found).toBe(true);
    expect(inspected.data['text/plain']).toMatch(/apples: number/);
    expect((await client.inspect('   ')).found).toBe(false);
  });

  it('knows complete code from incomplete', async () => {
    const { client } = await startForTest();
    const status = async (code: string) => (await client.isComplete(code)).status;
    expect(await status('const a = 1')).toBe('complete');
    expect(await status('function f() {')).toBe('incomplete');
    expect(await status('let let let')).toBe('invalid');
  });

  it('refuses ports that are taken, with a reason', async () => {
    const { connectionFile } = await startForTest({ transport: 'tcp' });
    const child = spawn(process.execPath, [join(inject('dist'), 'kernel', 'main.js'), connectionFile], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    child.stderr.on('data', (text) => (log += text));
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1);
    expect(log).toMatch(/the kernel cannot start with .*: .*(in use|EADDRINUSE)/i);
  });

  it('refuses a connection file that is none, with a reason', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'connection-'));
    const path = join(folder, 'c.json');
    writeFileSync(path, '{"shell_port": "many"}');
    const child = spawn(process.execPath, [join(inject('dist'), 'kernel', 'main.js'), path], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    child.stderr.on('data', (text) => (log += text));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).not.toBe(0);
    expect(log).toMatch(/shell_port must be a port number, got "many"/);
    expect(existsSync(path)).toBe(true);
    rmSync(folder, { recursive: true });
  });
});
