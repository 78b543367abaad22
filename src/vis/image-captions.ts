/** @file What stands above the images of a grid: titles, or labels and predictions with what is right and wrong. */
import { ArgumentError } from '../tensor/errors.ts';
import { classNumbers } from './class-numbers.ts';
import { type NumericInput, readNumbers } from './numbers.ts';

export interface CaptionOptions {
  /** A line above each image. */
  titles?: ArrayLike<string | number>;
  /** Marks the titles: true is right (green), false is wrong (red). */
  correct?: ArrayLike<boolean | number>;
  /** The true classes: numbers or names [n], or one-hot rows [n, classes]. */
  labels?: NumericInput | readonly string[];
  /**
   * The predicted classes: numbers or names [n], or a score for each class [n, classes], of which the highest is shown (with its
   * per cent where scores are probabilities). With `labels` each image is marked right or wrong.
   */
  predictions?: NumericInput | readonly string[];
  /** Names of the classes, in the order of their numbers. */
  classNames?: readonly (string | number)[];
}

export interface Caption {
  readonly text: string;
  /** The true class, where the prediction is wrong. */
  readonly below?: string;
  readonly correct?: boolean;
}

/** The captions of `count` images; none where there is nothing to say. @throws ArgumentError where lengths do not fit */
export function captionsOf(options: CaptionOptions, count: number, operation: string): readonly Caption[] {
  const { titles, correct, labels, predictions, classNames } = options;
  if (labels === undefined && predictions === undefined) {
    for (const [name, list] of Object.entries({ titles, correct }))
      if (list && list.length < count)
        throw new ArgumentError(`${operation}: there are ${count} images and ${list.length} ${name}.`);
    return Array.from({ length: titles ? count : 0 }, (_, i) => ({
      text: String(titles![i]),
      ...(correct && { correct: Boolean(correct[i]) }),
    }));
  }
  if (titles) throw new ArgumentError(`${operation}: give either titles, or labels and predictions.`);
  const truth = labels === undefined ? undefined : namesOf(labels, classNames, count, 'labels', operation);
  const guess =
    predictions === undefined ? undefined : namesOf(predictions, classNames, count, 'predictions', operation);
  return Array.from({ length: count }, (_, i): Caption => {
    if (!guess) return { text: truth!.names[i] };
    const text = `${guess.names[i]}${guess.parts ? ` ${Math.round(guess.parts[i] * 100)}%` : ''}`;
    if (!truth) return { text };
    const isRight = truth.names[i] === guess.names[i];
    return { text, correct: isRight, ...(!isRight && { below: `is ${truth.names[i]}` }) };
  });
}

function namesOf(
  given: NumericInput | readonly string[],
  classNames: readonly (string | number)[] | undefined,
  count: number,
  what: string,
  operation: string,
): { names: string[]; parts?: readonly number[] } {
  const asMany = (length: number) => {
    if (length !== count)
      throw new ArgumentError(`${operation}: there are ${count} images and ${length} ${what}; they must be as many.`);
  };
  if (Array.isArray(given) && typeof given[0] === 'string') {
    asMany(given.length);
    return { names: given.map(String) };
  }
  const values = readNumbers(given as NumericInput, operation);
  asMany(values.shape[0] ?? 1);
  const { numbers, scores } = classNumbers(values, operation);
  const names = numbers.map((number, i) => {
    if (classNames && classNames[number] === undefined)
      throw new ArgumentError(
        `${operation}: ${what} has ${number} at position ${i}, which has no name among the ${classNames.length} classNames.`,
      );
    return String(classNames?.[number] ?? number);
  });
  // Rows that add up to 1 are probabilities; one-hot rows say nothing by their 100%.
  const all = Array.from(values.values);
  const width = all.length / count;
  const areProbabilities =
    scores !== undefined &&
    what === 'predictions' &&
    Array.from({ length: count }, (_, i) => all.slice(i * width, (i + 1) * width)).every(
      (row) => row.every((value) => value >= 0) && Math.abs(row.reduce((sum, value) => sum + value, 0) - 1) < 0.02,
    );
  return { names, ...(areProbabilities && { parts: scores }) };
}
