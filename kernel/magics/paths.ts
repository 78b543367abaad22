/** @file Completions of file names and of programs. */
import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { entriesOf } from '../typescript/path-completions.ts';
import type { Candidate, MagicSurroundings } from './contract.ts';

/** `~/x` in the user's home, the rest from the folder. */
export const resolvePath = (path: string, folder: string): string => {
  const expanded = path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
  return isAbsolute(expanded) ? expanded : join(folder, expanded);
};

/** The last word of a text, with its quote where it begins with one. */
export const lastWord = (text: string): string => /(?:"[^"]*|'[^']*|[^\s"'])*$/.exec(text)![0];

/** A name with spaces stands in quotes. */
function quoted(path: string, quote: string, isFolder: boolean): string {
  const mark = quote !== '' ? quote : /[\s'"]/.test(path) ? (path.includes('"') ? "'" : '"') : '';
  // In a folder the path goes on.
  return `${mark}${path}${isFolder ? '' : mark}`;
}

function entries(text: string, folder: string, accepts: (name: string, isFolder: boolean) => boolean): Candidate[] {
  const [, quote, written] = /^(["']?)([^]*)$/.exec(lastWord(text))!;
  const parent = written.slice(0, written.lastIndexOf('/') + 1);
  const start = written.slice(parent.length);
  return entriesOf(resolvePath(parent || '.', folder), start).flatMap(({ name, isFolder }) => {
    if (!accepts(name, isFolder)) return [];
    const path = `${parent}${name}${isFolder ? '/' : ''}`;
    return [{ text: quoted(path, quote, isFolder), kind: isFolder ? 'directory' : 'file' }];
  });
}

/** Folders that begin as the last word does. */
export const folderCandidates = (text: string, { folder }: MagicSurroundings): Candidate[] =>
  entries(text, folder, (_name, isFolder) => isFolder);

/** Files, and folders on the way to them. @param extensions absent: all */
export const fileCandidates =
  (...extensions: string[]) =>
  (text: string, { folder }: MagicSurroundings): Candidate[] =>
    entries(
      text,
      folder,
      (name, isFolder) =>
        isFolder || extensions.length === 0 || extensions.some((extension) => name.endsWith(extension)),
    );

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const searchedFolders = (): string[] => (process.env.PATH ?? '').split(delimiter);

/** Whether the shell finds a program of this name. */
export const isOnPath = (name: string): boolean =>
  /^[\w.-]+$/.test(name) && searchedFolders().some((folder) => isProgram(join(folder, name)));

/** The first word of a command: programs on the PATH; the others: files. */
export function commandCandidates(text: string, surroundings: MagicSurroundings): Candidate[] {
  // What stands behind a `|`, `;` or `&` is a command of its own.
  const start = /[^|;&(]*$/.exec(text)![0].trimStart();
  if (/[\s/]/.test(start)) return fileCandidates()(text, surroundings);
  if (start === '') return [];
  const found = new Map<string, Candidate>();
  for (const folder of searchedFolders()) {
    let names: string[] = [];
    try {
      names = readdirSync(folder);
    } catch {
      continue; // not every folder of a PATH is there
    }
    for (const name of names)
      if (name.startsWith(start) && !found.has(name) && isProgram(join(folder, name)))
        found.set(name, { text: name, kind: 'program' });
  }
  return [...found.values()];
}
