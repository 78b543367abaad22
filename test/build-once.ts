/** @file Before the tests: the built package, which the tests of whole processes run. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the built package. */
    dist: string;
  }
}

/**
 * Builds the sources into dist/ (some seconds), or takes the build that `TENSORCELL_DIST` names. Type errors are the business of
 * `npm run typecheck`; dist/ is not emptied first, since other processes may run from it.
 */
export default function setup(project: TestProject): void {
  const root = resolve(import.meta.dirname, '..');
  const dist = resolve(root, process.env.TENSORCELL_DIST ?? 'dist');
  if (process.env.TENSORCELL_DIST === undefined)
    spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs'), '--over']);
  if (!existsSync(join(dist, 'kernel', 'main.js'))) throw new Error(`There is no built kernel in ${dist}.`);
  project.provide('dist', dist);
}
