/** @file Trainer: a model's compilation and its compiled steps, and what has to be there before they run. */
import type { CallbackModel, History } from '../callbacks/index.ts';
import type { ConcreteFunction } from '../function/index.ts';
import type { Metric } from '../metrics/index.ts';
import * as ops from '../ops/index.ts';
import type { Optimizer } from '../optimizers/index.ts';
import { RaggedTensor } from '../ragged/index.ts';
import { TensorForm, ValuesNeededError, outputForms } from '../symbolic/output-forms.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type TensorTree, describeTree, mapTree } from '../tensor/tree.ts';
import type { Variable } from '../tensor/variable.ts';
import { classWeightsToSampleWeights } from './class-weights.ts';
import { Compilation, type CompileOptions, type OutputTree } from './compilation.ts';
import { type AnyBatch, type BatchParts, type DataTree, ownedBy, requireCount, samplesIn, toBatch } from './data.ts';
import { readElement } from './elements.ts';
import type { BatchOptions, BatchStream } from './options.ts';
import { ArraySource, type BatchSource, type Shuffle, StreamSource, openerOf } from './sources.ts';
import { LogStep, Step } from './step.ts';

/** What a trainer needs of a model. */
export interface TrainedModel extends CallbackModel {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly metrics: readonly Metric[];
  readonly trainableWeights: Variable[];
  /** Whether it trains in its own way: then what its outputs are to the losses is its own business too. */
  readonly hasOwnSteps: boolean;
  history: History | null;
  apply(inputs: TensorTree, options: { training: boolean }): TensorTree;
  trainStep(batch: AnyBatch): Record<string, Tensor>;
  testStep(batch: AnyBatch): Record<string, Tensor>;
  predictStep(batch: AnyBatch): TensorTree;
  resetMetrics(): void;
}

/** What comes with inputs, and how they become batches. */
export interface SourceOptions extends BatchOptions {
  readonly y?: DataTree | null;
  readonly batchSize?: number;
  /** Batches of an epoch: of samples in memory they say how large a batch is where `batchSize` does not. */
  readonly steps?: number | null;
  readonly shuffle?: Shuffle;
  /** Whether the batches have targets for the losses, which are looked at. */
  readonly forLosses?: boolean;
}

/** Compiles and prepares the steps of one model. */
export class Trainer {
  readonly model: TrainedModel;
  compilation: Compilation | null = null;
  /** What `compile` was given. */
  options: CompileOptions | null = null;
  private steps: { readonly train: LogStep; readonly test: LogStep } | null = null;
  private predictor: Step<TensorTree> | null = null;
  /** What the model gives for batches of a form. */
  private prepared: { readonly form: string; readonly outputs: OutputTree } | null = null;
  /** The weights that the training step changes. */
  private trained: readonly Variable[] | null = null;

  constructor(model: TrainedModel) {
    this.model = model;
  }

  compile(options: CompileOptions, optimizer: Optimizer): void {
    this.compilation = new Compilation(options, optimizer, () => {
      const { outputNames } = this.model;
      return outputNames.length > 0 ? outputNames : null;
    });
    this.options = options;
    this.discardSteps();
  }

  /** Forgets compiled steps: for models whose layers change. */
  discardSteps(): void {
    const { model } = this;
    const { name } = model;
    const eager = this.compilation?.runEagerly ?? false;
    this.prepared = null;
    this.trained = null;
    this.predictor = null;
    const train = (batch: AnyBatch): Record<string, Tensor> => {
      const logs = model.trainStep(batch);
      this.trained = model.trainableWeights;
      return logs;
    };
    this.steps = this.compilation && {
      train: new LogStep(`training step of model '${name}'`, train, eager),
      test: new LogStep(`test step of model '${name}'`, (batch) => model.testStep(batch), eager),
    };
  }

  /** The compiled training step, once there is one. */
  get trainGraph(): ConcreteFunction | null {
    return this.steps?.train.step.trace ?? null;
  }

  /** @throws ArgumentError before `compile` */
  requireCompiled(caller: string): Compilation {
    if (this.compilation) return this.compilation;
    throw new ArgumentError(`Model ${this.model.name}: call compile({ optimizer, loss, metrics }) before ${caller}().`);
  }

  /** The step that trains, or the one that tests. @throws ArgumentError before `compile` */
  stepFor(which: 'train' | 'test', caller: string): LogStep {
    this.requireCompiled(caller);
    return (this.steps as NonNullable<typeof this.steps>)[which];
  }

  /** The step that predicts. */
  get predictStep(): Step<TensorTree> {
    const { model } = this;
    const rule = (batches: readonly AnyBatch[]): TensorTree => joinOutputs(batches.map((b) => model.predictStep(b)));
    const eager = this.compilation?.runEagerly ?? false;
    return (this.predictor ??= new Step(`prediction of model '${model.name}'`, rule, eager));
  }

  /** Names in the logs. */
  get logNames(): string[] {
    return this.model.metrics.map((metric) => this.compilation?.logNameOf(metric) ?? metric.name);
  }

  /** Inputs, targets and weights as tensors. @throws ArgumentError */
  batchOf(caller: string, { x, y, sampleWeight }: BatchParts, classWeight?: BatchOptions['classWeight']): AnyBatch {
    if (sampleWeight && classWeight)
      throw new ArgumentError(`${caller}: expected sampleWeight or classWeight, got both.`);
    const { inputNames, outputNames } = this.model;
    const arity = { inputs: inputNames.length, outputs: outputNames.length };
    const batch = toBatch(caller, { x, y, sampleWeight }, arity);
    if (!classWeight) return batch;
    return { ...batch, sampleWeight: classWeightsToSampleWeights(caller, batch.y, classWeight, outputNames) };
  }

  /** Batches of samples in memory, or of a stream. @throws ArgumentError */
  sourceOf(caller: string, x: DataTree | BatchStream, options: SourceOptions): BatchSource {
    const { y, sampleWeight, classWeight, batchSize, steps, shuffle, forLosses = false } = options;
    const open = openerOf(x);
    if (!open) {
      const data = this.batchOf(caller, { x: x as DataTree, y, sampleWeight }, classWeight);
      const size = batchSize ?? (steps ? Math.ceil(samplesIn(data) / steps) : 32);
      return new ArraySource(data, { shuffle, batchSize: requireCount(caller, 'batchSize', size) });
    }
    for (const [name, value] of Object.entries({ y, sampleWeight }))
      if (value !== undefined && value !== null)
        throw new ArgumentError(
          `${caller}: ${name} must come with the batches of a stream, as [x, y, sampleWeight], not besides it.`,
        );
    return new StreamSource(open, (element) => {
      const batch = this.batchOf(caller, readElement(caller, element), classWeight);
      // Samples in memory are looked at before the first step, all at once.
      if (forLosses && this.prepared && !this.model.hasOwnSteps)
        this.compilation?.prepare(batch, this.prepared.outputs);
      return { batch, owned: ownedBy(batch, element) };
    });
  }

  /** Makes weights, losses, metrics and optimizer state before any step is traced, and checks the targets. */
  prepare(caller: string, batch: AnyBatch): void {
    const compilation = this.requireCompiled(caller);
    const { model, trained } = this;
    // Layers were frozen, or let go again: the step that was traced changes other weights.
    const now = model.trainableWeights;
    if (trained && (trained.length !== now.length || trained.some((weight, i) => weight !== now[i])))
      this.discardSteps();
    if (model.hasOwnSteps) return;
    const form = describeTree([batch.x, batch.y, batch.sampleWeight], leafForm);
    if (this.prepared?.form !== form) this.prepared = { form, outputs: this.outputsFor(batch) };
    compilation.prepare(batch, this.prepared.outputs);
    compilation.optimizer.build(model.trainableWeights);
  }

  /** What the model gives for such a batch; found with a sample where it asks for values. */
  private outputsFor({ x }: AnyBatch): OutputTree {
    const { model } = this;
    const form = (leaf: unknown): unknown => (leaf instanceof Tensor ? new TensorForm(leaf.dtype, leaf.shape) : leaf);
    try {
      return outputForms(`Model ${model.name}`, [mapTree(x, form)], ([inputs]) =>
        model.apply(inputs as TensorTree, { training: false }),
      ) as OutputTree;
    } catch (error) {
      if (!(error instanceof ValuesNeededError)) throw error;
      const { batch, owned } = new ArraySource({ x, y: null, sampleWeight: null }, { end: 1 }).firstBatch();
      const outputs = ops.tidy(() => mapTree(model.apply(batch.x, { training: false }), form) as OutputTree);
      for (const tensor of owned) tensor.dispose();
      return outputs;
    }
  }
}

const leafForm = (leaf: unknown): string =>
  leaf instanceof Tensor ? `${leaf.dtype}${formatShape(leaf.shape.slice(1))}` : String(leaf);

/** The outputs of several batches as those of one. */
export function joinOutputs(parts: readonly TensorTree[]): TensorTree {
  const [first, ...others] = parts;
  if (others.length === 0) return first;
  if (first instanceof Tensor) return ops.concat(parts as readonly Tensor[]);
  if (Array.isArray(first)) return first.map((_, i) => joinOutputs(parts.map((part) => (part as TensorTree[])[i])));
  if (first instanceof RaggedTensor) return ops.ragged.concat(parts as readonly RaggedTensor[]) as TensorTree;
  return Object.fromEntries(
    Object.keys(first).map((name) => [
      name,
      joinOutputs(parts.map((part) => (part as Record<string, TensorTree>)[name])),
    ]),
  );
}
