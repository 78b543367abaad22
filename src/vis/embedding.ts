/** @file Points of many dimensions as a picture of two or three: embeddings, codes, features. */
import { ArgumentError } from '../tensor/errors.ts';
import type { ChartOptions } from './charts.ts';
import { type NumericInput, readMatrix, readNumbers } from './numbers.ts';
import { amounts, series } from './palette.ts';
import { pca } from './pca.ts';
import { type TSNEOptions, tsne } from './tsne.ts';
import { Plot, chart } from './vega.ts';

export interface EmbeddingOptions extends TSNEOptions, Pick<ChartOptions, 'title' | 'width' | 'height'> {
  /**
   * What colours the points: class numbers or names, one a point. Numbers that are no classes (fractions, or more than 20 different
   * ones) are a scale from light to dark.
   */
  labels?: NumericInput | readonly string[];
  /** Names of the classes, where labels are their numbers. */
  classNames?: readonly (string | number)[];
  /** A name for each point, shown under the pointer. */
  names?: readonly string[];
  /**
   * How points come down to few dimensions: principal components (`pca`, the default; distances are true as far as they are
   * seen), `tsne` (neighbours stay neighbours, distances mean little), or `none` for points that have two or three.
   */
  method?: 'pca' | 'tsne' | 'none';
}

/** Points as a picture; `coordinates` are their places. */
export class EmbeddingPlot extends Plot {
  /** [n][dimensions]. */
  readonly coordinates: readonly (readonly number[])[];

  constructor(plot: Plot, text: string, coordinates: readonly (readonly number[])[]) {
    super(plot.spec, text);
    this.coordinates = coordinates;
  }
}

/**
 * A scatter of points of many dimensions, brought down to two; or to three, seen from three sides.
 *
 * @param points shape [n, features]
 * @throws ShapeError, ArgumentError where options do not fit
 * @example
 * tf.vis.embedding(encoder.predict(x), { labels: y, classNames, method: 'tsne' })
 */
export function embedding(points: NumericInput, options: EmbeddingOptions = {}): EmbeddingPlot {
  const operation = 'tf.vis.embedding';
  const { method = 'pca', title, names } = options;
  const { shape } = readNumbers(points, operation);
  const dimensions = options.dimensions ?? (method === 'none' && shape[1] === 3 ? 3 : 2);
  if (dimensions !== 2 && dimensions !== 3)
    throw new ArgumentError(`${operation}: dimensions must be 2 or 3, got ${String(dimensions)}.`);
  const { coordinates, axes } = reduce(points, method, dimensions, options);
  const labels = labelsOf(options, coordinates.length, operation);
  if (names && names.length !== coordinates.length)
    throw new ArgumentError(`${operation}: there are ${coordinates.length} points and ${names.length} names.`);
  const rows = coordinates.map((place, i) => ({
    ...Object.fromEntries(place.map((value, k) => [`c${k}`, Number(value.toPrecision(5))])),
    ...(labels && { label: labels.values[i] }),
    ...(names && { name: names[i] }),
  }));
  const views = dimensions === 2 ? [[0, 1]] : [[0, 1], [0, 2], [1, 2]]; // prettier-ignore
  const side = dimensions === 2 ? 360 : 230;
  const panels = views.map(([across, up]) => ({
    width: options.width ?? side,
    height: options.height ?? side,
    mark: { type: 'point', tooltip: true, size: coordinates.length > 1000 ? 16 : 34, opacity: 0.75 },
    encoding: {
      x: axis(`c${across}`, axes[across]),
      y: axis(`c${up}`, axes[up]),
      ...(labels && labelEncoding(labels)),
      tooltip: [
        ...(names ? [{ field: 'name', title: 'point' }] : []),
        ...(labels ? [{ field: 'label', title: 'label' }] : []),
        ...[across, up].map((k) => ({ field: `c${k}`, title: axes[k], format: '.3~g' })),
      ],
    },
  }));
  const spec = {
    ...(title !== undefined && { title }),
    data: { values: rows },
    ...(panels.length === 1 ? panels[0] : { hconcat: panels, spacing: 40 }),
  };
  const classes = labels?.domain ? `, labels ${labels.domain.slice(0, 12).join(', ')}` : '';
  const text = `${title ?? 'Embedding'}: ${coordinates.length} points in ${axes.join(' and ')}${classes}`;
  return new EmbeddingPlot(chart(spec), text, coordinates);
}

function reduce(
  points: NumericInput,
  method: EmbeddingOptions['method'],
  dimensions: 2 | 3,
  options: EmbeddingOptions,
): { coordinates: readonly (readonly number[])[]; axes: string[] } {
  const { perplexity, iterations } = options;
  switch (method) {
    case 'pca': {
      const { projected, explainedVarianceRatio } = pca(points, dimensions);
      const axes = explainedVarianceRatio.map((part, k) => `component ${k + 1} (${(part * 100).toFixed(1)}%)`);
      return { coordinates: projected, axes };
    }
    case 'tsne':
      return {
        coordinates: tsne(points, { dimensions, ...(perplexity && { perplexity }), ...(iterations && { iterations }) }),
        axes: Array.from({ length: dimensions }, (_, k) => `t-SNE ${k + 1}`),
      };
    case 'none': {
      const coordinates = readMatrix(points, 'tf.vis.embedding');
      if (coordinates.some((place) => place.length !== dimensions))
        throw new ArgumentError(
          `tf.vis.embedding: method 'none' expects points of shape [n, ${dimensions}], got [n, ${coordinates[0].length}].`,
        );
      return { coordinates, axes: Array.from({ length: dimensions }, (_, k) => `dimension ${k + 1}`) };
    }
    default:
      throw new ArgumentError(`tf.vis.embedding: method must be 'pca', 'tsne' or 'none', got '${String(method)}'.`);
  }
}

const axis = (field: string, title: string): object => ({
  field,
  type: 'quantitative',
  title,
  scale: { zero: false, padding: 12 },
  axis: { tickCount: 5, grid: true },
});

interface Labels {
  readonly values: readonly (string | number)[];
  /** The classes in order; left out where labels are amounts. */
  readonly domain?: readonly string[];
}

/** More different numbers than this are amounts. */
const mostClasses = 20;

function labelsOf({ labels, classNames }: EmbeddingOptions, count: number, operation: string): Labels | undefined {
  if (labels === undefined) return undefined;
  const isText = Array.isArray(labels) && typeof labels[0] === 'string';
  const values: (string | number)[] = isText
    ? [...(labels as readonly string[])]
    : Array.from(readNumbers(labels as NumericInput, operation).values);
  if (values.length !== count)
    throw new ArgumentError(
      `${operation}: there are ${count} points and ${values.length} labels; they must be as many.`,
    );
  const different = [...new Set(values)];
  if (classNames) {
    const bad = values.findIndex((value) => classNames[value as number] === undefined);
    if (bad >= 0)
      throw new ArgumentError(
        `${operation}: label ${values[bad]} at position ${bad} has no name among the ${classNames.length} classNames.`,
      );
    return { values: values.map((value) => String(classNames[value as number])), domain: classNames.map(String) };
  }
  if (isText) return { values, domain: different.map(String) };
  const isAmount = different.length > mostClasses || different.some((value) => !Number.isInteger(value));
  if (isAmount) return { values };
  return { values: values.map(String), domain: (different as number[]).sort((a, b) => a - b).map(String) };
}

/** Colours come again after the eighth class, with another shape. */
const shapes = ['circle', 'diamond', 'triangle-up', 'cross'];

function labelEncoding({ domain }: Labels): object {
  if (!domain)
    return { color: { field: 'label', type: 'quantitative', title: null, scale: { range: amounts.slice(2) } } };
  const each = (pick: (i: number) => string) => domain.map((_, i) => pick(i));
  const shared = { field: 'label', type: 'nominal', sort: null, title: null };
  return {
    color: { ...shared, scale: { domain, range: each((i) => series[i % series.length]) } },
    ...(domain.length > series.length && {
      shape: {
        ...shared,
        scale: { domain, range: each((i) => shapes[Math.floor(i / series.length) % shapes.length]) },
      },
    }),
  };
}
