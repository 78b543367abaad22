// Builds dist/ with TypeScript 7's native compiler; `--check` only type-checks the whole repository.
// The compiler is called by its package path: several TypeScripts are installed, and `.bin/tsc` is whichever came last.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');

if (!existsSync(join(root, 'src'))) process.exit(0); // an installed package carries its dist/ already

const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript7/package.json')), 'lib', 'tsc.js');
if (!check) rmSync(join(root, 'dist'), { recursive: true, force: true });
const { status } = spawnSync(
  process.execPath,
  [compiler, '-p', join(root, check ? 'tsconfig.json' : 'tsconfig.build.json')],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
