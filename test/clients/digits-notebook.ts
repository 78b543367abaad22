/** @file What the outputs of the digits notebook must hold, whichever client ran it. */
import { expect } from 'vitest';
import type { CodeCell, Notebook, Output } from '../../kernel/cli/notebook.ts';
import { joinLines } from '../../kernel/cli/notebook.ts';

const text = (output: Output): string => (output.output_type === 'stream' ? joinLines(output.text) : '');

/** Says that every cell ran, that each picture and table is there, and that the network learned. */
export function expectDigitsResults(notebook: Notebook): void {
  const cells = notebook.cells.filter((cell): cell is CodeCell => cell.cell_type === 'code');
  expect(cells.flatMap(({ outputs }) => outputs).filter(({ output_type: type }) => type === 'error')).toEqual([]);
  expect(cells.map(({ execution_count: count }) => count)).toEqual(cells.map((_, index) => index + 1));

  const cell = (id: string): CodeCell => {
    const found = cells.find((candidate) => candidate.id === id);
    if (!found) throw new Error(`The notebook has no cell '${id}'.`);
    return found;
  };
  const types = (id: string): string[] =>
    cell(id).outputs.flatMap((output) => ('data' in output ? Object.keys(output.data) : [output.output_type]));
  const expected: Readonly<Record<string, readonly string[]>> = {
    counts: ['text/html', 'text/plain'],
    samples: ['image/svg+xml', 'image/png', 'text/plain'],
    summary: ['text/html', 'text/plain'],
    architecture: ['image/svg+xml', 'text/plain'],
    fit: ['text/html', 'text/plain'],
    history: ['application/vnd.vegalite.v5+json', 'image/svg+xml', 'text/plain'],
    predict: ['text/html', 'text/plain'],
    confusion: ['application/vnd.vegalite.v5+json', 'image/svg+xml', 'text/plain'],
    mistakes: ['image/svg+xml', 'image/png', 'text/plain'],
    tape: ['text/html', 'text/plain'],
  };
  for (const [id, wanted] of Object.entries(expected)) {
    expect(types(id), `outputs of the cell '${id}'`).toEqual(expect.arrayContaining([...wanted]));
  }
  // Live views replace what they showed: one output stays.
  expect(cell('fit').outputs).toHaveLength(1);

  const [, percent] = /held-out accuracy: ([\d.]+) %/.exec(cell('evaluate').outputs.map(text).join('')) ?? [];
  expect(Number(percent)).toBeGreaterThanOrEqual(97);
  const step = cell('step').outputs.map(text).join('');
  const [, before, after] = /before the step: ([\d.]+), after it: ([\d.]+)/.exec(step) ?? [];
  expect(Number(after)).toBeLessThan(Number(before));
}
