/**
 * @file Holds back updates of widgets that come faster than front ends take them, and joins those of one widget: Jupyter's
 * server drops what exceeds 1,000 messages a second, and a progress bar in a loop sends 50,000.
 */
import type { CommMessage, JsonObject } from './contract.ts';

/**
 * So many updates pass at once, and then so many a second: nobody sees more. The server counts what it reads in three seconds,
 * and may be seconds behind: 3,000 must not have come together by then.
 */
const burst = 1_000;
const perSecond = 200;
/** Milliseconds until held updates go on, as many of them as may pass. */
const delay = 25;

export type UpdateMessage = Extract<CommMessage, { type: 'msg' }>;
type Path = readonly (string | number)[];

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a later message of the same comm can take this one's place: a widget's state, and not where its output goes. */
export function isStateUpdate(message: CommMessage): message is UpdateMessage {
  const { method, state } = message.data;
  return message.type === 'msg' && method === 'update' && isObject(state) && !Object.hasOwn(state, 'msg_id');
}

const pathsOf = ({ data }: UpdateMessage): readonly Path[] => (data.buffer_paths ?? []) as readonly Path[];

/** One update that says what two say. */
export function joinUpdates(earlier: UpdateMessage, later: UpdateMessage): UpdateMessage {
  const replaced = new Set([...Object.keys(later.data.state as JsonObject), ...pathsOf(later).map(([key]) => key)]);
  const kept = Object.entries(earlier.data.state as JsonObject).filter(([key]) => !replaced.has(key));
  const keptParts = pathsOf(earlier).flatMap((path, index) => (replaced.has(path[0]) ? [] : [index]));
  return {
    ...later,
    data: {
      ...later.data,
      state: { ...Object.fromEntries(kept), ...(later.data.state as JsonObject) },
      buffer_paths: [...keptParts.map((index) => pathsOf(earlier)[index]), ...pathsOf(later)],
    },
    buffers: [...keptParts.map((index) => earlier.buffers[index]), ...later.buffers],
  };
}

interface Held {
  readonly message: UpdateMessage;
  readonly parent: string;
}

export class UpdateGate {
  readonly #pass: (message: UpdateMessage, parent: string) => void;
  readonly #held = new Map<string, Held>();
  /** How many may pass now. */
  #allowance = burst;
  #countedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;

  /** @param pass publishes an update that was held */
  constructor(pass: (message: UpdateMessage, parent: string) => void) {
    this.#pass = pass;
  }

  /** @returns whether the update is held; if not, it is to be published now */
  holds(message: UpdateMessage, parent: string): boolean {
    const earlier = this.#held.get(message.commId);
    if (earlier === undefined && this.#mayPass()) return false;
    this.#held.set(message.commId, { message: earlier ? joinUpdates(earlier.message, message) : message, parent });
    this.#timer ??= setTimeout(() => this.#goOn(), delay);
    return true;
  }

  /** Publishes all that are held: something comes that must stand after them. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const held of this.#held.values()) this.#pass(held.message, held.parent);
    this.#held.clear();
  }

  #goOn(): void {
    this.#timer = undefined;
    for (const [commId, { message, parent }] of this.#held) {
      if (!this.#mayPass()) break;
      this.#held.delete(commId);
      this.#pass(message, parent);
    }
    if (this.#held.size > 0) this.#timer = setTimeout(() => this.#goOn(), delay);
  }

  #mayPass(): boolean {
    const now = performance.now();
    this.#allowance = Math.min(burst, this.#allowance + ((now - this.#countedAt) / 1_000) * perSecond);
    this.#countedAt = now;
    if (this.#allowance < 1) return false;
    this.#allowance--;
    return true;
  }
}
