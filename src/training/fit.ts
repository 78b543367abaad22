/** @file `fit`, `evaluate` and steps on single batches: options to loops. */
import { CallbackList, History, type Logs, withDefaultCallbacks } from '../callbacks/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { afterTermination } from '../tensor/termination.ts';
import { type DataTree, requireCount, samplesIn } from './data.ts';
import { type LoopParts, fitLoop, readLogs, testLoop } from './loop.ts';
import type { BatchOptions, BatchStream, EvaluateOptions, FitOptions, Verbose } from './options.ts';
import { ArraySource, type BatchSource, openerOf } from './sources.ts';
import type { TrainedModel, Trainer } from './trainer.ts';

/** The number that stands for how much is shown. */
export const verbosity = (verbose: Verbose | undefined, otherwise: 0 | 1): 0 | 1 | 2 =>
  verbose === 'auto' ? 1 : (verbose ?? otherwise);

type Data = DataTree | BatchStream;
type Targets = DataTree | null | undefined;

/** Models that are being trained: two trainings of one would disturb each other. */
let inTraining = new WeakSet<TrainedModel>();
afterTermination(() => {
  inTraining = new WeakSet();
});

function checkOptions(options: FitOptions): void {
  const { epochs = 1, initialEpoch = 0, validationSplit = 0, validationFreq = 1 } = options;
  const { batchSize, validationBatchSize, stepsPerEpoch, validationSteps } = options;
  const counts = { epochs, batchSize, validationBatchSize, stepsPerEpoch, validationSteps };
  for (const [name, value] of Object.entries(counts))
    if (value !== undefined && value !== null) requireCount('fit', name, value);
  if (typeof validationFreq === 'number') requireCount('fit', 'validationFreq', validationFreq);
  if (!Number.isInteger(initialEpoch) || initialEpoch < 0)
    throw new ArgumentError(`fit: expected initialEpoch to be a whole number of at least 0, got ${initialEpoch}.`);
  if (!(validationSplit >= 0 && validationSplit < 1))
    throw new ArgumentError(`fit: expected validationSplit in 0 <= validationSplit < 1, got ${validationSplit}.`);
}

/** Trains a model. */
export async function fit(trainer: Trainer, x: Data, y: Targets, options: FitOptions): Promise<History> {
  const { model } = trainer;
  const compilation = trainer.requireCompiled('fit');
  checkOptions(options);
  if (inTraining.has(model))
    throw new ArgumentError(`fit: model ${model.name} is being trained already; await that fit() before the next.`);
  const { epochs = 1, initialEpoch = 0, stepsPerEpoch = null, validationFreq = 1 } = options;
  const { training, validation } = sourcesOf(trainer, x, y, options);
  const history = new History();
  const hold = inTraining;
  hold.add(model);
  try {
    const first = await training.first();
    if (first) trainer.prepare('fit', first);
    const callbacks = new CallbackList(
      withDefaultCallbacks(options.callbacks, { history, verbose: verbosity(options.verbose, 1) }),
      model,
      { epochs, steps: stepsPerEpoch ?? training.steps, samples: training.samples, metrics: trainer.logNames },
    );
    model.history = history;
    const resetMetrics = (): void => model.resetMetrics();
    const common = { model, callbacks, perExecution: compilation.stepsPerExecution, resetMetrics };
    const due = (epoch: number): boolean =>
      typeof validationFreq === 'number' ? (epoch + 1) % validationFreq === 0 : validationFreq.includes(epoch + 1);
    if (validation) await prepareTest(trainer, 'fit: validationData', validation);
    await fitLoop({
      ...{ ...common, caller: 'fit', source: training, steps: stepsPerEpoch, epochs, initialEpoch },
      step: trainer.stepFor('train', 'fit'),
      validate: (epoch) =>
        validation && due(epoch)
          ? testLoop({
              ...{
                ...common,
                caller: 'fit: validationData',
                source: validation,
                steps: options.validationSteps ?? null,
              },
              step: trainer.stepFor('test', 'fit'),
            })
          : null,
      finish: () => compilation.optimizer.finalizeVariableValues(model.trainableWeights),
    });
    return history;
  } finally {
    hold.delete(model);
    await training.close();
    await validation?.close();
  }
}

async function prepareTest(trainer: Trainer, caller: string, source: BatchSource): Promise<void> {
  const first = await source.first();
  if (first) trainer.prepare(caller, first);
}

interface Sources {
  readonly training: BatchSource;
  readonly validation: BatchSource | null;
}

function sourcesOf(trainer: Trainer, x: Data, y: Targets, options: FitOptions): Sources {
  const { batchSize, validationSplit = 0, validationData, sampleWeight, classWeight, shuffle = true } = options;
  const steps = options.stepsPerEpoch;
  const validationBatchSize = options.validationBatchSize ?? batchSize;
  const training = { y, sampleWeight, classWeight, batchSize, steps, shuffle, forLosses: true };
  if (validationData) {
    const given: readonly [Data, Targets?, Targets?] = Array.isArray(validationData)
      ? (validationData as unknown as readonly [DataTree, Targets?, Targets?])
      : [validationData as BatchStream];
    const [valX, valY, weights] = given;
    return {
      training: trainer.sourceOf('fit', x, training),
      validation: trainer.sourceOf('fit: validationData', valX, {
        ...{ y: valY, sampleWeight: weights, batchSize: validationBatchSize, forLosses: true },
        steps: options.validationSteps,
      }),
    };
  }
  if (validationSplit === 0) return { training: trainer.sourceOf('fit', x, training), validation: null };
  if (openerOf(x))
    throw new ArgumentError(
      'fit: validationSplit needs samples in memory; of a stream give what to validate with as validationData.',
    );
  const data = trainer.batchOf('fit', { x: x as DataTree, y, sampleWeight }, classWeight);
  const samples = samplesIn(data);
  const trained = Math.floor(samples * (1 - validationSplit));
  if (trained === 0)
    throw new ArgumentError(
      `fit: a validationSplit of ${validationSplit} leaves none of ${samples} samples to train on.`,
    );
  // Weights of classes are for training: what is held back counts as it comes, as in Keras.
  const heldOut = classWeight ? { ...data, sampleWeight: null } : data;
  return {
    training: new ArraySource(data, {
      ...{ end: trained, shuffle },
      batchSize: batchSize ?? (steps ? Math.ceil(trained / steps) : undefined),
    }),
    validation: trained < samples ? new ArraySource(heldOut, { begin: trained, batchSize: validationBatchSize }) : null,
  };
}

/** Loss and metrics of a model on some data. */
export async function evaluate(trainer: Trainer, x: Data, y: Targets, options: EvaluateOptions): Promise<Logs> {
  const { model } = trainer;
  const compilation = trainer.requireCompiled('evaluate');
  const { steps = null, batchSize, sampleWeight } = options;
  const source = trainer.sourceOf('evaluate', x, { y, sampleWeight, batchSize, steps, forLosses: true });
  try {
    await prepareTest(trainer, 'evaluate', source);
    const callbacks = new CallbackList(
      withDefaultCallbacks(options.callbacks, { verbose: verbosity(options.verbose, 0) }),
      model,
      { epochs: 1, steps: steps ?? source.steps, samples: source.samples, metrics: trainer.logNames },
    );
    const parts: LoopParts = {
      caller: 'evaluate',
      model,
      callbacks,
      source,
      steps,
      perExecution: compilation.stepsPerExecution,
    };
    return await testLoop({
      ...parts,
      step: trainer.stepFor('test', 'evaluate'),
      resetMetrics: () => model.resetMetrics(),
    });
  } finally {
    await source.close();
  }
}

/** One step on just these samples; its loss and metrics are theirs alone. */
export async function onBatch(
  trainer: Trainer,
  which: 'train' | 'test',
  x: DataTree,
  y: Targets,
  { sampleWeight, classWeight }: BatchOptions,
): Promise<Logs> {
  const caller = `${which}OnBatch`;
  trainer.requireCompiled(caller);
  const batch = trainer.batchOf(caller, { x, y, sampleWeight }, classWeight);
  trainer.prepare(caller, batch);
  trainer.model.resetMetrics();
  const step = trainer.stepFor(which, caller);
  const values = await step.run([batch]);
  return readLogs(step.names, values);
}
