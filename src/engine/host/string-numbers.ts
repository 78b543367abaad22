/** @file Numbers as text in C's forms, and numbers read from text. */
import type { NumberFormat } from '../../primitives/string-functions.ts';
import { type ArrayDType, integerRange, isInteger } from '../../tensor/dtype.ts';
import { ArgumentError } from '../../tensor/errors.ts';

/** C writes at least two digits of an exponent. */
const widenExponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');
const withoutTrailingZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0+(?=e|$)/, '') : text);

/** The digits of a number as C rounds them: of two that are as near, the even one. JavaScript takes the greater one. */
function roundedEven(digits: number, write: (digits: number) => string): string {
  const [exact, exponent = ''] = write(mostDigits).split('e');
  const cut = exact.length - mostDigits + digits;
  if (digits >= mostDigits || !/^50*$/.test(exact.slice(cut))) return write(digits);
  const before = exact.slice(0, cut).replace(/\.$/, '');
  const isEven = Number(before[before.length - 1]) % 2 === 0;
  return isEven ? before + (exponent === '' ? '' : `e${exponent}`) : write(digits);
}
/** So many JavaScript writes, each of them as the number has it. */
const mostDigits = 100;

/** printf's %f: JavaScript's toFixed ends at 10²¹, beyond which doubles are whole numbers. */
export function fixed(value: number, digits: number): string {
  if (Math.abs(value) < 1e21) return roundedEven(digits, (count) => value.toFixed(count));
  return BigInt(value).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '');
}

/** printf's %e. */
export const exponential = (value: number, digits: number): string =>
  widenExponent(roundedEven(digits, (count) => value.toExponential(count)));

/** printf's %g. */
export function general(value: number, digits: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const precision = Math.max(1, digits);
  const exponent = value === 0 ? 0 : Number(value.toExponential(precision - 1).split('e')[1]);
  const sign = Object.is(value, -0) ? '-' : '';
  return exponent < -4 || exponent >= precision
    ? withoutTrailingZeros(exponential(value, precision - 1))
    : sign + withoutTrailingZeros(fixed(value, precision - 1 - exponent));
}

const notFinite = (value: number): string => (Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf');

function floatText(value: number, { precision, scientific, shortest }: NumberFormat): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const digits = precision < 0 ? 6 : precision;
  if (shortest) return general(value, digits);
  const text = scientific ? exponential(value, digits) : fixed(value, digits);
  return Object.is(value, -0) ? `-${text}` : text;
}

function padded(text: string, { width, fill }: NumberFormat, isNumber: boolean): string {
  const signed = fill === '+' && isNumber && !text.startsWith('-') ? `+${text}` : text;
  if (signed.length >= width) return signed;
  if (fill === '-') return signed.padEnd(width);
  if (fill !== '0' || !isNumber) return signed.padStart(width);
  const [, sign, digits] = /^([+-]?)(.*)$/.exec(signed)!;
  return sign + digits.padStart(width - sign.length, '0');
}

/** A number or boolean as `tf.strings.asString` writes it. */
export function numberText(value: number | bigint, dtype: ArrayDType, format: NumberFormat): string {
  if (dtype === 'bool') return padded(value ? 'true' : 'false', format, false);
  if (isInteger(dtype)) return padded(String(value), format, true);
  return padded(floatText(Number(value), format), format, Number.isFinite(Number(value)));
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const hexadecimal = /^([+-]?)(0x[\da-f]+)$/i;
const special = /^([+-]?)(inf|infinity|nan)$/i;

/** The number that a text is. @throws ArgumentError where it is none, or none of `dtype` */
export function parseNumber(text: string, dtype: ArrayDType): number | bigint {
  const trimmed = text.trim();
  const refuse = (why: string): never => {
    throw new ArgumentError(`strings.toNumber: ${JSON.stringify(text)} ${why}.`);
  };
  if (isInteger(dtype)) {
    if (!/^[+-]?\d+$/.test(trimmed)) refuse(`is no ${dtype}`);
    const value = BigInt(trimmed.replace(/^\+/, ''));
    const [least, greatest] =
      dtype === 'int64' ? [-(2n ** 63n), 2n ** 63n - 1n] : integerRange(dtype).map((bound) => BigInt(bound));
    if (value < least || value > greatest) refuse(`is out of ${dtype}`);
    return dtype === 'int64' ? value : Number(value);
  }
  if (decimal.test(trimmed)) return Number(trimmed);
  const hex = hexadecimal.exec(trimmed);
  if (hex) return Number(hex[2]) * (hex[1] === '-' ? -1 : 1);
  const named = special.exec(trimmed);
  if (!named) return refuse('is no number');
  return named[2].toLowerCase() === 'nan' ? NaN : named[1] === '-' ? -Infinity : Infinity;
}
