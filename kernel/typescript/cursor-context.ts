/** @file What stands at the cursor in a cell that is being written: code, a comment, a string, and the members before it. */

const identifierStart = /[\p{ID_Start}$_]/u;
const wordEnd = /[\p{ID_Continue}$]+$/u;
/** Words after which a slash begins a regular expression, not a division. */
const beforeExpression =
  /(?:^|[^\p{ID_Continue}$.])(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield)$/u;

export type CursorContext =
  | { readonly in: 'code' }
  | { readonly in: 'comment' }
  | {
      readonly in: 'string';
      readonly quote: '"' | "'" | '`';
      /** Where its text begins, after the quote; in a template after the last `${}`. */
      readonly start: number;
      /** A template with `${}` before the cursor: its text is not known. */
      readonly isComputed: boolean;
    };

/** Reads a text from its start to the cursor, as far as strings, comments, templates and regular expressions tell. */
class Scanner {
  readonly #text: string;
  readonly #end: number;
  #at = 0;
  /** Open braces; true for those of a template's `${`. */
  readonly #braces: boolean[] = [];

  constructor(text: string, end: number) {
    this.#text = text;
    this.#end = end;
  }

  scan(): CursorContext {
    while (this.#at < this.#end) {
      const context = this.#step();
      if (context !== undefined) return context;
    }
    return { in: 'code' };
  }

  #step(): CursorContext | undefined {
    const character = this.#text[this.#at];
    if (character === '"' || character === "'") return this.#quoted(character);
    if (character === '`') return this.#template(this.#at + 1, false);
    if (character === '/') return this.#slash();
    if (character === '{') this.#braces.push(false);
    if (character === '}' && this.#braces.pop()) return this.#template(this.#at + 1, true);
    this.#at++;
    return undefined;
  }

  #quoted(quote: '"' | "'"): CursorContext | undefined {
    const start = this.#at + 1;
    for (let at = start; at < this.#end; at++) {
      if (this.#text[at] === '\\') at++;
      else if (this.#text[at] === quote || this.#text[at] === '\n') return this.#goOn(at + 1);
    }
    return { in: 'string', quote, start, isComputed: false };
  }

  #template(start: number, isComputed: boolean): CursorContext | undefined {
    for (let at = start; at < this.#end; at++) {
      if (this.#text[at] === '\\') at++;
      else if (this.#text[at] === '`') return this.#goOn(at + 1);
      else if (this.#text.startsWith('${', at)) {
        this.#braces.push(true);
        return this.#goOn(at + 2);
      }
    }
    return { in: 'string', quote: '`', start, isComputed };
  }

  #slash(): CursorContext | undefined {
    const next = this.#text[this.#at + 1];
    if (next === '/' || next === '*') {
      const close = next === '/' ? '\n' : '*/';
      const end = this.#text.indexOf(close, this.#at + 2);
      if (end === -1 || end + (next === '/' ? 0 : 1) >= this.#end) return { in: 'comment' };
      return this.#goOn(end + close.length);
    }
    if (!this.#beginsExpression()) return this.#goOn(this.#at + 1);
    let isInClass = false;
    for (let at = this.#at + 1; at < this.#end && this.#text[at] !== '\n'; at++) {
      if (this.#text[at] === '\\') at++;
      else if (this.#text[at] === '[') isInClass = true;
      else if (this.#text[at] === ']') isInClass = false;
      else if (this.#text[at] === '/' && !isInClass) return this.#goOn(at + 1);
    }
    return this.#goOn(this.#at + 1);
  }

  /** Whether an operand is expected here, so that a slash cannot divide. */
  #beginsExpression(): boolean {
    const before = this.#text.slice(0, this.#at).trimEnd();
    return before === '' || /[([{,;=:!&|?+\-*%<>~^]$/.test(before) || beforeExpression.test(before);
  }

  #goOn(at: number): undefined {
    this.#at = at;
  }
}

/** What the cursor is in. */
export const contextAt = (source: string, offset: number): CursorContext => new Scanner(source, offset).scan();

/** Whether the string whose text begins at `start` names a module. */
export const isModulePlace = (source: string, start: number): boolean =>
  /(?:\bfrom|\bimport|\b(?:import|require|require\.resolve|import\.meta\.resolve)\s*\()\s*$/.test(
    source.slice(0, start - 1),
  );

/** A step from a value to one of its members, or the name that a chain begins with. */
type ChainKey = string | number;
/** The name that a chain begins with, then its members: `['data', 'rows', 0]`. */
export type Chain = readonly [string, ...ChainKey[]];

/** `data.rows[0].` and the beginning of a member's name. */
export interface MemberAccess {
  readonly path: Chain;
  /** Where the member's name begins. */
  readonly start: number;
  /** Whether the name stands in the quotes of `data['...']`. */
  readonly isQuoted: boolean;
}

const chainPattern =
  /(?<![\p{ID_Continue}$#@]|(?:^|[^.])\.\s*)([\p{ID_Start}$_][\p{ID_Continue}$]*(?:\s*\??\.\s*[\p{ID_Start}$_][\p{ID_Continue}$]*|!|(?:\?\.)?\[(?:\d+|'[^'\\\n]*'|"[^"\\\n]*")\])*)$/u;
const keyPattern = /[\p{ID_Start}$_][\p{ID_Continue}$]*|\[(?:(\d+)|'([^']*)'|"([^"]*)")\]/gu;

/** The chain of members that a text ends with, as in `f(data.rows[0]`; undefined for calls and others. */
function chainBefore(text: string): Chain | undefined {
  const chain = chainPattern.exec(text)?.[1];
  if (chain === undefined) return undefined;
  const [root, ...keys] = Array.from(chain.matchAll(keyPattern), ([key, index, single, double]) =>
    index === undefined ? (single ?? double ?? key) : Number(index),
  );
  return [String(root), ...keys];
}

/** The member access that is being written at the cursor; undefined where none is, or not of a plain chain. */
export function memberAccessAt(source: string, offset: number): MemberAccess | undefined {
  const context = contextAt(source, offset);
  if (context.in === 'comment') return undefined;
  const isQuoted = context.in === 'string';
  const start = isQuoted ? context.start : offset - (wordEnd.exec(source.slice(0, offset))?.[0].length ?? 0);
  const before = isQuoted
    ? /^([^]*?)(?:\?\.)?\[\s*$/.exec(source.slice(0, start - 1))
    : /^([^]*?)\s*\??\.\s*$/.exec(source.slice(0, start));
  const path = before === null ? undefined : chainBefore(before[1]);
  return path === undefined ? undefined : { path, start, isQuoted };
}

/** The chain that ends with the word at the cursor: what an inspection asks about. */
export function chainAt(source: string, offset: number): Chain | undefined {
  if (contextAt(source, offset).in !== 'code') return undefined;
  const rest = /^[\p{ID_Continue}$]*/u.exec(source.slice(offset))?.[0] ?? '';
  const end = offset + rest.length;
  return identifierStart.test(wordEnd.exec(source.slice(0, end))?.[0] ?? '')
    ? chainBefore(source.slice(0, end))
    : undefined;
}
