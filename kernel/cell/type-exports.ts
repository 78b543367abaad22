/**
 * @file Names of types in `export { T } from './m'`: TypeScript takes them out, knowing the other module; a compiler of single files
 * leaves them in, and the module does not load.
 */
import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';
import type { ExportNamedDeclaration, ImportDeclaration, Program, Statement } from 'oxc-parser';
import { localModule } from '../project/local-modules.ts';

const isTypeScript = /\.[cm]?tsx?$/;

const parse = (path: string, text: string): Program =>
  parseSync(path, text, { sourceType: 'module', lang: path.endsWith('x') ? 'tsx' : 'ts' }).program;

/** Names that a statement declares as types only, and as values. */
function declared(statement: Statement | null, types: Set<string>, values: Set<string>): void {
  if (statement === null) return;
  switch (statement.type) {
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      types.add(statement.id.name);
      return;
    case 'ClassDeclaration':
    case 'FunctionDeclaration':
    case 'TSEnumDeclaration':
      if (statement.id) (statement.declare ? types : values).add(statement.id.name);
      return;
    case 'VariableDeclaration':
      for (const { id } of statement.declarations) if (id.type === 'Identifier') values.add(id.name);
      return;
    default:
  }
}

const nameOf = (node: { type: string; name?: string; value?: unknown }): string => node.name ?? String(node.value);

/** Whether a module exports `name` as a type and nothing else. */
function exportsType(path: string, name: string, seen: readonly string[]): boolean {
  if (seen.includes(path) || !isTypeScript.test(path)) return false;
  let program: Program;
  try {
    program = parse(path, readFileSync(path, 'utf8'));
  } catch {
    return false;
  }
  const types = new Set<string>();
  const values = new Set<string>();
  const imported = new Map<string, { source: string; name: string; isType: boolean }>();
  for (const statement of program.body) {
    declared(statement as Statement, types, values);
    if (statement.type === 'ExportNamedDeclaration') declared(statement.declaration as Statement | null, types, values);
    if (statement.type !== 'ImportDeclaration') continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type !== 'ImportSpecifier') continue;
      const isType = statement.importKind === 'type' || specifier.importKind === 'type';
      imported.set(specifier.local.name, { source: statement.source.value, name: nameOf(specifier.imported), isType });
    }
  }
  const isType = (source: string, original: string): boolean => {
    const target = localModule(source, path);
    return target !== undefined && exportsType(target, original, [...seen, path]);
  };
  let isInStar = false;
  for (const statement of program.body) {
    if (statement.type === 'ExportAllDeclaration' && statement.exported === null) {
      isInStar ||= statement.exportKind === 'type' || isType(statement.source.value, name);
    }
    if (statement.type !== 'ExportNamedDeclaration') continue;
    const specifier = statement.specifiers.find(({ exported }) => nameOf(exported) === name);
    if (specifier === undefined) continue;
    if (statement.exportKind === 'type' || specifier.exportKind === 'type') return true;
    const local = nameOf(specifier.local);
    if (statement.source !== null) return isType(statement.source.value, local);
    const from = imported.get(local);
    if (from !== undefined) return from.isType || isType(from.source, from.name);
    return types.has(local) && !values.has(local);
  }
  if (values.has(name)) return false;
  return types.has(name) || isInStar;
}

type FromDeclaration = (ImportDeclaration | ExportNamedDeclaration) & { source: { value: string } };

/** Blanks out the specifiers of types, each with its comma: places in the code stay what they are. */
export function withoutTypeExports(code: string, path: string): string {
  if (!/\bexport\s*\{/.test(code)) return code;
  const { program } = parseSync('module.js', code, { sourceType: 'module', lang: 'js' });
  const exportedLocals = new Set<string>();
  for (const statement of program.body)
    if (statement.type === 'ExportNamedDeclaration' && statement.source === null)
      for (const { local } of statement.specifiers) exportedLocals.add(nameOf(local));
  const blanks: { start: number; end: number }[] = [];
  const removed = new Set<string>();
  for (const statement of program.body) {
    const isFrom =
      statement.type === 'ImportDeclaration' ||
      (statement.type === 'ExportNamedDeclaration' && statement.source !== null);
    if (!isFrom) continue;
    const { source, specifiers } = statement as FromDeclaration;
    const target = localModule(source.value, path);
    if (target === undefined) continue;
    for (const specifier of specifiers) {
      if (specifier.type !== 'ImportSpecifier' && specifier.type !== 'ExportSpecifier') continue;
      const isImport = specifier.type === 'ImportSpecifier';
      if (isImport && !exportedLocals.has(specifier.local.name)) continue;
      const name = nameOf(isImport ? specifier.imported : specifier.local);
      if (!exportsType(target, name, [path])) continue;
      if (isImport) removed.add(specifier.local.name);
      blanks.push(specifier);
    }
  }
  for (const statement of program.body)
    if (statement.type === 'ExportNamedDeclaration' && statement.source === null)
      blanks.push(...statement.specifiers.filter(({ local }) => removed.has(nameOf(local))));
  let text = code;
  for (const { start, end } of blanks) {
    const comma = /^\s*,/.exec(text.slice(end))?.[0].length ?? 0;
    text = text.slice(0, start) + text.slice(start, end + comma).replace(/[^\n]/g, ' ') + text.slice(end + comma);
  }
  return text;
}
