/** @file What one element of a stream of batches says: inputs, targets, weights. */
import { ArgumentError } from '../tensor/errors.ts';
import type { BatchParts, DataTree } from './data.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/**
 * Reads `[x]`, `[x, y]`, `[x, y, sampleWeight]`, TensorFlow.js's `{ xs, ys }`, or inputs alone (several by their names).
 *
 * @throws ArgumentError for anything else.
 */
export function readElement(caller: string, element: unknown): BatchParts {
  if (Array.isArray(element)) {
    if (element.length >= 1 && element.length <= 3) {
      const [x, y, sampleWeight] = element as readonly DataTree[];
      return { x, y, sampleWeight };
    }
    throw new ArgumentError(
      `${caller}: expected batches as [x], [x, y], [x, y, sampleWeight] or { xs, ys }; got a list of ${element.length}.`,
    );
  }
  if (isObject(element) && 'xs' in element && Object.keys(element).every((key) => key === 'xs' || key === 'ys'))
    return { x: element.xs as DataTree, y: element.ys as DataTree | null | undefined };
  if (element === undefined || element === null)
    throw new ArgumentError(
      `${caller}: expected batches as [x], [x, y], [x, y, sampleWeight] or { xs, ys }; got ${String(element)}.`,
    );
  return { x: element as DataTree };
}
