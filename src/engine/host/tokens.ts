/** @file Tokens of texts: byte strings cut into words or characters, and joined to n-grams. */
import type { Tokenization } from '../../primitives/string-functions.ts';
import { encodeText } from '../../tensor/string-storage.ts';
import { decodeCharacters } from './unicode.ts';

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/** The runs of other bytes between white space; after `most` cuts the rest is one. */
export function splitAtSpace(bytes: Uint8Array, most = -1): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const { length } = bytes;
  for (let i = 0; i < length;) {
    while (i < length && isSpace(bytes[i])) i++;
    if (i === length) break;
    let end = parts.length === most ? length : i;
    while (end < length && !isSpace(bytes[end])) end++;
    parts.push(bytes.slice(i, end));
    i = end;
  }
  return parts;
}

/** How n-grams are made of a row. */
export interface NGramRules {
  readonly widths: readonly number[];
  readonly separator: Uint8Array;
  readonly leftPad: Uint8Array;
  readonly rightPad: Uint8Array;
  /** So many pads at each end; -1 for as many as there is room for in each n-gram beside one token. */
  readonly padWidth: number;
  readonly preserveShort: boolean;
}

function joined(tokens: readonly Uint8Array[], separator: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat(tokens.flatMap((token, i) => (i === 0 ? [token] : [separator, token]))));
}

/** The n-grams of one row of tokens. */
export function ngramsOfRow(row: readonly Uint8Array[], rules: NGramRules): Uint8Array[] {
  const { widths, separator, leftPad, rightPad, padWidth } = rules;
  const padded = (pads: number): Uint8Array[] => [
    ...new Array<Uint8Array>(pads).fill(leftPad),
    ...row,
    ...new Array<Uint8Array>(pads).fill(rightPad),
  ];
  const made = widths.flatMap((width) => {
    const tokens = padded(Math.min(padWidth < 0 ? width - 1 : padWidth, width - 1));
    return Array.from({ length: Math.max(0, tokens.length - width + 1) }, (_, i) =>
      joined(tokens.slice(i, i + width), separator),
    );
  });
  // A row that is too short for every width is one n-gram of all it has.
  if (made.length > 0 || !rules.preserveShort || row.length === 0) return made;
  return [joined(padded(Math.max(0, padWidth)), separator)];
}

const none = new Uint8Array();

/** The tokens of a text, n-grams of them where there are widths. */
export function tokenizer({ split, ngrams }: Tokenization): (bytes: Uint8Array) => readonly Uint8Array[] {
  const cut =
    split === 'whitespace'
      ? (bytes: Uint8Array) => splitAtSpace(bytes)
      : (bytes: Uint8Array) =>
          decodeCharacters(bytes, 'UTF-8').map(({ codePoint }) =>
            encodeText(String.fromCodePoint(codePoint < 0 ? 0xfffd : codePoint)),
          );
  if (ngrams === null) return cut;
  const rules: NGramRules = {
    ...{ widths: ngrams, separator: encodeText(' '), leftPad: none, rightPad: none },
    ...{ padWidth: 0, preserveShort: false },
  };
  return (bytes) => ngramsOfRow(cut(bytes), rules);
}
