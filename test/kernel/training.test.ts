import { afterAll, beforeAll, expect, it } from 'vitest';
import { failure, result, sleep, startKernel, type TestKernel } from './real-kernel.ts';

let kernel: TestKernel;
beforeAll(async () => void (kernel = await startKernel()));
afterAll(() => kernel.dispose());

it('interrupts fit: training ends with the cell, the model and what it learned stay', async () => {
  const run = (code: string) => kernel.client.execute(code, { timeout: 60_000 });
  const made = await run(`
    let steps = 0;
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    const count = new tf.callbacks.LambdaCallback({ onTrainBatchEnd: () => { if (++steps === 50) console.log('ready'); } });
  `);
  expect(failure(made)).toBe('ok');
  const ready = kernel.client.nextIopub(({ content }) => String(content.text).includes('ready'), 20_000);
  const fitting = run(
    'await model.fit(tf.ones([640, 4]), tf.ones([640, 1]), { epochs: 1e6, verbose: 0, callbacks: [count] })',
  );
  await ready;
  await kernel.client.interrupt(10_000);
  expect(failure(await fitting)).toMatch(/^Interrupted/);
  await sleep(100);
  const after = Number(result(await run('steps')));
  await sleep(300);
  expect(Number(result(await run('steps')))).toBe(after);
  expect(after).toBeGreaterThanOrEqual(50);
  expect(result(await run('model.predict(tf.ones([1, 4])).shape[0]'))).toBe('1');
  expect(failure(await run('await model.fit(tf.ones([64, 4]), tf.ones([64, 1]), { verbose: 0 })'))).toBe('ok');
});

it.each([
  ['a trace', `tf.function((x: tf.Tensor) => { console.log('ready'); for (;;); return x; })(tf.scalar(1))`],
  [
    'a tape within tidy',
    `const tape = new tf.GradientTape(); tf.tidy(() => tape.record(() => { console.log('ready'); for (;;) v.square(); }))`,
  ],
])('leaves nothing of %s open when an interrupt terminates it', async (_, code) => {
  const run = (cell: string) => kernel.client.execute(cell, { timeout: 60_000 });
  expect(
    failure(await run(`var v = tf.variable(3); tf.setSeed(1); var first = tf.randomNormal([2]).arraySync();`)),
  ).toBe('ok');
  const ready = kernel.client.nextIopub(({ content }) => String(content.text).includes('ready'), 20_000);
  const running = run(code);
  await ready;
  await kernel.client.interrupt(20_000);
  expect(failure(await running)).toMatch(/^Interrupted/);
  // Random numbers, variables and functions have values again, a tape sees its own operations, tensors outlive no scope.
  const after = `
    tf.setSeed(1);
    const again = tf.randomNormal([2]).arraySync();
    const kept = v.mul(2);
    const f = tf.function((x: tf.Tensor) => x.mul(v));
    f(tf.scalar(5));
    JSON.stringify([JSON.stringify(again) === JSON.stringify(first), kept.item(), f(tf.scalar(7)).item(), f.traceCount])`;
  expect(result(await run(after))).toBe("'[true,6,21,1]'");
  const grows = `
    const counted = tf.memory().numTensors;
    tf.tidy(() => { for (let i = 0; i < 50; i++) v.square().sqrt(); });
    tf.memory().numTensors - counted`;
  expect(result(await run(grows))).toBe('0');
});
