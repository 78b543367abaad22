/** @file The curves of a training run, after it. */
import { ArgumentError } from '../tensor/errors.ts';
import { logAxis } from './log-axis.ts';
import { series } from './palette.ts';
import { type Plot, chart } from './vega.ts';
import { formatMetric } from './number-text.ts';

/** What `fit` gives back: the epochs' numbers from 0, and each metric's value at the end of each epoch. */
export interface HistoryData {
  readonly epoch: readonly number[];
  readonly history: Readonly<Record<string, readonly number[]>>;
}

export interface HistoryOptions {
  /** Which metrics, in which order (without their `val_` twins); all of them where left out. */
  metrics?: readonly string[];
  title?: string;
  /** Scale of the values, for all metrics or by metric; on a logarithmic one values up to 0 are gaps. Default `linear`. */
  yScale?: 'linear' | 'log' | Readonly<Record<string, 'linear' | 'log'>>;
  /** Width and height of each chart, in CSS pixels. */
  width?: number;
  height?: number;
}

/**
 * The curves of a training run: one chart a metric, with training and validation in it.
 *
 * @throws ArgumentError where a metric is asked for that the history has not
 * @example
 * const history = await model.fit(xs, ys, { epochs: 5, validationSplit: 0.1 });
 * tf.vis.history(history)
 */
export function history(data: HistoryData, options: HistoryOptions = {}): Plot {
  const seen = [...new Set(Object.keys(data.history).map((name) => name.replace(/^val_/, '')))];
  const metrics = options.metrics ?? seen;
  for (const metric of metrics)
    if (!seen.includes(metric))
      throw new ArgumentError(
        `tf.vis.history: there is no metric '${metric}'; the history has ${seen.join(', ') || 'none'}.`,
      );
  const { yScale = 'linear' } = options;
  for (const [metric, scale] of Object.entries(typeof yScale === 'string' ? { '': yScale } : yScale)) {
    if (scale !== 'linear' && scale !== 'log')
      throw new ArgumentError(`tf.vis.history: yScale must be 'linear' or 'log', got '${String(scale)}'.`);
    if (metric && !seen.includes(metric))
      throw new ArgumentError(
        `tf.vis.history: yScale names a metric '${metric}'; the history has ${seen.join(', ') || 'none'}.`,
      );
  }
  const isLog = (metric: string) => (typeof yScale === 'string' ? yScale : yScale[metric]) === 'log';
  const validated = metrics.some((metric) => `val_${metric}` in data.history);
  const { width = 285, height = 185 } = options;
  const charts = metrics.map((metric) => ({
    width,
    height,
    title: metric,
    data: { values: rowsOf(data, metric, isLog(metric)) },
    mark: { type: 'line', point: data.epoch.length <= 25 && { size: 34, opacity: 1 }, tooltip: true },
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative',
        title: 'epoch',
        axis: { tickMinStep: 1, tickCount: Math.min(10, data.epoch.length), format: 'd' },
        scale: { zero: false, nice: false },
      },
      y: {
        field: 'value',
        type: 'quantitative',
        title: null,
        ...(isLog(metric)
          ? logAxis(valuesOf(data, metric))
          : { scale: { zero: false, nice: 6 }, axis: { tickCount: 6, format: '~g' } }),
      },
      color: {
        field: 'run',
        type: 'nominal',
        title: null,
        scale: { domain: ['train', 'validation'], range: [series[0], series[1]] },
        legend: validated ? { orient: 'bottom', offset: 4 } : null,
      },
    },
  }));
  const last = Object.entries(data.history).map(
    ([name, values]) => `${name} ${formatMetric(values[values.length - 1])}`,
  );
  return chart(
    {
      ...(options.title !== undefined && { title: options.title }),
      columns: 2,
      spacing: { row: 72, column: 64 },
      bounds: 'flush',
      concat: charts,
    },
    `History of ${data.epoch.length} ${data.epoch.length === 1 ? 'epoch' : 'epochs'}: ${last.join(', ')}`,
  );
}

const valuesOf = ({ history: logs }: HistoryData, metric: string): number[] => [
  ...(logs[metric] ?? []),
  ...(logs[`val_${metric}`] ?? []),
];

const rowsOf = (data: HistoryData, metric: string, isLog: boolean): object[] =>
  (['train', 'validation'] as const).flatMap((run) =>
    (data.history[run === 'train' ? metric : `val_${metric}`] ?? []).map((value, i) => ({
      epoch: (data.epoch[i] ?? i) + 1,
      value: Number.isFinite(value) && !(isLog && value <= 0) ? value : null,
      run,
    })),
  );
