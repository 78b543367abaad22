/** @file Model: a layer that can be compiled, trained, evaluated and asked for predictions. */
import { GradientTape } from '../autodiff/index.ts';
import { CallbackList, getCallbacks, History, type Logs, ProgbarLogger, type Verbosity } from '../callbacks/index.ts';
import { displayPort, displaySymbol, type Displayable, type MimeBundle } from '../display.ts';
import { type TracedFunction, tracedFunction } from '../function/index.ts';
import { Layer, type PartialShape, type ShapeTree } from '../layers/index.ts';
import * as ops from '../ops/index.ts';
import type { Optimizer } from '../optimizers/index.ts';
import type { KerasTensor } from '../symbolic/keras-tensor.ts';
import { ValuesNeededError } from '../symbolic/output-forms.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { mapShapes } from '../tensor/tree.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Compilation, type CompileOptions } from '../training/compilation.ts';
import { type Batch, BatchOrder, type DataLike, requireBatchSize, toBatch, toSamples } from '../training/data.ts';
import { fitLoop, readLogs, testLoop } from '../training/loop.ts';
import type { BatchOptions, EvaluateOptions, FitOptions } from '../training/options.ts';
import { Step } from '../training/step.ts';
import { summaryTable } from '../vis/summary.ts';
import type { ModelDescription } from '../vis/model-description.ts';
import { describeModel } from './description.ts';

const progressOf = (verbose: Verbosity): ProgbarLogger[] => (verbose > 0 ? [new ProgbarLogger({ verbose })] : []);

/** What `compile` made, with the steps that are compiled from it. */
interface Prepared {
  readonly compilation: Compilation;
  readonly train: Step;
  readonly test: Step;
}

/**
 * A layer that can be trained. Subclass it with a `call` (and layers in properties), or use `tf.sequential`; override
 * `trainStep` to train in another way.
 *
 * @example
 * class Classifier extends tf.Model {
 *   hidden = tf.layers.dense({ units: 32, activation: 'relu' });
 *   out = tf.layers.dense({ units: 3 });
 *   override call(x: tf.Tensor) { return this.out.apply(this.hidden.apply(x)); }
 * }
 */
export abstract class Model extends Layer implements Displayable {
  /** Set it, for instance in a callback, to end the training after the current step. */
  stopTraining = false;
  /** What the latest `fit` gave back. */
  history: History | null = null;
  private prepared: Prepared | null = null;
  private predictor: TracedFunction<[Tensor], Tensor> | null = null;
  private builtShape: ShapeTree | null = null;

  /** The layers the model is made of. */
  get layers(): readonly Layer[] {
    return this.sublayers();
  }

  /** Shape of the inputs, null for sizes that vary; null before the model is built. */
  get inputShape(): ShapeTree | null {
    return this.builtShape ?? this.batchInputShape;
  }

  /** Shape of the outputs. @throws ArgumentError before the model is built. */
  get outputShape(): ShapeTree {
    if (!this.inputShape) throw this.notBuilt('its output shape');
    return this.computeOutputShape(this.inputShape);
  }

  /** The symbolic tensors that it takes, flat; empty where it is not made of symbolic tensors. */
  get inputs(): readonly KerasTensor[] {
    return [];
  }

  /** The symbolic tensors that it gives, flat; empty where it is not made of symbolic tensors. */
  get outputs(): readonly KerasTensor[] {
    return [];
  }

  /** Names of the inputs, where it has several or they have names. */
  get inputNames(): readonly string[] {
    return [];
  }

  /** Names of the outputs: of the layers that give them, where it is made of symbolic tensors. */
  get outputNames(): readonly string[] {
    return [];
  }

  get optimizer(): Optimizer | null {
    return this.prepared?.compilation.optimizer ?? null;
  }

  /** The loss's mean and the metrics. */
  get metrics() {
    return this.prepared?.compilation.metrics ?? [];
  }

  /** A layer by its name or its number. @throws ArgumentError where there is none. */
  getLayer(nameOrIndex: string | number): Layer {
    const { layers } = this;
    const found =
      typeof nameOrIndex === 'number' ? layers[nameOrIndex] : layers.find(({ name }) => name === nameOrIndex);
    if (!found)
      throw new ArgumentError(
        `Model ${this.name} has no layer ${JSON.stringify(nameOrIndex)}; it has ${layers.map(({ name }) => name).join(', ')}.`,
      );
    return found;
  }

  override ensureBuilt(inputShape: ShapeTree): void {
    if (!this.built) this.builtShape = mapShapes(inputShape, (shape) => [null, ...shape.slice(1)]) as ShapeTree;
    super.ensureBuilt(inputShape);
  }

  /** A model builds its layers by running once without data; `Sequential` knows a shorter way. */
  override build(inputShape: ShapeTree): void {
    this.built = true;
    try {
      this.computeOutputShape(inputShape);
    } catch (error) {
      // It asks for values, which there are none of yet: its layers are built as they meet data.
      if (!(error instanceof ValuesNeededError)) throw error;
    } finally {
      this.built = false;
    }
  }

  /**
   * Sets how the model is trained. Call it again after changing which weights are trainable.
   *
   * @example
   * model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
   */
  compile(options: CompileOptions): void {
    this.makeSteps(new Compilation(options));
  }

  /** Forgets compiled steps: for models whose layers change. */
  protected discardSteps(): void {
    this.predictor = null;
    if (this.prepared) this.makeSteps(this.prepared.compilation);
  }

  private makeSteps(compilation: Compilation): void {
    const { runEagerly } = compilation;
    this.prepared = {
      compilation,
      train: new Step(`training step of model '${this.name}'`, (batch) => this.trainStep(batch), runEagerly),
      test: new Step(`test step of model '${this.name}'`, (batch) => this.testStep(batch), runEagerly),
    };
  }

  /** The loss of one batch, penalties of regularised weights included. */
  computeLoss({ y, sampleWeight }: Batch, yPred: Tensor): Tensor {
    const loss = this.requireCompiled('computeLoss').compilation.loss.apply(y, yPred, sampleWeight);
    return this.losses.reduce((sum, penalty) => ops.add(sum, penalty), loss);
  }

  /**
   * One step of training: gradients, optimizer, metrics; gives the values to log. It is traced, so its operations run as
   * one graph. Override it for a custom training step.
   */
  trainStep(batch: Batch): Record<string, Tensor> {
    const { compilation } = this.requireCompiled('trainStep');
    const tape = new GradientTape();
    const { yPred, loss } = tape.record(() => {
      const yPred = this.apply(batch.x, { training: true });
      return { yPred, loss: this.computeLoss(batch, yPred) };
    });
    const variables = this.trainableWeights;
    if (variables.length > 0) {
      const gradients = tape.gradient(loss, variables);
      compilation.optimizer.applyGradients(variables.map((variable, i) => [gradients[i], variable]));
    } else console.warn(`Model ${this.name} has no trainable weights: its training changes nothing.`);
    return compilation.updateMetrics(batch, yPred, loss);
  }

  /** One step of evaluation; gives the values to log. */
  testStep(batch: Batch): Record<string, Tensor> {
    const { compilation } = this.requireCompiled('testStep');
    const yPred = this.apply(batch.x, { training: false });
    return compilation.updateMetrics(batch, yPred, this.computeLoss(batch, yPred));
  }

  /**
   * Trains the model.
   *
   * @param x - Inputs, samples along the first axis.
   * @param y - Targets, as many.
   * @returns The loss and metrics of each epoch.
   * @throws ArgumentError where the model is not compiled, or the data does not fit.
   * @example
   * const history = await model.fit(x, y, { epochs: 5, batchSize: 128, validationSplit: 0.1 });
   * history.history.val_loss;
   */
  async fit(x: DataLike, y: DataLike, options: FitOptions = {}): Promise<History> {
    const { epochs = 1, batchSize = 32, validationSplit = 0, validationData, validationFreq = 1 } = options;
    const { initialEpoch = 0, shuffle = true, verbose = 1 } = options;
    const { compilation, train, test } = this.requireCompiled('fit');
    requireBatchSize('fit', batchSize);
    if (!Number.isInteger(epochs) || epochs < 1)
      throw new ArgumentError(`fit: expected epochs to be a whole number of at least 1, got ${epochs}.`);
    if (!Number.isInteger(validationFreq) || validationFreq < 1)
      throw new ArgumentError(
        `fit: expected validationFreq to be a whole number of at least 1, got ${validationFreq}.`,
      );
    if (!(validationSplit >= 0 && validationSplit < 1))
      throw new ArgumentError(`fit: expected validationSplit in 0 <= validationSplit < 1, got ${validationSplit}.`);

    const data = toBatch('fit', x, y, options);
    const samples = data.x.shape[0];
    const trained = validationData ? samples : Math.floor(samples * (1 - validationSplit));
    if (trained === 0)
      throw new ArgumentError(
        `fit: a validationSplit of ${validationSplit} leaves none of ${samples} samples to train on.`,
      );
    this.prepare(data);
    const heldOut = validationData
      ? toBatch('fit: validationData', validationData[0], validationData[1], { sampleWeight: validationData[2] })
      : trained < samples
        ? // Weights of classes are for training: what is held back counts as it comes, as in Keras.
          options.classWeight
          ? { x: data.x, y: data.y }
          : data
        : null;
    if (validationData && heldOut) this.prepare(heldOut);

    const order = new BatchOrder(0, trained, batchSize);
    const history = new History();
    const callbacks = new CallbackList([history, ...progressOf(verbose), ...getCallbacks(options.callbacks)], this, {
      epochs,
      steps: order.steps,
      samples: trained,
      metrics: compilation.metrics.map(({ name }) => name),
    });
    this.history = history;
    await fitLoop({
      model: this,
      callbacks,
      resetMetrics: () => compilation.resetMetrics(),
      training: { data, order, step: train },
      validation: heldOut && {
        data: heldOut,
        order: new BatchOrder(
          validationData ? 0 : trained,
          heldOut.x.shape[0],
          requireBatchSize('fit', options.validationBatchSize ?? batchSize),
        ),
        step: test,
        frequency: validationFreq,
      },
      epochs,
      initialEpoch,
      shuffle,
    });
    return history;
  }

  /**
   * The loss and the metrics on some samples, by name.
   *
   * @example
   * const { loss, accuracy } = await model.evaluate(x, y);
   */
  async evaluate(x: DataLike, y: DataLike, options: EvaluateOptions = {}): Promise<Logs> {
    const { compilation, test } = this.requireCompiled('evaluate');
    const data = toBatch('evaluate', x, y, options);
    const order = new BatchOrder(0, data.x.shape[0], requireBatchSize('evaluate', options.batchSize ?? 32));
    this.prepare(data);
    const callbacks = new CallbackList(
      [...progressOf(options.verbose ?? 0), ...getCallbacks(options.callbacks)],
      this,
      {
        epochs: 1,
        steps: order.steps,
        samples: order.samples,
        metrics: compilation.metrics.map(({ name }) => name),
      },
    );
    return testLoop({ data, order }, test, callbacks, () => compilation.resetMetrics());
  }

  /**
   * The outputs for some inputs, computed in batches.
   *
   * @param x - Samples along the first axis.
   * @returns [samples, ...]
   * @example
   * model.predict(x).argMax(-1).print();
   */
  predict(x: DataLike, { batchSize = 32 }: { batchSize?: number } = {}): Tensor {
    const data = toSamples(x, 'predict: x');
    const order = new BatchOrder(0, data.shape[0], requireBatchSize('predict', batchSize));
    this.ensureBuilt(data.shape);
    if (order.steps === 1) return this.predictOnBatch(data);
    return ops.tidy(() =>
      ops.concat(Array.from({ length: order.steps }, (_, i) => this.predictBatch(ops.gather(data, order.indices(i))))),
    );
  }

  /** The outputs for some inputs, computed at once. */
  predictOnBatch(x: DataLike): Tensor {
    const data = toSamples(x, 'predictOnBatch: x');
    this.ensureBuilt(data.shape);
    return this.predictBatch(data);
  }

  private predictBatch(samples: Tensor): Tensor {
    this.predictor ??= tracedFunction((x: Tensor) => this.apply(x, { training: false }), {
      name: `prediction of model '${this.name}'`,
    });
    return this.predictor(samples);
  }

  /** One step of training on just these samples. Metrics go on over calls until `resetMetrics`. */
  async trainOnBatch(x: DataLike, y: DataLike, options: BatchOptions = {}): Promise<Logs> {
    return this.onBatch('trainOnBatch', 'train', x, y, options);
  }

  /** Loss and metrics on just these samples. Metrics go on over calls until `resetMetrics`. */
  async testOnBatch(x: DataLike, y: DataLike, options: BatchOptions = {}): Promise<Logs> {
    return this.onBatch('testOnBatch', 'test', x, y, options);
  }

  private async onBatch(
    caller: string,
    which: 'train' | 'test',
    x: DataLike,
    y: DataLike,
    options: BatchOptions,
  ): Promise<Logs> {
    const step = this.requireCompiled(caller)[which];
    const data = toBatch(caller, x, y, options);
    this.prepare(data);
    const values = await step.run(data);
    return readLogs(step.names, values);
  }

  /** Forgets what the loss's mean and the metrics have gathered. */
  resetMetrics(): void {
    this.prepared?.compilation.resetMetrics();
  }

  /** Makes weights, metrics and optimizer state before any step is traced, and checks the targets. */
  private prepare(data: Batch): void {
    const { compilation } = this.requireCompiled('fit');
    this.ensureBuilt(data.x.shape);
    const outputShape = this.outputShapeOf(data.x);
    compilation.loss.checkTargets(data.y, outputShape);
    compilation.resolveMetrics(data.y, { shape: outputShape.map((size) => size ?? data.x.shape[0]) });
    compilation.optimizer.build(this.trainableWeights);
  }

  /** Shape of the outputs for such inputs; found with a sample where the model asks for values. */
  private outputShapeOf(x: Tensor): PartialShape {
    try {
      return this.computeOutputShape([null, ...x.shape.slice(1)]) as PartialShape;
    } catch (error) {
      if (!(error instanceof ValuesNeededError)) throw error;
      return ops.tidy(() => [null, ...this.apply(ops.slice(x, 0, 1)).shape.slice(1)]);
    }
  }

  private requireCompiled(caller: string): Prepared {
    if (!this.prepared)
      throw new ArgumentError(`Model ${this.name}: call compile({ optimizer, loss, metrics }) before ${caller}().`);
    return this.prepared;
  }

  private notBuilt(what: string): ArgumentError {
    return new ArgumentError(
      `Model ${this.name} is not built, so ${what} is not known; give its first layer an inputShape, or apply it to data.`,
    );
  }

  /** The model as plain data, for summaries and pictures. @throws ArgumentError before it is built. */
  describe(): ModelDescription {
    if (!this.built) throw this.notBuilt('its layers');
    return describeModel(this, this.layerOutputShapes());
  }

  /** Output shapes of the layers, where known. */
  protected layerOutputShapes(): readonly (ShapeTree | undefined)[] {
    return this.layers.map(() => undefined);
  }

  /**
   * Shows layers, output shapes and how many weights there are: as a table in a notebook, else (or with `printFn`) as text.
   *
   * @throws ArgumentError before the model is built.
   */
  summary(_lineLength?: number, _positions?: readonly number[], printFn?: (text: string) => void): void {
    const table = summaryTable(this.describe());
    const port = printFn ? undefined : displayPort();
    if (port) port.display(table[displaySymbol]());
    else (printFn ?? console.log)(table.toString());
  }

  [displaySymbol](): MimeBundle {
    if (this.built) return summaryTable(this.describe())[displaySymbol]();
    return {
      'text/plain': `Model ${this.name} (not built; layers: ${this.layers.map(({ name }) => name).join(', ')})`,
    };
  }
}
