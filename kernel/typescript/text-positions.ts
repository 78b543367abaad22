/** @file Between offsets in the user's cell and the server's positions in the cell's document. */
import type { Position } from 'vscode-languageserver-protocol/node';
import { preludeLines } from './notebook-modules.ts';

/** Where each line of a text starts. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Positions of one source. */
export class TextPositions {
  readonly #starts: number[];
  readonly #length: number;
  readonly #linesBefore: number;

  /** @param linesBefore lines of the document that stand before the source */
  constructor(source: string, linesBefore = preludeLines) {
    this.#starts = lineStarts(source);
    this.#length = source.length;
    this.#linesBefore = linesBefore;
  }

  toPosition(offset: number): Position {
    const line = this.#starts.findLastIndex((start) => start <= offset);
    return { line: line + this.#linesBefore, character: offset - this.#starts[line] };
  }

  /** The offset, or undefined for a place in what was put around the user's text. */
  toOffset({ line, character }: Position): number | undefined {
    const start = this.#starts[line - this.#linesBefore];
    return start === undefined ? undefined : Math.min(start + character, this.#length);
  }
}
