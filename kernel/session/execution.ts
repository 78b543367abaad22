/** @file Runs one execute_request: magics, types beside compilation, the cell process, results. */
import type { CellEvent, CellHost, CompiledCell, ExecuteOutcome } from '../cell/contract.ts';
import type { LivePath } from '../cell/live-contract.ts';
import type {
  ExecuteErrorReply,
  ExecuteOkReply,
  ExecuteRequestContent,
  UserExpressionResult,
} from '../protocol/content.ts';
import type { CellTexts, MagicRun } from '../magics/evaluation.ts';
import { mayHaveMagics } from '../magics/index.ts';
import { NotebookState } from '../magics/notebook-state.ts';
import { NotebookSettings } from '../magics/settings.ts';
import type { Header } from '../protocol/message.ts';
import { syntaxError } from './cell-problems.ts';
import { exitQuery } from './exit-query.ts';
import { helpQuery, type HelpQuery } from './help-query.ts';
import { InterruptHandle } from './interrupt-handle.ts';
import type { HistoryStore } from './history-store.ts';
import type { Iopub } from './iopub.ts';
import type { Outputs } from './outputs.ts';
import type { Parents } from './parents.ts';
import { Preparation } from './preparation.ts';
import { cellIdOf, errorContent, RequestError, type KernelRequest } from './request.ts';
import type { Run } from './run.ts';
import { Workers, type WorkerFactories } from './workers.ts';

export interface ExecutionDependencies {
  readonly iopub: Iopub;
  readonly parents: Parents;
  readonly outputs: Outputs;
  readonly history: HistoryStore;
  readonly factories: WorkerFactories;
  /** Is given the cell host before it starts. */
  readonly prepareCell: (host: CellHost) => void;
}

/** Cells may run cells that run cells, up to here. */
const deepest = 50;

export interface InterruptOptions {
  /** Nothing is terminated: the cell stops at its next await. */
  readonly gentle?: boolean;
}

/** What an interrupt was for. */
export interface Interruption {
  /** Tokens of the cells. */
  readonly cells: ReadonlySet<string>;
  /** Nothing was terminated, and handlers of messages go on. */
  readonly gentle: boolean;
}

/** Executes cells: of one shell one at a time, which the queue before it sees to, of several shells beside each other. */
export class Execution {
  readonly workers: Workers;
  readonly settings = new NotebookSettings();
  /** Where the cells are. */
  get folder(): string {
    return this.#magicState.folder;
  }

  /**
   * Told of every cell that is about to run, with what the user wrote, and the file that it is the text of, where it is one; the
   * cell waits for the promise, if there is one.
   */
  beforeCell?: (cell: CompiledCell, code: string, file?: string) => Promise<void> | undefined;
  readonly #magicState = new NotebookState(this.settings, process.cwd());
  readonly #iopub: Iopub;
  readonly #parents: Parents;
  readonly #outputs: Outputs;
  readonly #history: HistoryStore;
  readonly #preparation: Preparation;
  #count = 0;
  #unnumbered = 0;
  /** What runs, by token. */
  readonly #runs = new Map<string, Run>();

  constructor({ iopub, parents, outputs, history, factories, prepareCell }: ExecutionDependencies) {
    this.#iopub = iopub;
    this.#parents = parents;
    this.#outputs = outputs;
    this.#history = history;
    this.workers = new Workers(factories, (host) => {
      host.onEvent((event) => this.#event(host, event));
      prepareCell(host);
    });
    this.#preparation = new Preparation(this.workers, outputs, this.settings, this.#magicState);
  }

  async run(
    fields: ExecuteRequestContent,
    request: KernelRequest,
    shell: string | null = null,
  ): Promise<ExecuteOkReply | ExecuteErrorReply> {
    const { silent, code } = fields;
    const { header } = request.message;
    // As in IPython, a cell of nothing but white space does not count.
    const stored = fields.store_history && !silent && code.trim() !== '';
    if (stored) this.#count++;
    const count = this.#count;
    const parent = { header, silent, request };
    const token = this.#parents.add(parent);
    // A cell that leaves no trace in the history still needs a name of its own in stacks.
    const url = stored ? `cell_${count}.ts` : `unnumbered_${++this.#unnumbered}.ts`;
    if (!silent) this.#iopub.publish('execute_input', { code, execution_count: count }, header);

    const run: Run = {
      request: fields,
      parent,
      token,
      url,
      shell,
      payload: [],
      handle: new InterruptHandle(),
      depth: 0,
    };
    this.#runs.set(token, run);
    try {
      return await this.#finish(run, count, stored);
    } finally {
      this.#runs.delete(token);
      this.#parents.end(token);
    }
  }

  /** From the cell's code to the content of its reply. */
  async #finish(run: Run, count: number, stored: boolean): Promise<ExecuteOkReply | ExecuteErrorReply> {
    const { header, silent } = run.parent;
    const outcome = await this.#evaluate(run);
    this.#outputs.flush();
    if (!silent) this.#publishOutcome(outcome, count, header);
    if (stored) this.#history.append(count, run.request.code, plainText(outcome));
    const { payload } = run;
    if (outcome.status === 'error')
      return { status: 'error', execution_count: count, ...outcome.error, payload, user_expressions: {} };
    const user_expressions = await this.#userExpressions(run);
    this.#outputs.flush();
    return { status: 'ok', execution_count: count, payload, user_expressions };
  }

  /**
   * Stops what runs or is about to run in a shell. Where the main shell has nothing, all cells are meant: they share one
   * thread, and it may be one of them that keeps the user waiting.
   */
  async interrupt(shell: string | null = null, { gentle }: InterruptOptions = {}): Promise<Interruption> {
    const all = [...this.#runs.values()];
    const ofShell = all.filter((run) => run.shell === shell);
    const targets = ofShell.length === 0 && shell === null ? all : ofShell;
    const executing: string[] = [];
    for (const { token, handle } of targets) if (handle.interrupt()) executing.push(token);
    const host = await this.workers.cell;
    // A subshell's interrupt is not to strike what another shell computes.
    const isGentle = gentle ?? (shell !== null && executing.length < all.length);
    if (executing.length > 0) await host.interrupt(executing, isGentle);
    // Also between cells: a timer of an earlier one may be looping.
    else if (all.length === 0) await host.interrupt();
    return { cells: new Set(targets.map(({ token }) => token)), gentle: isGentle };
  }

  /** Magics, check and compilation, then the cell process; whatever fails becomes an error outcome. */
  async #evaluate(run: Run, code = run.request.code): Promise<ExecuteOutcome> {
    try {
      if (code.trim() === '') return { status: 'ok' };
      await run.handle.check();
      if (run.depth > deepest)
        throw new RequestError(
          'RecursionError',
          `Cells run each other ${deepest} deep: a %run or %rerun comes back to itself.`,
        );
      const query = helpQuery(code);
      if (query !== undefined) return await run.handle.wait(this.#help(run, query));
      const leaving = exitQuery(code);
      if (leaving !== undefined && (await run.handle.wait(this.#isUndeclared(leaving.name)))) {
        run.payload.push({ source: 'ask_exit', keepkernel: leaving.keepsKernel });
        return { status: 'ok' };
      }
      if (this.settings.autoreload === 'on') await (await this.#magicRun(run)).kernel.reloadModules();
      if (mayHaveMagics(code)) {
        const { runWithMagics } = await import('../magics/evaluation.ts');
        return await runWithMagics(code, await this.#magicRun(run));
      }
      const script = { text: code, map: undefined };
      return await this.#evaluateTexts(run, { code, checked: code, declared: code, script });
    } catch (error) {
      return { status: 'error', error: errorContent(error) };
    }
  }

  /** TypeScript, where magics are calls: its check and compilation, then the cell process. */
  async #evaluateTexts(run: Run, texts: CellTexts): Promise<ExecuteOutcome> {
    const prepared = await run.handle.wait(this.#preparation.prepare(run, texts));
    if ('error' in prepared) return { status: 'error', error: prepared.error };
    const { code } = run.request;
    // A magic may run another cell than its own; a part of its own stands at its place in it.
    const awaited = this.beforeCell?.(prepared, isPartOf(texts.code, code) ? code : texts.code, run.file);
    if (awaited) await run.handle.wait(awaited);
    const executing = this.#execute(run, prepared);
    this.#preparation.commit(run, texts.declared);
    return executing;
  }

  /** What magics need of a cell. */
  async #magicRun(run: Run): Promise<MagicRun> {
    const { createMagicRun } = await import('../magics/kernel.ts');
    const { parent, token, payload } = run;
    return createMagicRun({
      state: this.#magicState,
      outputs: this.#outputs,
      history: this.#history,
      ...{ parent, token, payload },
      cell: this.workers.cell,
      types: this.workers.types,
      evaluate: (code, { url, path } = { url: run.url, path: run.file }) =>
        this.#evaluate({ ...run, url, file: path, depth: run.depth + 1 }, code),
      execute: (texts) => this.#evaluateTexts(run, texts),
      executeScript: (script, code) => this.#executeScript(run, script, code),
      interruptible: (work) => run.handle.wait(work, 'The cell was interrupted.'),
      commitTypes: (source) => this.#preparation.commit(run, source),
      restart: () => this.#restart(),
    });
  }

  async #executeScript(run: Run, script: CellTexts['script'], code: string): Promise<ExecuteOutcome> {
    const prepared = await this.#preparation.prepareScript(run, script, code);
    return 'error' in prepared ? { status: 'error', error: prepared.error } : this.#execute(run, prepared);
  }

  /** A fresh cell process, and no variables. */
  async #restart(): Promise<void> {
    await (await this.workers.cell).restart();
    this.#preparation.forget();
    await this.#preparation.settled;
  }

  /** Whether cells gave a name no meaning of their own. */
  async #isUndeclared(name: string): Promise<boolean> {
    return (await (await this.workers.cell).call('live:value', [name] satisfies LivePath)) === null;
  }

  async #help(run: Run, { expression, detail }: HelpQuery): Promise<ExecuteOutcome> {
    const { CellHelp } = await import('./cell-help.ts');
    const found = await new CellHelp(this.workers).inspect(expression, expression.length, detail);
    if (found) {
      const data = { 'text/plain': found.plain, 'text/markdown': found.markdown };
      run.payload.push({ source: 'page', data, start: 0 });
    } else this.#outputs.write(run.parent, 'stderr', `Nothing is known about ${expression}.\n`);
    return { status: 'ok' };
  }

  async #execute(run: Run, cell: CompiledCell): Promise<ExecuteOutcome> {
    const host = await run.handle.wait(this.workers.cell);
    const { request, token } = run;
    const { silent, allow_stdin: allowStdin } = request;
    const sent = { ...cell, parent: token, silent, allowStdin, cellId: cellIdOf(run.parent.request) };
    const outcome = await run.handle.execute(() => host.execute(sent));
    if (outcome.ended) this.#preparation.forget();
    return outcome;
  }

  /** Values for a front end, such as a variable's text; their types are not checked, and they declare nothing. */
  async #userExpressions(run: Run): Promise<Record<string, UserExpressionResult>> {
    const results: Record<string, UserExpressionResult> = {};
    for (const [name, expression] of Object.entries(run.request.user_expressions)) {
      const outcome = await this.#evaluateExpression(run, String(expression));
      results[name] =
        outcome.status === 'ok'
          ? { status: 'ok', data: outcome.result ?? { 'text/plain': 'undefined' }, metadata: outcome.metadata ?? {} }
          : { status: 'error', ...outcome.error };
    }
    return results;
  }

  async #evaluateExpression(run: Run, expression: string): Promise<ExecuteOutcome> {
    try {
      const url = `expression_${++this.#unnumbered}.ts`;
      const source = `(${expression}\n)`;
      const compiled = (await this.workers.compiler).compileCell(source, url);
      if (!compiled.ok) return { status: 'error', error: syntaxError(compiled.problems, source, url) };
      return await this.#execute(run, compiled.cell);
    } catch (error) {
      return { status: 'error', error: errorContent(error) };
    }
  }

  #publishOutcome(outcome: ExecuteOutcome, execution_count: number, header: Header): void {
    if (outcome.status === 'error') {
      const { ename, evalue, traceback } = outcome.error;
      this.#iopub.publish('error', { ename, evalue, traceback }, header);
    } else if (outcome.result) {
      const { result: data, metadata = {} } = outcome;
      this.#iopub.publish('execute_result', { execution_count, data, metadata }, header);
    }
  }

  #event(host: CellHost, event: CellEvent): void {
    if (event.type === 'started' || event.type === 'comm') return; // the comms hear of these
    if (event.type !== 'died') return this.#outputs.handle(event);
    const newest = this.#parents.newest;
    const text = `${event.reason} Variables are lost; a fresh process is ready for the next cell.\n`;
    if (newest) this.#outputs.write(newest, 'stderr', text);
    const restarted = host.restart().catch((error: unknown) => console.error('tensorcell: no restart:', error));
    this.#preparation.waitFor(restarted);
    this.#preparation.forget();
  }
}

/** Whether a text is a cell whose beginning was blanked. */
const isPartOf = (part: string, cell: string): boolean =>
  part.length === cell.length && cell.endsWith(part.trimStart());

/** What the history keeps of a result. */
function plainText(outcome: ExecuteOutcome): string | null {
  const text = outcome.status === 'ok' ? outcome.result?.['text/plain'] : undefined;
  return typeof text === 'string' ? text : null;
}
