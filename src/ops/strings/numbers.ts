/** @file Strings and numbers: read, written, hashed. */
import * as p from '../../primitives/calls.ts';
import type { NumberFormat } from '../../primitives/string-functions.ts';
import type { ArrayDType } from '../../tensor/dtype.ts';
import { ComplexTensor } from '../../tensor/complex.ts';
import { ArgumentError, DTypeError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { toTensor } from '../convert.ts';
import { type Like, type StringsLike, onElements, onStrings } from './operands.ts';
import { join } from './text.ts';
import { op } from '../../symbolic/op.ts';

/**
 * The number that each string is.
 *
 * @param outType Default float32.
 * @throws ArgumentError for a string that is no number of that dtype
 * @example `tf.strings.toNumber(['5', '3.0', '-1e2']) // [5, 3, -100]`
 */
export const toNumber = op('strings.toNumber', function toNumber<
  Input extends StringsLike,
>(input: Input, outType: ArrayDType = 'float32'): Like<Input> {
  if (outType === 'bool') throw new DTypeError('strings.toNumber: expected a dtype of numbers, got bool.');
  return onStrings(input, 'strings.toNumber', (x) => p.strings([x], { function: 'toNumber', dtype: outType }));
});

/** How numbers are written, as C's printf does. */
export interface AsStringOptions {
  /** Digits after the point, or with `shortest` digits altogether; 6 by default. */
  readonly precision?: number;
  /** With an exponent. */
  readonly scientific?: boolean;
  /** With an exponent where that is shorter, and without zeros at the end. */
  readonly shortest?: boolean;
  /** At least so many characters. */
  readonly width?: number;
  /** What fills the width up: spaces (default); `'0'`; `'-'` for spaces on the right; `'+'` writes the sign of positive numbers too. */
  readonly fill?: '' | ' ' | '0' | '-' | '+';
}

/**
 * Each number, boolean or complex number as a string.
 *
 * @example `tf.strings.asString([3.1415926, 2.71828], { precision: 2 }) // ["3.14", "2.72"]`
 */
export const asString = op(
  'strings.asString',
  <Input extends StringsLike>(input: Input, options: AsStringOptions = {}): Like<Input> =>
    onElements(input, (x) => written(toTensor(x, 'strings.asString'), options)),
);

function written(x: Tensor, options: AsStringOptions): Tensor {
  const { precision = -1, scientific = false, shortest = false, width = -1, fill = '' } = options;
  if (scientific && shortest) throw new ArgumentError('strings.asString: scientific and shortest exclude one another.');
  if (precision >= 0 && !x.dtype.startsWith('float') && x.dtype !== 'complex64')
    throw new ArgumentError(`strings.asString: a precision is for floating dtypes, not for ${x.dtype}.`);
  const format: NumberFormat = { precision, scientific, shortest, width, fill };
  const write = (numbers: Tensor): Tensor => p.strings([numbers], { function: 'asString', ...format });
  return x instanceof ComplexTensor ? join(['(', write(x.re), ',', write(x.im), ')']) : write(x);
}

const noKey: readonly number[] = [];
const bucket = <Input extends StringsLike>(
  input: Input,
  operation: string,
  hash: 'fast' | 'strong' | 'murmur',
  buckets: number,
  key = noKey,
): Like<Input> => onStrings(input, operation, (x) => p.strings([x], { function: 'hashBucket', hash, buckets, key }));

/**
 * Each string's hash modulo `numBuckets`: int64. The hash is FarmHash's Fingerprint64, which stays the same for ever; who knows it can
 * make many strings that fall into one bucket.
 *
 * @example `tf.strings.toHashBucketFast(['Hello', 'TensorFlow', '2.x'], 3) // [0, 2, 2]`
 */
export const toHashBucketFast = op(
  'strings.toHashBucketFast',
  <Input extends StringsLike>(input: Input, numBuckets: number): Like<Input> =>
    bucket(input, 'strings.toHashBucketFast', 'fast', numBuckets),
);

/**
 * Each string's hash modulo `numBuckets`: int64. The hash is SipHash with a key that whoever chooses the strings should not know.
 *
 * @param key Two numbers of 64 bits.
 * @example `tf.strings.toHashBucketStrong(['Hello', 'TF'], 3, [1, 2]) // [2, 0]`
 */
export const toHashBucketStrong = op('strings.toHashBucketStrong', function toHashBucketStrong<
  Input extends StringsLike,
>(input: Input, numBuckets: number, key: readonly [number | bigint, number | bigint]): Like<Input> {
  if (!Array.isArray(key) || key.length !== 2)
    throw new ArgumentError('strings.toHashBucketStrong: expected a key of two numbers of 64 bits.');
  const words = key.flatMap((half) => {
    const bits = BigInt.asUintN(64, BigInt(half));
    return [Number(bits & 0xffffffffn), Number(bits >> 32n)];
  });
  return bucket(input, 'strings.toHashBucketStrong', 'strong', numBuckets, words);
});

/** Each string's hash (MurmurHash64A) modulo `numBuckets`: int64. New programs take {@link toHashBucketFast}. */
export const toHashBucket = op(
  'strings.toHashBucket',
  <Input extends StringsLike>(input: Input, numBuckets: number): Like<Input> =>
    bucket(input, 'strings.toHashBucket', 'murmur', numBuckets),
);
