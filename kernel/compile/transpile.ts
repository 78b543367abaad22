/** @file TypeScript to JavaScript for one cell, by the fast compiler where it can and by the complete one where it must. */
import { createRequire } from 'node:module';
import { transformSync } from 'oxc-transform';
import type TypeScript from 'typescript';
import { needsTypeScript, oxcOptions, typescriptOptions, type ProjectSource } from '../project/transform.ts';
import type { CellProject } from './contract.ts';
import type { ParsedCell } from './parse.ts';

/** JavaScript and the map (an object or JSON) from it to the input. */
export interface Transpiled {
  readonly code: string;
  readonly map: string | { version: 3; sources: string[]; names: string[]; mappings: string };
}

let typescript: typeof TypeScript | undefined;

function transpileCompletely(input: ProjectSource): Transpiled {
  typescript ??= createRequire(import.meta.url)('typescript') as typeof TypeScript;
  const asked = { ...typescriptOptions(input), verbatimModuleSyntax: true };
  const { options } = typescript.convertCompilerOptionsFromJson(asked, input.folder);
  const output = typescript.transpileModule(input.source, {
    fileName: `cell.${input.language}`,
    compilerOptions: options,
  });
  return {
    code: output.outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n'),
    map: output.sourceMapText as string,
  };
}

/** Takes away the types of a cell without syntax errors. Imports stay, except those marked `type`: later cells may use them. */
export function transpile({ text, program, language }: ParsedCell, { folder, options }: CellProject): Transpiled {
  const input: ProjectSource = { source: text, language, options, folder };
  if (needsTypeScript(text, program)) return transpileCompletely(input);
  const { typescript: removal, ...oxc } = oxcOptions(input);
  const { code, map, errors } = transformSync(`cell.${language}`, text, {
    ...oxc,
    sourceType: 'module',
    typescript: { ...removal, onlyRemoveTypeImports: true },
  });
  // What it cannot compile the compiler of the language may.
  if (errors.length > 0 || map === undefined) return transpileCompletely(input);
  return { code, map: { ...map, version: 3 } };
}
