/** @file The place of an error: a picture of the lines around it with a mark under the column, and where front ends find it. */
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

/** Addresses of cells in VS Code begin so. */
const codeCell = 'vscode-notebook-cell:';

/**
 * An address at which the front end shows a place; undefined where it has none.
 *
 * @param cellId what the front end calls the cell
 */
export function cellLink(
  cellId: string | undefined,
  { url, line }: { readonly url: string; readonly line: number },
): string | undefined {
  const [, count] = /^cell_(\d+)\.ts$/.exec(url) ?? [];
  if (cellId === undefined || count === undefined) return undefined;
  // VS Code knows cells by their number; JupyterLab, Notebook 7 and nbconvert's pages by ids as nbformat has them.
  if (cellId.startsWith(codeCell)) return `${codeCell}?execution_count=${count}&line=${line}`;
  return /^[\w-]{1,64}$/.test(cellId) ? `#cell-id=${cellId}` : undefined;
}

/**
 * How a traceback names the place of a link. VS Code makes links of what IPython writes, `Cell In[3], line 1` at the beginning
 * of a line, and of the numbers of the lines below it, but drops the rest of the line; text in other front ends has no links.
 */
export function linkedPlace(link: string | undefined): string | undefined {
  const [, count, line] = /^vscode-notebook-cell:\?execution_count=(\d+)&line=(\d+)$/.exec(link ?? '') ?? [];
  return count === undefined ? undefined : `Cell In[${count}], line ${line}`;
}
