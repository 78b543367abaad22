/** @file A notebook that was run, as tests read it: its cells by their ids, what they printed, and which kinds of output they have. */
import { expect } from 'vitest';
import type { CodeCell, Notebook, Output } from '../../kernel/cli/notebook.ts';
import { joinLines } from '../../kernel/cli/notebook.ts';

/** Text of a stream; of other outputs none. */
const text = (output: Output): string => (output.output_type === 'stream' ? joinLines(output.text) : '');

export class ExecutedNotebook {
  readonly cells: readonly CodeCell[];

  constructor(notebook: Notebook) {
    this.cells = notebook.cells.filter((cell): cell is CodeCell => cell.cell_type === 'code');
  }

  /** Says that each cell ran, in order and without an error. */
  expectComplete(): void {
    const failed = this.cells.filter(({ outputs }) => outputs.some(({ output_type: type }) => type === 'error'));
    expect(failed).toEqual([]);
    expect(this.cells.map(({ execution_count: count }) => count)).toEqual(this.cells.map((_, index) => index + 1));
  }

  cell(id: string): CodeCell {
    const found = this.cells.find((candidate) => candidate.id === id);
    if (!found) throw new Error(`The notebook has no cell '${id}'.`);
    return found;
  }

  /** What a cell printed. */
  printed(id: string): string {
    return this.cell(id).outputs.map(text).join('');
  }

  /** The MIME types of a cell's outputs; `stream` for what it printed. */
  types(id: string): string[] {
    return this.cell(id).outputs.flatMap((output) =>
      'data' in output ? Object.keys(output.data) : [output.output_type],
    );
  }

  /** Says that these cells show these kinds of output, among others. */
  expectTypes(expected: Readonly<Record<string, readonly string[]>>): void {
    for (const [id, wanted] of Object.entries(expected))
      expect(this.types(id), `outputs of the cell '${id}'`).toEqual(expect.arrayContaining([...wanted]));
  }

  /** The numbers that a cell printed where the groups of a pattern are. */
  numbers(id: string, pattern: RegExp): number[] {
    const printed = this.printed(id);
    const match = pattern.exec(printed);
    if (!match) throw new Error(`The cell '${id}' printed nothing like ${String(pattern)}, but: ${printed}`);
    return match.slice(1).map(Number);
  }
}
