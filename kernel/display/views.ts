/** @file The views of objects and the helpers of `display`: all that is loaded beside the first cells. */
import { formatLongString, formatObject } from './format-object.ts';
import type { Formatting } from './format-value.ts';
import type { Limits } from './limits.ts';

export { helpers, rawBundle } from './helpers.ts';

/** The bundle of an object or of a long string. Never throws. */
export const format = (value: object | string, limits: Limits): Formatting =>
  typeof value === 'string' ? formatLongString(value, limits) : formatObject(value, limits);
