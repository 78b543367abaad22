/** @file A package.json: its module type, and what its `imports` (`#x`) and `exports` (its own name) stand for. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { positionAt } from '../compile/positions.ts';
import { JsonTextError, type JsonValue, parseJsonText } from './json-text.ts';
import type { SettingsProblem } from './tsconfig-file.ts';

/** Conditions under which a local module is looked for, beside those of the project. */
const conditions = ['node', 'import', 'module-sync', 'default'];

type Targets = { readonly [key: string]: JsonValue };
const isTargets = (value: JsonValue | undefined): value is { [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The key of a map that fits, and what its `*` stands for: an exact one, else the pattern with the longest beginning. */
function matchKey(targets: Targets, name: string): { key: string; rest: string } | undefined {
  if (Object.hasOwn(targets, name) && !name.includes('*')) return { key: name, rest: '' };
  const fitting = Object.keys(targets).flatMap((key) => {
    const [before, after, more] = key.split('*');
    const fits =
      after !== undefined &&
      more === undefined &&
      name.length >= key.length &&
      name.startsWith(before) &&
      name.endsWith(after);
    return fits ? [{ key, rest: name.slice(before.length, name.length - after.length) }] : [];
  });
  return fitting.sort((a, b) => b.key.indexOf('*') - a.key.indexOf('*') || b.key.length - a.key.length)[0];
}

/** The target for the conditions that hold: they are tried in the order of the file. */
function chosen(target: JsonValue, holds: ReadonlySet<string>): string | undefined {
  if (typeof target === 'string') return target;
  if (Array.isArray(target)) {
    for (const each of target) {
      const found = chosen(each, holds);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isTargets(target)) return undefined;
  for (const [condition, each] of Object.entries(target)) {
    const found = holds.has(condition) ? chosen(each, holds) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

export class PackageFile {
  readonly path: string;
  readonly type: 'module' | 'commonjs' | undefined;
  readonly problems: readonly SettingsProblem[];
  readonly #name: string | undefined;
  readonly #imports: Targets;
  readonly #exports: Targets;

  private constructor(path: string, content: Targets, problems: readonly SettingsProblem[]) {
    const { type, name, imports, exports } = content;
    this.path = path;
    this.type = type === 'module' || type === 'commonjs' ? type : undefined;
    this.problems = problems;
    this.#name = typeof name === 'string' ? name : undefined;
    this.#imports = isTargets(imports) ? imports : {};
    const hasPaths = isTargets(exports) && Object.keys(exports).some((key) => key.startsWith('.'));
    this.#exports = hasPaths ? exports : exports === undefined ? {} : { '.': exports };
  }

  static read(path: string): PackageFile {
    const text = readFileSync(path, 'utf8');
    try {
      const value = JSON.parse(text) as JsonValue;
      return new PackageFile(path, isTargets(value) ? value : {}, []);
    } catch {
      return PackageFile.#broken(path, text);
    }
  }

  /** Says where the file is broken; comments are forgiven. */
  static #broken(path: string, text: string): PackageFile {
    try {
      const { value } = parseJsonText(text);
      return new PackageFile(path, isTargets(value) ? value : {}, []);
    } catch (error) {
      if (!(error instanceof JsonTextError)) throw error;
      return new PackageFile(path, {}, [{ file: path, message: error.message, ...positionAt(text, error.offset) }]);
    }
  }

  /**
   * The path inside the package that a specifier stands for: `#x` by its `imports`, its own name by its `exports`. Undefined
   * for others, and where the package leads on to another one. Whether a file is there is not looked at.
   */
  localTarget(specifier: string, projectConditions: readonly string[] = []): string | undefined {
    const holds = new Set([...projectConditions, ...conditions]);
    const [targets, key] = specifier.startsWith('#')
      ? [this.#imports, specifier]
      : [this.#exports, this.#subpath(specifier)];
    const match = key === undefined ? undefined : matchKey(targets, key);
    const target = match && chosen(targets[match.key], holds);
    if (!target?.startsWith('./')) return undefined;
    return join(
      dirname(this.path),
      target.replaceAll('*', () => match?.rest ?? ''),
    );
  }

  /** `.` or `./sub` of a specifier that begins with the package's own name. */
  #subpath(specifier: string): string | undefined {
    if (this.#name === undefined) return undefined;
    if (specifier === this.#name) return '.';
    return specifier.startsWith(`${this.#name}/`) ? `.${specifier.slice(this.#name.length)}` : undefined;
  }
}
