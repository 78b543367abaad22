/** @file The cell host: keeps a cell process ready for the session, whatever happens to it. */
import { CellProcess, type CellProcessOptions } from './cell-process.ts';
import type { CellEvent, CellHost, ExecuteOutcome, ExecuteRequest, RequestHandler } from './contract.ts';
import { endingReason } from './ending.ts';

export type { CellProcessOptions } from './cell-process.ts';

/** How long (ms) the first cell of a process waits for those who hear of its start. */
const startPatience = 5_000;

const notRun = 'The cell was interrupted before it ran.';
const interruptedOutcome: ExecuteOutcome = {
  status: 'error',
  error: { ename: 'Interrupted', evalue: notRun, traceback: [`Interrupted: ${notRun}`] },
};

/**
 * Runs cells in a child process.
 *
 * @example
 * const host = new CellProcessHost({ cwd: '/home/me/notebooks' });
 * host.onEvent((event) => console.log(event));
 * await host.start();
 */
export class CellProcessHost implements CellHost {
  readonly #options: CellProcessOptions;
  readonly #listeners: ((event: CellEvent) => void)[] = [];
  readonly #requestHandlers = new Map<string, RequestHandler>();
  readonly #noticeListeners = new Map<string, (argument: unknown) => void>();
  readonly #startListeners: (() => unknown)[] = [];
  /** Cells that wait for the process, by token: how to interrupt them. */
  readonly #waiting = new Map<string, () => void>();
  #process: CellProcess | undefined;
  /** The process is there, and who listens to starts is done. */
  #started: Promise<unknown> = Promise.resolve();

  constructor(options: CellProcessOptions) {
    this.#options = options;
  }

  onEvent(listener: (event: CellEvent) => void): void {
    this.#listeners.push(listener);
  }

  async call(name: string, argument: unknown, options: { readonly parent?: string } = {}): Promise<unknown> {
    const process = this.#current();
    await process.ready;
    return process.call(name, argument, options.parent);
  }

  onRequest(name: string, handler: RequestHandler): void {
    this.#requestHandlers.set(name, handler);
  }

  onNotice(name: string, listener: (argument: unknown) => void): void {
    this.#noticeListeners.set(name, listener);
  }

  onStart(listener: () => unknown): void {
    this.#startListeners.push(listener);
  }

  async start(): Promise<void> {
    await this.#current().ready;
  }

  async execute(request: ExecuteRequest): Promise<ExecuteOutcome> {
    const process = this.#current();
    if (await this.#interruptedBefore(request.parent)) return interruptedOutcome;
    const outcome = await process.execute(request);
    if (process.endedInCell && this.#process === process) {
      this.#process = undefined;
      // If no fresh process starts, the next cell says so.
      await this.start().catch(() => undefined);
    }
    return process.endedInCell ? { ...outcome, ended: true } : outcome;
  }

  async interrupt(parents?: readonly string[], gentle?: boolean): Promise<void> {
    for (const [parent, give] of this.#waiting) if (parents?.includes(parent) ?? true) give();
    await this.#process?.interrupt(parents, gentle);
  }

  async stop(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    await process?.stop();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  #current(): CellProcess {
    if (this.#process !== undefined) return this.#process;
    const process = new CellProcess(this.#options, {
      event: (event) => this.#emit(event),
      request: (name, argument, parent) => {
        const handler = this.#requestHandlers.get(name);
        if (handler === undefined) throw new Error(`The kernel process has no handler for ${name}.`);
        return handler(argument, parent);
      },
      notice: (name, argument) => this.#noticeListeners.get(name)?.(argument),
    });
    this.#process = process;
    this.#started = process.ready.then(() => this.#tellStart(process));
    this.#started.catch(() => undefined); // whoever needs the process hears of it
    this.#emit({ type: 'started' });
    let isReady = false;
    process.ready.then(
      () => (isReady = true),
      () => undefined,
    );
    void process.ended.then((ending) => {
      // A process that was stopped is not the current one any more; one that ended in a cell is that cell's to tell.
      if (this.#process !== process || process.endedInCell) return;
      this.#process = undefined;
      // One that could not start is told to whoever started it; another try would end as this one did.
      if (isReady) this.#emit({ type: 'died', reason: `The cell process ${endingReason(ending)}.` });
    });
    return process;
  }

  /** Waits until the process is there; true where the cell is interrupted meanwhile, which then does not run. */
  #interruptedBefore(parent: string): Promise<boolean> {
    return new Promise<boolean>((resolve, reject) => {
      this.#waiting.set(parent, () => resolve(true));
      this.#started.then(() => resolve(false), reject);
    }).finally(() => this.#waiting.delete(parent));
  }

  /** Lets the listeners do what is to be done before the first cell; one that fails, or takes too long, keeps no cell from running. */
  async #tellStart(process: CellProcess): Promise<void> {
    const heard = Promise.all(
      this.#startListeners.map(async (listen) => {
        try {
          await listen();
        } catch (error) {
          if (this.#process === process)
            console.error('tensorcell: a part of the kernel missed the start of the cells:', error);
        }
      }),
    );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(resolve, startPatience, 'late')));
    if ((await Promise.race([heard, process.ended, late])) === 'late')
      console.error(
        `tensorcell: a part of the kernel did not answer the start of the cells in ${startPatience / 1000} s.`,
      );
    clearTimeout(timer);
  }

  #emit(event: CellEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
