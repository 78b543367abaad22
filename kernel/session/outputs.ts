/** @file Output of cells to iopub: streams coalesced, everything in order, each under its own request. */
import type { CellEvent } from '../cell/contract.ts';
import type { Iopub } from './iopub.ts';
import type { OutputParent, Parents } from './parents.ts';

/** Text waits this long for more of its kind. Short enough to look live, long enough to join thousands of lines. */
const flushDelay = 25;
/** Or until there are so many characters. No message has more, so that what waits for a slow client has a bound. */
const flushSize = 64 * 1024;

type OutputEvent = Extract<CellEvent, { type: 'stream' | 'display' | 'clear' | 'error' }>;
type StreamName = 'stdout' | 'stderr';

interface PendingText {
  readonly parent: OutputParent;
  readonly name: StreamName;
  readonly parts: string[];
  size: number;
}

/** Turns the events of the cell process into iopub messages. */
export class Outputs {
  readonly #iopub: Iopub;
  readonly #parents: Parents;
  #pending: PendingText | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(iopub: Iopub, parents: Parents) {
    this.#iopub = iopub;
    this.#parents = parents;
  }

  handle(event: OutputEvent): void {
    const parent = this.#parents.find(event.parent);
    if (!parent || parent.silent) return;
    if (event.type === 'stream') return this.write(parent, event.name, event.text);
    this.flush();
    if (event.type === 'clear') this.#iopub.publish('clear_output', { wait: event.wait }, parent.header);
    else if (event.type === 'error') this.#iopub.publish('error', event.error, parent.header);
    else {
      const { data, metadata, transient } = event;
      const type = event.update ? 'update_display_data' : 'display_data';
      this.#iopub.publish(type, { data, metadata, transient }, parent.header);
    }
  }

  /** Appends text to a stream. */
  write(parent: OutputParent, name: StreamName, text: string): void {
    if (parent.silent) return;
    for (let rest = text; rest !== '';) {
      const piece = firstPiece(rest);
      this.#append(parent, name, piece);
      rest = rest.slice(piece.length);
    }
  }

  #append(parent: OutputParent, name: StreamName, text: string): void {
    if (this.#pending && (this.#pending.parent !== parent || this.#pending.name !== name)) this.flush();
    const pending = (this.#pending ??= { parent, name, parts: [], size: 0 });
    pending.parts.push(text);
    pending.size += text.length;
    if (pending.size >= flushSize) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), flushDelay);
  }

  /** Publishes the text that waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    if (!pending) return;
    this.#pending = undefined;
    const content = { name: pending.name, text: pending.parts.join('') };
    this.#iopub.publish('stream', content, pending.parent.header, { topic: `stream.${pending.name}` });
  }
}

/** The text, or as much of it as goes into a message; a character of two UTF-16 units stays whole. */
function firstPiece(text: string): string {
  if (text.length <= flushSize) return text;
  const isCut = text.charCodeAt(flushSize) >>> 10 === 0xdc00 >>> 10;
  return text.slice(0, isCut ? flushSize - 1 : flushSize);
}
