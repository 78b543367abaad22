/** @file A local module's TypeScript or JavaScript as Node runs it, with a source map; ts-node where the project's settings need it. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { parseSync } from 'oxc-parser';
import { transformSync } from 'oxc-transform';
import type { Service } from 'ts-node';

export interface TranspiledModule {
  readonly code: string;
  /** Source map (JSON) to the source; empty where the code is the source. */
  readonly map: string;
  readonly format: 'module' | 'commonjs';
}

/** A local module that cannot be parsed; the message says where. */
export class ModuleSyntaxError extends SyntaxError {}

const typescriptExtensions = new Set(['.ts', '.tsx', '.mts', '.cts', '.jsx']);

/** Syntax that only the TypeScript compiler lowers to what Node runs. */
const needsCompiler = /(^|[^\w$.])(using\s+[\w$]|accessor\s)|@[\w$(]/m;

/** Settings of a project that change what code does, beyond taking types away. */
const meaningfulSettings =
  /"(experimentalDecorators|emitDecoratorMetadata|useDefineForClassFields|jsx|jsxFactory|jsxFragmentFactory|jsxImportSource)"\s*:/;

/** Whether the settings, or settings that they extend in the same project, ask for more than type stripping. */
const asksForMore = (tsconfig: string, seen = new Set<string>()): boolean => {
  if (seen.has(tsconfig) || !existsSync(tsconfig)) return false;
  seen.add(tsconfig);
  const text = readFileSync(tsconfig, 'utf8');
  if (meaningfulSettings.test(text)) return true;
  const extended = /"extends"\s*:\s*"([^"]+)"/.exec(text)?.[1];
  if (extended === undefined) return false;
  const path = extended.startsWith('.') ? resolve(dirname(tsconfig), extended) : resolvePackage(extended, tsconfig);
  return path !== undefined && (asksForMore(path, seen) || asksForMore(`${path}.json`, seen));
};

const resolvePackage = (specifier: string, from: string): string | undefined => {
  try {
    return createRequire(from).resolve(specifier);
  } catch {
    return undefined;
  }
};

/** The tsconfig.json that a file belongs to. */
const nearestSettings = (file: string): string | undefined => {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const path = join(folder, 'tsconfig.json');
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return undefined;
  }
};

/** ts-node by project; the empty name stands for none. */
const services = new Map<string, Service>();

const serviceFor = (settings: string | undefined): Service => {
  const key = settings ?? '';
  let service = services.get(key);
  if (service === undefined) {
    const { create } = createRequire(import.meta.url)('ts-node') as typeof import('ts-node');
    service = create({
      ...(settings === undefined ? { skipProject: true } : { project: settings, cwd: dirname(settings) }),
      transpileOnly: true,
      // What the module system is, Node decides by the file's name and its syntax, as for other modules here.
      compilerOptions: {
        target: 'es2022',
        module: 'esnext',
        moduleResolution: 'bundler',
        sourceMap: true,
        noEmit: false,
      },
    });
    services.set(key, service);
  }
  return service;
};

const compileWithTsNode = (
  path: string,
  source: string,
  settings: string | undefined,
): { code: string; map: string } => {
  const output = serviceFor(settings).compile(source, path);
  const inline = /\n?\/\/# sourceMappingURL=data:application\/json;(?:charset=utf-8;)?base64,(\S+)\s*$/.exec(output);
  return inline === null
    ? { code: output, map: '' }
    : { code: output.slice(0, inline.index), map: Buffer.from(inline[1], 'base64').toString('utf8') };
};

const languageOf = (path: string): 'ts' | 'tsx' | 'js' | 'jsx' => {
  const extension = extname(path);
  if (extension === '.tsx') return 'tsx';
  if (extension === '.jsx') return 'jsx';
  return typescriptExtensions.has(extension) ? 'ts' : 'js';
};

const stripTypes = (path: string, source: string): { code: string; map: string } => {
  const { code, map, errors } = transformSync(path, source, {
    lang: languageOf(path),
    target: 'es2022',
    sourcemap: true,
  });
  if (errors.length > 0)
    throw new ModuleSyntaxError(`${errors[0].message}\n${errors[0].codeframe ?? `in ${path}`}`.trimEnd());
  return { code, map: map === undefined ? '' : JSON.stringify(map) };
};

/** A module without import, export or top-level await that uses CommonJS's names is CommonJS. */
const formatOf = (path: string, code: string): TranspiledModule['format'] => {
  const extension = extname(path);
  if (extension === '.mts' || extension === '.mjs') return 'module';
  if (extension === '.cjs') return 'commonjs';
  if (parseSync('m.js', code, { sourceType: 'unambiguous' }).module.hasModuleSyntax) return 'module';
  return /\b(module\.exports|exports\.|require\s*\()/.test(code) ? 'commonjs' : 'module';
};

/** @param path absolute path of a `.ts`, `.tsx`, `.mts`, `.cts`, `.js`, `.jsx`, `.mjs` or `.cjs` file */
export const transpileModule = (path: string, source: string): TranspiledModule => {
  const extension = extname(path);
  if (!typescriptExtensions.has(extension)) return { code: source, map: '', format: formatOf(path, source) };
  const settings = nearestSettings(path);
  const compiled =
    (settings !== undefined && asksForMore(settings)) || needsCompiler.test(source)
      ? compileWithTsNode(path, source, settings)
      : stripTypes(path, source);
  return { ...compiled, format: formatOf(path, compiled.code) };
};

/** What a module imports, requires and exports from elsewhere: the specifiers that are written out in it. */
export const importedSpecifiers = (path: string, source: string): string[] => {
  const { module } = parseSync(path, source, { lang: languageOf(path) });
  const specifiers = new Set<string>();
  for (const { moduleRequest } of module.staticImports) specifiers.add(moduleRequest.value);
  for (const { entries } of module.staticExports)
    for (const { moduleRequest } of entries) if (moduleRequest) specifiers.add(moduleRequest.value);
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^(['"`])(.*)\1$/s.exec(source.slice(moduleRequest.start, moduleRequest.end));
    if (literal !== null) specifiers.add(literal[2]);
  }
  for (const [, , required] of source.matchAll(/\brequire\s*\(\s*(['"])([^'"]+)\1\s*\)/g)) specifiers.add(required);
  return [...specifiers];
};
