/** @file The queue of execute_requests: one at a time; after an error the ones that wait are aborted. */

export interface QueuedExecution {
  /** Runs; true where it failed and the ones that wait must not run. */
  run(): Promise<boolean>;
  /** Answers that it was not run. */
  abort(): void;
}

export class ExecutionQueue {
  readonly #waiting: QueuedExecution[] = [];
  #active = false;

  /** True while a cell runs. */
  get active(): boolean {
    return this.#active;
  }

  add(execution: QueuedExecution): void {
    this.#waiting.push(execution);
    if (!this.#active) void this.#drain();
  }

  /** Aborts everything that waits. */
  abort(): void {
    for (const execution of this.#waiting.splice(0)) execution.abort();
  }

  async #drain(): Promise<void> {
    this.#active = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const stop = await next.run();
      // One turn of the loop, so that a request which lies in the socket already is not mistaken for a later one.
      if (stop) await new Promise((resolve) => setImmediate(resolve));
      if (stop) this.abort();
    }
    this.#active = false;
  }
}
