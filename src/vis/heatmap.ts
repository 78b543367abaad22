/** @file Heat maps: matrices as colours. */
import { ArgumentError } from '../tensor/errors.ts';
import type { ChartOptions } from './charts.ts';
import { type NumericInput, extent, readMatrix } from './numbers.ts';
import { formatShort } from './number-text.ts';
import { amounts } from './palette.ts';
import { type Plot, chart } from './vega.ts';

export interface HeatmapOptions extends ChartOptions {
  xLabels?: readonly (string | number)[];
  yLabels?: readonly (string | number)[];
}

/**
 * A heat map of a matrix: row 0 is on top. Where values have both signs, colours part at zero.
 *
 * @example
 * tf.vis.heatmap([[1, 2], [3, 4]], { xLabels: ['a', 'b'] })
 */
export function heatmap(matrix: NumericInput, options: HeatmapOptions = {}): Plot {
  const rows = readMatrix(matrix, 'tf.vis.heatmap');
  const [height, width] = [rows.length, rows[0]?.length ?? 0];
  const { title, xLabels, yLabels } = options;
  for (const [name, labels, count] of [
    ['xLabels', xLabels, width],
    ['yLabels', yLabels, height],
  ] as const)
    if (labels && labels.length !== count)
      throw new ArgumentError(`tf.vis.heatmap: expected ${count} ${name}, got ${labels.length}.`);
  const limits = extent(rows.flat());
  const side = Math.max(3, Math.min(36, Math.floor(480 / Math.max(width, height, 1))));
  const facts = `${height} x ${width}, from ${formatShort(limits[0])} to ${formatShort(limits[1])}`;
  return chart(
    { ...(title !== undefined && { title }), ...heatChart(rows, limits, side, options) },
    `Heat map${title === undefined ? '' : ` "${title}"`} (${facts})`,
  );
}

/** The chart of a matrix, without its title. @param limits least and greatest value that colours stand for */
export function heatChart(
  rows: readonly (readonly number[])[],
  [low, high]: readonly [number, number],
  side: number,
  { xLabels, yLabels, ...options }: Omit<HeatmapOptions, 'title'>,
): Record<string, unknown> {
  const [height, width] = [rows.length, rows[0]?.length ?? 0];
  const cells = rows.flatMap((values, row) =>
    values.map((value, column) => ({ column, row, value: Number.isFinite(value) ? value : null })),
  );
  const signed = low < 0 && high > 0;
  const most = Math.max(-low, high);
  const axis = (
    field: 'column' | 'row',
    title: string | undefined,
    labels: readonly (string | number)[] | undefined,
  ) => ({
    field,
    type: 'ordinal',
    title: title ?? null,
    axis: {
      grid: false,
      domain: false,
      // The number of the only row or column says nothing.
      ...(labels === undefined && (field === 'row' ? height : width) === 1 && { labels: false }),
      // Names all have their place where cells are as high as a line; numbers may be left out.
      labelOverlap: labels === undefined || side < 11,
      labelAngle: field === 'column' && labels?.some((label) => String(label).length > 4) ? (side < 24 ? -90 : -45) : 0,
      ...(labels && { labelExpr: `${JSON.stringify(labels.map(String))}[datum.value]` }),
    },
  });
  return {
    width: options.width ?? width * side,
    height: options.height ?? height * side,
    data: { values: cells },
    mark: { type: 'rect', tooltip: true },
    encoding: {
      x: axis('column', options.xTitle, xLabels),
      y: axis('row', options.yTitle, yLabels),
      color: {
        field: 'value',
        type: 'quantitative',
        title: null,
        scale: signed
          ? { domain: [-most, 0, most], range: ['#b8431f', '#eceef1', '#1d63b8'], interpolate: 'lab' }
          : { domain: [low, high], range: [...amounts] },
        legend: { gradientThickness: 10, gradientLength: Math.min(160, Math.max(60, height * side)) },
      },
    },
  };
}
