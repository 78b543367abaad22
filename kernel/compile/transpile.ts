/** @file TypeScript to JavaScript for one cell, by the fast compiler where it can and by the complete one where it must. */
import { createRequire } from 'node:module';
import { transformSync } from 'oxc-transform';
import type { Program } from 'oxc-parser';
import type TypeScript from 'typescript';
import { walk } from './walk.ts';
import type { Node } from './walk.ts';

/** JavaScript and the map (an object or JSON) from it to the input. */
export interface Transpiled {
  readonly code: string;
  readonly map: string | { version: 3; sources: string[]; names: string[]; mappings: string };
}

/** What the syntax below is written with; rarely it is a string or a comment. */
const mayNeedTypeScript = /\b(using|accessor)\b|@/;

/** Syntax that only the TypeScript compiler lowers to what Node 20 runs: decorators, auto-accessors, and `using`. */
function needsTypeScript(source: string, program: Program): boolean {
  if (!mayNeedTypeScript.test(source)) return false;
  let found = false;
  walk(program, (node) => {
    const { type, kind, decorators } = node as Node & { kind?: string; decorators?: readonly unknown[] };
    found ||= type === 'AccessorProperty' || /using$/.test(kind ?? '') || (decorators?.length ?? 0) > 0;
    return !found;
  });
  return found;
}

let typescript: typeof TypeScript | undefined;

function transpileCompletely(source: string): Transpiled {
  typescript ??= createRequire(import.meta.url)('typescript') as typeof TypeScript;
  const output = typescript.transpileModule(source, {
    fileName: 'cell.ts',
    compilerOptions: {
      target: typescript.ScriptTarget.ES2022,
      module: typescript.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      sourceMap: true,
    },
  });
  return {
    code: output.outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n'),
    map: output.sourceMapText as string,
  };
}

/** Takes away the types of a cell without syntax errors. Imports stay, except those marked `type`: later cells may use them. */
export function transpile(source: string, program: Program): Transpiled {
  if (needsTypeScript(source, program)) return transpileCompletely(source);
  const { code, map, errors } = transformSync('cell.ts', source, {
    lang: 'ts',
    sourceType: 'module',
    target: 'es2022',
    typescript: { onlyRemoveTypeImports: true },
    sourcemap: true,
  });
  // What it cannot compile (an oddity such as `export =`) the compiler of the language may.
  if (errors.length > 0 || map === undefined) return transpileCompletely(source);
  return { code, map: { ...map, version: 3 } };
}
