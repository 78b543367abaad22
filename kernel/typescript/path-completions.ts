/** @file Paths in a cell's strings: files and folders, as the text so far can mean them. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CompletionItem, Completions } from './contract.ts';

/** A folder with more entries than this is no help in a list. */
const mostEntries = 500;

/** The entries of the folder that `path` is in whose names go on as it does. Nothing for a folder that cannot be read. */
export async function completePath(path: string, folder: string): Promise<CompletionItem[]> {
  const slash = path.lastIndexOf('/') + 1;
  const begin = path.slice(slash);
  const inFolder = resolve(folder, path.slice(0, slash));
  const entries = await readdir(inFolder, { withFileTypes: true }).catch(() => []);
  const fitting = entries.filter(({ name }) => name.startsWith(begin) && (begin !== '' || !name.startsWith('.')));
  const items = fitting.slice(0, mostEntries).map(async (entry): Promise<CompletionItem> => {
    // Links are what they point to.
    const isFolder =
      entry.isDirectory() ||
      (entry.isSymbolicLink() && (await readdir(join(inFolder, entry.name)).then(Boolean, () => false)));
    return isFolder ? { text: `${entry.name}/`, kind: 'directory' } : { text: entry.name, kind: 'file' };
  });
  return (await Promise.all(items)).sort((a, b) => (a.text < b.text ? -1 : 1));
}

/** Paths in place of what stands in a string from `start` to the cursor. */
export async function pathCompletions(
  source: string,
  start: number,
  offset: number,
  folder: string,
): Promise<Completions> {
  const written = source.slice(start, offset);
  // What a string has to write in another way is not in a path that we can complete.
  const isPlain = !/[\\\n]/.test(written);
  const items = isPlain ? (await completePath(written, folder)).filter(({ text }) => !/["'`\\\n]/.test(text)) : [];
  return { items, start: start + written.lastIndexOf('/') + 1, end: offset };
}
