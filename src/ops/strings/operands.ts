/** @file What operations on strings take for a tensor of strings. */
import * as p from '../../primitives/calls.ts';
import { DTypeError, TraceError } from '../../tensor/errors.ts';
import { broadcastShapes, formatShape, shapesEqual } from '../../tensor/shape.ts';
import { stringsOf } from '../../tensor/string-storage.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, toTensor } from '../convert.ts';

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
  if (x.isSymbolic)
    throw new TraceError(
      `${operation}: how many elements come out depends on the strings, which are not known inside tf.function; call it outside, ` +
        `and give the function its result.`,
    );
  return stringsOf(x.storage);
}

/** Numbers that say what an operation does, known when it is called. */
export function knownNumbers(x: TensorLike, operation: string): number[] {
  const value = toTensor(x, operation);
  if (value.isSymbolic)
    throw new TraceError(
      `${operation}: the shape of the result depends on numbers that are not known inside tf.function.`,
    );
  return Array.from(value.dataSync<BigInt64Array | Int32Array>() as ArrayLike<number | bigint>, Number);
}
