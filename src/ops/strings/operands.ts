/** @file What operations on strings take for a tensor of strings. */
import * as p from '../../primitives/calls.ts';
import { DTypeError } from '../../tensor/errors.ts';
import { broadcastShapes, formatShape, shapesEqual } from '../../tensor/shape.ts';
import { stringsOf } from '../../tensor/string-storage.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { expectValues, hostNumbers } from '../data-dependent.ts';

/** A tensor of strings. @throws DTypeError */
export function toStrings(x: TensorLike, operation: string): Tensor {
  const value = toTensor(x, operation);
  if (value.dtype !== 'string')
    throw new DTypeError(
      `${operation}: expected strings, got ${value.dtype} ${formatShape(value.shape)}; tf.strings.asString(x) makes strings of numbers.`,
    );
  return value;
}

/** Tensors that broadcast, each in the shape that they have together. */
export function inOneShape(tensors: readonly Tensor[], operation: string): Tensor[] {
  const shape = tensors.map((x) => x.shape).reduce((a, b) => broadcastShapes(a, b, operation));
  return tensors.map((x) => (shapesEqual(x.shape, shape) ? x : p.broadcastTo(x, shape)));
}

/** The elements, for an operation whose result's shape depends on them. @throws TraceError inside of tf.function */
export function knownStrings(x: Tensor, operation: string): readonly Uint8Array[] {
  expectValues(x, operation);
  return stringsOf(x.storage);
}

/** Numbers that say what an operation does, known when it is called. @throws TraceError inside of tf.function */
export const knownNumbers = (x: TensorLike, operation: string): number[] =>
  Array.from(hostNumbers(toTensor(x, operation), operation));
