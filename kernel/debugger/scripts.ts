/** @file The scripts that V8 knows, and positions between them and what the user wrote: cells, local modules, libraries. */
import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { LEAST_UPPER_BOUND, TraceMap, generatedPositionFor, originalPositionFor } from '@jridgewell/trace-mapping';
import { originOf } from '../cell/stack.ts';
import { capacity, type Cells, isCellPath } from './cells.ts';
import { DapError, type Source } from './dap.ts';
import type { Debugger, ParsedScript } from './inspector.ts';

/** 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Script {
  readonly scriptId: string;
  readonly url: string;
  /** `user`: a cell or a local module; `library`: an installed package. Others are not kept. */
  readonly origin: 'user' | 'library';
  readonly isCell: boolean;
  /** By what the protocol calls it. */
  readonly path: string;
  readonly name: string;
  readonly map?: TraceMap;
}

const inlineMap = /^data:application\/json;(?:charset=utf-8;)?base64,(.*)$/s;

/** The map at the end of a script, where it is part of the script. */
const mapIn = ({ sourceMapURL = '' }: ParsedScript): TraceMap | undefined => {
  const encoded = inlineMap.exec(sourceMapURL)?.[1];
  return encoded === undefined ? undefined : new TraceMap(Buffer.from(encoded, 'base64').toString('utf8'));
};

/** The user's place for a place in a script; undefined where the compiler put something of its own there. */
export function originalPosition(map: TraceMap | undefined, line: number, column: number): Position | undefined {
  if (map === undefined) return { line: line + 1, column: column + 1 };
  const found = originalPositionFor(map, { line: line + 1, column });
  return found.line === null ? undefined : { line: found.line, column: found.column + 1 };
}

/** Where (0-based, as V8 counts) the first thing at or after a place of the user's is in the script. */
export function generatedPosition(
  map: TraceMap | undefined,
  { line, column }: Position,
): { readonly lineNumber: number; readonly columnNumber: number } | undefined {
  if (map === undefined) return { lineNumber: line - 1, columnNumber: column - 1 };
  const source = map.sources[0] ?? '';
  const found = generatedPositionFor(map, { source, line, column: column - 1, bias: LEAST_UPPER_BOUND });
  return found.line === null ? undefined : { lineNumber: found.line - 1, columnNumber: found.column };
}

/** URL without the version that an edited module carries. */
const withoutVersion = (url: string): string => url.replace(/\?v=\d+$/, '');

export class Scripts {
  readonly #cells: Cells;
  readonly #folder: string;
  readonly #byId = new Map<string, Script>();
  /** Scripts of cells, oldest first. */
  readonly #cellIds: string[] = [];

  /** @param folder the notebook's: names of local modules are relative to it */
  constructor(cells: Cells, folder: string) {
    this.#cells = cells;
    this.#folder = folder;
  }

  /** V8 has a new script; undefined where it is none of the user's or a library's. */
  add(parsed: ParsedScript): Script | undefined {
    const script = this.#script(parsed);
    if (script === undefined) return undefined;
    this.#byId.set(script.scriptId, script);
    if (script.isCell && this.#cellIds.push(script.scriptId) > capacity) this.#byId.delete(this.#cellIds.shift()!);
    return script;
  }

  clear(): void {
    this.#byId.clear();
    this.#cellIds.length = 0;
  }

  get({ scriptId }: Debugger.Location): Script | undefined {
    return this.#byId.get(scriptId);
  }

  /** The script that stacks call so: a cell by its URL, a local module by its path in the notebook's folder. */
  named(name: string): Script | undefined {
    return [...this.#byId.values()].findLast((script) => script.name === name || script.url === name);
  }

  /** The cell that began last. */
  newestCell(): Script | undefined {
    return [...this.#byId.values()].findLast(({ isCell }) => isCell);
  }

  /** Where a place of the user's is in a script. */
  generated(script: Script, position: Position): ReturnType<typeof generatedPosition> {
    return generatedPosition(script.map, position);
  }

  /** The newest script of a local module or a library. */
  ofFile(path: string): Script | undefined {
    return [...this.#byId.values()].findLast((script) => !script.isCell && script.path === path);
  }

  /** The URLs that a file will have when it is loaded next. */
  futureUrlsOf(path: string): string {
    const had = [...this.#byId.values()].filter((script) => !script.isCell && script.path === path);
    return urlPatternOf(path, [...new Set(had.map(({ url }) => url))]);
  }

  /** Files that were loaded, each once. */
  files(): Script[] {
    const files = [...this.#byId.values()].filter(({ isCell }) => !isCell);
    return [...new Map(files.map((script) => [script.path, script])).values()];
  }

  /** The files as `modules` lists them. @param count of those from `start` on; all where it is no positive number */
  modules(start: unknown, count: unknown): { readonly modules: readonly object[]; readonly totalModules: number } {
    const all = this.files().map(({ name, path, origin }, id) => ({ id, name, path, isUserCode: origin === 'user' }));
    const first = typeof start === 'number' ? start : 0;
    const end = typeof count === 'number' && count > 0 ? first + count : all.length;
    return { modules: all.slice(first, end), totalModules: all.length };
  }

  original({ scriptId, lineNumber, columnNumber = 0 }: Debugger.Location): Position | undefined {
    return originalPosition(this.#byId.get(scriptId)?.map, lineNumber, columnNumber);
  }

  /** The text of a source as it runs, or as it would. @throws {@link DapError} where there is none at that path */
  async source(path: string): Promise<{ readonly content: string; readonly mimeType: string }> {
    const content = this.ofFile(path)?.map?.sourcesContent?.[0] ?? (await this.text(path));
    if (content === undefined) throw new DapError(`There is no source ${path}.`);
    return { content, mimeType: /\.[cm]?tsx?$/.test(path) ? 'text/typescript' : 'text/javascript' };
  }

  /** The text that a person sees now: a cell, or a file that may have been edited since it was loaded. */
  async text(path: string): Promise<string | undefined> {
    return isCellPath(path) ? this.#cells.code(path) : await readFile(path, 'utf8').catch(() => undefined);
  }

  #script(parsed: ParsedScript): Script | undefined {
    const { scriptId, url } = parsed;
    const executed = this.#cells.byUrl(url);
    if (executed !== undefined) {
      const { path, cell } = executed;
      return { scriptId, url, origin: 'user', isCell: true, path, name: url, map: new TraceMap(cell.map) };
    }
    const origin = originOf(url);
    if (origin === 'hidden') return undefined;
    const path = url.startsWith('file:') ? fileURLToPath(withoutVersion(url)) : url;
    const inside = relative(this.#folder, path);
    const name = inside.startsWith('..') ? path : `./${inside.split(sep).join('/')}`;
    const map = origin === 'user' ? mapIn(parsed) : undefined;
    // The name by which the cells import: a file of that name, being TypeScript, would have a map.
    if (inside === 'notebook.ts' && map === undefined) return undefined;
    return { scriptId, url, origin, isCell: false, path, name, map };
  }
}

export const sourceOf = ({ name, path, origin }: Script): Source => ({
  name,
  path,
  ...(origin === 'library' ? { presentationHint: 'deemphasize' as const } : {}),
});

/** Matches the URLs that a file may get, any version of it (and the plain path of CommonJS), but for those it has had. */
const urlPatternOf = (path: string, had: readonly string[]): string => {
  const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const not = had.map((url) => `(?!${escaped(url)}$)`).join('');
  return `^${not}(${escaped(pathToFileURL(path).href)}(\\?v=\\d+)?|${escaped(path)})$`;
};

/**
 * What V8 is not to stop in: everything but cells (`cell_3.ts`, or the name of a file that was run as one) and files outside of
 * node_modules and of this package. Node's own scripts belong to no context and stay as they are; stepping leaves them by itself.
 */
export const blackboxPatterns: readonly string[] = [
  '^(?!file:|/|[^/:]+$)',
  '^(expression_\\d+\\.ts|evalmachine\\..*)$',
  '/node_modules/',
  `^${new URL('../../', import.meta.url).href.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`,
];
