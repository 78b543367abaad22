/** @file Checks of what a layer is made with. */
import { sameSpelling } from '../configuration.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';

/** @throws ArgumentError unless `value` is a positive whole number. */
export function requireCount(layer: string, option: string, value: number): number {
  if (!Number.isInteger(value) || value < 1)
    throw new ArgumentError(
      `Layer ${layer}: expected ${option} to be a whole number of at least 1, got ${JSON.stringify(value)}.`,
    );
  return value;
}

/** A share, 0 where none is given. @throws ArgumentError unless from 0 to 1. */
export function requireRate(layer: string, option: string, rate = 0): number {
  if (!(rate >= 0 && rate <= 1))
    throw new ArgumentError(`Layer ${layer}: expected ${option} between 0 and 1, got ${rate}.`);
  return rate;
}

/** The one of `allowed` that `value` is, in any spelling. @throws ArgumentError unless it is one. */
export function requireOneOf<T extends string>(layer: string, option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => typeof value === 'string' && sameSpelling(candidate, value));
  if (found === undefined)
    throw new ArgumentError(`Layer ${layer}: expected ${option} to be ${allowed.join(' or ')}, got '${value}'.`);
  return found;
}

/** The size of an axis that weights depend on. @throws ShapeError where it is not known. */
export function knownSize(layer: string, shape: readonly (number | null)[], axis: number): number {
  const size = shape.at(axis);
  if (typeof size !== 'number')
    throw new ShapeError(
      `Layer ${layer}: the size of axis ${axis} of its input must be known to make its weights; got shape ${formatShape(shape)}.`,
    );
  return size;
}
