/** @file Paths in a cell: files and folders, as the text so far can mean them. */
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Completions } from './contract.ts';

/** A folder with more entries than this is no help in a list. */
const mostEntries = 500;

export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * What a folder has whose name goes on as it begins, in order; hidden files where the beginning has the dot. Links are what they
 * point to. Nothing for a folder that cannot be read.
 */
export function entriesOf(folder: string, begin: string): FolderEntry[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => name.startsWith(begin) && (begin !== '' || !name.startsWith('.')))
      .map((entry) => {
        const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && isDirectory(join(folder, entry.name)));
        return { name: entry.name, isFolder };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** Paths in place of what stands in a string from `start` to the cursor. */
export function pathCompletions(source: string, start: number, offset: number, folder: string): Completions {
  const written = source.slice(start, offset);
  const nameStart = written.lastIndexOf('/') + 1;
  // What a string has to write in another way is not in a path that we can complete.
  const isPlain = (text: string): boolean => !/["'`\\\n]/.test(text);
  const entries = /[\\\n]/.test(written)
    ? []
    : entriesOf(resolve(folder, written.slice(0, nameStart)), written.slice(nameStart));
  const items = entries
    .filter(({ name }) => isPlain(name))
    .slice(0, mostEntries)
    .map(({ name, isFolder }) => (isFolder ? { text: `${name}/`, kind: 'directory' } : { text: name, kind: 'file' }));
  return { items, start: start + nameStart, end: offset };
}
