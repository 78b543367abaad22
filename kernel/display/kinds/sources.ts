/** @file What the cell process knows of the user's code, for views of errors and functions. */
import type { ErrorAccount } from '../../cell/traceback.ts';

export type { ErrorAccount };

export interface Sources {
  /** What there is to say of an error. */
  account(error: unknown): ErrorAccount;
  /** Lines of an error's traceback, with colours for a terminal. */
  traceback(error: unknown): readonly string[];
  /** Cells and local modules, the newest first. */
  newestFirst(): Iterable<{ readonly url: string; readonly source: string }>;
}

let known: Sources | undefined;

/** Tells the views where the user's sources are; without it errors and functions are shown as Node shows them. */
export const useSources = (found: Sources): void => {
  known = found;
};

export const sources = (): Sources | undefined => known;
