/** @file Output of cells to iopub: streams coalesced, everything in order, each under its own request. */
import type { CellEvent, MimeData } from '../cell/contract.ts';
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

/** Output that is kept instead of published. */
interface Kept {
  stdout: string;
  stderr: string;
  displays: { readonly data: MimeData; readonly metadata: MimeData }[];
}

/** Which of it is kept. */
type Wanted = Readonly<Record<keyof Kept, boolean>>;

const nothing = (): Kept => ({ stdout: '', stderr: '', displays: [] });

/** Turns the events of the cell process into iopub messages. */
export class Outputs {
  /** Outputs of these requests are kept instead of published. */
  readonly #captures = new Map<OutputParent, { readonly kept: Kept; readonly wanted: Wanted }>();
  readonly #iopub: Iopub;
  readonly #parents: Parents;
  readonly #flushListeners: (() => void)[] = [];
  #pending: PendingText | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(iopub: Iopub, parents: Parents) {
    this.#iopub = iopub;
    this.#parents = parents;
  }

  handle(event: OutputEvent): void {
    const parent = this.#parents.find(event.parent);
    if (!parent || parent.silent) return;
    const capture = this.#captures.get(parent);
    if (capture?.wanted.displays && event.type === 'display') {
      if (!event.update) capture.kept.displays.push({ data: event.data, metadata: event.metadata });
      return;
    }
    if (capture && event.type === 'clear') return void Object.assign(capture.kept, nothing());
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
    const capture = this.#captures.get(parent);
    if (capture?.wanted[name]) {
      capture.kept[name] += text;
      return;
    }
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

  /** Keeps what a request puts out from now on. @returns ends that, and gives what was kept */
  capture(parent: OutputParent, wanted: Wanted): () => Kept {
    this.flush();
    const outer = this.#captures.get(parent);
    const kept = nothing();
    this.#captures.set(parent, { kept, wanted });
    return () => {
      if (this.#captures.get(parent)?.kept === kept) {
        if (outer) this.#captures.set(parent, outer);
        else this.#captures.delete(parent);
      }
      return kept;
    };
  }

  /** What else waits is published with the text. */
  onFlush(listener: () => void): void {
    this.#flushListeners.push(listener);
  }

  /** Publishes the text that waits. */
  flush(): void {
    for (const listener of this.#flushListeners) listener();
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
