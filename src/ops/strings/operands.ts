/** @file What operations on strings take for a tensor of strings. */
import * as p from '../../primitives/calls.ts';
import { RaggedTensor } from '../../ragged/index.ts';
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

/** What comes of an operation on each element: ragged where its operand is. */
export type Like<Input> = Input extends RaggedTensor ? RaggedTensor : Tensor;
/** Strings, in a tensor or in a ragged one. */
export type StringsLike = TensorLike | RaggedTensor;

/** A function of the elements of a tensor, or of the flat values of a ragged one. */
export const onElements = <Input extends StringsLike>(input: Input, compute: (x: TensorLike) => Tensor): Like<Input> =>
  (input instanceof RaggedTensor
    ? input.withFlatValues(compute(input.flatValues))
    : compute(input as TensorLike)) as Like<Input>;

/** The same, of strings. */
export const onStrings = <Input extends StringsLike>(
  input: Input,
  operation: string,
  compute: (x: Tensor) => Tensor,
): Like<Input> => onElements(input, (x) => compute(toStrings(x, operation)));

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
