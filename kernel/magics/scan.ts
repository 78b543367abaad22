/**
 * @file Finds magics in a cell: lines that begin with `%name` or `!command` where a statement can begin, and `= %name` in an
 * assignment. Never inside a string, template, comment, or an expression that goes on: there `%` is the remainder operator.
 */

/** A magic in the text of a cell. */
export interface FoundMagic {
  /** `%cd`, `%%sh`, `!`, `!!`. */
  readonly name: string;
  /** Offset of the mark. */
  readonly start: number;
  /** Where the text after the name begins, without the space before it. */
  readonly textStart: number;
  /** Past the last character; the end of its line, or of the last of its lines. */
  readonly end: number;
  /** It is the value of an assignment: `files = %sx ls`. */
  readonly isAssigned: boolean;
  /** Only magics, comments and white space stand before it. */
  readonly isLeading: boolean;
}

/** What the scanner must know of names. */
export interface KnownNames {
  /** Whether there is such a line magic. */
  has(name: string): boolean;
  /** Whether the text after the name is TypeScript, which may go on over several lines. */
  takesCode(name: string): boolean;
  /** How many characters of that text are options. */
  optionsLength(name: string, text: string): number;
}

/** After these a line cannot begin a statement: an operand must follow. */
const wantsOperand = new Set(
  'typeof void delete new in of instanceof await yield case throw extends as satisfies is keyof'.split(' '),
);
/** After these it can begin one: `return` may end at its line. */
const wantsStatement = new Set(['else', 'do', 'finally', 'try', 'return']);

const isWord = /[\p{ID_Start}$_\d]/u;
const word = /[\p{ID_Continue}$]+/uy;
const regularExpression = /\/(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const line = /[^\n]*/y;

/** What the last token says of the next one: `end` of an expression, an `operator`, the `start` of a statement. */
type Before = 'start' | 'end' | 'operator' | 'assign';

/** How much a mark at the start of a line looks like a magic. */
function isMagicLine(rest: string, before: Before, names: KnownNames): boolean {
  if (rest.startsWith('!')) return before !== 'operator' && before !== 'assign' && /^!+\s*[^\s!=]/.test(rest);
  if (before === 'operator') return false;
  if (before !== 'end') return /^%%?[^\s%=]/.test(rest);
  // An expression before it could go on: `total\n%count`. Then a magic's name must be known, or no operand may stand there.
  const [, name, after = ''] = /^%([\w?]+)(?:[^\S\n]+([^\n]*))?(?=\r?\n|$)/.exec(rest) ?? [];
  if (/^%%\w/.test(rest)) return true;
  if (name === undefined) return false;
  return names.has(name) || (/^[\w'"~$.]/.test(after) && !/^(?:in|of|as|instanceof|satisfies)\b/.test(after));
}

/** Reads a cell from its start to its end, once. */
class Scanner {
  readonly found: FoundMagic[] = [];
  readonly #code: string;
  readonly #names: KnownNames;
  /** Open brackets; `${` for the ones in templates. */
  readonly #open: string[] = [];
  #at = 0;
  #before: Before = 'start';
  #lineIsFresh = true;
  #onlyMagics = true;
  /** Magics whose TypeScript is being read: their place in `found`, and how many brackets were open. */
  readonly #codeMagics: { readonly index: number; readonly depth: number }[] = [];

  constructor(code: string, names: KnownNames) {
    this.#code = code;
    this.#names = names;
  }

  scan(from: number): readonly FoundMagic[] {
    this.#at = from;
    while (this.#at < this.#code.length) this.#step();
    this.#endCodeMagics(true);
    return this.found;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#code)?.[0] ?? '';
  }

  #step(): void {
    const code = this.#code;
    const char = code[this.#at];
    if (char === '\n') {
      this.#endCodeMagics(false);
      this.#lineIsFresh = true;
      this.#at++;
      return;
    }
    if (/\s/.test(char)) return void this.#at++;
    if (code.startsWith('//', this.#at)) return void (this.#at += this.#match(line).length);
    if (code.startsWith('/*', this.#at)) {
      const end = code.indexOf('*/', this.#at + 2);
      this.#at = end === -1 ? code.length : end + 2;
      return;
    }
    if ((char === '%' || char === '!') && this.#isMagic(char)) return this.#magic();
    this.#lineIsFresh = false;
    this.#onlyMagics = false;
    this.#token(char);
  }

  #isMagic(char: string): boolean {
    const innermost = this.#open.at(-1);
    if (innermost !== undefined && innermost !== '{') return false;
    const rest = this.#code.slice(this.#at);
    if (this.#before === 'assign') return char === '%' && /^%[a-z]/i.test(rest);
    return this.#lineIsFresh && isMagicLine(rest, this.#before, this.#names);
  }

  #magic(): void {
    const start = this.#at;
    const [name] = /^(?:%%?[\w?]*|!!?)/.exec(this.#code.slice(start)) ?? ['%'];
    const isAssigned = this.#before === 'assign';
    const takesCode = this.#names.takesCode(name.replace(/^%+/, '')) && name.startsWith('%');
    this.#at += name.length;
    const gap = /^[^\S\n]*/.exec(this.#code.slice(this.#at))![0].length;
    const textStart = this.#at + gap;
    const end = takesCode ? this.#code.length : this.#textEnd(textStart);
    this.found.push({ name, start, textStart, end, isAssigned, isLeading: this.#onlyMagics && !isAssigned });
    this.#lineIsFresh = false;
    this.#before = 'start';
    if (takesCode) {
      this.#codeMagics.push({ index: this.found.length - 1, depth: this.#open.length });
      // Options come first; what follows is read as TypeScript, and may be a magic itself: `%time !make`.
      this.#at = textStart + this.#names.optionsLength(name.replace(/^%+/, ''), this.#code.slice(textStart));
      this.#lineIsFresh = !isAssigned;
      this.#onlyMagics = false;
    } else this.#at = end;
  }

  /** The end of the line, or of the lines that a backslash joins to it. */
  #textEnd(from: number): number {
    const [text] = /^(?:[^\n]*\\\r?\n)*[^\n]*/.exec(this.#code.slice(from))!;
    return from + text.replace(/\s+$/, '').length;
  }

  /** Ends the TypeScript of magics whose brackets are closed, at the end of a line or of the cell. */
  #endCodeMagics(all: boolean): void {
    for (let last = this.#codeMagics.at(-1); last; last = this.#codeMagics.at(-1)) {
      if (!all && this.#open.length > last.depth) return;
      this.#codeMagics.pop();
      const magic = this.found[last.index];
      const text = this.#code.slice(magic.start, this.#at).replace(/\s+$/, '');
      this.found[last.index] = { ...magic, end: Math.max(magic.start + text.length, magic.start + magic.name.length) };
      this.#before = 'start';
    }
  }

  #token(char: string): void {
    if (char === '"' || char === "'") return this.#string(char);
    if (char === '`') {
      this.#at++;
      return this.#template();
    }
    if (char === '{' || char === '(' || char === '[') {
      this.#open.push(char);
      this.#at++;
      this.#before = char === '{' ? 'start' : 'operator';
      return;
    }
    if (char === '}' && this.#open.at(-1) === '${') {
      this.#open.pop();
      this.#at++;
      return this.#template();
    }
    if (char === '}' || char === ')' || char === ']') {
      this.#open.pop();
      this.#at++;
      this.#before = char === '}' ? 'start' : 'end';
      return;
    }
    if (isWord.test(char)) return this.#word();
    if (char === '/' && this.#before !== 'end') {
      const literal = this.#match(regularExpression);
      if (literal !== '') {
        this.#at += literal.length;
        this.#before = 'end';
        return;
      }
    }
    this.#operator(char);
  }

  #string(quote: string): void {
    const [text] = (quote === '"' ? /^"(?:[^"\\\n]|\\[^])*"?/ : /^'(?:[^'\\\n]|\\[^])*'?/).exec(
      this.#code.slice(this.#at),
    )!;
    this.#at += text.length;
    this.#before = 'end';
  }

  /** From inside a template to its end or to its next `${`. */
  #template(): void {
    for (; this.#at < this.#code.length; this.#at++) {
      const char = this.#code[this.#at];
      if (char === '\\') this.#at++;
      else if (char === '`') {
        this.#at++;
        this.#before = 'end';
        return;
      } else if (char === '$' && this.#code[this.#at + 1] === '{') {
        this.#at += 2;
        this.#open.push('${');
        this.#before = 'operator';
        return;
      }
    }
  }

  #word(): void {
    const text = this.#match(word) || this.#code[this.#at];
    this.#at += text.length;
    if (wantsStatement.has(text)) this.#before = 'start';
    else this.#before = wantsOperand.has(text) ? 'operator' : 'end';
  }

  #operator(char: string): void {
    const rest = this.#code.slice(this.#at, this.#at + 4);
    const [text] = /^(?:=>|\+\+|--|[=!]==?|[<>]=?|[-+*/%&|^?]+=?|=|.)/su.exec(rest)!;
    this.#at += text.length;
    if (text === ';') this.#before = 'start';
    else if (text === '++' || text === '--') this.#before = 'end';
    else if (text === '=') this.#before = 'assign';
    // `Array<number>` at the end of a line is a type more often than the start of a comparison.
    else if (text === '>' && /^[^\S\n]*\r?\n[^\S\n]*%/.test(this.#code.slice(this.#at))) this.#before = 'end';
    // `value!` is an expression.
    else if (char !== '!' || this.#before !== 'end') this.#before = 'operator';
  }
}

/** The magics of a cell, in their order. @param from offset where TypeScript begins, past the line of a cell magic */
export const scanMagics = (code: string, names: KnownNames, from = 0): readonly FoundMagic[] =>
  new Scanner(code, names).scan(from);
