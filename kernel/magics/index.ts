/**
 * @file Magics, as the rest of the kernel sees them. This module is light: what knows the magics is loaded by the first cell
 * that may contain one.
 */
import type { Completions } from '../typescript/contract.ts';
import type { MagicSurroundings } from './contract.ts';

export type { MagicSurroundings };

/** Whether it is worth looking for magics: a line begins like one, or an assignment has one on its right. */
export const mayHaveMagics = (code: string): boolean => /^[^\S\n]*[%!?]|=[^\S\n]*%|\?\s*$/m.test(code);

/**
 * The cell as TypeScript may see it: magics are blanked, or replaced by TypeScript of the same length, so that every offset
 * stays right.
 */
export async function withoutMagics(code: string): Promise<string> {
  if (!mayHaveMagics(code)) return code;
  return (await import('./magic-cell.ts')).readCell(code).checked;
}

/**
 * Completions where the cursor is in a magic: names, options, files. Undefined where it is in TypeScript (in that of
 * `%time`, too): then the server is to be asked about {@link withoutMagics}. Offsets are UTF-16.
 */
export async function completeMagic(
  code: string,
  offset: number,
  surroundings: MagicSurroundings,
): Promise<Completions | undefined> {
  if (!mayHaveMagics(code)) return undefined;
  return (await import('./completion.ts')).completeInMagic(code, offset, surroundings);
}

/** What is to be said about the magic at the cursor; undefined where there is none. */
export async function inspectMagic(
  code: string,
  offset: number,
): Promise<{ markdown: string; plain: string } | undefined> {
  if (!mayHaveMagics(code)) return undefined;
  return (await import('./completion.ts')).describeMagicAt(code, offset);
}

/** Whether a cell with magics wants more lines; undefined where its TypeScript decides. */
export async function magicCompleteness(code: string): Promise<'complete' | 'incomplete' | undefined> {
  if (!mayHaveMagics(code)) return undefined;
  return (await import('./completion.ts')).completenessOfMagics(code);
}
