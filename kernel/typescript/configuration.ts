/**
 * @file The TypeScript program that cells are part of.
 *
 * Cells are documents that exist only in the server's memory, in the notebook's folder, so that `./m`, `../data.json` and
 * packages resolve as they would for a file there. The server takes its options from a `tsconfig.json` beside them: that
 * one exists only in its memory too, in place of one of the user's.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The specifiers under which cells find the runtime and the types of the globals. */
export const runtimeModule = 'tensorcell';
export const globalsModule = '__tensorcell_globals__';

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

const forwardSlashes = (path: string): string => path.replaceAll('\\', '/');

/** The folder itself and all above it, nearest first. */
function ancestors(folder: string): string[] {
  const { root } = parse(folder);
  return folder === root ? [folder] : [folder, ...ancestors(dirname(folder))];
}

/** `node_modules/@types` of the user's folders, then the one that this package brings Node's types with. */
function typeRoots(folder: string): string[] {
  const node = dirname(createRequire(import.meta.url).resolve('@types/node/package.json'));
  return [...ancestors(folder).map((above) => join(above, 'node_modules', '@types')), dirname(node)].map(
    forwardSlashes,
  );
}

/** The text of `tsconfig.json` for a notebook in `folder`. */
export function programConfiguration(folder: string): string {
  return JSON.stringify({
    compilerOptions: {
      target: 'esnext',
      lib: ['esnext'],
      module: 'esnext',
      moduleDetection: 'force',
      moduleResolution: 'bundler',
      customConditions: ['node'],
      allowImportingTsExtensions: true,
      allowJs: true,
      resolveJsonModule: true,
      esModuleInterop: true,
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
      typeRoots: typeRoots(folder),
      paths: {
        [runtimeModule]: [forwardSlashes(typesOf('src/index'))],
        'tensorcell/comm': [forwardSlashes(typesOf('kernel/comm/index'))],
        'tensorcell/widgets': [forwardSlashes(typesOf('kernel/widgets/index'))],
        [globalsModule]: [forwardSlashes(typesOf('kernel/display/cell-globals'))],
      },
    },
    files: [documentNames.current],
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
