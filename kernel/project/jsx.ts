/** @file How JSX is compiled: as tsconfig.json says, as a comment in the file says, else for the library that is installed. */
import type { CompilerOptions } from './compiler-options.ts';
import { resolvePackage } from './installed-packages.ts';

/** Either calls of functions in scope, or of functions that a module brings (`react/jsx-runtime`). */
export type JsxSettings =
  | { readonly runtime: 'classic'; readonly factory: string; readonly fragment: string }
  | { readonly runtime: 'automatic'; readonly importSource: string; readonly development: boolean };

/** The comments before the first statement of a file. */
export const leadingComments = (source: string): string =>
  /^(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*/.exec(source)?.[0] ?? '';

type Pragma = 'jsx' | 'jsxFrag' | 'jsxImportSource' | 'jsxRuntime';

/** What `@jsx h`, `@jsxFrag Fragment`, `@jsxImportSource preact`, `@jsxRuntime classic` in the leading comments say. */
export function jsxPragmas(source: string): Partial<Record<Pragma, string>> {
  if (!source.includes('@jsx')) return {};
  const found = leadingComments(source).matchAll(/@(jsx|jsxFrag|jsxImportSource|jsxRuntime)\s+([^\s*]+)/g);
  return Object.fromEntries([...found].map(([, name, value]) => [name, value]));
}

const canImport = (specifier: string, folder: string): boolean => {
  try {
    resolvePackage(specifier, folder);
    return true;
  } catch {
    return false;
  }
};

/** The library whose JSX runtime is installed for a folder; React where there is none, for its name in the error. */
export const installedJsxLibrary = (folder: string): string =>
  ['react', 'preact'].find((name) => canImport(`${name}/jsx-runtime`, folder)) ?? 'react';

/** What the settings say about JSX, without regard to a file's own comments. */
export function jsxOf(options: CompilerOptions, folder: string): JsxSettings {
  const { jsx, jsxFactory, jsxFragmentFactory, reactNamespace = 'React' } = options;
  const asksForCalls = jsx === 'react' || (jsx === undefined && jsxFactory !== undefined);
  if (asksForCalls) {
    const factory = jsxFactory ?? `${reactNamespace}.createElement`;
    return { runtime: 'classic', factory, fragment: jsxFragmentFactory ?? `${reactNamespace}.Fragment` };
  }
  // What a project leaves to its bundler (`preserve`) is compiled here, since Node runs it.
  const importSource = options.jsxImportSource ?? (jsx === undefined ? installedJsxLibrary(folder) : 'react');
  return { runtime: 'automatic', importSource, development: jsx === 'react-jsxdev' };
}

/** How the JSX of a file in `folder` is compiled. A comment that names a factory means calls of it, whatever the settings. */
export function jsxOfFile(source: string, options: CompilerOptions, folder: string): JsxSettings {
  const { jsx, jsxFrag, jsxImportSource, jsxRuntime } = jsxPragmas(source);
  if (jsxImportSource !== undefined && jsxRuntime !== 'classic')
    return { runtime: 'automatic', importSource: jsxImportSource, development: options.jsx === 'react-jsxdev' };
  if (jsx !== undefined || jsxRuntime === 'classic') {
    const settings = jsxOf({ ...options, jsx: 'react' }, folder);
    const { factory, fragment } = settings.runtime === 'classic' ? settings : { factory: '', fragment: '' };
    return { runtime: 'classic', factory: jsx ?? factory, fragment: jsxFrag ?? fragment };
  }
  if (jsxRuntime === 'automatic' && options.jsx === 'react') return jsxOf({ ...options, jsx: 'react-jsx' }, folder);
  return jsxOf(options, folder);
}
