/** @file `{expression}` and `$name` in the text of a magic: where they are, and the text with their values. */
import { parseSync } from 'oxc-parser';

/** A piece of a text: as it is written, or the TypeScript expression whose value takes its place. */
export type Piece = { readonly text: string } | { readonly expression: string; readonly written: string };

const isExpression = (source: string): boolean => {
  const { program, errors } = parseSync('magic.ts', `(${source}\n)`, { lang: 'ts', preserveParens: false });
  const [only, more] = program.body;
  if (errors.length > 0 || more !== undefined || only?.type !== 'ExpressionStatement') return false;
  // `{a,b}` and `{print}` are the shell's and awk's more often than anyone's sequence or bare block.
  return only.expression.type !== 'SequenceExpression';
};

/** From `{`, the offset past the bracket that closes it; 0 where none does on this line. */
function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return at + 1;
    else if (char === '"' || char === "'" || char === '`') {
      const end = text.indexOf(char, at + 1);
      if (end !== -1) at = end;
    }
  }
  return 0;
}

/**
 * The pieces of a text, as IPython has it: `{expression}` and `$name` are the notebook's, `$$name` is the shell's `$name`,
 * `{{` and `}}` are brackets. What is no expression (`{a,b}`, `${HOME}`, `{}`) stays as it is written.
 */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let plain = '';
  let doubled = 0;
  const add = (expression: string, written: string): void => {
    if (plain !== '') pieces.push({ text: plain });
    plain = '';
    pieces.push({ expression, written });
  };
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at);
    const name = /^\$([\p{ID_Start}_][\p{ID_Continue}]*)/u.exec(rest);
    if (rest.startsWith('$$') && /^\$\$[\p{ID_Start}_{]/u.test(rest)) {
      plain += '$';
      at += 2;
      // The name belongs to the shell now.
      const [shells] = /^[\p{ID_Continue}]*/u.exec(text.slice(at))!;
      plain += shells;
      at += shells.length;
    } else if (rest.startsWith('{{') && rest.includes('}}')) {
      plain += '{';
      doubled++;
      at += 2;
    } else if (rest.startsWith('}}') && doubled > 0) {
      plain += '}';
      doubled--;
      at += 2;
    } else if (name !== null && isExpression(name[1])) {
      // Not in `$if` or `$class`: no name of the notebook's is a word of the language.
      add(name[1], name[0]);
      at += name[0].length;
    } else if (rest.startsWith('{') && text[at - 1] !== '$') {
      const end = closing(text, at);
      const source = text.slice(at + 1, end - 1);
      if (end > 0 && source.trim() !== '' && isExpression(source)) {
        add(source, text.slice(at, end));
        at = end;
      } else {
        plain += '{';
        at++;
      }
    } else {
      plain += text[at++];
    }
  }
  if (plain !== '') pieces.push({ text: plain });
  return pieces;
}

/** The expressions of a text, in their order. */
export const expressionsOf = (pieces: readonly Piece[]): readonly string[] =>
  pieces.flatMap((piece) => ('expression' in piece ? piece.expression : []));

/** The text with values; null stands for an expression whose names nobody knows, which stays as it is written. */
export function fill(pieces: readonly Piece[], values: readonly (string | null)[]): string {
  let next = 0;
  return pieces.map((piece) => ('text' in piece ? piece.text : (values[next++] ?? piece.written))).join('');
}
