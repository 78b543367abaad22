/** @file A cell as the parser sees it: its syntax tree, and whether it is one bare object literal. */
import type { Program } from 'oxc-parser';
import type { SyntaxProblem } from './contract.ts';
import { type CellLanguage, parseSource } from './language.ts';
import { syntaxProblems } from './positions.ts';

/** `{a: 1}` alone in a cell is a block with a label to the language, and an object to whoever types it. */
const looksLikeObject = /^\s*\{[^]*\}\s*$/;

/** What stands around the cell's text while it is compiled and checked: parentheses around an object literal, else nothing. */
export interface Enclosure {
  readonly before: '' | '(';
  readonly after: '' | ')';
}
const bare: Enclosure = { before: '', after: '' };
const parenthesized: Enclosure = { before: '(', after: ')' };

/** Parentheses if the whole cell reads as one object literal (`{}`, `{a: 1}`, `{x, y}`). */
export function enclosureOf(source: string): Enclosure {
  if (!looksLikeObject.test(source)) return bare;
  const { program, errors } = parseSource(`(${source})`);
  const only = program.body.length === 1 ? program.body[0] : undefined;
  const isObject =
    errors.length === 0 && only?.type === 'ExpressionStatement' && only.expression.type === 'ObjectExpression';
  return isObject ? parenthesized : bare;
}

export interface ParsedCell {
  /** The source, in its enclosure. */
  readonly text: string;
  readonly enclosure: Enclosure;
  readonly language: CellLanguage;
  readonly program: Program;
  readonly problems: readonly SyntaxProblem[];
}

export function parseCell(source: string): ParsedCell {
  const enclosure = enclosureOf(source);
  const text = enclosure.before + source + enclosure.after;
  const { language, program, errors } = parseSource(text);
  return {
    text,
    enclosure,
    language,
    program,
    problems: syntaxProblems(source, errors, enclosure.before.length),
  };
}
