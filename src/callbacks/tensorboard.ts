/** @file TensorBoard: what it shows of a training, written while it runs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ops from '../ops/index.ts';
import { enterScope } from '../summary/context.ts';
import { describeGraphLike } from '../summary/graph.ts';
import { type SummaryWriter, createFileWriter, shouldRecordSummaries } from '../summary/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Variable } from '../tensor/variable.ts';
import { type CallbackLayer, type CallbackModel, learningRatesOf } from './callback-model.ts';
import { Callback, type Logs } from './callback.ts';
import { weightImages } from './weight-images.ts';

export interface TensorBoardOptions {
  /** Where to write; `train` and `validation` become folders in it. Default `logs`. */
  logDir?: string;
  /** The weights' distributions are written every so many epochs; default 0, never. */
  histogramFreq?: number;
  /** Writes the model's layers and the graph of its training step; default true. */
  writeGraph?: boolean;
  /** Writes the weights as images too, as often as their distributions; default false. */
  writeImages?: boolean;
  /** Writes how many steps a second were made, at the ends of epochs and as `updateFreq` says; default false. */
  writeStepsPerSecond?: boolean;
  /** When loss and metrics are written besides the ends of epochs: `epoch` (default) never, `batch` always, or every so many batches. */
  updateFreq?: 'batch' | 'epoch' | number;
  /** The batch, or the first and the last one (from 1), whose times are written; default 0, none. */
  profileBatch?: number | readonly [first: number, last: number];
  /** Embeddings are written for the projector every so many epochs; default 0, never. */
  embeddingsFreq?: number;
  /** A file of labels (in `logDir`) for embeddings: one for all, or by the names of layers. */
  embeddingsMetadata?: string | Readonly<Record<string, string>> | null;
}

/** A weight's name, with its layer's where it does not have that. */
const tagOf = (layer: CallbackLayer, { name }: Variable): string =>
  (name.includes('/') ? name : `${layer.name}/${name}`).replaceAll(':', '_');

/**
 * Writes what TensorBoard shows (`tensorboard --logdir logs`): loss and metrics of each epoch (`epoch_loss`, `epoch_learning_rate`)
 * and, as `updateFreq` says, of batches (`batch_loss`); evaluations by the optimizer's step (`evaluation_loss_vs_iterations`);
 * weights, graphs and embeddings. Between batches that are written its writer is the one of `tf.summary`, so that summaries
 * of the model's own go there too.
 *
 * @throws ArgumentError for frequencies and batches that make no sense.
 * @example
 * await model.fit(x, y, { epochs: 5, validationSplit: 0.2, callbacks: tf.callbacks.tensorBoard({ logDir: 'logs/first', histogramFreq: 1 }) });
 */
export class TensorBoard extends Callback {
  readonly logDir: string;
  private readonly options: Required<Omit<TensorBoardOptions, 'logDir' | 'updateFreq' | 'profileBatch'>>;
  /** Batches between two that are written; 0 for none. */
  private readonly batchFrequency: number;
  private readonly profiled: readonly [first: number, last: number];
  private readonly writers = new Map<string, SummaryWriter>();
  private trainBatch = 0;
  private testBatch = 0;
  private training = false;
  private graphWanted = false;
  private batchStart = 0;
  private epochStart = 0;
  private epochStartStep = 0;
  /** Ends the scopes in which this callback's writer is the default. */
  private readonly leaveScopes: (() => void)[] = [];

  constructor({
    logDir = 'logs',
    histogramFreq = 0,
    writeGraph = true,
    writeImages = false,
    writeStepsPerSecond = false,
    updateFreq = 'epoch',
    profileBatch = 0,
    embeddingsFreq = 0,
    embeddingsMetadata = null,
  }: TensorBoardOptions = {}) {
    super();
    this.logDir = logDir;
    this.options = { histogramFreq, writeGraph, writeImages, writeStepsPerSecond, embeddingsFreq, embeddingsMetadata };
    for (const [name, value] of Object.entries({ histogramFreq, embeddingsFreq }))
      if (!Number.isInteger(value) || value < 0)
        throw new ArgumentError(`TensorBoard: expected ${name} to be a whole number of epochs, got ${value}.`);
    this.batchFrequency = updateFreq === 'epoch' ? 0 : updateFreq === 'batch' ? 1 : updateFreq;
    if (!Number.isInteger(this.batchFrequency) || this.batchFrequency < 0 || updateFreq === 0)
      throw new ArgumentError(
        `TensorBoard: expected updateFreq to be 'batch', 'epoch' or a number of batches, got ${JSON.stringify(updateFreq)}.`,
      );
    this.profiled = typeof profileBatch === 'number' ? [profileBatch, profileBatch] : profileBatch;
    const [first, last] = this.profiled;
    if (!Number.isInteger(first) || !Number.isInteger(last) || first < 0 || last < first || this.profiled.length !== 2)
      throw new ArgumentError(
        `TensorBoard: expected profileBatch to be a batch's number, or the first and the last one's, got ${JSON.stringify(profileBatch)}.`,
      );
  }

  override setModel(model: CallbackModel): void {
    super.setModel(model);
    this.graphWanted = this.options.writeGraph;
  }

  private writer(name: 'train' | 'validation'): SummaryWriter {
    let writer = this.writers.get(name);
    if (!writer) {
      writer = createFileWriter(join(this.logDir, name));
      this.writers.set(name, writer);
    }
    return writer;
  }

  private async closeWriters(): Promise<void> {
    const open = [...this.writers.values()];
    this.writers.clear();
    await Promise.all(open.map((writer) => writer.close()));
  }

  private async flushWriters(): Promise<void> {
    await Promise.all([...this.writers.values()].map((writer) => writer.flush()));
  }

  override onTrainBegin(): void {
    this.training = true;
    this.trainBatch = 0;
    if (this.options.writeGraph) this.writeLayers();
    this.enter('train', 0);
  }

  override async onTrainEnd(): Promise<void> {
    this.training = false;
    this.leave();
    await this.closeWriters();
  }

  override onTestBegin(): void {
    this.enter('validation', this.testBatch);
  }

  override onTestBatchBegin(): void {
    this.testBatch++;
    this.leave();
    this.enter('validation', this.testBatch);
  }

  override async onTestEnd(logs: Logs = {}): Promise<void> {
    const { iterations } = this.model.optimizer ?? {};
    if (iterations)
      for (const [name, value] of Object.entries(logs))
        this.writer('validation').scalar(`evaluation_${name}_vs_iterations`, value, iterations);
    this.leave();
    if (!this.training) await this.closeWriters();
  }

  override onTrainBatchBegin(): void {
    this.trainBatch++;
    this.leave();
    this.enter('train', this.trainBatch);
    this.batchStart = performance.now();
  }

  override onTrainBatchEnd(_batch: number, logs: Logs = {}): void {
    const seconds = (performance.now() - this.batchStart) / 1000;
    if (this.graphWanted) this.writeTrainGraph();
    const [first, last] = this.profiled;
    if (first > 0 && this.trainBatch >= first && this.trainBatch <= last)
      this.writer('train').scalar('profile_step_milliseconds', seconds * 1000, this.trainBatch);
    // Values of other batches stay on the device.
    if (this.batchFrequency === 0 || this.trainBatch % this.batchFrequency !== 0) return;
    if (this.options.writeStepsPerSecond) this.writeBatch('steps_per_second', 1 / seconds);
    for (const [name, value] of Object.entries(logs)) this.writeBatch(name, value);
  }

  private writeBatch(name: string, value: number): void {
    if (shouldRecordSummaries()) this.writer('train').scalar(`batch_${name}`, value, this.trainBatch);
  }

  override onEpochBegin(): void {
    if (!this.options.writeStepsPerSecond) return;
    this.epochStart = performance.now();
    this.epochStartStep = this.stepsMade();
  }

  override async onEpochEnd(epoch: number, logs: Logs = {}): Promise<void> {
    this.writeEpoch(epoch, logs);
    const { histogramFreq, embeddingsFreq } = this.options;
    if (histogramFreq > 0 && epoch % histogramFreq === 0) this.writeWeights(epoch);
    if (embeddingsFreq > 0 && epoch % embeddingsFreq === 0) this.writeEmbeddings();
    await this.flushWriters();
  }

  private writeEpoch(epoch: number, logs: Logs): void {
    const entries = Object.entries(logs);
    if (entries.length === 0) return;
    const trained: Logs = Object.fromEntries(entries.filter(([name]) => !name.startsWith('val_')));
    for (const { logName, optimizer } of learningRatesOf(this.model)) trained[logName] = optimizer.learningRate;
    if (this.options.writeStepsPerSecond)
      trained.steps_per_second =
        (this.stepsMade() - this.epochStartStep) / ((performance.now() - this.epochStart) / 1000);
    for (const [name, value] of Object.entries(trained)) this.writer('train').scalar(`epoch_${name}`, value, epoch);
    for (const [name, value] of entries)
      if (name.startsWith('val_')) this.writer('validation').scalar(`epoch_${name.slice(4)}`, value, epoch);
  }

  /** Steps that the optimizer has made; batches where it does not count. */
  private stepsMade(): number {
    const { iterations } = this.model.optimizer ?? {};
    return iterations ? Number(iterations.read().dataSync()[0]) : this.trainBatch;
  }

  private writeWeights(epoch: number): void {
    const writer = this.writer('train');
    for (const layer of this.model.layers ?? [])
      for (const weight of layer.weights) {
        const tag = tagOf(layer, weight);
        writer.histogram(`${tag}/histogram`, weight.read(), epoch);
        if (!this.options.writeImages) continue;
        ops.tidy(() => {
          const images = weightImages(weight.read());
          if (images) writer.image(`${tag}/image`, images, epoch);
        });
      }
  }

  /** The architecture, which TensorBoard draws by layers. */
  private writeLayers(): void {
    if (!this.model.toJSON) return;
    try {
      const json = this.model.toJSON(null, false);
      const text = typeof json === 'string' ? json : JSON.stringify(json);
      this.writer('train').write(
        {
          summary: {
            tag: 'keras',
            tensor: { dtype: 'string', shape: [], values: [text] },
            metadata: { pluginName: 'graph_keras_model', content: Uint8Array.of(0x31) },
          },
        },
        0,
      );
    } catch (error) {
      // A model of one's own need not have a config.
      console.warn(`TensorBoard: the layers of model ${this.model.name} are not written: ${(error as Error).message}`);
    }
  }

  private writeTrainGraph(): void {
    this.graphWanted = false;
    const { trainGraph } = this.model;
    const graph = trainGraph && describeGraphLike(trainGraph);
    if (graph) this.writer('train').write({ graph }, 0);
  }

  /** Tables of numbers, and the list of them that the projector reads. */
  private writeEmbeddings(): void {
    const found = (this.model.layers ?? []).flatMap((layer) => {
      const weight = layer.weights.find(({ name }) => /(^|\/)embeddings$/.test(name));
      return weight ? [{ layer, weight }] : [];
    });
    const { embeddingsMetadata } = this.options;
    const byLayer = typeof embeddingsMetadata === 'object' ? (embeddingsMetadata ?? {}) : {};
    const unknown = Object.keys(byLayer).filter((name) => !found.some(({ layer }) => layer.name === name));
    if (unknown.length > 0)
      throw new ArgumentError(
        `TensorBoard: embeddingsMetadata names ${unknown.join(', ')}; the embedding layers are ${found.map(({ layer }) => layer.name).join(', ') || 'none'}.`,
      );
    mkdirSync(this.logDir, { recursive: true });
    const entries = found.map(({ layer, weight }) => {
      const file = `${layer.name.replace(/[^\w.-]/g, '_')}_embeddings.tsv`;
      const rows = weight.read().arraySync<number[][]>();
      writeFileSync(join(this.logDir, file), rows.map((row) => `${row.join('\t')}\n`).join(''));
      const metadata = typeof embeddingsMetadata === 'string' ? embeddingsMetadata : byLayer[layer.name];
      const lines = [`tensor_name: ${JSON.stringify(tagOf(layer, weight))}`, `tensor_path: ${JSON.stringify(file)}`];
      if (metadata) lines.push(`metadata_path: ${JSON.stringify(metadata)}`);
      return `embeddings {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
    });
    writeFileSync(join(this.logDir, 'projector_config.pbtxt'), entries.join(''));
  }

  /** From here on the writer is the default of `tf.summary`, where batches are written. */
  private enter(name: 'train' | 'validation', step: number): void {
    if (this.batchFrequency === 0) return;
    const scope = { writer: this.writer(name), step, records: step % this.batchFrequency === 0 };
    this.leaveScopes.push(enterScope(scope));
  }

  private leave(): void {
    this.leaveScopes.pop()?.();
  }
}
