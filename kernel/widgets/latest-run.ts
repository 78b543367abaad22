/** @file Runs a function again and again, one run after the other, leaving out those that a newer one has made superfluous. */

/** While an asynchronous run goes on, the newest of the runs asked for meanwhile waits for its end. */
export class LatestRun {
  readonly #run: () => unknown;
  /** An asynchronous run that is not over. */
  #running: Promise<unknown> | undefined;
  /** Number of the newest run that was asked for. */
  #asked = 0;

  constructor(run: () => unknown) {
    this.#run = run;
  }

  /** @returns a promise of the end where the run is asynchronous or has to wait */
  ask(): unknown {
    const number = ++this.#asked;
    if (!this.#running) return this.#start();
    return this.#running.then(() => (number === this.#asked ? this.#start() : undefined));
  }

  #start(): unknown {
    const run = this.#run();
    if (!(run instanceof Promise)) return undefined;
    const running: Promise<unknown> = run.finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    return (this.#running = running);
  }
}
