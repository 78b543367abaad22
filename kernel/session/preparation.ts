/** @file From a cell's texts to what the cell process runs: TypeScript's check beside compilation, and what both remember. */
import type { CellError, CompiledCell } from '../cell/contract.ts';
import type { CellTexts } from '../magics/evaluation.ts';
import type { NotebookState } from '../magics/notebook-state.ts';
import type { NotebookSettings } from '../magics/settings.ts';
import type { Diagnostic, TypeScriptService } from '../typescript/contract.ts';
import { misplaced, syntaxError, typeError, typeWarning } from './cell-problems.ts';
import type { Outputs } from './outputs.ts';
import { cellIdOf, RequestError } from './request.ts';
import type { Run } from './run.ts';
import type { Workers } from './workers.ts';

/** Checks and compiles cells, one after another. */
export class Preparation {
  readonly #workers: Workers;
  readonly #outputs: Outputs;
  readonly #settings: NotebookSettings;
  readonly #magicState: NotebookState;
  /** What must be over before the next cell: a restart of the cell process, a commit of types. */
  #settled: Promise<unknown> = Promise.resolve();

  constructor(workers: Workers, outputs: Outputs, settings: NotebookSettings, magicState: NotebookState) {
    this.#workers = workers;
    this.#outputs = outputs;
    this.#settings = settings;
    this.#magicState = magicState;
  }

  /** Resolves when what cells wait for is over. */
  get settled(): Promise<unknown> {
    return this.#settled;
  }

  /** The next cell waits for this as well. */
  waitFor(work: Promise<unknown>): void {
    // `then` drops the value, which would hold those of all cells before.
    this.#settled = Promise.all([this.#settled, work]).then(() => undefined);
  }

  /** Everything that can fail before a line of the cell has run. */
  async prepare(run: Run, texts: CellTexts): Promise<CompiledCell | { error: CellError }> {
    await this.#settled;
    const { code, checked, script } = texts;
    const mode = this.#settings.typecheck;
    const checking = mode === 'off' ? Promise.resolve([]) : this.#check(run, checked);
    const { compileCell } = await this.#workers.compiler;
    const compiled = compileCell(script.text, run.url);
    if (!compiled.ok) {
      checking.catch(() => {}); // what TypeScript thinks of broken syntax is of no interest
      // Places in a script with magics are not those of the cell, and those of what is checked are.
      const seen = script.text === code ? compiled : compileCell(checked, run.url);
      return {
        error: syntaxError(
          seen.ok ? misplaced(compiled.problems) : seen.problems,
          code,
          run.url,
          cellIdOf(run.parent.request),
        ),
      };
    }
    this.#warn(run, compiled.warnings);
    const diagnostics = await checking;
    const own = diagnostics.filter(({ file }) => file === undefined);
    if (own.length > 0 && mode === 'on') return { error: typeError(own, code, run.url, cellIdOf(run.parent.request)) };
    // Those of modules stop no cell, which may well be right.
    this.#outputs.write(run.parent, 'stderr', typeWarning(diagnostics, run.url));
    if (script.text === code) return compiled.cell;
    const { compiledOf } = await import('../magics/kernel.ts');
    return compiledOf(compiled.cell, texts);
  }

  /** What stands for a magic: nothing in it is the user's to check, and it declares nothing. */
  async prepareScript(
    run: Run,
    script: CellTexts['script'],
    code: string,
  ): Promise<CompiledCell | { error: CellError }> {
    const compiled = (await this.#workers.compiler).compileCell(script.text, run.url);
    if (!compiled.ok) return { error: syntaxError(compiled.problems, code, run.url, cellIdOf(run.parent.request)) };
    this.#warn(run, compiled.warnings);
    const { compiledOf } = await import('../magics/kernel.ts');
    return compiledOf(compiled.cell, { code, script });
  }

  /** Says what is wrong with the project's settings. */
  #warn(run: Run, warnings: readonly string[] = []): void {
    for (const warning of warnings) this.#outputs.write(run.parent, 'stderr', `${warning}\n`);
  }

  /** Type errors. Without a server no cell runs; where one gives no answer, the cell says so and runs unchecked. */
  async #check({ parent, url }: Run, source: string): Promise<readonly Diagnostic[]> {
    const types = await this.#workers.types.catch((error: unknown) => {
      throw new RequestError(
        'TypeScriptServerError',
        `The types of this cell could not be checked: ${reasonOf(error)} (%typecheck off runs cells unchecked)`,
      );
    });
    try {
      return await types.check(source, url);
    } catch (error) {
      this.#outputs.write(parent, 'stderr', `The types of this cell were not checked: ${reasonOf(error)}\n`);
      return [];
    }
  }

  /**
   * Committed while the cell runs: completion already knows the names of a cell that takes long. A turn later, so that the
   * cell process has the cell before this thread is busy with it.
   */
  commit({ url }: Run, source: string): void {
    void this.#workers.compiler.then((compiler) => compiler.began(url));
    const committed = new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.#magicState.localImports.note(source, this.#magicState.folder);
      return this.#updateTypes((service) => service.commit(source, url));
    });
    this.waitFor(committed);
  }

  /** Nothing that cells declared is there any more. */
  forget(): void {
    this.#magicState.startAgain();
    void this.#workers.compiler.then((compiler) => compiler.forget());
    this.#settled = this.#settled.then(() => this.#updateTypes((service) => service.reset()));
  }

  /** Tells the TypeScript server what happened. It matters to later cells only, so that it fails is no failure of this one. */
  async #updateTypes(update: (service: TypeScriptService) => Promise<void>): Promise<void> {
    const service = await this.#workers.types.catch(() => undefined); // that it did not start was said already
    try {
      if (service) await update(service);
    } catch (error) {
      console.error('tensorcell: later cells may see wrong types:', error);
    }
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
