/** @file The table of special functions that mpmath made (test/fixtures/mathematics/special.py): operands, then the value. */
import { readFileSync } from 'node:fs';
import type { SpecialFunction } from '../../src/primitives/mathematics.ts';

interface Fixture {
  readonly special: Readonly<Record<SpecialFunction, readonly (readonly number[])[]>>;
  /** Derivatives of igamma by its first operand, by order. */
  readonly igammaSlopes: Readonly<Record<string, readonly (readonly number[])[]>>;
}

export const { special: specialTables, igammaSlopes } = JSON.parse(
  readFileSync(new URL('../fixtures/mathematics/special.json', import.meta.url), 'utf8'),
) as Fixture;
