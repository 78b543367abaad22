/**
 * @file The TypeScript program that cells are part of.
 *
 * Cells are documents that exist only in the server's memory, in the notebook's folder, so that `./m`, `../data.json` and
 * packages resolve as they would for a file there. The server takes its options from a `tsconfig.json` beside them: that
 * one exists only in its memory too, in place of one of the user's.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ancestors,
  checkOptionsOf,
  jsxOf,
  targets,
  type CompilerOptions,
  type ProjectSettings,
} from '../project/index.ts';

/** The specifiers under which cells find the runtime, the widgets and the types of the globals. */
export const runtimeModule = 'tensorcell';
export const widgetsModule = 'tensorcell/widgets';
export const globalsModule = '__tensorcell_globals__';

/** Modules of this package that cells find wherever the notebook lies. */
const ownModules: Readonly<Record<string, string>> = {
  [runtimeModule]: 'src/index',
  'tensorcell/comm': 'kernel/comm/index',
  [widgetsModule]: 'kernel/widgets/index',
  [globalsModule]: 'kernel/display/cell-globals',
};

/** Names of the documents, beside the notebook. The leading dot keeps them out of the user's include patterns. */
export const documentNames = {
  config: 'tsconfig.json',
  /** Exports every live name of the notebook, from the newest cell that declared it. */
  names: '.tensorcell-names.ts',
  /** The cell being checked or edited. */
  current: '.tensorcell-cell.ts',
  committed: (number: number): string => `.tensorcell-cell-${number}.ts`,
};

/** Types of a module of this package: built declarations where they are, else the sources (in tests). */
function typesOf(module: string): string {
  const path = fileURLToPath(new URL(`../../${module}`, import.meta.url));
  const declarations = `${path}.d.ts`;
  return existsSync(declarations) ? declarations : `${path}.ts`;
}

/** A path as TypeScript and URLs have it. */
export const forwardSlashes = (path: string): string => path.replaceAll('\\', '/');

/** `node_modules/@types` of the user's folders, or what the project names instead. */
const typeRoots = (folder: string, asked: readonly string[] | undefined): readonly string[] =>
  asked ?? ancestors(folder).map((above) => join(above, 'node_modules', '@types'));

/**
 * Node's types: the user's own, else those that this package brings. These are a file of the program, since a root would let
 * the server find what else is installed beside them.
 */
function nodeTypes(roots: readonly string[]): { types: string[]; files: string[] } {
  if (roots.some((root) => existsSync(join(root, 'node', 'package.json')))) return { types: ['node'], files: [] };
  const own = dirname(createRequire(import.meta.url).resolve('@types/node/package.json'));
  return { types: [], files: [forwardSlashes(join(own, 'index.d.ts'))] };
}

/** Cells await at their top level and run on Node 20: an older target counts as this one. */
const oldestTarget = 'es2022';

function targetOf({ target }: CompilerOptions): string {
  if (target === undefined) return 'esnext';
  return targets.indexOf(target) < targets.indexOf(oldestTarget) ? oldestTarget : target;
}

/** Node has no DOM: its types are there where a project asks for them by name. */
const libOf = (options: CompilerOptions): readonly string[] => options.lib ?? [targetOf(options)];

/** What TypeScript is told about JSX. */
function jsxOptions(options: CompilerOptions, folder: string): Record<string, unknown> {
  const jsx = jsxOf(options, folder);
  if (jsx.runtime === 'automatic') return { jsx: 'react-jsx', jsxImportSource: jsx.importSource };
  return { jsx: 'react', jsxFactory: jsx.factory, jsxFragmentFactory: jsx.fragment };
}

const declarationFile = /\.d\.[cm]?ts$/;

/**
 * Patterns for the declaration files of a project, which cells see as its modules do (`declare module '*.css'`). A project that
 * names no files is not searched as a whole: it may be somebody's home folder.
 */
function ambientFiles({ tsconfig, lists, options }: ProjectSettings): Record<'include' | 'exclude', string[]> {
  if (tsconfig === undefined) return { include: [], exclude: [] };
  const folder = dirname(tsconfig);
  const { files = [], exclude = [] } = lists;
  const ordinary = ['*.d.ts', 'src/**/*.d.ts', 'types/**/*.d.ts', 'typings/**/*.d.ts'].map((each) =>
    join(folder, each),
  );
  const patterns = lists.include?.map((pattern) => {
    if (declarationFile.test(pattern)) return pattern;
    const withoutName = pattern.replace(/[\\/][^\\/]*\.[cm]?[jt]sx?$|[\\/]\*(\.\*)?$/, '');
    return join(withoutName.replace(/[\\/]\*\*$/, ''), '**', '*.d.ts');
  });
  const named = files.filter((file) => declarationFile.test(file));
  const outputs = [options.outDir, options.declarationDir].flatMap((path) => path ?? []);
  return {
    include: [...named, ...(patterns ?? (lists.files === undefined ? ordinary : []))].map(forwardSlashes),
    exclude: [...exclude, ...outputs, join(folder, '**', 'node_modules')].map(forwardSlashes),
  };
}

/**
 * The text of `tsconfig.json` for a notebook in `folder`.
 *
 * @param settings what the project of the folder says
 * @param usesJsx whether a cell or a module has JSX: its library is looked for only then
 */
export function programConfiguration(folder: string, settings: ProjectSettings, usesJsx = false): string {
  const { options } = settings;
  const roots = typeRoots(folder, options.typeRoots);
  const node = nodeTypes(roots);
  const { customConditions = [], ...asked } = checkOptionsOf(options) as { customConditions?: string[] };
  const paths = Object.entries(options.paths ?? {}).map(([pattern, found]) => [pattern, found.map(forwardSlashes)]);
  return JSON.stringify({
    compilerOptions: {
      allowJs: true,
      resolveJsonModule: true,
      strict: true,
      ...asked,
      target: targetOf(options),
      lib: libOf(options),
      // Unlike `esnext` it knows `import x = require()` and `export =`.
      module: 'preserve',
      moduleDetection: 'force',
      moduleResolution: 'bundler',
      customConditions: ['node', ...customConditions],
      allowImportingTsExtensions: true,
      esModuleInterop: true,
      noEmit: true,
      skipLibCheck: true,
      types: [...node.types, ...(options.types ?? []).filter((name) => name !== 'node')],
      typeRoots: roots.map(forwardSlashes),
      ...(options.useDefineForClassFields !== undefined && {
        useDefineForClassFields: options.useDefineForClassFields,
      }),
      ...((usesJsx || options.jsx !== undefined) && jsxOptions(options, folder)),
      paths: {
        ...(Object.fromEntries(paths) as Record<string, string[]>),
        ...Object.fromEntries(
          Object.entries(ownModules).map(([specifier, module]) => [specifier, [forwardSlashes(typesOf(module))]]),
        ),
      },
    },
    files: [documentNames.current, ...node.files],
    ...ambientFiles(settings),
  });
}

/** The server's text as a user knows things: `tf` for the runtime's module, no module for what another cell declared. */
export function withoutDocuments(text: string): string {
  const runtime = JSON.stringify(forwardSlashes(typesOf('src/index')).replace(/(\.d)?\.ts$/, ''));
  return text
    .replaceAll(`typeof import(${runtime})`, 'typeof tf')
    .replaceAll(`import(${runtime}).`, 'tf.')
    .replace(/import\("[^"]*\/\.tensorcell-cell[^"]*"\)\./g, '');
}
