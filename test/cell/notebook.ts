/** @file A cell process to test with: cells as a front end would run them, and what they print. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { CellEvent, CellError, ExecuteOutcome, MimeData } from '../../kernel/cell/contract.ts';
import { type CellProcessOptions, CellProcessHost } from '../../kernel/cell/host.ts';

/** How a test interrupts: at once when the cell has printed `ready`, so that it is certainly where the test wants it. */
const ready = 'ready\n';

export interface CellRun {
  readonly parent: string;
  readonly outcome: ExecuteOutcome;
}

export class Notebook {
  readonly host: CellProcessHost;
  readonly folder: string;
  readonly events: CellEvent[] = [];
  #cells = 0;
  readonly #watchers = new Set<() => void>();

  private constructor(options: Partial<CellProcessOptions>) {
    this.folder = options.cwd ?? mkdtempSync(join(tmpdir(), 'tensorcell cell '));
    this.host = new CellProcessHost({
      cwd: this.folder,
      program: join(inject('dist'), 'kernel', 'cell', 'main.js'),
      ...options,
    });
    this.host.onEvent((event) => {
      this.events.push(event);
      for (const watcher of this.#watchers) watcher();
    });
  }

  static async start(options: Partial<CellProcessOptions> = {}): Promise<Notebook> {
    const notebook = new Notebook(options);
    await notebook.host.start();
    return notebook;
  }

  async close(): Promise<void> {
    await this.host.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Begins to run JavaScript as the compiler would hand it over; `source` and `map` are for cells that were TypeScript. */
  begin(
    code: string,
    { source = code, map = '' } = {},
  ): { readonly parent: string; readonly outcome: Promise<ExecuteOutcome> } {
    const number = ++this.#cells;
    const parent = `request ${number}`;
    const outcome = this.host.execute({
      url: `cell_${number}.ts`,
      code,
      map,
      source,
      parent,
      silent: false,
      allowStdin: false,
    });
    return { parent, outcome };
  }

  /** Runs it to its end. */
  async run(code: string, options?: { source?: string; map?: string }): Promise<CellRun> {
    const { parent, outcome } = this.begin(code, options);
    return { parent, outcome: await outcome };
  }

  /** The text/plain of a cell's value; fails if the cell did. */
  async value(code: string): Promise<unknown> {
    const { outcome } = await this.run(code);
    if (outcome.status === 'error') throw new Error(outcome.error.traceback.join('\n'));
    return (outcome.result as MimeData | undefined)?.['text/plain'];
  }

  /** The error of a cell that fails. */
  async error(code: string, options?: { source?: string; map?: string }): Promise<CellError> {
    const { outcome } = await this.run(code, options);
    if (outcome.status === 'ok')
      throw new Error(`The cell was to fail, and came to ${JSON.stringify(outcome.result)}.`);
    return outcome.error;
  }

  /** Runs a cell and interrupts it when it has printed `ready`. */
  async interrupted(code: string): Promise<CellRun> {
    const parent = `request ${this.#cells + 1}`;
    const running = this.run(code);
    await this.until(() => this.text(parent).includes(ready));
    await this.host.interrupt();
    return running;
  }

  /** What a cell printed so far. */
  text(parent: string, name: 'stdout' | 'stderr' = 'stdout'): string {
    return this.events
      .map((event) => (event.type === 'stream' && event.parent === parent && event.name === name ? event.text : ''))
      .join('');
  }

  /** Waits for events until the condition holds. */
  async until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      const watcher = (): void => {
        if (!condition()) return;
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
    });
  }
}

/** A traceback without its colours. */
export const plain = (error: CellError): string => error.traceback.join('\n').replace(/\u001b\[\d+m/g, '');
