/** @file What a magic is: one entry of the registry. */
import type { MimeData } from '../cell/contract.ts';
import type { ExecuteOutcome } from '../cell/contract.ts';
import type { JsonObject } from '../protocol/message.ts';
import type { HistoryStore } from '../session/history-store.ts';
import type { NotebookSettings } from './settings.ts';

/** What completion and help need to know of the notebook. */
export interface MagicSurroundings {
  /** The cells' folder: file names are completed from here. */
  readonly folder: string;
}

/** Variables: `script` makes them, `types` is how TypeScript sees that. */
export interface Declaration {
  readonly script: string;
  readonly types: string;
}

/** A file whose text is run as a cell. */
export interface CodeFile {
  /** Its name in stacks. */
  readonly url: string;
  /** Absent where the text has other lines than the file. */
  readonly path?: string;
}

/** What a magic can do. */
export interface MagicKernel {
  readonly settings: NotebookSettings;
  readonly history: HistoryStore;
  /** Where the cells are: the folder of the notebook, or what `%cd` made of it. */
  readonly folder: string;
  /** Prints under the cell. */
  print(text: string, stream?: 'stdout' | 'stderr'): void;
  /** Shows under the cell. */
  display(data: MimeData, metadata?: MimeData): void;
  /** Asks the cell process (kernel/magics/cell); what it prints belongs to the cell. */
  call(name: string, argument?: unknown): Promise<unknown>;
  /** Asks the user for a yes; undefined where the front end cannot ask. */
  confirm(question: string): Promise<boolean | undefined>;
  /** A request to the front end, which the reply carries. */
  addPayload(payload: JsonObject): void;
  /**
   * Runs a cell inside this one, magics included.
   * @param file where it is the text of one
   */
  runCell(code: string, file?: CodeFile): Promise<ExecuteOutcome>;
  /** Runs `code` and keeps what it would show, of the kinds that are wanted. */
  capture(
    code: string,
    wanted: Readonly<Record<keyof CapturedOutputs, boolean>>,
  ): Promise<{ outcome: ExecuteOutcome; captured: CapturedOutputs }>;
  /** Declares variables of the notebook. */
  declare(declaration: Declaration): Promise<ExecuteOutcome>;
  /** The same for a cell magic whose script still runs, at its end. */
  declareAfter(declaration: Declaration): void;
  /** Packages of the folder came or went. */
  packagesChanged(): Promise<void>;
  /** Imports local modules that were edited anew, under the names that cells gave them. */
  reloadModules(): Promise<void>;
  /** The cells are in another folder now. */
  moveTo(folder: string): Promise<void>;
  /** Gives the notebook a fresh cell process. */
  restart(): Promise<void>;
}

/** Output that was kept instead of shown. */
export interface CapturedOutputs {
  readonly stdout: string;
  readonly stderr: string;
  readonly displays: readonly { readonly data: MimeData; readonly metadata: MimeData }[];
}

/** A use of a magic. */
export interface MagicCall {
  /** The text after the name, with `{expressions}` replaced by their values. */
  readonly text: string;
  /** The lines below a cell magic, else undefined. */
  readonly body: string | undefined;
  /** The body where it stands: the whole cell, with the magic's own line blank. */
  readonly bodyInPlace: string;
}

/** A completion: `text` replaces what is written from `from` on. */
export interface Candidate {
  readonly text: string;
  readonly kind: string;
  readonly signature?: string;
}

/** A magic. Its text is shell-like words, or TypeScript where `code` says so. */
export interface Magic {
  /** Without `%`. `!` and `!!` are names, too. */
  readonly name: string;
  /** As `%name`, as `%%name` on top of a cell, or as either. */
  readonly form: 'line' | 'cell' | 'both';
  /** How it is written, after its name: `[FOLDER]`. */
  readonly usage: string;
  /** What it does, in a sentence. */
  readonly summary: string;
  /** More about it, in Markdown. */
  readonly help?: string;
  /** `top`: it changes what the rest of the cell is, so it stands above all TypeScript. */
  readonly place?: 'top';
  /** It runs other cells, which an interrupt stops. */
  readonly runsCells?: true;
  /** What is TypeScript: the text after a line magic, or the body of a cell magic. */
  readonly code?: 'statement' | 'loop' | 'body';
  /** TypeScript type of the value, which `x = %name` gives. */
  readonly value?: string;
  /** Options by name (`n` is `-n`, `append` is `--append`), with what they do. */
  readonly options?: Readonly<Record<string, string>>;
  /** Completions for the word at the end of `text`. */
  complete?(text: string, surroundings: MagicSurroundings): readonly (string | Candidate)[];
  /** The word that they replace; without, what stands behind the last space that is not in quotes. */
  wordAtEnd?(text: string): string;
  /** Does it. What it returns is its value in the cell (a JSON value), or how the cell ends. */
  run?(call: MagicCall, kernel: MagicKernel): unknown;
}
