/** @file Lines and columns of a text, and the syntax problems that the parser finds in one. */
import type { ErrorLabel, OxcError } from 'oxc-parser';
import type { SyntaxProblem } from './contract.ts';

/** 1-based line and column (in UTF-16 units) of an offset. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let next = text.indexOf('\n'); next !== -1 && next < offset; next = text.indexOf('\n', next + 1)) {
    line += 1;
    lineStart = next + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

/** The place that an error is about: its last label where the parser explains the others by it, else the first. */
function mainLabel({ labels }: OxcError): ErrorLabel | undefined {
  return (
    labels.find((label) => label.message === null) ??
    labels.find((label) => !/^Opened|starts here$/.test(label.message ?? ''))
  );
}

/** The parser's words where a notebook needs others. */
function wordsFor(error: OxcError): string {
  if (error.message.startsWith("A 'return' statement")) {
    return "A cell is not a function, so it cannot 'return': end it with the expression whose value you want to see.";
  }
  const message = error.message.replaceAll('`EOF`', 'the end of the cell').replace(/[.\s]+$/, '');
  return error.helpMessage ? `${message}. ${error.helpMessage}.` : `${message}.`;
}

/** Parser errors as problems in `source`; `shift` is the length of what was put before it to parse it. */
export function syntaxProblems(source: string, errors: readonly OxcError[], shift = 0): SyntaxProblem[] {
  return errors.map((error) => {
    const label = mainLabel(error) ?? error.labels[0];
    const clamp = (offset: number): number => Math.min(Math.max(offset - shift, 0), source.length);
    const start = clamp(label?.start ?? 0);
    const end = Math.max(start, clamp(label?.end ?? start));
    return { message: wordsFor(error), ...positionAt(source, start), start, end };
  });
}
