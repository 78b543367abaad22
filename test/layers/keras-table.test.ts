/** @file docs/keras.md says what Keras exports and what is here now, and nothing is missing. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';

describe("Keras's lists", async () => {
  const script = new URL('../../scripts/keras-table.mjs', import.meta.url).href;
  const { kerasTable, tableFile } = (await import(script)) as {
    kerasTable(package_: unknown): { text: string; missing: string[] };
    tableFile: string;
  };
  const { text, missing } = kerasTable(tf);

  it('have no gap', () => expect(missing).toEqual([]));

  it('are in docs/keras.md as they are now: npm run docs:keras', () =>
    expect(readFileSync(tableFile, 'utf8') === text).toBe(true));
});
