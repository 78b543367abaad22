/** @file Unicode text in bytes: UTF-8, UTF-16 and UTF-32 read and written by code point, with what is malformed told apart. */
import type { UnicodeEncoding, UnicodeErrors } from '../../primitives/string-functions.ts';
import { ArgumentError } from '../../tensor/errors.ts';

/** A character of a byte string: its code point, or -1 for bytes that are none, and the place of its first byte. */
export interface Character {
  readonly codePoint: number;
  readonly offset: number;
}
const malformed = -1;

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;
/** Whether a number is a Unicode scalar value. */
const isScalar = (code: number): boolean =>
  Number.isInteger(code) && code >= 0 && code <= 0x10ffff && !isSurrogate(code);

/** For a lead byte: how many bytes follow, and what the first of them may be (no overlong forms, no surrogates). */
function leadOf(byte: number): { following: number; bits: number; low: number; high: number } | null {
  if (byte >= 0xc2 && byte <= 0xdf) return { following: 1, bits: byte & 0x1f, low: 0x80, high: 0xbf };
  if (byte >= 0xe0 && byte <= 0xef)
    return { following: 2, bits: byte & 0x0f, low: byte === 0xe0 ? 0xa0 : 0x80, high: byte === 0xed ? 0x9f : 0xbf };
  if (byte >= 0xf0 && byte <= 0xf4)
    return { following: 3, bits: byte & 0x07, low: byte === 0xf0 ? 0x90 : 0x80, high: byte === 0xf4 ? 0x8f : 0xbf };
  return null;
}

/** Each longest beginning of a character that never comes to its end is one malformed character. */
function fromUtf8(bytes: Uint8Array): Character[] {
  const characters: Character[] = [];
  for (let i = 0; i < bytes.length;) {
    const offset = i;
    const byte = bytes[i++];
    if (byte < 0x80) {
      characters.push({ codePoint: byte, offset });
      continue;
    }
    const lead = leadOf(byte);
    if (lead === null) {
      characters.push({ codePoint: malformed, offset });
      continue;
    }
    let { bits, low, high } = lead;
    let left = lead.following;
    for (; left > 0 && i < bytes.length && bytes[i] >= low && bytes[i] <= high; left--) {
      bits = (bits << 6) | (bytes[i++] & 0x3f);
      [low, high] = [0x80, 0xbf];
    }
    characters.push({ codePoint: left === 0 ? bits : malformed, offset });
  }
  return characters;
}

function fromUtf16(bytes: Uint8Array): Character[] {
  const characters: Character[] = [];
  const unitAt = (i: number): number => (bytes[i] << 8) | bytes[i + 1];
  for (let i = 0; i < bytes.length; i += 2) {
    const offset = i;
    const unit = i + 1 < bytes.length ? unitAt(i) : malformed;
    const isPair = unit >= 0xd800 && unit < 0xdc00 && i + 3 < bytes.length && (unitAt(i + 2) & 0xfc00) === 0xdc00;
    if (isPair) {
      i += 2;
      characters.push({ codePoint: 0x10000 + ((unit & 0x3ff) << 10) + (unitAt(i) & 0x3ff), offset });
    } else characters.push({ codePoint: isSurrogate(unit) ? malformed : unit, offset });
  }
  return characters;
}

function fromUtf32(bytes: Uint8Array): Character[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.ceil(bytes.length / 4) }, (_, i) => {
    const code = 4 * i + 4 <= bytes.length ? view.getUint32(4 * i) : malformed;
    return { codePoint: isScalar(code) ? code : malformed, offset: 4 * i };
  });
}

const fromBytes =
  (last: number) =>
  (bytes: Uint8Array): Character[] =>
    Array.from(bytes, (byte, offset) => ({ codePoint: byte <= last ? byte : malformed, offset }));

/** What the bytes from 0x80 to 0x9f are in windows-1252; some platforms' decoders take it for ISO-8859-1. */
const windows1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';
const fromWindows1252 = (bytes: Uint8Array): Character[] =>
  Array.from(bytes, (byte, offset) => ({
    codePoint: byte >= 0x80 && byte <= 0x9f ? windows1252.charCodeAt(byte - 0x80) : byte,
    offset,
  }));

const normalName = (encoding: string): string => encoding.toUpperCase().replaceAll(/[-_]/g, '');
const decoders: Readonly<Record<string, (bytes: Uint8Array) => Character[]>> = {
  UTF8: fromUtf8,
  UTF16BE: fromUtf16,
  UTF32BE: fromUtf32,
  USASCII: fromBytes(0x7f),
  ASCII: fromBytes(0x7f),
  ISO88591: fromBytes(0xff),
  LATIN1: fromBytes(0xff),
  WINDOWS1252: fromWindows1252,
  CP1252: fromWindows1252,
};

/** Of any encoding that the platform's text decoder knows; where in the bytes a character stood it does not tell. */
function fromOther(bytes: Uint8Array, encoding: string): Character[] {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(encoding, { ignoreBOM: true });
  } catch {
    throw new ArgumentError(
      `There is no encoding "${encoding}"; expected UTF-8, UTF-16-BE, UTF-32-BE, or a name such as windows-1252.`,
    );
  }
  return Array.from(decoder.decode(bytes), (character) => {
    const codePoint = character.codePointAt(0)!;
    return { codePoint: codePoint === 0xfffd ? malformed : codePoint, offset: malformed };
  });
}

/** Whether it is known where a character of this encoding begins. */
export const hasOffsets = (encoding: string): boolean => Object.hasOwn(decoders, normalName(encoding));

/** The characters of a byte string, malformed ones as -1. @throws ArgumentError for an encoding that nobody knows */
export const decodeCharacters = (bytes: Uint8Array, encoding: string): Character[] =>
  hasOffsets(encoding) ? decoders[normalName(encoding)](bytes) : fromOther(bytes, encoding);

/** Characters with the malformed ones treated as `errors` says. @throws ArgumentError where that is 'strict' */
export function repaired(
  characters: readonly Character[],
  { errors, replacementChar, replaceControlCharacters }: UnicodeErrors & { readonly replaceControlCharacters: boolean },
  operation: string,
): Character[] {
  const isWrong = ({ codePoint }: Character): boolean =>
    codePoint === malformed || (replaceControlCharacters && codePoint < 0x20);
  if (!characters.some(isWrong)) return [...characters];
  if (errors === 'strict' && characters.some(({ codePoint }) => codePoint === malformed))
    throw new ArgumentError(
      `${operation}: a string is malformed in its encoding; errors: 'replace' or 'ignore' goes on.`,
    );
  return characters
    .filter((character) => errors !== 'ignore' || !isWrong(character))
    .map((character) => (isWrong(character) ? { ...character, codePoint: replacementChar } : character));
}

/** Code points in bytes. Those that are none are treated as `errors` says. @throws ArgumentError where that is 'strict' */
export function encodeCodePoints(
  codes: ArrayLike<number>,
  encoding: UnicodeEncoding,
  { errors, replacementChar }: UnicodeErrors,
  operation: string,
): Uint8Array {
  const valid: number[] = [];
  for (let i = 0; i < codes.length; i++) {
    if (isScalar(codes[i])) valid.push(codes[i]);
    else if (errors === 'strict')
      throw new ArgumentError(
        `${operation}: ${codes[i]} is no Unicode code point; errors: 'replace' or 'ignore' goes on.`,
      );
    else if (errors === 'replace') valid.push(replacementChar);
  }
  if (encoding === 'UTF-32-BE') {
    const view = new DataView(new ArrayBuffer(4 * valid.length));
    valid.forEach((code, i) => view.setUint32(4 * i, code));
    return new Uint8Array(view.buffer);
  }
  const text = valid.map((code) => String.fromCodePoint(code)).join('');
  return encoding === 'UTF-8' ? new TextEncoder().encode(text) : new Uint8Array(Buffer.from(text, 'utf16le').swap16());
}
