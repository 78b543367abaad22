/** @file The source of what a name stands for, as far as it lies in cells, local modules or packages. */
import { readFile } from 'node:fs/promises';
import { extname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import type { Node } from 'oxc-parser';
import type { DefinitionLink, Position } from 'vscode-languageserver-protocol/node';
import { isTooDeep } from '../compile/nesting.ts';
import type { Description } from './contract.ts';

/** More of a source than a pager is for. */
const mostLines = 400;

/** A declaration's source and where it stands. */
export interface SourceText {
  readonly place: string;
  readonly language: string;
  readonly text: string;
}

/** What the search needs to know of documents that only the server has. */
export interface Documents {
  /** Text of a cell's document as the server has it, undefined for files; its name to the user; lines before the user's. */
  readonly cell: (
    path: string,
  ) => { readonly text: string; readonly url: string; readonly linesBefore: number } | undefined;
  readonly folder: string;
}

const languages: Readonly<Record<string, string>> = {
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.jsx': 'jsx',
  '.tsx': 'tsx',
  '.json': 'json',
};

/** The offset of a position in a text. */
function offsetOf(lines: readonly string[], { line, character }: Position): number {
  return lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
}

/** The comment that ends right before `offset`, if one does: documentation is part of a declaration's source. */
function commentBefore(text: string, offset: number): number {
  const comment = /(?:\/\*\*(?:[^*]|\*(?!\/))*\*\/|(?:\/\/[^\n]*\n[^\S\n]*)*\/\/[^\n]*)\s*$/.exec(
    text.slice(Math.max(0, offset - 20_000), offset),
  );
  return comment === null ? offset : offset - comment[0].length;
}

/** Text in lines that are as far to the left as they can be together. */
function outdented(text: string, column: number): string {
  const lines = text.split('\n');
  const indents = lines
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => /^ */.exec(line)![0].length);
  const indent = Math.min(column, ...indents);
  const shown = lines.map((line, index) => (index === 0 ? line : line.slice(indent)));
  const more = shown.length - mostLines;
  return more > 0 ? [...shown.slice(0, mostLines), `// ... and ${more} lines more`].join('\n') : shown.join('\n');
}

/** Statements and members that a piece of a program consists of. */
function bodyOf(node: object): readonly Node[] | undefined {
  const { body } = node as { body?: unknown };
  if (Array.isArray(body)) return body as Node[];
  return typeof body === 'object' && body !== null ? bodyOf(body) : undefined;
}

/** What a declaration declares, without its `export`. */
function declared(node: Node): Node {
  const { declaration } = node as { declaration?: Node | null };
  return declaration ? declared(declaration) : node;
}

function nameOf(node: Node): string | undefined {
  const { id, key } = declared(node) as { id?: { name?: string } | null; key?: { name?: string } };
  return id?.name ?? key?.name;
}

/** Where the overloads of a function begin and end, its implementation among them, if one of them stands at `[start, end)`. */
function withOverloads(text: string, start: number, end: number, path: string): [start: number, end: number] {
  if (isTooDeep(text)) return [start, end];
  const lang = path.endsWith('.tsx') ? 'tsx' : /\.[cm]?js$/.test(path) ? 'jsx' : 'ts';
  const { program } = parseSync(path, text, { lang, sourceType: 'unambiguous' });
  let siblings: readonly Node[] | undefined = program.body;
  while (siblings !== undefined) {
    const at: number = siblings.findIndex((node) => node.start <= start && end <= node.end);
    if (at === -1) return [start, end];
    const node: Node = siblings[at];
    const inner = bodyOf(declared(node));
    const isFunction = /Function|Method/.test(declared(node).type);
    if (!isFunction && inner?.some((each) => each.start <= start && end <= each.end)) {
      siblings = inner;
      continue;
    }
    if (!isFunction) return [start, end];
    const name = nameOf(node);
    const isOther = (each: Node): boolean => nameOf(each) !== name;
    const first = siblings.slice(0, at).findLastIndex(isOther) + 1;
    const rest = siblings.slice(at).findIndex(isOther);
    const last = rest === -1 ? siblings.length - 1 : at + rest - 1;
    // The server's end counts what the parser leaves to the statement: the semicolon.
    return [Math.min(start, siblings[first].start), Math.max(end, siblings[last].end)];
  }
  return [start, end];
}

/** Reads a declaration. Undefined where its file cannot be read, and for modules as a whole. */
export async function sourceOf(link: DefinitionLink, documents: Documents): Promise<SourceText | undefined> {
  if (!link.targetUri.startsWith('file:') || isModule(link)) return undefined;
  const path = fileURLToPath(link.targetUri);
  const cell = documents.cell(path);
  const text = cell?.text ?? (await readFile(path, 'utf8').catch(() => undefined));
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  const { start: from, end: to } = link.targetRange;
  const [declaration, end] = withOverloads(text, offsetOf(lines, from), offsetOf(lines, to), path);
  const start = commentBefore(text, declaration);
  const column = start - (text.lastIndexOf('\n', start - 1) + 1);
  const line = text.slice(0, start).split('\n').length - (cell?.linesBefore ?? 0);
  const near = relative(documents.folder, path);
  const name = cell?.url ?? (near.startsWith('..') ? path : near);
  return {
    place: `${name}:${line}`,
    language: languages[extname(path)] ?? 'typescript',
    text: outdented(text.slice(start, end), column),
  };
}

/** A module has no name of its own to point to: then the link selects all of its text. */
const isModule = ({ targetSelectionRange: { start, end } }: DefinitionLink): boolean => start.line !== end.line;

/** A description with the source after it. */
export function withSource(description: Description | null, { place, language, text }: SourceText): Description {
  const code = `\`\`\`${language}\n${text}\n\`\`\``;
  const plain = `Source (${place})\n${text}`;
  const markdown = `**Source** (${place})\n\n${code}`;
  if (description === null) return { markdown, plain };
  return { markdown: `${description.markdown}\n\n${markdown}`, plain: `${description.plain}\n\n${plain}` };
}
