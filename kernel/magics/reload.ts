/** @file Names that cells imported from local modules, so that `%autoreload` can import them anew. */
import { parseSync } from 'oxc-parser';
import { declarationsOf } from '../typescript/declared-names.ts';

/** How a name was imported: `default`, `*`, or the name that the module exports. */
interface LocalImport {
  readonly specifier: string;
  readonly imported: string;
}

const isLocal = (specifier: string): boolean => /^\.{0,2}\//.test(specifier);

export class LocalImports {
  readonly #names = new Map<string, LocalImport>();

  /** Takes note of a cell's declarations. A name that is declared anew follows its module no longer. */
  note(source: string): void {
    if (this.#names.size === 0 && !/\bimport\b/.test(source)) return;
    for (const name of declarationsOf(source).names.keys()) this.#names.delete(name);
    const { module } = parseSync('cell.ts', source, { lang: 'ts', sourceType: 'module' });
    for (const { moduleRequest, entries } of module.staticImports) {
      if (!isLocal(moduleRequest.value)) continue;
      for (const { isType, localName, importName } of entries) {
        if (isType) continue;
        const imported =
          importName.kind === 'NamespaceObject'
            ? '*'
            : importName.kind === 'Default'
              ? 'default'
              : (importName.name ?? '');
        this.#names.set(localName.value, { specifier: moduleRequest.value, imported });
      }
    }
  }

  forget(): void {
    this.#names.clear();
  }

  /** A script that imports them all again; what was not edited stays what it is. Undefined where there are none. */
  get script(): string | undefined {
    if (this.#names.size === 0) return undefined;
    return [...this.#names]
      .map(([name, { specifier, imported }]) => {
        const bound = imported === '*' ? `* as ${name}` : `{ ${JSON.stringify(imported)} as ${name} }`;
        return `import ${bound} from ${JSON.stringify(specifier)};`;
      })
      .join(' ');
  }
}
