/** @file `tf.summary`: what TensorBoard shows of a program: numbers, distributions, images, text, sounds, graphs, hyperparameters. */
import { fromHost, fromStrings } from '../engine/index.ts';
import { type TensorLike, toTensor } from '../ops/convert.ts';
import { tidy } from '../ops/index.ts';
import { observe } from '../primitives/calls.ts';
import type { ObservedValue } from '../primitives/primitives.ts';
import { isAbstract } from '../tracing/trace.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import {
  type Step,
  defaultWriter,
  getStep,
  setStep,
  shouldRecordSummaries,
  stepNumber,
  withWriter,
} from './context.ts';
import type { EventContent, SummaryMetadata } from './event.ts';
import { type GraphLike, describeGraphLike } from './graph.ts';
import { type HParam, type HParamMetric, type HParamValue, experimentSummary, trialSummary } from './hparams.ts';
import * as kinds from './kinds.ts';
import type { AudioOptions, DescriptionOption, HistogramOptions, ImageOptions, TextLike } from './kinds.ts';
import { type FileWriterOptions, SummaryWriter } from './writer.ts';

export { type RecordCondition, type Step, recordIf, setDefaultWriter, shouldRecordSummaries } from './context.ts';
export type { SummaryMetadata } from './event.ts';
export type { GraphLike } from './graph.ts';
export type { HParam, HParamDomain, HParamMetric, HParamValue } from './hparams.ts';
export type { AudioOptions, DescriptionOption, HistogramOptions, ImageOptions, TextLike } from './kinds.ts';
export { type FileWriterOptions, SummaryWriter } from './writer.ts';

/** The step, alone or among the options of the kind; where it is left out it is the one set before. */
type StepAnd<Options> = Step | (Options & { readonly step?: Step });

/**
 * A writer of event files in a folder, which is made. One run, one folder: TensorBoard compares folders.
 *
 * @example
 * const writer = tf.summary.createFileWriter('runs/first');
 * writer.scalar('loss', 0.5, 0);
 * await writer.asDefault(async () => {
 *   for (let step = 1; step < 100; step++) tf.summary.scalar('loss', await trainOneStep(), step);
 * });
 * await writer.close();
 */
export const createFileWriter = (logDir: string, options?: FileWriterOptions): SummaryWriter =>
  new SummaryWriter(logDir, options);

/** Runs a function in which summaries go nowhere. */
export const withoutWriter = <T>(fn: () => T): T => withWriter(null, undefined, fn);

const stepOf = (given: StepAnd<object> | undefined): Step | undefined =>
  typeof given !== 'object' || given instanceof Tensor || given instanceof Variable
    ? given
    : (given as { step?: Step }).step;

/** Writes to the default writer where there is one and summaries are wanted; whether it did. */
function record(
  kind: string,
  given: StepAnd<object> | undefined,
  content: () => EventContent | Promise<EventContent>,
): boolean {
  const writer = defaultWriter();
  if (!writer || !shouldRecordSummaries()) return false;
  const step = stepOf(given) ?? getStep();
  if (step === null)
    throw new ArgumentError(
      `tf.summary.${kind}: there is no step; give one, or set it with tf.summary.experimental.setStep or writer.asDefault(fn, step).`,
    );
  writer.write(content(), step);
  return true;
}

/**
 * The same of tensors. In a `tf.function` it becomes part of the graph, where there is a default writer while it is traced: at each
 * call the values of that moment are written, to the writer and at the step of that moment.
 */
function recordTensor(
  kind: string,
  given: StepAnd<object> | undefined,
  data: TensorLike,
  content: (data: Tensor) => EventContent | Promise<EventContent>,
): boolean {
  const tensor = toTensor(data, `tf.summary.${kind}`);
  if (!isAbstract()) return record(kind, given, () => content(tensor));
  if (!defaultWriter()) return false;
  const step = stepOf(given);
  observe([tensor, ...(step instanceof Tensor ? [step] : [])], {
    observer: ([value, stepValue]) =>
      tidy(() => {
        const now = stepValue ? tensorOf(stepValue) : (step ?? undefined);
        record(kind, now, () => content(tensorOf(value)));
      }),
  });
  return true;
}

const tensorOf = ({ dtype, shape, elements }: ObservedValue): Tensor =>
  ArrayBuffer.isView(elements) ? fromHost(elements, dtype, shape) : fromStrings(elements, shape);

/** The options without the step, where it is not the step that was given. */
const optionsOf = <Options>(given: StepAnd<Options> | undefined): Options | undefined =>
  typeof given === 'object' && !(given instanceof Tensor) && !(given instanceof Variable) ? given : undefined;

/**
 * A number, for a curve over the steps.
 *
 * @returns Whether it was written: there may be no default writer, or `recordIf` against it. So of all kinds.
 * @example
 * writer.asDefault(() => tf.summary.scalar('loss', 0.25, 10));
 */
export const scalar = (name: string, data: TensorLike, step?: StepAnd<DescriptionOption>): boolean =>
  recordTensor('scalar', step, data, (value) => ({ summary: kinds.scalarSummary(name, value, optionsOf(step)) }));

/** How the elements of a tensor are distributed, in `buckets` intervals (30). Elements that are not finite do not count. */
export const histogram = (name: string, data: TensorLike, step?: StepAnd<HistogramOptions>): boolean =>
  recordTensor('histogram', step, data, (value) => ({ summary: kinds.histogramSummary(name, value, optionsOf(step)) }));

/**
 * Images, [images, height, width, channels] with 1 (grey), 2 (grey, opacity), 3 (RGB) or 4 (RGBA) channels: floating ones from
 * 0 to 1, others in their dtype's range. The first `maxOutputs` (3) are kept.
 */
export const image = (name: string, data: TensorLike, step?: StepAnd<ImageOptions>): boolean =>
  recordTensor('image', step, data, (value) =>
    kinds.imageSummary(name, value, optionsOf(step)).then((summary) => ({ summary })),
  );

/** Text in Markdown; a vector or a matrix of texts is shown as a table. */
export const text = (name: string, data: TextLike, step?: StepAnd<DescriptionOption>): boolean =>
  recordTensor('text', step, kinds.textTensor(data), (value) => ({
    summary: kinds.textSummary(name, value, optionsOf(step)),
  }));

/** Sounds, [clips, frames, channels] between -1 and 1, as 16-bit WAV. The first `maxOutputs` (3) are kept. */
export const audio = (name: string, data: TensorLike, sampleRate: number, step?: StepAnd<AudioOptions>): boolean =>
  recordTensor('audio', step, data, (value) => ({
    summary: kinds.audioSummary(name, value, sampleRate, optionsOf(step)),
  }));

/**
 * The graph of a traced function (of its latest trace), for TensorBoard's graph view.
 *
 * @throws ArgumentError for a function that was not traced yet.
 * @example
 * const f = tf.function((x: tf.Tensor) => x.square().sum());
 * f(tf.tensor([1, 2]));
 * writer.asDefault(() => tf.summary.graph(f));
 */
export const graph = (data: GraphLike): boolean =>
  record('graph', 0, () => {
    const nodes = describeGraphLike(data);
    if (!nodes) throw new ArgumentError('tf.summary.graph: the function was not traced yet; call it once first.');
    return { graph: nodes };
  });

/**
 * The hyperparameters of a trial, once in its run. Trials of one `trialId` (default: of the same values) share a row of the table.
 *
 * @example
 * writer.asDefault(() => tf.summary.hparams({ units: 32, dropout: 0.1, optimizer: 'adam' }));
 */
export const hparams = (
  values: Readonly<Record<string, HParamValue>>,
  { trialId, startTime = Date.now() / 1000 }: { trialId?: string; startTime?: number } = {},
): boolean => record('hparams', 0, () => trialSummary(values, trialId, startTime).then((summary) => ({ summary })));

/**
 * Which hyperparameters and metrics the trials of an experiment have; written once, in the folder above theirs.
 *
 * @example
 * writer.asDefault(() => tf.summary.hparamsConfig({
 *   hparams: [{ name: 'units', domain: [16, 32] }, { name: 'dropout', domain: { minValue: 0, maxValue: 0.5 } }],
 *   metrics: [{ tag: 'epoch_accuracy', group: 'validation', displayName: 'accuracy' }],
 * }));
 */
export const hparamsConfig = (
  { hparams, metrics }: { hparams: readonly HParam[]; metrics: readonly HParamMetric[] },
  { createdTime = Date.now() / 1000 }: { createdTime?: number } = {},
): boolean =>
  record('hparamsConfig', 0, () => experimentSummary(hparams, metrics, createdTime).then((summary) => ({ summary })));

/**
 * A tensor under a tag, for a plugin of TensorBoard's that the metadata names.
 *
 * @throws ArgumentError for dtypes that event files have no place for here: complex64, float16.
 */
export const write = (tag: string, tensor: TensorLike, step?: Step, metadata?: SummaryMetadata): boolean =>
  recordTensor('write', step, tensor, (value) => ({ summary: { tag, tensor: kinds.hostTensor(value), metadata } }));

/** Waits until what was given to a writer (default: the default writer) is in its file. */
export const flush = async (writer: SummaryWriter | null = defaultWriter()): Promise<void> => writer?.flush();

/** The step of summaries that name none. */
export const experimental = {
  getStep: (): Step | null => getStep(),
  /** A number, or a variable whose value counts at each summary; null for none. */
  setStep(step: Step | null): void {
    if (step !== null) stepNumber(step);
    setStep(step);
  },
};
