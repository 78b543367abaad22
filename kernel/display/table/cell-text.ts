/** @file Cells of a table as short text, and what type their column is of. */
import { inspect, types } from 'node:util';
import { classNameOf, describe } from '../outline/outline.ts';
import { shortened, shortNumber, visible } from '../markup.ts';
import { absent } from './table-data.ts';

/** Looked at for a column's type and alignment; later rows may say otherwise, and are shown all the same. */
const sampledRows = 1_000;

/** What a column is, by its values. */
export interface ColumnProfile {
  readonly type: string;
  readonly isNumeric: boolean;
  /** Every date is a day: the times are left out. */
  readonly areDays: boolean;
}

/** Looks at the first values of a column. @param declared the library's name of the type */
export function profileOf(values: Iterable<unknown>, declared?: string): ColumnProfile {
  const seen = new Set<string>();
  let isNullable = false;
  let numbers = 0;
  let others = 0;
  let areDays = true;
  let left = sampledRows;
  for (const value of values) {
    if (left-- === 0) break;
    if (value === null || value === undefined || value === absent) {
      isNullable = true;
      continue;
    }
    const type = typeOf(value);
    if (seen.size < 4) seen.add(type);
    if (type === 'number' || type === 'bigint' || isNumberLike(value)) numbers++;
    else others++;
    if (types.isDate(value) && timeOf(value) % 86_400_000 !== 0 && !Number.isNaN(timeOf(value))) areDays = false;
  }
  const found = seen.size > 3 ? 'mixed' : [...seen].join(' | ');
  const type = declared ?? (found === '' ? (isNullable ? 'null' : '') : `${found}${isNullable ? '?' : ''}`);
  return { type, isNumeric: numbers > 0 && others === 0, areDays };
}

function typeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  if (Array.isArray(value)) return 'array';
  return classNameOf(value) ?? 'object';
}

/** Decimals of databases and of arbitrary precision: objects that are a number to arithmetic and say so in digits. */
const isNumberLike = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && /Decimal|^Big(?:Number)?$/.test(classNameOf(value) ?? '');

/** As the date has it, whatever its own methods say. */
export const timeOf = (date: Date): number => Date.prototype.getTime.call(date);

/** A cell in one line of no more than `limit` characters. */
export function cellText(value: unknown, { areDays }: Pick<ColumnProfile, 'areDays'>, limit: number): string {
  switch (typeof value) {
    case 'string':
      return oneLine(shortened(value, limit));
    case 'number':
      return Object.is(value, -0) ? '-0' : shortNumber(value);
    case 'bigint':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'symbol':
      return value === absent ? '' : shortened(String(value), limit);
    case 'function':
      return describe(value).text;
  }
  if (typeof value !== 'object' || value === null) return 'null';
  if (types.isProxy(value)) return 'Proxy';
  if (types.isDate(value)) return dateText(value, areDays);
  const own = writtenByItself(value);
  return oneLine(shortened(own ?? compact(value), limit));
}

/** Dates, decimals and intervals of databases are objects whose `toString` says what they are. */
function writtenByItself(value: object): string | undefined {
  if (Array.isArray(value) || types.isNativeError(value) || types.isMap(value) || types.isSet(value)) return undefined;
  try {
    const { toString } = value as { toString?: unknown };
    if (typeof toString !== 'function' || toString === Object.prototype.toString) return undefined;
    const text: unknown = toString.call(value);
    return typeof text === 'string' && !text.startsWith('[object ') ? text : undefined;
  } catch {
    return undefined;
  }
}

function compact(value: object): string {
  try {
    return inspect(value, { depth: 2, maxArrayLength: 20, maxStringLength: 200, breakLength: Infinity, compact: true });
  } catch {
    return describe(value).text;
  }
}

const dateText = (date: Date, areDays: boolean): string => {
  const time = timeOf(date);
  if (Number.isNaN(time)) return 'Invalid Date';
  const text = new Date(time).toISOString();
  return areDays ? text.slice(0, text.indexOf('T')) : text.replace('T', ' ').replace(/(?::00)?\.000Z$/, 'Z');
};

const oneLine = (text: string): string => visible(text).replace(/\r?\n/g, '↵').replace(/\t/g, ' ');
