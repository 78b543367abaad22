/** @file Histograms of a model's weights and of what its layers give: a small chart each. */
import { Layer } from '../layers/index.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { binned, momentsOf } from './bins.ts';
import { layerNamed, layersWithin, observeLayers } from './layer-outputs.ts';
import { type NumericInput, readNumbers } from './numbers.ts';
import { formatShort } from './number-text.ts';
import { Plot, chart } from './vega.ts';

export interface LayerHistogramOptions {
  /** Only these layers, by name; all of them where left out. */
  layers?: readonly string[];
  /** How many bins of equal width. Default 40. */
  bins?: number;
  /** How many charts stand side by side. Default 3. */
  columns?: number;
  /** No more charts than this. Default 24. */
  maxCharts?: number;
  title?: string;
  /** Of each chart, in CSS pixels. */
  width?: number;
  height?: number;
}

/** Values by name. */
interface Group {
  readonly name: string;
  readonly values: ArrayLike<number>;
  readonly shape: readonly number[];
}

/**
 * Histograms of weights, one each, with their mean and spread: weights that do not move, explode, or are all zero are seen here.
 *
 * @param source a model or a layer, or numbers by name
 * @throws ArgumentError where there are no weights yet, or no such layer
 * @example
 * tf.vis.weightHistograms(model, { layers: ['dense_1'] })
 */
export function weightHistograms(
  source: Layer | Readonly<Record<string, NumericInput>>,
  options: LayerHistogramOptions = {},
): Plot {
  const operation = 'tf.vis.weightHistograms';
  if (!(source instanceof Layer)) return histograms('Weights', groupsOf(source, operation), options, operation);
  const layers = options.layers?.map((name) => (name === source.name ? source : layerNamed(source, name, operation)));
  const weights = [...new Set(layers ? layers.flatMap((layer) => layer.weights) : source.weights)];
  if (weights.length === 0)
    throw new ArgumentError(
      `${operation}: '${source.name}' has no weights${source.built ? '' : ' yet; call it on data, or give its first layer an inputShape'}.`,
    );
  const groups = weights.map((weight) => ({ name: weight.name, ...readNumbers(weight, operation) }));
  return histograms('Weights', groups, options, operation);
}

/**
 * Histograms of what each layer of a model gives for some inputs: layers that saturate, or whose units are dead (always 0), are
 * seen here.
 *
 * @param model a model of any kind
 * @param inputs what the model takes; some hundred samples are enough
 * @throws ArgumentError where there is no such layer
 * @example
 * tf.vis.activationHistograms(model, x.slice([0], [256]))
 */
export function activationHistograms(
  model: Layer,
  inputs: Parameters<Layer['apply']>[0],
  options: LayerHistogramOptions = {},
): Plot {
  const operation = 'tf.vis.activationHistograms';
  const all = layersWithin(model);
  const wanted = options.layers?.map((name) => layerNamed(model, name, operation)) ?? all;
  const groups: Group[] = [];
  const count = new Map<Layer, number>();
  ops.tidy(() => {
    observeLayers(
      wanted,
      () => void model.apply(inputs, { training: false }),
      (layer, outputs) =>
        outputs.forEach((output) => {
          const uses = (count.get(layer) ?? 0) + 1;
          count.set(layer, uses);
          // A shared layer, or one of several outputs, has a chart for each.
          groups.push({ name: uses > 1 ? `${layer.name} (${uses})` : layer.name, ...readNumbers(output, operation) });
        }),
    );
  });
  return histograms('Activations', groups, options, operation);
}

const groupsOf = (lists: Readonly<Record<string, NumericInput>>, operation: string): Group[] => {
  if (typeof lists !== 'object' || lists === null || lists instanceof Tensor || Array.isArray(lists))
    throw new ArgumentError(`${operation} expects a model, a layer, or numbers by name ({ kernel: ... }).`);
  return Object.entries(lists).map(([name, numbers]) => ({ name, ...readNumbers(numbers, operation) }));
};

function histograms(kind: string, groups: readonly Group[], options: LayerHistogramOptions, operation: string): Plot {
  const { bins = 40, columns = 3, maxCharts = 24, title, width = 200, height = 110 } = options;
  for (const [name, value] of Object.entries({ bins, columns, maxCharts }))
    if (!Number.isInteger(value) || value < 1)
      throw new ArgumentError(`${operation}: ${name} must be a whole number of at least 1, got ${value}.`);
  if (groups.length === 0) throw new ArgumentError(`${operation}: there is nothing to show.`);
  const shown = groups.slice(0, maxCharts);
  const charts = shown.map((group) => {
    const { low, width: step, counts } = binned(group.values, bins);
    return {
      width,
      height,
      title: { text: group.name, subtitle: facts(group), limit: width, fontSize: 12, subtitleFontSize: 10 },
      data: {
        values: counts.map((samples, i) => ({ start: low + i * step, end: low + (i + 1) * step, count: samples })),
      },
      mark: { type: 'rect' },
      encoding: {
        x: {
          field: 'start',
          type: 'quantitative',
          title: null,
          scale: { zero: false, nice: false },
          axis: { tickCount: 4, format: '~g' },
        },
        x2: { field: 'end' },
        y: {
          field: 'count',
          type: 'quantitative',
          title: null,
          scale: { zero: true },
          axis: { tickCount: 3, format: '~s' },
        },
        y2: { datum: 0 },
        tooltip: [
          { field: 'start', title: 'from', format: '.3~g' },
          { field: 'end', title: 'to', format: '.3~g' },
          { field: 'count' },
        ],
      },
    };
  });
  const rest = groups.length - shown.length;
  const lines = shown.map((group) => `${group.name} ${formatShape(group.shape)}: ${facts(group)}`);
  const heading = `${title ?? kind} (${groups.length} histogram${groups.length === 1 ? '' : 's'})`;
  return chart(
    {
      ...(title !== undefined && { title }),
      columns,
      spacing: { row: 78, column: 48 },
      bounds: 'flush',
      concat: charts,
    },
    [heading, ...lines, ...(rest > 0 ? [`... and ${rest} more (maxCharts)`] : [])].join('\n'),
  );
}

function facts({ values }: Group): string {
  const { mean, deviation, zeros, notFinite } = momentsOf(values);
  return [
    `mean ${formatShort(mean)}, std ${formatShort(deviation)}`,
    zeros >= 0.005 ? `${Math.round(zeros * 100)}% zeros` : '',
    notFinite > 0 ? `${notFinite} not finite` : '',
  ]
    .filter(Boolean)
    .join(', ');
}
