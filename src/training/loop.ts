/** @file The loops of `fit`, `evaluate` and `predict`: epochs, batches, validation, hooks. */
import type { CallbackList, CallbackModel, Logs, PredictLogs } from '../callbacks/index.ts';
import { isInterrupted } from '../display.ts';
import { ArgumentError, InterruptedError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TensorTree } from '../tensor/tree.ts';
import type { AnyBatch, TakenBatch } from './data.ts';
import type { BatchSource } from './sources.ts';
import type { LogStep, Step } from './step.ts';

/** Logs that are read off the device when they are first looked at: most steps' never are. */
function lazyLogs(names: readonly string[], values: Tensor): Logs {
  let numbers: ArrayLike<number | bigint> | null = null;
  const logs: Logs = {};
  names.forEach((name, i) => {
    Object.defineProperty(logs, name, {
      enumerable: true,
      get: () => Number((numbers ??= values.dataSync())[i]),
    });
  });
  return logs;
}

/** Numbers by name, off the device. */
export async function readLogs(names: readonly string[], values: Tensor): Promise<Logs> {
  const numbers = await values.data();
  return Object.fromEntries(names.map((name, i) => [name, Number(numbers[i])]));
}

/**
 * How long (ms) steps on the main thread may hold the event loop before others get a turn: less than the time in which the kernel
 * wants an answer from a cell that it interrupts.
 */
const longestHold = 20;
let lastTurn = 0;

/** Lets the event loop go on where it was held for long. */
async function giveTurn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  lastTurn = performance.now();
}

/** Batches of one execution, or of all that is left. */
async function takeBatches(source: BatchSource, count: number): Promise<TakenBatch[]> {
  const taken: TakenBatch[] = [];
  while (taken.length < count) {
    const next = source.next();
    const batch = next instanceof Promise ? await next : next;
    if (!batch) break;
    taken.push(batch);
  }
  return taken;
}

/** One pass over batches. */
interface Pass<Result> {
  readonly source: BatchSource;
  /** At most so many batches; null for all of the source. */
  readonly steps: number | null;
  readonly perExecution: number;
  readonly run: (batches: readonly AnyBatch[]) => Result | Promise<Result>;
  /** Hooks around an execution, null where nobody listens. */
  readonly begin: ((step: number) => Promise<void>) | null;
  readonly end: ((step: number, result: Result) => Promise<void>) | null;
  readonly stopped: () => boolean;
  /** Begins a new pass over the data also where the one before has not come to its end. */
  readonly fromStart: boolean;
  /** For messages: `fit`. */
  readonly caller: string;
}

/** Goes over the batches; gives how many there were. No promise is made for steps that need none: they would show. */
async function pass<Result>(parts: Pass<Result>): Promise<number> {
  const { source, steps, perExecution, run, begin, end } = parts;
  let begun = parts.fromStart || steps === null || source.atEnd;
  if (begun) await source.rewind();
  let done = 0;
  while (steps === null || done < steps) {
    let began = performance.now();
    if (source.atEnd && begun) break;
    const wanted = steps === null ? perExecution : Math.min(perExecution, steps - done);
    if (begin) await begin(done);
    const single = wanted === 1 ? source.next() : takeBatches(source, wanted);
    const outcome = single instanceof Promise ? await single : single;
    const taken = Array.isArray(outcome) ? outcome : outcome ? [outcome] : [];
    if (taken.length === 0) {
      // The epoch before had taken the last batch of its pass.
      if (done > 0 || begun) break;
      begun = true;
      await source.rewind();
      continue;
    }
    begun = true;
    let result: Result;
    try {
      const running = run(taken.map(({ batch }) => batch));
      if (running instanceof Promise) {
        result = await running;
        began = lastTurn = performance.now();
      } else result = running;
    } finally {
      for (const { owned } of taken) for (const tensor of owned) tensor.dispose();
    }
    done += taken.length;
    if (end) await end(done - 1, result);
    if (isInterrupted())
      throw new InterruptedError(
        `Interrupted after step ${done}${source.steps === undefined ? '' : ` of ${steps ?? source.steps}`}; the weights are those of that step.`,
      );
    if (parts.stopped()) return done;
    // Unless there is time for one more such step.
    const now = performance.now();
    if (now - lastTurn + (now - began) > longestHold) await giveTurn();
  }
  if (steps !== null && done < steps)
    console.warn(
      `${parts.caller}: the data ended after ${done} of ${steps} steps. It must give as many batches as steps and epochs ask for; ` +
        `give fewer steps, or data that repeats itself.`,
    );
  return done;
}

/** One pass that gives logs: those after its last step. */
async function loggedPass(
  parts: Omit<Pass<Tensor>, 'run' | 'end' | 'begin'>,
  step: LogStep,
  callbacks: CallbackList,
  [begin, end]: readonly ['onTrainBatchBegin', 'onTrainBatchEnd'] | readonly ['onTestBatchBegin', 'onTestBatchEnd'],
): Promise<{ logs: Logs; steps: number }> {
  const handedOut = callbacks.hears(end);
  let values: Tensor | null = null;
  const keepLast = (next: Tensor): Tensor => {
    // Logs that callbacks were given may be read later.
    if (!handedOut) values?.dispose();
    return (values = next);
  };
  const run = (batches: readonly AnyBatch[]): Tensor | Promise<Tensor> => {
    const outcome = step.run(batches);
    return outcome instanceof Promise ? outcome.then(keepLast) : keepLast(outcome);
  };
  const steps = await pass({
    ...parts,
    run,
    begin: callbacks.hears(begin) ? (number) => callbacks.run(begin, number) : null,
    end: handedOut ? (number, result) => callbacks.run(end, number, lazyLogs(step.names, result)) : null,
  });
  const last = values as Tensor | null;
  if (!last) return { logs: {}, steps };
  const logs = await readLogs(step.names, last);
  if (!handedOut) last.dispose();
  return { logs, steps };
}

/** What a loop over batches goes by. */
export interface LoopParts {
  readonly caller: string;
  readonly model: CallbackModel;
  readonly callbacks: CallbackList;
  readonly source: BatchSource;
  /** Batches of a pass; null for all. */
  readonly steps: number | null;
  readonly perExecution: number;
}

const noBatches = (caller: string): ArgumentError =>
  new ArgumentError(`${caller}: the data has no batches; expected at least one.`);

/** One pass over validation or test data. */
export async function testLoop(
  parts: LoopParts & { readonly step: LogStep; readonly resetMetrics: () => void },
): Promise<Logs> {
  const { caller, model, callbacks, step, resetMetrics } = parts;
  model.stopEvaluating = false;
  await callbacks.run('onTestBegin');
  resetMetrics();
  const hooks = ['onTestBatchBegin', 'onTestBatchEnd'] as const;
  const stopped = () => model.stopEvaluating === true;
  const { logs, steps } = await loggedPass({ ...parts, stopped, fromStart: true }, step, callbacks, hooks);
  if (steps === 0) throw noBatches(caller);
  await callbacks.run('onTestEnd', logs);
  return logs;
}

export interface FitLoopParts extends LoopParts {
  readonly step: LogStep;
  readonly resetMetrics: () => void;
  readonly epochs: number;
  readonly initialEpoch: number;
  /** The validation after an epoch; null after epochs without one. */
  readonly validate: (epoch: number) => Promise<Logs> | null;
  /** After the last epoch. */
  readonly finish: () => void;
}

/** The training loop. */
export async function fitLoop(parts: FitLoopParts): Promise<void> {
  const { caller, model, callbacks, step, resetMetrics, epochs, validate } = parts;
  model.stopTraining = false;
  model.initialEpoch = null;
  let logs: Logs = {};
  try {
    await callbacks.run('onTrainBegin');
    const hooks = ['onTrainBatchBegin', 'onTrainBatchEnd'] as const;
    const stopped = () => model.stopTraining;
    for (let epoch = model.initialEpoch ?? parts.initialEpoch; epoch < epochs && !model.stopTraining; epoch++) {
      resetMetrics();
      await callbacks.run('onEpochBegin', epoch);
      const trained = await loggedPass({ ...parts, stopped, fromStart: false }, step, callbacks, hooks);
      if (trained.steps === 0) {
        if (epoch === parts.initialEpoch) throw noBatches(caller);
        console.warn(
          `${caller}: there is no data for epoch ${epoch + 1}, so the training ends. An iterator runs once: give a function that makes ` +
            `one, something iterable, or stepsPerEpoch.`,
        );
        break;
      }
      logs = trained.logs;
      const tested = await validate(epoch);
      for (const [name, value] of Object.entries(tested ?? {})) logs[`val_${name}`] = value;
      await callbacks.run('onEpochEnd', epoch, logs);
    }
    parts.finish();
  } finally {
    // Also after an error or an interrupt: views close, and early stopping gives the best weights back.
    await callbacks.run('onTrainEnd', logs);
  }
}

/** Goes over the batches and gives the outputs of each execution. */
export async function predictLoop(parts: LoopParts & { readonly step: Step<TensorTree> }): Promise<TensorTree[]> {
  const { caller, model, callbacks, step } = parts;
  model.stopPredicting = false;
  await callbacks.run('onPredictBegin');
  const outputs: TensorTree[] = [];
  const heard = callbacks.hears('onPredictBatchEnd');
  const steps = await pass<TensorTree>({
    ...parts,
    run: (batches) => step.run(batches),
    begin: callbacks.hears('onPredictBatchBegin') ? (number) => callbacks.run('onPredictBatchBegin', number) : null,
    end: async (number, result) => {
      outputs.push(result);
      if (heard) await callbacks.run('onPredictBatchEnd', number, { outputs: result } as PredictLogs);
    },
    stopped: () => model.stopPredicting === true,
    fromStart: true,
  });
  if (steps === 0) throw noBatches(caller);
  await callbacks.run('onPredictEnd');
  return outputs;
}
