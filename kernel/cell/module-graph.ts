/** @file The notebook's local modules and what they import of each other: an edited module, and whoever imports it, gets a new version. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { localModule } from '../project/local-modules.ts';
import { settingsKey, settingsOf } from '../project/settings.ts';
import { importedSpecifiers } from './transpile-module.ts';

interface ModuleNode {
  /** Time and size of the file when it was read. */
  readonly stamp: string;
  readonly content: string;
  readonly specifiers: readonly string[];
  /** Paths of the local modules that it imports: which they are may change without an edit. */
  imports: readonly string[];
}

/** Extensions of modules that import others. */
const code = /\.([cm]?[jt]s|[jt]sx)$/;

/** The file that an import means, or undefined where that is for Node to decide. */
export const localFile = (specifier: string, parentPath: string): string | undefined => {
  const file = localModule(specifier, parentPath);
  return file === undefined || file.includes(`${sep}node_modules${sep}`) ? undefined : file;
};

export class ModuleGraph {
  readonly #nodes = new Map<string, ModuleNode>();
  /** By path: the content of all that a module reaches, and how often that has changed. */
  readonly #versions = new Map<string, { readonly fingerprint: string; readonly number: number }>();
  /** Entries whose last import failed: they are tried anew though nothing was edited. */
  readonly #failed = new Set<string>();

  /** Looks at the files again, from `entry` on; call it where an import statement begins. */
  refresh(entry: string): void {
    const reached = new Set([entry]);
    for (const path of reached) for (const imported of this.#read(path).imports) reached.add(imported);
    let changed = false;
    for (const path of reached) changed = this.#update(path) || changed;
    if (this.#failed.delete(entry) && !changed) for (const path of reached) this.#next(path);
  }

  /** How often the module, or one that it reaches, has changed; 0 at first. */
  version(path: string): number {
    return this.#versions.get(path)?.number ?? 0;
  }

  /** Whether the module was looked at. */
  knows(path: string): boolean {
    return this.#versions.has(path);
  }

  /** The import of this entry failed. */
  markFailed(entry: string): void {
    this.#failed.add(entry);
  }

  #read(path: string): ModuleNode {
    const { mtimeMs, size } = statSync(path);
    const stamp = `${mtimeMs}:${size}`;
    let node = this.#nodes.get(path);
    if (node?.stamp !== stamp) {
      const source = readFileSync(path, 'utf8');
      node = {
        stamp,
        content: createHash('sha1').update(source).digest('hex'),
        specifiers: code.test(path) ? importedSpecifiers(path, source) : [],
        imports: [],
      };
      this.#nodes.set(path, node);
    }
    node.imports = node.specifiers.flatMap((specifier) => localFile(specifier, path) ?? []);
    return node;
  }

  /** The module and all local modules below it, as they were read last. */
  #reach(entry: string): Set<string> {
    const reached = new Set([entry]);
    for (const path of reached) for (const imported of this.#nodes.get(path)?.imports ?? []) reached.add(imported);
    return reached;
  }

  #update(path: string): boolean {
    // Other settings make another module of the same text.
    const contents = [...this.#reach(path)]
      .sort()
      .map((reached) => `${reached}:${this.#nodes.get(reached)?.content}:${settingsKey(settingsOf(dirname(reached)))}`);
    const fingerprint = contents.join('\n');
    const known = this.#versions.get(path);
    if (known?.fingerprint === fingerprint) return false;
    this.#versions.set(path, { fingerprint, number: known === undefined ? 0 : known.number + 1 });
    return true;
  }

  #next(path: string): void {
    const known = this.#versions.get(path);
    if (known !== undefined) this.#versions.set(path, { ...known, number: known.number + 1 });
  }
}
