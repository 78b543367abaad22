/** @file A notebook file (nbformat 4.5): its shape as far as the runner reads it, read and written. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import type { NotebookOutput, StreamOutput, WidgetMetadata } from '../client/index.ts';
import type { MimeBundle } from '../protocol/content.ts';
import { Failure } from './failure.ts';

/** Text as nbformat stores it: whole, or as a list of lines that keep their line ends. */
export type MultilineString = string | string[];

/** An output as it is stored: like what a kernel's client collects, with text that may be in lines. */
export type Output = (Omit<StreamOutput, 'text'> & { text: MultilineString }) | Exclude<NotebookOutput, StreamOutput>;

export interface CellMetadata {
  tags?: string[];
  [key: string]: unknown;
}

interface CellBase {
  id?: string;
  metadata: CellMetadata;
  source: MultilineString;
}

export interface CodeCell extends CellBase {
  cell_type: 'code';
  execution_count: number | null;
  outputs: Output[];
}

export interface TextCell extends CellBase {
  cell_type: 'markdown' | 'raw';
  attachments?: Record<string, MimeBundle>;
}

export type Cell = CodeCell | TextCell;

export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown> & {
    kernelspec?: { name: string; display_name: string; language?: string };
    language_info?: { readonly name: string };
    widgets?: WidgetMetadata;
  };
  nbformat: number;
  nbformat_minor: number;
}

/** The whole text of a multi-line string. */
export const joinLines = (text: MultilineString): string => (Array.isArray(text) ? text.join('') : text);

/** The lines of a text, each with its line end: what nbformat stores, so that a diff of the file is readable. */
export const splitLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** An id for a cell that has none: from its place and text, so that two runs of a notebook give the same file. */
export const makeCellId = (cell: Cell, index: number): string =>
  createHash('sha256')
    .update(`${index}\0${cell.cell_type}\0${joinLines(cell.source)}`)
    .digest('hex')
    .slice(0, 8);

/**
 * Reads a notebook and brings it to nbformat 4.5 (cells get ids).
 *
 * @throws Failure where the file is missing, is no JSON, or is no notebook of format 4.
 */
export function readNotebook(file: string): Notebook {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Failure(code === 'ENOENT' ? `There is no file ${file}.` : `${file} could not be read: ${message}`);
  }
  let notebook: Notebook;
  try {
    notebook = JSON.parse(text) as Notebook;
  } catch (error) {
    throw new Failure(`${file} is not a notebook: ${(error as Error).message}`);
  }
  if (!Array.isArray(notebook?.cells) || notebook.nbformat !== 4) {
    throw new Failure(
      `${file} is not a notebook of format 4 (it says ${String(notebook?.nbformat)}): open and save it in JupyterLab.`,
    );
  }
  const taken = new Set(notebook.cells.map((cell) => cell.id));
  notebook.cells.forEach((cell, index) => {
    cell.metadata ??= {};
    if (cell.id !== undefined) return;
    let id = makeCellId(cell, index);
    while (taken.has(id)) id = `${id}x`;
    taken.add((cell.id = id));
  });
  notebook.metadata ??= {};
  notebook.nbformat_minor = Math.max(5, notebook.nbformat_minor);
  return notebook;
}

/** Source and text outputs as lists of lines, as Jupyter writes them. */
function withLines(cell: Cell): Cell {
  const source = splitLines(joinLines(cell.source));
  if (cell.cell_type !== 'code') return { ...cell, source };
  const outputs = cell.outputs.map((output): Output => {
    if (output.output_type === 'stream') return { ...output, text: splitLines(joinLines(output.text)) };
    if (output.output_type === 'error') return output;
    const data = Object.entries(output.data).map(([type, value]) => {
      const isText = typeof value === 'string' && (type.startsWith('text/') || type === 'image/svg+xml');
      return [type, isText ? splitLines(value) : value];
    });
    return { ...output, data: Object.fromEntries(data) };
  });
  return { ...cell, source, outputs };
}

/** Writes a notebook as Jupyter does: one-space indentation, sorted keys, a line end last. */
export function writeNotebook(file: string, notebook: Notebook): void {
  const sorted = (_key: string, value: unknown): unknown =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  const text = JSON.stringify({ ...notebook, cells: notebook.cells.map(withLines) }, sorted, 1);
  try {
    writeFileSync(file, `${text}\n`);
  } catch (error) {
    throw new Failure(`${file} could not be written: ${(error as Error).message}`);
  }
}
