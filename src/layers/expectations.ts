/** @file Checks of what a layer is made with. */
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';

/** @throws ArgumentError unless `value` is a positive whole number. */
export function requireCount(layer: string, option: string, value: number): number {
  if (!Number.isInteger(value) || value < 1)
    throw new ArgumentError(`Layer ${layer}: expected ${option} to be a whole number of at least 1, got ${value}.`);
  return value;
}

/** A number for both of two axes, or one each. @throws ArgumentError unless positive and whole. */
export function requirePair(
  layer: string,
  option: string,
  value: number | readonly number[],
): readonly [number, number] {
  const pair = typeof value === 'number' ? [value, value] : value;
  if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((size) => Number.isInteger(size) && size > 0))
    throw new ArgumentError(
      `Layer ${layer}: expected ${option} to be a whole number of at least 1, or two of them; got ${JSON.stringify(value)}.`,
    );
  return [pair[0], pair[1]];
}

/** @throws ArgumentError unless `value` is one of `allowed`. */
export function requireOneOf<T extends string>(layer: string, option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
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
