/**
 * @file The cells of a notebook as modules of one program.
 *
 * Each cell that ran is a module that exports its top-level names, so that a name may be declared again, with another
 * type. A cell that mentions a live name gets it in a prelude of one line, from the newest cell that declared it; cells that
 * it does not mention cost nothing.
 */
import { declareCellGlobals } from '../display/cell-globals.ts';
import { enclosureOf } from '../compile/parse.ts';
import { documentNames, globalsModule, runtimeModule } from './configuration.ts';
import { declarationsOf, wordBefore, wordsOf } from './declared-names.ts';
import type { Declarations, NameKind } from './declared-names.ts';

/** A cell's text as a document. The user's text begins on the second line, at its first column. */
export interface CellDocument {
  readonly text: string;
  readonly declarations: Declarations;
}

/** Lines before the user's text. */
export const preludeLines = 1;

interface LiveName {
  readonly kind: NameKind;
  /** Specifier of the module that declared it. */
  readonly module: string;
}

const globals: Readonly<Record<string, string>> = declareCellGlobals({
  globals: globalsModule,
  runtime: runtimeModule,
});

export class NotebookModules {
  readonly #live = new Map<string, LiveName>();
  readonly #ambient: string[] = [];
  #committed = 0;

  /** What a cell declared, as a statement of a later cell's prelude. */
  #bring(name: string, { kind, module }: LiveName): string {
    const from = JSON.stringify(`./${module}`);
    // A `let` is assigned anew by later cells, which an imported name does not allow.
    return kind === 'variable'
      ? `declare let ${name}: typeof import(${from}).${name};`
      : `import { ${name} } from ${from};`;
  }

  /** The cell as it would run now. `cursor` is where its author is writing, if somewhere. */
  document(source: string, cursor?: number): CellDocument {
    const declarations = declarationsOf(source, cursor);
    const prelude = this.#ambient.map((module) => `import ${JSON.stringify(`./${module}`)};`);
    const mentioned = wordsOf(source);
    if (cursor !== undefined) for (const name of this.#namesLike(wordBefore(source, cursor))) mentioned.add(name);
    for (const name of mentioned) {
      if (declarations.names.has(name)) continue;
      const live = this.#live.get(name);
      if (live !== undefined) prelude.push(this.#bring(name, live));
      else if (Object.hasOwn(globals, name)) prelude.push(globals[name]);
    }
    const { before, after } = enclosureOf(source);
    return { text: `${prelude.join(' ')}${before}\n${source}\n${after}`, declarations };
  }

  /** Names that the word being written may become. */
  #namesLike(start: string): string[] {
    const lower = start.toLowerCase();
    return [...this.#live.keys(), ...Object.keys(globals)].filter((name) => name.toLowerCase().startsWith(lower));
  }

  /** What kind of declaration `name` has in the notebook. */
  kindOf(name: string): NameKind | undefined {
    return this.#live.get(name)?.kind;
  }

  /** Makes a cell's declarations live. Returns its module, if it declares anything. */
  commit(source: string): { name: string; text: string } | undefined {
    const { text, declarations } = this.document(source);
    const { names, exported, isAmbient } = declarations;
    if (names.size === 0 && !isAmbient) return undefined;
    const module = documentNames.committed(++this.#committed);
    for (const [name, kind] of names) this.#live.set(name, { kind, module });
    if (isAmbient) this.#ambient.push(module);
    const exports = [...names.keys()].filter((name) => !exported.has(name));
    return { name: module, text: `${text}\nexport { ${exports.join(', ')} };\n` };
  }

  /** Forgets every cell. Returns the names of their modules. */
  reset(): string[] {
    const modules = Array.from({ length: this.#committed }, (_none, i) => documentNames.committed(i + 1));
    this.#live.clear();
    this.#ambient.length = 0;
    this.#committed = 0;
    return modules;
  }
}
