/**
 * @file What a cell's document begins with so that its own first comments count: the server heeds `@jsx` and `/// <reference>`
 * only before the first statement, where the notebook's prelude stands.
 */
import { createHash } from 'node:crypto';
import type { CellLanguage } from '../compile/language.ts';
import { jsxOfFile, leadingComments, type CompilerOptions } from '../project/index.ts';

export interface CellHead {
  /** Goes before all else on the first line. */
  readonly text: string;
  /** Names that the code uses without a mention: the functions that JSX calls. */
  readonly mentioned: readonly string[];
  /** A document with the cell's references to types, which the text imports. */
  readonly references?: { readonly name: string; readonly text: string };
}

const nothing: CellHead = { text: '', mentioned: [] };
const reference = /^\s*\/\/\/\s*<reference\s[^>]*>/;

function jsxHead(source: string, options: CompilerOptions, folder: string): CellHead {
  const jsx = jsxOfFile(source, options, folder);
  if (jsx.runtime === 'automatic') {
    // The import is implied. In plain sight, it also tells the server that this program is another one than the last.
    const library = JSON.stringify(`${jsx.importSource}/jsx-runtime`);
    return { text: `/** @jsxImportSource ${jsx.importSource} */ import {} from ${library}; `, mentioned: [] };
  }
  const comments = ['jsxRuntime classic', `jsx ${jsx.factory}`, `jsxFrag ${jsx.fragment}`].map(
    (each) => `/** @${each} */`,
  );
  return {
    text: `${comments.join(' ')} `,
    mentioned: [jsx.factory, jsx.fragment].map((name) => name.split('.', 1)[0]),
  };
}

/** @param language how the cell is read: JSX needs its functions */
export function headOf(source: string, language: CellLanguage, options: CompilerOptions, folder: string): CellHead {
  const jsx = language === 'tsx' ? jsxHead(source, options, folder) : nothing;
  if (!source.includes('<reference')) return jsx;
  const lines = leadingComments(source)
    .split('\n')
    .filter((line) => reference.test(line));
  if (lines.length === 0) return jsx;
  const text = `${lines.join('\n')}\n`;
  const name = `.tensorcell-references-${createHash('sha1').update(text).digest('hex').slice(0, 8)}.d.ts`;
  return { ...jsx, text: `${jsx.text}import ${JSON.stringify(`./${name}`)}; `, references: { name, text } };
}

/** `export = x` as an expression of the same length: a module that has it exports nothing else, and cells export their names. */
export const withoutExportAssignment = (source: string): string =>
  source.replace(
    /^([ \t]*|.*;[ \t]*)export(\s*)=(?![=>])/gm,
    (_, before: string, space: string) => `${before}void  ${space} `,
  );

/** `// @ts-nocheck` before the first statement: its author wants no errors. */
export const isUnchecked = (source: string): boolean =>
  source.includes('@ts-nocheck') && /^\s*\/\/\/?\s*@ts-nocheck\b/m.test(leadingComments(source));
