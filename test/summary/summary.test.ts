/** @file tf.summary: event files against TensorFlow's own, and as TensorBoard reads them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import { type ReadSummary, graphNodes, readEvents, readFolder } from '../support/event-files.ts';

afterEach(() => vi.restoreAllMocks());

const folder = (): string => mkdtempSync(join(tmpdir(), 'tensorcell-summary-'));
const fixture = (name: string): URL => new URL(`../fixtures/summary/${name}`, import.meta.url);

/** The same summaries as test/fixtures/summary/make.py. */
async function writeAll(logDir: string): Promise<void> {
  const writer = tf.summary.createFileWriter(logDir);
  writer.asDefault(() => {
    tf.summary.scalar('loss', 0.5, 0);
    tf.summary.scalar('loss', tf.scalar(0.25), { step: 2 ** 40, description: 'what is **learned**' });
    tf.summary.histogram('weights', [[-1, 0, 0.5], [1, 2, 3]], { step: 1, buckets: 4 }); // prettier-ignore
    tf.summary.histogram('even', tf.range(0, 100), 1);
    tf.summary.histogram('constant', [2, 2], { step: 1, buckets: 3, description: 'all alike' });
    tf.summary.histogram('nothing', tf.zeros([0]), { step: 1, buckets: 2 });
    const ramp = tf.reshape(tf.div(tf.range(0, 12), 10), [2, 2, 3, 1]);
    tf.summary.image('grey', ramp, 3);
    tf.summary.image('grey and opacity', tf.concat([ramp, ramp], -1), { step: 3, maxOutputs: 1 });
    const bytes = tf.tensor(
      Uint8Array.from({ length: 12 }, (_, i) => 20 * i),
      [1, 2, 2, 3],
      'uint8',
    );
    tf.summary.image('colours', bytes, { step: 3, description: 'twelve numbers' });
    tf.summary.image('opacity', tf.concat([bytes, tf.slice(bytes, [0, 0, 0, 0], [1, 2, 2, 1])], -1), 3);
    tf.summary.text('note', '# Größe\n*words*', 4);
    tf.summary.text('table', [['a', 'b'], ['c', 'd']], 4); // prettier-ignore
    const wave = Array.from({ length: 40 }, (_, i) => Math.sin(i / 5) * (i > 20 ? 1.25 : 0.5));
    tf.summary.audio('tone', tf.tensor(wave, [1, 20, 2]), 8000, { step: 5, description: 'a tone' });
    const startTime = 1.5;
    tf.summary.hparams({ units: 32, rate: 0.1, name: 'adam', bias: false }, { trialId: 'first', startTime });
    tf.summary.hparams({ units: 16, name: 'sgd' }, { startTime });
    tf.summary.hparamsConfig(
      {
        hparams: [
          { name: 'units', domain: [16, 32], displayName: 'Units', description: 'how many' },
          { name: 'rate', domain: { minValue: 0, maxValue: 0.5 } },
          { name: 'name', domain: ['adam', 'sgd'] },
          { name: 'bias', domain: [false, true] },
          { name: 'other' },
        ],
        metrics: [
          { tag: 'epoch_loss', group: 'validation', displayName: 'loss', datasetType: 'validation' },
          { tag: 'loss' },
        ],
      },
      { createdTime: 2.5 },
    );
    tf.summary.write('raw', tf.tensor([1, -2, 3], [3], 'int32'), 6);
  });
  await writer.close();
}

/** A summary with what may differ between encoders made alike: pixels instead of PNG files. */
async function comparable({ tag, plugin, content, description, tensor }: ReadSummary): Promise<unknown> {
  const values = await Promise.all(
    tensor.values.map(async (value) => {
      if (!Buffer.isBuffer(value)) return typeof value === 'number' ? Number(value.toPrecision(7)) : value;
      if (value.toString('latin1', 1, 4) !== 'PNG') return value.toString('latin1');
      return (await sharp(value).toColourspace('srgb').ensureAlpha().raw().toBuffer()).toString('hex');
    }),
  );
  // Maps have no order on the wire: entries are compared by what they are made of.
  const bytes = plugin === 'hparams' ? [...content].sort((a, b) => a - b).join(' ') : content.toString('hex');
  return { tag, plugin, bytes, description, dtype: tensor.dtype, shape: tensor.shape, values };
}

describe('event files', () => {
  it("say the same as those of TensorFlow's tf.summary", async () => {
    const logDir = folder();
    await writeAll(logDir);
    const ours = readFolder(logDir);
    const theirs = readEvents(readFileSync(fixture('tensorflow.tfevents')));
    expect(ours[0].fileVersion).toBe('brain.Event:2');
    expect(theirs[0].fileVersion).toBe('brain.Event:2');
    expect(ours.map(({ step }) => step)).toEqual(theirs.map(({ step }) => step));
    for (const [i, event] of theirs.entries())
      expect(await Promise.all(ours[i].summaries.map(comparable))).toEqual(
        await Promise.all(event.summaries.map(comparable)),
      );
    expect(Math.abs(ours[5].wallTime - Date.now() / 1000)).toBeLessThan(60);
    expect(readdirSync(logDir)[0]).toMatch(/^events\.out\.tfevents\.\d{10}\..+\.v2$/);
  });

  it('have the graphs of functions, with loops and branches as groups', async () => {
    const logDir = folder();
    const weight = new tf.Variable(tf.scalar(2), { name: 'dense/kernel' });
    const f = tf.function((x: tf.Tensor) => tf.relu(tf.mul(x, weight.read())));
    f(tf.tensor([1, -2]));
    const writer = tf.summary.createFileWriter(logDir);
    await writer.asDefault(async () => {
      expect(tf.summary.graph(f)).toBe(true);
      await tf.summary.flush();
    });
    const nodes = graphNodes(readFolder(logDir)[1].graph!);
    const names = new Set(nodes.map(([name]) => name));
    expect(nodes.filter(([, operation]) => operation === 'Placeholder').map(([name]) => name)).toEqual(
      expect.arrayContaining(['dense/kernel']),
    );
    expect(nodes.some(([, operation]) => operation === 'mul')).toBe(true);
    for (const [, , ...inputs] of nodes) for (const input of inputs) expect(names).toContain(input.split(':')[0]);
    await writer.close();
  });
});

describe('the default writer', () => {
  it('is the innermost, with its step; without one nothing is written', async () => {
    expect(tf.summary.scalar('x', 1, 0)).toBe(false);
    const [outer, inner] = [tf.summary.createFileWriter(folder()), tf.summary.createFileWriter(folder())];
    await outer.asDefault(async () => {
      tf.summary.scalar('a', 1);
      inner.asDefault(() => tf.summary.scalar('b', 2, 9));
      await Promise.resolve();
      expect(tf.summary.withoutWriter(() => tf.summary.scalar('no', 1))).toBe(false);
      tf.summary.scalar('c', 3);
    }, 7);
    await Promise.all([outer.close(), inner.close()]);
    const tags = (writer: tf.summary.SummaryWriter) =>
      readFolder(writer.logDir).flatMap(({ step, summaries }) => summaries.map(({ tag }) => `${tag} ${step}`));
    expect(tags(outer)).toEqual(['a 7', 'c 7']);
    expect(tags(inner)).toEqual(['b 9']);
    expect(tf.summary.shouldRecordSummaries()).toBe(false);
  });

  it('takes its step from a variable, and is asked by recordIf', async () => {
    const writer = tf.summary.createFileWriter(folder());
    const step = new tf.Variable(tf.scalar(0, 'int32'), { trainable: false });
    tf.summary.experimental.setStep(step);
    writer.setAsDefault();
    for (let i = 0; i < 6; i++) {
      step.assign(tf.scalar(i, 'int32'));
      tf.summary.recordIf(
        () => i % 2 === 0,
        () => tf.summary.scalar('x', i),
      );
    }
    writer.setAsDefault();
    tf.summary.experimental.setStep(null);
    expect(() => tf.summary.scalar('x', 1)).toThrow(/there is no step/);
    tf.summary.withoutWriter(() => undefined);
    await writer.close();
    expect(readFolder(writer.logDir).slice(1).map((event) => Number(event.step))).toEqual([0, 2, 4]); // prettier-ignore
    expect(() => tf.summary.scalar('x', 1, 1)).toThrow(/is closed/);
    tf.summary.setDefaultWriter(null);
  });

  it('writes when the queue is full, and after a time', async () => {
    const full = tf.summary.createFileWriter(folder(), { maxQueue: 2 });
    full.scalar('x', 1, 1);
    full.scalar('x', 2, 2);
    full.scalar('x', 3, 3);
    await vi.waitFor(() => expect(readFolder(full.logDir)).toHaveLength(3));
    await full.close();
    expect(readFolder(full.logDir)).toHaveLength(4);
    const timed = tf.summary.createFileWriter(folder(), { flushMillis: 20, filenameSuffix: '.mine' });
    timed.histogram('h', [1, 2], 1, 2, 'two');
    await vi.waitFor(() => expect(readFolder(timed.logDir)).toHaveLength(2));
    expect(readdirSync(timed.logDir)[0]).toMatch(/\.mine$/);
    await timed.close();
  });

  it('writes what is left before the process ends by itself', async () => {
    const writer = tf.summary.createFileWriter(folder());
    writer.scalar('x', 1, 1);
    process.emit('beforeExit', 0);
    await vi.waitFor(() => expect(readFolder(writer.logDir)).toHaveLength(2));
    await writer.close();
  });
});

describe('in a traced function', () => {
  it('summaries are written at each call, in loops too, with the values and the step of that moment', async () => {
    const writer = tf.summary.createFileWriter(folder());
    const count = new tf.Variable(tf.scalar(0, 'int32'), { trainable: false });
    const f = tf.function((x: tf.Tensor, step: tf.Tensor) => {
      tf.summary.scalar('sum', x.sum(), step);
      tf.summary.histogram('x', x, { step: count, buckets: 1 });
      tf.summary.text('said', 'hello', 0);
      return tf.forLoop(2, (i, value) => {
        tf.summary.scalar('turn', value.sum(), i);
        return tf.mul(value, 2);
      }, x); // prettier-ignore
    });
    writer.asDefault(() => {
      for (let call = 0; call < 2; call++) {
        count.assign(tf.scalar(10 * call, 'int32'));
        f(tf.tensor([1, 2 + call]), tf.scalar(call, 'int32'));
      }
      tf.summary.recordIf(false, () => f(tf.tensor([1, 2]), tf.scalar(7, 'int32')));
    });
    f(tf.tensor([1, 2]), tf.scalar(9, 'int32')); // Nobody is there to write to.
    await writer.close();
    const seen = readFolder(writer.logDir).flatMap(({ step, summaries }) =>
      summaries.map(({ tag, tensor }) => `${tag} ${step}: ${tensor.values.join(' ')}`),
    );
    expect(seen).toEqual([
      ...['sum 0: 3', 'x 0: 1 2 2', 'said 0: hello', 'turn 0: 3', 'turn 1: 6'],
      ...['sum 1: 4', 'x 10: 1 3 2', 'said 0: hello', 'turn 0: 4', 'turn 1: 8'],
    ]);
    expect(f.traceCount).toBe(1);
  });

  it('are not there where none was wanted, and gradients pass', () => {
    const f = tf.function((x: tf.Tensor) => {
      tf.summary.scalar('x', x, 0);
      return x.square();
    });
    f(tf.scalar(2));
    expect(f.concreteFunctions[0].prettyPrint()).not.toContain('observe');
    const writer = tf.summary.createFileWriter(folder());
    const g = tf.function((x: tf.Tensor) => {
      const tape = new tf.GradientTape();
      return tape.gradient(
        tape.record(() => {
          tape.watch(x);
          tf.summary.scalar('x', x, 0);
          return x.square();
        }),
        x,
      )!;
    });
    expect(writer.asDefault(() => g(tf.scalar(3))).dataSync()[0]).toBe(6);
  });
});

describe('what cannot be written is named', () => {
  const written = (fn: (writer: tf.summary.SummaryWriter) => void) => () => fn(tf.summary.createFileWriter(folder()));
  it.each<[string, () => void, RegExp]>([
    ['a vector as a scalar', written((w) => w.scalar('x', [1, 2], 0)), /single number for 'x', got shape \[2\]/],
    ['half a step', written((w) => w.scalar('x', 1, 0.5)), /whole number, got 0\.5/],
    ['numbers as text', written((w) => w.text('x', tf.scalar(1), 0)), /expected text for 'x', got a tensor of float32/],
    [
      'sound without channels',
      written((w) => w.audio('x', [[1]], 8000, 0)),
      /\[clips, frames, channels\], got \[1, 1\]/,
    ],
    ['no rate', written((w) => w.audio('x', [[[1]]], 0, 0)), /sampleRate/],
    ['no folder', () => tf.summary.createFileWriter(''), /path of a folder/],
  ])('%s', (_name, fn, message) => {
    expect(fn).toThrow(message);
  });
  it('images, when they are written', async () => {
    const writer = tf.summary.createFileWriter(folder());
    writer.image('x', tf.zeros([2, 2]), 0);
    await expect(writer.flush()).rejects.toThrow(/\[images, height, width, channels\], got \[2, 2\]/);
    writer.image('x', tf.zeros([1, 2, 2, 5]), 0);
    await expect(writer.flush()).rejects.toThrow(/got 5 in shape/);
    await writer.close();
  });
});

// Where a Python with TensorBoard is given; without one what it read of the same summaries is compared above.
if (process.env.TENSORCELL_PEER_PYTHON) {
  it('TensorBoard reads ours as it reads those of TensorFlow', async () => {
    const [ours, theirs] = [folder(), folder()];
    await writeAll(ours);
    const { copyFileSync } = await import('node:fs');
    copyFileSync(fixture('tensorflow.tfevents'), join(theirs, 'events.out.tfevents.1.real'));
    const read = (logDir: string): unknown =>
      JSON.parse(
        execFileSync(process.env.TENSORCELL_PEER_PYTHON!, [fileURLToPath(fixture('check.py')), logDir], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      );
    const seen = read(ours);
    expect(Object.keys((seen as Record<string, object>)['.'])).toHaveLength(14);
    expect(seen).toEqual(read(theirs));
  });
}
