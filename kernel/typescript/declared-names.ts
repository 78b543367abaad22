/** @file The names that a cell declares at its top level, with what a later cell must know of each. */
import { parseSync } from 'oxc-parser';
import type { Program, Statement } from 'oxc-parser';
import { isTooDeep } from '../compile/nesting.ts';
import { namesOf, varDeclarations } from '../compile/declarations.ts';
import { languageOfCell } from '../compile/language.ts';

/**
 * How a later cell sees a name: `variable` may be assigned anew (`let`, `var`); the others are fixed, and may be types as
 * well as values.
 */
export type NameKind = 'variable' | 'constant' | 'function' | 'class' | 'type' | 'import';

export interface Declarations {
  readonly names: ReadonlyMap<string, NameKind>;
  /** Names that the cell declares as a value, and as a type besides. */
  readonly both: ReadonlySet<string>;
  /** Names that the cell exports itself. */
  readonly exported: ReadonlySet<string>;
  /** The cell adds to the global scope or to another module (`declare global`, `declare module 'x'`). */
  readonly isAmbient: boolean;
}

class Collector {
  readonly names = new Map<string, NameKind>();
  readonly both = new Set<string>();
  readonly exported = new Set<string>();
  isAmbient = false;

  program({ body }: Program): void {
    for (const statement of body) this.#statement(statement, false);
  }

  #declare(name: string | undefined, kind: NameKind, isExported: boolean): void {
    if (name === undefined) return;
    const other = this.names.get(name);
    if (other !== undefined && (other === 'type') !== (kind === 'type')) this.both.add(name);
    // An interface beside a class or a function of its name is still that.
    if (kind !== 'type' || !this.names.has(name)) this.names.set(name, kind);
    if (isExported) this.exported.add(name);
  }

  #statement(statement: Statement, isExported: boolean): void {
    switch (statement.type) {
      case 'ImportDeclaration':
        for (const { local } of statement.specifiers) this.#declare(local.name, 'import', false);
        return;
      case 'TSImportEqualsDeclaration':
        return this.#declare(statement.id.name, 'import', isExported);
      case 'ExportNamedDeclaration':
        for (const { exported } of statement.specifiers) {
          this.exported.add(exported.type === 'Literal' ? exported.value : exported.name);
        }
        if (statement.declaration !== null) this.#statement(statement.declaration as Statement, true);
        return;
      case 'ExportDefaultDeclaration': {
        const value = statement.declaration;
        if (value.type === 'FunctionDeclaration') this.#declare(value.id?.name, 'function', false);
        if (value.type === 'ClassDeclaration') this.#declare(value.id?.name, 'class', false);
        if (value.type === 'TSInterfaceDeclaration') this.#declare(value.id.name, 'type', false);
        return;
      }
      case 'VariableDeclaration': {
        const kind = statement.kind === 'let' || statement.kind === 'var' ? 'variable' : 'constant';
        for (const name of statement.declarations.flatMap(({ id }) => namesOf(id)))
          this.#declare(name, kind, isExported);
        return;
      }
      case 'FunctionDeclaration':
      case 'TSDeclareFunction':
        return this.#declare(statement.id?.name, 'function', isExported);
      case 'ClassDeclaration':
        return this.#declare(statement.id?.name, 'class', isExported);
      case 'TSEnumDeclaration':
        return this.#declare(statement.id.name, 'class', isExported);
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
        return this.#declare(statement.id.name, 'type', isExported);
      case 'TSModuleDeclaration':
        if (statement.kind === 'global' || statement.id.type === 'Literal') this.isAmbient = true;
        else if (statement.id.type === 'Identifier') this.#declare(statement.id.name, 'class', isExported);
        return;
      default:
        for (const { declaration } of varDeclarations(statement)) this.#statement(declaration, false);
    }
  }
}

/** Declarations at the start of a line, for text that does not parse: a cell is looked at while it is being written. */
const declarationLine =
  /^(?:export\s+)?(?:declare\s+|abstract\s+|async\s+)*(?:(const|let|var)|(?:function\b\s*\*?|class|enum|namespace|interface|type))\s+([\p{ID_Start}$_][\p{ID_Continue}$]*|[{[][^=]*[}\]]\s*=)/gmu;
const identifier = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;

function guessNames(source: string): Map<string, NameKind> {
  const names = new Map<string, NameKind>();
  for (const [, variable, declared] of source.matchAll(declarationLine)) {
    for (const [name] of declared.matchAll(identifier)) names.set(name, variable ? 'variable' : 'class');
  }
  for (const [, clause] of source.matchAll(/^import\s+([^'"]*?)\s*from\b/gm)) {
    for (const [name] of clause.matchAll(identifier)) names.set(name, 'import');
  }
  return names;
}

/**
 * The top-level declarations of a cell.
 *
 * @param source the cell
 * @param cursor where its author is writing: the text is likely to lack a name there
 */
export function declarationsOf(source: string, cursor?: number): Declarations {
  if (isTooDeep(source)) return { names: guessNames(source), both: new Set(), exported: new Set(), isAmbient: false };
  const attempts = cursor === undefined ? [source] : [source, `${source.slice(0, cursor)}_${source.slice(cursor)}`];
  for (const text of attempts) {
    const lang = languageOfCell(text);
    const { program, errors } = parseSync('cell.ts', text, { lang, sourceType: 'module', preserveParens: false });
    if (errors.length > 0) continue;
    const found = new Collector();
    found.program(program);
    return found;
  }
  return { names: guessNames(source), both: new Set(), exported: new Set(), isAmbient: false };
}

/** Every word in the text that could be a name; those in strings and comments too, which does no harm. */
export const wordsOf = (source: string): Set<string> => new Set(source.match(identifier) ?? []);

/** The part of a word that stands before `offset`; empty where none does. */
export const wordBefore = (source: string, offset: number): string =>
  /[\p{ID_Continue}$]*$/u.exec(source.slice(0, offset))?.[0] ?? '';

/** Whether a name that a cell declares is a value and no type, or a type and no value; undefined for what may be both. */
export function meaningOf(name: string, { names, both }: Declarations): 'value' | 'type' | undefined {
  if (both.has(name)) return undefined;
  const kind = names.get(name);
  if (kind === 'type') return 'type';
  // A variable is declared anew in the cells that use it: there it can be a value only.
  return kind === 'constant' || kind === 'function' ? 'value' : undefined;
}
