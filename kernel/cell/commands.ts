/** @file What the main thread does with the commands that the I/O thread passes on: cells, calls, and questions of an interrupt. */
import { clearAsyncStack } from './async-stack.ts';
import { answerCall, interruptCalls } from './calls.ts';
import { Execution, type ExecutionTools } from './execution.ts';
import { tellTerminated } from './interruption.ts';
import type { CallCommand, ExecuteCommand, IoThreadMessage, MainThreadMessage } from './wire.ts';

export interface CommandDependencies {
  readonly tools: ExecutionTools;
  /** Makes a cell's source known to stacks. */
  readonly remember: (request: ExecuteCommand['request']) => void;
  /** Gives up what is being displayed. */
  readonly abandonDisplays: () => void;
  readonly tell: (message: IoThreadMessage) => void;
}

/**
 * Takes in each command once. A termination may strike the handling of any of them, so that nothing after it happens: the I/O
 * thread repeats those that it has not heard of as taken, and every step here leaves a state from which that goes well.
 */
export class Commands {
  readonly #dependencies: CommandDependencies;
  /** Cells that run, by number: several where subshells are in use. */
  readonly #executions = new Map<number, Execution>();
  /** Commands taken in that the I/O thread may not have heard of yet. */
  readonly #taken = new Set<number>();

  constructor(dependencies: CommandDependencies) {
    this.#dependencies = dependencies;
  }

  obey(message: MainThreadMessage): void {
    if (message.type === 'question') return this.#answer(message);
    this.#take(message)?.run();
  }

  /** @returns the execution, of a cell that is to run */
  #take(command: ExecuteCommand | CallCommand): Execution | undefined {
    if (this.#taken.has(command.id)) return undefined;
    const { remember, tell, tools } = this.#dependencies;
    if (command.type === 'call') {
      this.#taken.add(command.id);
      tell({ taken: command.id });
      answerCall(command);
      return undefined;
    }
    this.#forgetEnded();
    remember(command.request);
    const execution = new Execution(command.id, command.request, tools);
    this.#executions.set(command.id, execution);
    this.#taken.add(command.id);
    tell({ taken: command.id });
    return execution;
  }

  #answer({ number, cells, gentle, struck, untaken }: Extract<MainThreadMessage, { type: 'question' }>): void {
    clearAsyncStack();
    if (struck) tellTerminated();
    // Nobody can say whose code a termination struck, and it drops the promise continuations of all.
    const isMeant = (id: number): boolean => struck || cells.includes(id);
    const missed = untaken.flatMap((command) => this.#take(command) ?? []);
    this.#forgetEnded();
    const ending = [...this.#executions.values()].filter(({ id }) => isMeant(id));
    if (ending.length > 0) this.#dependencies.abandonDisplays();
    for (const execution of ending) execution.interrupt();
    if (!gentle) interruptCalls();
    // Not before they ended: what else waits for its turn of the loop may never give it back.
    const answer = (): void => this.#dependencies.tell({ answeredQuestion: number });
    if (ending.every(({ ended }) => ended)) answer();
    else setImmediate(answer);
    for (const execution of missed) if (!isMeant(execution.id)) execution.run();
    // Whoever is not on the list was heard of.
    const listed = new Set(untaken.map(({ id }) => id));
    for (const id of this.#taken) if (!listed.has(id)) this.#taken.delete(id);
  }

  /** Whether no cell runs. */
  get isIdle(): boolean {
    this.#forgetEnded();
    return this.#executions.size === 0;
  }

  #forgetEnded(): void {
    for (const [id, { ended }] of this.#executions) if (ended) this.#executions.delete(id);
  }
}
