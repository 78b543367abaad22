/** @file A picture of the place of an error: the lines around it, and a mark under the column. */
import picocolors from 'picocolors';

const { dim, red, bold } = picocolors.createColors(true);

export interface Place {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** Characters to underline; at least one, at most to the end of the line. */
  readonly length: number;
}

/** Lines around `place` in the user's source, with ANSI colours. */
export function codeFrame(source: string, place: Place, context = 2): string {
  const lines = source.split(/\r?\n/);
  const first = Math.max(1, place.line - context);
  const last = Math.min(lines.length, place.line + context);
  const width = String(last).length;
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = lines[number - 1];
    const gutter = `${String(number).padStart(width)} | `;
    if (number !== place.line) {
      frame.push(dim(`  ${gutter}`) + text);
      continue;
    }
    frame.push(`${red('>')} ${dim(gutter)}${text}`);
    const before = text.slice(0, place.column - 1).replace(/[^\t]/g, ' ');
    const marks = '^'.repeat(Math.max(1, Math.min(place.length, text.length - place.column + 1)));
    frame.push(`${dim(`  ${' '.repeat(width)} | `)}${before}${bold(red(marks))}`);
  }
  return frame.join('\n');
}
