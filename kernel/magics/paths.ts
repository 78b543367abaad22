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

const lastWord = (text: string): string => /\S*$/.exec(text)![0];

function entries(text: string, folder: string, accepts: (name: string, isFolder: boolean) => boolean): Candidate[] {
  const written = lastWord(text);
  const parent = written.slice(0, written.lastIndexOf('/') + 1);
  const start = written.slice(parent.length);
  return entriesOf(resolvePath(parent || '.', folder), start).flatMap(({ name, isFolder }) =>
    accepts(name, isFolder)
      ? [{ text: `${parent}${name}${isFolder ? '/' : ''}`, kind: isFolder ? 'directory' : 'file' }]
      : [],
  );
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

/** The first word: programs on the PATH; the others: files. */
export function commandCandidates(text: string, surroundings: MagicSurroundings): Candidate[] {
  if (/\s/.test(text.trimStart()) || text.includes('/')) return fileCandidates()(text, surroundings);
  const start = text.trimStart();
  if (start === '') return [];
  const found = new Map<string, Candidate>();
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
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
