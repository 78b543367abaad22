/** @file Model: a layer that can be compiled, trained, evaluated and asked for predictions. */
import { type Config } from '../configuration.ts';
import { GradientTape } from '../autodiff/index.ts';
import type { History, Logs } from '../callbacks/index.ts';
import { displayPort, displaySymbol, type Displayable, type MimeBundle } from '../display.ts';
import { Layer, type ShapeTree } from '../layers/index.ts';
import { trackedValues } from '../layers/tracking.ts';
import { Metric } from '../metrics/index.ts';
import type { Optimizer } from '../optimizers/index.ts';
import type { KerasTensor } from '../symbolic/keras-tensor.ts';
import { ValuesNeededError } from '../symbolic/output-forms.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorTree, mapShapes } from '../tensor/tree.ts';
import { Compilation, type CompileOptions } from '../training/compilation.ts';
import type { AnyBatch, DataTree } from '../training/data.ts';
import { evaluate, fit, onBatch } from '../training/fit.ts';
import type {
  BatchOptions,
  BatchStream,
  EvaluateDatasetOptions,
  EvaluateOptions,
  FitDatasetOptions,
  FitOptions,
  PredictOptions,
} from '../training/options.ts';
import { isStream, predict, predictAsync, predictOnBatch } from '../training/predict.ts';
import { Trainer } from '../training/trainer.ts';
import { type SummaryOptions, summaryTable } from '../vis/summary.ts';
import type { ModelDescription } from '../vis/model-description.ts';
import { describeModel } from './description.ts';
import {
  type LoadWeightsOptions,
  type SaveHandler,
  type SaveOptions,
  type SaveResult,
  type SaveWeightsOptions,
  saving,
} from './saving-port.ts';

/** What `summary` is told. */
export interface ModelSummaryOptions extends SummaryOptions {
  /** Takes the text's lines, in the place of a table in the notebook or of `console.log`. */
  printFn?: (text: string) => void;
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
  /** Set it to end an evaluation after the current step. */
  stopEvaluating = false;
  /** Set it to end a prediction after the current step. */
  stopPredicting = false;
  /** Set it in `onTrainBegin`: the epoch with which the training goes on. */
  initialEpoch: number | null = null;
  private readonly trainer: Trainer = new Trainer(this);
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
    return this.trainer.compilation?.optimizer ?? null;
  }

  /** What `compile` was given; null before. */
  get compileOptions(): CompileOptions | null {
    return this.trainer.options;
  }

  /**
   * The loss's mean, the metrics that `compile` set, the means of single losses, then metrics that are kept in properties of the
   * model and its layers. All of them are reset before each epoch, and their results are what is logged.
   */
  get metrics(): readonly Metric[] {
    const kept = this.withInner().flatMap((layer) => trackedValues(layer, Metric));
    return [...new Set([...(this.trainer.compilation?.metrics ?? []), ...kept])];
  }

  /** Names of the metrics in the logs. */
  get metricsNames(): readonly string[] {
    return this.trainer.logNames;
  }

  /** The compiled training step, once there is one. */
  get trainGraph() {
    return this.trainer.trainGraph;
  }

  /** @internal Whether it trains in its own way. */
  get hasOwnSteps(): boolean {
    return this.trainStep !== Model.prototype.trainStep || this.testStep !== Model.prototype.testStep;
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
    this.trainer.compile(options, Compilation.optimizerFor(options, this.dtypePolicy.name));
  }

  /** What `compile` was given, for a file; null before. */
  getCompileConfig(): Config | null {
    return this.compileOptions && { ...this.compileOptions };
  }

  /** Compiles as `getCompileConfig` says; makes the optimizer's state where there are weights. */
  compileFromConfig(config: Config): void {
    this.compile(config as CompileOptions);
    if (this.built) this.optimizer?.build(this.trainableWeights);
  }

  /**
   * Saves the model with its weights, how it is compiled and the optimizer's state, so that `tf.loadModel` gives it back and
   * training goes on where it stopped.
   *
   * @param target - A path that ends in `.keras` (Keras 3's form) or `.h5` (Keras 2's); `file://folder`, or a handler of `tf.io`, for
   *   TensorFlow.js's form (`model.json` and weights), of which it gives what the handler says.
   * @throws ArgumentError where the model is not built, or holds what files cannot hold.
   * @example
   * await model.save('digits.keras');
   */
  async save(target: string | SaveHandler, options: SaveOptions = {}): Promise<SaveResult> {
    return saving().save(this, target, options);
  }

  /** Saves the weights alone (and the optimizer's state): a path that ends in `.weights.h5`, or in `.safetensors`. @throws ArgumentError */
  async saveWeights(path: string, options: SaveWeightsOptions = {}): Promise<void> {
    return saving().saveWeights(this, path, options);
  }

  /**
   * Reads weights from a file: `.weights.h5`, `.keras`, `.h5`, `.safetensors`, or TensorFlow.js's weights by name.
   *
   * @throws ArgumentError, ShapeError where the model is not built, or they are not its weights.
   * @example
   * await model.loadWeights('pretrained.h5', { byName: true, skipMismatch: true });
   */
  async loadWeights(
    source: string | Readonly<Record<string, Tensor>>,
    options: LoadWeightsOptions = {},
  ): Promise<void> {
    return saving().loadWeights(this, source, options);
  }

  /** The architecture (and how it is compiled) as Keras's JSON, without weights: `tf.modelFromJSON` makes such a model. */
  toJSON(): string {
    return saving().toJSON(this);
  }

  /** The same as YAML: `await tf.modelFromYAML(text)` makes such a model. */
  async toYAML(): Promise<string> {
    return saving().toYAML(this);
  }

  /** Forgets compiled steps: for models whose layers change. */
  protected discardSteps(): void {
    // Layers are added while the base class is constructed.
    this.trainer?.discardSteps();
  }

  /**
   * The loss of one batch: of each output, weighted, with what layers add (penalties of regularised weights, `addLoss`). Override it
   * for a loss of your own.
   *
   * @param yPred - What the model gave for the batch.
   */
  computeLoss(batch: AnyBatch, yPred: TensorTree, _training = true): Tensor {
    return this.trainer.requireCompiled('computeLoss').computeLoss(batch, yPred, this.losses);
  }

  /**
   * Takes one batch into the metrics that `compile` set; gives all metrics' values so far. Override it to update metrics of your own:
   * those kept in properties are in the values by themselves.
   */
  computeMetrics(batch: AnyBatch, yPred: TensorTree): Record<string, Tensor> {
    this.trainer.compilation?.updateMetrics(batch, yPred);
    return this.getMetricsResult();
  }

  /** The values of all metrics so far, by the names they have in the logs. */
  getMetricsResult(): Record<string, Tensor> {
    const { compilation } = this.trainer;
    return Object.fromEntries(
      this.metrics.map((metric) => [compilation?.logNameOf(metric) ?? metric.name, metric.result()]),
    );
  }

  /**
   * One step of training: gradients, optimizer, metrics; gives the values to log. It is traced, so its operations run as
   * one graph. Override it for a custom training step.
   *
   * @example
   * override trainStep({ x, y }: tf.Batch) {
   *   const tape = new tf.GradientTape();
   *   const loss = tape.record(() => this.computeLoss({ x, y, sampleWeight: null }, this.apply(x, { training: true })));
   *   const gradients = tape.gradient(loss, this.trainableWeights);
   *   this.optimizer!.applyGradients(gradients.map((g, i) => [g, this.trainableWeights[i]]));
   *   return { loss };
   * }
   */
  trainStep(batch: AnyBatch): Record<string, Tensor> {
    const compilation = this.trainer.requireCompiled('trainStep');
    const tape = new GradientTape();
    const { yPred, loss, scaled } = tape.record(() => {
      const yPred = this.apply<TensorTree>(batch.x, { training: true });
      const loss = this.computeLoss(batch, yPred, true);
      return { yPred, loss, scaled: compilation.optimizer.scaleLoss(loss) };
    });
    compilation.trackLoss(batch, loss);
    const variables = this.trainableWeights;
    if (variables.length > 0) {
      const gradients = tape.gradient(scaled, variables);
      compilation.optimizer.applyGradients(variables.map((variable, i) => [gradients[i], variable]));
    } else console.warn(`Model ${this.name} has no trainable weights: its training changes nothing.`);
    return this.computeMetrics(batch, yPred);
  }

  /** One step of evaluation; gives the values to log. */
  testStep(batch: AnyBatch): Record<string, Tensor> {
    const compilation = this.trainer.requireCompiled('testStep');
    const yPred = this.apply<TensorTree>(batch.x, { training: false });
    compilation.trackLoss(batch, this.computeLoss(batch, yPred, false));
    return this.computeMetrics(batch, yPred);
  }

  /** One step of prediction; gives the outputs. */
  predictStep(batch: AnyBatch): TensorTree {
    return this.apply<TensorTree>(batch.x, { training: false });
  }

  /**
   * Trains the model.
   *
   * @param x - Inputs, samples along the first axis; of several inputs a list, or an object by their names. Or a stream of batches (a
   * dataset, a generator, anything iterable), which holds the targets too.
   * @param y - Targets, as many; of several outputs in the same forms. Null where only layers add losses.
   * @returns The loss and metrics of each epoch.
   * @throws ArgumentError where the model is not compiled, or the data does not fit.
   * @throws InterruptedError where the cell is interrupted: the weights are those of the last step, `model.history` has the epochs.
   * @example
   * const history = await model.fit(x, y, { epochs: 5, batchSize: 128, validationSplit: 0.1 });
   * history.history.val_loss;
   */
  fit(x: DataTree, y: DataTree | null, options?: FitOptions): Promise<History>;
  fit(batches: BatchStream, options?: FitOptions): Promise<History>;
  async fit(x: DataTree | BatchStream, y?: DataTree | FitOptions | null, options?: FitOptions): Promise<History> {
    const [targets, rest] = targetsAndOptions(x, y, options);
    return fit(this.trainer, x, targets, rest);
  }

  /**
   * TensorFlow.js's form of `fit` on a stream of batches, `{ xs, ys }` each.
   *
   * @example
   * await model.fitDataset(batches, { epochs: 3, batchesPerEpoch: 100 });
   */
  fitDataset(
    dataset: BatchStream,
    { batchesPerEpoch, validationBatches, ...options }: FitDatasetOptions = {},
  ): Promise<History> {
    return this.fit(dataset, {
      ...options,
      stepsPerEpoch: options.stepsPerEpoch ?? batchesPerEpoch,
      validationSteps: options.validationSteps ?? validationBatches,
    });
  }

  /**
   * The loss and the metrics on some samples, by name.
   *
   * @example
   * const { loss, accuracy } = await model.evaluate(x, y);
   */
  evaluate(x: DataTree, y: DataTree | null, options?: EvaluateOptions): Promise<Logs>;
  evaluate(batches: BatchStream, options?: EvaluateOptions): Promise<Logs>;
  async evaluate(
    x: DataTree | BatchStream,
    y?: DataTree | EvaluateOptions | null,
    options?: EvaluateOptions,
  ): Promise<Logs> {
    const [targets, rest] = targetsAndOptions(x, y, options);
    return evaluate(this.trainer, x, targets, rest);
  }

  /** TensorFlow.js's form of `evaluate` on a stream of batches. */
  evaluateDataset(dataset: BatchStream, { batches, ...options }: EvaluateDatasetOptions = {}): Promise<Logs> {
    return this.evaluate(dataset, { ...options, steps: options.steps ?? batches });
  }

  /**
   * The outputs for some inputs, computed in batches: at once, or as a promise for a stream of batches. `predictAsync` leaves the
   * event loop free meanwhile.
   *
   * @param x - Samples along the first axis.
   * @returns [samples, ...]; of several outputs their structure.
   * @example
   * model.predict(x).argMax(-1).print();
   * const [price, year] = model.predict(x) as tf.Tensor[];
   */
  predict<O extends TensorTree = Tensor>(x: DataTree, options?: PredictOptions): O;
  predict<O extends TensorTree = Tensor>(batches: BatchStream, options?: PredictOptions): Promise<O>;
  predict(x: DataTree | BatchStream, options: PredictOptions = {}): TensorTree | Promise<TensorTree> {
    return isStream(x) ? predictAsync(this.trainer, x, options) : predict(this.trainer, x, options);
  }

  /** `predict`, off the main thread: others get their turns, and an interrupt ends it. */
  predictAsync<O extends TensorTree = Tensor>(x: DataTree | BatchStream, options: PredictOptions = {}): Promise<O> {
    return predictAsync(this.trainer, x, options) as Promise<O>;
  }

  /** The outputs for some inputs, computed in one batch. */
  predictOnBatch<O extends TensorTree = Tensor>(x: DataTree): O {
    return predictOnBatch(this.trainer, x) as O;
  }

  /** One step of training on just these samples; gives their loss and metrics. */
  async trainOnBatch(x: DataTree, y: DataTree | null = null, options: BatchOptions = {}): Promise<Logs> {
    return onBatch(this.trainer, 'train', x, y, options);
  }

  /** Loss and metrics on just these samples. */
  async testOnBatch(x: DataTree, y: DataTree | null = null, options: BatchOptions = {}): Promise<Logs> {
    return onBatch(this.trainer, 'test', x, y, options);
  }

  /** Forgets what the loss's mean and the metrics have gathered. */
  resetMetrics(): void {
    for (const metric of this.metrics) metric.resetState();
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
   * Shows layers, output shapes, connections and how many weights there are: as a table in a notebook, else (or with `printFn`)
   * as text, a line at a time.
   *
   * @param options - As in {@link ModelSummaryOptions}; or, as TensorFlow.js has it, the length of lines.
   * @param positions - Where columns end, as parts of the line.
   * @param printFn - Takes the text's lines.
   * @throws ArgumentError before the model is built, or where options do not fit.
   * @example
   * model.summary();
   * model.summary({ expandNested: true, showTrainable: true });
   */
  summary(
    options: number | ModelSummaryOptions = {},
    positions?: readonly number[],
    printFn?: (text: string) => void,
  ): void {
    const given: ModelSummaryOptions = typeof options === 'number' ? { lineLength: options } : options;
    const table = summaryTable(this.describe(), { ...(positions && { positions }), ...given });
    const print = printFn ?? given.printFn;
    const port = print ? undefined : displayPort();
    if (port) port.display(table[displaySymbol]());
    else for (const line of table.toString().split('\n')) (print ?? console.log)(line);
  }

  [displaySymbol](): MimeBundle {
    if (this.built) return summaryTable(this.describe())[displaySymbol]();
    return {
      'text/plain': `Model ${this.name} (not built; layers: ${this.layers.map(({ name }) => name).join(', ')})`,
    };
  }
}

/** Of a stream the second argument is the options, unless it is null. */
function targetsAndOptions<O extends object>(
  x: DataTree | BatchStream,
  y: DataTree | O | null | undefined,
  options: O | undefined,
): [DataTree | null | undefined, O] {
  if (isStream(x) && y !== null && y !== undefined && options === undefined) return [null, y as O];
  return [y as DataTree | null | undefined, options ?? ({} as O)];
}
