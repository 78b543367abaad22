/**
 * @file One instance of a local module, whether it is imported or required: `require` of one that was imported gives the exports of
 * that one, and the other way round. Modules of CommonJS are one in Node itself.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

type Exports = Record<string, unknown>;

/** A module as it was imported. */
interface Imported {
  readonly url: string;
  readonly namespace: Exports;
}

/** Where modules that were imported announce themselves, and find what was required: code of ours at their end does. */
const sharedSymbol = Symbol.for('tensorcell.modules');

/** A module that was required, for the thread of the loader. */
export interface RequiredModule {
  readonly path: string;
  /** Another one for each time that it was loaded. */
  readonly id: number;
  readonly names: readonly string[];
}

const access = `globalThis[Symbol.for(${JSON.stringify(sharedSymbol.description)})]`;

/** The code of an ES module, which tells at its end that it was loaded. */
export function announced(code: string, url: string): string {
  const specifier = JSON.stringify(url);
  return `${code}\n;import * as __tensorcell_self from ${specifier}; ${access}?.imported(${specifier}, __tensorcell_self);`;
}

/** An ES module with the exports of one that was required. */
export function moduleOfRequired({ path, names }: RequiredModule): string {
  const exported = names.map(
    (name, i) =>
      `const export${i} = exports[${JSON.stringify(name)}]; export { export${i} as ${JSON.stringify(name)} };`,
  );
  return [`const exports = ${access}.required(${JSON.stringify(path)});`, ...exported].join('\n');
}

/** What a module that was imported is to whoever requires it, as Node has it for its own. */
function asRequired(namespace: Exports): Exports {
  const exports = Object.create(null) as Exports;
  for (const name of Object.keys(namespace))
    Object.defineProperty(exports, name, { enumerable: true, get: () => namespace[name] });
  if ('default' in namespace) Object.defineProperty(exports, '__esModule', { value: true });
  return exports;
}

/** What is known of a module's text and imports. */
export interface ModuleTexts {
  /** What was loaded under a URL. */
  loaded(url: string): string | undefined;
  /** The local files that a text imports. */
  importsOf(path: string, text: string): readonly string[];
}

export class SharedModules {
  /** By path, the newest of each. */
  readonly #imported = new Map<string, Imported>();
  /** Modules in Node's cache whose exports are those of an imported one. */
  readonly #borrowed = new Set<string>();
  /** Modules that `require` loaded, and that are ES modules by their text. */
  readonly #required = new Map<string, { readonly module: NodeJS.Module; readonly id: number }>();
  readonly #texts: ModuleTexts;
  #lastId = 0;

  constructor(texts: ModuleTexts) {
    this.#texts = texts;
    const shared = {
      imported: (url: string, namespace: Exports): void => {
        this.#imported.set(fileURLToPath(url), { url, namespace });
      },
      required: (path: string): unknown => this.#required.get(path)?.module.exports,
    };
    Object.defineProperty(globalThis, sharedSymbol, { value: shared, configurable: true });
  }

  /** Exports for a file that is to be required, if it was imported, and neither it nor what it imports was edited since. */
  borrow(path: string): Exports | undefined {
    const found = this.#imported.get(path);
    if (found === undefined || !this.#isCurrent(path)) return undefined;
    this.#borrowed.add(path);
    return asRequired(found.namespace);
  }

  /** Takes note of an ES module that `require` loads. */
  noteRequired(module: NodeJS.Module): void {
    this.#required.set(module.filename, { module, id: ++this.#lastId });
  }

  /** Files whose borrowed exports are not what an import would give now. */
  outdated(): string[] {
    return [...this.#borrowed].filter((path) => !this.#isCurrent(path));
  }

  /** The file is not in Node's cache any more. */
  forget(path: string): void {
    this.#borrowed.delete(path);
    this.#required.delete(path);
  }

  /** What was required and is whole by now. */
  requiredModules(): RequiredModule[] {
    return [...this.#required].flatMap(([path, { module, id }]) => {
      const exports = module.exports as unknown;
      if (!module.loaded || typeof exports !== 'object' || exports === null) return [];
      return [{ path, id, names: Object.keys(exports) }];
    });
  }

  #isCurrent(entry: string): boolean {
    const reached = new Set([entry]);
    for (const path of reached) {
      const known = this.#imported.get(path);
      if (known === undefined) continue;
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch {
        return false;
      }
      if (this.#texts.loaded(known.url) !== text) return false;
      for (const imported of this.#texts.importsOf(path, text)) reached.add(imported);
    }
    return true;
  }
}
