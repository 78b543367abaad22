/**
 * @file The user's own modules that cells import. The server reads a file once and hears of changes only from us, so the
 * files that cells can reach are looked at before each check.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { parseSync } from 'oxc-parser';
import type { FileEvent } from 'vscode-languageserver-protocol/node';
import { languageOfCell } from '../compile/language.ts';
import { isTooDeep } from '../compile/nesting.ts';
import { isFileSpecifier, localModule, localPaths, packageOf, resolvePackage, settingsOf } from '../project/index.ts';
import { FileChangeType } from './server-protocol.ts';

export interface FileChange {
  readonly path: string;
  readonly type: FileEvent['type'];
}

const isModule = (path: string): boolean => /\.[cm]?[jt]sx?$/.test(path);

/** What a module or a cell imports; nothing if it does not parse. */
function importsOf(text: string): string[] {
  if (isTooDeep(text)) return [];
  const { module } = parseSync('module.ts', text, { lang: languageOfCell(text), sourceType: 'module' });
  const fixed = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)].flatMap(
    ({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : []),
  );
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
    const literal = /^(['"`])(.*)\1$/.exec(text.slice(start, end));
    return literal ? [literal[2]] : [];
  });
  const required = [...text.matchAll(/\brequire\s*\(\s*(['"])([^'"]+)\1\s*\)/g)].map(([, , specifier]) => specifier);
  return [...fixed, ...dynamic, ...required];
}

/** Files that a path in an import may stand for. */
function candidates(path: string): string[] {
  const written = /^(.*)\.([cm]?)js(x?)$/.exec(path);
  const asTyped = written ? [`${written[1]}.${written[2]}ts${written[3]}`, `${written[1]}.d.${written[2]}ts`] : [];
  const extended = ['.ts', '.tsx', '.d.ts', '.js', '.jsx', '.json'].map((extension) => path + extension);
  const indexed = ['index.ts', 'index.tsx', 'index.d.ts', 'index.js'].map((index) => join(path, index));
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
  /** Stands for the cells. */
  readonly #notebook: string;
  /** Stamp of each file that cells reach, as the server last read it. */
  readonly #stamps = new Map<string, string | undefined>();
  /** What each of the modules among them imports. */
  readonly #imports = new Map<string, readonly string[]>();

  constructor(folder: string) {
    this.#notebook = join(folder, 'notebook.ts');
  }

  /** A module with JSX is among the files. */
  get hasJsx(): boolean {
    for (const path of this.#stamps.keys()) if (/\.[jt]sx$/.test(path)) return true;
    return false;
  }

  /** Looks after the files that a cell imports, and those that they import. */
  follow(source: string): void {
    if (!/import|from|require/.test(source)) return;
    const packageFile = settingsOf(dirname(this.#notebook)).package?.path;
    if (packageFile !== undefined && !this.#stamps.has(packageFile))
      this.#stamps.set(packageFile, stampOf(packageFile));
    this.#follow(source, this.#notebook);
  }

  #follow(text: string, from: string): void {
    const specifiers = importsOf(text);
    if (from !== this.#notebook) this.#imports.set(from, specifiers);
    for (const specifier of specifiers) {
      for (const path of localPaths(specifier, from).flatMap(candidates)) {
        const stamp = this.#stamps.has(path) ? undefined : stampOf(path);
        if (stamp === undefined) continue;
        this.#stamps.set(path, stamp);
        if (isModule(path)) this.#follow(readFileSync(path, 'utf8'), path);
      }
    }
  }

  /**
   * The user's modules in TypeScript that a cell reaches, nearest first, as `follow` and `changes` found them.
   *
   * @param withJavaScript those in JavaScript too
   */
  modulesOf(source: string, withJavaScript: boolean): string[] {
    if (!/import|from|require/.test(source)) return [];
    const isChecked = withJavaScript ? isModule : (path: string): boolean => /\.[cm]?tsx?$/.test(path);
    const found = new Set<string>();
    const visit = (specifiers: readonly string[], from: string): void => {
      for (const specifier of specifiers) {
        const path = localModule(specifier, from);
        if (path === undefined || found.has(path) || path.includes(`${sep}node_modules${sep}`)) continue;
        found.add(path);
        visit(this.#imports.get(path) ?? [], path);
      }
    };
    visit(importsOf(source), this.#notebook);
    return [...found].filter((path) => isChecked(path) && !/\.d\.[cm]?ts$/.test(path));
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
      if (now !== undefined && isModule(path)) this.#follow(readFileSync(path, 'utf8'), path);
    }
    return changes;
  }

  /** The files that are there now for specifiers which the server did not find. @param from the file that imports them */
  arrivals(specifiers: readonly string[], from = this.#notebook): FileChange[] {
    const paths = specifiers.flatMap((specifier) => {
      const local = localPaths(specifier, from).flatMap(candidates).filter(stampOf);
      if (local.length > 0 || isFileSpecifier(specifier)) return local;
      const folders = createRequire(from).resolve.paths(specifier) ?? [];
      return folders.map((folder) => join(folder, packageOf(specifier), 'package.json')).filter(existsSync);
    });
    return paths.map((path) => ({ path, type: FileChangeType.Created }));
  }

  /** Whether `import` may find a module that has no types at all. */
  existsAtRunTime(specifier: string, from = this.#notebook): boolean {
    if (isBuiltin(specifier)) return true;
    if (localModule(specifier, from) !== undefined) return true;
    if (isFileSpecifier(specifier)) return false;
    try {
      resolvePackage(specifier, dirname(from));
      return true;
    } catch (error) {
      // A package for `import` only is there, though `require` may not have it.
      return (error as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
    }
  }
}
