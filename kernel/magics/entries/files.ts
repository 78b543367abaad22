/** @file Code in files: `%run`, `%load`, `%%writefile`. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, relative, resolve, sep } from 'node:path';
import MagicString from 'magic-string';
import { parseSync } from 'oxc-parser';
import type { ExecuteOutcome } from '../../cell/contract.ts';
import { RequestError } from '../../session/request.ts';
import { languageOfCell } from '../../compile/language.ts';
import type { Magic, MagicCall, MagicKernel } from '../contract.ts';
import { readCell } from '../magic-cell.ts';
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
  // What a parser can read of it, with all places the same.
  const { checked } = readCell(code);
  const lang = languageOfCell(checked);
  const { module, errors } = parseSync('file.ts', checked, { lang, sourceType: 'module' });
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
  // IPython's `-i`, with the notebook's names, is what always happens here. What follows the file is the file's.
  const [name, ...args] = wordsOf(text.replace(/^-i(?=\s|$)/, ''));
  if (name?.startsWith('-')) throw usageError(`%run knows -i; got ${name}.`);
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
    const answer = await fetch(name).catch((error: Error) => {
      const { message } = (error.cause as Error | undefined) ?? error;
      throw new RequestError('DownloadFailed', `${name} cannot be read: ${message || error.message}.`);
    });
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

/** `5`, `5-10`, `-10`, `5-`: lines counted from 1; IPython's `:` between them is understood as well. */
function linesOf(text: string, ranges: string): string {
  const lines = text.split('\n');
  const chosen = ranges.split(',').flatMap((range) => {
    const [, from, dash, to] = /^(\d*)([-:]?)(\d*)$/.exec(range) ?? [];
    if (from === undefined || from + to === '')
      throw usageError(`%load -r takes lines such as 5-10,12; got ${ranges}.`);
    const first = Number(from || 1);
    return lines.slice(first - 1, dash === '' ? first : Number(to || lines.length));
  });
  return `${chosen.join('\n')}\n`;
}

async function load(text: string, kernel: MagicKernel): Promise<void> {
  const { options, words } = readOptions('%load', text, { r: true });
  if (words.length === 0) throw usageError('%load takes a file, an address, or cells of the history: %load setup.ts.');
  const all = await source(words, kernel);
  const loaded = options.r === undefined ? all : linesOf(all, String(options.r));
  kernel.addPayload({ source: 'set_next_input', text: `// %load ${text}\n${loaded}`, replace: true });
}

function writeCell(magic: string, { text, body = '' }: MagicCall, kernel: MagicKernel): void {
  const { options, words } = readOptions(magic, text, { a: false, append: false });
  const isAppended = options.a !== undefined || options.append !== undefined;
  // Front ends send a cell without the end of its last line.
  const content = body.endsWith('\n') ? body : `${body}\n`;
  if (words.length !== 1) throw usageError(`${magic} takes one file: ${magic} helper.ts.`);
  const path = resolvePath(words[0], kernel.folder);
  const isThere = existsSync(path);
  kernel.print(`${isAppended ? 'Appending to' : isThere ? 'Overwriting' : 'Writing'} ${words[0]}\n`);
  try {
    if (isAppended) appendFileSync(path, content);
    else writeFileSync(path, content);
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
    usage: '[-r LINES] FILE | URL | RANGE',
    options: { r: 'lines of it, such as 5-10,12' },
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
    options: { a: 'appends', append: 'appends' },
    complete: fileCandidates(),
    run: (call, kernel) => writeCell(`%%${name}`, call, kernel),
  })),
];
