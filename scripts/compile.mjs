// TypeScript 7's native compiler. It is called by its package path: several TypeScripts are installed, and `.bin/tsc` is whichever
// came last.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Checks the whole repository. @returns the compiler's exit status */
export const check = () => run('tsconfig.json');

/** Emits kernel/ and src/ into a folder, also where there are errors of type. @returns the compiler's exit status */
export const emit = (folder) => run('tsconfig.build.json', '--outDir', folder);

function run(project, ...options) {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript7/package.json')), 'lib', 'tsc.js');
  return (
    spawnSync(process.execPath, [compiler, '-p', join(root, project), ...options], { stdio: 'inherit' }).status ?? 1
  );
}
