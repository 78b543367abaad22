/** @file Confusion matrices: which class was taken for which. */
import { ArgumentError } from '../tensor/errors.ts';
import { classNumbers, requireClasses } from './class-numbers.ts';
import { type NumericInput, readMatrix, readNumbers } from './numbers.ts';
import { bad, neutralTitle } from './palette.ts';
import { Plot, chart } from './vega.ts';

export interface ConfusionMatrixOptions {
  /** Names of the classes, in the order of their numbers. */
  classNames?: readonly (string | number)[];
  title?: string;
}

/** Dark enough for white digits on it, on a white page too. */
const rightColor = '#1d63b8';

/**
 * Counts which class was taken for which: row i, column j says how often i was predicted as j.
 *
 * @param labels class numbers of shape [n], or one-hot rows of shape [n, classes]
 * @param predictions class numbers of shape [n], or a score for each class, of shape [n, classes]
 * @param classes how many classes there are; the highest number that occurs plus one, where left out
 * @throws ArgumentError where the two differ in length, or a number is no class
 * @example
 * tf.vis.confusionCounts([0, 1, 1], [0, 1, 0]) // [[1, 0], [1, 1]]
 */
export function confusionCounts(labels: NumericInput, predictions: NumericInput, classes?: number): number[][] {
  const operation = 'tf.vis.confusionMatrix';
  const [truth, guess] = [labels, predictions].map((input) => classNumbers(readNumbers(input, operation), operation));
  if (truth.numbers.length !== guess.numbers.length)
    throw new ArgumentError(
      `${operation}: there are ${truth.numbers.length} labels and ${guess.numbers.length} predictions; they must be as many.`,
    );
  const seen = [truth, guess].reduce(
    (most, { numbers }) => numbers.reduce((a, b) => (b >= a ? Math.floor(b) + 1 : a), most),
    0,
  );
  const count = classes ?? Math.max(truth.classes, guess.classes, seen);
  const counts = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (const { numbers } of [truth, guess]) requireClasses(numbers, count, operation);
  truth.numbers.forEach((row, i) => counts[row][guess.numbers[i]]++);
  return counts;
}

/** A confusion matrix as a picture; `counts` are its numbers. */
export class ConfusionMatrix extends Plot {
  readonly counts: readonly (readonly number[])[];
  readonly classNames: readonly string[];

  constructor(counts: readonly (readonly number[])[], options: ConfusionMatrixOptions = {}) {
    const names = (options.classNames ?? counts.map((_, i) => i)).map(String);
    if (counts.some((row) => row.length !== counts.length))
      throw new ArgumentError(
        `tf.vis.confusionMatrix expects a square matrix, got ${counts.length} rows of ${counts[0].length}.`,
      );
    if (names.length !== counts.length)
      throw new ArgumentError(
        `tf.vis.confusionMatrix: there are ${counts.length} classes and ${names.length} classNames.`,
      );
    const drawn = picture(counts, names, options.title);
    super(drawn.spec, text(counts, names, options.title));
    this.counts = counts;
    this.classNames = names;
  }

  /** Which part of all predictions is right, from 0 to 1. */
  get accuracy(): number {
    const total = this.counts.flat().reduce((sum, count) => sum + count, 0);
    return total === 0 ? NaN : this.counts.reduce((sum, row, i) => sum + row[i], 0) / total;
  }
}

/**
 * A confusion matrix: true classes in rows, predicted ones in columns; blue is right, red is wrong, and a cell is as
 * strong as its part of the row.
 *
 * @example
 * tf.vis.confusionMatrix(labels, predictions, { classNames: ['cat', 'dog'] })
 * tf.vis.confusionMatrix([[50, 2], [3, 45]])
 */
export function confusionMatrix(matrix: NumericInput, options?: ConfusionMatrixOptions): ConfusionMatrix;
export function confusionMatrix(
  labels: NumericInput,
  predictions: NumericInput,
  options?: ConfusionMatrixOptions,
): ConfusionMatrix;
export function confusionMatrix(
  first: NumericInput,
  second?: NumericInput | ConfusionMatrixOptions,
  third?: ConfusionMatrixOptions,
): ConfusionMatrix {
  if (second === undefined || isOptions(second))
    return new ConfusionMatrix(readMatrix(first, 'tf.vis.confusionMatrix'), second);
  return new ConfusionMatrix(confusionCounts(first, second, third?.classNames?.length), third);
}

const isOptions = (value: NumericInput | ConfusionMatrixOptions): value is ConfusionMatrixOptions =>
  typeof value === 'object' && !Array.isArray(value) && !ArrayBuffer.isView(value) && !('dtype' in value);

function picture(counts: readonly (readonly number[])[], names: readonly string[], title: string | undefined): Plot {
  const cells = counts.flatMap((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, j) => {
      const share = total === 0 ? 0 : count / total;
      return {
        row: i,
        column: j,
        actual: names[i],
        predicted: names[j],
        count,
        share,
        right: i === j,
        ...strength(count, share),
      };
    });
  });
  const size = Math.max(22, Math.min(46, Math.floor(460 / Math.max(1, names.length))));
  const annotated = names.length <= 25;
  const axis = (field: string, heading: string, orient: string) => ({
    field,
    type: 'ordinal',
    title: heading,
    axis: {
      orient,
      grid: false,
      domain: false,
      // At some 6 pixels a letter.
      labelAngle: field === 'column' && names.some((name) => 6 * name.length > size) ? -45 : 0,
      labelExpr: `${JSON.stringify(names)}[datum.value]`,
      labelLimit: 120,
    },
    scale: { paddingInner: 0.05, paddingOuter: 0 },
  });
  const x = axis('column', 'predicted', 'bottom');
  const y = axis('row', 'actual', 'left');
  const tooltip = [
    { field: 'actual' },
    { field: 'predicted' },
    { field: 'count' },
    { field: 'share', title: 'part of the row', format: '.1%' },
  ];
  return chart({
    ...(title !== undefined && { title }),
    width: size * names.length,
    height: size * names.length,
    data: { values: cells },
    encoding: { x, y },
    layer: [
      {
        mark: { type: 'rect', cornerRadius: 3 },
        encoding: {
          color: {
            condition: [
              { test: 'datum.count === 0', value: neutralTitle },
              { test: 'datum.right', value: rightColor },
            ],
            value: bad,
          },
          opacity: { field: 'alpha', type: 'quantitative', scale: null, legend: null },
          tooltip,
        },
      },
      ...(annotated
        ? [
            {
              transform: [{ filter: 'datum.count > 0' }],
              mark: { type: 'text', fontSize: Math.min(13, Math.max(9, size / 3.2)), fontWeight: 500 },
              encoding: {
                text: { field: 'count', type: 'quantitative' },
                color: { condition: { test: 'datum.strong', value: '#ffffff' }, value: neutralTitle },
                tooltip,
              },
            },
          ]
        : []),
    ],
  });
}

/**
 * How strong a cell is. Between the faint cells, on which grey digits can be read, and the strong ones, which carry white
 * digits, lies a range in which neither can, on a light and on a dark page; no cell falls into it.
 */
function strength(count: number, share: number): { alpha: number; strong: boolean } {
  if (count === 0) return { alpha: 0.1, strong: false };
  return share < 0.3
    ? { alpha: 0.1 + 0.4 * Math.sqrt(share), strong: false }
    : { alpha: 0.72 + 0.4 * (share - 0.3), strong: true };
}

function text(counts: readonly (readonly number[])[], names: readonly string[], title: string | undefined): string {
  const cells = [['', ...names], ...counts.map((row, i) => [names[i], ...row.map(String)])];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const lines = cells.map((row) => row.map((cell, column) => cell.padStart(widths[column])).join('  '));
  return `${title ?? 'Confusion matrix'} (rows: actual, columns: predicted)\n${lines.join('\n')}`;
}
