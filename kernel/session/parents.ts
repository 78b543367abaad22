/** @file Which request an output belongs to: tokens of cells to parent headers. */
import type { Header } from '../protocol/message.ts';
import type { KernelRequest } from './request.ts';

export interface OutputParent {
  readonly header: Header;
  /** Nothing of a silent request is published. */
  readonly silent: boolean;
  /** The execute_request; absent where the output belongs to a message of another type. */
  readonly request?: KernelRequest;
  /** The request was answered; what its code does now is late. */
  isOver?: boolean;
}

/** Remembers the requests whose cells may still print something. Bounded: a notebook may run for weeks. */
export class Parents {
  readonly #capacity: number;
  readonly #byToken = new Map<string, OutputParent>();
  readonly #messages = new Map<string, OutputParent>();
  readonly #endListeners: ((token: string) => void)[] = [];
  #newest: OutputParent | undefined;
  #count = 0;

  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  /** The request that came last. */
  get newest(): OutputParent | undefined {
    return this.#newest;
  }

  /** A new token for a request. */
  add(parent: OutputParent): string {
    const token = String(++this.#count);
    this.#byToken.set(token, parent);
    this.#newest = parent;
    if (this.#byToken.size > this.#capacity) this.#byToken.delete(this.#byToken.keys().next().value!);
    return token;
  }

  /** The request is about to be answered: nobody waits for what its code does later. */
  end(token: string): void {
    const parent = this.#byToken.get(token);
    if (parent) parent.isOver = true;
    for (const listener of this.#endListeners) listener(token);
  }

  /** Hears of requests that end. */
  onEnd(listener: (token: string) => void): void {
    this.#endListeners.push(listener);
  }

  /**
   * A new token for a message of another kind, whose handlers may print as well: of a comm. A slider that is moved sends
   * hundreds, so they are forgotten apart from the cells, and none of them is the newest request.
   */
  addMessage(parent: OutputParent): string {
    const token = `message ${++this.#count}`;
    this.#messages.set(token, parent);
    if (this.#messages.size > this.#capacity) this.#messages.delete(this.#messages.keys().next().value!);
    return token;
  }

  /** The request of a token. Output without a known one (native code, a cell long forgotten) goes to the newest. */
  find(token: string): OutputParent | undefined {
    return this.#byToken.get(token) ?? this.#messages.get(token) ?? this.#newest;
  }
}
