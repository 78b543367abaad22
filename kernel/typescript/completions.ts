/** @file The server's completion list as the notebook's. */
import { CompletionItemKind } from 'vscode-languageserver-protocol/node';
import type { CompletionItem as ServerItem, CompletionList, TextEdit } from 'vscode-languageserver-protocol/node';
import type { CompletionItem, Completions } from './contract.ts';
import { wordBefore } from './declared-names.ts';
import type { NameKind } from './declared-names.ts';
import { isInternalName } from './notebook-modules.ts';
import { TextPositions } from './text-positions.ts';

/** TypeScript's names for what the protocol numbers. */
const kinds: Partial<Record<CompletionItemKind, string>> = {
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

/** TypeScript's kinds for names of earlier cells, which the server knows only as imports. */
const declaredKinds: Record<NameKind, string> = {
  variable: 'let',
  constant: 'const',
  function: 'function',
  class: 'class',
  type: 'type',
  import: 'alias',
};

interface Candidate {
  readonly item: ServerItem;
  readonly text: string;
  readonly start: number;
}

/** Items that fit what is written already, best first, with one span that any of them replaces. */
export function toCompletions(
  answer: CompletionList | ServerItem[] | null,
  source: string,
  offset: number,
  kindOf: (name: string) => NameKind | undefined,
): Completions {
  const positions = new TextPositions(source);
  const wordStart = offset - wordBefore(source, offset).length;
  const items = Array.isArray(answer) ? answer : (answer?.items ?? []);
  const candidates = items
    .map((item): Candidate => {
      const edit = item.textEdit as TextEdit | undefined;
      const start = (edit && positions.toOffset(edit.range.start)) ?? wordStart;
      return { item, text: edit?.newText ?? item.insertText ?? item.label, start };
    })
    .filter(({ item, text, start }) => {
      const written = source.slice(start, offset).toLowerCase();
      if (isInternalName(item.label)) return false;
      // `x[Symbol]` in place of `x.` would change more than the word.
      return !text.startsWith('[') && (item.filterText ?? item.label).toLowerCase().startsWith(written);
    })
    .sort((a, b) => compare(a.item.sortText ?? '', b.item.sortText ?? '') || compare(a.item.label, b.item.label));
  const start = Math.min(wordStart, ...candidates.map((each) => each.start));
  return {
    items: candidates.map(({ item, text, start: from }): CompletionItem => {
      const declared = item.kind === CompletionItemKind.Variable ? kindOf(item.label) : undefined;
      const kind = declared ? declaredKinds[declared] : ((item.kind && kinds[item.kind]) ?? 'var');
      const signature = item.labelDetails?.detail;
      return { text: source.slice(start, from) + text, kind, ...(signature && { signature }) };
    }),
    start,
    end: offset,
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
