/** @file Completion and help where the cursor is in a magic, and whether a cell with magics wants more lines. */
import type { Completions } from '../typescript/contract.ts';
import type { Candidate, Magic, MagicSurroundings } from './contract.ts';
import { describeMagic } from './describe.ts';
import { readCell, registryName, type MagicCell } from './magic-cell.ts';
import { findMagic, magics } from './registry.ts';
import { lastWord } from './paths.ts';
import type { FoundMagic } from './scan.ts';
import { timeitOptionsLength } from './timeit-options.ts';
import { markOfOption } from './words.ts';

/** The magic that the cursor is in, or behind on its line; the inner one of `%time !ls`. */
function magicAt({ top, magics: inside, code }: MagicCell, offset: number): FoundMagic | undefined {
  const all = top === undefined ? inside : [top.magic, ...inside];
  return all.findLast(
    ({ start, end }) => start <= offset && offset <= Math.max(end, lineEnd(code, end)) && start < offset,
  );
}

/** Space at the end of a line still belongs to its magic. */
const lineEnd = (code: string, end: number): number => end + /^[^\S\n]*/.exec(code.slice(end))![0].length;

const asCandidate = (found: string | Candidate): Candidate =>
  typeof found === 'string' ? { text: found, kind: 'value' } : found;

const toCompletions = (candidates: readonly Candidate[], start: number, end: number): Completions => ({
  items: candidates.map(({ text, kind, signature }) => ({ text, kind, ...(signature !== undefined && { signature }) })),
  start,
  end,
});

/** Names of magics that begin so; `%` alone offers both forms where the cell allows a cell magic. */
function nameCompletions(written: string, start: number, isFirst: boolean): Completions {
  const name = written.replace(/^%+/, '');
  const forms = (magic: Magic): string[] => {
    if (magic.name.startsWith('!') || !magic.name.startsWith(name)) return [];
    const line = magic.form !== 'cell' && !written.startsWith('%%') ? [`%${magic.name}`] : [];
    return magic.form !== 'line' && isFirst ? [...line, `%%${magic.name}`] : line;
  };
  const candidates = magics.flatMap((magic) =>
    forms(magic).map((text) => ({ text, kind: 'magic', signature: magic.summary })),
  );
  candidates.sort((a, b) => (a.text.replace(/%/g, '') < b.text.replace(/%/g, '') ? -1 : 1));
  return toCompletions(candidates, start, start + written.length);
}

/** Undefined where the server is to be asked: in TypeScript. */
export function completeInMagic(
  code: string,
  offset: number,
  surroundings: MagicSurroundings,
): Completions | undefined {
  const upToCursor = code.slice(0, offset);
  // The name is being written: what follows the cursor may not be a magic at all.
  const name = /(?:^|\n)[^\S\n]*(%%?\w*)$|=[^\S\n]*(%\w*)$/.exec(upToCursor);
  const cell = readCell(code);
  const found = magicAt(cell, offset);
  if (name !== null) {
    const written = name[1] ?? name[2];
    const start = offset - written.length;
    const begins = found?.start === start || isFreshLine(code, start);
    if (begins) return nameCompletions(written, start, code.slice(0, start).trim() === '');
  }
  if (isInOtherLanguage(cell, offset)) return toCompletions([], offset, offset);
  if (found === undefined) return undefined;
  const magic = findMagic(registryName(found.name));
  if (magic === undefined || offset < found.textStart) return undefined;
  const text = code.slice(found.textStart, offset);
  const options = optionCompletions(magic, text, offset);
  if (options !== undefined) return options;
  // The TypeScript of %time is the server's.
  if (magic.code === 'statement' || magic.code === 'loop') return undefined;
  const word = (magic.wordAtEnd ?? lastWord)(text);
  const candidates = (magic.complete?.(text, surroundings) ?? []).map(asCandidate);
  // A name with spaces is completed with the quotes that it needs.
  const fits = ({ text: each }: Candidate): boolean =>
    each.startsWith(word) || (/^["']/.test(each) && each.slice(1).startsWith(word));
  return toCompletions(candidates.filter(fits), offset - word.length, offset);
}

/** Below a cell magic whose body is no TypeScript. */
function isInOtherLanguage({ top, code }: MagicCell, offset: number): boolean {
  if (top === undefined || offset < top.bodyStart || code[top.bodyStart - 1] !== '\n') return false;
  const magic = findMagic(registryName(top.magic.name));
  return magic !== undefined && magic.form !== 'line' && magic.code === undefined;
}

/** Options, where one is being written: of a magic that takes TypeScript in front of that only. */
function optionCompletions(magic: Magic, text: string, offset: number): Completions | undefined {
  const written = /(?:^|\s)(-[\w-]*)$/.exec(text)?.[1];
  if (written === undefined || magic.options === undefined) return undefined;
  if (magic.code === 'loop' && timeitOptionsLength(text.slice(0, -written.length)) < text.length - written.length)
    return undefined;
  const candidates = Object.entries(magic.options).map(([name, does]) => ({
    text: markOfOption(name),
    kind: 'option',
    signature: does,
  }));
  return toCompletions(
    candidates.filter(({ text: each }) => each.startsWith(written)),
    offset - written.length,
    offset,
  );
}

/** `%` and nothing more is no magic yet, but where a statement can begin it will be one. */
const isFreshLine = (code: string, start: number): boolean =>
  readCell(`${code.slice(0, start)}%lsmagic\n`).magics.some((found) => found.start === start);

/** What there is to say of the magic whose name, or text, the cursor is in. */
export function describeMagicAt(code: string, offset: number): { markdown: string; plain: string } | undefined {
  const cell = readCell(code);
  const found = magicAt(cell, Math.max(offset, 1)) ?? magicAt(cell, offset + 1);
  const magic = found && findMagic(registryName(cell.query ?? found.name));
  if (found === undefined || magic === undefined) return undefined;
  if (magic.code !== undefined && offset > found.start + found.name.length) return undefined;
  return describeMagic(magic);
}

/** As IPython: a cell magic goes on to an empty line. Undefined where the TypeScript of the cell decides. */
export function completenessOfMagics(code: string): 'complete' | 'incomplete' | undefined {
  const cell = readCell(code);
  if (cell.query !== undefined) return 'complete';
  if (cell.top !== undefined)
    return /\n[^\S\n]*\n?$/.test(code.slice(cell.top.bodyStart - 1)) && /\n\s*\n$|\n\s+$/.test(code)
      ? 'complete'
      : 'incomplete';
  const last = cell.magics.at(-1);
  if (last !== undefined && code.slice(last.end).trim() === '' && /\\$/.test(code.slice(last.start, last.end)))
    return 'incomplete';
  return cell.checked.trim() === '' && cell.magics.length > 0 ? 'complete' : undefined;
}
