/** @file The settings of the project that a folder belongs to: looked at again whenever they are asked for, read when they changed. */
import { statSync } from 'node:fs';
import { dirname, join, parse, relative } from 'node:path';
import type { CompilerOptions } from './compiler-options.ts';
import { PackageFile } from './package-file.ts';
import { readTsconfig, type SettingsProblem, type TsconfigFile } from './tsconfig-file.ts';

export interface ProjectSettings {
  /** The tsconfig.json that applies; none where no folder above has one. */
  readonly tsconfig?: string;
  readonly options: CompilerOptions;
  readonly lists: Pick<TsconfigFile, 'files' | 'include' | 'exclude'>;
  /** The nearest package.json. */
  readonly package?: PackageFile;
  readonly problems: readonly SettingsProblem[];
}

/** Tells whether a file is the one that was read. */
const stampOf = (path: string): string => {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? `${stats.mtimeMs}:${stats.size}` : '';
};

/** The folder itself and all above it, nearest first. */
export function ancestors(folder: string): string[] {
  const { root } = parse(folder);
  return folder === root ? [folder] : [folder, ...ancestors(dirname(folder))];
}

/** The first file of that name, going up; `looked` hears of every place. */
function nearest(
  folders: readonly string[],
  name: string,
  looked: (path: string, stamp: string) => void,
): string | undefined {
  for (const folder of folders) {
    const path = join(folder, name);
    const stamp = stampOf(path);
    looked(path, stamp);
    if (stamp !== '') return path;
  }
  return undefined;
}

/** One folder's view of its project. */
export class Project {
  readonly #folders: readonly string[];
  /** What the files looked like when they were read, those that were not there included. */
  #stamps = new Map<string, string>();
  #settings: ProjectSettings | undefined;
  /** The files were looked at in this turn: nothing that runs in it asks them to be looked at again. */
  #isFresh = false;

  constructor(folder: string) {
    this.#folders = ancestors(folder);
  }

  /** The settings as the files have them now; the same object while nothing changed. */
  settings(): ProjectSettings {
    if (this.#settings !== undefined && this.#isFresh) return this.#settings;
    this.#isFresh = true;
    queueMicrotask(() => (this.#isFresh = false));
    if (this.#settings === undefined || this.#isStale()) this.#settings = this.#read();
    return this.#settings;
  }

  #isStale(): boolean {
    for (const [path, stamp] of this.#stamps) if (stampOf(path) !== stamp) return true;
    return false;
  }

  #read(): ProjectSettings {
    const stamps = new Map<string, string>();
    const looked = (path: string, stamp: string): void => void stamps.set(path, stamp);
    const tsconfig = nearest(this.#folders, 'tsconfig.json', looked);
    const packageJson = nearest(this.#folders, 'package.json', looked);
    const found: Partial<TsconfigFile> = tsconfig === undefined ? {} : readTsconfig(tsconfig);
    for (const path of found.read ?? []) if (!stamps.has(path)) stamps.set(path, stampOf(path));
    const packageFile = packageJson === undefined ? undefined : PackageFile.read(packageJson);
    this.#stamps = stamps;
    const { options = {}, files, include, exclude, problems = [] } = found;
    return {
      tsconfig: found.path,
      options,
      lists: { files, include, exclude },
      package: packageFile,
      problems: [...problems, ...(packageFile?.problems ?? [])],
    };
  }
}

const projects = new Map<string, Project>();

/** The settings that apply to the files of a folder. */
export function settingsOf(folder: string): ProjectSettings {
  let project = projects.get(folder);
  if (project === undefined) projects.set(folder, (project = new Project(folder)));
  return project.settings();
}

const keys = new WeakMap<ProjectSettings, string>();

/** A text that is the same where settings compile alike. */
export function settingsKey(settings: ProjectSettings): string {
  let key = keys.get(settings);
  if (key === undefined) {
    const { paths, lib, types, typeRoots, ...compiling } = settings.options;
    // Where modules are shows in which ones are reached; what has types only changes none.
    void [paths, lib, types, typeRoots];
    keys.set(settings, (key = JSON.stringify([compiling, settings.package?.type])));
  }
  return key;
}

/** A problem in one line, for a notebook in `folder`. */
export function problemText({ file, line, column, message }: SettingsProblem, folder: string): string {
  const path = relative(folder, file);
  return `${path === '' ? file : path}:${line}:${column} - ${message}`;
}

/**
 * Whether assigning is what a class field does (as in TypeScript before ES2022), rather than defining: it is where a project
 * says so, or targets an older language.
 */
export function assignsClassFields({ useDefineForClassFields, target }: CompilerOptions): boolean {
  if (useDefineForClassFields !== undefined) return !useDefineForClassFields;
  return target !== undefined && /^es(3|5|6|201\d|202[01])$/.test(target);
}
