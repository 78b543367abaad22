/** @file Plots of a classifier's scores: ROC, precision-recall, calibration. */
import { ArgumentError } from '../tensor/errors.ts';
import { type ScoreInput, binaryScores } from './binary-scores.ts';
import type { ChartOptions } from './charts.ts';
import type { NumericInput } from './numbers.ts';
import { neutralText, series } from './palette.ts';
import {
  type CalibrationNumbers,
  type PrecisionRecallNumbers,
  type RocNumbers,
  calibrationNumbers,
  precisionRecallNumbers,
  rocNumbers,
} from './threshold-curves.ts';
import { Plot, chart } from './vega.ts';

export interface ClassifierPlotOptions extends Pick<ChartOptions, 'title' | 'width' | 'height'> {
  /** Names of the classes, where there is a score for each. */
  classNames?: readonly (string | number)[];
}

/** The curve of one classifier or one class; `name` is '' where there is only one. */
export type NamedCurve<Numbers> = Numbers & { readonly name: string };

/** A plot with the numbers that it shows. */
export class CurvePlot<Numbers> extends Plot {
  readonly curves: readonly NamedCurve<Numbers>[];

  constructor(plot: Plot, text: string, curves: readonly NamedCurve<Numbers>[]) {
    super(plot.spec, text);
    this.curves = curves;
  }
}

/**
 * The ROC curve: how many of the positive samples are found against how many of the negative ones are taken for positive, at
 * every threshold; with the area under it (AUC). Of several classes each is told from the rest.
 *
 * @param labels 0 and 1 of shape [n]; for scores of several classes class numbers, or one-hot rows
 * @param scores probabilities or logits: [n], [n, classes], or several classifiers' by name
 * @throws ArgumentError where the two do not fit, or labels are all of one kind
 * @example
 * tf.vis.roc(labels, model.predict(x)).curves[0].auc
 * tf.vis.roc(labels, { forest: scoresA, network: scoresB })
 */
export function roc(
  labels: NumericInput,
  scores: ScoreInput,
  options: ClassifierPlotOptions = {},
): CurvePlot<RocNumbers> {
  const operation = 'tf.vis.roc';
  const curves = binaryScores(labels, scores, options.classNames, operation).map(
    ({ name, labels: truth, scores: given }) => ({
      name,
      ...rocNumbers(truth, given, operation),
    }),
  );
  const lines = curves.map(({ name, auc, falsePositiveRate, truePositiveRate }) => ({
    name: withScore(name, 'AUC', auc),
    points: thinned(falsePositiveRate.map((x, i) => [x, truePositiveRate[i]])),
  }));
  const chance = { points: diagonal, name: 'chance' };
  const plot = curvesPlot(lines, [chance], { x: 'false positive rate', y: 'true positive rate' }, 'linear', options);
  return new CurvePlot(plot, `${options.title ?? 'ROC curve'}: ${lines.map(({ name }) => name).join(', ')}`, curves);
}

/**
 * The precision-recall curve: how many of those taken for positive are, against how many of the positive are found, at every
 * threshold; with the average precision (AP). Where positives are rare it says more than the ROC curve.
 *
 * @param labels 0 and 1 of shape [n]; for scores of several classes class numbers, or one-hot rows
 * @param scores probabilities or logits: [n], [n, classes], or several classifiers' by name
 * @throws ArgumentError where the two do not fit, or labels are all of one kind
 * @example
 * tf.vis.precisionRecall(labels, model.predict(x)).curves[0].averagePrecision
 */
export function precisionRecall(
  labels: NumericInput,
  scores: ScoreInput,
  options: ClassifierPlotOptions = {},
): CurvePlot<PrecisionRecallNumbers> {
  const operation = 'tf.vis.precisionRecall';
  const curves = binaryScores(labels, scores, options.classNames, operation).map(
    ({ name, labels: truth, scores: given }) => ({
      name,
      ...precisionRecallNumbers(truth, given, operation),
    }),
  );
  const lines = curves.map(({ name, averagePrecision, precision, recall }) => ({
    name: withScore(name, 'AP', averagePrecision),
    points: thinned([[0, precision[0]], ...recall.map((x, i): Point => [x, precision[i]])]),
  }));
  // Guessing has the same precision at any recall; of several classes each has its own.
  const shares = new Set(curves.map(({ prevalence }) => prevalence));
  const guessing = [...shares].map((share) => ({ points: [[0, share] as const, [1, share] as const], name: 'chance' }));
  const references = guessing.length === 1 ? guessing : [];
  const plot = curvesPlot(lines, references, { x: 'recall', y: 'precision' }, 'step-before', options);
  const text = `${options.title ?? 'Precision-recall curve'}: ${lines.map(({ name }) => name).join(', ')}`;
  return new CurvePlot(plot, text, curves);
}

export interface CalibrationOptions extends ClassifierPlotOptions {
  /** How many groups of similar probability. Default 10. */
  bins?: number;
  /** Whether groups are equally wide (`uniform`, the default) or hold equally many samples (`quantile`). */
  strategy?: 'uniform' | 'quantile';
}

/**
 * How far predicted probabilities can be taken at their word: of samples predicted with 0.8, 80% should be positive. Shows the
 * part that is, against the prediction, with the expected calibration error (ECE).
 *
 * @param labels 0 and 1 of shape [n]; for several classes class numbers, or one-hot rows
 * @param probabilities in [0, 1]: [n], [n, classes], or several classifiers' by name
 * @throws ArgumentError where the two do not fit, or a value is no probability
 * @example
 * tf.vis.calibration(labels, model.predict(x), { bins: 15 })
 */
export function calibration(
  labels: NumericInput,
  probabilities: ScoreInput,
  options: CalibrationOptions = {},
): CurvePlot<CalibrationNumbers> {
  const operation = 'tf.vis.calibration';
  const { bins = 10, strategy = 'uniform' } = options;
  if (!Number.isInteger(bins) || bins < 1)
    throw new ArgumentError(`${operation}: bins must be a whole number of at least 1, got ${bins}.`);
  if (strategy !== 'uniform' && strategy !== 'quantile')
    throw new ArgumentError(`${operation}: strategy must be 'uniform' or 'quantile', got '${String(strategy)}'.`);
  const asked = binaryScores(labels, probabilities, options.classNames, operation);
  const curves = asked.map(({ name, labels: truth, scores }) => {
    const bad = scores.findIndex((score) => score < 0 || score > 1);
    if (bad >= 0)
      throw new ArgumentError(
        `${operation} expects probabilities from 0 to 1, got ${scores[bad]}; apply tf.sigmoid or tf.softmax to logits.`,
      );
    return { name, ...calibrationNumbers(truth, scores, bins, strategy) };
  });
  const lines = curves.map(({ name, expectedCalibrationError, bins: groups }) => ({
    name: withScore(name, 'ECE', expectedCalibrationError),
    points: groups.map(({ predicted, actual }): Point => [predicted, actual]),
    counts: groups.map(({ count }) => count),
  }));
  const axes = { x: 'predicted probability', y: 'part that is positive' };
  const plot = curvesPlot(lines, [{ points: diagonal, name: 'perfect' }], axes, 'linear', options, true);
  return new CurvePlot(plot, `${options.title ?? 'Calibration'}: ${lines.map(({ name }) => name).join(', ')}`, curves);
}

type Point = readonly [x: number, y: number];
const diagonal: readonly Point[] = [
  [0, 0],
  [1, 1],
];

interface Line {
  readonly name: string;
  readonly points: readonly Point[];
  readonly counts?: readonly number[];
}

const withScore = (name: string, score: string, value: number): string =>
  `${name ? `${name}: ` : ''}${score} ${value.toFixed(3)}`;

/** More points than this are not seen in a line. */
const mostPoints = 400;

/** Points between two ends of a straight stretch left out, and of what is left some, where it is very much. */
function thinned(points: readonly Point[]): Point[] {
  const corners = points.filter(([x, y], i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    return !before || !after || (y - before[1]) * (after[0] - x) !== (after[1] - y) * (x - before[0]);
  });
  const stride = Math.ceil(corners.length / mostPoints);
  return corners.filter((_, i) => i % stride === 0 || i === corners.length - 1);
}

function curvesPlot(
  lines: readonly Line[],
  references: readonly Line[],
  titles: { x: string; y: string },
  interpolate: string,
  { title, width = 320, height = 320 }: ClassifierPlotOptions,
  marks = false,
): Plot {
  const names = lines.map(({ name }) => name);
  const rowsOf = (line: Line) =>
    line.points.map(([x, y], order) => ({
      x,
      y,
      order,
      series: line.name,
      ...(line.counts && { count: line.counts[order] }),
    }));
  const axis = (field: 'x' | 'y') => ({
    field,
    type: 'quantitative',
    title: titles[field],
    scale: { domain: [0, 1], nice: false },
    axis: { tickCount: 5, format: '.1f' },
  });
  const position = { x: axis('x'), y: axis('y'), order: { field: 'order', type: 'quantitative' } };
  // Colours come again after the eighth line: those are dashed.
  const dashes = names.map((_, i) => (i < series.length ? [1, 0] : i < 2 * series.length ? [5, 3] : [2, 3]));
  const layers = [
    ...references.map((line) => ({
      data: { values: rowsOf(line) },
      mark: { type: 'line', strokeDash: [4, 4], strokeWidth: 1.25, color: neutralText, opacity: 0.8 },
      encoding: position,
    })),
    {
      data: { values: lines.flatMap(rowsOf) },
      mark: { type: 'line', interpolate, clip: false, tooltip: true, point: marks && { size: 44, opacity: 1 } },
      encoding: {
        ...position,
        color: {
          field: 'series',
          type: 'nominal',
          sort: null,
          title: null,
          scale: { domain: names, range: names.map((_, i) => series[i % series.length]) },
          legend: legendOf(names.length),
        },
        ...(names.length > series.length && {
          strokeDash: {
            field: 'series',
            type: 'nominal',
            sort: null,
            scale: { domain: names, range: dashes },
            title: null,
          },
        }),
        tooltip: [
          { field: 'series', title: 'curve' },
          { field: 'x', title: titles.x, format: '.3f' },
          { field: 'y', title: titles.y, format: '.3f' },
          ...(marks ? [{ field: 'count', title: 'samples' }] : []),
        ],
      },
    },
  ];
  return chart({ ...(title !== undefined && { title }), width, height, layer: layers });
}

/** A few names stand below, in a row each; many to the right. */
const legendOf = (count: number): object =>
  count <= 3
    ? { orient: 'bottom', direction: 'vertical', offset: 4, labelLimit: 300 }
    : { orient: 'right', labelLimit: 240, symbolLimit: 60 };
