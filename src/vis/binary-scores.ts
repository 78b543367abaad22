/** @file The forms in which classifiers give scores, brought to one: by name, 0 or 1 and a score for each sample. */
import { ArgumentError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import { classNumbers, requireClasses } from './class-numbers.ts';
import { type NumericInput, type Numbers, isRecord, readNumbers } from './numbers.ts';

/** Scores of one classifier, or of several by name. */
export type ScoreInput = NumericInput | Readonly<Record<string, NumericInput>>;

/** One question with a yes or a no, and how sure the answers are. */
export interface BinaryScores {
  /** Of the classifier or the class; '' where there is only one. */
  readonly name: string;
  /** 0 or 1. */
  readonly labels: readonly number[];
  readonly scores: readonly number[];
}

/**
 * @param labels 0 and 1 of shape [n]; or, where there is a score for each class, class numbers [n] or one-hot rows [n, classes]
 * @param scores [n] or [n, 1] for one class, [n, classes] for several, each of which is then told from the rest
 */
export function binaryScores(
  labels: NumericInput,
  scores: ScoreInput,
  classNames: readonly (string | number)[] | undefined,
  operation: string,
): BinaryScores[] {
  const truth = readNumbers(labels, operation);
  const named = isRecord(scores) ? Object.entries(scores) : [['', scores] as const];
  if (named.length === 0) throw new ArgumentError(`${operation}: expected scores, got an object without entries.`);
  return named.flatMap(([name, input]) => {
    const given = readNumbers(input, operation);
    const [count, classes = 1] = given.shape;
    if (given.shape.length < 1 || given.shape.length > 2)
      throw new ArgumentError(
        `${operation} expects scores of shape [n], or [n, classes] with one for each class; got ${formatShape(given.shape)}.`,
      );
    if (truth.shape[0] !== count)
      throw new ArgumentError(
        `${operation}: there are ${truth.shape[0] ?? 1} labels and ${count} scores; they must be as many.`,
      );
    const values = Array.from(given.values);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new ArgumentError(`${operation}: expected finite scores, got ${values[bad]} at position ${bad}.`);
    if (classes === 1) return [{ name, labels: yesOrNo(truth, operation), scores: values }];
    const classOf = labelsAmong(truth, classes, operation);
    if (classNames && classNames.length !== classes)
      throw new ArgumentError(
        `${operation}: there are scores for ${classes} classes and ${classNames.length} classNames.`,
      );
    const column = (i: number) => Array.from({ length: count }, (_, row) => values[row * classes + i]);
    const against = (i: number) => classOf.map((number) => Number(number === i));
    // Of two classes the second is the first's opposite.
    if (classes === 2) return [{ name, labels: against(1), scores: column(1) }];
    return Array.from({ length: classes }, (_, i) => ({
      name: [name, String(classNames?.[i] ?? i)].filter(Boolean).join(' '),
      labels: against(i),
      scores: column(i),
    }));
  });
}

function yesOrNo({ values, shape }: Numbers, operation: string): number[] {
  const labels = Array.from(values);
  if (labels.length !== shape[0])
    throw new ArgumentError(
      `${operation}: expected labels of shape [n] for one score each, got ${formatShape(shape)}.`,
    );
  const bad = labels.findIndex((label) => label !== 0 && label !== 1);
  if (bad >= 0)
    throw new ArgumentError(
      `${operation}: expected labels 0 and 1, got ${labels[bad]} at position ${bad}; for several classes give scores of shape [n, classes].`,
    );
  return labels;
}

/** @throws ArgumentError where labels do not fit scores of so many classes */
function labelsAmong(truth: Numbers, classes: number, operation: string): number[] {
  const { numbers, classes: columns } = classNumbers(truth, operation);
  if (columns !== 0 && columns !== classes)
    throw new ArgumentError(
      `${operation}: expected class numbers of shape [n] or one-hot rows of shape [n, ${classes}], got ${formatShape(truth.shape)}.`,
    );
  requireClasses(numbers, classes, operation);
  return numbers;
}
