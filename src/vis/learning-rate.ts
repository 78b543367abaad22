/** @file Learning rates over a run: what a schedule will do, what a run did. */
import { ArgumentError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type XYOptions, line } from './charts.ts';
import type { HistoryData } from './history.ts';
import { formatShort } from './number-text.ts';
import { Plot } from './vega.ts';

/** Gives the learning rate at a step: a schedule of `tf.optimizers.schedules`, or anything alike. */
export interface ScheduleLike {
  apply(step: number): Tensor | number;
}
/** A schedule, the learning rate as a function of the step (or epoch), or a run that logged `learning_rate`. */
export type LearningRateSource = ScheduleLike | ((step: number) => Tensor | number) | HistoryData;

export interface LearningRateOptions extends Pick<XYOptions, 'title' | 'width' | 'height' | 'yScale'> {
  /** How many steps of a schedule are shown. Default 1000. */
  steps?: number;
  /** What a schedule counts: the name of the x axis. Default `step`. */
  unit?: string;
}

/** A schedule is asked for no more steps than this. */
const mostPoints = 500;

/**
 * The learning rate over the steps of a schedule, or over the epochs of a run.
 *
 * @param source a schedule, a function of the step, a history; or several by name
 * @throws ArgumentError where it is none of these, or a history has no `learning_rate`
 * @example
 * tf.vis.learningRate(tf.optimizers.schedules.cosineDecay({ initialLearningRate: 0.1, decaySteps: 500 }), { steps: 600 })
 * tf.vis.learningRate(history, { yScale: 'log' })
 */
export function learningRate(
  source: LearningRateSource | Readonly<Record<string, LearningRateSource>>,
  options: LearningRateOptions = {},
): Plot {
  const { steps = 1000, unit = 'step', ...looks } = options;
  if (!Number.isInteger(steps) || steps < 1)
    throw new ArgumentError(`tf.vis.learningRate: steps must be a whole number of at least 1, got ${steps}.`);
  const named = isSource(source) ? { '': source } : source;
  if (typeof named !== 'object' || named === null || !Object.values(named).every(isSource))
    throw new ArgumentError(
      `tf.vis.learningRate expects a schedule, a function of the step, a history, or several of them by name; got ${source === null ? 'null' : typeof source}.`,
    );
  const columns = { x: [] as number[], y: [] as number[], series: [] as string[] };
  for (const [name, each] of Object.entries(named))
    for (const [label, points] of Object.entries(isHistory(each) ? logged(each) : scheduled(each, steps)))
      for (const [x, y] of points) {
        columns.x.push(x);
        columns.y.push(y);
        columns.series.push([name, label].filter(Boolean).join(' '));
      }
  const { series, ...xy } = columns;
  const areHistories = Object.values(named).every(isHistory);
  const drawn = line(
    { ...xy, ...(new Set(series).size > 1 && { series }) },
    { xTitle: areHistories ? 'epoch' : unit, yTitle: 'learning rate', zero: looks.yScale !== 'log', ...looks },
  );
  const lines = [...new Set(series)].map((name) => {
    const own = xy.y.filter((_, i) => series[i] === name);
    return `${name ? `${name}: ` : ''}from ${formatShort(own[0])} to ${formatShort(own[own.length - 1])}`;
  });
  return new Plot(drawn.spec, `${looks.title ?? 'Learning rate'} (${lines.join(', ')})`);
}

const isHistory = (value: unknown): value is HistoryData =>
  typeof value === 'object' && value !== null && 'history' in value && 'epoch' in value;
const isSource = (value: unknown): value is LearningRateSource =>
  typeof value === 'function' ||
  isHistory(value) ||
  (typeof value === 'object' && value !== null && typeof (value as { apply?: unknown }).apply === 'function');

type Points = (readonly [number, number])[];

function scheduled(
  schedule: ScheduleLike | ((step: number) => Tensor | number),
  steps: number,
): Record<string, Points> {
  const count = Math.min(steps, mostPoints);
  const at = Array.from({ length: count }, (_, i) => Math.round((i * (steps - 1)) / Math.max(1, count - 1)));
  const rateAt = (step: number): number => {
    const rate = typeof schedule === 'function' ? schedule(step) : schedule.apply(step);
    const number = rate instanceof Tensor ? Number(rate.dataSync()[0]) : rate;
    if (typeof number !== 'number')
      throw new ArgumentError(
        `tf.vis.learningRate: expected a number for step ${step}, the schedule gave ${typeof number}.`,
      );
    return number;
  };
  return { '': at.map((step) => [step, rateAt(step)]) };
}

/** Learning rates in a history: of several optimizers each. */
function logged({ epoch, history }: HistoryData): Record<string, Points> {
  const names = Object.keys(history).filter((name) => /learning_?rate$/i.test(name));
  if (names.length === 0)
    throw new ArgumentError(
      `tf.vis.learningRate: the history has no 'learning_rate', only ${Object.keys(history).join(', ') || 'nothing'}; callbacks such as LearningRateScheduler log it.`,
    );
  return Object.fromEntries(
    names.map((name) => [
      names.length === 1 ? '' : name,
      history[name].map((rate, i): [number, number] => [(epoch[i] ?? i) + 1, rate]),
    ]),
  );
}
