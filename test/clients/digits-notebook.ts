/** @file What the outputs of the digits notebook must hold, whichever client ran it. */
import { expect } from 'vitest';
import type { Notebook } from '../../kernel/cli/notebook.ts';
import { ExecutedNotebook } from './executed-notebook.ts';

/** Says that every cell ran, that each picture and table is there, and that the network learned. */
export function expectDigitsResults(notebook: Notebook): void {
  const executed = new ExecutedNotebook(notebook);
  executed.expectComplete();
  executed.expectTypes({
    counts: ['text/html', 'text/plain'],
    samples: ['image/svg+xml', 'image/png', 'text/plain'],
    summary: ['text/html', 'text/plain'],
    architecture: ['image/svg+xml', 'image/png', 'text/plain'],
    fit: ['text/html', 'text/plain'],
    history: ['application/vnd.vegalite.v5+json', 'image/svg+xml', 'text/plain'],
    predict: ['text/html', 'text/plain'],
    confusion: ['application/vnd.vegalite.v5+json', 'image/svg+xml', 'text/plain'],
    mistakes: ['image/svg+xml', 'image/png', 'text/plain'],
    tape: ['text/html', 'text/plain'],
  });
  // Live views replace what they showed: one output stays.
  expect(executed.cell('fit').outputs).toHaveLength(1);

  const [percent] = executed.numbers('evaluate', /held-out accuracy: ([\d.]+) %/);
  expect(percent).toBeGreaterThanOrEqual(97);
  const [before, after] = executed.numbers('step', /before the step: ([\d.]+), after it: ([\d.]+)/);
  expect(after).toBeLessThan(before);
}
