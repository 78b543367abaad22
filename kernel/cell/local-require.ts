/** @file What `require` finds for cells and local modules: TypeScript and JSX too, and names that the project maps. */
import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, isAbsolute, parse, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderWithPackage } from '../project/installed-packages.ts';
import { localModule } from '../project/local-modules.ts';
import { isFileSpecifier } from '../project/module-files.ts';
import { ownModules } from './runtime.ts';
import { SharedModules } from './shared-modules.ts';
import type { SourceRegistry } from './stack.ts';

/** The parts of Node's CommonJS loader that loaders of other languages hook into. */
interface CommonJsLoader {
  _resolveFilename(request: string, parent: { filename?: string | null } | undefined, ...rest: unknown[]): string;
  readonly _extensions: Record<string, (module: CompilableModule, filename: string) => void>;
}
interface CompilableModule extends NodeJS.Module {
  _compile(code: string, filename: string): void;
}

/** Node says that `require` of ES modules is an experiment, which is no news to a notebook. */
function quietly<Result>(work: () => Result): Result {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

const nodeRequire = createRequire(import.meta.url);
const packageFolder = fileURLToPath(new URL('../../', import.meta.url));
const extensions = ['.ts', '.tsx', '.mts', '.cts', '.jsx'];

type Transpiler = typeof import('./transpile-module.ts');
let transpiler: Transpiler | undefined;
/** Loaded by the first module that needs it. */
const loadTranspiler = (): Transpiler =>
  (transpiler ??= quietly(() => nodeRequire('./transpile-module.js') as Transpiler));

/** By file: the local modules that it required. Node notes that only for modules that were required themselves. */
const required = new Map<string, Set<string>>();

function noteRequire(from: string, file: string): void {
  const files = required.get(from);
  if (files === undefined) required.set(from, new Set([file]));
  else files.add(file);
}

/**
 * Takes note of what a module's text requires. Node resolves a name once for all modules of a folder, so that of the second one that
 * asks nothing is heard.
 */
function noteWritten(path: string, source: string): void {
  for (const specifier of loadTranspiler().importedSpecifiers(path, source)) {
    const file = localModule(specifier, path);
    if (file !== undefined) noteRequire(path, file);
  }
}

/** Whether a module required one of these files. */
export const hasRequired = (from: string, files: ReadonlySet<string>): boolean => {
  for (const file of required.get(from) ?? []) if (files.has(file)) return true;
  return false;
};

const isPackage = (request: string): boolean =>
  !isFileSpecifier(request) && !isAbsolute(request) && !request.startsWith('#') && !isBuiltin(request);

/** Whether a file is the user's: packages find their own files as Node does. */
const isLocal = (path: string): boolean =>
  !path.includes(`${sep}node_modules${sep}`) && !path.startsWith(packageFolder);

/** The local modules that exist once, however they are loaded. @param sources knows what was imported */
export const sharedModules = (sources: SourceRegistry): SharedModules =>
  new SharedModules({
    loaded: (url) => sources.source(url),
    importsOf: (path, text) =>
      loadTranspiler()
        .importedSpecifiers(path, text)
        .flatMap((specifier) => localModule(specifier, path) ?? []),
  });

/** Teaches `require` in this process. @param sources is told what was compiled, for tracebacks */
export function installLocalRequire(sources: SourceRegistry, shared: SharedModules): void {
  const loader = nodeRequire('node:module') as CommonJsLoader;
  const resolveFilename = loader._resolveFilename;
  loader._resolveFilename = function (request, parent, ...rest) {
    const from = parent?.filename;
    if (typeof from === 'string' && isLocal(from)) {
      if (Object.hasOwn(ownModules, request)) return fileURLToPath(ownModules[request]);
      const file = localModule(request, from);
      if (file !== undefined) {
        noteRequire(from, file);
        return file;
      }
      if (isPackage(request) && rest[1] === undefined) {
        const folder = folderWithPackage(request, dirname(from)) ?? parse(from).root;
        return resolveFilename.call(this, request, parent, rest[0], { paths: [folder] });
      }
    }
    return resolveFilename.call(this, request, parent, ...rest);
  };
  for (const extension of extensions) {
    loader._extensions[extension] = (module, filename) => {
      const borrowed = shared.borrow(filename);
      if (borrowed !== undefined) {
        module.exports = borrowed;
        return;
      }
      const source = readFileSync(filename, 'utf8');
      if (loadTranspiler().isEsModule(filename, source)) shared.noteRequired(module);
      noteWritten(filename, source);
      const { code, map } = loadTranspiler().transpileModule(filename, source, 'commonjs');
      sources.set(filename, { source, map });
      const encoded = Buffer.from(map).toString('base64');
      const comment = map === '' ? '' : `\n//# sourceMappingURL=data:application/json;base64,${encoded}\n`;
      module._compile(code + comment, filename);
    };
  }
  const loadScript = loader._extensions['.js'];
  loader._extensions['.js'] = (module, filename) => {
    if (isLocal(filename)) noteWritten(filename, readFileSync(filename, 'utf8'));
    loadScript(module, filename);
  };
}

/** `require` as cells have it: what was edited is loaded anew. @param refresh forgets modules that are not what they were */
export function requireForCells(require: NodeJS.Require, refresh: () => void): NodeJS.Require {
  const load = (id: string): unknown => {
    // Nothing of Node's is edited; and a debugger that steps in is through with it sooner.
    if (typeof id === 'string' && isBuiltin(id)) return require(id);
    refresh();
    try {
      return quietly(() => require(id) as unknown);
    } finally {
      // Remembers what the files look like that were loaded.
      refresh();
    }
  };
  return Object.assign(load, {
    resolve: require.resolve,
    cache: require.cache,
    extensions: require.extensions,
    main: require.main,
  });
}
