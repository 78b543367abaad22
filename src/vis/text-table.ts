/** @file Tables as text in box-drawing characters, cells wrapped to the widths of their columns. */

export interface TextColumn {
  readonly head: string;
  readonly align: 'left' | 'right' | 'center';
  /** Characters; as wide as the widest cell where left out. */
  readonly width?: number;
}

/** Columns and rows with a heavy head, and a line between rows, as Keras draws its summaries. */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string[] {
  const heads = columns.map(({ head }) => head);
  const widths = columns.map(({ width }, i) => width ?? Math.max(...[heads, ...rows].map((row) => row[i].length)));
  const rule = (left: string, fill: string, between: string, end: string) =>
    left + widths.map((width) => fill.repeat(width + 2)).join(between) + end;
  const written = (row: readonly string[], wall: string): string[] => {
    const cells = row.map((cell, i) => wrapped(cell, widths[i]));
    const height = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) => {
      const parts = cells.map((cell, i) => aligned(cell[line] ?? '', widths[i], columns[i].align));
      return `${wall} ${parts.join(` ${wall} `)} ${wall}`;
    });
  };
  const body = rows.flatMap((row, i) => [...(i > 0 ? [rule('├', '─', '┼', '┤')] : []), ...written(row, '│')]);
  return [
    rule('┏', '━', '┳', '┓'),
    ...written(heads, '┃'),
    rule('┡', '━', '╇', '┩'),
    ...body,
    rule('└', '─', '┴', '┘'),
  ];
}

function aligned(text: string, width: number, align: TextColumn['align']): string {
  if (align === 'left') return text.padEnd(width);
  if (align === 'right') return text.padStart(width);
  return text.padStart(text.length + Math.floor((width - text.length) / 2)).padEnd(width);
}

/** Text in lines of a width: broken at spaces, and within words where those are longer. Indentation stays. */
function wrapped(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S)(?=\s)/)) {
    if (line && line.length + word.length > width) {
      lines.push(line);
      line = word.trimStart();
    } else line += word;
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  return line ? [...lines, line] : lines;
}
