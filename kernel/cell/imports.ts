/** @file The cells' `import`: specifiers resolved from the notebook's folder, `tensorcell` being the runtime that runs here. */
import { createRequire, isBuiltin, register } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script, constants } from 'node:vm';
import { statSync } from 'node:fs';
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { markupOfJsx } from '../display/kinds/jsx-elements.ts';
import { localPaths } from '../project/local-modules.ts';
import { isFileSpecifier } from '../project/module-files.ts';
import { settingsKey, settingsOf } from '../project/settings.ts';
import { withNames } from './commonjs-names.ts';
import type { FailedImport, HooksData, LoadedModule, RequiredModules } from './module-hooks.ts';
import { hasRequired, installLocalRequire, requireForCells, sharedModules } from './local-require.ts';
import { type ImportHelper, type ImportOptions, importHelper } from './module-helper.ts';
import { ownModules } from './runtime.ts';
import type { SharedModules } from './shared-modules.ts';
import type { SourceRegistry } from './stack.ts';

type Namespace = Record<string, unknown>;
type NativeImport = (specifier: string, options?: ImportOptions) => Promise<Namespace>;

/** `import()` as code in `filename` sees it; Node calls the way to say so experimental, which is no news to a notebook. */
const importFrom = (filename: string): NativeImport => {
  const native = new Script('(specifier, options) => import(specifier, options)', {
    filename,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as NativeImport;
  let quiet = false;
  return (specifier, options) => {
    if (quiet) return native(specifier, options);
    quiet = true;
    const { emitWarning } = process;
    process.emitWarning = () => undefined;
    try {
      return native(specifier, options);
    } finally {
      process.emitWarning = emitWarning;
    }
  };
};

/** Stands for constants where a cell assigns to them. */
const constantTargets = new Proxy(
  {},
  {
    set: (_target, name) => {
      throw new TypeError(`Assignment to constant variable '${String(name)}'.`);
    },
  },
);

/** Forgets CommonJS modules of the notebook that were edited since they were loaded, and those that require them. */
class RequireCache {
  readonly #cache: NodeJS.Dict<NodeJS.Module>;
  readonly #stamps = new Map<string, string>();
  readonly #shared: SharedModules;

  constructor(cache: NodeJS.Dict<NodeJS.Module>, shared: SharedModules) {
    this.#cache = cache;
    this.#shared = shared;
  }

  /** Remembers what the files loaded so far look like; drops the edited ones. */
  refresh(): void {
    const local = Object.values(this.#cache).filter(
      (module) => module?.filename && !module.filename.includes(`${sep}node_modules${sep}`),
    ) as NodeJS.Module[];
    const edited = local.filter(({ filename }) => this.#isEdited(filename));
    const stale = new Set([...edited.map(({ filename }) => filename), ...this.#shared.outdated()]);
    // Whoever requires a stale module is stale; as many rounds as requires are deep.
    for (let grown = stale.size > 0; grown;) {
      const before = stale.size;
      for (const { filename } of local) if (hasRequired(filename, stale)) stale.add(filename);
      grown = stale.size > before;
    }
    for (const filename of stale) {
      delete this.#cache[filename];
      this.#shared.forget(filename);
      this.#stamps.delete(filename);
    }
  }

  #isEdited(filename: string): boolean {
    const stats = statSync(filename, { throwIfNoEntry: false });
    const settings = settingsKey(settingsOf(dirname(filename)));
    const stamp = stats === undefined ? '' : `${stats.mtimeMs}:${stats.size}:${settings}`;
    const known = this.#stamps.get(filename);
    this.#stamps.set(filename, stamp);
    return known !== undefined && known !== stamp;
  }
}

export class CellImports {
  #filename!: string;
  #native!: NativeImport;
  #require!: NodeJS.Require;
  readonly #requireCache: RequireCache;
  readonly #sources: SourceRegistry;
  /** To the hooks thread, which starts with the first local module. */
  #hooks: MessagePort | undefined;
  readonly #shared: SharedModules;
  /** What the hooks thread was told of modules that were required. */
  #told = '[]';

  constructor(folder: string, sources: SourceRegistry) {
    this.#begin(folder);
    this.#shared = sharedModules(sources);
    this.#requireCache = new RequireCache(this.#require.cache, this.#shared);
    this.#sources = sources;
    sources.onMiss(() => this.#receiveSources());
  }

  #begin(folder: string): void {
    // A file that need not exist: it stands for the cells in the module system.
    this.#filename = join(folder, 'notebook.ts');
    this.#native = importFrom(this.#filename);
    this.#require = createRequire(this.#filename);
  }

  /** Specifiers are resolved from another folder from now on. */
  moveTo(folder: string): void {
    this.#begin(folder);
    this.#defineGlobals();
  }

  /** Puts `require` and the helper that stands for `import` on the global object. */
  install(): void {
    installLocalRequire(this.#sources, this.#shared);
    this.#defineGlobals();
  }

  #defineGlobals(): void {
    const url = pathToFileURL(this.#filename).href;
    const helper: ImportHelper = Object.assign(
      async (specifier: string, options?: ImportOptions, names?: readonly string[]) => {
        const namespace = await this.#import(String(specifier), options);
        return names === undefined ? namespace : withNames(namespace, names);
      },
      {
        constants: constantTargets,
        jsx: markupOfJsx,
        meta: {
          url,
          filename: this.#filename,
          dirname: dirname(this.#filename),
          resolve: (specifier: string) => this.#resolve(specifier, url),
        },
      },
    );
    Object.defineProperty(globalThis, importHelper, { value: helper, configurable: true });
    const value = requireForCells(this.#require, () => this.#requireCache.refresh());
    Object.defineProperty(globalThis, 'require', { value, writable: true, configurable: true });
  }

  async #import(specifier: string, options?: ImportOptions): Promise<Namespace> {
    if (Object.hasOwn(ownModules, specifier)) return this.#native(ownModules[specifier]);
    const withType = specifier.endsWith('.json') && options?.with?.type === undefined;
    const completed = withType ? { with: { ...options?.with, type: 'json' } } : options;
    if (!this.#isLocal(specifier)) return this.#native(specifier, completed);
    this.#requireCache.refresh();
    this.#startHooks();
    await this.#tellRequired();
    const from = this.#filename;
    try {
      const namespace = await this.#native(specifier, completed);
      this.#requireCache.refresh();
      return namespace;
    } catch (error) {
      // Node remembers failed modules; the next statement is to try again.
      this.#hooks?.postMessage({ specifier, from } satisfies FailedImport);
      throw error;
    }
  }

  /** A file, or a name that the project has for one. */
  #isLocal(specifier: string): boolean {
    return isFileSpecifier(specifier) || localPaths(specifier, this.#filename).length > 0;
  }

  #resolve(specifier: string, url: string): string {
    if (isFileSpecifier(specifier) || /^[a-z][a-z\d+.-]+:/i.test(specifier)) return new URL(specifier, url).href;
    if (Object.hasOwn(ownModules, specifier)) return ownModules[specifier];
    return isBuiltin(specifier) ? `node:${specifier}` : pathToFileURL(this.#require.resolve(specifier)).href;
  }

  /** Lets the hooks thread know what was required since; it has said so when this resolves. */
  async #tellRequired(): Promise<void> {
    const modules = this.#shared.requiredModules();
    const text = JSON.stringify(modules);
    if (text === this.#told || this.#hooks === undefined) return;
    this.#told = text;
    const { port1, port2 } = new MessageChannel();
    const heard = new Promise((resolve) => port1.once('message', resolve));
    this.#hooks.postMessage({ required: modules, heard: port2 } satisfies RequiredModules, [port2]);
    await heard;
    port1.close();
  }

  #startHooks(): void {
    if (this.#hooks !== undefined) return;
    const { port1, port2 } = new MessageChannel();
    port1.unref();
    const data: HooksData = { notebookUrl: pathToFileURL(this.#filename).href, ownModules, port: port2 };
    register(new URL('./module-hooks.js', import.meta.url), { data, transferList: [port2] });
    this.#hooks = port1;
  }

  #receiveSources(): void {
    if (this.#hooks === undefined) return;
    for (let received = receiveMessageOnPort(this.#hooks); received; received = receiveMessageOnPort(this.#hooks)) {
      const { url, source, map } = received.message as LoadedModule;
      this.#sources.set(url, { source, map });
    }
  }
}
