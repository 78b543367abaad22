/** @file Ranges in the options of layers for augmentation: how strong, how likely, which values images have. */
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** From the least to the greatest number. */
export type NumberRange = readonly [least: number, greatest: number];
/** A number, or the two ends of a range. */
export type Factor = number | readonly number[];

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/**
 * The range that an option means: two numbers in any order, or of one number what `around` makes of it.
 *
 * @throws ArgumentError unless it lies within the bounds
 */
export function requireFactor(
  layer: string,
  option: string,
  value: Factor,
  [least, greatest]: NumberRange,
  around: (value: number) => NumberRange,
): NumberRange {
  const ends = isNumber(value) ? [value] : value;
  const valid =
    Array.isArray(ends) &&
    (ends.length === 1) === isNumber(value) &&
    ends.length <= 2 &&
    ends.length > 0 &&
    ends.every((end: unknown) => isNumber(end) && end >= least && end <= greatest);
  if (!valid)
    throw new ArgumentError(
      `Layer ${layer}: expected ${option} to be a number from ${least} to ${greatest}, or two of them, got ${JSON.stringify(value)}.`,
    );
  if (isNumber(value)) return around(value);
  const [a, b] = ends as [number, number];
  return a <= b ? [a, b] : [b, a];
}

/** As far down as up. */
export const bothWays = (value: number): NumberRange => [-Math.abs(value), Math.abs(value)];
/** From 0 on. */
export const fromZero = (value: number): NumberRange => [0, value];

/** A share or a probability: a number is the upper end of a range that begins at 0. @throws ArgumentError */
export const requireShare = (layer: string, option: string, value: Factor): NumberRange =>
  requireFactor(layer, option, value, [0, 1], fromZero);

/** The range of the images' values. @throws ArgumentError unless it is two different numbers */
export function requireValueRange(layer: string, value: readonly number[]): NumberRange {
  if (!Array.isArray(value) || value.length !== 2 || !value.every(isNumber) || value[0] === value[1])
    throw new ArgumentError(
      `Layer ${layer}: expected valueRange to be two different numbers such as [0, 255], got ${JSON.stringify(value)}.`,
    );
  const [a, b] = value as [number, number];
  return a < b ? [a, b] : [b, a];
}

/** Values in one range moved to the same place in another one. */
export function rescaled(images: Tensor, from: NumberRange, to: NumberRange): Tensor {
  if (from[0] === to[0] && from[1] === to[1]) return images;
  const share = ops.div(ops.sub(images, from[0]), from[1] - from[0]);
  return ops.add(ops.mul(share, to[1] - to[0]), to[0]);
}

/** 8-bit values, in which many of the layers compute. */
export const bytes: NumberRange = [0, 255];
