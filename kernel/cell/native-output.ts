/** @file Reads fd 1 or fd 2 of the cell process: text of native code and grandchildren, and the markers that end a cell's output. */
import { StringDecoder } from 'node:string_decoder';

/** Splits what comes through a pipe into text and markers `\0secret:id\0`. */
export class NativeOutput {
  readonly #decoder = new StringDecoder('utf8');
  readonly #opening: string;
  readonly #onText: (text: string) => void;
  readonly #onMarker: (id: number) => void;
  /** The end of the text so far that may be the beginning of a marker. */
  #held = '';

  constructor(secret: string, onText: (text: string) => void, onMarker: (id: number) => void) {
    this.#opening = `\u0000${secret}:`;
    this.#onText = onText;
    this.#onMarker = onMarker;
  }

  write(chunk: Buffer): void {
    let text = this.#held + this.#decoder.write(chunk);
    this.#held = '';
    for (;;) {
      const start = text.indexOf(this.#opening);
      if (start === -1) break;
      const end = text.indexOf('\u0000', start + this.#opening.length);
      if (end === -1) {
        this.#emit(text.slice(0, start));
        this.#held = text.slice(start);
        return;
      }
      this.#emit(text.slice(0, start));
      this.#onMarker(Number(text.slice(start + this.#opening.length, end)));
      text = text.slice(end + 1);
    }
    const keep = this.#openingAtEnd(text);
    this.#emit(text.slice(0, text.length - keep));
    this.#held = text.slice(text.length - keep);
  }

  /** No more will come: what looked like a marker was text. */
  end(): void {
    this.#emit(this.#held + this.#decoder.end());
    this.#held = '';
  }

  #openingAtEnd(text: string): number {
    for (let length = Math.min(text.length, this.#opening.length - 1); length > 0; length--)
      if (text.endsWith(this.#opening.slice(0, length))) return length;
    return 0;
  }

  #emit(text: string): void {
    if (text !== '') this.#onText(text);
  }
}
