/** @file A local module's TypeScript or JSX as Node runs it, with a source map, as the settings of its project say. */
import { createRequire } from 'node:module';
import { dirname, extname } from 'node:path';
import { parseSync } from 'oxc-parser';
import type { Program } from 'oxc-parser';
import { transformSync } from 'oxc-transform';
import type { Service } from 'ts-node';
import { isTooDeep, tooDeepMessage } from '../compile/nesting.ts';
import { settingsOf } from '../project/settings.ts';
import { needsTypeScript, oxcOptions, typescriptOptions, type ProjectSource } from '../project/transform.ts';
import { withScriptNames } from './script-names.ts';
import { withoutTypeExports } from './type-exports.ts';

export type ModuleFormat = 'module' | 'commonjs';

export interface TranspiledModule {
  readonly code: string;
  /** Source map (JSON) to the source; empty where the code is the source. */
  readonly map: string;
  readonly format: ModuleFormat;
}

/** A local module that cannot be parsed; the message says where. */
export class ModuleSyntaxError extends SyntaxError {}

type Language = ProjectSource['language'];
const languages: Readonly<Record<string, Language>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
};

const languageOf = (path: string): Language => languages[extname(path)] ?? 'js';

type Compiled = Omit<TranspiledModule, 'format'>;

/** ts-node, by the options that it was made with. */
const services = new Map<string, Service>();

/**
 * ts-node compiles what is more than taking types away: decorators and their metadata, auto-accessors, `using`, and ES syntax
 * in modules of CommonJS. It loads the TypeScript compiler, so nothing else goes through it.
 */
function compileWithTsNode(path: string, input: ProjectSource, module: 'esnext' | 'commonjs'): Compiled {
  const compilerOptions = {
    ...typescriptOptions(input),
    module,
    moduleResolution: 'bundler',
    allowJs: true,
    noEmit: false,
  };
  if (module === 'commonjs') {
    // A file that becomes CommonJS may have imports that are only types, whatever `verbatimModuleSyntax` says of ES modules.
    Object.assign(compilerOptions, { moduleResolution: 'node10', verbatimModuleSyntax: false, esModuleInterop: true });
  }
  const key = JSON.stringify(compilerOptions);
  let service = services.get(key);
  if (service === undefined) {
    const require = createRequire(import.meta.url);
    const { create } = require('ts-node') as typeof import('ts-node');
    // The settings were read already; the compiler is the one that ts-node knows, whichever the project has.
    service = create({
      skipProject: true,
      transpileOnly: true,
      compiler: require.resolve('typescript'),
      cwd: input.folder,
      compilerOptions,
    });
    services.set(key, service);
  }
  const output = service.compile(input.source, path);
  const inline = /\n?\/\/# sourceMappingURL=data:application\/json;(?:charset=utf-8;)?base64,(\S+)\s*$/.exec(output);
  if (inline === null) return { code: output, map: '' };
  return { code: output.slice(0, inline.index), map: Buffer.from(inline[1], 'base64').toString('utf8') };
}

function stripTypes(path: string, input: ProjectSource): Compiled {
  const { code, map, errors } = transformSync(path, input.source, oxcOptions(input));
  if (errors.length > 0) throw syntaxError(path, errors[0].message, errors[0].codeframe);
  const stripped = { code, map: map === undefined ? '' : JSON.stringify(map) };
  if (input.options.verbatimModuleSyntax || input.options.isolatedModules) return stripped;
  return { ...stripped, code: withoutTypeExports(code, path) };
}

const syntaxError = (path: string, message: string, codeframe: string | null): ModuleSyntaxError =>
  new ModuleSyntaxError(`${message}\n${codeframe ?? `in ${path}`}`.trimEnd());

/** What only modules of CommonJS have: `export = x`, `import x = require('y')`. */
const hasCommonJsSyntax = ({ body }: Program): boolean =>
  body.some(
    (statement) =>
      statement.type === 'TSExportAssignment' ||
      (statement.type === 'TSImportEqualsDeclaration' &&
        statement.importKind !== 'type' &&
        statement.moduleReference.type === 'TSExternalModuleReference'),
  );

const commonJsNames = /\b(module\.exports|exports\.|require\s*\()/;

/** A module without import, export or top-level await that uses CommonJS's names is CommonJS. */
function formatOf(path: string, source: string, program: Program, hasModuleSyntax: boolean): ModuleFormat {
  const extension = extname(path);
  if (extension === '.mts' || extension === '.mjs') return 'module';
  if (extension === '.cts' || extension === '.cjs' || hasCommonJsSyntax(program)) return 'commonjs';
  return !hasModuleSyntax && commonJsNames.test(source) ? 'commonjs' : 'module';
}

/**
 * @param path absolute path of a `.ts`, `.tsx`, `.mts`, `.cts`, `.js`, `.jsx`, `.mjs` or `.cjs` file
 * @param wanted `commonjs` for a module that is required, whatever it looks like
 * @throws {ModuleSyntaxError} where it cannot be parsed
 */
export function transpileModule(path: string, source: string, wanted?: 'commonjs'): TranspiledModule {
  if (isTooDeep(source)) throw syntaxError(path, tooDeepMessage, null);
  const language = languageOf(path);
  const { program, module, errors } = parseSync(path, source, {
    lang: language,
    sourceType: language === 'js' ? 'unambiguous' : 'module',
  });
  const { hasModuleSyntax } = module;
  const format = wanted ?? formatOf(path, source, program, hasModuleSyntax);
  if (language === 'js') return { code: source, map: '', format };
  if (errors.length > 0) throw syntaxError(path, errors[0].message, errors[0].codeframe);
  const folder = dirname(path);
  const settings = settingsOf(folder);
  const input: ProjectSource = { source, language, options: settings.options, folder };
  const isMixed = format === 'commonjs' && (hasModuleSyntax || hasCommonJsSyntax(program));
  if (isMixed) return { ...compileWithTsNode(path, input, 'commonjs'), format };
  const compiled = needsTypeScript(source, program)
    ? compileWithTsNode(path, input, 'esnext')
    : stripTypes(path, input);
  const isEsmOnly = format === 'commonjs' || extname(path) === '.mts' || settings.package?.type === 'module';
  return { ...(isEsmOnly ? compiled : withScriptNames(compiled)), format };
}

/** Whether `import` of a file gives an ES module. */
export function isEsModule(path: string, source: string): boolean {
  if (isTooDeep(source)) return false;
  const { program, module } = parseSync(path, source, { lang: languageOf(path), sourceType: 'module' });
  return formatOf(path, source, program, module.hasModuleSyntax) === 'module';
}

/** What a module imports, requires and exports from elsewhere: the specifiers that are written out in it. */
export function importedSpecifiers(path: string, source: string): string[] {
  if (isTooDeep(source)) return [];
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
}
