/** @file Joins the pieces of streams, which come one a `console.log`, to as few as there need to be. */
import type { ChildMessage } from './wire.ts';

type StreamMessage = Extract<ChildMessage, { type: 'stream' }>;

export class StreamRuns {
  /** Whose text the strings between messages continue. */
  #latest: StreamMessage | undefined;

  /** Neighbouring pieces of the same stream become one message, in the order in which they came. */
  join(messages: readonly (ChildMessage | string)[]): ChildMessage[] {
    const joined: ChildMessage[] = [];
    let texts: string[] = [];
    const flush = (): void => {
      if (texts.length > 0 && this.#latest !== undefined) joined.push({ ...this.#latest, text: texts.join('') });
      texts = [];
    };
    for (const message of messages) {
      if (typeof message === 'string') {
        texts.push(message);
        continue;
      }
      if (message.type !== 'stream') {
        flush();
        joined.push(message);
        continue;
      }
      if (this.#latest?.parent !== message.parent || this.#latest.name !== message.name) flush();
      this.#latest = message;
      texts.push(message.text);
    }
    flush();
    return joined;
  }
}
