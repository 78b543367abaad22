/** @file The dtype in which operands meet, as docs/dtypes.md writes it down: every pair, and plain numbers. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { promote } from '../../src/tensor/dtype.ts';
import '../support/tensors.ts';

const names = [
  'bool',
  'uint8',
  'int8',
  'int16',
  'int32',
  'int64',
  'float16',
  'float32',
  'float64',
  'complex64',
] as const;
const short = { b: 0, u: 1, i8: 2, i16: 3, i32: 4, i64: 5, f16: 6, f32: 7, f64: 8, c: 9 };
/** Row: first operand; column: second one, in the order of `names`. */
const table = `
  b   u   i8  i16 i32 i64 f16 f32 f64 c
  u   u   i16 i16 i32 i64 f16 f32 f64 c
  i8  i16 i8  i16 i32 i64 f16 f32 f64 c
  i16 i16 i16 i16 i32 i64 f16 f32 f64 c
  i32 i32 i32 i32 i32 i64 f16 f32 f64 c
  i64 i64 i64 i64 i64 i64 f16 f32 f64 c
  f16 f16 f16 f16 f16 f16 f16 f32 f64 c
  f32 f32 f32 f32 f32 f32 f32 f32 f64 c
  f64 f64 f64 f64 f64 f64 f64 f64 f64 c
  c   c   c   c   c   c   c   c   c   c`;
const rows = table
  .trim()
  .split('\n')
  .map((line) =>
    line
      .trim()
      .split(/\s+/)
      .map((name) => names[short[name as keyof typeof short]]),
  );
const pairs = names.flatMap((a, i) => names.map((b, j) => [a, b, rows[i][j]] as const));
const one = (dtype: tf.DType): tf.Tensor => tf.tensor([1], undefined, dtype);

describe('tensors', () => {
  it.each(pairs)('%s and %s meet in %s', (a, b, expected) => {
    expect(promote(a, b)).toBe(expected);
    expect(tf.equal(one(a), one(b))).toHaveType('bool', [1]);
    // Numbers add up; booleans do not.
    if (expected !== 'bool') expect(tf.add(one(a), one(b))).toHaveType(expected, [1]);
    if (expected !== 'bool') expect(tf.concat([one(a), one(b)])).toHaveType(expected, [2]);
  });

  it('of strings meet nothing else', () => {
    for (const dtype of names) expect(() => promote('string', dtype)).toThrow(tf.DTypeError);
    expect(promote('string', 'string')).toBe('string');
  });
});

describe('plain numbers', () => {
  it.each([
    ['float16', 0.1, 'float16'],
    ['float64', 0.1, 'float64'],
    ['complex64', 2, 'complex64'],
    ['int8', 3, 'int8'],
    ['int8', 300, 'int32'],
    ['uint8', -1, 'int32'],
    ['int32', 2 ** 31, 'int64'],
    ['int64', 5, 'int64'],
    ['int32', 0.5, 'float32'],
    ['int64', 0.5, 'float32'],
    ['bool', 2, 'int32'],
    ['bool', 0.5, 'float32'],
    ['int16', NaN, 'float32'],
  ] as const)('%s and %d give %s', (dtype, value, expected) => {
    expect(one(dtype).add(value).dtype).toBe(expected);
    expect(tf.add(value, one(dtype)).dtype).toBe(expected);
    expect(one(dtype).add([value]).dtype).toBe(expected);
  });

  it('alone are float32, bigints int64, booleans bool', () => {
    expect(tf.add(1, 2).dtype).toBe('float32');
    expect(tf.add(1n, 2n).dtype).toBe('int64');
    expect(tf.logicalAnd(true, false).dtype).toBe('bool');
  });
});

describe('results', () => {
  it.each(['uint8', 'int8', 'int16', 'int32', 'int64'] as const)('of real functions of %s are float32', (dtype) => {
    expect(tf.div(one(dtype), one(dtype)).dtype).toBe('float32');
    expect(tf.sqrt(one(dtype)).dtype).toBe('float32');
    expect(tf.mean(one(dtype)).dtype).toBe('float32');
    expect(tf.sum(one(dtype)).dtype).toBe(dtype);
    expect(tf.floorDiv(one(dtype), one(dtype)).dtype).toBe(dtype);
  });

  it.each(['float16', 'float32', 'float64'] as const)('of functions of %s keep it', (dtype) => {
    for (const f of [tf.div, tf.pow, tf.atan2]) expect(f(one(dtype), one(dtype)).dtype).toBe(dtype);
    for (const f of [tf.sqrt, tf.mean, tf.sum, tf.softmax, tf.erf]) expect(f(one(dtype)).dtype).toBe(dtype);
    expect(tf.matMul(one(dtype).reshape([1, 1]), one(dtype).reshape([1, 1])).dtype).toBe(dtype);
  });
});
