/**
 * @file The user's own modules that cells import. The server reads a file once and hears of changes only from us, so the
 * files that cells can reach are looked at before each check.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { parseSync } from 'oxc-parser';
import { isTooDeep } from '../compile/nesting.ts';
import type { FileEvent } from 'vscode-languageserver-protocol/node';
import { FileChangeType } from './server-protocol.ts';

export interface FileChange {
  readonly path: string;
  readonly type: FileEvent['type'];
}

const isRelative = (specifier: string): boolean => /^\.{0,2}\//.test(specifier);
const isModule = (path: string): boolean => /\.[cm]?[jt]sx?$/.test(path);

/** Relative imports of a module or a cell; none if it does not parse. */
function relativeImports(text: string): string[] {
  if (isTooDeep(text)) return [];
  const { module } = parseSync('module.ts', text, { lang: 'ts', sourceType: 'module' });
  const fixed = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)].flatMap(
    ({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : []),
  );
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
    const literal = /^(['"`])(.*)\1$/.exec(text.slice(start, end));
    return literal ? [literal[2]] : [];
  });
  return [...fixed, ...dynamic].filter(isRelative);
}

/** Files that a path in an import may stand for. */
function candidates(path: string): string[] {
  const written = /^(.*)\.([cm]?)js(x?)$/.exec(path);
  const asTyped = written ? [`${written[1]}.${written[2]}ts${written[3]}`, `${written[1]}.d.${written[2]}ts`] : [];
  const extended = ['.ts', '.tsx', '.d.ts', '.js', '.jsx', '.json'].map((extension) => path + extension);
  const indexed = ['index.ts', 'index.d.ts', 'index.js'].map((index) => join(path, index));
  return [...asTyped, path, ...extended, ...indexed];
}

function stampOf(path: string): string | undefined {
  try {
    const stats = statSync(path);
    return stats.isFile() ? `${stats.mtimeMs} ${stats.size}` : undefined;
  } catch {
    return undefined; // not there, or not to be read
  }
}

export class LocalFiles {
  readonly #folder: string;
  /** Stamp of each file that cells reach, as the server last read it. */
  readonly #stamps = new Map<string, string | undefined>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Looks after the files that a cell imports, and those that they import. */
  follow(source: string): void {
    if (source.includes('import') || source.includes('from')) this.#follow(source, this.#folder);
  }

  #follow(text: string, folder: string): void {
    for (const specifier of relativeImports(text)) {
      for (const path of candidates(resolve(folder, specifier))) {
        const stamp = this.#stamps.has(path) ? undefined : stampOf(path);
        if (stamp === undefined) continue;
        this.#stamps.set(path, stamp);
        if (isModule(path)) this.#follow(readFileSync(path, 'utf8'), dirname(path));
      }
    }
  }

  /** What changed since the last call. */
  changes(): FileChange[] {
    const changes: FileChange[] = [];
    for (const [path, before] of [...this.#stamps]) {
      const now = stampOf(path);
      if (now === before) continue;
      this.#stamps.set(path, now);
      const type =
        now === undefined
          ? FileChangeType.Deleted
          : before === undefined
            ? FileChangeType.Created
            : FileChangeType.Changed;
      changes.push({ path, type });
      if (now !== undefined && isModule(path)) this.#follow(readFileSync(path, 'utf8'), dirname(path));
    }
    return changes;
  }

  /** The files that are there now for specifiers which the server did not find. */
  arrivals(specifiers: readonly string[]): FileChange[] {
    const paths = specifiers.flatMap((specifier) => {
      if (isRelative(specifier)) return candidates(resolve(this.#folder, specifier)).filter((path) => stampOf(path));
      const folders = createRequire(join(this.#folder, 'notebook.js')).resolve.paths(specifier) ?? [];
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
      return folders.map((folder) => join(folder, name, 'package.json')).filter(existsSync);
    });
    return paths.map((path) => ({ path, type: FileChangeType.Created }));
  }

  /** Whether `import` may find a module that has no types at all. */
  existsAtRunTime(specifier: string): boolean {
    if (isBuiltin(specifier)) return true;
    if (isRelative(specifier)) return candidates(resolve(this.#folder, specifier)).some((path) => stampOf(path));
    try {
      createRequire(join(this.#folder, 'notebook.js')).resolve(specifier);
      return true;
    } catch (error) {
      // A package for `import` only is there, though `require` may not have it.
      return (error as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
    }
  }
}
