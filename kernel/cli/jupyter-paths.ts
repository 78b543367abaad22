/** @file Where Jupyter looks for kernels on each operating system (the rules of jupyter_core's paths). */
import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Failure } from './failure.ts';

/** What the rules depend on; the running process by default. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Undefined where the system knows of none: HOME is not set, and the user has no entry among the users. */
  readonly home: string | undefined;
}

export const thisMachine = (): Machine => ({ env: process.env, platform: process.platform, home: homeOrNone() });

function homeOrNone(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

/** The user's own Jupyter data folder, as `jupyter --data-dir` prints it; undefined for a user without a home. */
export function userDataFolder({ env, platform, home }: Machine): string | undefined {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === 'win32' && env.APPDATA) return join(env.APPDATA, 'jupyter');
  if (platform !== 'darwin' && platform !== 'win32' && env.XDG_DATA_HOME) return join(env.XDG_DATA_HOME, 'jupyter');
  if (home === undefined) return undefined;
  if (platform === 'darwin') return join(home, 'Library', 'Jupyter');
  if (platform === 'win32') return join(env.JUPYTER_CONFIG_DIR ?? join(home, '.jupyter'), 'data');
  return join(home, '.local', 'share', 'jupyter');
}

/** The data folder of an environment (a virtual environment, Conda, or a system prefix such as /usr/local). */
export const prefixDataFolder = (prefix: string): string => join(prefix, 'share', 'jupyter');

/** Every folder that Jupyter searches for `kernels/`, in its order; `prefix` is Python's `sys.prefix` where known. */
export function dataFolders(machine: Machine, prefix?: string): string[] {
  const { env, platform } = machine;
  const own = userDataFolder(machine);
  const system =
    platform === 'win32'
      ? [join(env.PROGRAMDATA ?? 'C:\\ProgramData', 'jupyter')]
      : ['/usr/local/share/jupyter', '/usr/share/jupyter'];
  return [
    ...new Set([
      ...(env.JUPYTER_PATH ?? '').split(delimiter).filter(Boolean),
      ...(own === undefined ? [] : [own]),
      ...(prefix ? [prefixDataFolder(prefix)] : []),
      ...system,
    ]),
  ];
}

/** Python's `sys.prefix`: the active virtual or Conda environment, else what the first Python on the PATH says. */
export function findPythonPrefix({ env, platform }: Machine): string | undefined {
  const active = env.VIRTUAL_ENV || env.CONDA_PREFIX;
  if (active) return active;
  for (const python of platform === 'win32' ? ['python', 'py'] : ['python3', 'python']) {
    const { status, stdout } = spawnSync(python, ['-c', 'import sys; print(sys.prefix)'], {
      encoding: 'utf8',
      env: env as NodeJS.ProcessEnv,
    });
    if (status === 0 && stdout.trim()) return stdout.trim();
  }
  return undefined;
}

/** Where a kernel is installed to: one of the three, the user's own folder when none is given. */
export interface InstallPlace {
  readonly user?: boolean;
  readonly sysPrefix?: boolean;
  readonly prefix?: string;
}

/**
 * The `kernels/` folder of a place.
 *
 * @throws Failure where two places are named, or no Python is found for `sysPrefix`.
 */
export function kernelsFolder(place: InstallPlace, machine: Machine): string {
  const named = [
    place.user && '--user',
    place.sysPrefix && '--sys-prefix',
    place.prefix !== undefined && '--prefix',
  ].filter((option) => typeof option === 'string');
  if (named.length > 1) throw new Failure(`Give one place, not ${named.join(' and ')}.`);
  if (place.prefix === '') throw new Failure('--prefix needs a folder, for example --prefix /usr/local.');
  if (place.prefix !== undefined) return join(prefixDataFolder(place.prefix), 'kernels');
  if (place.sysPrefix) {
    const prefix = findPythonPrefix(machine);
    if (prefix === undefined) {
      throw new Failure(
        'No Python environment was found for --sys-prefix: activate one (VIRTUAL_ENV or CONDA_PREFIX is then set), ' +
          'put python3 on the PATH, or name the folder with --prefix DIR.',
      );
    }
    return join(prefixDataFolder(prefix), 'kernels');
  }
  const own = userDataFolder(machine);
  if (own === undefined) {
    throw new Failure(
      'This user has no home folder (HOME is not set): set it, or name a place with --sys-prefix or --prefix DIR.',
    );
  }
  return join(own, 'kernels');
}
