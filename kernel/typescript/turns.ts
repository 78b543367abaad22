/** @file Operations on the language server, one after the other and each within its time. */
import type { LanguageServer } from './language-server.ts';

/** How long the first answer of a server may take at least: it reads the libraries, on a loaded machine slowly. */
const startLimit = 60_000;

export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';

  constructor(limit: number) {
    super(`TypeScript did not answer within ${limit / 1000} s; its server is started anew.`);
  }
}

/** What the service does, in turns. */
export class Turns {
  readonly #server: LanguageServer;
  readonly #timeLimit: number;
  #last: Promise<unknown> = Promise.resolve();
  #areStopped = false;

  constructor(server: LanguageServer, timeLimit: number) {
    this.#server = server;
    this.#timeLimit = timeLimit;
  }

  get areStopped(): boolean {
    return this.#areStopped;
  }

  /** From here on operations fail. */
  stop(): void {
    this.#areStopped = true;
  }

  /**
   * Runs an operation after the ones before it. A server that fails is replaced and asked once more; one that does not answer
   * in time is replaced, and the operation fails: no cell waits for its types for ever.
   */
  take<Result>(operation: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(async () => {
      if (this.#areStopped) throw new Error('the TypeScript service was stopped.');
      try {
        return await this.#inTime(operation);
      } catch (error) {
        if (error instanceof TimeLimitError || this.#areStopped) throw error;
        return await this.#inTime(operation);
      }
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #inTime<Result>(operation: () => Promise<Result>): Promise<Result> {
    const limit = this.#server.isWarm ? this.#timeLimit : Math.max(startLimit, this.#timeLimit);
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        this.#server.kill();
        reject(new TimeLimitError(limit));
      }, limit);
    });
    const work = operation();
    work.catch(() => {}); // it may fail after its time
    try {
      return await Promise.race([work, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}
