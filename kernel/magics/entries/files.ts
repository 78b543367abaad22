/** @file Code in files: `%run`, `%load`, `%%writefile`. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, relative, resolve, sep } from 'node:path';
import MagicString from 'magic-string';
import { parseSync } from 'oxc-parser';
import type { ExecuteOutcome } from '../../cell/contract.ts';
import { RequestError } from '../../session/request.ts';
import type { Magic, MagicKernel } from '../contract.ts';
import { fileCandidates, resolvePath } from '../paths.ts';
import { readOptions, usageError, wordsOf } from '../words.ts';
import { entriesOf } from './history.ts';

const codeExtensions = ['.ts', '.tsx', '.mts', '.js', '.jsx', '.mjs', '.ipynb'];

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new RequestError('FileNotFound', `${path} cannot be read: ${(error as Error).message}`);
  }
}

/** `run analysis` finds `analysis.ts`. */
function findCode(name: string, folder: string): string {
  const path = resolvePath(name, folder);
  return extname(path) === '' ? (codeExtensions.map((extension) => path + extension).find(existsSync) ?? path) : path;
}

/** The code with its relative imports as seen from another folder: what they name stays the same. */
function moveImports(code: string, from: string, to: string): string {
  if (from === to) return code;
  const { module, errors } = parseSync('file.ts', code, { lang: 'ts', sourceType: 'module' });
  if (errors.length > 0) return code;
  const text = new MagicString(code);
  const requests = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest),
    ...module.staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest ?? [])),
    ...module.dynamicImports.map(({ moduleRequest }) => moduleRequest),
  ];
  for (const { start, end } of requests) {
    const [, quote, specifier] = /^(['"])(\.{1,2}\/.*)\1$/.exec(code.slice(start, end)) ?? [];
    if (specifier === undefined) continue;
    const path = relative(to, resolve(from, specifier)).split(sep).join('/');
    text.update(start, end, `${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`);
  }
  return text.toString();
}

interface NotebookFile {
  readonly cells?: readonly { readonly cell_type: string; readonly source: string | readonly string[] }[];
}

/** The code cells of a notebook, or a file as one cell. */
function cellsOf(path: string): string[] {
  const text = read(path);
  if (extname(path) !== '.ipynb') return [text.replace(/^#!.*/, '')];
  let notebook: NotebookFile;
  try {
    notebook = JSON.parse(text) as NotebookFile;
  } catch (error) {
    throw new RequestError('InvalidNotebook', `${path} is no notebook: ${(error as Error).message}`);
  }
  return (notebook.cells ?? [])
    .filter(({ cell_type: type }) => type === 'code')
    .map(({ source }) => (typeof source === 'string' ? source : source.join('')));
}

async function run(text: string, kernel: MagicKernel): Promise<ExecuteOutcome | void> {
  const [name, ...args] = wordsOf(text);
  if (name === undefined) throw usageError('%run takes a file: %run analysis.ts.');
  const path = findCode(name, kernel.folder);
  const cells = cellsOf(path);
  const before = await kernel.call('magic:arguments', [path, ...args]);
  try {
    for (const [index, cell] of cells.entries()) {
      const url = cells.length === 1 ? basename(path) : `${basename(path)}#${index + 1}`;
      const file = extname(path) === '.ipynb' ? { url } : { url, path };
      const outcome = await kernel.runCell(moveImports(cell, dirname(path), kernel.folder), file);
      if (outcome.status === 'error') return outcome;
    }
  } finally {
    await kernel.call('magic:arguments', (before as string[]).slice(1));
  }
}

/** Text of a file, of a web page, or of cells of the history. */
async function source(words: readonly string[], kernel: MagicKernel): Promise<string> {
  const [name] = words;
  if (/^https?:/.test(name)) {
    const answer = await fetch(name);
    if (!answer.ok) throw new RequestError('DownloadFailed', `${name} answered ${answer.status} ${answer.statusText}.`);
    return answer.text();
  }
  if (/^(~?\d+\/)?\d+(-\d+)?$/.test(name) && !existsSync(resolvePath(name, kernel.folder)))
    return entriesOf(words, kernel.history)
      .map(({ input }) => input)
      .join('\n');
  const path = findCode(name, kernel.folder);
  return extname(path) === '.ipynb' ? cellsOf(path).join('\n\n') : read(path);
}

async function load(text: string, kernel: MagicKernel): Promise<void> {
  const words = wordsOf(text);
  if (words.length === 0) throw usageError('%load takes a file, an address, or cells of the history: %load setup.ts.');
  const loaded = await source(words, kernel);
  kernel.addPayload({ source: 'set_next_input', text: `// %load ${text}\n${loaded}`, replace: true });
}

function writeCell(text: string, body: string, kernel: MagicKernel): void {
  const { options, words } = readOptions('%%writefile', text, { a: false });
  if (words.length !== 1) throw usageError('%%writefile takes one file: %%writefile helper.ts.');
  const path = resolvePath(words[0], kernel.folder);
  const isThere = existsSync(path);
  kernel.print(`${options.a === true ? 'Appending to' : isThere ? 'Overwriting' : 'Writing'} ${words[0]}\n`);
  try {
    if (options.a === true) appendFileSync(path, body);
    else writeFileSync(path, body);
  } catch (error) {
    throw new RequestError('FileNotWritten', `${path} cannot be written: ${(error as Error).message}`);
  }
}

const completeCode = fileCandidates(...codeExtensions);

export const fileMagics: readonly Magic[] = [
  {
    name: 'run',
    form: 'line',
    usage: 'FILE [ARGUMENT ...]',
    summary: 'Runs a file, or the cells of a notebook, as if they stood here: what it declares is there afterwards.',
    place: 'top',
    runsCells: true,
    complete: completeCode,
    run: ({ text }, kernel) => run(text, kernel),
  },
  {
    name: 'load',
    form: 'line',
    usage: 'FILE | URL | RANGE',
    summary: 'Puts the text of a file, an address, or cells of the history into this cell.',
    place: 'top',
    complete: completeCode,
    run: ({ text }, kernel) => load(text, kernel),
  },
  ...(['writefile', 'file'] as const).map((name): Magic => ({
    name,
    form: 'cell',
    usage: '[-a] FILE',
    summary: 'Writes the cell to a file.',
    place: 'top',
    options: { a: 'appends' },
    complete: fileCandidates(),
    run: ({ text, body = '' }, kernel) => writeCell(text, body, kernel),
  })),
];
