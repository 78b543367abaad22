/** @file Charts of numbers: line, scatter, bar, histogram. */
import { ArgumentError } from '../tensor/errors.ts';
import { binned } from './bins.ts';
import { type ChartData, type ChartRows, type FieldOptions, chartRows } from './chart-data.ts';
import { niceTicks } from './live-curves.ts';
import { type NumericInput, extent, readNumbers } from './numbers.ts';
import { logAxis } from './log-axis.ts';
import { formatShort } from './number-text.ts';
import { type Plot, chart } from './vega.ts';

/** What every chart can be told. */
export interface ChartOptions {
  title?: string;
  xTitle?: string;
  yTitle?: string;
  /** Width and height of the plotting area, in CSS pixels. */
  width?: number;
  height?: number;
}

export interface XYOptions extends ChartOptions, FieldOptions {
  xScale?: 'linear' | 'log';
  yScale?: 'linear' | 'log';
  /** Whether the y axis begins at 0. */
  zero?: boolean;
}

/**
 * A line chart.
 *
 * @example
 * tf.vis.line([3, 1, 2])
 * tf.vis.line({ x: [0, 1, 2], y: [0, 1, 4] }, { title: 'squares' })
 * tf.vis.line({ train: [0.9, 0.5, 0.3], validation: [0.8, 0.6, 0.5] }, { xTitle: 'epoch' })
 */
export function line(data: ChartData, options: XYOptions = {}): Plot {
  const rows = chartRows(data, options, 'tf.vis.line');
  const few = rows.rows.length / Math.max(1, rows.series.length) <= 30;
  return xyChart('Line chart', { type: 'line', point: few && { size: 30, opacity: 1 } }, rows, options);
}

/**
 * A scatter chart: one mark a point.
 *
 * @example
 * tf.vis.scatter({ x: [1, 2, 3], y: [2, 4, 8] })
 * tf.vis.scatter(penguins, { x: 'bill', y: 'flipper', color: 'species' })
 */
export const scatter = (data: ChartData, options: XYOptions = {}): Plot =>
  xyChart('Scatter chart', { type: 'point' }, chartRows(data, options, 'tf.vis.scatter'), options);

function xyChart(kind: string, mark: object, data: ChartRows, options: XYOptions): Plot {
  const { zero = false } = options;
  const axis = (field: 'x' | 'y', title: string | undefined, scale: 'linear' | 'log' | undefined) => ({
    field,
    title: title ?? null,
    ...scaleOf(data, field, scale, field === 'y' && zero, field === 'x' ? frame(options).width : frame(options).height),
  });
  const tooltip = [
    ...(data.series.length ? [{ field: 'series', title: 'series' }] : []),
    { field: 'x', title: options.xTitle ?? data.xName ?? 'x' },
    { field: 'y', title: options.yTitle ?? data.yName ?? 'y' },
  ];
  return chart(
    {
      ...frame(options),
      data: { values: data.rows },
      mark: { ...mark, tooltip: true },
      encoding: {
        x: axis('x', options.xTitle ?? data.xName, options.xScale),
        y: axis('y', options.yTitle ?? data.yName, options.yScale),
        ...colorOf(data.series),
        tooltip,
      },
    },
    textOf(kind, options, `${data.rows.length} points${data.series.length ? `: ${data.series.join(', ')}` : ''}`),
  );
}

/** Type and scale of an axis, by what its values are. @param length in CSS pixels */
function scaleOf(
  data: ChartRows,
  field: 'x' | 'y',
  scale: 'linear' | 'log' | undefined,
  zero: boolean,
  length: number,
): object {
  const texts = data.rows.map((row) => row[field]).filter((value) => typeof value === 'string');
  if (texts.length === 0) {
    if (scale === 'log')
      return { type: 'quantitative', ...logAxis(data.rows.map((row) => row[field] as number | null)) };
    const counts = field === 'x' && data.rows.every(({ x }) => x === null || Number.isInteger(x));
    return {
      type: 'quantitative',
      scale: { zero, nice: field === 'y' },
      // Nothing lies between epochs, steps and the like.
      ...(counts && { axis: wholeTicks(data, length) }),
    };
  }
  const dates = texts.every((text) => /^\d{4}-\d\d-\d\d(T|$)/.test(text));
  return dates ? { type: 'temporal' } : { type: 'ordinal', sort: null, axis: { labelAngle: 0 } };
}

/** Ticks at whole numbers alone. Vega-Lite 5, which front ends draw with, takes no `tickMinStep`, but a count. */
function wholeTicks({ rows }: ChartRows, length: number): object {
  const [low, high] = extent(rows.flatMap(({ x }) => (typeof x === 'number' ? [x] : [])));
  const isShort = high - low < Math.ceil(length / 40);
  return { tickMinStep: 1, ...(isShort && { tickCount: Math.max(1, high - low) }) };
}

export interface BarOptions extends ChartOptions, FieldOptions {
  /** Bars to the right instead of up: for long names. */
  horizontal?: boolean;
}

/**
 * A bar chart.
 *
 * @param data amounts by name, or what `tf.vis.line` takes
 * @example
 * tf.vis.bar({ cat: 12, dog: 7, owl: 3 }, { title: 'animals' })
 */
export function bar(data: ChartData | Readonly<Record<string, number>>, options: BarOptions = {}): Plot {
  const rows = chartRows(
    isAmounts(data) ? { x: Object.keys(data), y: Object.values(data) } : (data as ChartData),
    options,
    'tf.vis.bar',
  );
  const category = {
    field: 'x',
    type: 'ordinal',
    sort: null,
    title: options.xTitle ?? rows.xName ?? null,
    axis: { labelAngle: 0, labelLimit: 240, labelOverlap: true, grid: false },
    scale: { paddingInner: 0.25 },
  };
  const amount = {
    field: 'y',
    type: 'quantitative',
    title: options.yTitle ?? rows.yName ?? null,
    axis: { grid: true },
  };
  const [x, y] = options.horizontal ? [amount, category] : [category, amount];
  const groups = rows.series.length
    ? { [options.horizontal ? 'yOffset' : 'xOffset']: { field: 'series', sort: null } }
    : {};
  const names = [...new Set(rows.rows.map(({ x }) => String(x)))];
  // Wide enough for the names, at some 6 pixels a letter.
  const barWidth = Math.min(110, Math.max(44, 14 + 6 * Math.max(...names.map(({ length }) => length))));
  const { width, height, ...titles } = frame(options);
  return chart(
    {
      ...titles,
      // Each bar as wide as looks well, unless told how wide all of them are.
      width: options.width ?? (options.horizontal ? width : Math.min(640, Math.max(120, names.length * barWidth))),
      height: options.height ?? (options.horizontal ? Math.max(60, names.length * 26) : height),
      data: { values: rows.rows },
      mark: { type: 'bar', tooltip: true },
      encoding: { x, y, ...groups, ...colorOf(rows.series) },
    },
    textOf('Bar chart', options, `${rows.rows.length} bars`),
  );
}

const isAmounts = (data: unknown): data is Readonly<Record<string, number>> =>
  typeof data === 'object' &&
  data !== null &&
  !Array.isArray(data) &&
  !ArrayBuffer.isView(data) &&
  Object.keys(data).length > 0 &&
  Object.values(data).every((value) => typeof value === 'number');

export interface HistogramOptions extends ChartOptions {
  /** How many bins of equal width. Default 30. */
  bins?: number;
}

/**
 * A histogram: how many values fall into each of some bins of equal width. Values that are not finite are left out.
 *
 * @param data numbers of any shape, or several of them by name
 * @example
 * tf.vis.histogram(weights, { bins: 50 })
 */
export function histogram(
  data: NumericInput | Readonly<Record<string, NumericInput>>,
  options: HistogramOptions = {},
): Plot {
  const { bins = 30 } = options;
  if (!Number.isInteger(bins) || bins < 1)
    throw new ArgumentError(`tf.vis.histogram: bins must be a whole number of at least 1, got ${bins}.`);
  const lists = isNumericInput(data) ? { '': data } : data;
  const groups = Object.entries(lists).map(([name, input]) => ({
    name,
    values: readNumbers(input, 'tf.vis.histogram').values,
  }));
  const [low, high] = extent(groups.flatMap(({ values }) => extent(values)));
  const { low: from, width } = binned([], bins, [low, high]);
  const to = from + bins * width;
  const rows = groups.flatMap(({ name, values }) => {
    const { low: first, counts } = binned(values, bins, [low, high]);
    return counts.map((count, i) => ({
      start: first + i * width,
      end: first + (i + 1) * width,
      count,
      ...(name && { series: name }),
    }));
  });
  const names = groups.map(({ name }) => name).filter(Boolean);
  return chart(
    {
      ...frame(options),
      data: { values: rows },
      mark: { type: 'bar', tooltip: true, binSpacing: 0.5, opacity: names.length > 1 ? 0.55 : 1, cornerRadiusEnd: 0 },
      encoding: {
        x: {
          field: 'start',
          bin: { binned: true, step: width },
          type: 'quantitative',
          title: options.xTitle ?? null,
          // Those that Vega-Lite finds by itself are limits of bins.
          axis: { values: niceTicks([from, to], 7).filter((tick) => tick >= from && tick <= to), format: '~g' },
        },
        x2: { field: 'end' },
        y: { field: 'count', type: 'quantitative', title: options.yTitle ?? 'count', stack: null },
        ...colorOf(names),
      },
    },
    textOf('Histogram', options, `${bins} bins from ${formatShort(low)} to ${formatShort(high)}`),
  );
}

function isNumericInput(data: unknown): data is NumericInput {
  return (
    typeof data !== 'object' || data === null || Array.isArray(data) || ArrayBuffer.isView(data) || 'dtype' in data
  );
}

const frame = ({ title, width = 420, height = 260 }: ChartOptions) => ({
  ...(title !== undefined && { title }),
  width,
  height,
});

const colorOf = (series: readonly string[]): object =>
  series.length > 0
    ? { color: { field: 'series', type: 'nominal', sort: null, title: null, scale: { domain: series } } }
    : {};

const textOf = (kind: string, { title }: ChartOptions, facts: string): string =>
  `${kind}${title === undefined ? '' : ` "${title}"`} (${facts})`;
