/** @file Names that cells imported from local modules, so that `%autoreload` can import them anew. */

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** How a name was imported: `default`, `*`, or the name that the module exports. */
interface LocalImport {
  /** URL of the module. */
  readonly specifier: string;
  readonly imported: string;
}

const isLocal = (specifier: string): boolean => /^\.{0,2}\//.test(specifier);

export class LocalImports {
  readonly #names = new Map<string, LocalImport>();
  /** Cells that were not looked at yet: most notebooks never ask. */
  #unread: { readonly source: string; readonly folder: string }[] = [];

  /** Takes note of a cell that runs. @param folder from which its imports are resolved */
  note(source: string, folder: string): void {
    if (this.#names.size > 0 || this.#unread.length > 0 || /\bimport\b/.test(source))
      this.#unread.push({ source, folder });
  }

  forget(): void {
    this.#names.clear();
    this.#unread = [];
  }

  /** A script for each module that imports its names again; what was not edited stays what it is. */
  async scripts(): Promise<Map<string, string>> {
    const { parseSync } = await import('oxc-parser');
    const { declarationsOf } = await import('../typescript/declared-names.ts');
    for (const { source, folder } of this.#unread.splice(0)) {
      // A name that is declared anew follows its module no longer.
      for (const name of declarationsOf(source).names.keys()) this.#names.delete(name);
      const { module } = parseSync('cell.tsx', source, { sourceType: 'module' });
      for (const { moduleRequest, entries } of module.staticImports) {
        if (!isLocal(moduleRequest.value)) continue;
        const specifier = pathToFileURL(resolve(folder, moduleRequest.value)).href;
        for (const { isType, localName, importName } of entries) {
          const { kind, name } = importName;
          const imported = kind === 'NamespaceObject' ? '*' : kind === 'Default' ? 'default' : (name ?? '');
          if (!isType) this.#names.set(localName.value, { specifier, imported });
        }
      }
    }
    const scripts = new Map<string, string>();
    for (const [name, { specifier, imported }] of this.#names) {
      const bound = imported === '*' ? `* as ${name}` : `{ ${JSON.stringify(imported)} as ${name} }`;
      scripts.set(specifier, `${scripts.get(specifier) ?? ''}import ${bound} from ${JSON.stringify(specifier)}; `);
    }
    return scripts;
  }
}
