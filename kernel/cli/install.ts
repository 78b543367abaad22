/** @file `tensorcell install` and `tensorcell uninstall`. */
import color from 'picocolors';
import { dataFolders, findPythonPrefix, kernelsFolder, thisMachine } from './jupyter-paths.ts';
import type { InstallPlace } from './jupyter-paths.ts';
import { findKernelspecs, installKernelspec, uninstallKernelspec } from './kernelspec.ts';
import { Failure } from './failure.ts';
import { installCommand, packageRoot } from './package.ts';

export interface UninstallOptions extends InstallPlace {
  readonly name: string;
}

export interface InstallOptions extends UninstallOptions {
  readonly displayName: string;
  /** `NAME=VALUE`, for the kernel's environment. */
  readonly env?: readonly string[];
}

/** @throws Failure for what is no `NAME=VALUE` */
const environmentOf = (pairs: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      if (name === undefined) throw new Failure(`A variable is written NAME=VALUE; '${pair}' was given.`);
      return [name, value];
    }),
  );

/** Installs the kernelspec and says where it is. */
export function install({ name, displayName, env = [], ...place }: InstallOptions): void {
  const { folder } = installKernelspec(kernelsFolder(place, thisMachine()), name, displayName, environmentOf(env));
  console.log(`${color.green('Installed')} ${displayName} as '${name}' in ${folder}`);
  console.log(`It starts ${process.execPath} with the package in ${packageRoot}: install again if either moves.`);
  if (/[\\/]_npx[\\/]/.test(packageRoot)) {
    console.log(`That is npx's cache, which npm may empty: \`${installCommand('-g')}\` makes it last.`);
  }
}

/** Removes the kernelspec and says from where. */
export function uninstall({ name, ...place }: UninstallOptions): void {
  const machine = thisMachine();
  const elsewhere = findKernelspecs(dataFolders(machine, findPythonPrefix(machine)));
  const folder = uninstallKernelspec(kernelsFolder(place, machine), name, elsewhere);
  console.log(`${color.green('Removed')} ${folder}`);
}
