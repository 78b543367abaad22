/** @file What each function of the `strings` primitive computes, on the host. */
import type { AbstractValue } from '../../primitives/primitives.ts';
import type { StringCall, StringFunctionName, StringUnit } from '../../primitives/string-functions.ts';
import { type ArrayDType, type TypedArray, bytesPerElement, hostArrayOf } from '../../tensor/dtype.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { toHostArray, toNumbers } from '../../tensor/host.ts';
import { stridesOf } from '../../tensor/shape.ts';
import type { Storage } from '../../tensor/storage.ts';
import { StringStorage, decodeText, encodeText, stringsOf } from '../../tensor/string-storage.ts';
import type { Engine, EngineValue } from '../engine.ts';
import { fullMatcher, replacer } from './regular-expressions.ts';
import { crossed, hashes } from './string-hashes.ts';
import { general, numberText, parseNumber } from './string-numbers.ts';
import { tokenizer } from './tokens.ts';
import { decodeCharacters, encodeCodePoints, repaired } from './unicode.ts';
import { scriptOf } from './unicode-scripts.ts';
import { bytesKey, placesIn } from './vocabulary.ts';

type Strings = readonly Uint8Array[];
type Kernel<N extends StringFunctionName> = (
  inputs: readonly EngineValue[],
  call: StringCall<N>,
  output: AbstractValue,
) => Strings | TypedArray;

const stringsIn = (input: EngineValue): Strings => stringsOf(input.storage);
const numbersIn = ({ storage, dtype }: EngineValue): ArrayLike<number> => toNumbers(storage.readSync(), dtype);
const shown = (bytes: Uint8Array): string => JSON.stringify(decodeText(bytes));

/** A function of each string by itself. */
const each =
  <N extends StringFunctionName>(prepare: (call: StringCall<N>) => (bytes: Uint8Array) => Uint8Array): Kernel<N> =>
  ([x], call) =>
    stringsIn(x).map(prepare(call));

/** Letters of ASCII shifted to the other case; all other bytes as they are. */
const shiftAscii = (bytes: Uint8Array, first: number, by: number): Uint8Array =>
  bytes.map((byte) => (byte >= first && byte < first + 26 ? byte + by : byte));

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
function strip(bytes: Uint8Array): Uint8Array {
  let [start, end] = [0, bytes.length];
  while (start < end && isSpace(bytes[start])) start++;
  while (end > start && isSpace(bytes[end - 1])) end--;
  return bytes.slice(start, end);
}

/** Where the units of a string begin, and its end. */
function unitStarts(bytes: Uint8Array, unit: StringUnit): number[] | null {
  if (unit === 'BYTE') return null;
  const starts: number[] = [];
  bytes.forEach((byte, i) => {
    if ((byte & 0xc0) !== 0x80) starts.push(i);
  });
  return [...starts, bytes.length];
}

const lengthIn = (bytes: Uint8Array, unit: StringUnit): number =>
  (unitStarts(bytes, unit)?.length ?? bytes.length + 1) - 1;

function substring(bytes: Uint8Array, position: number, length: number, unit: StringUnit): Uint8Array {
  const starts = unitStarts(bytes, unit);
  const count = starts ? starts.length - 1 : bytes.length;
  if (position < -count || position > count)
    throw new ArgumentError(
      `strings.substr: position ${position} is out of ${shown(bytes)}, which has ${count} ${unit === 'BYTE' ? 'bytes' : 'characters'}.`,
    );
  const begin = position < 0 ? position + count : position;
  const end = Math.min(count, begin + Math.max(0, length));
  return starts ? bytes.slice(starts[begin], starts[end]) : bytes.slice(begin, end);
}

function concatenated(parts: Strings): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Parts with the separator between them. */
const joinedWith = (parts: Strings, separator: Uint8Array): Uint8Array =>
  concatenated(separator.length === 0 ? parts : parts.flatMap((part, i) => (i === 0 ? [part] : [separator, part])));

const reduceJoin: Kernel<'reduceJoin'> = ([x], { axes, separator }) => {
  const strings = stringsIn(x);
  const strides = stridesOf(x.shape);
  /** Offsets of all places along some axes, the first of them outermost. */
  const offsetsAlong = (some: readonly number[]): number[] =>
    some.reduce(
      (offsets, axis) =>
        offsets.flatMap((offset) => Array.from({ length: x.shape[axis] }, (_, i) => offset + i * strides[axis])),
      [0],
    );
  const kept = offsetsAlong(x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis)));
  const joined = offsetsAlong([...axes].reverse());
  const between = encodeText(separator);
  return kept.map((start) =>
    joinedWith(
      joined.map((offset) => strings[start + offset]),
      between,
    ),
  );
};

/** A tensor as `tf.strings.format` writes it: spaces between elements, only `summarize` at the ends of an axis. */
function summary(input: EngineValue, summarize: number): string {
  const { dtype, shape } = input;
  const strings = dtype === 'string' ? stringsIn(input) : null;
  const data = strings ? [] : input.storage.readSync();
  const numbers = strings ? [] : toNumbers(data as TypedArray, dtype);
  const strides = stridesOf(shape);
  const element = (i: number): string => {
    if (strings) return shape.length === 0 ? decodeText(strings[i]) : `"${decodeText(strings[i])}"`;
    if (dtype === 'bool') return numbers[i] ? '1' : '0';
    return dtype.startsWith('float') ? general(numbers[i], 6) : String(data[i]);
  };
  const write = (axis: number, offset: number): string => {
    if (axis === shape.length) return element(offset);
    const length = shape[axis];
    const at = (i: number): string => write(axis + 1, offset + i * strides[axis]);
    const isCut = summarize >= 0 && length > 2 * summarize;
    const parts = isCut
      ? [
          ...Array.from({ length: summarize }, (_, i) => at(i)),
          '...',
          ...Array.from({ length: summarize }, (_, i) => at(length - summarize + i)),
        ]
      : Array.from({ length }, (_, i) => at(i));
    const gap = axis === shape.length - 1 ? ' ' : `${'\n'.repeat(shape.length - 1 - axis)}${' '.repeat(axis + 1)}`;
    return `[${parts.join(gap)}]`;
  };
  return write(0, 0);
}

function decodeRaw(
  strings: Strings,
  {
    dtype,
    littleEndian,
    length,
  }: { readonly dtype: ArrayDType; readonly littleEndian: boolean; readonly length: number },
): TypedArray {
  const raw = new Uint8Array(strings.length * length);
  strings.forEach((bytes, i) => raw.set(bytes.subarray(0, length), i * length));
  const size = bytesPerElement(dtype);
  if (!littleEndian && size > 1) for (let i = 0; i < raw.length; i += size) raw.subarray(i, i + size).reverse();
  return new (hostArrayOf(dtype))(raw.buffer);
}

const base64 = /^[\w-]*={0,2}$/;

const kernels: { readonly [N in StringFunctionName]: Kernel<N> } = {
  lower: each(({ encoding }) =>
    encoding === 'utf-8'
      ? (bytes) => encodeText(decodeText(bytes).toLowerCase())
      : (bytes) => shiftAscii(bytes, 0x41, 0x20),
  ),
  upper: each(({ encoding }) =>
    encoding === 'utf-8'
      ? (bytes) => encodeText(decodeText(bytes).toUpperCase())
      : (bytes) => shiftAscii(bytes, 0x61, -0x20),
  ),
  strip: each(() => strip),
  length: ([x], { unit }) => Int32Array.from(stringsIn(x), (bytes) => lengthIn(bytes, unit)),
  substr: ([x, position, length], { unit }) => {
    const [positions, lengths] = [numbersIn(position), numbersIn(length)];
    return stringsIn(x).map((bytes, i) => substring(bytes, positions[i], lengths[i], unit));
  },
  join: (inputs, { separator }) => {
    const operands = inputs.map(stringsIn);
    const between = encodeText(separator);
    return operands[0].map((_, i) =>
      joinedWith(
        operands.map((strings) => strings[i]),
        between,
      ),
    );
  },
  reduceJoin,
  joinRows: ([x], { separator, rowSplits }) => {
    const strings = stringsIn(x);
    const between = encodeText(separator);
    return rowSplits.slice(1).map((end, i) => joinedWith(strings.slice(rowSplits[i], end), between));
  },
  regexReplace: each(({ pattern, rewrite, replaceGlobal }) => {
    const replace = replacer(pattern, rewrite, replaceGlobal);
    return (bytes) => {
      const replaced = replace(decodeText(bytes));
      return replaced === null ? bytes : encodeText(replaced);
    };
  }),
  regexFullMatch: ([x], { pattern }) => {
    const matches = fullMatcher(pattern);
    return Uint8Array.from(stringsIn(x), (bytes) => (matches(decodeText(bytes)) ? 1 : 0));
  },
  toNumber: ([x], { dtype }) =>
    toHostArray(
      stringsIn(x).map((bytes) => parseNumber(decodeText(bytes), dtype)),
      dtype,
    ),
  asString: ([x], format) => {
    const dtype = x.dtype as ArrayDType;
    const data = x.storage.readSync();
    const numbers = dtype === 'int64' ? data : toNumbers(data, dtype);
    return Array.from({ length: data.length }, (_, i) => encodeText(numberText(numbers[i], dtype, format)));
  },
  format: (inputs, { template, placeholder, summarize }) => {
    const pieces = template.split(placeholder);
    return [encodeText(pieces.map((piece, i) => (i === 0 ? '' : summary(inputs[i - 1], summarize)) + piece).join(''))];
  },
  hashBucket: ([x], { hash, buckets, key }) =>
    BigInt64Array.from(stringsIn(x), (bytes) => hashes[hash](bytes, key) % BigInt(buckets)),
  crossBucket: (inputs, { buckets }) => {
    const columns = inputs.map((input) =>
      input.dtype === 'string' ? stringsIn(input) : (input.storage.readSync() as BigInt64Array),
    );
    return BigInt64Array.from(
      columns[0] as Strings,
      (_, i) => crossed(columns.map((column) => column[i])) % BigInt(buckets),
    );
  },
  lookUp: ([x, vocabulary], { strict }) => {
    const places = placesIn(vocabulary);
    const keys = x.dtype === 'string' ? stringsIn(x).map(bytesKey) : (x.storage.readSync() as BigInt64Array);
    const found = new BigInt64Array(keys.length);
    // As pairs of 32 bits: to make a bigint of each place takes longer than to look it up.
    const halves = new Int32Array(found.buffer);
    for (let i = 0; i < keys.length; i++) {
      const place = places.get(keys[i]) ?? -1;
      halves[2 * i] = place;
      halves[2 * i + 1] = place >> 31;
    }
    if (strict && found.includes(-1n)) {
      const missing = [...new Set(Array.from(keys as readonly string[]).filter((key) => !places.has(key)))].slice(0, 5);
      throw new ArgumentError(
        `strings.lookUp: ${missing.map((key) => (x.dtype === 'string' ? shown(Buffer.from(key, 'latin1')) : key)).join(', ')} ` +
          `not in the vocabulary, and there is no place for what is not in it (numOovIndices is 0).`,
      );
    }
    return found;
  },
  tokens: ([x], { length, ...how }) => {
    const tokensOf = tokenizer(how);
    const empty = new Uint8Array();
    const cut: Uint8Array[] = [];
    for (const bytes of stringsIn(x)) {
      const tokens = tokensOf(bytes);
      for (let i = 0; i < length; i++) cut.push(tokens[i] ?? empty);
    }
    return cut;
  },
  countTokens: ([x, vocabulary], how) => {
    const [tokensOf, places] = [tokenizer(how), placesIn(vocabulary)];
    const others = vocabulary.shape[0];
    const width = others + 1;
    const strings = stringsIn(x);
    const counts = new Int32Array(strings.length * width);
    strings.forEach((bytes, row) => {
      for (const token of tokensOf(bytes)) counts[row * width + (places.get(bytesKey(token)) ?? others)]++;
    });
    return counts;
  },
  transcode: each(({ from, to, ...policy }) => (bytes) => {
    const characters = repaired(decodeCharacters(bytes, from), policy, 'strings.unicodeTranscode');
    const codes = characters.map(({ codePoint }) => codePoint);
    return encodeCodePoints(codes, to, policy, 'strings.unicodeTranscode');
  }),
  encodeCodePoints: ([x], { encoding, rowSplits, ...policy }) => {
    const codes = Array.from(numbersIn(x));
    return rowSplits
      .slice(1)
      .map((end, i) => encodeCodePoints(codes.slice(rowSplits[i], end), encoding, policy, 'strings.unicodeEncode'));
  },
  script: ([x]) => Int32Array.from(numbersIn(x), scriptOf),
  encodeBase64: each(({ pad }) => (bytes) => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
    return encodeText(pad ? text.padEnd(Math.ceil(text.length / 4) * 4, '=') : text);
  }),
  decodeBase64: each(() => (bytes) => {
    const text = decodeText(bytes);
    if (!base64.test(text) || text.replaceAll('=', '').length % 4 === 1)
      throw new ArgumentError(`io.decodeBase64: ${shown(bytes)} is not web-safe base64 (letters, digits, - and _).`);
    return new Uint8Array(Buffer.from(text, 'base64url'));
  }),
  decodeRaw: ([x], call) => decodeRaw(stringsIn(x), call),
};

/** Runs one function of strings. */
export function runStringFunction(
  engine: Engine,
  inputs: readonly EngineValue[],
  call: StringCall,
  output: AbstractValue,
): Storage {
  const kernel = kernels[call.function] as Kernel<StringFunctionName>;
  const made = kernel(inputs, call, output);
  if (!Array.isArray(made)) return engine.upload(made as TypedArray, output.dtype, output.shape);
  return new StringStorage(made as Strings);
}
