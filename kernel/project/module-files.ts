/** @file Which file a relative import of TypeScript or JavaScript means: `./m`, `./m.ts`, `./m.js`, a folder with an index. */
import { statSync } from 'node:fs';
import { extname, join } from 'node:path';

/** Whether a specifier names a file rather than a package or a builtin. */
export const isFileSpecifier = (specifier: string): boolean => /^(\.{1,2}(\/|$)|\/|file:)/.test(specifier);

/** Extensions that an import may leave out, in the order in which they are tried. */
const extensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx', '.json'];

/** What TypeScript's convention calls a source file by: the name of its output. */
const sourceExtensions: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
  '.jsx': ['.tsx'],
};

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** The file for a path as an import gives it; undefined where there is none. */
export const findModuleFile = (path: string): string | undefined => {
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  const candidates = [
    path,
    ...(sourceExtensions[extension] ?? []).map((source) => stem + source),
    ...extensions.map((added) => path + added),
    ...extensions.map((added) => join(path, `index${added}`)),
  ];
  return candidates.find(isFile);
};
