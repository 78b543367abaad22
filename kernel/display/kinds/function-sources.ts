/** @file Finds the TypeScript from which a function was compiled, and writes signatures. */
import { parseSync } from 'oxc-parser';
import { transformSync } from 'oxc-transform';
import { type Node, walk } from '../../compile/walk.ts';

/** A function's own text in a cell or a local module. */
export interface OriginalSource {
  readonly text: string;
  readonly url: string;
  /** 1-based. */
  readonly line: number;
}

interface SyntaxNode extends Node {
  readonly start: number;
  readonly end: number;
  readonly body?: SyntaxNode;
  readonly value?: SyntaxNode;
}

const functionTypes = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassDeclaration',
  'ClassExpression',
]);

/** How many sources that mention the name are parsed: the one that is looked for is nearly always the newest. */
const mostParsed = 5;

/**
 * The text that compiles to `code`. A name alone would not do: it may have been declared in several cells, or more than once in
 * one. Both are printed by the same compiler and compared.
 */
export function findOriginal(
  code: string,
  name: string,
  sources: Iterable<{ readonly url: string; readonly source: string }>,
): OriginalSource | undefined {
  const wanted = printed(code, 'js');
  if (wanted === undefined) return undefined;
  let parsed = 0;
  for (const { url, source } of sources) {
    if (!source.includes(name)) continue;
    if (parsed++ === mostParsed) return undefined;
    const compilesToCode = ({ text }: NamedText) => printed(text, 'ts') === wanted || printed(text, 'tsx') === wanted;
    const found = functionsOf(source).find((candidate) => candidate.name === name && compilesToCode(candidate));
    if (found) return { text: found.text, url, line: source.slice(0, found.start).split('\n').length };
  }
  return undefined;
}

interface NamedText {
  readonly name: string;
  readonly text: string;
  readonly start: number;
}

/** All functions and classes of a source, with the names that they get. */
function functionsOf(source: string): NamedText[] {
  const found: NamedText[] = [];
  const names = new Map<unknown, string>();
  const program = parse(source, 'ts') ?? parse(source, 'tsx');
  walk(program, (node) => {
    const { type, id, init, left, right, key, value } = node as Node & Record<string, { name?: string } | undefined>;
    if (type === 'VariableDeclarator' && id?.name) names.set(init, id.name);
    if (type === 'AssignmentExpression' && left?.name) names.set(right, left.name);
    if ((type === 'Property' || type === 'PropertyDefinition') && key?.name) names.set(value, key.name);
    if (functionTypes.has(type)) {
      const { start, end } = node as SyntaxNode;
      found.push({ name: id?.name ?? names.get(node) ?? '', text: source.slice(start, end), start });
    }
    return true;
  });
  return found;
}

function parse(source: string, lang: 'ts' | 'tsx') {
  try {
    const { program, errors } = parseSync(`cell.${lang}`, source, {
      lang,
      sourceType: 'module',
      preserveParens: false,
    });
    return errors.length === 0 ? program : undefined;
  } catch {
    return undefined;
  }
}

/** The name of a function statement is not in its code: cells assign it to a variable. */
const functionName = /^(\((?:async )?function\*?)\s*[\w$]*(?=\()/;

/** Code as the compiler prints it, so that what differs is more than white space and types. */
function printed(code: string, lang: 'js' | 'ts' | 'tsx'): string | undefined {
  try {
    const { code: text, errors } = transformSync(`cell.${lang}`, `(${code})`, {
      lang,
      target: 'es2022',
      sourceType: 'module',
    });
    return errors.length === 0 ? text.replace(/;?\s*$/, '').replace(functionName, '$1') : undefined;
  } catch {
    return undefined;
  }
}

/** A function without its body, a class with the signatures of its members; undefined where it cannot be parsed. */
export function signatureOf(code: string): string | undefined {
  // A method's text (`f(x) { ... }`) is one only inside of an object.
  return signatureIn(`(${code})`) ?? signatureIn(`({${code}})`);
}

function signatureIn(text: string): string | undefined {
  const program = parse(text, 'ts') ?? parse(text, 'tsx');
  let found: SyntaxNode | undefined;
  let method: SyntaxNode | undefined;
  walk(program, (node) => {
    if (node.type === 'Property') method ??= node as SyntaxNode;
    if (functionTypes.has(node.type)) found ??= node as SyntaxNode;
    return found === undefined;
  });
  if (!found?.body) return undefined;
  const start = method?.start ?? found.start;
  const head = collapsed(text.slice(start, found.body.start).replace(/=>\s*$/, ''));
  if (!found.type.startsWith('Class')) return found.type === 'ArrowFunctionExpression' ? `${head} => …` : head;
  const members = (found.body.body as unknown as readonly SyntaxNode[])
    .map((member) => memberSignature(text, member))
    .filter((member) => member !== undefined);
  return members.length === 0 ? head : `${head} {\n${members.map((member) => `  ${member};`).join('\n')}\n}`;
}

/** A member of a class without its body or its value; private ones are left out. */
function memberSignature(text: string, member: SyntaxNode): string | undefined {
  const { type, accessibility, key } = member as SyntaxNode & { accessibility?: string; key?: Node };
  if (accessibility === 'private' || key?.type === 'PrivateIdentifier' || type === 'StaticBlock') return undefined;
  const body = member.value?.body;
  const end = body ? body.start : type === 'PropertyDefinition' && member.value ? member.value.start : member.end;
  return collapsed(text.slice(member.start, end).replace(/[;=]\s*$/, ''));
}

const collapsed = (text: string): string => text.replace(/\s+/g, ' ').trim();
