/** @file What `compile` sets: optimizer, losses and metrics of a model, and their state. */
import type { HasShape, LossIdentifier } from '../losses/index.ts';
import { Mean, type Metric } from '../metrics/index.ts';
import * as ops from '../ops/index.ts';
import { getOptimizer, LossScaleOptimizer, type Optimizer, type OptimizerIdentifier } from '../optimizers/index.ts';
import type { TensorForm } from '../symbolic/output-forms.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { TensorTree } from '../tensor/tree.ts';
import { CompiledLoss, type LossWeights } from './compiled-loss.ts';
import { CompiledMetrics, type MetricsOption } from './compiled-metrics.ts';
import { type AnyBatch, requireCount, samplesIn } from './data.ts';
import { Outputs, type PerOutput } from './outputs.ts';

export interface CompileOptions {
  /** Default `rmsprop`. */
  optimizer?: OptimizerIdentifier;
  /**
   * What training lowers: one loss (for every output), or for each output one or null, in a list or by the outputs' names. It may
   * be left out where layers add losses with `addLoss`, or where `trainStep` computes its own.
   */
  loss?: PerOutput<LossIdentifier> | null;
  /** How much the loss of each output counts in the sum, in a list or by name; default 1. */
  lossWeights?: LossWeights | null;
  /**
   * Watched besides the loss; sample weights do not count in them. A name, a function, a metric or a list; of several outputs a
   * list of those, or an object by the outputs' names. `accuracy` and `crossentropy` take the one that fits the targets.
   */
  metrics?: MetricsOption | null;
  /** The same, with sample and class weights counted in. */
  weightedMetrics?: MetricsOption | null;
  /** Runs each step operation by operation instead of as one graph: slower, but can be debugged. Default false. */
  runEagerly?: boolean;
  /**
   * How many batches one run of the compiled graph takes; callbacks hear of a batch only after so many. Default 1. More make small
   * models somewhat faster and compile longer.
   */
  stepsPerExecution?: number;
  /** Taken for Keras's sake: steps are compiled unless `runEagerly` says otherwise. */
  jitCompile?: boolean | 'auto';
  /** In a model whose dtype policy is `mixed_float16`, scales the loss so that gradients do not vanish. Default true. */
  autoScaleLoss?: boolean;
}

const isTensor = (value: unknown): boolean => value instanceof Tensor;

/** A structure of outputs, or what is known of them before there are any. */
export type OutputTree = TensorTree | TensorForm | readonly OutputTree[] | { readonly [name: string]: OutputTree };

/** Optimizer, losses and metrics of one model. */
export class Compilation {
  readonly optimizer: Optimizer;
  readonly runEagerly: boolean;
  readonly stepsPerExecution: number;
  readonly lossTracker = new Mean({ name: 'loss' });
  private readonly loss: CompiledLoss | null;
  private readonly compiledMetrics: CompiledMetrics;
  private readonly outputNames: () => readonly string[] | null;

  /** @param outputNames - Of the model, once they are known. */
  constructor(options: CompileOptions, optimizer: Optimizer, outputNames: () => readonly string[] | null) {
    const {
      loss = null,
      lossWeights = null,
      metrics,
      weightedMetrics,
      runEagerly = false,
      stepsPerExecution = 1,
    } = options;
    if (loss === null && lossWeights !== null)
      throw new ArgumentError(`compile: lossWeights were given without a loss; give the losses that they weigh.`);
    this.optimizer = optimizer;
    this.loss = loss === null ? null : new CompiledLoss(loss, lossWeights);
    this.compiledMetrics = new CompiledMetrics(metrics ?? [], weightedMetrics ?? []);
    this.runEagerly = runEagerly;
    this.stepsPerExecution = requireCount('compile', 'stepsPerExecution', stepsPerExecution);
    this.outputNames = outputNames;
  }

  /**
   * The optimizer that options name. In a model of dtype policy `mixed_float16` one that scales the loss is put around it, unless
   * `autoScaleLoss` is false.
   */
  static optimizerFor({ optimizer = 'rmsprop', autoScaleLoss = true }: CompileOptions, policy: string): Optimizer {
    const own = getOptimizer(optimizer);
    const scales = autoScaleLoss && policy === 'mixed_float16' && !(own instanceof LossScaleOptimizer);
    return scales ? new LossScaleOptimizer({ innerOptimizer: own }) : own;
  }

  /** The loss's mean, the metrics, then the means of single losses. */
  get metrics(): readonly Metric[] {
    return [this.lossTracker, ...this.compiledMetrics.metrics, ...(this.loss?.metrics ?? [])];
  }

  /** What a metric is called in the logs. */
  logNameOf(metric: Metric): string {
    return this.compiledMetrics.nameOf(metric) ?? metric.name;
  }

  private outputsOf(yPred: OutputTree): Outputs {
    return new Outputs(yPred, this.outputNames());
  }

  private targetsOf(outputs: Outputs, { y }: AnyBatch): (Tensor | null)[] {
    return outputs.assign('y', y, isTensor, { spreads: false, present: this.loss?.presence(outputs) });
  }

  private weightsOf(outputs: Outputs, { sampleWeight }: AnyBatch): (Tensor | null)[] {
    return outputs.assign('sampleWeight', sampleWeight, isTensor, {
      spreads: true,
      present: this.loss?.presence(outputs),
    });
  }

  /**
   * Makes losses and metrics for such outputs, and refuses targets that would give a wrong number or a crash in the engine.
   *
   * @throws ArgumentError where losses, metrics or targets do not fit the outputs.
   */
  prepare(batch: AnyBatch, yPred: OutputTree): void {
    const outputs = this.outputsOf(yPred);
    const [targets, predictions] = [this.targetsOf(outputs, batch), outputs.flatten<HasShape>(yPred)];
    this.weightsOf(outputs, batch);
    this.compiledMetrics.resolve(outputs, targets, predictions);
    this.loss?.checkTargets(outputs, targets, predictions);
  }

  /** The loss of a batch, with what layers add to it. @throws ArgumentError where there is none. */
  computeLoss(batch: AnyBatch, yPred: TensorTree, added: readonly Tensor[]): Tensor {
    const terms: Tensor[] = [];
    if (this.loss) {
      const outputs = this.outputsOf(yPred);
      const [targets, weights] = [this.targetsOf(outputs, batch), this.weightsOf(outputs, batch)];
      terms.push(this.loss.call(outputs, targets, outputs.flatten(yPred), weights, samplesIn(batch)));
    }
    terms.push(...added.map((loss) => (loss.rank === 0 ? loss : ops.sum(loss))));
    if (terms.length === 0)
      throw new ArgumentError(
        `There is no loss: give one to compile({ loss: 'meanSquaredError' }), or add one in a layer with addLoss.`,
      );
    return terms.reduce((sum, term) => ops.add(sum, term.dtype === sum.dtype ? term : ops.cast(term, sum.dtype)));
  }

  /** Takes one batch into the loss's mean: it counts by its samples, since the last one may be smaller. */
  trackLoss(batch: AnyBatch, loss: Tensor): void {
    this.lossTracker.updateState(loss, ops.scalar(samplesIn(batch)));
  }

  /** Takes one batch into the metrics. */
  updateMetrics(batch: AnyBatch, yPred: TensorTree): void {
    const outputs = this.outputsOf(yPred);
    const [targets, weights] = [this.targetsOf(outputs, batch), this.weightsOf(outputs, batch)];
    this.compiledMetrics.update(outputs, targets, outputs.flatten(yPred), weights);
  }
}
