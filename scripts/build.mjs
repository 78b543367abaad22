// Builds dist/: each module with its types (operations as functions: declarations.mjs), then the runtime's modules as one (bundle.mjs). `--over` writes over what is there and
// removes nothing, for processes that run from it; `--check` only type-checks the whole repository.
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

if (!existsSync(join(root, 'src'))) process.exit(0); // an installed package carries its dist/ already

const { check, emit } = await import('./compile.mjs');
if (process.argv.includes('--check')) process.exit(check());
const over = process.argv.includes('--over');
if (!over) rmSync(dist, { recursive: true, force: true });
const status = emit(dist);
const { declareFunctions } = await import('./declarations.mjs');
declareFunctions(join(dist, 'src'));
const { bundle } = await import('./bundle.mjs');
await bundle(dist, { keepModules: over });
process.exit(status);
