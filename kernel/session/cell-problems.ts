/** @file Errors of a cell that did not run: syntax and types, as Jupyter errors. */
import picocolors from 'picocolors';
import type { CellError } from '../cell/contract.ts';
import type { SyntaxProblem } from '../compile/contract.ts';
import type { Diagnostic } from '../typescript/contract.ts';
import { cellLink, codeFrame, linkedPlace } from './code-frame.ts';

const { red, cyan, dim } = picocolors.createColors(true);

/** More than these are counted, not shown. */
const shown = 10;

interface Problem {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

/** @param url the cell's name in stacks, `cell_3.ts` */
export const syntaxError = (
  problems: readonly SyntaxProblem[],
  source: string,
  url: string,
  cellId?: string,
): CellError =>
  problemError(
    'SyntaxError',
    problems.map((problem) => ({ ...problem, text: problem.message })),
    source,
    url,
    cellId,
  );

/** Syntax that is wrong only where magics are calls. */
export const misplaced = (problems: readonly SyntaxProblem[]): SyntaxProblem[] =>
  problems.map((problem) =>
    /`await`/.test(problem.message)
      ? { ...problem, message: 'A magic can stand in a function only where that is async, since it is awaited.' }
      : problem,
  );

/** Type errors: the cell was not run. */
export const typeError = (
  diagnostics: readonly Diagnostic[],
  source: string,
  url: string,
  cellId?: string,
): CellError =>
  problemError(
    'TypeScriptError',
    diagnostics.map((diagnostic) => ({ ...diagnostic, text: `TS${diagnostic.code}: ${diagnostic.message}` })),
    source,
    url,
    cellId,
  );

/** Type errors as a warning on stderr, without colours. */
export const typeWarning = (diagnostics: readonly Diagnostic[], url: string): string =>
  diagnostics
    .map(({ code, message, file = url, line, column }) => `${file}:${line}:${column} - TS${code}: ${message}\n`)
    .join('');

/** @param cellId what the front end calls the cell, where it says so */
function problemError(
  ename: string,
  problems: readonly Problem[],
  source: string,
  url: string,
  cellId: string | undefined,
): CellError {
  const [first] = problems;
  const traceback = problems.slice(0, shown).map(({ text, line, column, start, end }) => {
    const linked = linkedPlace(cellLink(cellId, { url, line }));
    const picture = codeFrame(source, { line, column, length: end - start });
    return `${linked === undefined ? '' : `${linked}\n`}${cyan(`${url}:${line}:${column}`)} - ${red(text)}\n${picture}`;
  });
  if (problems.length > shown) traceback.push(dim(`... and ${problems.length - shown} more`));
  if (problems.some((problem) => meansProgram(problem, source)))
    traceback.push('In TypeScript `= !x` negates. What a program prints is kept by: const lines = %sx ls');
  return {
    ename,
    evalue: `${first.text} (${url}:${first.line}:${first.column})`,
    traceback: [`${red(ename)}: the cell was not run`, ...traceback],
  };
}

/** `files = !ls` as IPython has it; nothing that makes sense as TypeScript is taken for that. */
function meansProgram({ text, line, column }: Problem, source: string): boolean {
  if (/^TS/.test(text) && !/^TS(?:2304|2552):/.test(text)) return false;
  const before = source.split('\n')[line - 1]?.slice(0, column - 1) ?? '';
  return /^\s*(?:(?:const|let|var)\s+)?[\w$]+\s*(?::[^=]*)?=\s*!{1,2}(?!=)[^=;]*$/.test(before);
}
