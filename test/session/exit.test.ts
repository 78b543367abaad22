/** @file `exit` and `quit`: what front ends are told, and that the kernel ends as ipykernel does. */
import { describe, expect, it } from 'vitest';
import { exitQuery } from '../../kernel/session/exit-query.ts';
import { failure, printed, result, startForTest } from '../kernel/real-kernel.ts';

describe('a cell that is nothing but', () => {
  it.each([
    ['exit', 'exit', false],
    [' quit ; ', 'quit', false],
    ['exit()', 'exit', false],
    ['quit( false )\n', 'quit', false],
    ['exit(true)', 'exit', true],
    // What qtconsole sends where it leaves the kernel to others.
    ['exit True', 'exit', true],
  ])('%j asks for the end', (code, name, keepsKernel) => expect(exitQuery(code)).toEqual({ name, keepsKernel }));

  it.each(['exit(1)', 'exit.code', 'let exit = 1', 'exit()\n1', 'await exit()', 'exits'])('%j is TypeScript', (code) =>
    expect(exitQuery(code)).toBeUndefined(),
  );
});

describe('exit', () => {
  it.each(['exit', 'quit()'])('%s is told to the front end, and the kernel ends', async (code) => {
    const kernel = await startForTest();
    const told = kernel.client.nextIopub(({ header }) => header.msg_type === 'shutdown_reply', 20_000);
    const { reply } = await kernel.client.execute(code);
    expect(reply).toMatchObject({ status: 'ok', payload: [{ source: 'ask_exit', keepkernel: false }] });
    expect((await told).content).toEqual({ status: 'ok', restart: false });
    expect(await kernel.exited).toBe(0);
  });

  it('may keep the kernel', async () => {
    const { client } = await startForTest();
    const { reply } = await client.execute('exit(true)');
    expect(reply).toMatchObject({ status: 'ok', payload: [{ source: 'ask_exit', keepkernel: true }] });
    expect(result(await client.execute('1 + 1'))).toBe('2');
  });

  it("is the notebook's own where it declares the name", async () => {
    const { client } = await startForTest();
    await client.execute(`function exit() { console.log('mine') }\nimport { exit as quit } from 'node:process'`);
    expect(printed(await client.execute('exit()'))).toBe('mine\n');
    expect(failure(await client.execute('quit()'))).toMatch(/^ProcessExit/);
    expect(result(await client.execute('1 + 1'))).toBe('2');
  });

  it('aborts what waits', async () => {
    const { client, exited } = await startForTest();
    const [leaving, waiting] = [client.execute('exit'), client.execute('1')];
    expect((await leaving).reply.status).toBe('ok');
    expect((await waiting).reply.status).toBe('aborted');
    expect(await exited).toBe(0);
  });
});

describe('a shutdown_request that says nothing sensible', () => {
  it('is refused, and the kernel lives', async () => {
    const { client } = await startForTest();
    await client.execute('const kept = 1');
    expect(await client.request('shutdown_request', { restart: 'soon' }, { channel: 'control' })).toMatchObject({
      status: 'error',
      ename: 'InvalidRequest',
      evalue: 'restart must be of type boolean, got "soon".',
    });
    expect(result(await client.execute('kept'))).toBe('1');
  });
});
