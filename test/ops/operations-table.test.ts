/** @file docs/operations.md says what the sources and the engines' registries say now. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('docs/operations.md is current: npm run docs:operations', async () => {
  const script = new URL('../../scripts/operations-table.mjs', import.meta.url).href;
  const { operationsTable, registryOf, tableFile } = (await import(script)) as {
    registryOf(load: (name: string) => Promise<unknown>): Promise<unknown>;
    operationsTable(registry: unknown): string;
    tableFile: string;
  };
  await import('../../src/index.ts');
  const registry = await registryOf((name) => import(new URL(`../../src/${name}.ts`, import.meta.url).href));
  expect(readFileSync(tableFile, 'utf8') === operationsTable(registry)).toBe(true);
});
