/** @file Paths with places for numbers, `{epoch:02d}-{val_loss:.2f}`: what Python's `str.format` makes of them. */
import { exponential, fixed, general } from '../engine/host/string-numbers.ts';
import { ArgumentError } from '../tensor/errors.ts';

/** fill, align, sign, zeros, width, digits, type */
const specification = /^(?:(.)?([<>=^]))?([+\- ])?(0)?(\d+)?(?:\.(\d+))?([bdeEfFgGnoxX%])?$/u;

/** As many digits as tell it from its neighbours. */
function shortest(value: number): string {
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(value));
  if (exponent >= -4 && exponent < 16) return String(value);
  const [digits] = value.toExponential().split('e');
  return exponential(value, Math.max(0, digits.length - 2));
}

/** A number that is not negative, without sign and padding. */
function digitsOf(value: number, type: string | undefined, precision: number | undefined): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : 'inf';
  switch (type?.toLowerCase()) {
    case 'b':
      return value.toString(2);
    case 'o':
      return value.toString(8);
    case 'x':
      return value.toString(16);
    case 'd':
      return fixed(value, 0);
    case 'e':
      return exponential(value, precision ?? 6);
    case 'f':
      return fixed(value, precision ?? 6);
    case '%':
      return `${fixed(value * 100, precision ?? 6)}%`;
    case 'g':
    case 'n':
      return general(value, precision ?? 6);
    default:
      return precision === undefined ? shortest(value) : general(value, precision);
  }
}

function format(value: number, spec: string): string | null {
  const match = specification.exec(spec);
  if (!match) return null;
  const [, fill, align, sign, zeros, width, precision, type] = match;
  if (/[bdoxX]/.test(type ?? '') && !Number.isInteger(value)) return null;
  const negative = value < 0 || Object.is(value, -0);
  const digits = digitsOf(Math.abs(value), type, precision === undefined ? undefined : Number(precision));
  const body = type && /[EFGX]/.test(type) ? digits.toUpperCase() : digits;
  const signText = negative ? '-' : sign === '+' || sign === ' ' ? sign : '';
  const missing = Math.max(0, Number(width ?? 0) - signText.length - body.length);
  const padding = (fill ?? (zeros ? '0' : ' ')).repeat(missing);
  switch (align ?? (zeros ? '=' : '>')) {
    case '<':
      return signText + body + padding;
    case '^':
      return padding.slice(0, missing >> 1) + signText + body + padding.slice(missing >> 1);
    case '=':
      return signText + padding + body;
    default:
      return padding + signText + body;
  }
}

/**
 * Fills the places of a path.
 *
 * @param caller - For messages.
 * @throws ArgumentError for a name that is not among the values, or a format that does not exist.
 */
export function fillPath(caller: string, template: string, values: Readonly<Record<string, number>>): string {
  return template.replace(/\{\{|\}\}|\{([^{}:]*)(?::([^{}]*))?\}/g, (place, name?: string, spec = '') => {
    if (name === undefined) return place[0];
    if (!Object.hasOwn(values, name))
      throw new ArgumentError(
        `${caller}: the path '${template}' has a place for '${name}', which is none of ${Object.keys(values).join(', ')}.`,
      );
    const text = format(values[name], spec as string);
    if (text === null)
      throw new ArgumentError(
        `${caller}: in the path '${template}', '${String(spec)}' is no format for the number ${values[name]}; examples: 02d, .2f.`,
      );
    return text;
  });
}
