/** @file HTML as strings, with everything escaped that is not markup made here. */

import { toUSVString } from 'node:util';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters, which no page shows; tab and line feed are left to the page. */

const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Text without halves of surrogate pairs, which JSON in UTF-8 cannot hold. */
export const wellFormed = toUSVString;

/** Text whose control characters can be seen (`\x1b`) and that has no half of a surrogate pair, which JSON in UTF-8 cannot hold. */
export const visible = (text: string): string =>
  wellFormed(text).replace(controls, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
  });

/** Text for an element's content or a quoted attribute. */
export const escapeMarkup = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (character) => entities[character]);

/** JSON for an attribute in single quotes, where its many double quotes can stay as they are. */
export const jsonAttribute = (value: unknown): string =>
  `'${JSON.stringify(value).replace(/&/g, '&amp;').replace(/'/g, '&#39;').replace(/</g, '\\u003c')}'`;

/** No more than `length` characters, with an ellipsis for the rest, and never half a surrogate pair. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = length - 1;
  const code = text.charCodeAt(end - 1);
  return `${text.slice(0, code >= 0xd800 && code < 0xdc00 ? end - 1 : end)}…`;
}

/** `1 row`, `5,000 rows`. */
export const counted = (count: number, noun: string): string =>
  `${grouped(count)} ${count === 1 ? noun : /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;

/** A whole number with its thousands apart. */
export const grouped = (count: number | bigint): string => count.toLocaleString('en-US');

/** A size as a person reads it: `12 bytes`, `3.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 10_000) return counted(bytes, 'byte');
  const units = ['kB', 'MB', 'GB', 'TB'];
  let amount = bytes / 1000;
  let unit = 0;
  for (; amount >= 1000 && unit < units.length - 1; unit++) amount /= 1000;
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${units[unit]}`;
}

/** A number with about six significant digits: what an eye compares. Whole numbers are written out. */
export function shortNumber(value: number): string {
  if (Number.isInteger(value))
    return Math.abs(value) < 1e15 ? String(value) : value.toExponential(5).replace(/\.?0+e/, 'e');
  if (!Number.isFinite(value)) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 1e9 || magnitude < 1e-4) return value.toExponential(4).replace(/\.?0+e/, 'e');
  return String(Number(value.toPrecision(Math.max(6, Math.ceil(Math.log10(magnitude))))));
}
