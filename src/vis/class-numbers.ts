/** @file Classes in the forms in which data and models have them, brought to class numbers. */
import { ArgumentError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Numbers } from './numbers.ts';

/** Class numbers, and how many classes there are where the form says so (else 0). */
export interface ClassNumbers {
  readonly numbers: number[];
  readonly classes: number;
  /** The highest score of each row, where there are scores. */
  readonly scores?: readonly number[];
}

/** Numbers of shape [n] or [n, 1] as they are; of rows [n, classes] (one-hot, probabilities, logits) the place of the highest. */
export function classNumbers({ values, shape }: Numbers, operation: string): ClassNumbers {
  if (shape.length === 1 || (shape.length === 2 && shape[1] === 1)) return { numbers: Array.from(values), classes: 0 };
  if (shape.length !== 2)
    throw new ArgumentError(
      `${operation} expects class numbers of shape [n] or scores of shape [n, classes], got shape ${formatShape(shape)}.`,
    );
  const [rows, classes] = shape;
  const numbers = Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let i = 1; i < classes; i++) if (values[row * classes + i] > values[row * classes + best]) best = i;
    return best;
  });
  return { numbers, classes, scores: numbers.map((best, row) => values[row * classes + best]) };
}

/** @throws ArgumentError where a number is no class */
export function requireClasses(numbers: readonly number[], classes: number, operation: string): void {
  const bad = numbers.findIndex((number) => !Number.isInteger(number) || number < 0 || number >= classes);
  if (bad >= 0)
    throw new ArgumentError(
      `${operation}: expected class numbers from 0 to ${classes - 1}, got ${numbers[bad]} at position ${bad}.`,
    );
}
