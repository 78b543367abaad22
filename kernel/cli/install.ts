/** @file `tensorcell install` and `tensorcell uninstall`. */
import color from 'picocolors';
import { dataFolders, findPythonPrefix, kernelsFolder, thisMachine } from './jupyter-paths.ts';
import type { InstallPlace } from './jupyter-paths.ts';
import { findKernelspecs, installKernelspec, uninstallKernelspec } from './kernelspec.ts';
import { packageRoot } from './package.ts';

export interface UninstallOptions extends InstallPlace {
  readonly name: string;
}

export interface InstallOptions extends UninstallOptions {
  readonly displayName: string;
}

/** Installs the kernelspec and says where it is. */
export function install({ name, displayName, ...place }: InstallOptions): void {
  const { folder } = installKernelspec(kernelsFolder(place, thisMachine()), name, displayName);
  console.log(`${color.green('Installed')} ${displayName} as '${name}' in ${folder}`);
  console.log(`It starts ${process.execPath} with the package in ${packageRoot}: install again if either moves.`);
  if (/[\\/]_npx[\\/]/.test(packageRoot)) {
    console.log("That is npx's cache, which npm may empty: `npm install -g tensorcell` makes it last.");
  }
}

/** Removes the kernelspec and says from where. */
export function uninstall({ name, ...place }: UninstallOptions): void {
  const machine = thisMachine();
  const elsewhere = findKernelspecs(dataFolders(machine, findPythonPrefix(machine)));
  const folder = uninstallKernelspec(kernelsFolder(place, machine), name, elsewhere);
  console.log(`${color.green('Removed')} ${folder}`);
}
