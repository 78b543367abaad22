/** @file The server's completion list as the notebook's. */
import type { CompletionItem as ServerItem, CompletionList, TextEdit } from 'vscode-languageserver-protocol/node';
import { withoutDocuments } from './configuration.ts';
import type { CompletionItem, Completions } from './contract.ts';
import { wordBefore } from './declared-names.ts';
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
  [CompletionItemKind.Constant]: 'const',
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

/** An item, and what it replaces. */
export interface Candidate {
  readonly item: ServerItem;
  readonly text: string;
  readonly start: number;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Items that fit what is written already, best first. */
export function fittingItems(
  answer: CompletionList | readonly ServerItem[] | null,
  source: string,
  offset: number,
): Candidate[] {
  const positions = new TextPositions(source);
  const wordStart = offset - wordBefore(source, offset).length;
  const items = answer === null ? [] : 'items' in answer ? answer.items : answer;
  return items
    .map((item): Candidate => {
      const edit = item.textEdit as TextEdit | undefined;
      const start = (edit && positions.toOffset(edit.range.start)) ?? wordStart;
      return { item, text: edit?.newText ?? item.insertText ?? item.label, start };
    })
    .filter(({ item, text, start }) => {
      if (isInternalName(item.label) || item.label.endsWith('.d.ts')) return false;
      const written = source.slice(start, offset).toLowerCase();
      // `x[Symbol]` in place of `x.` would change more than the word.
      return !text.startsWith('[') && (item.filterText ?? item.label).toLowerCase().startsWith(written);
    })
    .sort((a, b) => compare(a.item.sortText ?? '', b.item.sortText ?? '') || compare(a.item.label, b.item.label));
}

/** What kind of thing an item is, and its type: from its details, where the server gave them. */
function describe({ label, kind, detail }: ServerItem): Pick<CompletionItem, 'kind' | 'signature'> {
  const plain = (kind && kinds[kind]) ?? 'var';
  const start = detail === undefined ? null : detailStart.exec(detail);
  if (detail === undefined || start === null) return { kind: plain };
  const overload = detail.split('\n', 1)[0];
  const name = overload.indexOf(label, start[0].length);
  const signature = name === -1 ? '' : withoutDocuments(overload.slice(name + label.length)).replace(/^\??: /, '');
  return { kind: start[1] ?? start[2], ...(signature && { signature }) };
}

/** The notebook's list: one span that any of the items replaces. */
export function toCompletions(candidates: readonly Candidate[], source: string, offset: number): Completions {
  const wordStart = offset - wordBefore(source, offset).length;
  const start = Math.min(wordStart, ...candidates.map((each) => each.start));
  return {
    items: candidates.map(({ item, text, start: from }) => ({
      text: source.slice(start, from) + text,
      ...describe(item),
    })),
    start,
    end: offset,
  };
}
