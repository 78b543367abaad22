/** @file The cell that runs now, from its request to its outcome. */
import type { CellError, ExecuteOutcome, ExecuteRequest, MimeData } from './contract.ts';
import type { Evaluation, Evaluator } from './evaluator.ts';
import { Interrupted, interruptAwaits } from './interruption.ts';
import { markOutputEnd, runAs, runBeside, send } from './output.ts';
import type { Tracebacks } from './traceback.ts';

/** What an execution needs of the process. */
export interface ExecutionTools {
  readonly evaluator: Evaluator;
  readonly tracebacks: Tracebacks;
  /** Resolves when what the cell mentions is there (the runtime takes a moment to load); undefined where nothing is missing. */
  prepare(code: string): Promise<unknown> | undefined;
  format(value: unknown): Promise<{ data: MimeData; metadata: MimeData } | null>;
  /** Resolves when all that was displayed has been sent. */
  displayed(): Promise<void>;
  /** The code of a cell threw, or was interrupted. */
  failed(parent: string): void;
}

/**
 * An interrupt can drop pending microtasks, promise continuations of this class among them. So ending with `interrupt()`
 * goes without promises, and an execution that ended ignores whatever still comes.
 */
export class Execution {
  readonly id: number;
  readonly #request: ExecuteRequest;
  readonly #tools: ExecutionTools;
  #ended = false;
  #interrupted = false;

  constructor(id: number, request: ExecuteRequest, tools: ExecutionTools) {
    this.id = id;
    this.#request = request;
    this.#tools = tools;
  }

  get ended(): boolean {
    return this.#ended;
  }

  run(): void {
    const prepared = this.#tools.prepare(this.#request.code);
    if (prepared === undefined) this.#evaluate();
    else
      prepared.then(
        () => this.#evaluate(),
        (error: unknown) => this.#end({ status: 'error', error: this.#tools.tracebacks.describe(error) }),
      );
  }

  /** Ends the execution with an error, if it has not ended. */
  interrupt(): void {
    if (this.#ended) return;
    const again = this.#interrupted;
    this.#interrupted = true;
    interruptAwaits(this.#request.parent);
    // A cell that awaits gets the rest of this turn to end by itself, with the place and the output of its `finally`.
    if (again) this.#endInterrupted();
    else setImmediate(() => this.#endInterrupted());
  }

  #endInterrupted(): void {
    if (this.#ended) return;
    const { parent } = this.#request;
    runBeside(parent, () => this.#tools.failed(parent));
    this.#end({ status: 'error', error: this.#tools.tracebacks.describe(new Interrupted()) });
  }

  #evaluate(): void {
    if (this.#ended) return;
    const { code, url, parent } = this.#request;
    runAs(parent, () => this.#tools.evaluator.evaluate(code, url, (evaluation) => this.#evaluated(evaluation)));
  }

  #evaluated(evaluation: Evaluation): void {
    if (this.#ended) return;
    if (evaluation.status === 'terminated') {
      interruptAwaits(this.#request.parent);
      return this.#endInterrupted();
    }
    const { parent } = this.#request;
    // The callback comes in the inspector's context; what the value's own display method prints belongs to the cell.
    runAs(parent, () => {
      // An outcome that cannot be sent (a display of what JSON lacks) is an error as well.
      void this.#outcome(evaluation)
        .then((outcome) => this.#end(outcome))
        .catch((error: unknown) => this.#end({ status: 'error', error: this.#tools.tracebacks.describe(error) }));
    });
  }

  async #outcome(evaluation: Exclude<Evaluation, { status: 'terminated' }>): Promise<ExecuteOutcome> {
    if (evaluation.status === 'thrown') {
      this.#tools.failed(this.#request.parent);
      const error: CellError = this.#tools.tracebacks.describe(evaluation.value, evaluation.place);
      await this.#tools.displayed();
      return { status: 'error', error };
    }
    const shown = await this.#tools.format(evaluation.value);
    await this.#tools.displayed();
    return shown === null ? { status: 'ok' } : { status: 'ok', result: shown.data, metadata: shown.metadata };
  }

  #end(outcome: ExecuteOutcome): void {
    if (this.#ended) return;
    markOutputEnd(this.id);
    send({ type: 'outcome', id: this.id, outcome });
    // Last, because an interrupt may stop this method anywhere: then the next interrupt message ends it again, and the
    // kernel process ignores a second outcome.
    this.#ended = true;
  }
}
