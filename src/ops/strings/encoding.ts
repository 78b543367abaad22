/** @file Bytes in strings: base64, and numbers in their raw form. */
import * as p from '../../primitives/calls.ts';
import { type ArrayDType, bytesPerElement } from '../../tensor/dtype.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { TensorLike } from '../convert.ts';
import { type Like, type StringsLike, knownStrings, onStrings, toStrings } from './operands.ts';
import { op } from '../../symbolic/op.ts';

/**
 * Each string's bytes in web-safe base64 (`-` and `_` in place of `+` and `/`).
 *
 * @param pad Whether `=` fills the last group up. Default false.
 * @example `tf.io.encodeBase64(['hello'])` is `["aGVsbG8"]`
 */
export const encodeBase64 = <Input extends StringsLike>(input: Input, pad = false): Like<Input> =>
  onStrings(input, 'io.encodeBase64', (x) => p.strings([x], { function: 'encodeBase64', pad }));

/**
 * The bytes that each string of web-safe base64 stands for, padded or not. @throws ArgumentError where it is none
 *
 * @example `tf.io.decodeBase64(['aGVsbG8'])` is `["hello"]`
 */
export const decodeBase64 = <Input extends StringsLike>(input: Input): Like<Input> =>
  onStrings(input, 'io.decodeBase64', (x) => p.strings([x], { function: 'decodeBase64' }));

export interface DecodeRawOptions {
  /** Default true. */
  readonly littleEndian?: boolean;
  /** So many bytes of each string are read, and zeros where it has fewer; where left out all have one length. */
  readonly fixedLength?: number;
}

/**
 * The bytes of each string as numbers, along a new last axis.
 *
 * @throws ShapeError where the strings have different lengths and no `fixedLength` is given
 * @example `tf.io.decodeRaw(tf.tensor(['1', '2']), 'uint8') // [[49], [50]]`
 */
export const decodeRaw = op(
  'io.decodeRaw',
  function decodeRaw(inputBytes: TensorLike, outType: ArrayDType, options: DecodeRawOptions = {}): Tensor {
    const { littleEndian = true, fixedLength } = options;
    const x = toStrings(inputBytes, 'io.decodeRaw');
    const lengths =
      fixedLength === undefined
        ? new Set(knownStrings(x, 'io.decodeRaw').map((s) => s.length))
        : new Set([fixedLength]);
    if (lengths.size > 1)
      throw new ShapeError(
        `io.decodeRaw: the strings have ${[...lengths].join(', ')} bytes; expected one length, or fixedLength in the options.`,
      );
    const [length = 0] = lengths;
    if (!Number.isInteger(length) || length < 0 || length % bytesPerElement(outType) !== 0)
      throw new ArgumentError(`io.decodeRaw: ${length} bytes are no whole number of ${outType} elements.`);
    return p.strings([x], { function: 'decodeRaw', dtype: outType, littleEndian, length });
  },
);
