/** @file Node's loader hooks (on a thread of Node's own): the notebook's local modules in TypeScript, anew when edited. */
import { readFileSync } from 'node:fs';
import type { InitializeHook, LoadHook, ResolveHook, ResolveHookContext } from 'node:module';
import { basename, dirname, extname, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { MessagePort } from 'node:worker_threads';
import { localModule } from '../project/local-modules.ts';
import { settingsOf } from '../project/settings.ts';
import { ModuleGraph, localFile } from './module-graph.ts';
import { announced, moduleOfRequired, type RequiredModule } from './shared-modules.ts';
import { transpileModule } from './transpile-module.ts';
import { webAssemblyModule } from './web-assembly-module.ts';

/** What the main thread hands over. */
export interface HooksData {
  /** URL that stands for the cells. */
  readonly notebookUrl: string;
  /** URLs of this package's modules, by specifier. */
  readonly ownModules: Readonly<Record<string, string>>;
  /** To the main thread go sources with their maps, from it come imports that failed. */
  readonly port: MessagePort;
}

/** An import of a cell that failed. */
export interface FailedImport {
  readonly specifier: string;
  /** Path of the file that stands for the cells. */
  readonly from: string;
}

/** The modules that `require` has loaded by now. */
export interface RequiredModules {
  readonly required: readonly RequiredModule[];
  /** Is told that they are known here. */
  readonly heard: MessagePort;
}

/** A local module that was loaded, for tracebacks. */
export interface LoadedModule {
  readonly url: string;
  readonly source: string;
  readonly map: string;
}

let data: HooksData;
const graph = new ModuleGraph();
/** By path. */
let required: ReadonlyMap<string, RequiredModule> = new Map();
/** Stands in the URL of a module that was required before it was imported. */
const requiredParameter = 'required';

export const initialize: InitializeHook<HooksData> = (given) => {
  data = given;
  data.port.on('message', (message: FailedImport | RequiredModules) => {
    if ('required' in message) {
      required = new Map(message.required.map((module) => [module.path, module]));
      return message.heard.postMessage(true);
    }
    const file = localFile(message.specifier, message.from);
    if (file !== undefined) graph.markFailed(file);
  });
  data.port.unref();
};

/** Packages resolve their own files as Node does. */
const isLocal = (url: string): boolean =>
  url.startsWith('file:') &&
  !url.includes('/node_modules/') &&
  !url.startsWith(new URL('../../', import.meta.url).href);

/** The project's own conditions count when its modules import packages. */
const withConditions = (context: ResolveHookContext, parentPath: string): ResolveHookContext => {
  const { customConditions } = settingsOf(dirname(parentPath)).options;
  return customConditions === undefined
    ? context
    : { ...context, conditions: [...context.conditions, ...customConditions] };
};

const isInPackage = (path: string): boolean => path.includes(`${sep}node_modules${sep}`);

export const resolve: ResolveHook = async (specifier, context, next) => {
  if (Object.hasOwn(data.ownModules, specifier))
    return { url: data.ownModules[specifier], format: 'module', shortCircuit: true };
  const parent = context.parentURL ?? data.notebookUrl;
  if (!isLocal(parent)) return next(specifier, context);
  const parentPath = fileURLToPath(parent);
  const file = localModule(specifier, parentPath);
  if (file === undefined) return next(specifier, withConditions(context, parentPath));
  if (isInPackage(file)) return next(pathToFileURL(file).href, context);
  // What is imported by a name that is not written out becomes known here.
  // The notebook may have moved to another folder; its file keeps the name.
  if (basename(parent) === basename(data.notebookUrl) || !graph.knows(file)) graph.refresh(file);
  const version = graph.version(file);
  const module = required.get(file);
  const query = module !== undefined ? `?${requiredParameter}=${module.id}` : version > 0 ? `?v=${version}` : '';
  return {
    url: pathToFileURL(file).href + query,
    // JSON needs no attribute here.
    importAttributes: file.endsWith('.json') ? { ...context.importAttributes, type: 'json' } : context.importAttributes,
    shortCircuit: true,
  };
};

const transpiled = /\.([cm]?[jt]s|[jt]sx)$/;

export const load: LoadHook = async (url, context, next) => {
  if (!isLocal(url)) return next(url, context);
  const path = fileURLToPath(url);
  if (extname(path) === '.wasm')
    return { format: 'module', source: webAssemblyModule(readFileSync(path)), shortCircuit: true };
  if (!transpiled.test(path)) return next(url, context);
  const module = new URL(url).searchParams.has(requiredParameter) ? required.get(path) : undefined;
  if (module !== undefined) return { format: 'module', source: moduleOfRequired(module), shortCircuit: true };
  const source = readFileSync(path, 'utf8');
  const { code, map, format } = transpileModule(path, source);
  // CommonJS in JavaScript is Node's to load, which knows `require` and its cache.
  if (format === 'commonjs' && map === '') return next(url, { ...context, format });
  // A module of CommonJS goes by its path.
  data.port.postMessage({ url: format === 'commonjs' ? path : url, source, map } satisfies LoadedModule);
  const whole = format === 'module' && map !== '' ? announced(code, url) : code;
  return { format, source: withMap(whole, map), shortCircuit: true };
};

/** With its map, a debugger shows a module's own lines whenever it comes. */
const withMap = (code: string, map: string): string =>
  map === ''
    ? code
    : `${code}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}\n`;
