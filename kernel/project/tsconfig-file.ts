/** @file Reads a tsconfig.json and the files that it extends, as TypeScript would, with the place of whatever is wrong. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { positionAt } from '../compile/positions.ts';
import { type CompilerOptions, readOption } from './compiler-options.ts';
import { type JsonNode, JsonTextError, parseJsonText } from './json-text.ts';

/** Something wrong in a configuration file; line and column are 1-based. */
export interface SettingsProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface TsconfigFile {
  /** The file whose settings these are: another one than was asked for where that only lists projects. */
  readonly path: string;
  readonly options: CompilerOptions;
  /** Files that the project consists of, as absolute paths and patterns; absent where it does not say. */
  readonly files?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly problems: readonly SettingsProblem[];
  /** Every file that was read, or that would have been. */
  readonly read: readonly string[];
}

/** Stands for the folder of the file that was asked for, also in files that it extends. */
const configFolder = '${configDir}';

const listNames = ['files', 'include', 'exclude'] as const;

/** What one file says, with what it inherits. */
interface Layer {
  /** The first project that the file refers to. */
  reference?: string;
  options: Record<string, unknown>;
  /** The folder that `paths` are relative to, where no `baseUrl` is set. */
  pathsFolder?: string;
  lists: Partial<Record<(typeof listNames)[number], readonly string[]>>;
}

class Reader {
  readonly problems: SettingsProblem[] = [];
  readonly read: string[] = [];

  layer(file: string, within: readonly string[]): Layer {
    const text = this.#textOf(file);
    if (text === undefined) return { options: {}, lists: {} };
    const report = (message: string, offset: number): void => {
      this.problems.push({ file, message, ...positionAt(text, offset) });
    };
    let root: JsonNode;
    try {
      root = parseJsonText(text);
    } catch (error) {
      if (!(error instanceof JsonTextError)) throw error;
      report(error.message, error.offset);
      return { options: {}, lists: {} };
    }
    const result: Layer = { options: {}, lists: {} };
    for (const base of this.#bases(file, root, report)) {
      if (within.includes(base.file) || base.file === file) {
        report(`'${base.name}' extends this file in a circle.`, base.offset);
        continue;
      }
      const inherited = this.layer(base.file, [...within, file]);
      result.options = { ...result.options, ...inherited.options };
      result.pathsFolder = inherited.pathsFolder ?? result.pathsFolder;
      result.lists = { ...result.lists, ...inherited.lists };
    }
    this.#own(file, root, result, report);
    return result;
  }

  #textOf(file: string): string | undefined {
    this.read.push(file);
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      this.problems.push({ file, line: 1, column: 1, message: `It cannot be read: ${(error as Error).message}` });
      return undefined;
    }
  }

  /** What a file sets itself, over what it inherits. */
  #own(file: string, root: JsonNode, layer: Layer, report: (message: string, offset: number) => void): void {
    const folder = dirname(file);
    const absolute = (path: string): string => (path.startsWith(configFolder) ? path : resolve(folder, path));
    const options = root.children.get('compilerOptions');
    for (const [name, node] of options?.children ?? []) {
      const found = readOption(name, node.value, absolute);
      if (found === undefined) continue;
      if ('expected' in found)
        report(
          `The compiler option '${name}' takes ${found.expected}, not ${JSON.stringify(node.value)}.`,
          node.offset,
        );
      else layer.options[name] = found.value;
      if (name === 'paths') layer.pathsFolder = folder;
    }
    if (options !== undefined && (typeof options.value !== 'object' || Array.isArray(options.value)))
      report("'compilerOptions' takes an object.", options.offset);
    layer.reference = referenceOf(root, folder);
    for (const name of listNames) {
      const node = root.children.get(name);
      if (node === undefined) continue;
      if (Array.isArray(node.value) && node.value.every((each) => typeof each === 'string'))
        layer.lists[name] = (node.value as string[]).map(absolute);
      else report(`'${name}' takes a list of strings.`, node.offset);
    }
  }

  #bases(
    file: string,
    root: JsonNode,
    report: (message: string, offset: number) => void,
  ): { file: string; name: string; offset: number }[] {
    const node = root.children.get('extends');
    if (node === undefined) return [];
    const entries = Array.isArray(node.value) ? [...node.children.values()] : [node];
    return entries.flatMap(({ value, offset }) => {
      if (typeof value !== 'string') {
        report("'extends' takes a path, the name of a package, or a list of them.", offset);
        return [];
      }
      const found = this.#baseFile(value, file);
      if (found === undefined) report(`The file '${value}' that this one extends is not there.`, offset);
      return found === undefined ? [] : [{ file: found, name: value, offset }];
    });
  }

  /** `./base`, `./base.json`, `@tsconfig/node20/tsconfig.json`, `@tsconfig/node20`. */
  #baseFile(name: string, from: string): string | undefined {
    if (isAbsolute(name) || /^\.\.?(\/|\\|$)/.test(name)) {
      const path = resolve(dirname(from), name);
      const candidates = path.endsWith('.json') ? [path] : [path, `${path}.json`];
      // One that appears later is a change of the settings.
      this.read.push(...candidates);
      return candidates.find(isReadable);
    }
    const { resolve: find } = createRequire(from);
    for (const candidate of [`${name}/tsconfig.json`, name, `${name}.json`]) {
      try {
        const found = find(candidate);
        if (found.endsWith('.json')) return found;
      } catch {
        // The next spelling may be it.
      }
    }
    return undefined;
  }
}

/** The first of a file's `references`: a folder with a tsconfig.json, or such a file. */
function referenceOf(root: JsonNode, folder: string): string | undefined {
  const path = root.children.get('references')?.children.get('0')?.children.get('path')?.value;
  if (typeof path !== 'string') return undefined;
  const target = resolve(folder, path);
  return target.endsWith('.json') ? target : join(target, 'tsconfig.json');
}

const isReadable = (path: string): boolean => {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
};

/** `paths` with absolute targets; a `baseUrl` is one more of them, for every name that none of the others knows. */
function absolutePaths({ options, pathsFolder = '' }: Layer): CompilerOptions['paths'] {
  const baseUrl = options.baseUrl as string | undefined;
  const paths = options.paths as Record<string, readonly string[]> | undefined;
  const folder = baseUrl ?? pathsFolder;
  const mapped = Object.entries(paths ?? {}).map(([pattern, targetsOf]) => [
    pattern,
    targetsOf.map((target) => (target.startsWith(configFolder) ? target : resolve(folder, target))),
  ]);
  if (baseUrl !== undefined && paths?.['*'] === undefined) mapped.push(['*', [join(baseUrl, '*')]]);
  return mapped.length === 0 ? undefined : (Object.fromEntries(mapped) as CompilerOptions['paths']);
}

/** Puts the folder of the file that was asked for where settings name it. */
function withConfigFolder<Value>(value: Value, folder: string): Value {
  const text = JSON.stringify(value);
  if (text === undefined || !text.includes(configFolder)) return value;
  return JSON.parse(text, (_key, each: unknown) =>
    typeof each === 'string' && each.startsWith(configFolder) ? join(folder, each.slice(configFolder.length)) : each,
  ) as Value;
}

/** Reads the file and all that it extends. What is wrong is left out, and reported. */
export function readTsconfig(file: string): TsconfigFile {
  const reader = new Reader();
  let path = file;
  let layer = reader.layer(file, []);
  // A file that only lists projects, as tools generate it, has no settings of its own: those of its first project are meant.
  const isList = layer.lists.files?.length === 0 && layer.lists.include === undefined;
  if (isList && layer.reference !== undefined) {
    path = layer.reference;
    layer = reader.layer(path, [file]);
  }
  const folder = dirname(path);
  const options = withConfigFolder({ ...layer.options, paths: absolutePaths(layer) }, folder);
  const { problems, read } = reader;
  return { path, options, ...withConfigFolder(layer.lists, folder), problems, read: [...new Set(read)] };
}
