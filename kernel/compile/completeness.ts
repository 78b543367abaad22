/** @file Whether a cell is complete, for front ends where Enter either runs the text or opens another line. */
import { parseSync } from 'oxc-parser';
import type { OxcError } from 'oxc-parser';
import type { Completeness } from './contract.ts';
import { isTooDeep } from './nesting.ts';
import { parseCell } from './parse.ts';

/** A line after these belongs to what they opened. */
const opens = /(?:[([{]|=>|[?:&|+\-*/%=,<>.]|\$\{)$/;

/** True if the error is that the text stopped too early. */
function wantsMore(error: OxcError, source: string): boolean {
  // What only more text can close, though the parser points at where it began.
  if (error.message.startsWith('Unterminated multiline comment')) return true;
  if (error.message.startsWith('Unterminated string') && source[error.labels[0].start] === '`') return true;
  const end = source.trimEnd().length;
  return error.labels.some((label) => label.start >= end && !/^Opened/.test(label.message ?? ''));
}

/** Indentation for the next line: as deep as the last one, and deeper after something that it opens. */
function nextIndent(source: string): string {
  const last = source.trimEnd().split('\n').at(-1) ?? '';
  const indent = /^\s*/.exec(last)?.[0] ?? '';
  return opens.test(last.replace(/\/\/.*$/, '').trimEnd()) ? `${indent}  ` : indent;
}

/**
 * Whether `source` can run, needs more lines, or can never be right.
 *
 * @example
 * completeness('for (const x of xs) {'); // { status: 'incomplete', indent: '  ' }
 */
export function completeness(source: string): Completeness {
  if (source.trim() === '') return { status: 'complete' };
  const { problems, program, language } = parseCell(source);
  if (problems.length === 0) {
    // `function f()` parses: it could be an overload, whose body is still to come.
    const isOverload =
      program.body.at(-1)?.type === 'TSDeclareFunction' && !/;\s*$|^\s*(export\s+)?declare\b/.test(source);
    return isOverload ? { status: 'incomplete', indent: nextIndent(source) } : { status: 'complete' };
  }
  if (isTooDeep(source)) return { status: 'invalid' };
  const { errors } = parseSync(`cell.${language}`, source, { lang: language, sourceType: 'module' });
  // Only the first error counts: the parser met the others on its way out. None is left where only the meaning is wrong.
  return errors.length > 0 && wantsMore(errors[0], source)
    ? { status: 'incomplete', indent: nextIndent(source) }
    : { status: 'invalid' };
}
