/** @file What to do where V8 stops: tell the client, or go on, because a step landed in code that is not the user's. */
import type { Inspector } from './inspector.ts';
import type { Stop } from './stop.ts';

/** What the client asked for last; `none` where code simply runs. */
export type Motion = 'none' | 'next' | 'stepIn' | 'stepOut' | 'pause';

/** Calls into Node's code are followed so far, since they may lead to a callback of the user's. */
const deepestSearch = 60;
/** Steps in a row that land on nothing of the user's. */
const longestWalk = 500;
/** A pause that met only Node's own code is tried again after this time (ms). */
const pauseInterval = 20;

const commands = { next: 'Debugger.stepOver', stepIn: 'Debugger.stepInto', stepOut: 'Debugger.stepOut' } as const;

export class Stepping {
  readonly #inspector: Inspector;
  #motion: Motion = 'none';
  #steps = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(inspector: Inspector) {
    this.#inspector = inspector;
  }

  get motion(): Motion {
    return this.#motion;
  }

  /** Carries out what the client asks for, from a stop on. */
  async move(motion: 'none' | 'next' | 'stepIn' | 'stepOut'): Promise<void> {
    this.reset();
    this.#motion = motion;
    await this.#inspector.post(motion === 'none' ? 'Debugger.resume' : commands[motion]);
  }

  /** Stops at the next statement of the user's. */
  async pause(): Promise<void> {
    this.reset();
    this.#motion = 'pause';
    await this.#inspector.post('Debugger.pause');
  }

  /** A client was told, or nobody waits any more. */
  reset(): void {
    clearTimeout(this.#retry);
    this.#motion = 'none';
    this.#steps = 0;
  }

  /** Goes on where a step (or nothing at all) stopped at a place that is none; true where it did. */
  async goOn(stop: Stop): Promise<boolean> {
    const isUsers = stop.top?.script?.origin === 'user';
    if (isUsers && stop.top?.position !== undefined) return false;
    if (++this.#steps > longestWalk || this.#motion === 'none') return this.#leave();
    // In a cell, but on what the compiler added: one step more of the same kind.
    if (isUsers) return this.#step(this.#motion === 'stepIn' ? 'stepIn' : 'next');
    if (this.#motion === 'pause') return stop.hasUserFrame ? this.#step('stepOut') : this.#search();
    if (!stop.hasUserFrame) return this.#leave();
    return this.#step(this.#motion === 'stepIn' && this.#steps < deepestSearch ? 'stepIn' : 'stepOut');
  }

  /** For a pause: through whatever Node does, as long as it is not too far (a timer's way is some 60 steps); then later again. */
  async #search(): Promise<true> {
    if (this.#steps < longestWalk) return this.#step('stepIn');
    await this.#leave();
    this.#motion = 'pause';
    this.#retry = setTimeout(() => {
      if (this.#motion === 'pause') this.pause().catch(() => undefined);
    }, pauseInterval);
    return true;
  }

  async #step(kind: keyof typeof commands): Promise<true> {
    await this.#inspector.post(commands[kind]);
    return true;
  }

  async #leave(): Promise<true> {
    this.reset();
    await this.#inspector.post('Debugger.resume');
    return true;
  }
}
