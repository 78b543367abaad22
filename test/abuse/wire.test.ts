import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientChannel } from '../../kernel/client/index.ts';
import { endpoint } from '../../kernel/protocol/connection.ts';
import { failure, result, sleep, startKernel, type TestKernel } from '../kernel/real-kernel.ts';
import { hasProc, residentMegabytes } from '../support/process-tree.ts';
import { HostileMessages } from './hostile-messages.ts';
import { Random, seed } from './random.ts';

const batches = 20;
const messagesABatch = 500;
/** MB by which the kernel process may be larger after the last batch than after the fourth. */
const allowedGrowth = 150;

let kernel: TestKernel;
beforeAll(async () => void (kernel = await startKernel()));
afterAll(() => kernel.dispose());

/** The value of 1 + 1. Hostile requests before it may abort or interrupt it, rightly: then it is sent again. */
async function onePlusOne(): Promise<unknown> {
  for (;;) {
    const executed = await kernel.client.execute('1 + 1', { timeout: 60_000 });
    if (executed.reply.status !== 'aborted' && !/^Interrupted/.test(failure(executed))) return result(executed);
  }
}

describe(`hostile messages (TENSORCELL_FUZZ_SEED=${seed})`, () => {
  it(`${batches * messagesABatch} of them leave the kernel as it was`, { timeout: 300_000 }, async () => {
    const random = new Random();
    const hostile = new HostileMessages(random, kernel.client.connection.key);
    const pid = kernel.process.pid!;
    let before = 0;
    for (let batch = 1; batch <= batches; batch++) {
      for (let count = 0; count < messagesABatch; count++) {
        const channel = random.pick<ClientChannel>(['shell', 'shell', 'control', 'stdin']);
        kernel.client.sendFrames(channel, hostile.next());
      }
      expect(await onePlusOne(), `batch ${batch}`).toBe('2');
      expect((await kernel.client.kernelInfo({ channel: 'control', timeout: 20_000 })).status).toBe('ok');
      expect(await kernel.client.ping(20_000)).toBeGreaterThan(0);
      if (batch === 4) before = residentMegabytes(pid);
    }
    expect(kernel.process.exitCode).toBeNull();
    expect(kernel.log()).toMatch(/the signature does not match/);
    expect(kernel.log()).toMatch(/came before \(replayed\)/);
    // Nothing of what they said was an error that nobody had thought of.
    expect(kernel.log()).not.toMatch(/an error inside the kernel/);
    if (hasProc) expect(residentMegabytes(pid) - before).toBeLessThan(allowedGrowth);
  });

  it('of a field that is wrong are answered with the field', async () => {
    for (const [type, content, reason] of [
      ['complete_request', { code: 1, cursor_pos: 0 }, /code must be of type string, got 1/],
      ['inspect_request', { code: 'a', cursor_pos: 'b' }, /cursor_pos must be of type number, got "b"/],
      ['execute_request', { code: [] }, /code must be of type string, got \[\]/],
      ['history_request', { hist_access_type: 'all' }, /hist_access_type must be .*, got "all"/],
    ] as const) {
      const reply = await kernel.client.request(type, content, { timeout: 10_000 });
      expect(reply).toMatchObject({ status: 'error', evalue: expect.stringMatching(reason) as string });
    }
  });

  it('a recorded message is not executed again', async () => {
    await kernel.client.execute('let times = 0');
    const frames = kernel.client.frames('execute_request', { code: 'void times++' });
    for (let time = 0; time < 5; time++) kernel.client.sendFrames('shell', frames);
    expect(result(await kernel.client.execute('times'))).toBe('1');
  });

  it('bytes that are no ZeroMQ at all are survived on every socket', async () => {
    const random = new Random(seed + 1);
    for (const channel of ['shell', 'control', 'stdin', 'iopub', 'hb'] as const) {
      for (let count = 0; count < 20; count++) {
        const socket = connect(endpoint(kernel.client.connection, channel).replace('ipc://', ''));
        socket.on('error', () => {}); // the kernel hangs up, as it should
        socket.write(random.bytes(random.integer(1, 5_000)));
        await sleep(5);
        socket.destroy();
      }
      expect(await onePlusOne(), channel).toBe('2');
    }
  });
});
