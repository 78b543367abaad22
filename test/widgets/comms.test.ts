/** @file Comms through a real kernel: both directions, while cells run, with binary parts. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ClientComms } from '../../kernel/client/index.ts';
import type { Message } from '../../kernel/protocol/message.ts';
import { failure, printed, result, startKernel, type TestKernel } from '../kernel/real-kernel.ts';

let kernel: TestKernel;
let comms: ClientComms;
beforeAll(async () => {
  kernel = await startKernel();
  comms = new ClientComms(kernel.client);
  await run(`import { Comm, registerTarget } from 'tensorcell/comm';`);
});
afterAll(() => kernel.dispose());
beforeEach(async () => {
  for (const comm of comms.opened()) await comm.close();
});

const run = async (code: string) => {
  const executed = await kernel.client.execute(code, { timeout: 30_000 });
  expect(failure(executed)).toBe('ok');
  return executed;
};
const types = (messages: readonly Message[]) => messages.map(({ header }) => header.msg_type);
const text = (messages: readonly Message[], name = 'stdout') =>
  messages
    .map(({ header, content }) => (header.msg_type === 'stream' && content.name === name ? content.text : ''))
    .join('');

it('opens from a cell, with data, metadata and buffers, under the header of the cell', async () => {
  const { messages } = await run(`
    const comm = new Comm({
      targetName: 'numbers',
      data: { from: 1 },
      metadata: { version: '1' },
      buffers: [new Float32Array([1.5, -2])],
    });
    comm.send({ next: 2 }, { buffers: [new Uint8Array([7, 8]), new DataView(new ArrayBuffer(2))] });
    comm.commId.length
  `);
  const [opened] = comms.opened('numbers');
  const message = opened.opening!;
  expect(message.content).toEqual({ comm_id: opened.id, target_name: 'numbers', data: { from: 1 } });
  expect(message.metadata).toEqual({ version: '1' });
  expect(new Float32Array(new Uint8Array(message.buffers[0]).buffer)).toEqual(new Float32Array([1.5, -2]));
  expect(messages.map(({ header }) => header.msg_id)).toContain(message.header.msg_id);
  expect(opened.messages.map(({ content }) => content.data)).toEqual([{ next: 2 }]);
  expect(opened.messages[0].buffers.map((buffer) => [...buffer])).toEqual([
    [7, 8],
    [0, 0],
  ]);
});

it('hands messages to the cell process, whose output goes to the message, between busy and idle', async () => {
  await run(`
    const heard = new Comm({ targetName: 'heard' });
    heard.onMsg(async ({ data, metadata, buffers }) => {
      console.log('got', data.n, metadata.m, [...buffers[0]]);
      await new Promise((resolve) => setTimeout(resolve, 20));
      heard.send({ twice: Number(data.n) * 2 }, { buffers });
      display('shown');
      console.log('done');
    });
  `);
  const [comm] = comms.opened('heard');
  const caused = await comm.send({ n: 4 }, { metadata: { m: 'meta' }, buffers: [new Uint8Array([0, 255, 10])] });
  expect(types(caused)).toEqual(['status', 'stream', 'comm_msg', 'display_data', 'stream', 'status']);
  expect(text(caused)).toBe('got 4 meta [ 0, 255, 10 ]\ndone\n');
  expect(caused[2].content).toEqual({ comm_id: comm.id, data: { twice: 8 } });
  expect([...caused[2].buffers[0]]).toEqual([0, 255, 10]);
  // The cell that made the handler gets none of it.
  expect(printed(await run('1'))).toBe('');
});

it('reports what a handler throws under the message, and the other handlers still hear it', async () => {
  await run(`
    const failing = new Comm({ targetName: 'failing' });
    failing.onMsg(() => {
      throw new RangeError('out of reach');
    });
    failing.onMsg(() => console.log('second'));
    failing.onMsg(async () => { throw new Error('later'); });
  `);
  const [comm] = comms.opened('failing');
  const caused = await comm.send({});
  expect(text(caused)).toBe('second\n');
  const errors = caused.filter(({ header }) => header.msg_type === 'error').map(({ content }) => content);
  expect(errors.map(({ ename, evalue }) => `${String(ename)}: ${String(evalue)}`)).toEqual([
    'RangeError: out of reach',
    'Error: later',
  ]);
  expect(String(errors[0].traceback)).toContain('out of reach');
  expect(String(errors[0].traceback)).toMatch(/cell_\d+\.ts:4/);
});

it('answers comms of the front end for a registered target, and closes the others', async () => {
  await run(`
    const stopEcho = registerTarget('echo', (comm, { data, buffers }) => {
      comm.onMsg((message) => comm.send({ echo: message.data }));
      comm.onClose((message) => console.log('closed', message.data.why));
      comm.send({ hello: data, bytes: buffers.length });
    });
    registerTarget('refusing', () => { throw new Error('no'); });
  `);
  const comm = await comms.open('echo', { name: 'front end' }, { buffers: [new Uint8Array(3)] });
  expect(comm.closed).toBe(false);
  expect(comm.messages[0].content.data).toEqual({ hello: { name: 'front end' }, bytes: 1 });
  await comm.send({ x: 1 });
  expect(comm.messages[1].content.data).toEqual({ echo: { x: 1 } });
  expect(await comms.info('echo')).toEqual({ [comm.id]: { target_name: 'echo' } });
  expect(text(await comm.close({ why: 'finished' }))).toBe('closed finished\n');
  expect(await comms.info('echo')).toEqual({});

  expect((await comms.open('nobody')).closed).toBe(true);
  expect((await comms.open('refusing')).closed).toBe(true);
  await run('stopEcho()');
  expect((await comms.open('echo')).closed).toBe(true);
});

it('lists the comms that are open, by target, while a cell loops too', async () => {
  await run(`const a = new Comm({ targetName: 'listed' }), b = new Comm({ targetName: 'other' }); b.commId`);
  const [a] = comms.opened('listed');
  const [b] = comms.opened('other');
  const looping = kernel.client.execute('for (;;) {}');
  expect(await comms.info('listed')).toEqual({ [a.id]: { target_name: 'listed' } });
  expect(await comms.info()).toMatchObject({ [a.id]: { target_name: 'listed' }, [b.id]: { target_name: 'other' } });
  await kernel.client.interrupt(30_000);
  await looping;
  await run('b.close({ bye: true })');
  expect(b.closed).toBe(true);
  expect(await comms.info('other')).toEqual({});
  const again = await kernel.client.execute('b.send({})');
  expect(failure(again)).toContain('is closed');
});

it('delivers while a cell awaits', async () => {
  await run(`const gate = new Comm({ targetName: 'gate' });`);
  const [gate] = comms.opened('gate');
  const waiting = run(
    'await new Promise((resolve) => gate.onMsg(({ data }) => { console.log("open"); resolve(data.value); }))',
  );
  // The cell may not have begun: the handler hears the one that comes after it.
  let answered = false;
  void waiting.then(() => (answered = true));
  let caused: readonly Message[] = [];
  while (!answered) caused = [...caused, ...(await gate.send({ value: 11 }))];
  expect(result(await waiting)).toBe('11');
  expect(text(caused)).toMatch(/^open\n/);
});

it('is stopped by an interrupt: handlers that loop, and handlers that train', async () => {
  await run(`
    let steps = 0;
    const busy = new Comm({ targetName: 'busy' });
    busy.onMsg(async ({ data }) => {
      if (data.loop) {
        console.log('looping');
        for (;;) steps++;
      }
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
      model.compile({ optimizer: 'sgd', loss: 'mse' });
      const count = new tf.callbacks.LambdaCallback({ onTrainBatchEnd: () => { if (++steps === 20) console.log('training'); } });
      await model.fit(tf.ones([640, 4]), tf.ones([640, 1]), { epochs: 1e6, verbose: 0, callbacks: [count] });
    });
  `);
  const [busy] = comms.opened('busy');
  const training = kernel.client.nextIopub(({ content }) => String(content.text).includes('training'), 30_000);
  const trained = busy.send({});
  await training;
  await kernel.client.interrupt(30_000);
  await trained;
  const before = Number(result(await run('await new Promise((resolve) => setTimeout(resolve, 100)), steps')));
  expect(Number(result(await run('await new Promise((resolve) => setTimeout(resolve, 200)), steps')))).toBe(before);

  const looping = kernel.client.nextIopub(({ content }) => String(content.text).includes('looping'), 30_000);
  const looped = busy.send({ loop: true });
  await looping;
  await kernel.client.interrupt(30_000);
  const errors = (await looped).filter(({ header }) => header.msg_type === 'error');
  expect(errors.map(({ content }) => content.ename)).toEqual(['Interrupted']);
  expect(result(await run('1 + 1'))).toBe('2');
});

it('says what is wrong with arguments', async () => {
  const message = async (code: string) => {
    await kernel.client.execute('%typecheck off');
    const executed = await kernel.client.execute(code);
    await kernel.client.execute('%typecheck on');
    return failure(executed);
  };
  expect(await message(`new Comm({ targetName: '' })`)).toBe(
    "TypeError: Comm: targetName must be the name of a target, got ''.",
  );
  expect(await message(`new Comm({ targetName: 'x', data: [1] })`)).toBe(
    'TypeError: Comm: data must be an object, got [ 1 ].',
  );
  expect(await message(`new Comm({ targetName: 'x', buffers: ['a'] })`)).toContain('buffers must be typed arrays');
});

it('ends a message whose handler ends the process; the kernel has no more to say of it than that it ended', async () => {
  await run(`const ending = new Comm({ targetName: 'ending' }); ending.onMsg(() => process.exit(4));`);
  const [ending] = comms.opened('ending');
  const said = kernel.client.nextIopub(({ content }) => String(content.text).includes('ended with code 4'), 30_000);
  const caused = await ending.send({});
  expect(types(caused).filter((type) => type === 'status')).toHaveLength(2);
  await said;
  await expect.poll(() => ending.closed, { timeout: 30_000 }).toBe(true);
  expect(kernel.log()).not.toContain('comm_msg failed');
  await run(`import { Comm, registerTarget } from 'tensorcell/comm';`);
});

it('closes every comm when the cell process is replaced', async () => {
  await run(`const lost = new Comm({ targetName: 'lost' });`);
  const [lost] = comms.opened('lost');
  const closed = kernel.client.nextIopub(
    ({ header, content }) => header.msg_type === 'comm_close' && content.comm_id === lost.id,
    30_000,
  );
  await kernel.client.execute('process.exit(3)');
  await closed;
  expect(await comms.info()).toEqual({});
  const dropped = await lost.send({});
  expect(types(dropped)).toEqual(['status', 'status']);
});
