/** @file The cells that a debugger can know: by the path that stands for their text, and by the URL that they ran under. */
import type { CompiledCell } from '../cell/contract.ts';
import { cellPaths } from './info.ts';
import { murmur2 } from './murmur2.ts';

/** A cell that ran, or is about to. */
export interface ExecutedCell {
  /** Stands for the cell's text in the protocol; no file lies there. */
  readonly path: string;
  /** What the user wrote, magics included; its lines are those of `cell.source`. */
  readonly code: string;
  readonly cell: CompiledCell;
}

/** More runs, and more texts that were dumped, are not remembered: a notebook may run for weeks. */
export const capacity = 2_000;

export const pathOfCode = (code: string): string =>
  `${cellPaths.tmpFilePrefix}${murmur2(code, cellPaths.hashSeed)}${cellPaths.tmpFileSuffix}`;

const forgetOldest = (entries: Map<string, unknown>): void => {
  const [oldest] = entries.keys();
  if (entries.size > capacity && oldest !== undefined) entries.delete(oldest);
};

export class Cells {
  readonly #byUrl = new Map<string, ExecutedCell>();
  /** Texts that a client asked to dump, by path. */
  readonly #dumped = new Map<string, string>();

  /** A cell was compiled and is about to run. @param path of the file that it is the text of */
  add(cell: CompiledCell, code: string, path = pathOfCode(code)): ExecutedCell {
    const executed = { path, code, cell };
    this.#byUrl.set(cell.url, executed);
    forgetOldest(this.#byUrl);
    return executed;
  }

  /** Remembers a text before it runs; gives the path that stands for it. */
  dump(code: string): string {
    const path = pathOfCode(code);
    this.#dumped.delete(path); // the newest stands last
    this.#dumped.set(path, code);
    forgetOldest(this.#dumped);
    return path;
  }

  byUrl(url: string): ExecutedCell | undefined {
    return this.#byUrl.get(url);
  }

  /** The runs of the text that `path` stands for, newest first. */
  runsOf(path: string): ExecutedCell[] {
    return [...this.#byUrl.values()].filter((executed) => executed.path === path).reverse();
  }

  /** The text that a path stands for. */
  code(path: string): string | undefined {
    return this.#dumped.get(path) ?? this.runsOf(path)[0]?.code;
  }

  /** The cells that ran, each text once, newest last. */
  all(): ExecutedCell[] {
    return [...new Map([...this.#byUrl.values()].map((executed) => [executed.path, executed])).values()];
  }
}

/** Whether a path stands for a cell's text. */
export const isCellPath = (path: string): boolean => path.startsWith(cellPaths.tmpFilePrefix);
