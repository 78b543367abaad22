/** @file One run of a notebook's cells through a kernel: outputs into the cells, failures, interrupts, time limits. */
import { CellOutputs, DisplayRegistry, NoReplyError, WidgetModels } from '../client/index.ts';
import type { InputQuestion, LaunchedKernel, NotebookOutput } from '../client/index.ts';
import { joinLines } from './notebook.ts';
import type { CodeCell, Notebook } from './notebook.ts';
import type { ProgressReport } from './progress-report.ts';
import type { TerminalInput } from './terminal-input.ts';

export type RunEnd = 'done' | 'failed' | 'interrupted';

export interface NotebookRunOptions {
  /** Milliseconds that a cell may take. */
  readonly timeout?: number;
  /** Go on after a failing cell. */
  readonly allowErrors?: boolean;
  readonly report: ProgressReport;
  /** Where cells get their input. */
  readonly input: TerminalInput;
}

/** Milliseconds that an interrupted cell has for coming to its end, before the kernel is killed. */
const patience = 10_000;

/** Cells with these tags are treated as nbclient does: one may fail, the other is passed over. */
const mayFailTag = 'raises-exception';
const skipTag = 'skip-execution';

export class NotebookRun {
  readonly #kernel: LaunchedKernel;
  readonly #notebook: Notebook;
  readonly #options: NotebookRunOptions;
  readonly #displays = new DisplayRegistry();
  readonly #widgets: WidgetModels;
  #interrupted = false;

  constructor(kernel: LaunchedKernel, notebook: Notebook, options: NotebookRunOptions) {
    this.#kernel = kernel;
    this.#notebook = notebook;
    this.#options = options;
    this.#widgets = new WidgetModels(kernel.client, this.#displays);
  }

  /** Stops the running cell and with it the run; asked a second time, kills the kernel. */
  interrupt(): void {
    if (this.#interrupted) this.#kernel.process.kill('SIGKILL');
    else this.#stopCell();
    this.#interrupted = true;
  }

  /** Runs the code cells in order. Old outputs are removed first, so that the saved file shows this run alone. */
  async run(): Promise<RunEnd> {
    const codeCells = this.#notebook.cells.filter((cell) => cell.cell_type === 'code');
    for (const cell of codeCells) Object.assign(cell, { outputs: [], execution_count: null });
    const cells = codeCells.filter(
      (cell) => joinLines(cell.source).trim() !== '' && !cell.metadata.tags?.includes(skipTag),
    );
    const { report, allowErrors } = this.#options;
    let anyFailed = false;
    for (const [index, cell] of cells.entries()) {
      if (this.#interrupted) break;
      report.startCell(index, cells.length, joinLines(cell.source));
      const failure = await this.#runCell(cell);
      const failed = failure !== undefined && !cell.metadata.tags?.includes(mayFailTag);
      report.endCell(failed ? failure : undefined);
      if (!failed) continue;
      anyFailed = true;
      if (!allowErrors || this.#kernel.process.exitCode !== null || this.#kernel.process.signalCode !== null) break;
    }
    this.#saveWidgets();
    if (this.#interrupted) return 'interrupted';
    return anyFailed ? 'failed' : 'done';
  }

  /** Keeps the widgets with the notebook, as front ends do: who opens it without a kernel sees them. */
  #saveWidgets(): void {
    delete this.#notebook.metadata.widgets;
    const widgets = this.#widgets.metadata();
    if (widgets) this.#notebook.metadata.widgets = widgets;
  }

  /** Runs one cell; gives back the lines that explain its failure. */
  async #runCell(cell: CodeCell): Promise<string[] | undefined> {
    const { timeout, report, input } = this.#options;
    let late: string | undefined;
    let onTooLate: (() => void) | undefined;
    const timer =
      timeout &&
      setTimeout(() => {
        late = `The cell ran longer than ${timeout / 1000} s (--timeout) and was interrupted.`;
        this.#stopCell();
        onTooLate = this.#killUnlessCalled();
      }, timeout);
    const collected = new CellOutputs(this.#displays);
    try {
      const result = await this.#kernel.client.execute(joinLines(cell.source), {
        outputs: collected,
        cellId: cell.id,
        takes: (message) => this.#widgets.capture(message),
        ...(input.isAvailable && { onInput: (question) => this.#ask(question) }),
        onMessage: ({ header, content }) => {
          if (header.msg_type === 'stream') report.text(content as { name: 'stdout' | 'stderr'; text: string });
        },
      });
      cell.outputs = result.outputs;
      cell.execution_count = result.executionCount;
      if (result.reply.status === 'ok') return undefined;
      if (result.reply.status === 'aborted') return ['The cell was not run: an earlier one ended the kernel (exit).'];
      const { ename, evalue, traceback } = result.reply;
      return [...(traceback?.length ? traceback : [`${ename}: ${evalue}`]), ...(late ? [late] : [])];
    } catch (error) {
      if (!(error instanceof NoReplyError)) throw error;
      const evalue = late ?? error.message;
      const output: NotebookOutput = { output_type: 'error', ename: 'KernelDied', evalue, traceback: [evalue] };
      cell.outputs = [...collected.outputs, output];
      return [evalue];
    } finally {
      input.abandon();
      clearTimeout(timer);
      onTooLate?.();
    }
  }

  async #ask(question: InputQuestion): Promise<string> {
    const goOn = this.#options.report.pause();
    try {
      return await this.#options.input.ask(question);
    } finally {
      goOn();
    }
  }

  #stopCell(): void {
    this.#kernel.client.interrupt().catch(() => {}); // a kernel that is gone has nothing to interrupt
  }

  /** Kills the kernel after a while, unless what this returns is called before. */
  #killUnlessCalled(): () => void {
    const timer = setTimeout(() => this.#kernel.process.kill('SIGKILL'), patience);
    return () => clearTimeout(timer);
  }
}
