/**
 * @file A module's JavaScript as a script for V8's REPL mode.
 *
 * V8 lets a later script declare a name again if both declarations are alike (`let` after `let`), and refuses `let` after
 * `const`, or a function after either. So every top-level name becomes a `let` (a class is one already). Imports become
 * awaited calls of the cell process's helper, on top as the language has them; functions stay callable before their
 * place, so they move up too.
 */
import MagicString from 'magic-string';
import { parseSync } from 'oxc-parser';
import type {
  ExportAllDeclaration,
  ExportNamedDeclaration,
  Function as FunctionNode,
  ImportDeclaration,
  ImportSpecifier,
  Program,
  Statement,
} from 'oxc-parser';
import { awaitHelper, importHelper } from '../cell/module-helper.ts';
import { assignmentsTo, topLevelNames, type TopLevelNames } from './constants.ts';
import { namesOf, varDeclarations } from './declarations.ts';
import type { VarDeclaration } from './declarations.ts';
import { folderNames } from './folder-names.ts';
import { topLevelAwaits } from './top-level-await.ts';
import { walk, type Node } from './walk.ts';

type FromDeclaration = ImportDeclaration | ExportAllDeclaration | ExportNamedDeclaration;

/** `await guard(helper("./m.json", { with: { type: "json" } }, ["default"]))` */
function loading({ source, attributes }: FromDeclaration, names: readonly string[] = []): string {
  const pairs = attributes.map(({ key, value }) => {
    const name = key.type === 'Identifier' ? key.name : key.value;
    return `${JSON.stringify(name)}: ${JSON.stringify(value.value)}`;
  });
  const given = [JSON.stringify(source?.value)];
  if (pairs.length > 0) given.push(`{ with: { ${pairs.join(', ')} } }`);
  else if (names.length > 0) given.push('undefined');
  if (names.length > 0) given.push(JSON.stringify(names));
  return `await ${awaitHelper}(${importHelper}(${given.join(', ')}))`;
}

const importedName = ({ imported }: ImportSpecifier): string =>
  imported.type === 'Literal' ? imported.value : imported.name;

function importedAs({ imported, local }: ImportSpecifier, renamed: ReadonlyMap<string, string>): string {
  const name = renamed.get(local.name) ?? local.name;
  if (imported.type === 'Literal') return `${JSON.stringify(imported.value)}: ${name}`;
  return imported.name === name ? name : `${imported.name}: ${name}`;
}

/** The script's text for an import statement. @param renamed other names for what it binds */
function importStatement(declaration: ImportDeclaration, renamed: ReadonlyMap<string, string>): string {
  const bindings = declaration.specifiers.flatMap((specifier) => {
    if (specifier.type === 'ImportNamespaceSpecifier') return [];
    return specifier.type === 'ImportSpecifier'
      ? [importedAs(specifier, renamed)]
      : [`default: ${specifier.local.name}`];
  });
  const namespace = declaration.specifiers.find((specifier) => specifier.type === 'ImportNamespaceSpecifier');
  const names = declaration.specifiers.flatMap((specifier) => {
    if (specifier.type === 'ImportNamespaceSpecifier') return [];
    return specifier.type === 'ImportSpecifier' ? [importedName(specifier)] : ['default'];
  });
  const load = loading(declaration, namespace === undefined ? names : []);
  if (namespace === undefined) return bindings.length > 0 ? `let { ${bindings.join(', ')} } = ${load};` : `${load};`;
  const rest = bindings.length > 0 ? `, { ${bindings.join(', ')} } = ${namespace.local.name}` : '';
  return `let ${namespace.local.name} = ${load}${rest};`;
}

/** What the code does not show any more of how its cell was written. */
export interface CellSyntax {
  /** The cell says `export =`, which the code has as `module.exports =`. */
  readonly hasExportAssignment: boolean;
  /** Its last expression is JSX. */
  readonly endsInJsx: boolean;
  /** Names that the cell's own imports bind; others among them were made by the compiler. */
  readonly imported: ReadonlySet<string>;
}

export interface ReplScriptResult {
  /** Can give the script's text and its map. */
  readonly text: MagicString;
  readonly names: TopLevelNames;
}

/** Imports that the compiler of JSX makes: names that cells of another library would take from each other. */
const jsxRuntime = /\/jsx-(?:dev-)?runtime$/;

/** Rewrites one module. Its parts are in the order of the file; what is hoisted is moved at the end. */
class ReplScript {
  readonly #text: MagicString;
  readonly #imports: [number, number][] = [];
  readonly #functions: [number, number][] = [];
  readonly #functionNames = new Set<string>();
  readonly #varNames = new Set<string>();
  /** End of the leading statements that are imports already: those need not move. */
  #head = 0;

  readonly #syntax: CellSyntax;
  /** Constants of earlier cells. */
  readonly #constants: ReadonlySet<string>;
  /** Names of the compiler's own imports, and what stands for them. */
  readonly #renamed = new Map<string, string>();

  constructor(code: string, syntax: CellSyntax, constants: ReadonlySet<string>) {
    this.#text = new MagicString(code);
    this.#syntax = syntax;
    this.#constants = constants;
  }

  build(): ReplScriptResult {
    const code = this.#text.original;
    const { program, module } = parseSync('cell.js', code, { lang: 'js', sourceType: 'module' });
    const names = topLevelNames(program);
    this.#guardConstants(program, names);
    if (code.includes('-runtime')) this.#keepJsxApart(program);
    for (const meta of module.importMetas) this.#text.update(meta.start, meta.end, `${importHelper}.meta`);
    for (const { start } of module.dynamicImports) this.#text.update(start, start + 'import'.length, importHelper);
    if (code.includes('await')) this.#guardAwaits(program);
    if (code.includes('__dirname') || code.includes('__filename')) this.#nameFolder(program);
    const leading = program.body.findIndex((statement) => statement.type !== 'ImportDeclaration');
    this.#head = leading === -1 ? code.length : leading === 0 ? 0 : program.body[leading - 1].end;
    for (const statement of program.body) {
      for (const found of varDeclarations(statement)) this.#variable(found);
      this.#statement(statement);
    }
    if (this.#syntax.endsInJsx) this.#markJsx(program);
    this.#hoist();
    return { text: this.#text, names };
  }

  /** An assignment to a constant fails when it is reached, as the language has it; the type check may be off. */
  #guardConstants(program: Program, { constants, others }: TopLevelNames): void {
    const code = this.#text.original;
    const earlier = [...this.#constants].filter((name) => !others.has(name) && code.includes(name));
    for (const { name, start, end, isShorthand, logical } of assignmentsTo(
      new Set([...constants, ...earlier]),
      program,
    )) {
      const target = `${importHelper}.constants.${name}`;
      if (logical !== undefined) {
        this.#text
          .update(start, logical.start, `(${name} ${logical.operator} (${target} = `)
          .appendLeft(logical.end, '))');
      } else this.#text.update(start, end, isShorthand ? `${name}: ${target}` : target);
    }
  }

  /** `_jsx` is another function in a cell of another library, and functions of earlier cells go on with theirs. */
  #keepJsxApart(program: Program): void {
    for (const statement of program.body) {
      if (statement.type !== 'ImportDeclaration' || !jsxRuntime.test(statement.source.value)) continue;
      for (const specifier of statement.specifiers) {
        if (specifier.type !== 'ImportSpecifier' || this.#syntax.imported.has(specifier.local.name)) continue;
        const name = `${statement.source.value}_${importedName(specifier)}`.replace(/[^\w$]/g, '_');
        this.#renamed.set(specifier.local.name, `__tensorcell_${name}`);
      }
    }
    if (this.#renamed.size === 0) return;
    walk(program, (node) => {
      const { type, name, start, end } = node as Node & { name: string; start: number; end: number };
      const other = type === 'Identifier' ? this.#renamed.get(name) : undefined;
      if (other !== undefined) this.#text.update(start, end, other);
      return type !== 'ImportDeclaration';
    });
  }

  /** An interrupt ends the cell at its next await: the rest of it must not run later, unseen. */
  #guardAwaits(program: Program): void {
    const { operands, bodies } = topLevelAwaits(program);
    for (const { start, end } of operands) this.#text.appendRight(start, `${awaitHelper}(`).appendLeft(end, ')');
    for (const { start, end } of bodies) this.#text.appendRight(start, `{ ${awaitHelper}(); `).appendLeft(end, ' }');
  }

  /** `__dirname` and `__filename` mean what they mean in a script of the notebook's folder, unless a cell declares them. */
  #nameFolder(program: Program): void {
    for (const { name, meta, start, end, isShorthand } of folderNames(program)) {
      const value = `(typeof ${name} === 'string' ? ${name} : ${importHelper}.meta.${meta})`;
      this.#text.update(start, end, isShorthand ? `${name}: ${value}` : value);
    }
  }

  #statement(statement: Statement): void {
    switch (statement.type) {
      case 'ExpressionStatement': {
        const { expression } = statement;
        if (!this.#syntax.hasExportAssignment || expression.type !== 'AssignmentExpression') return;
        if (this.#text.original.slice(expression.left.start, expression.left.end) !== 'module.exports') return;
        this.#text.remove(expression.start, expression.right.start);
        return;
      }
      case 'ImportDeclaration':
        return this.#load(statement, importStatement(statement, this.#renamed));
      case 'ExportAllDeclaration':
        return this.#load(statement, `${loading(statement)};`);
      case 'ExportNamedDeclaration':
        if (statement.source !== null) return this.#load(statement, `${loading(statement)};`);
        if (statement.declaration === null) return void this.#text.remove(statement.start, statement.end);
        this.#text.remove(statement.start, statement.declaration.start);
        for (const found of varDeclarations(statement.declaration as Statement)) this.#variable(found);
        return this.#statement(statement.declaration as Statement);
      case 'ExportDefaultDeclaration': {
        const value = statement.declaration;
        const isNamed =
          (value.type === 'FunctionDeclaration' || value.type === 'ClassDeclaration') && value.id !== null;
        this.#text.remove(statement.start, value.start);
        if (isNamed) return this.#statement(value as Statement);
        this.#text.appendRight(value.start, '(').appendLeft(value.end, ');');
        return;
      }
      case 'VariableDeclaration':
        if (statement.kind === 'const') this.#text.update(statement.start, statement.start + 'const'.length, 'let');
        return;
      case 'FunctionDeclaration':
        return this.#function(statement);
      default:
    }
  }

  #markJsx({ body }: Program): void {
    const last = body.at(-1);
    if (last?.type !== 'ExpressionStatement') return;
    const { start, end } = last.expression;
    this.#text.appendRight(start, `${importHelper}.jsx(`).appendLeft(end, ')');
  }

  #load(statement: Statement, text: string): void {
    this.#text.update(statement.start, statement.end, text);
    if (statement.start >= this.#head) this.#imports.push([statement.start, statement.end]);
  }

  /** `async function* f() {}` becomes `let f = async function* () {};`: inside, `f` means what the notebook's `f` means. */
  #function({ id, start, end }: FunctionNode): void {
    if (id === null) return;
    this.#text.appendRight(start, `let ${id.name} = `).remove(id.start, id.end).appendLeft(end, ';');
    this.#functions.push([start, end]);
    this.#functionNames.add(id.name);
  }

  /** `var a = 1, b` becomes `(a = 1)`; the names are declared on top, so that they are there from the start. */
  #variable({ declaration, place }: VarDeclaration): void {
    const { start, end, declarations } = declaration;
    for (const name of declarations.flatMap(({ id }) => namesOf(id))) this.#varNames.add(name);
    if (place === 'for-each') return void this.#text.remove(start, declarations[0].start);
    const assigned = declarations.filter(({ init }) => init !== null);
    const hasSemicolon = place === 'statement' && this.#text.original[end - 1] === ';';
    if (assigned.length === 0) return void this.#text.update(start, end, place === 'statement' ? ';' : '');
    this.#text.update(start, assigned[0].start, '(');
    assigned.slice(1).forEach((declarator, i) => this.#text.update(assigned[i].end, declarator.start, ', '));
    const last = assigned[assigned.length - 1].end;
    if (last < end) this.#text.update(last, end, hasSemicolon ? ');' : ')');
    else this.#text.appendLeft(end, ')');
  }

  #hoist(): void {
    for (const [start, end] of [...this.#imports, ...this.#functions]) {
      if (start !== this.#head) this.#text.move(start, end, this.#head);
    }
    const names = [...this.#varNames].filter((name) => !this.#functionNames.has(name));
    const declared = names.length > 0 ? `let ${names.join(', ')};` : '';
    // On the first line, so that no line is added to the script.
    this.#text.prepend(`'use strict';${declared}`);
  }
}

/** Rewrites transpiled module code. @param constants names that earlier cells declared as constants */
export const toReplScript = (
  code: string,
  syntax: CellSyntax,
  constants: ReadonlySet<string> = new Set(),
): ReplScriptResult => new ReplScript(code, syntax, constants).build();
