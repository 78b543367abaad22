/** @file What kernel/compile offers: from a cell's TypeScript to a script for V8's REPL mode. */
import type { CompiledCell } from '../cell/contract.ts';
import type { CompilerOptions } from '../project/index.ts';
import type { TopLevelNames } from './constants.ts';

/** A syntax error in the user's words and place (1-based). */
export interface SyntaxProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

export type CompileResult =
  | {
      readonly ok: true;
      readonly cell: CompiledCell;
      /** What the cell declares at its top level. */
      readonly names?: TopLevelNames;
      /** What is wrong with the settings of the project, where that has not been said before; a line each. */
      readonly warnings?: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly SyntaxProblem[] };

/** `compileCell(source, 'cell_3.ts')`: transpile, rewrite imports to the cell process's helper, keep a source map. */
export type CompileCell = (source: string, url: string) => CompileResult;

/** What the project of the notebook's folder says about its cells. */
export interface CellProject {
  readonly folder: string;
  readonly options: CompilerOptions;
}

/** The answer to is_complete_request. */
export type Completeness =
  { readonly status: 'complete' | 'invalid' | 'unknown' } | { readonly status: 'incomplete'; readonly indent: string };
