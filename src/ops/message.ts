/** @file Text with tensors in it, as primitives that print and assert take it. */
import type { MessageParams } from '../primitives/primitives.ts';
import { partsOf } from '../tensor/complex.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';

/** What a message is made of: its parameters, and the tensors in it as engines know them. */
export interface Message {
  readonly params: MessageParams;
  readonly operands: readonly Tensor[];
}

const isPlain = (value: unknown): value is object => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** Pieces one after another: tensors and variables in the order they come, structures of them in brackets, the rest as text. */
export function messageOf(pieces: readonly unknown[], separator: string, summarize: number | null): Message {
  const text: string[] = [''];
  const parts: (1 | 2)[] = [];
  const operands: Tensor[] = [];
  const write = (words: string): void => void (text[text.length - 1] += words);
  const list = (items: readonly (() => void)[], between: string): void =>
    items.forEach((item, i) => {
      if (i > 0) write(between);
      item();
    });
  const put = (piece: unknown, isNested: boolean): void => {
    const tensor = piece instanceof Variable ? piece.read() : piece;
    if (tensor instanceof Tensor) {
      const all = partsOf(tensor);
      operands.push(...all);
      parts.push(all.length as 1 | 2);
      text.push('');
    } else if (Array.isArray(piece)) {
      write('[');
      list(
        piece.map((item: unknown) => () => put(item, true)),
        ', ',
      );
      write(']');
    } else if (typeof piece === 'object' && piece !== null && isPlain(piece)) {
      write('{');
      list(
        Object.entries(piece).map(([key, item]) => () => {
          write(`${key}: `);
          put(item, true);
        }),
        ', ',
      );
      write('}');
    } else write(typeof piece === 'string' && isNested ? JSON.stringify(piece) : String(piece));
  };
  list(
    pieces.map((piece) => () => put(piece, false)),
    separator,
  );
  return { params: { text, parts, summarize }, operands };
}

/** The pieces of a text with `{}` in it, filled in order; null where there are not as many as values. */
export function filled(template: string, values: readonly unknown[]): unknown[] | null {
  const pieces = template.split('{}');
  return values.length > 0 && pieces.length === values.length + 1
    ? pieces.flatMap((piece, i) => (i === 0 ? [piece] : [values[i - 1], piece]))
    : null;
}
