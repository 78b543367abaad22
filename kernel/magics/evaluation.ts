/** @file Runs a cell with magics: those on its top first, one by one, then its TypeScript with calls in place of the others. */
import type { ExecuteOutcome } from '../cell/contract.ts';
import { RequestError } from '../session/request.ts';
import type { MagicKernel } from './contract.ts';
import { describeMagic } from './describe.ts';
import {
  checkMagics,
  readCell,
  registryName,
  ScriptWriter,
  textOf,
  type MagicCell,
  type MagicScript,
  type PreparedMagic,
} from './magic-cell.ts';
import { findMagic } from './registry.ts';
import type { FoundMagic } from './scan.ts';
import { expressionsOf, fill, piecesOf } from './templates.ts';

/** The texts of a cell where magics make them differ. */
export interface CellTexts {
  /** What the user wrote. */
  readonly code: string;
  /** What TypeScript checks: of the same length. */
  readonly checked: string;
  /** What later cells see of its declarations. */
  readonly declared: string;
  /** What runs. */
  readonly script: MagicScript;
}

/** What running a cell needs of the session. */
export interface MagicRun {
  readonly kernel: MagicKernel;
  /** Checks, compiles and runs TypeScript as the cell, or a part of it. */
  execute(texts: CellTexts): Promise<ExecuteOutcome>;
  /** Runs a script of ours in the cell's name, unchecked. */
  executeScript(script: MagicScript, code: string): Promise<ExecuteOutcome>;
  /** Waits for work of the kernel process, unless the cell is interrupted. */
  interruptible<Result>(work: Promise<Result>): Promise<Result>;
}

/** A cell whose scripts may call. */
interface ActiveCell {
  readonly cell: MagicCell;
  readonly prepared: readonly PreparedMagic[];
  readonly run: MagicRun;
  /** Texts of magics that run in the kernel process, with their values. */
  readonly filled: Map<FoundMagic, string>;
}

let lastId = 0;
const active = new Map<number, ActiveCell>();

/** What a script asks for. */
interface ScriptCall {
  readonly cell: number;
  readonly index: number;
  readonly values: readonly (string | null)[];
}

/** Answers scripts in the cell process. */
export function answerScript(call: unknown): unknown {
  const { cell: id, index, values } = call as ScriptCall;
  const called = active.get(id);
  const prepared = called?.prepared[index];
  if (called === undefined || prepared === undefined)
    throw new RequestError('MagicError', 'A magic of a cell that is over cannot run: it must be awaited.');
  const { found, magic, pieces } = prepared;
  const text = fill(pieces, values);
  if (magic.place === 'top') return void called.filled.set(found, text);
  const { body, bodyInPlace } = bodyOf(called.cell);
  return magic.run?.({ text, body, bodyInPlace }, called.run.kernel);
}

/** What stands below a cell magic. */
function bodyOf({ top, code }: MagicCell): { body: string | undefined; bodyInPlace: string } {
  if (top === undefined) return { body: undefined, bodyInPlace: '' };
  const { bodyStart } = top;
  return {
    body: code.slice(bodyStart),
    bodyInPlace: code.slice(0, bodyStart).replace(/[^\n]/g, ' ') + code.slice(bodyStart),
  };
}

const isOutcome = (value: unknown): value is ExecuteOutcome =>
  typeof value === 'object' && value !== null && 'status' in value;

/**
 * Runs a cell.
 * @throws {@link RequestError} where a magic is unknown or stands in a wrong place; then nothing has run
 */
export async function runWithMagics(code: string, run: MagicRun): Promise<ExecuteOutcome> {
  const cell = readCell(code);
  if (cell.query !== undefined) return showHelp(cell.query, run.kernel);
  checkMagics(cell);
  const writer = new ScriptWriter(cell, ++lastId);
  const id = lastId;
  const called: ActiveCell = { cell, prepared: writer.prepared, run, filled: new Map() };
  active.set(id, called);
  try {
    return await runCell(called, writer);
  } finally {
    active.delete(id);
  }
}

async function runCell(called: ActiveCell, writer: ScriptWriter): Promise<ExecuteOutcome> {
  const { cell, run } = called;
  const { top, magics, code } = cell;
  const topMagic = top && findMagic(registryName(top.magic.name))!;
  if (top !== undefined && (topMagic?.code === undefined || topMagic.code === 'body'))
    return runOne(called, writer, top.magic);
  const done = new Set<FoundMagic>();
  let outcome: ExecuteOutcome = { status: 'ok' };
  for (const found of top === undefined ? magics : []) {
    if (!found.isLeading || findMagic(registryName(found.name))?.code !== undefined) break;
    outcome = await runOne(called, writer, found);
    if (outcome.status === 'error') return outcome;
    done.add(found);
  }
  // A magic that is the whole cell gives its value.
  if (top === undefined && done.size === magics.length && cell.checked.trim() === '') return outcome;
  const script = writer.whole(done);
  return run.execute({ code, checked: cell.checked, declared: cell.declared, script });
}

/** Runs a magic before anything of the cell's TypeScript. */
async function runOne(called: ActiveCell, writer: ScriptWriter, found: FoundMagic): Promise<ExecuteOutcome> {
  const { cell, run } = called;
  const magic = findMagic(registryName(found.name))!;
  if (magic.place !== 'top') return run.executeScript(writer.single(found), cell.code);
  const text = textOf(cell.code, found);
  if (expressionsOf(piecesOf(text)).length > 0) {
    const outcome = await run.executeScript(writer.single(found), cell.code);
    if (outcome.status === 'error') return outcome;
  }
  const work = Promise.resolve(magic.run?.({ text: called.filled.get(found) ?? text, ...bodyOf(cell) }, run.kernel));
  // A magic that runs cells is interrupted by way of them.
  const value = await (magic.runsCells ? work : run.interruptible(work));
  return isOutcome(value) ? value : { status: 'ok' };
}

function showHelp(query: string, kernel: MagicKernel): ExecuteOutcome {
  const magic = findMagic(registryName(query));
  if (magic === undefined) kernel.print(`Nothing is known about ${query}.\n`, 'stderr');
  else {
    const { markdown, plain } = describeMagic(magic);
    kernel.addPayload({ source: 'page', data: { 'text/plain': plain, 'text/markdown': markdown }, start: 0 });
  }
  return { status: 'ok' };
}
