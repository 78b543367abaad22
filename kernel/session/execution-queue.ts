/** @file The queue of execute_requests: one at a time; after an error the ones that wait are aborted. */

export interface Finished {
  /** The cell failed, and the ones that wait must not run. */
  readonly stop: boolean;
  /** Tells the client that the cell is done. */
  answer(): void;
}

export interface QueuedExecution {
  run(): Promise<Finished>;
  /** Answers that it was not run. */
  abort(): void;
}

/** Whatever cannot be told, the cells that wait have their turn. */
function tell(answer: () => void): void {
  try {
    answer();
  } catch (error) {
    console.error('tensorcell: an execute_request was not answered:', error);
  }
}

export class ExecutionQueue {
  readonly #waiting: QueuedExecution[] = [];
  #draining: Promise<void> | undefined;

  add(execution: QueuedExecution): void {
    this.#waiting.push(execution);
    this.#draining ??= this.#drain();
  }

  /** Resolves when nothing runs or waits. */
  async settled(): Promise<void> {
    await this.#draining;
  }

  /** Aborts everything that waits. */
  abort(): void {
    for (const execution of this.#waiting.splice(0)) tell(() => execution.abort());
  }

  async #drain(): Promise<void> {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const finished = await next.run().catch((error: unknown) => {
        console.error('tensorcell: an execute_request failed:', error);
      });
      if (!finished) continue;
      if (!finished.stop) {
        tell(() => finished.answer());
        continue;
      }
      // Aborted is what was sent before the client could know of the error. So one turn of the loop is given to requests that
      // lie in the socket already, and whatever comes after the answer was sent later.
      await new Promise((resolve) => setImmediate(resolve));
      const doomed = this.#waiting.splice(0);
      tell(() => finished.answer());
      for (const execution of doomed) tell(() => execution.abort());
    }
    this.#draining = undefined;
  }
}
