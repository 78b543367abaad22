/** @file The curves of training runs, after them. */
import { ArgumentError } from '../tensor/errors.ts';
import { logAxis } from './log-axis.ts';
import { series as colors } from './palette.ts';
import { type Plot, chart } from './vega.ts';
import { formatMetric } from './number-text.ts';

/** What `fit` gives back: the epochs' numbers from 0, and each metric's value at the end of each epoch. */
export interface HistoryData {
  readonly epoch: readonly number[];
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** For each metric the epochs in which it was logged, where not in all of them: validation may be rarer. */
  readonly loggedAt?: Readonly<Record<string, readonly number[]>>;
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
 * The curves of a training run: one chart a metric, with training and validation in it. Of several runs by name each has a colour,
 * and validation is dashed.
 *
 * @throws ArgumentError where a metric is asked for that the history has not
 * @example
 * const history = await model.fit(xs, ys, { epochs: 5, validationSplit: 0.1 });
 * tf.vis.history(history)
 * tf.vis.history({ small: historyA, large: historyB }, { metrics: ['loss'], yScale: 'log' })
 */
export function history(data: HistoryData | Readonly<Record<string, HistoryData>>, options: HistoryOptions = {}): Plot {
  const runs: Readonly<Record<string, HistoryData>> = isRun(data) ? { '': data } : data;
  const all = Object.values(runs);
  if (all.length === 0 || !all.every(isRun))
    throw new ArgumentError(
      'tf.vis.history expects what fit gives back, { epoch: [...], history: { loss: [...] } }, or several of it by name.',
    );
  const seen = [...new Set(all.flatMap((run) => Object.keys(run.history).map((name) => name.replace(/^val_/, ''))))];
  const metrics = options.metrics ?? seen;
  const known = (metric: string, what: string) => {
    if (!seen.includes(metric))
      throw new ArgumentError(`tf.vis.history: ${what} '${metric}'; the history has ${seen.join(', ') || 'none'}.`);
  };
  for (const metric of metrics) known(metric, 'there is no metric');
  const { yScale = 'linear', width = 285, height = 185 } = options;
  for (const [metric, scale] of Object.entries(typeof yScale === 'string' ? { '': yScale } : yScale)) {
    if (scale !== 'linear' && scale !== 'log')
      throw new ArgumentError(`tf.vis.history: yScale must be 'linear' or 'log', got '${String(scale)}'.`);
    if (metric) known(metric, 'yScale names a metric');
  }
  const isLog = (metric: string) => (typeof yScale === 'string' ? yScale : yScale[metric]) === 'log';
  const longest = Math.max(...all.map(({ epoch }) => epoch.length));
  const validated = metrics.some((metric) => all.some((run) => `val_${metric}` in run.history));
  const looks = isRun(data) ? ofOneRun(validated) : ofRuns(Object.keys(runs), validated);
  const charts = metrics.map((metric) => ({
    width,
    height,
    title: metric,
    data: { values: Object.entries(runs).flatMap(([name, run]) => rowsOf(run, metric, isLog(metric), name)) },
    mark: { type: 'line', point: longest <= 25 && { size: 34, opacity: 1 }, tooltip: true },
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative',
        title: 'epoch',
        axis: { tickMinStep: 1, tickCount: Math.min(10, longest), format: 'd' },
        scale: { zero: false, nice: false },
      },
      y: {
        field: 'value',
        type: 'quantitative',
        title: null,
        ...(isLog(metric)
          ? logAxis(all.flatMap((run) => valuesOf(run, metric)))
          : { scale: { zero: false, nice: 6 }, axis: { tickCount: 6, format: '~g' } }),
      },
      ...looks,
    },
  }));
  return chart(
    {
      ...(options.title !== undefined && { title: options.title }),
      columns: 2,
      spacing: { row: 84, column: 64 },
      bounds: 'flush',
      concat: charts,
    },
    Object.entries(runs)
      .map(([name, run]) => `${name ? `${name}: ` : ''}${textOf(run)}`)
      .join('\n'),
  );
}

const isRun = (data: unknown): data is HistoryData =>
  typeof data === 'object' &&
  data !== null &&
  Array.isArray((data as Partial<HistoryData>).epoch) &&
  typeof (data as Partial<HistoryData>).history === 'object';

const legend = { orient: 'bottom', offset: 4 };

const ofOneRun = (validated: boolean): object => ({
  color: {
    field: 'kind',
    type: 'nominal',
    title: null,
    scale: { domain: ['train', 'validation'], range: [colors[0], colors[1]] },
    legend: validated ? legend : null,
  },
});

const ofRuns = (names: readonly string[], validated: boolean): object => ({
  color: {
    ...{ field: 'run', type: 'nominal', sort: null, title: null, legend },
    scale: { domain: names, range: names.map((_, i) => colors[i % colors.length]) },
  },
  ...(validated && {
    strokeDash: {
      ...{ field: 'kind', type: 'nominal', title: null, legend },
      scale: { domain: ['train', 'validation'], range: [[1, 0], [5, 4]] }, // prettier-ignore
    },
  }),
});

function textOf({ epoch, history: logs }: HistoryData): string {
  const last = Object.entries(logs).map(([name, values]) => `${name} ${formatMetric(values[values.length - 1])}`);
  return `History of ${epoch.length} ${epoch.length === 1 ? 'epoch' : 'epochs'}: ${last.join(', ')}`;
}

const valuesOf = ({ history: logs }: HistoryData, metric: string): number[] => [
  ...(logs[metric] ?? []),
  ...(logs[`val_${metric}`] ?? []),
];

const rowsOf = (data: HistoryData, metric: string, isLog: boolean, run: string): object[] =>
  (['train', 'validation'] as const).flatMap((kind) => {
    const name = kind === 'train' ? metric : `val_${metric}`;
    const epochs = data.loggedAt?.[name] ?? data.epoch;
    return (data.history[name] ?? []).map((value, i) => ({
      epoch: (epochs[i] ?? i) + 1,
      value: Number.isFinite(value) && !(isLog && value <= 0) ? value : null,
      kind,
      ...(run && { run }),
    }));
  });
