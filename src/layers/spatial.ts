/** @file Axes of sequences, images and volumes, for layers that come in one, two and three dimensions. */
import { ArgumentError } from '../tensor/errors.ts';
import type { ImageFormat } from './images.ts';

/** How many spatial axes: 1 of sequences, 2 of images, 3 of volumes. */
export type SpatialRank = 1 | 2 | 3;

/** The axes between the batch's and the channels', or after the channels'. */
export const spatialAxes = (rank: SpatialRank, format: ImageFormat): number[] =>
  Array.from({ length: rank }, (_, i) => i + (format === 'channelsLast' ? 1 : 2));

/** A whole number for all spatial axes, or one each. @throws ArgumentError unless whole and at least `least` */
export function requireSizes(
  layer: string,
  option: string,
  value: number | readonly number[],
  rank: SpatialRank,
  least = 1,
): readonly number[] {
  const sizes = typeof value === 'number' ? Array<number>(rank).fill(value) : value;
  if (!Array.isArray(sizes) || sizes.length !== rank || !sizes.every((size) => Number.isInteger(size) && size >= least))
    throw new ArgumentError(
      `Layer ${layer}: expected ${option} to be a whole number of at least ${least}${rank > 1 ? `, or ${rank} of them` : ''}; got ${JSON.stringify(value)}.`,
    );
  return [...sizes];
}

/** How much is added or cut before and after each spatial axis. */
export type Margins = readonly (readonly [before: number, after: number])[];
/** As options give it: one number for all, one for each axis, or a pair for each. */
export type MarginsLike = number | readonly (number | readonly [number, number])[];

/** @throws ArgumentError unless there are as many as axes, whole and not negative */
export function requireMargins(layer: string, option: string, value: MarginsLike, rank: SpatialRank): Margins {
  // Of one axis a pair is its before and after.
  const pair = rank === 1 && Array.isArray(value) && value.length === 2 ? [value] : value;
  const each = typeof pair === 'number' ? Array<number>(rank).fill(pair) : pair;
  const margins = ((Array.isArray(each) ? each : []) as (number | [number, number])[]).map((one) =>
    typeof one === 'number' ? ([one, one] as const) : one,
  );
  const valid = margins.every((one) => one?.length === 2 && one.every((size) => Number.isInteger(size) && size >= 0));
  if (margins.length !== rank || !valid)
    throw new ArgumentError(
      `Layer ${layer}: expected ${option} to be a whole number of at least 0, or ${rank === 1 ? 'two, before and after' : `${rank} of them or of pairs of them`}; got ${JSON.stringify(value)}.`,
    );
  return margins;
}
