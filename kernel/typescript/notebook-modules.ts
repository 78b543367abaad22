/**
 * @file The cells of a notebook as modules of one program.
 *
 * Each cell that ran is a module that exports its top-level names, so that a name may be declared again, with another
 * type. One more module exports every live name, from the newest cell that declared it. A cell that mentions live names gets
 * them in a prelude of one line.
 *
 * The server keeps its program while a document's list of imported modules stays the same, and checks a cell in a tenth of
 * the time. So the prelude of the current cell imports the same modules whatever it mentions.
 */
import { basename, isAbsolute, join } from 'node:path';
import { declareCellGlobals } from '../display/cell-globals.ts';
import { enclosureOf } from '../compile/parse.ts';
import { withoutExportAssignment, type CellHead } from './cell-head.ts';
import { valuePrefix } from '../magics/value-types.ts';
import { documentNames, forwardSlashes, globalsModule, runtimeModule, widgetsModule } from './configuration.ts';
import { declarationsOf, meaningOf, wordBefore, wordsOf } from './declared-names.ts';
import type { Declarations, NameKind } from './declared-names.ts';

/** Lines before the user's text, which begins at the first column of the next one. */
export const preludeLines = 1;

interface LiveName {
  readonly kind: NameKind;
  /** Name of the module that declared it. */
  readonly module: string;
  /** Modules that declared it as a value alone, and as a type alone: a name may be both, from two cells. */
  readonly value?: string;
  readonly type?: string;
}

const globals: Readonly<Record<string, string>> = declareCellGlobals({
  globals: globalsModule,
  runtime: runtimeModule,
  widgets: widgetsModule,
});

/** Local name in a prelude of an import that stands for a variable. */
const importedName = (name: string): string => `__tensorcell_${name}`;

/** Names that the prelude makes for itself. */
export const isInternalName = (name: string): boolean => name.startsWith('__tensorcell_');

/** A committed cell stays in the folder where it ran, wherever the notebook goes. */
const specifierOf = (module: string): string => JSON.stringify(isAbsolute(module) ? module : `./${module}`);

/** Imports names of one module. A `let` is assigned anew by later cells, which an imported name does not allow. */
function bring(names: readonly [string, LiveName][], module: string): string {
  const isVariable = ([, { kind }]: [string, LiveName]): boolean => kind === 'variable';
  const imported = names.map((each) => (isVariable(each) ? `${each[0]} as ${importedName(each[0])}` : each[0]));
  const declared = names.filter(isVariable).map(([name]) => ` declare let ${name}: typeof ${importedName(name)};`);
  return `import { ${imported.join(', ')} } from ${specifierOf(module)};${declared.join('')}`;
}

/** Imports a name beside which the cell declares another meaning of it. */
const bringBeside = ({ name, meaning, module }: OtherMeaning): string =>
  `import { ${meaning === 'type' ? 'type ' : ''}${name} } from ${specifierOf(module)};`;

/** What a name that a cell declares means besides, from another cell. */
interface OtherMeaning {
  readonly name: string;
  readonly meaning: 'value' | 'type';
  readonly module: string;
}

function groupedByModule(names: readonly [string, LiveName][]): Map<string, [string, LiveName][]> {
  const groups = new Map<string, [string, LiveName][]>();
  for (const each of names) groups.set(each[1].module, [...(groups.get(each[1].module) ?? []), each]);
  return groups;
}

export class NotebookModules {
  /** What a cell's document begins with, whatever it mentions. */
  readonly #headOf: (source: string) => CellHead;
  readonly #live = new Map<string, LiveName>();
  readonly #ambient = new Set<string>();
  /** Modules that the server has, each with those that it imports from. */
  readonly #imports = new Map<string, readonly string[]>();
  /** The cells' names to the user. */
  readonly #urls = new Map<string, string>();
  #committed = 0;
  /** Where the cells are that come next. */
  folder: string;

  constructor(folder: string, headOf: (source: string) => CellHead) {
    this.folder = folder;
    this.#headOf = headOf;
  }

  /**
   * The cell as it would run now. `cursor` is where its author is writing, if somewhere; `text` stands in the document in
   * place of the cell's own, if it is another.
   */
  document(source: string, cursor?: number, text = source): string {
    const declarations = declarationsOf(source, cursor);
    const names = bring(this.#mentioned(source, declarations, cursor), documentNames.names);
    const beside = this.#otherMeanings(declarations).map(bringBeside);
    return this.#cellText(text, declarations, [names, ...beside].join(' '));
  }

  /** What kind of declaration `name` has in the notebook. */
  kindOf(name: string): NameKind | undefined {
    return this.#live.get(name)?.kind;
  }

  /** The cell that a module was made of, such as `cell_3.ts`. */
  urlOf(module: string): string | undefined {
    return this.#urls.get(module);
  }

  /**
   * Where a document's prelude names the import that a declaration stands for, if it is one for a `let` of another cell.
   *
   * @param end where the declaration ends in the first line
   */
  preludeOrigin(document: string, end: number): number | undefined {
    const declaration = /declare let (\S+): typeof (\S+);$/.exec(document.slice(0, end));
    return declaration === null ? undefined : end - declaration[2].length - 1;
  }

  /** Makes a cell's declarations live. Gives its module, if it declares anything, and the modules that nothing needs now. */
  commit(source: string, url: string): { module?: { name: string; text: string }; dead: string[] } {
    const declarations = declarationsOf(source);
    const { names, exported, isAmbient } = declarations;
    const addsTypes = isAmbient || this.#headOf(source).references !== undefined;
    if (names.size === 0 && !addsTypes) return { dead: [] };
    const name = documentNames.committed(++this.#committed);
    const module = forwardSlashes(join(this.folder, name));
    // From the modules themselves: what the names mean now they mean to this cell for ever.
    const groups = groupedByModule(this.#mentioned(source, declarations));
    const others = this.#otherMeanings(declarations);
    const prelude = [...[...groups].map(([from, group]) => bring(group, from)), ...others.map(bringBeside)].join(' ');
    const exports = [...names.keys()].filter((name) => !exported.has(name));
    const text = `${this.#cellText(source, declarations, prelude)}\nexport { ${exports.join(', ')} };\n`;
    const live = [...names].map(([name, kind]): [string, LiveName] => {
      const meaning = meaningOf(name, declarations);
      if (meaning === undefined) return [name, { kind, module }];
      const other = others.find((each) => each.name === name);
      const before = other?.meaning === 'value' ? this.#live.get(name)?.kind : undefined;
      return [
        name,
        { kind: before ?? kind, module, [meaning]: module, ...(other && { [other.meaning]: other.module }) },
      ];
    });
    for (const [name, each] of live) this.#live.set(name, each);
    if (addsTypes) this.#ambient.add(module);
    this.#imports.set(module, [...groups.keys(), ...others.map((each) => each.module)]);
    this.#urls.set(name, url);
    return { module: { name: module, text }, dead: this.#forgetUnused() };
  }

  /** What the names that a cell declares as a value alone, or as a type alone, mean besides. */
  #otherMeanings(declarations: Declarations): OtherMeaning[] {
    return [...declarations.names.keys()].flatMap((name) => {
      const own = meaningOf(name, declarations);
      if (own === undefined) return [];
      const meaning = own === 'value' ? 'type' : 'value';
      const module = this.#live.get(name)?.[meaning];
      return module === undefined ? [] : [{ name, meaning, module }];
    });
  }

  /** Drops the modules whose names were all declared again, unless a later cell that lives made use of them. */
  #forgetUnused(): string[] {
    const used = new Set<string>();
    const use = (module: string): void => {
      if (used.has(module)) return;
      used.add(module);
      this.#imports.get(module)?.forEach(use);
    };
    for (const { module } of this.#live.values()) use(module);
    this.#ambient.forEach(use);
    const dead = [...this.#imports.keys()].filter((module) => !used.has(module));
    for (const module of dead) {
      this.#imports.delete(module);
      this.#urls.delete(basename(module));
    }
    return dead;
  }

  /** The module of all live names. */
  namesDocument(): string {
    const live = [...groupedByModule([...this.#live])].map(
      ([module, names]) => `export { ${names.map(([name]) => name).join(', ')} } from ${specifierOf(module)};`,
    );
    const ambient = [...this.#ambient].map((module) => `import ${specifierOf(module)};`);
    return `${[...ambient, ...live].join('\n')}\nexport {};\n`;
  }

  /** Forgets every cell. Gives the names of their modules. */
  reset(): string[] {
    const modules = [...this.#imports.keys()];
    this.#live.clear();
    this.#ambient.clear();
    this.#imports.clear();
    this.#urls.clear();
    return modules;
  }

  /** Live names that a cell mentions and does not declare itself; those too that the word at the cursor may become. */
  #mentioned(source: string, { names }: Declarations, cursor?: number): [string, LiveName][] {
    const words = wordsOf(source);
    for (const name of this.#headOf(source).mentioned) words.add(name);
    const start = cursor === undefined ? undefined : wordBefore(source, cursor).toLowerCase();
    return [...this.#live].filter(([name]) => {
      if (names.has(name)) return false;
      return words.has(name) || (start !== undefined && name.toLowerCase().startsWith(start));
    });
  }

  #cellText(source: string, { names }: Declarations, prelude: string): string {
    const isUsed = (name: string): boolean => !name.startsWith(valuePrefix) || source.includes(name);
    const own = Object.keys(globals).filter((name) => !names.has(name) && !this.#live.has(name) && isUsed(name));
    const { before, after } = enclosureOf(source);
    const declared = own.map((name) => globals[name]).join(' ');
    return `${this.#headOf(source).text}${declared} ${prelude} ${before}\n${withoutExportAssignment(source)}\n${after}`;
  }
}
