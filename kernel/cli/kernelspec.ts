/** @file The kernelspec: what tells Jupyter how to start the kernel. Installed, found and removed here. */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { Failure } from './failure.ts';
import { kernelEntry, packageRoot, packageVersion } from './package.ts';

export const defaultName = 'tensorcell';
export const defaultDisplayName = 'TypeScript (TensorCell)';

/** The content of a kernel.json. */
export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: 'message' | 'signal';
  /** Added to the environment of the kernel. */
  readonly env?: Readonly<Record<string, string>>;
  readonly metadata: { readonly debugger: boolean; readonly tensorcell?: { readonly version: string } };
}

/** A kernelspec in a folder. */
export interface InstalledKernelspec {
  readonly name: string;
  readonly folder: string;
  readonly spec: Kernelspec;
}

/**
 * The kernel.json of this installation. Paths are absolute: Jupyter starts kernels with its own PATH and folder.
 * Interrupts come as messages, because the kernel process never runs user code that a signal could stop.
 */
export const makeKernelspec = (
  displayName: string = defaultDisplayName,
  env: Readonly<Record<string, string>> = {},
): Kernelspec => ({
  argv: [process.execPath, kernelEntry, '{connection_file}'],
  display_name: displayName,
  language: 'typescript',
  interrupt_mode: 'message',
  ...(Object.keys(env).length > 0 && { env }),
  metadata: { debugger: true, tensorcell: { version: packageVersion } },
});

function checkName(name: string): void {
  if (!/^[a-z0-9._-]+$/i.test(name)) {
    throw new Failure(`A kernel's name has only letters, digits, '.', '_' and '-'; '${name}' was given.`);
  }
}

function readSpec(folder: string): Kernelspec | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'kernel.json'), 'utf8')) as Kernelspec;
  } catch {
    return undefined;
  }
}

const isOurs = (spec: Kernelspec | undefined): boolean => spec?.metadata?.tensorcell !== undefined;

function explainWriteFailure(error: unknown, folder: string): Failure {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new Failure(`No permission to write ${folder}: use --user, or --prefix with a folder of yours.`);
  }
  return new Failure(
    `${folder} could not be written: ${(error as Error).message}. Name another place with --prefix FOLDER.`,
  );
}

/**
 * Writes the kernelspec into `kernels/NAME`, over an older one of ours.
 *
 * @throws Failure where another kernel has that name, or the folder cannot be written.
 */
export function installKernelspec(
  kernels: string,
  name: string,
  displayName?: string,
  env?: Readonly<Record<string, string>>,
): InstalledKernelspec {
  checkName(name);
  if (!existsSync(kernelEntry)) {
    throw new Failure(`${kernelEntry} is missing: build it first (npm run build in ${packageRoot}).`);
  }
  const folder = resolve(kernels, name);
  if (existsSync(folder) && !isOurs(readSpec(folder))) {
    throw new Failure(`${folder} belongs to another kernel: choose a name with --name, or remove that folder.`);
  }
  const spec = makeKernelspec(displayName, env);
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'kernel.json'), `${JSON.stringify(spec, null, 2)}\n`);
    const logos = join(packageRoot, 'kernelspec');
    for (const file of readdirSync(logos)) cpSync(join(logos, file), join(folder, file));
  } catch (error) {
    throw explainWriteFailure(error, folder);
  }
  return { name, folder, spec };
}

/** The kernelspecs of ours in the given data folders, in their order. */
export function findKernelspecs(dataFolders: readonly string[]): InstalledKernelspec[] {
  return dataFolders.flatMap((data) => {
    const kernels = join(data, 'kernels');
    if (!existsSync(kernels)) return [];
    return readdirSync(kernels).flatMap((name) => {
      const folder = join(kernels, name);
      const spec = readSpec(folder);
      return spec && isOurs(spec) ? [{ name, folder, spec }] : [];
    });
  });
}

/** What keeps an installed kernelspec from starting: the absolute paths of its argv that are gone. */
export const missingPaths = ({ spec }: InstalledKernelspec): string[] =>
  spec.argv.filter((argument) => isAbsolute(argument) && !existsSync(argument));

/**
 * Removes `kernels/NAME`; gives back its folder.
 *
 * @throws Failure where there is none of that name, or it is another kernel's.
 */
export function uninstallKernelspec(kernels: string, name: string, elsewhere: readonly InstalledKernelspec[]): string {
  checkName(name);
  const folder = resolve(kernels, name);
  if (!existsSync(folder)) {
    const found = elsewhere.map((spec) => `\n  ${spec.folder}`).join('');
    throw new Failure(`There is no kernel '${name}' in ${kernels}.${found && ` TensorCell kernels are in:${found}`}`);
  }
  if (!isOurs(readSpec(folder))) throw new Failure(`${folder} belongs to another kernel and was left alone.`);
  try {
    rmSync(folder, { recursive: true });
  } catch (error) {
    throw explainWriteFailure(error, folder);
  }
  return folder;
}
