/** @file What the kernel process and the cell process say to each other. */
import type { CommMessage } from '../comm/contract.ts';

/** A cell made ready to run: the output of kernel/compile. */
export interface CompiledCell {
  /** `sourceURL` of the script, as stacks show it: `cell_3.ts`. */
  readonly url: string;
  /** JavaScript for `Runtime.evaluate` in REPL mode. */
  readonly code: string;
  /** Source map (JSON) from `code` to `source`. */
  readonly map: string;
  /** What the user wrote. */
  readonly source: string;
}

export interface ExecuteRequest extends CompiledCell {
  /** Token of the request; every event that the cell causes, late ones included, carries it. */
  readonly parent: string;
  readonly silent: boolean;
  readonly allowStdin: boolean;
  /** What the front end calls the cell in its notebook, where it says so: links lead there. */
  readonly cellId?: string;
}

/** An exception as Jupyter reports it; `traceback` has ANSI colours and no frames of ours. */
export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export type MimeData = Record<string, unknown>;

export type ExecuteOutcome = (
  | {
      readonly status: 'ok';
      /** Absent where the cell's last expression is undefined. */ readonly result?: MimeData;
      readonly metadata?: MimeData;
    }
  | { readonly status: 'error'; readonly error: CellError }
) & {
  /** The process ended with this cell: variables are lost, and a fresh process is there. */
  readonly ended?: boolean;
};

/** What happens while cells run; `parent` is the token of the cell that caused it. */
export type CellEvent =
  | { readonly type: 'stream'; readonly parent: string; readonly name: 'stdout' | 'stderr'; readonly text: string }
  | {
      readonly type: 'display';
      readonly parent: string;
      readonly update: boolean;
      readonly data: MimeData;
      readonly metadata: MimeData;
      readonly transient: { display_id?: string };
    }
  | { readonly type: 'clear'; readonly parent: string; readonly wait: boolean }
  /** Code that runs beside the cells failed: a handler of a comm message. */
  | { readonly type: 'error'; readonly parent: string; readonly error: CellError }
  /** To the front end, in order with the outputs. */
  | { readonly type: 'comm'; readonly parent: string; readonly message: CommMessage }
  /** A process was spawned; what an earlier one held is gone. */
  | { readonly type: 'started' }
  /** The process ended between cells: a sentence that says why. A new one is started by `restart()`. */
  | { readonly type: 'died'; readonly reason: string };

/** The cell process as the kernel process sees it. */
export interface CellHost {
  /** Spawns the process and waits until it can evaluate. */
  start(): Promise<void>;
  /**
   * Runs one cell, beside others that run and await. Resolves after every output of the cell (pipes of fd 1 and 2 included) was given to the
   * listener. If the process dies the outcome is an error that says why, and a fresh process is started before it resolves.
   */
  execute(request: ExecuteRequest): Promise<ExecuteOutcome>;
  /**
   * Stops what runs now: a loop, a loop after an await, or a pending await. State is kept. Where code has to be terminated
   * all cells end that run, because they share a thread.
   *
   * @param parents tokens of the cells that are to stop; absent: all
   * @param gentle nothing is terminated: what awaits stops when the main thread comes to it
   */
  interrupt(parents?: readonly string[], gentle?: boolean): Promise<void>;
  /** Ends the process and its children. */
  stop(): Promise<void>;
  restart(): Promise<void>;
  onEvent(listener: (event: CellEvent) => void): void;
  /** Hears that a process is there, the first one and each after it; the first cell waits for the listener's promise. */
  onStart(listener: () => unknown): void;
  /**
   * Calls a handler that the cell process registered under `name` (`registerCall`), also while a cell awaits; names that
   * begin with `io:` (`registerIoCall`) are answered while it loops as well. Arguments and results are JSON values.
   *
   * @param options.parent token of the cell that what the handler prints belongs to
   * @throws what the handler threw, or an error that says that the process ended
   */
  call(name: string, argument: unknown, options?: { readonly parent?: string }): Promise<unknown>;
  /** Answers what code in the cell process asks by `callKernel(name, ...)`; `parent` is the token of the cell that asks. */
  onRequest(name: string, handler: RequestHandler): void;
  /** Hears what the I/O thread of the cell process says by itself. */
  onNotice(name: string, listener: (argument: unknown) => void): void;
}

export type RequestHandler = (argument: unknown, parent: string) => unknown;
