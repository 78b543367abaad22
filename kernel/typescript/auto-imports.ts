/**
 * @file Names that a cell has not imported: of Node's modules, of the packages that the notebook's folder depends on, of local
 * modules that its cells know.
 *
 * A completion replaces a text that ends at the cursor, and all items of a list replace the same one. So an item brings its
 * import along where that text reaches up to the import's place: where the name is the first thing after it, or where
 * nothing but names to import fits. Among others it is the plain name, and asking once more after it brings the import.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules, createRequire, isBuiltin } from 'node:module';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CompletionItem as ServerItem } from 'vscode-languageserver-protocol/node';
import { documentNames, globalsModule, runtimeModule } from './configuration.ts';

/** A name and the module that has it. */
export interface Importable {
  readonly name: string;
  readonly module: string;
  /** `type`: nothing is there of it at run time. */
  readonly style: 'named' | 'type' | 'default' | 'namespace';
  /** TypeScript's kind of thing. */
  readonly kind: string;
}

/** What the server says of an item that needs an import. */
interface AutoImport {
  readonly importKind?: number;
  readonly addAsTypeOnly?: number;
}
/** The import has to be one of types alone. */
const mustBeType = 2;

/** How the server numbers import clauses. */
const styles = ['named', 'default', 'namespace', 'default'] as const;

/** Our own modules, which the server finds because cells get `tf` and `display` from there. */
const ownFolders = ['../../src', '../../kernel'].map((folder) => fileURLToPath(new URL(folder, import.meta.url)));

const isInside = (folder: string, path: string): boolean => {
  const inner = relative(folder, path);
  return !inner.startsWith('..') && !isAbsolute(inner);
};

/** What the server would import for an item; undefined for an item that needs no import, null for one not to be offered. */
export function importableOf({ data, label }: ServerItem, kind: string, folder: string): Importable | null | undefined {
  const { autoImport, source = '' } = (data ?? {}) as { source?: string; autoImport?: AutoImport };
  if (autoImport === undefined) return undefined;
  // Node's modules are known better from Node itself, which has them also where their types lie elsewhere.
  const isKnown = new RegExp(`^(?:${runtimeModule}(?:/|$)|${globalsModule}$)`).test(source) || isBuiltin(source);
  const isOurs =
    source.startsWith('.') &&
    (source.includes(documentNames.current.replace(/\.ts$/, '')) ||
      ownFolders.some((own) => isInside(own, resolve(folder, source))));
  if (isKnown || isOurs) return null;
  const style = styles[autoImport.importKind ?? 0] ?? 'named';
  // An alias of a type is of the kind of a class: it is imported as one, which does no harm.
  const isType = style === 'named' && (kind === 'interface' || autoImport.addAsTypeOnly === mustBeType);
  return { name: label, module: source, style: isType ? 'type' : style, kind };
}

/** Modules whose names are global, are those of another, or are not for a notebook; some of them warn when they are loaded. */
const leftOut =
  /^_|^(?:punycode|sys|constants|domain|test|wasi|sqlite|sea|trace_events|cluster|repl|inspector|console|process|path|assert)\/|^(?:punycode|sys|constants|domain|test|wasi|sqlite|sea|trace_events|cluster|repl|inspector|console|process)$/;

/** Kinds of what Node's modules export. */
function kindOfValue(name: string, value: unknown): string {
  if (typeof value !== 'function') return 'const';
  return /^[A-Z]/.test(name) ? 'class' : 'function';
}

let ofNode: readonly Importable[] | undefined;

/** The names that Node's modules export; reading them all takes some milliseconds, once. */
function nodeNames(): readonly Importable[] {
  const require = createRequire(import.meta.url);
  return (ofNode ??= builtinModules
    .map((module) => module.replace(/^node:/, ''))
    .filter((module) => !leftOut.test(module))
    .flatMap((plain) => {
      const module = `node:${plain}`;
      const names = Object.entries(require(module) as Record<string, unknown>).filter(
        ([name]) => !/^_|^default$/.test(name),
      );
      return names.map(([name, value]): Importable => ({
        name,
        module,
        style: 'named',
        kind: kindOfValue(name, value),
      }));
    }));
}

/** Names of Node's modules that begin with a word. */
export function nodeNamesFor(word: string): Importable[] {
  const begin = word.toLowerCase();
  return word === '' ? [] : nodeNames().filter(({ name }) => name.toLowerCase().startsWith(begin));
}

let typesOfNode: readonly Importable[] | undefined;

const moduleOfTypes = /^declare module ['"]([^'"]+)['"] \{\n([^]*?)^\}/gm;
const typeOfModule = /^ {4}(?:export )?(?:declare )?(interface|type) ([A-Z]\w*)/gm;

/** Types that Node's modules have beside their values, as the package of Node's types lists them; read once, in some milliseconds. */
function nodeTypes(): readonly Importable[] {
  if (typesOfNode !== undefined) return typesOfNode;
  const values = new Set(nodeNames().map(({ module, name }) => `${module} ${name}`));
  const found = new Map<string, Importable>();
  const folder = dirname(createRequire(import.meta.url).resolve('@types/node/package.json'));
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    // Those of older compilers lie in folders of their own.
    if (!file.endsWith('.d.ts') || /^(?:ts\d|compatibility|web-globals)/.test(file)) continue;
    for (const [, specifier, body] of readFileSync(join(folder, file), 'utf8').matchAll(moduleOfTypes)) {
      const plain = specifier.replace(/^node:/, '');
      if (leftOut.test(plain)) continue;
      for (const [, kind, name] of body.matchAll(typeOfModule)) {
        const key = `node:${plain} ${name}`;
        if (!values.has(key)) found.set(key, { name, module: `node:${plain}`, style: 'type', kind });
      }
    }
  }
  return (typesOfNode = [...found.values()]);
}

/** Types of Node's modules that begin with a word, the classes among their values too. */
export function nodeTypesFor(word: string): Importable[] {
  const begin = word.toLowerCase();
  const classes = nodeNamesFor(word).filter(({ kind }) => kind === 'class');
  return word === '' ? [] : [...classes, ...nodeTypes().filter(({ name }) => name.toLowerCase().startsWith(begin))];
}

/** A text to put in place of the cell's from `start` on. */
export interface Replacement {
  readonly text: string;
  readonly start: number;
}

const importStatement = /^import\b(?:[^;'"]*?\bfrom)?\s*(['"])([^'"\n]*)\1[^\n;]*(;?)/gmu;

/**
 * A name with its import before it: the text from where the cell changes first up to and with the name.
 *
 * @param source the cell
 * @param wordStart where the name begins
 */
export function withImport({ name, module, style }: Importable, source: string, wordStart: number): Replacement {
  const before = source.slice(0, wordStart);
  const statements = [...before.matchAll(importStatement)];
  const join = (start: number, edit: string): Replacement => ({ start, text: edit + before.slice(start) + name });
  const isOfTypes = (text: string): boolean => /^import\s+type\b/.test(text);
  const sameModule = statements.find(
    ([text, , specifier]) =>
      `node:${specifier.replace(/^node:/, '')}` === `node:${module.replace(/^node:/, '')}` &&
      /\{[^}]*\}/.test(text) &&
      (style === 'type' || !isOfTypes(text)),
  );
  if ((style === 'named' || style === 'type') && sameModule !== undefined) {
    const close = sameModule[0].indexOf('}');
    const end = sameModule.index + sameModule[0].slice(0, close).replace(/,?\s*$/, '').length;
    const added = style === 'type' && !isOfTypes(sameModule[0]) ? `type ${name}` : name;
    return join(end, sameModule[0].slice(0, close).trimEnd().endsWith('{') ? ` ${added}` : `, ${added}`);
  }
  const last = statements.at(-1);
  const [quote, semicolon] = last === undefined ? ["'", ';'] : [last[1], last[3]];
  const clause = { named: `{ ${name} }`, type: `type { ${name} }`, default: name, namespace: `* as ${name}` }[style];
  const statement = `import ${clause} from ${quote}${module}${quote}${semicolon}`;
  if (last === undefined) return join(before.length - before.trimStart().length, `${statement}\n`);
  return join(last.index + last[0].length, `\n${statement}`);
}
