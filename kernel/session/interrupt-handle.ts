/** @file How an interrupt reaches a request, wherever the request is on its way. */
import { RequestError } from './request.ts';

/**
 * A cell waits for work of the kernel process, or the cell process has a script of it, or it is between the two: then the
 * interrupt meets its next step.
 */
export class InterruptHandle {
  #reject: ((reason: RequestError) => void) | undefined;
  #missed: RequestError | undefined;
  #executing = 0;

  /** @returns whether the cell process is to be interrupted as well */
  interrupt(): boolean {
    const reason = new RequestError('Interrupted', 'The cell was interrupted before it ran.');
    if (this.#reject !== undefined) {
      this.#reject(reason);
      return false;
    }
    if (this.#executing === 0) this.#missed = reason;
    return true;
  }

  /** Waits for work, unless it is interrupted; the work itself goes on to its end unheard. */
  wait<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#reject = reject;
      const over = (): void => {
        if (this.#reject === reject) this.#reject = undefined;
      };
      const missed = this.#missed;
      this.#missed = undefined;
      if (missed !== undefined) reject(missed);
      work.then(resolve, reject).finally(over);
    });
  }

  /** Waits for a script of the cell process, which is interrupted there. */
  async execute<Result>(script: () => Promise<Result>): Promise<Result> {
    this.#executing++;
    try {
      return await script();
    } finally {
      this.#executing--;
    }
  }

  /** @throws where an interrupt came between two steps */
  async check(): Promise<void> {
    if (this.#missed !== undefined) await this.wait(Promise.resolve());
  }
}
