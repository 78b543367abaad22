/** @file How an interrupt reaches a request, wherever the request is on its way. */
import { RequestError } from './request.ts';

/**
 * A cell waits for work of the kernel process, or the cell process has a script of it, or it is between the two: then the
 * interrupt meets its next step.
 */
export class InterruptHandle {
  #reject: (() => void) | undefined;
  #isMissed = false;
  #executing = 0;

  /** @returns whether the cell process is to be interrupted as well */
  interrupt(): boolean {
    if (this.#reject !== undefined) {
      this.#reject();
      return false;
    }
    if (this.#executing === 0) this.#isMissed = true;
    return true;
  }

  /**
   * Waits for work, unless it is interrupted; the work itself goes on to its end unheard.
   *
   * @param message what the interrupted cell is told
   */
  wait<Result>(work: Promise<Result>, message = 'The cell was interrupted before it ran.'): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const interrupt = (): void => reject(new RequestError('Interrupted', message));
      this.#reject = interrupt;
      const over = (): void => {
        if (this.#reject === interrupt) this.#reject = undefined;
      };
      if (this.#isMissed) interrupt();
      this.#isMissed = false;
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
    if (this.#isMissed) await this.wait(Promise.resolve());
  }
}
