/** @file What the kernel asks of the TypeScript server. Positions are UTF-16 offsets into the cell's source. */

export interface Diagnostic {
  readonly code: number;
  readonly message: string;
  /** The local module that it is about, as seen from the notebook; absent for the cell. */
  readonly file?: string;
  /** 1-based, in the user's cell or module. */
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

export interface CompletionItem {
  readonly text: string;
  /** TypeScript's kind: `function`, `property`, `module`, ... */
  readonly kind: string;
  readonly signature?: string;
}
export interface Completions {
  readonly items: readonly CompletionItem[];
  /** The part of the source that an item replaces. */
  readonly start: number;
  readonly end: number;
}

/** What a front end shows about something in a cell. */
export interface Description {
  readonly markdown: string;
  readonly plain: string;
}

/** Types of the notebook: remembers the cells that ran, answers about the one being written. */
export interface TypeScriptService {
  start(): Promise<void>;
  /**
   * Type errors of a cell, as if it ran now, and those of the local modules that it imports.
   * @throws where TypeScript gives no answer in time
   */
  check(source: string, cellUrl: string): Promise<readonly Diagnostic[]>;
  /** The cell ran (or began to): its declarations are there for the next ones. */
  commit(source: string, cellUrl: string): Promise<void>;
  complete(source: string, offset: number): Promise<Completions>;
  /**
   * Markdown and plain text about what stands at `offset`, or about the function whose call it is in; null where there is
   * nothing to say. With detail 1 the source comes too, where it is known.
   */
  inspect(source: string, offset: number, detail?: 0 | 1): Promise<Description | null>;
  /** The cells are in another folder: imports are resolved from there; names that are there keep their types. */
  moveTo(folder: string): Promise<void>;
  /** Packages were installed, removed, or changed. */
  packagesChanged(): Promise<void>;
  /** Forgets the cells: the cell process was restarted. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}
