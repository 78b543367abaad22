/** @file The lines in which execute_requests wait: the main shell, its subshells (JEP 91), and what runs on control. */
import { randomUUID } from 'node:crypto';
import { ExecutionQueue } from './execution-queue.ts';
import { RequestError, type Header, type KernelRequest } from './request.ts';

/** Cells of one shell run one after the other; those of different shells beside each other. */
export class Shell {
  /** What subshell_id calls it; null for the main shell. */
  readonly id: string | null;
  readonly queue = new ExecutionQueue();
  /** The request that runs. */
  executing: Header | undefined;

  constructor(id: string | null) {
    this.id = id;
  }
}

export class Shells {
  readonly main = new Shell(null);
  /** An execute_request on control does not wait for those on shell. */
  readonly #control = new Shell('control');
  readonly #subshells = new Map<string, Shell>();

  get subshells(): readonly string[] {
    return [...this.#subshells.keys()];
  }

  /** The request that runs, of the main shell before others. */
  get executing(): Header | undefined {
    return this.#all().find(({ executing }) => executing)?.executing;
  }

  /** @returns the id of a new subshell */
  create(): string {
    const id = randomUUID();
    this.#subshells.set(id, new Shell(id));
    return id;
  }

  /** The shell that a request is for. @throws where there is no such subshell */
  of({ channel, message }: KernelRequest): Shell {
    if (channel === 'control') return this.#control;
    const id = message.header.subshell_id ?? null;
    return id === null ? this.main : this.find(id);
  }

  /** @throws where there is no such subshell */
  find(id: string): Shell {
    const shell = this.#subshells.get(id);
    if (shell) return shell;
    throw new RequestError('UnknownSubshellError', `Unknown subshell_id ${JSON.stringify(id)}`);
  }

  /** Forgets a subshell; what waits in it is aborted. */
  delete(id: string): void {
    const { queue } = this.find(id);
    this.#subshells.delete(id);
    queue.abort();
  }

  /** Aborts what waits in any of them. */
  abort(): void {
    for (const { queue } of this.#all()) queue.abort();
  }

  /** Resolves when nothing runs or waits in any of them. */
  async settled(): Promise<void> {
    await Promise.all(this.#all().map(({ queue }) => queue.settled()));
  }

  #all(): Shell[] {
    return [this.main, ...this.#subshells.values(), this.#control];
  }
}
