/** @file The server's completion list as the notebook's. */
import type { CompletionItem as ServerItem, CompletionList, TextEdit } from 'vscode-languageserver-protocol/node';
import { importableOf, nodeNamesFor, nodeTypesFor, withImport } from './auto-imports.ts';
import type { Importable } from './auto-imports.ts';
import { withoutDocuments } from './configuration.ts';
import type { CompletionItem, Completions } from './contract.ts';
import { contextAt } from './cursor-context.ts';
import { wordBefore, wordsOf } from './declared-names.ts';
import { isInternalName } from './notebook-modules.ts';
import { CompletionItemKind } from './server-protocol.ts';
import { TextPositions } from './text-positions.ts';

/** TypeScript's names for what the protocol numbers. */
const kinds: Partial<Record<number, string>> = {
  [CompletionItemKind.Method]: 'method',
  [CompletionItemKind.Function]: 'function',
  [CompletionItemKind.Constructor]: 'constructor',
  [CompletionItemKind.Field]: 'property',
  [CompletionItemKind.Property]: 'property',
  [CompletionItemKind.Variable]: 'var',
  // Of a union: constants that were declared are variables to the server.
  [CompletionItemKind.Constant]: 'literal',
  [CompletionItemKind.Class]: 'class',
  [CompletionItemKind.Interface]: 'interface',
  [CompletionItemKind.Module]: 'module',
  [CompletionItemKind.Enum]: 'enum',
  [CompletionItemKind.EnumMember]: 'enum member',
  [CompletionItemKind.Keyword]: 'keyword',
  [CompletionItemKind.TypeParameter]: 'type parameter',
  [CompletionItemKind.File]: 'script',
  [CompletionItemKind.Folder]: 'directory',
};

/** How an item's details begin: `(method) String.at(...)`, `(alias) class Tensor`, `const x: number`. */
const detailStart = /^(?:\(alias\) )?(?:\(([a-z ]+)\)|(?:(?:declare|abstract|async) )*([a-z]+)) /;

/** An item that is there, and what it replaces. */
export interface Candidate {
  readonly item: ServerItem;
  readonly text: string;
  readonly start: number;
}

/** What may stand at the cursor. */
export interface Fitting {
  readonly candidates: readonly Candidate[];
  readonly imports: readonly Importable[];
}

/** Lists of other things have names to import in them from this length of the word on. */
const shortestMixedWord = 3;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Stands for the name that is to come where none has begun, so that the server looks for no names to import: it would
 * find them all. No name begins with this letter.
 */
const placeholder = 'ʘ';

/** The text that the server is to complete, and where. */
export function completionText(source: string, offset: number): { text: string; offset: number } {
  const before = source.slice(0, offset);
  const isOpen = wordBefore(source, offset) === '' && !/\.\s*$/.test(before) && contextAt(source, offset).in === 'code';
  if (!isOpen) return { text: source, offset };
  return { text: before + placeholder + source.slice(offset), offset: offset + placeholder.length };
}

/** Items that fit what is written already, best first, and names to import. */
export function fittingItems(
  answer: CompletionList | readonly ServerItem[] | null,
  source: string,
  offset: number,
  folder: string,
): Fitting {
  const positions = new TextPositions(source);
  const word = wordBefore(source, offset);
  const wordStart = offset - word.length;
  const isInString = contextAt(source, offset).in === 'string';
  const items = answer === null ? [] : 'items' in answer ? answer.items : answer;
  const imports: Importable[] = [];
  const candidates: Candidate[] = [];
  for (const item of items) {
    const importable = importableOf(item, plainKind(item), folder);
    const edit = item.textEdit as TextEdit | undefined;
    const start = (edit && positions.toOffset(edit.range.start)) ?? wordStart;
    const text =
      edit?.newText ?? item.insertText ?? (isLiteral(item) && !isInString ? asLiteral(item.label) : item.label);
    const written = source.slice(start, offset).toLowerCase();
    if (!(item.filterText ?? item.label).toLowerCase().startsWith(written)) continue;
    if (importable !== undefined) {
      if (importable !== null) imports.push(importable);
      continue;
    }
    if (isInternalName(item.label) || item.label.endsWith('.d.ts')) continue;
    // `x[Symbol]` in place of `x.` would change more than the word.
    if (!text.startsWith('[')) candidates.push({ item, text, start });
  }
  candidates.sort(
    (a, b) => compare(a.item.sortText ?? '', b.item.sortText ?? '') || compare(a.item.label, b.item.label),
  );
  // Members, keys and strings are no place for another name: there the server knows of no name that all cells have.
  const isNamePlace = items.some(({ label }) => label === 'globalThis') && !isInString;
  if (!isNamePlace) return { candidates, imports: [] };
  // A type that every cell has, and that is no value.
  const isTypePlace = items.some(({ label }) => label === 'Partial');
  return chooseImports(candidates, [...(isTypePlace ? nodeTypesFor(word) : nodeNamesFor(word)), ...imports], word);
}

/** Leaves names to import out where they are not wanted, and others where the word is the name of one to import. */
function chooseImports(candidates: readonly Candidate[], importables: readonly Importable[], word: string): Fitting {
  const known = new Set(candidates.map(({ item }) => item.label));
  const imports = importables.filter(({ name }) => !known.has(name)).sort((a, b) => compare(a.name, b.name));
  const isName = imports.some(({ name }) => name === word);
  if (isName && !candidates.some(({ item }) => item.label.startsWith(word)))
    return { candidates: [], imports: imports.filter(({ name }) => name.startsWith(word)) };
  const areWanted = candidates.length === 0 || word.length >= shortestMixedWord;
  return { candidates, imports: areWanted ? imports : [] };
}

/** A literal of a union: the server gives its text without quotes, and no position in code where it would be that. */
const isLiteral = ({ kind }: ServerItem): boolean => kind === CompletionItemKind.Constant;
const asLiteral = (text: string): string =>
  /^-?\d+(?:\.\d+)?n?$/.test(text) ? text : `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`;

const plainKind = ({ kind }: ServerItem): string => (kind && kinds[kind]) ?? 'var';

/** What kind of thing an item is, and its type: from its details, where the server gave them. */
function describe(item: ServerItem): Pick<CompletionItem, 'kind' | 'signature'> {
  const { label, detail } = item;
  const start = detail === undefined ? null : detailStart.exec(detail);
  if (detail === undefined || start === null) return { kind: plainKind(item) };
  const overload = detail.split('\n', 1)[0];
  const name = overload.indexOf(label, start[0].length);
  const signature = name === -1 ? '' : withoutDocuments(overload.slice(name + label.length)).replace(/^\??: /, '');
  return { kind: start[1] ?? start[2], ...(signature && { signature }) };
}

/** An item as a front end shows it, with the place from where its text goes. */
interface Placed extends CompletionItem {
  readonly start: number;
}

/** Names to import: with their imports where the list can reach to their place, and plain. */
function placeImports(imports: readonly Importable[], isAlone: boolean, source: string, wordStart: number): Placed[] {
  const details = ({ kind, module }: Importable) => ({ kind, signature: `from ${module}` });
  const placed = imports.map((importable): Placed => {
    const { text, start } = withImport(importable, source, wordStart);
    // Nothing but white space between: the import may as well stand right before the name.
    const isNear = source.slice(start, wordStart).trim() === '';
    if (isNear) return { text: text.trimStart(), ...details(importable), start: wordStart };
    return isAlone
      ? { text, ...details(importable), start }
      : { text: importable.name, ...details(importable), start: wordStart };
  });
  // Beside a text that reaches over code before the name stands the plain name: JupyterLab takes what all items begin with for
  // written, and then shows none that has a parenthesis in it.
  const plain = placed.some(({ start }) => start < wordStart) ? imports : [];
  const names = plain.map((each): Placed => ({ text: each.name, ...details(each), start: wordStart }));
  // A plain name is one item, from however many modules it may come.
  const all = [...placed, ...names];
  return all.filter(({ text }, index) => all.findIndex((other) => other.text === text) === index);
}

/** The notebook's list: one span that any of the items replaces. */
export function toCompletions({ candidates, imports }: Fitting, source: string, offset: number): Completions {
  const wordStart = offset - wordBefore(source, offset).length;
  const known = candidates.map(({ item, text, start }): Placed => ({ text, ...describe(item), start }));
  const word = source.slice(wordStart, offset);
  // JupyterLab adds what the cell has of such words, and then keeps to the span of the word alone.
  const isAlone = known.length === 0 && ![...wordsOf(source)].some((each) => each !== word && each.startsWith(word));
  const placed = [...known, ...placeImports(imports, isAlone, source, wordStart)];
  const start = Math.min(wordStart, ...placed.map((each) => each.start));
  return {
    items: placed.map(({ start: from, text, ...rest }) => ({ text: source.slice(start, from) + text, ...rest })),
    start,
    end: offset,
  };
}
