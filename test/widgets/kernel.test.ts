/** @file Widgets through a real kernel: typed in cells, live while a cell trains, there again after a reload. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClientComms, type ClientComm } from '../../kernel/client/index.ts';
import type { Message } from '../../kernel/protocol/message.ts';
import { failure, printed, result, startKernel, type TestKernel } from '../kernel/real-kernel.ts';

let kernel: TestKernel;
let comms: ClientComms;
beforeAll(async () => {
  kernel = await startKernel();
  comms = new ClientComms(kernel.client);
});
afterAll(() => kernel.dispose());

const execute = (code: string) => kernel.client.execute(code, { timeout: 60_000 });
const run = async (code: string) => {
  const executed = await execute(code);
  expect(failure(executed)).toBe('ok');
  return executed;
};
const text = (messages: readonly Message[]) =>
  messages.map(({ header, content }) => (header.msg_type === 'stream' ? content.text : '')).join('');
const stateOf = (comm: ClientComm) => (comm.opening?.content.data as { state: Record<string, unknown> }).state;

/** The newest widget of a model. */
const newest = (model: string): ClientComm =>
  comms.opened('jupyter.widget').findLast((comm) => stateOf(comm)._model_name === model)!;
const update = (comm: ClientComm, state: object) => comm.send({ method: 'update', state, buffer_paths: [] });
const click = (comm: ClientComm) => comm.send({ method: 'custom', content: { event: 'click' } });

it('are there in any folder, as a global and as a module, with their types', async () => {
  const shown = await run(`
    import { IntSlider, type Change } from 'tensorcell/widgets';
    const slider: IntSlider = new IntSlider({ min: 1, max: 9, description: 'n' });
    slider.observe('value', ({ value, old }: Change<number>) => console.log(old.toFixed(), '->', value.toFixed()));
    slider
  `);
  const [output] = shown.outputs;
  expect(output).toMatchObject({
    output_type: 'execute_result',
    data: {
      'application/vnd.jupyter.widget-view+json': { version_major: 2, version_minor: 0 },
      'text/plain': "IntSlider { description: 'n', min: 1, max: 9, value: 1 }",
    },
  });
  expect(result(await run(`widgets.IntSlider === IntSlider && slider instanceof widgets.IntSlider`))).toBe('true');
  expect(failure(await execute(`slider.value = 'x'`))).toMatch(/^TypeScriptError: TS2322/);
  expect(failure(await execute(`new widgets.Dropdown({ options: ['sgd', 'adam'], value: 'adm' })`))).toContain(
    'TS2820',
  );
  expect(failure(await execute(`slider.observe('valu', () => {})`))).toMatch(/^TypeScriptError/);
  expect(failure(await execute(`const widgets = 1; widgets`))).toBe('ok');
  await run(`import * as widgets from 'tensorcell/widgets';`);
});

it('are the same in local modules', async () => {
  mkdirSync(join(kernel.folder, 'lib'));
  writeFileSync(
    join(kernel.folder, 'lib', 'panel.ts'),
    `import { IntSlider } from 'tensorcell/widgets';\nexport const make = (max: number): IntSlider => new IntSlider({ max });\n`,
  );
  expect(result(await run(`import { make } from './lib/panel.ts';\nmake(3) instanceof IntSlider`))).toBe('true');
});

it('answer the front end; what handlers print belongs to its message', async () => {
  const caused = await update(newest('IntSliderModel'), { value: 2 });
  expect(text(caused)).toBe('');
  const slider = comms.opened('jupyter.widget').find((comm) => stateOf(comm).description === 'n')!;
  expect(text(await update(slider, { value: 5 }))).toBe('1 -> 5\n');
  expect(result(await run('slider.value'))).toBe('5');
  await run(
    `const button = new widgets.Button(); button.onClick(() => { throw new RangeError('in the handler'); }); button`,
  );
  const failed = await click(newest('ButtonModel'));
  const error = failed.find(({ header }) => header.msg_type === 'error');
  expect(error?.content).toMatchObject({ ename: 'RangeError', evalue: 'in the handler' });
});

it('capture the output of cells, of handlers and of pictures that take a while', async () => {
  const { messages } = await run(`
    const out = new widgets.Output();
    out.with(() => {
      console.log('inside');
      display(tf.vis ? [{ a: 1 }, { a: 2 }] : 0);
    });
    console.log('outside');
  `);
  const cell = messages[0].parent_header.msg_id;
  const order = messages.flatMap(({ header, content }) => {
    if (header.msg_type === 'stream') return [content.text];
    if (header.msg_type === 'display_data') return ['display'];
    const state = (content.data as { state?: { msg_id?: string } } | undefined)?.state;
    return header.msg_type === 'comm_msg' && state?.msg_id !== undefined ? [state.msg_id] : [];
  });
  expect(order.filter((each) => each !== 'outside\n')).toEqual([cell, 'inside\n', 'display', '']);

  await run(`
    const press = new widgets.Button();
    press.onClick(out.capture(async () => {
      console.log('pressed');
      await new Promise((resolve) => setTimeout(resolve, 10));
      throw new Error('shown in the widget');
    }));
  `);
  const caused = await click(newest('ButtonModel'));
  const [first] = caused;
  const kinds = caused.map(({ header, content }) => {
    const state = (content.data as { state?: { msg_id?: string } } | undefined)?.state;
    return state?.msg_id ?? content.text ?? content.evalue ?? header.msg_type;
  });
  expect(kinds).toEqual(['status', first.parent_header.msg_id, 'pressed\n', 'shown in the widget', '', 'status']);
});

it('are live while a cell trains: a slider answers, a button stops it', async () => {
  await run(`
    const rate = new widgets.FloatLogSlider({ min: -4, max: 0, value: 0.01 });
    const stop = new widgets.Button({ description: 'Stop' });
    const bar = new widgets.IntProgress();
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    stop.onClick(() => {
      model.stopTraining = true;
      console.log('stopping');
    });
    rate.observe('value', ({ value }) => console.log('rate', value));
  `);
  const rate = newest('FloatLogSliderModel');
  const stop = newest('ButtonModel');
  const bar = newest('IntProgressModel');
  const moved = new Promise((resolve) => bar.onMessage(resolve));
  const training = run(`
    const live = new tf.callbacks.LambdaCallback({ onEpochEnd: (epoch: number) => { bar.value = epoch % 100; } });
    const history = await model.fit(tf.ones([64, 4]), tf.ones([64, 1]), { epochs: 1e6, verbose: 0, callbacks: [live] });
    console.log('over', history.epoch.length < 1e6);
  `);
  await moved;
  expect(text(await update(rate, { value: 0.1 }))).toBe('rate 0.1\n');
  expect(text(await click(stop))).toBe('stopping\n');
  expect(printed(await training)).toBe('over true\n');
  expect(result(await run('rate.value'))).toBe('0.1');
});

it('run interact with their controls', async () => {
  const { outputs } = await run(
    `widgets.interact(({ n, unit }) => \`\${n * 2} \${unit}\`, { n: [0, 10], unit: ['m', 'km'] })`,
  );
  expect(outputs.map((output) => (output.output_type === 'display_data' ? output.data['text/plain'] : output))).toEqual(
    ["'10 m'", expect.stringContaining('Interactive {')],
  );
  const caused = await update(newest('IntSliderModel'), { value: 8 });
  const shown = caused.find(({ header }) => header.msg_type === 'display_data');
  expect(shown?.content.data).toMatchObject({ 'text/plain': "'16 m'" });
});

it('give a page that was reloaded all models, and are gone with their process', async () => {
  const control = await comms.open('jupyter.widget.control', {}, { metadata: { version: '1.0.0' } });
  await control.send({ method: 'request_states' });
  const { states } = control.messages[0].content.data as { states: Record<string, { state: Record<string, unknown> }> };
  const slider = comms.opened('jupyter.widget').find((comm) => stateOf(comm).description === 'n')!;
  expect(states[slider.id].state).toMatchObject({ value: 5, max: 9 });
  const known = Object.keys(await comms.info('jupyter.widget'));
  expect(Object.keys(states).sort()).toEqual(known.sort());

  const closed = kernel.client.nextIopub(
    ({ header, content }) => header.msg_type === 'comm_close' && content.comm_id === slider.id,
    30_000,
  );
  await execute('process.exit()');
  await closed;
  expect(await comms.info('jupyter.widget')).toEqual({});
  const fresh = await comms.open('jupyter.widget.control', {}, { metadata: { version: '1.0.0' } });
  await fresh.send({ method: 'request_states' });
  expect(fresh.messages[0].content.data).toEqual({ method: 'update_states', states: {}, buffer_paths: [] });
});

it('a flood of updates arrives in its last state, before the end of the cell, and few as they are', async () => {
  await run(`const flooded = new widgets.IntProgress({ max: 1e6 }), second = new widgets.Label();`);
  const bar = newest('IntProgressModel');
  const label = newest('LabelModel');
  const before = bar.messages.length;
  const { messages } = await run(`
    for (let step = 1; step <= 20_000; step++) {
      flooded.value = step;
      second.value = String(step);
      if (step % 100 === 0) console.log(step);
    }
  `);
  const last = (comm: ClientComm) => (comm.messages.at(-1)?.content.data as { state: { value: unknown } }).state.value;
  expect([last(bar), last(label)]).toEqual([20_000, '20000']);
  expect(bar.messages.length - before).toBeLessThan(15_000);
  const idle = messages.findLastIndex(({ header }) => header.msg_type === 'status');
  const final = messages.findLastIndex(({ header }) => header.msg_type === 'comm_msg');
  expect(final).toBeLessThan(idle);
  expect(text(messages).trimEnd().split('\n')).toHaveLength(200);
});

it('a link is a value that a cell can end with', async () => {
  const shown = await run(
    `widgets.jslink([new widgets.Play(), 'value'], [new widgets.IntSlider({ description: 'linked' }), 'value'])`,
  );
  expect(result(shown)).toMatch(/^Link \{/);
});
