/** @file The TensorBoard callback: which summaries at which steps against Keras, graphs, embeddings, summaries of one's own. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import { type ReadSummary, graphNodes, readFolder } from '../support/event-files.ts';
import { readFixture } from '../support/fixtures.ts';
import { WatchedModel, paramsOf } from '../support/watched-model.ts';

/** Folder, tag, step, plugin, shape. */
type Row = [run: string, tag: string, step: number, plugin: string, shape: number[]];
const expected = readFixture<Record<'epochs' | 'batches' | 'weights', Row[]>>('callbacks/tensorboard.json');

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'tensorcell-board-'));
const byText = (rows: readonly Row[]): string[] => rows.map((row) => row.join(' ')).sort();

const summariesIn = (logDir: string, run: string): (ReadSummary & { step: number })[] =>
  existsSync(join(logDir, run))
    ? readFolder(join(logDir, run)).flatMap(({ step, summaries }) =>
        summaries.map((summary) => ({ ...summary, step: Number(step) })),
      )
    : [];
const rowsIn = (logDir: string): Row[] =>
  ['train', 'validation'].flatMap((run) =>
    summariesIn(logDir, run).map(({ tag, step, plugin, tensor }): Row => [run, tag, step, plugin, tensor.shape]),
  );

function convolutional(): tf.Sequential {
  const model = tf.sequential({
    name: 'sequential',
    layers: [
      tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [4, 4, 1], name: 'conv2d' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, name: 'dense' }),
    ],
  });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return model;
}

/** The training of test/fixtures/callbacks/make.py. */
async function train(options: tf.callbacks.TensorBoardOptions): Promise<string> {
  const logDir = newFolder();
  const model = convolutional();
  const [x, y] = [tf.ones([5, 4, 4, 1]), tf.ones([5, 3])];
  const callbacks = tf.callbacks.tensorBoard(logDir, options);
  await model.fit(x, y, { batchSize: 2, epochs: 3, validationData: [x, y], callbacks, verbose: 0 });
  await model.evaluate(x, y, { callbacks, verbose: 0 });
  return logDir;
}

describe('what is written', () => {
  it('at the ends of epochs and evaluations is what Keras writes', async () => {
    expect(byText(rowsIn(await train({ writeGraph: false })))).toEqual(byText(expected.epochs));
  });

  it('for batches is what Keras writes; epochs are written all the same', async () => {
    const rows = rowsIn(await train({ updateFreq: 2, writeGraph: false, writeStepsPerSecond: true }));
    const ofBatches = (list: readonly Row[]) => byText(list.filter(([, tag]) => tag.startsWith('batch_')));
    expect(ofBatches(rows)).toEqual(ofBatches(expected.batches));
    const epochs = new Set(byText(rows));
    for (const row of byText(expected.batches)) expect(epochs).toContain(row);
    expect(rows.filter(([, tag]) => tag === 'epoch_steps_per_second').map(([, , step]) => step)).toEqual([0, 1, 2]);
  });

  it('of weights is what Keras writes', async () => {
    const rows = rowsIn(await train({ histogramFreq: 2, writeImages: true }));
    const own = (list: readonly Row[]) =>
      byText(
        list
          .filter(([, tag]) => tag !== 'keras')
          .map(([run, tag, ...rest]): Row => [run, tag.replace(/^sequential\//, ''), ...rest]),
      );
    expect(own(rows)).toEqual(own(expected.weights));
  });

  it('has the values of the logs', async () => {
    const logDir = newFolder();
    const callback = tf.callbacks.tensorBoard({ logDir, updateFreq: 'batch', profileBatch: [2, 3] });
    const model = new WatchedModel();
    const list = new tf.callbacks.CallbackList([callback], model, paramsOf(1, 4));
    await list.onTrainBegin();
    await list.onEpochBegin(0);
    for (let batch = 0; batch < 4; batch++) {
      await list.onTrainBatchBegin(batch);
      tf.summary.scalar('own', batch);
      await list.onTrainBatchEnd(batch, { loss: 1 / (batch + 1) });
    }
    await list.onEpochEnd(0, { loss: 0.25, val_loss: 0.5 });
    await list.onTrainEnd();
    expect(tf.summary.scalar('own', 9)).toBe(false);
    const values = (run: string, wanted: string) =>
      summariesIn(logDir, run)
        .filter(({ tag }) => tag === wanted)
        .map(({ step, tensor }) => [step, tensor.values[0]]);
    expect(values('train', 'batch_loss')).toEqual([[1, 1], [2, 0.5], [3, Math.fround(1 / 3)], [4, 0.25]]); // prettier-ignore
    expect(values('train', 'own')).toEqual([[1, 0], [2, 1], [3, 2], [4, 3]]); // prettier-ignore
    expect(values('train', 'epoch_learning_rate')).toEqual([[0, 0.5]]);
    expect(values('validation', 'epoch_loss')).toEqual([[0, 0.5]]);
    expect(values('train', 'profile_step_milliseconds').map(([step]) => step)).toEqual([2, 3]);
  });
});

describe("a model's own summaries", () => {
  it('are written as often as those of batches, from the compiled step', async () => {
    const logDir = newFolder();
    class Watched extends tf.Model {
      dense = tf.layers.dense({ units: 1 });
      override call(x: tf.Tensor): tf.Tensor {
        const outputs = this.dense.apply(x) as tf.Tensor;
        tf.summary.histogram('outputs', outputs);
        return outputs;
      }
    }
    const model = new Watched();
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const callbacks = tf.callbacks.tensorBoard({ logDir, updateFreq: 2, writeGraph: false });
    await model.fit(tf.ones([6, 2]), tf.ones([6, 1]), { batchSize: 1, callbacks, verbose: 0 });
    expect(warn).not.toHaveBeenCalled();
    const own = summariesIn(logDir, 'train').filter(({ tag }) => tag === 'outputs');
    expect(own.map(({ step }) => step)).toEqual([2, 4, 6]);
    warn.mockRestore();
  });
});

describe('graphs', () => {
  it('are the layers as Keras describes them, and the training step', async () => {
    const logDir = newFolder();
    const model = new WatchedModel();
    const step = tf.function((x: tf.Tensor) => tf.relu(tf.matMul(x, x)));
    step(tf.ones([2, 2]));
    const watched = Object.assign(model, {
      toJSON: () => '{"class_name":"Sequential"}',
      trainGraph: step.concreteFunctions[0],
    });
    const list = new tf.callbacks.CallbackList([tf.callbacks.tensorBoard(logDir)], watched, paramsOf(1, 2));
    await list.onTrainBegin();
    for (let batch = 0; batch < 2; batch++) await list.onTrainBatchEnd(batch, { loss: 1 });
    await list.onTrainEnd();
    const [keras] = summariesIn(logDir, 'train');
    expect(keras).toMatchObject({ tag: 'keras', plugin: 'graph_keras_model', step: 0 });
    expect(String(keras.tensor.values[0])).toBe('{"class_name":"Sequential"}');
    expect(keras.content.toString()).toBe('1');
    const graphs = readFolder(join(logDir, 'train')).flatMap(({ graph }) => (graph ? [graphNodes(graph)] : []));
    expect(graphs).toHaveLength(1);
    expect(graphs[0].map(([, operation]) => operation)).toContain('matMul');
  });

  it('of a model that trains has its variables', async () => {
    const logDir = newFolder();
    await convolutional().fit(tf.ones([2, 4, 4, 1]), tf.ones([2, 3]), {
      ...{ callbacks: tf.callbacks.tensorBoard(logDir), verbose: 0 },
    });
    const graph = readFolder(join(logDir, 'train')).find((event) => event.graph)?.graph;
    const nodes = graphNodes(graph!);
    expect(nodes.length).toBeGreaterThan(20);
    expect(nodes.some(([name]) => /kernel/.test(name))).toBe(true);
    const layers = summariesIn(logDir, 'train').find(({ tag }) => tag === 'keras');
    const json = JSON.parse(String(layers!.tensor.values[0])) as Record<string, unknown>;
    expect(json.class_name).toBe('Sequential');
  });
});

/** The embeddings of a model with one layer of them. */
async function writeEmbeddings(logDir: string): Promise<WatchedModel> {
  const weight = new tf.Variable(tf.reshape(tf.range(1, 5), [2, 2]), { name: 'words/embeddings' });
  const model = Object.assign(new WatchedModel(), { layers: [{ name: 'words', weights: [weight] }] });
  const callback = tf.callbacks.tensorBoard(logDir, { embeddingsFreq: 1, embeddingsMetadata: { words: 'words.tsv' } });
  callback.setModel(model);
  await callback.onEpochEnd(0, {});
  return model;
}

describe('embeddings', () => {
  it('are tables that the projector finds, with their labels', async () => {
    const logDir = newFolder();
    const model = await writeEmbeddings(logDir);
    expect(readFileSync(join(logDir, 'words_embeddings.tsv'), 'utf8')).toBe('1\t2\n3\t4\n');
    expect(readFileSync(join(logDir, 'projector_config.pbtxt'), 'utf8')).toBe(
      'embeddings {\n  tensor_name: "words/embeddings"\n  tensor_path: "words_embeddings.tsv"\n  metadata_path: "words.tsv"\n}\n',
    );
    const wrong = tf.callbacks.tensorBoard(logDir, { embeddingsFreq: 1, embeddingsMetadata: { letters: 'l.tsv' } });
    wrong.setModel(model);
    await expect(wrong.onEpochEnd(0, {})).rejects.toThrow(/names letters; the embedding layers are words/);
  });
});

describe('options that make no sense are named', () => {
  it.each<[tf.callbacks.TensorBoardOptions, RegExp]>([
    [{ histogramFreq: -1 }, /histogramFreq to be a whole number of epochs, got -1/],
    [{ updateFreq: 0 }, /updateFreq to be 'batch', 'epoch' or a number/],
    [{ updateFreq: 'step' as never }, /got "step"/],
    [{ profileBatch: [5, 2] }, /profileBatch.*got \[5,2\]/],
  ])('%o', (options, message) => {
    expect(() => tf.callbacks.tensorBoard(options)).toThrow(message);
  });
});

// Where a Python with TensorBoard is given; without one the files are compared with those of Keras above.
if (process.env.TENSORCELL_PEER_PYTHON) {
  it('TensorBoard itself reads a training', async () => {
    const logDir = await train({ histogramFreq: 1, writeImages: true, updateFreq: 'batch' });
    await writeEmbeddings(logDir);
    const check = fileURLToPath(new URL('../fixtures/summary/check.py', import.meta.url));
    const text = execFileSync(process.env.TENSORCELL_PEER_PYTHON!, [check, logDir], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const runs = JSON.parse(text) as Record<string, Record<string, [string, unknown[]]>>;
    expect(Object.keys(runs)).toEqual(expect.arrayContaining(['train', 'validation']));
    expect(runs.train.batch_loss[1]).toHaveLength(9);
    expect(runs.train.epoch_loss[1]).toHaveLength(3);
    expect(runs.train.graph[1].length).toBeGreaterThan(20);
    expect(runs.train.keras[1].map((node) => (node as string[])[0])).toContain('sequential/dense');
    expect(runs.projector.words).toEqual({ tensor: [[1, 2], [3, 4]], metadata: 'words.tsv' }); // prettier-ignore
    const [plugin, images] = Object.entries(runs.train).find(([tag]) => /conv2d\/kernel\/image/.test(tag))![1];
    expect([plugin, images.length]).toEqual(['images', 3]);
  });
}
