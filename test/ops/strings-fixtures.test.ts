/** @file tf.strings and tf.io against what TensorFlow gives (test/fixtures/strings/make.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
interface Fixture {
  name: string;
  args: Json[];
  options: Record<string, Json>;
  result: Json;
}
const fixtures = JSON.parse(
  readFileSync(new URL('../fixtures/strings/cases.json', import.meta.url), 'utf8'),
) as Fixture[];

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** Bytes and numbers that JSON has no form for, as the fixtures write them. */
function revive(value: Json): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (!isObject(value)) return value;
  if ('bytes' in value) return new Uint8Array(Buffer.from(value.bytes as string, 'base64'));
  if ('number' in value) return Number(String(value.number).replace('inf', 'Infinity'));
  return tf.ragged.constant(revive(value.ragged) as never);
}
/** A result in the form of the fixtures. */
function plain(value: unknown): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof tf.RaggedTensor) return { ragged: nest([...value], (row) => plain(row)) };
  const x = value as tf.Tensor;
  if (x.dtype === 'string') {
    const bytes = x.bytesSync<Uint8Array[]>().map((b) => ({ bytes: Buffer.from(b).toString('base64') }));
    return shaped(bytes, x.shape);
  }
  const numbers = Array.from(x.dataSync() as ArrayLike<number | bigint>, (n) => {
    const number = Number(n);
    if (x.dtype === 'bool') return number !== 0;
    return Number.isFinite(number) ? number : { number: Number.isNaN(number) ? 'nan' : number > 0 ? 'inf' : '-inf' };
  });
  return shaped(numbers, x.shape);
}
const nest = <T>(list: readonly T[], f: (item: T) => Json): Json[] =>
  list.map((item) => {
    const made = f(item);
    return isObject(made) && 'ragged' in made ? made.ragged : made;
  });
function shaped(list: readonly Json[], shape: readonly number[]): Json {
  if (shape.length === 0) return list[0];
  const size = list.length / shape[0] || 0;
  return Array.from({ length: shape[0] }, (_, i) => shaped(list.slice(i * size, (i + 1) * size), shape.slice(1)));
}

const camel = (name: string): string => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
/** Strings where the fixtures have bytes: an operand. */
const strings = (value: unknown): tf.Tensor | tf.RaggedTensor =>
  value instanceof tf.RaggedTensor ? value : tf.tensor(value as never, undefined, 'string');
const numeric = (dtype: 'int32' | 'float64' | 'bool' | undefined, value: unknown): tf.Tensor =>
  tf.tensor(value as never, undefined, dtype);

function call({ name, args, options }: Fixture): unknown {
  const given = args.map(revive);
  const named = Object.fromEntries(Object.entries(options).map(([key, value]) => [camel(key), value]));
  const [first, ...rest] = given;
  const [operation, dtype] = name.split(':') as [keyof typeof tf.strings, 'int32' | 'float64' | 'bool'];
  const f = (tf.strings[operation] ?? (tf.io as Record<string, unknown>)[operation]) as (...a: unknown[]) => unknown;
  if (operation === 'asString') return f(numeric(dtype, first), named);
  if (operation === 'join') return f((first as unknown[]).map(strings), ...rest);
  if (operation === 'format')
    return f(
      first,
      (rest[0] as unknown[]).map((value) => tf.tensor(value as never, undefined, isWhole(value) ? 'int32' : undefined)),
    );
  if (operation === 'unicodeEncode')
    return f(first instanceof tf.RaggedTensor ? first : numeric('int32', first), ...rest);
  if (operation === 'unicodeScript') return f(numeric('int32', first));
  return f(strings(first), ...rest, named);
}
const isWhole = (value: unknown): boolean =>
  Array.isArray(value) ? value.every(isWhole) : typeof value === 'number' && Number.isInteger(value);

describe('tf.strings as TensorFlow', () => {
  it.each(fixtures.map((fixture, i) => [`${i} ${fixture.name} ${JSON.stringify(fixture.args.slice(1))}`, fixture]))(
    '%s',
    (_, fixture) => {
      expect(plain(call(fixture as Fixture))).toEqual((fixture as Fixture).result);
    },
  );
});
