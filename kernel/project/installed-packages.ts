/**
 * @file Where packages are installed, as the disk has it now. Node remembers for good that a package.json was not there, and asks
 * for one in every node_modules on its way; so it is sent only to where the package is.
 */
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, parse } from 'node:path';
import { ancestors } from './settings.ts';

/** The package that a specifier names: `@scope/name` of `@scope/name/sub`. */
export const packageOf = (specifier: string): string =>
  specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** The nearest folder, from `folder` up, whose node_modules has the package of a specifier. */
export function folderWithPackage(specifier: string, folder: string): string | undefined {
  const name = packageOf(specifier);
  return ancestors(folder).find(
    (above) => statSync(join(above, 'node_modules', name), { throwIfNoEntry: false }) !== undefined,
  );
}

/**
 * The file of a package that `require` would load in a folder.
 *
 * @throws as `require.resolve` does
 */
export function resolvePackage(specifier: string, folder: string): string {
  // From the root there are only the places that the environment names.
  const from = folderWithPackage(specifier, folder) ?? parse(folder).root;
  return createRequire(join(from, 'notebook.js')).resolve(specifier);
}
