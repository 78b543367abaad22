import { describe, expect, it } from 'vitest';
import { Subscriber } from 'zeromq';
import { KernelClient } from '../../kernel/client/index.ts';
import { endpoint } from '../../kernel/protocol/connection.ts';
import { printed, result, sleep, startForTest } from '../kernel/real-kernel.ts';
import { hasProc, residentMegabytes } from '../support/process-tree.ts';

it('a million printed lines arrive, in order, before idle', { timeout: 300_000 }, async () => {
  const { client } = await startForTest();
  const lines = 1_000_000;
  let next = 0;
  let rest = '';
  const cell = await client.execute(`for (let line = 0; line < ${lines}; line++) console.log(line)`, {
    timeout: 280_000,
    onMessage: ({ header, content }) => {
      if (header.msg_type !== 'stream') return;
      const complete = (rest + String(content.text)).split('\n');
      rest = complete.pop()!;
      for (const line of complete) if (Number(line) === next) next++;
    },
  });
  // Nothing after idle is heard of the cell, so what is counted here came before.
  expect([next, rest]).toEqual([lines, '']);
  expect(cell.messages.length).toBeLessThan(5_000);
  expect(result(await client.execute('1 + 1'))).toBe('2');
});

describe('a client that does not read', () => {
  it.runIf(hasProc)('neither stalls the kernel nor makes it grow without bound', { timeout: 300_000 }, async () => {
    const { client, process } = await startForTest();
    await client.execute('const text = "x".repeat(99_999) + "\\n"');
    const stuck = new Subscriber({ receiveHighWaterMark: 1, linger: 0 });
    stuck.connect(endpoint(client.connection, 'iopub'));
    stuck.subscribe('');
    await sleep(300);
    const before = residentMegabytes(process.pid!);
    // 500 MB; 128 MB of it may wait for the stuck one.
    let heard = 0;
    for (let cell = 0; cell < 10; cell++) {
      await client.execute('for (let n = 0; n < 500; n++) process.stdout.write(text)', {
        timeout: 60_000,
        onMessage: ({ content }) => (heard += typeof content.text === 'string' ? content.text.length : 0),
      });
    }
    expect(heard).toBe(500_000_000); // who reads misses nothing
    expect(residentMegabytes(process.pid!) - before).toBeLessThan(330);
    expect(result(await client.execute('1 + 1'))).toBe('2');
    // When it reads again, it hears what is said from then on.
    const texts: string[] = [];
    const reading = (async () => {
      for await (const frames of stuck) texts.push(String(frames.at(-1)));
    })();
    const deadline = Date.now() + 60_000;
    for (let call = 0; !texts.some((text) => text.includes('"again')) && Date.now() < deadline; call++) {
      await client.execute(`console.log("again ${call}")`);
      await sleep(50);
    }
    expect(texts.some((text) => text.includes('"again'))).toBe(true);
    stuck.close();
    await reading;
  });

  it('may go away in the middle of a reply, of a cell, of a question', { timeout: 120_000 }, async () => {
    const { client, log } = await startForTest();
    for (let round = 0; round < 20; round++) {
      const other = new KernelClient(client.connection);
      await other.ready();
      other.execute('for (let n = 0; n < 20_000; n++) console.log(n)').catch(() => {});
      for (let count = 0; count < 20; count++) other.complete('Math.').catch(() => {});
      if (round % 4 === 0) other.execute('await input("nobody answers")', { allowStdin: true }).catch(() => {});
      await sleep(round * 3);
      other.close();
    }
    // The first question waits for an answer that will not come: it is interrupted, as a user would do.
    for (let aborted = true; aborted;) {
      await client.interrupt(30_000);
      const again = client.execute('console.log("still here")', { timeout: 60_000 });
      const over = await Promise.race([again.then(() => true), sleep(2_000).then(() => false)]);
      if (!over) continue;
      const cell = await again;
      aborted = cell.reply.status !== 'ok';
      if (!aborted) expect(printed(cell)).toBe('still here\n');
    }
    expect(log()).not.toMatch(/an error inside the kernel/);
  });
});
