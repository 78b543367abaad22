/** @file Where this package lies and what it says of itself: the same from dist/ and from the sources. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) throw new Error('The package.json of tensorcell is missing: install it again.');
  }
}

/** The package's folder: it holds `package.json`, `dist/` and `kernelspec/`. */
export const packageRoot = findRoot();

const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };

/** The package's version. */
export const packageVersion = manifest.version;

/** The kernel's entry point, as a kernel.json names it. Beside this file when built, else in dist/. */
export const kernelEntry = (() => {
  const beside = fileURLToPath(new URL('../main.js', import.meta.url));
  return existsSync(beside) ? beside : join(packageRoot, 'dist', 'kernel', 'main.js');
})();

/**
 * How the package is installed. The flag keeps onnxruntime-node from downloading libraries for CUDA, which nothing here uses and
 * which fails where the network is closed.
 *
 * @param options npm's own, such as `-g`
 */
export const installCommand = (options = ''): string =>
  `npm install ${options === '' ? '' : `${options} `}tensorcell --onnxruntime-node-install=skip`;
