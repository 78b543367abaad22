/** @file A cell with magics, read: what TypeScript may see of it, and the scripts that run it. */
import MagicString from 'magic-string';
import { parseSync } from 'oxc-parser';
import { RequestError } from '../session/request.ts';
import type { Magic } from './contract.ts';
import { suggestion } from './describe.ts';
import { isOnPath } from './paths.ts';
import { findMagic, lineMagicNames, namesOf } from './registry.ts';
import { scanMagics, type FoundMagic, type KnownNames } from './scan.ts';
import { expressionsOf, piecesOf, type Piece } from './templates.ts';
import { timeitOptions, timeitOptionsLength } from './timeit-options.ts';
import { magicHelper, valuePrefix } from './value-types.ts';

/** `%%name text` on top of a cell. */
export interface CellMagic {
  readonly magic: FoundMagic;
  /** Where the lines below it begin. */
  readonly bodyStart: number;
}

export interface MagicCell {
  readonly code: string;
  readonly top: CellMagic | undefined;
  /** Magics in the cell's TypeScript. */
  readonly magics: readonly FoundMagic[];
  /** What TypeScript sees: of the same length and lines. */
  readonly checked: string;
  /** What later cells see of it: without what a magic runs in a function of its own. */
  readonly declared: string;
  /** `%name?`: the magic that help is wanted for. */
  readonly query: string | undefined;
}

const optionsLength = (name: string, text: string): number =>
  findMagic(name)?.code === 'loop' ? timeitOptionsLength(text) : 0;

const known: KnownNames = {
  has: (name) => lineMagicNames().has(name),
  takesCode: (name) => findMagic(name)?.code !== undefined,
  optionsLength,
};

/** The name of a magic as the registry has it. */
export const registryName = (name: string): string => (name.startsWith('!') ? name : name.replace(/^%+/, ''));

/** The text of a magic as it is written, lines joined by a backslash made one. */
export const textOf = (code: string, { textStart, end }: FoundMagic): string =>
  code.slice(Math.min(textStart, end), end).replace(/\\\r?\n/g, '');

function readTop(code: string): CellMagic | undefined {
  const top = /^(\s*)(%%[\w?]*)([^\S\n]*)([^\n]*)(\n|$)/.exec(code);
  if (top === null) return undefined;
  const [all, before, name, gap, text] = top;
  const start = before.length;
  const textStart = start + name.length + gap.length;
  const end = textStart + text.trimEnd().length;
  return {
    magic: { name, start, textStart, end, isAssigned: false, isLeading: true },
    bodyStart: all.length,
  };
}

/** Text with everything between two offsets blank; lines stay. */
class BlankableText {
  readonly #parts: string[];

  constructor(text: string) {
    this.#parts = text.split('');
  }

  blank(start: number, end: number): void {
    for (let at = start; at < end; at++) if (!/\s/.test(this.#parts[at])) this.#parts[at] = ' ';
  }

  write(start: number, text: string): void {
    for (let i = 0; i < text.length; i++) this.#parts[start + i] = text[i];
  }

  toString(): string {
    return this.#parts.join('');
  }
}

/** Where the TypeScript of a code magic begins, past its options. */
const codeStart = (code: string, { name, textStart, end }: FoundMagic): number =>
  Math.min(end, textStart + optionsLength(registryName(name), code.slice(textStart, Math.max(textStart, end))));

/** Reads a cell. Nothing is wrong with a cell yet: {@link checkMagics} says what is. */
export function readCell(code: string): MagicCell {
  const [, query] = /^\s*\?{0,2}(%%?\w+|!)\?{0,2}\s*$/.exec(code.includes('?') ? code : '') ?? [];
  const top = query === undefined ? readTop(code) : undefined;
  const topMagic = top && findMagic(registryName(top.magic.name));
  const hasCode = top === undefined || topMagic?.code !== undefined;
  const magics = query === undefined && hasCode ? scanMagics(code, known, top?.bodyStart ?? 0) : [];
  const checked = new BlankableText(code);
  const declared = new BlankableText(code);
  const both = [checked, declared];
  if (query !== undefined || !hasCode) both.forEach((text) => text.blank(0, code.length));
  if (top !== undefined && hasCode) {
    const setup = topMagic?.code === 'loop' ? codeStart(code, top.magic) : top.magic.end;
    both.forEach((text) => text.blank(top.magic.start, setup));
    if (topMagic?.code === 'loop') declared.blank(0, code.length);
  }
  for (const found of magics) {
    const magic = findMagic(registryName(found.name));
    const hidden = magic?.code === undefined ? found.end : codeStart(code, found);
    both.forEach((text) => text.blank(found.start, hidden));
    if (magic?.code === 'loop') declared.blank(found.start, found.end);
    if (found.isAssigned && magic?.code !== 'statement') {
      checked.blank(found.start, found.end);
      // The statement ends here, whatever the next line begins with.
      const isRoomy = found.end - found.start > found.name.length;
      const start = isRoomy || !/\s/.test(code[found.start - 1]) ? found.start : found.start - 1;
      const name = valuePrefix + registryName(found.name);
      both.forEach((text) => text.write(start, name));
      if (isRoomy || start < found.start) both.forEach((text) => text.write(found.end - 1, ';'));
    } else if (!found.isLeading && magic?.code === undefined) both.forEach((text) => text.write(found.start, ';'));
  }
  return { code, top, magics, checked: checked.toString(), declared: declared.toString(), query };
}

const usage = (message: string): RequestError => new RequestError('UsageError', message);

/** @throws {@link RequestError} `UsageError` for a magic that does not exist or stands where it cannot; then nothing has run */
export function checkMagics({ top, magics, code }: MagicCell): void {
  if (top !== undefined) checkTop(top, code);
  for (const found of magics) checkLine(found, code);
}

function checkTop({ magic: found, bodyStart }: CellMagic, code: string): void {
  const name = registryName(found.name);
  const magic = findMagic(name);
  if (magic === undefined || magic.form === 'line') {
    const line = magic === undefined ? '' : ` There is a line magic %${name}.`;
    throw usage(`Cell magic %%${name} is not known.${line || suggestion(name, namesOf('cell'), '%%')}`);
  }
  const line = magic.form === 'both' ? ` %${name}, with one mark, takes what stands on its line.` : '';
  if (code.slice(bodyStart) === '')
    throw usage(`%%${name} is a magic of a whole cell, and nothing stands below it.${line}`);
  if (magic.code === 'statement' && found.end > found.textStart)
    throw usage(`%%${name} takes nothing on its own line: its code stands below.${line}`);
}

function checkLine(found: FoundMagic, code: string): void {
  const { name: written, isLeading, isAssigned } = found;
  const name = registryName(written);
  const magic = findMagic(name);
  if (written.startsWith('%%'))
    throw usage(`${written} is a magic of a whole cell: it must stand on the cell's first line.`);
  if (magic === undefined) {
    const meant = isOnPath(name) ? ` The program ${name} is run by !${name}.` : suggestion(name, namesOf('line'), '%');
    throw usage(`Line magic %${name} is not known.${meant}`);
  }
  if (magic.form === 'cell')
    throw usage(`%${name} is a magic of a whole cell: write %%${name} on its first line, and the text below.`);
  if (magic.place === 'top' && !isLeading)
    throw usage(`${written} must stand at the top of its cell, above all TypeScript.`);
  if (isAssigned && magic.value === undefined && magic.code === undefined)
    throw usage(`${written} has no value that could be assigned.`);
  if (magic.code === 'loop' && code.slice(codeStart(code, found), found.end).trim() === '')
    throw usage(`${written} takes a statement to measure, as in ${written} f(x).`);
}

/** A script for a cell, in TypeScript, and the map from it to the cell where places differ. */
export interface MagicScript {
  readonly text: string;
  readonly map: string | undefined;
}

/** What a script asks of the kernel process: the pieces of each magic's text, by the magic's number. */
export interface PreparedMagic {
  readonly found: FoundMagic;
  readonly magic: Magic;
  readonly pieces: readonly Piece[];
}

/** `__tensorcell_magic__.run(3, 0, [() => (name)])` */
function call(cellId: number, index: number, pieces: readonly Piece[]): string {
  const thunks = expressionsOf(pieces).map(
    (expression) => `${/\bawait\b/.test(expression) ? 'async ' : ''}() => (${expression}\n)`,
  );
  return `await ${magicHelper}.run(${cellId}, ${index}, [${thunks.join(', ')}])`;
}

/** The statements of a text; undefined where it does not parse (which the compiler then says of it). */
function statementsOf(text: string) {
  const { program, errors } = parseSync('magic.ts', text, { lang: 'ts', sourceType: 'module' });
  return errors.length === 0 ? program.body : undefined;
}

const scriptOf = (text: MagicString): MagicScript => ({
  text: text.toString(),
  map: text.generateMap({ hires: 'boundary', source: 'cell.ts' }).toString(),
});

/** Writes the scripts of one cell. `prepared` collects what they will ask for. */
export class ScriptWriter {
  readonly prepared: PreparedMagic[] = [];
  readonly #cell: MagicCell;
  readonly #id: number;
  #measures = false;

  constructor(cell: MagicCell, id: number) {
    this.#cell = cell;
    this.#id = id;
  }

  /** A script that runs one magic, on the line where it stands. */
  single(found: FoundMagic): MagicScript {
    const { code } = this.#cell;
    const text = new MagicString(code).update(
      found.start,
      Math.max(found.end, found.start + 1),
      `${this.#call(found)};`,
    );
    const before = code.slice(0, found.start);
    if (before !== '') text.update(0, found.start, before.replace(/[^\n]/g, ' '));
    if (found.end < code.length) text.remove(found.end, code.length);
    return scriptOf(text);
  }

  /** The cell's TypeScript, with calls in place of its magics. @param skipped magics that ran already */
  whole(skipped: ReadonlySet<FoundMagic>): MagicScript {
    const { code, magics, top } = this.#cell;
    const text = new MagicString(code);
    for (const found of magics) {
      if (skipped.has(found)) text.update(found.start, found.end, ' ');
      else this.#replace(text, found);
    }
    if (top !== undefined) this.#wrapBody(text, top);
    if (this.#measures) text.prepend(`await ${magicHelper}.prepareTiming(); `);
    return text.hasChanged() ? scriptOf(text) : { text: code, map: undefined };
  }

  #call(found: FoundMagic, pieces = piecesOf(textOf(this.#cell.code, found))): string {
    const magic = findMagic(registryName(found.name))!;
    this.prepared.push({ found, magic, pieces });
    return call(this.#id, this.prepared.length - 1, pieces);
  }

  #replace(text: MagicString, found: FoundMagic): void {
    const { code } = this.#cell;
    const magic = findMagic(registryName(found.name))!;
    if (magic.code === 'statement') this.#time(text, found.start, found.textStart, found.end);
    else if (magic.code === 'loop') {
      const start = codeStart(code, found);
      this.#loop(text, found, [found.start, start], [start, found.end], '');
    } else text.update(found.start, found.end, `${this.#call(found)};`);
  }

  /** `%time f(x)` is `__tensorcell_magic__.timed((__tensorcell_magic__.time(), f(x)))`; statements stay statements. */
  #time(text: MagicString, mark: number, start: number, end: number): void {
    this.#measures = true;
    const body = this.#cell.code.slice(start, end);
    // Magics of the body are TypeScript by then.
    const statements = statementsOf(this.#cell.checked.slice(start, end));
    const last = statements?.at(-1);
    const begin = `${magicHelper}.time()`;
    if (body.trim() === '') return void text.update(mark, Math.max(end, mark + 1), `${begin}; ${magicHelper}.timed();`);
    text.update(mark, start, '');
    if (last?.type === 'ExpressionStatement') {
      const { expression } = last;
      const isOnly = statements!.length === 1;
      if (!isOnly) text.appendRight(start, `${begin};`);
      text.appendRight(start + expression.start, `${magicHelper}.timed((${isOnly ? `${begin}, ` : ''}`);
      text.appendLeft(start + expression.end, '))');
    } else {
      text.appendRight(start, `${begin};`);
      text.appendLeft(last === undefined ? end : start + last.end, `\n;${magicHelper}.timed();`);
    }
  }

  /** A loop around the code, in a function that the cell process calls. */
  #loop(text: MagicString, found: FoundMagic, mark: [number, number], body: [number, number], setup: string): void {
    const { code } = this.#cell;
    const given = timeitOptions(code.slice(found.textStart, mark[1]));
    if (statementsOf(setup + this.#cell.checked.slice(...body))?.some(({ type }) => type === 'ImportDeclaration'))
      throw usage(`${found.name} measures in a function, where no import can stand: import in a cell of its own.`);
    const options = found.isAssigned ? { ...given, result: true } : given;
    // Magics in it are awaited.
    const hasMagics = this.#cell.magics.some(({ start }) => start >= body[0] && start < body[1]);
    const asynchronous = hasMagics || /\bawait\b/.test(setup + code.slice(...body)) ? 'async ' : '';
    const helper = `${magicHelper}.timeit(${JSON.stringify(options)}, ${asynchronous}(n) => {`;
    const clock = `${magicHelper}.${options.cpu ? 'processorTime' : 'now'}()`;
    text.update(mark[0], mark[1], `await ${helper} ${setup}\nconst begun = ${clock}; for (let i = 0; i < n; i++) {`);
    text.appendLeft(body[1], `\n} return ${clock} - begun; });`);
  }

  #wrapBody(text: MagicString, top: CellMagic): void {
    const { code } = this.#cell;
    const { magic } = top;
    const kind = findMagic(registryName(magic.name))!.code;
    if (kind === 'loop') {
      const setup = code.slice(codeStart(code, magic), magic.end);
      this.#loop(text, magic, [magic.start, top.bodyStart], [top.bodyStart, code.length], setup);
    } else if (kind === 'statement') this.#time(text, magic.start, top.bodyStart, code.length);
  }
}
