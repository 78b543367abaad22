/** @file Which local file an import means: by its path, by the `paths` of tsconfig.json, by package.json. */
import { isBuiltin } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CompilerOptions } from './compiler-options.ts';
import { findModuleFile, isFileSpecifier } from './module-files.ts';
import { settingsOf } from './settings.ts';

/** Paths that `paths` gives for a specifier, best first; none where no pattern fits. */
export function mappedPaths({ paths }: CompilerOptions, specifier: string): string[] {
  if (paths === undefined) return [];
  const exact = Object.hasOwn(paths, specifier) && !specifier.includes('*') ? paths[specifier] : undefined;
  if (exact !== undefined) return [...exact];
  let best: { prefix: string; rest: string; targets: readonly string[] } | undefined;
  for (const [pattern, targets] of Object.entries(paths)) {
    const star = pattern.indexOf('*');
    if (star === -1) continue;
    const prefix = pattern.slice(0, star);
    const suffix = pattern.slice(star + 1);
    const fits =
      specifier.length >= prefix.length + suffix.length && specifier.startsWith(prefix) && specifier.endsWith(suffix);
    if (!fits || (best !== undefined && best.prefix.length >= prefix.length)) continue;
    best = { prefix, rest: specifier.slice(prefix.length, specifier.length - suffix.length), targets };
  }
  return (best?.targets ?? []).map((target) => target.replace('*', () => best?.rest ?? ''));
}

/** Paths, without regard to extensions, that a specifier in the file `from` may stand for. */
export function localPaths(specifier: string, from: string): string[] {
  const folder = dirname(from);
  if (isFileSpecifier(specifier)) {
    return [specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(folder, specifier)];
  }
  if (isBuiltin(specifier) || /^[a-z][a-z\d+.-]+:/i.test(specifier)) return [];
  const { options, package: packageFile } = settingsOf(folder);
  const target = packageFile?.localTarget(specifier, options.customConditions);
  return [...mappedPaths(options, specifier), ...(target === undefined ? [] : [target])];
}

/** The file for a specifier in the file `from`; undefined where that is for Node to find. */
export function localModule(specifier: string, from: string): string | undefined {
  for (const path of localPaths(specifier, from)) {
    const file = findModuleFile(path);
    if (file !== undefined) return file;
  }
  return undefined;
}
