/** @file Trainable: what can be compiled, trained, evaluated and asked for predictions; the half of Model that is training. */
import { type Config } from '../configuration.ts';
import { GradientTape } from '../autodiff/index.ts';
import type { History, Logs } from '../callbacks/index.ts';
import type { ConcreteFunction } from '../function/index.ts';
import { Layer } from '../layers/index.ts';
import { trackedValues } from '../layers/tracking.ts';
import { Metric } from '../metrics/index.ts';
import type { Optimizer } from '../optimizers/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TensorTree } from '../tensor/tree.ts';
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

/** A layer that can be trained: the base of `tf.Model`. */
export abstract class Trainable extends Layer {
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
  get trainGraph(): ConcreteFunction | null {
    return this.trainer.trainGraph;
  }

  /** @internal Whether it trains in its own way. */
  get hasOwnSteps(): boolean {
    return this.trainStep !== Trainable.prototype.trainStep || this.testStep !== Trainable.prototype.testStep;
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
