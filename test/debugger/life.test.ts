import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure, printed, result } from '../kernel/real-kernel.ts';
import { DebugClient, patience } from './debug-client.ts';

let debug: DebugClient;
beforeEach(async () => void (debug = await DebugClient.start()));
afterEach(() => debug.dispose());

const stopping = 'function stop(n: number) {\n  return n + 1;\n}\nstop(1)';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a debugging session', () => {
  it('is announced by kernel_info and by its capabilities', async () => {
    const info = await debug.kernel.client.kernelInfo();
    expect(info).toMatchObject({ debugger: true, supported_features: expect.arrayContaining(['debugger']) });
    expect(await debug.request('initialize', { clientID: 'vscode' })).toMatchObject({
      supportsConfigurationDoneRequest: true,
      supportsConditionalBreakpoints: true,
      supportsLogPoints: true,
      supportsSetVariable: true,
      exceptionBreakpointFilters: [{ filter: 'caught' }, { filter: 'uncaught' }],
    });
    await debug.event('initialized');
    expect(await debug.request('threads')).toEqual({ threads: [{ id: 1, name: expect.any(String) }] });
  });

  it('is interrupted where it is stopped; state and breakpoints are kept', async () => {
    await debug.run('const kept = 5;');
    await debug.breakAt(stopping, 2);
    const cell = debug.run(`${stopping}`);
    await debug.stopped();
    await debug.kernel.client.interrupt(patience);
    expect(failure(await cell)).toContain('Interrupted');
    await debug.event('continued');
    expect(result(await debug.run('kept'))).toBe('5');
    const again = debug.run(stopping);
    await debug.stopped();
    await debug.request('terminate');
    expect(failure(await again)).toContain('Interrupted');
    expect(result(await debug.run('kept + 1'))).toBe('6');
  });

  it('lets a loop and an await be interrupted while it is attached', async () => {
    await debug.breakAt(stopping, 2);
    // The last one again and again: where a termination meets Node's hooks of promises, it must not be lost.
    const codes = ['for (;;) {}', 'await new Promise(() => {});', ...Array<string>(12).fill('for (;;) await 1;')];
    for (const code of codes) {
      const cell = debug.kernel.client.execute(`console.log('on');\n${code}`);
      await debug.kernel.client.nextIopub(({ header }) => header.msg_type === 'stream', patience);
      await debug.kernel.client.interrupt(patience);
      expect(failure(await cell)).toContain('Interrupted');
    }
    const cell = debug.run(stopping);
    await debug.stopped();
    await debug.go();
    expect(result(await cell)).toBe('2');
  });

  it('can be interrupted at any moment of stopping and going on', async () => {
    const code = 'let turns = 0;\nconst turn = () => {\n  turns++;\n};\nconsole.log("on");\nfor (;;) turn();';
    await debug.breakAt(code, 3);
    for (let round = 0; round < 12; round++) {
      const printed = debug.kernel.client.nextIopub(({ header }) => header.msg_type === 'stream', patience);
      const cell = debug.run(code);
      await printed;
      await debug.stopped();
      let over = false;
      // Goes on as fast as it can, so that the interrupt meets stops, steps, and what lies between.
      const going = (async () => {
        while (!over) await debug.ask(round % 2 === 0 ? 'continue' : 'next', { threadId: 1 });
      })();
      await new Promise((resolve) => setTimeout(resolve, round * 3));
      await debug.kernel.client.interrupt(patience);
      expect(failure(await cell)).toContain('Interrupted');
      over = true;
      await going;
      await debug.letGo();
    }
    expect(result(await debug.run('turns > 0'))).toBe('true');
  });

  it('gives up evaluations that await when it is interrupted', async () => {
    const waiting = debug.ask('evaluate', { expression: 'await new Promise(() => {})', context: 'repl' });
    // Requests are answered in their order: the evaluation has begun.
    await debug.request('evaluate', { expression: '1', context: 'repl' });
    await debug.kernel.client.interrupt(patience);
    expect(await waiting).toMatchObject({ success: false, message: 'The evaluation was interrupted.' });
  });

  it('is shared by two front ends', async () => {
    const other = debug.another();
    try {
      await other.kernel.client.ready();
      expect(await other.request('debugInfo')).toMatchObject({ isStarted: true, stoppedThreads: [] });
      await other.attach();
      await debug.breakAt(stopping, 2);
      const cell = debug.run(stopping);
      await Promise.all([debug.stopped(), other.stopped()]);
      expect(await other.request('debugInfo')).toMatchObject({ stoppedThreads: [1], breakpoints: [{}] });
      expect(await other.values('Locals')).toEqual({ n: '1' });
      await other.step('next');
      await debug.stopped();
      await debug.go();
      await other.event('continued');
      expect(result(await cell)).toBe('2');
    } finally {
      other.kernel.client.close();
    }
  });

  it('takes the cell process with it where the kernel is killed at a stop', async () => {
    await debug.breakAt(stopping, 2);
    debug.run(stopping).catch(() => undefined);
    await debug.stopped();
    const pid = Number(await debug.evaluate('process.pid'));
    debug.kernel.process.kill('SIGKILL');
    await debug.kernel.exited;
    await expect.poll(() => isAlive(pid), { timeout: patience }).toBe(false);
  });

  it('survives the death of the cell process, at a stop and elsewhere, with its breakpoints', async () => {
    await debug.breakAt(stopping, 2);
    const cell = debug.run(stopping);
    await debug.stopped();
    const pid = Number(await debug.evaluate('process.pid'));
    process.kill(pid, 'SIGKILL');
    expect((await cell).reply.status).toBe('error');
    await debug.event('continued');
    const exits = await debug.run('process.exit(3);');
    expect(exits.reply.status).toBe('error');
    expect(printed(exits, 'stderr')).not.toContain('debugger');
    const again = debug.run(stopping);
    await debug.stopped();
    expect(await debug.stack()).toEqual(['stop:2', '<cell>:4']);
    await debug.go();
    expect(result(await again)).toBe('2');
  });

  it('ends with disconnect: what stands goes on, and nothing stops any more', async () => {
    await debug.breakAt(stopping, 2);
    const cell = debug.run(stopping);
    await debug.stopped();
    await debug.request('disconnect', { restart: false, terminateDebuggee: false });
    expect(result(await cell)).toBe('2');
    expect(result(await debug.run(stopping))).toBe('2');
    expect(await debug.request('debugInfo')).toMatchObject({ isStarted: false, breakpoints: [], stoppedThreads: [] });
    await debug.attach();
    await debug.breakAt(stopping, 4);
    const again = debug.run(stopping);
    await debug.stopped();
    expect(await debug.stack()).toEqual(['<cell>:4']);
    await debug.go();
    await again;
  });

  it('opens no port, and the kernel ends while something is stopped', async () => {
    await debug.breakAt(stopping, 2);
    void debug.run(stopping).catch(() => undefined);
    await debug.stopped();
    const pid = await debug.evaluate('process.pid');
    const sockets = execFileSync('ls', ['-l', `/proc/${pid}/fd`], { encoding: 'utf8' }).match(/socket:\[\d+\]/g) ?? [];
    const listening = execFileSync('cat', ['/proc/net/tcp', '/proc/net/tcp6'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.trim().split(/\s+/)[3] === '0A')
      .map((line) => `socket:[${line.trim().split(/\s+/)[9]}]`);
    expect(sockets.filter((socket) => listening.includes(socket))).toEqual([]);
    await debug.kernel.stop(patience);
    expect(await debug.kernel.exited).toBe(0);
    await expect.poll(() => isAlive(Number(pid)), { timeout: patience }).toBe(false);
  });
});
