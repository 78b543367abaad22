/**
 * @file The settings of a tsconfig.json that mean something to cells and local modules.
 *
 * What is not in this table has nothing to say here: where output goes and in which module system (`outDir`, `rootDir`,
 * `module`, `declaration`, `sourceMap`, ...), how a build is organised (`composite`, `incremental`, `references`), what an
 * editor or a bundler does (`plugins`, `moduleSuffixes`), and `noUnusedLocals`, since later cells use what a cell declares.
 */
import type { JsonValue } from './json-text.ts';

/** What a setting may be: a JSON type, or one of some words. `path` and the like are made absolute. */
type Kind = 'boolean' | 'string' | 'strings' | 'path' | 'pathList' | 'paths' | readonly string[];

export const jsxModes = ['preserve', 'react', 'react-jsx', 'react-jsxdev', 'react-native'] as const;

/** Oldest first; `es6` is another word for `es2015`. */
export const targets = [
  ...['es3', 'es5', 'es6', 'es2015', 'es2016', 'es2017', 'es2018', 'es2019', 'es2020', 'es2021', 'es2022', 'es2023'],
  ...['es2024', 'es2025', 'es2026', 'esnext'],
] as const;

/** Settings that the type check takes as they are. */
const checkOptions = {
  strict: 'boolean',
  strictNullChecks: 'boolean',
  strictFunctionTypes: 'boolean',
  strictBindCallApply: 'boolean',
  strictPropertyInitialization: 'boolean',
  strictBuiltinIteratorReturn: 'boolean',
  noImplicitAny: 'boolean',
  noImplicitThis: 'boolean',
  noImplicitReturns: 'boolean',
  noImplicitOverride: 'boolean',
  noFallthroughCasesInSwitch: 'boolean',
  noUncheckedIndexedAccess: 'boolean',
  noUncheckedSideEffectImports: 'boolean',
  noPropertyAccessFromIndexSignature: 'boolean',
  noUnusedParameters: 'boolean',
  exactOptionalPropertyTypes: 'boolean',
  useUnknownInCatchVariables: 'boolean',
  allowUnreachableCode: 'boolean',
  allowUnusedLabels: 'boolean',
  erasableSyntaxOnly: 'boolean',
  isolatedModules: 'boolean',
  verbatimModuleSyntax: 'boolean',
  allowJs: 'boolean',
  checkJs: 'boolean',
  resolveJsonModule: 'boolean',
  experimentalDecorators: 'boolean',
  emitDecoratorMetadata: 'boolean',
  jsxFactory: 'string',
  jsxFragmentFactory: 'string',
  jsxImportSource: 'string',
  customConditions: 'strings',
} as const satisfies Record<string, Kind>;

/** Settings that are worked out before they apply. */
const derivedOptions = {
  jsx: jsxModes,
  reactNamespace: 'string',
  target: targets,
  lib: 'strings',
  types: 'strings',
  typeRoots: 'pathList',
  baseUrl: 'path',
  paths: 'paths',
  useDefineForClassFields: 'boolean',
} as const satisfies Record<string, Kind>;

/** Where output of the project lies: its declarations are not part of the source. */
const outputOptions = { outDir: 'path', declarationDir: 'path' } as const satisfies Record<string, Kind>;

const kinds = { ...checkOptions, ...derivedOptions, ...outputOptions };

type ValueOf<K> = K extends 'boolean'
  ? boolean
  : K extends 'string' | 'path'
    ? string
    : K extends 'strings' | 'pathList'
      ? readonly string[]
      : K extends 'paths'
        ? Readonly<Record<string, readonly string[]>>
        : K extends readonly (infer Word)[]
          ? Word
          : never;

/** The settings above that a project sets; paths are absolute. */
export type CompilerOptions = { readonly [Name in keyof typeof kinds]?: ValueOf<(typeof kinds)[Name]> };

const isStrings = (value: JsonValue): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const expectations: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  string: 'a string',
  path: 'a path in quotes',
  strings: 'a list of strings',
  pathList: 'a list of paths',
  paths: 'an object whose values are lists of paths',
};

function fits(value: JsonValue, kind: Kind): boolean {
  if (typeof kind !== 'string') return typeof value === 'string' && kind.includes(value.toLowerCase());
  switch (kind) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'string':
    case 'path':
      return typeof value === 'string';
    case 'strings':
    case 'pathList':
      return isStrings(value);
    case 'paths':
      return (
        typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isStrings)
      );
  }
}

/** A setting as it applies, or what should stand in its place; undefined for a setting that means nothing here. */
export function readOption(
  name: string,
  value: JsonValue,
  absolute: (path: string) => string,
): { value: unknown } | { expected: string } | undefined {
  // `null` takes back what an extended file says.
  if (!Object.hasOwn(kinds, name)) return undefined;
  if (value === null) return { value: undefined };
  const kind: Kind = kinds[name as keyof typeof kinds];
  if (!fits(value, kind)) {
    return { expected: typeof kind === 'string' ? expectations[kind] : `one of ${kind.join(', ')}` };
  }
  if (typeof kind !== 'string') return { value: (value as string).toLowerCase() };
  if (kind === 'path') return { value: absolute(value as string) };
  if (kind === 'pathList') return { value: (value as string[]).map(absolute) };
  return { value };
}

/** The settings that TypeScript is given as the project has them. */
export const checkOptionsOf = (options: CompilerOptions): Record<string, unknown> =>
  Object.fromEntries(
    Object.keys(checkOptions).flatMap((name) => {
      const value = options[name as keyof typeof checkOptions];
      return value === undefined ? [] : [[name, value]];
    }),
  );
