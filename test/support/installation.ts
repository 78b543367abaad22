/** @file The package as it is installed, for tests that use it from outside: the built command line, and what else is there. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe } from 'vitest';

export const repository = resolve(import.meta.dirname, '..', '..');

/** The build under test; TENSORCELL_DIST names another one than dist/. */
export const dist = resolve(repository, process.env.TENSORCELL_DIST ?? 'dist');

/** The built command line. */
export const commandLine = join(dist, 'kernel', 'cli', 'main.js');

/** The system's Python: Debian's Jupyter packages are installed for it, not for a Python further ahead on the PATH. */
export const systemPython = '/usr/bin/python3';

/** Says what is missing for a test that imports these Python modules, or nothing. */
export function missingPython(...modules: string[]): string | undefined {
  if (!existsSync(systemPython)) return systemPython;
  const { status } = spawnSync(systemPython, ['-c', modules.map((name) => `import ${name}`).join('\n')]);
  return status === 0 ? undefined : `the Python modules ${modules.join(', ')}`;
}

/** Says what is missing of these files, or nothing. */
export function missingFile(...files: string[]): string | undefined {
  return files.find((file) => !existsSync(file));
}

/**
 * A suite that needs something which a machine may lack: skipped by a name that says so. With TENSORCELL_REQUIRE_ALL set, as
 * in continuous integration, it runs and fails instead.
 */
export function describeWith(name: string, missing: string | undefined, body: () => void): void {
  const skip = missing !== undefined && !process.env.TENSORCELL_REQUIRE_ALL;
  describe.skipIf(skip)(missing === undefined ? name : `${name} (needs ${missing})`, body);
}
