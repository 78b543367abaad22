/** @file Breakpoints: kept by source, set in V8 for every script of that source, before it runs where that is possible. */
import { transpileModule } from '../cell/transpile-module.ts';
import { TraceMap } from '@jridgewell/trace-mapping';
import { languageOfCell } from '../compile/language.ts';
import { isCellPath, type Cells, type ExecutedCell } from './cells.ts';
import { breakableLines, nearestLine } from './code-places.ts';
import { type Breakpoint, DapError, type Source, type SourceBreakpoint } from './dap.ts';
import { conditionOf } from './expressions.ts';
import type { Debugger, Inspector } from './inspector.ts';
import { generatedPosition, originalPosition, type Script, type Scripts } from './scripts.ts';

/** One that a client set. */
interface Kept {
  readonly id: number;
  readonly asked: SourceBreakpoint;
  readonly path: string;
  /** Why it cannot work, if it cannot. */
  readonly problem?: string;
  readonly condition?: string;
  /** Where it stands, in the user's lines. */
  line: number;
  column?: number;
  verified: boolean;
  /** V8's, one for each script of the source, or one for the scripts that a file will be loaded as. */
  readonly inV8: InV8[];
}

interface InV8 {
  readonly id: string;
  /** For scripts to come, whose URLs match it. */
  readonly urlRegex?: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** The newest runs of a cell get breakpoints; what older ones left behind is rarely called. */
const runsWithBreakpoints = 20;

export class Breakpoints {
  readonly #inspector: Inspector;
  readonly #cells: Cells;
  readonly #scripts: Scripts;
  readonly #changed: (breakpoint: Breakpoint) => void;
  readonly #byPath = new Map<string, Kept[]>();
  readonly #idsInV8 = new Map<string, number>();
  #lastId = 0;
  /** Changes are made one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #active = false;

  /** @param changed told where one turns out to stand elsewhere than was said */
  constructor(inspector: Inspector, cells: Cells, scripts: Scripts, changed: (breakpoint: Breakpoint) => void) {
    this.#inspector = inspector;
    this.#cells = cells;
    this.#scripts = scripts;
    this.#changed = changed;
  }

  /** As `debugInfo` lists them. */
  list(): { readonly source: string; readonly breakpoints: readonly object[] }[] {
    return [...this.#byPath].map(([source, kept]) => ({
      source,
      breakpoints: kept.map(({ asked, line }) => ({ ...asked, line })),
    }));
  }

  /** Our ids of what V8 says was hit. */
  idsOf(inV8: readonly string[]): number[] {
    return [...new Set(inV8.flatMap((id) => this.#idsInV8.get(id) ?? []))];
  }

  /** Puts these breakpoints into a source in the place of those that are there. */
  set(path: string, asked: readonly SourceBreakpoint[]): Promise<Breakpoint[]> {
    return this.#inTurn(async () => {
      for (const old of this.#byPath.get(path) ?? []) await this.#remove(old);
      const code = await this.#scripts.text(path);
      const lines =
        code === undefined ? [] : breakableLines(code, isCellPath(path) ? `cell.${languageOfCell(code)}` : path);
      const kept = asked.map((each) => this.#keep(path, each, lines, code));
      if (kept.length > 0) this.#byPath.set(path, kept);
      else this.#byPath.delete(path);
      if (this.#active) for (const each of kept) await this.#setEverywhere(each);
      return kept.map((each) => this.#shown(each));
    });
  }

  /** V8 listens from now on: sets what was kept. */
  activate(): Promise<void> {
    return this.#inTurn(async () => {
      this.#active = true;
      for (const kept of [...this.#byPath.values()].flat()) await this.#setEverywhere(kept);
    });
  }

  /** V8 has forgotten all of them. */
  deactivate(): void {
    this.#active = false;
    this.#idsInV8.clear();
    for (const kept of [...this.#byPath.values()].flat()) kept.inV8.length = 0;
  }

  clear(): void {
    this.deactivate();
    this.#byPath.clear();
  }

  /** A cell is about to run: its breakpoints are there before. Undefined where it has none. */
  prepare(executed: ExecutedCell): Promise<void> | undefined {
    const kept = this.#byPath.get(executed.path);
    if (kept === undefined || !this.#active) return undefined;
    return this.#inTurn(async () => {
      for (const each of kept) {
        await this.#setInCell(each, executed);
        await this.#remove(each, each.inV8.slice(0, -runsWithBreakpoints));
      }
    }).catch(() => undefined); // V8 went with its process: the cell runs in the next one, whatever becomes of its breakpoints
  }

  /** A local module was loaded: what stood in an earlier version of it, or was kept for this one, stands in this one. */
  async loaded(script: Script): Promise<void> {
    if (script.isCell || !this.#active) return;
    const kept = this.#byPath.get(script.path);
    if (kept !== undefined)
      await this.#inTurn(async () => {
        for (const each of kept) {
          const outdated = each.inV8.filter(({ urlRegex }) => urlRegex !== undefined);
          const place = generatedPosition(script.map, { line: each.line, column: each.column ?? 1 });
          if (each.problem !== undefined || outdated.some((inV8) => isFor(inV8, script, place))) continue;
          // The new one first: the module may run at this moment.
          await this.#setInV8(each, { url: script.url }, script.map);
          await this.#remove(each, outdated);
        }
      });
  }

  #keep(path: string, asked: SourceBreakpoint, lines: readonly number[], code: string | undefined): Kept {
    const id = ++this.#lastId;
    const kept = { id, asked, path, line: asked.line, verified: false, inV8: [] };
    if (code === undefined) return { ...kept, problem: `No source is known for ${path}: dump the cell first.` };
    const line = nearestLine(lines, asked.line);
    if (line === undefined) return { ...kept, problem: `Nothing happens on line ${asked.line} or after it.` };
    try {
      const column = line === asked.line ? asked.column : undefined;
      return { ...kept, line, column, verified: true, condition: conditionOf(id, asked) };
    } catch (error) {
      if (!(error instanceof DapError)) throw error;
      return { ...kept, line, problem: error.message };
    }
  }

  #shown({ id, path, line, column, verified, problem }: Kept): Breakpoint {
    const name = path.split('/').at(-1) as string;
    const source: Source = { name, path };
    return { id, verified, line, ...(column ? { column } : {}), ...(problem ? { message: problem } : {}), source };
  }

  async #setEverywhere(kept: Kept): Promise<void> {
    if (kept.problem !== undefined) return;
    if (!isCellPath(kept.path)) await this.#setInFile(kept);
    // A file may have been run as a cell, too.
    for (const executed of this.#cells.runsOf(kept.path).slice(0, runsWithBreakpoints).reverse())
      await this.#setInCell(kept, executed);
  }

  async #setInCell(kept: Kept, { cell }: ExecutedCell): Promise<void> {
    if (kept.problem === undefined) await this.#setInV8(kept, { url: cell.url }, new TraceMap(cell.map));
  }

  /** In the script that was loaded from the file, or where the file was edited since, in the one that will be. */
  async #setInFile(kept: Kept): Promise<void> {
    if (kept.problem !== undefined) return;
    const source = await this.#scripts.text(kept.path);
    const loaded = this.#scripts.ofFile(kept.path);
    if (loaded !== undefined && (loaded.map === undefined || loaded.map.sourcesContent?.[0] === source))
      return this.#setInV8(kept, { url: loaded.url }, loaded.map);
    const future = { urlRegex: this.#scripts.futureUrlsOf(kept.path) };
    if (source !== undefined) await this.#setInV8(kept, future, mapOf(kept.path, source));
  }

  async #setInV8(kept: Kept, where: { url: string } | { urlRegex: string }, map: TraceMap | undefined): Promise<void> {
    const place = generatedPosition(map, { line: kept.line, column: kept.column ?? 1 });
    if (place === undefined) return;
    const { condition } = kept;
    try {
      const set = await this.#inspector.post<Debugger.SetBreakpointByUrlReturnType>('Debugger.setBreakpointByUrl', {
        ...where,
        ...place,
        condition,
      });
      kept.inV8.push({ id: set.breakpointId, ...where, ...place });
      this.#idsInV8.set(set.breakpointId, kept.id);
      for (const location of set.locations) this.#resolve(kept, location);
    } catch {
      // V8 keeps one breakpoint at a place: another of this source stands there already.
    }
  }

  /** V8 found the place; that may be a later line. Of a file, only the newest script counts. */
  #resolve(kept: Kept, location: Debugger.Location): void {
    const script = this.#scripts.get(location);
    if (script === undefined || (!script.isCell && this.#scripts.ofFile(kept.path) !== script)) return;
    const actual = originalPosition(script.map, location.lineNumber, location.columnNumber ?? 0);
    if (actual === undefined || actual.line === kept.line) return;
    kept.line = actual.line;
    this.#changed(this.#shown(kept));
  }

  /** V8 found the place of a breakpoint in a script that was just loaded. */
  resolved({ breakpointId, location }: Debugger.BreakpointResolvedEventDataType): void {
    const id = this.#idsInV8.get(breakpointId);
    const kept = [...this.#byPath.values()].flat().find((each) => each.id === id);
    if (kept !== undefined) this.#resolve(kept, location);
  }

  async #remove(kept: Kept, removed = [...kept.inV8]): Promise<void> {
    for (const inV8 of removed) {
      kept.inV8.splice(kept.inV8.indexOf(inV8), 1);
      this.#idsInV8.delete(inV8.id);
      if (this.#active) await this.#inspector.post('Debugger.removeBreakpoint', { breakpointId: inV8.id });
    }
  }

  #inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(change);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

/** Whether a breakpoint for scripts to come stands in this one, where it should. */
const isFor = ({ urlRegex, ...at }: InV8, { url }: Script, place: ReturnType<typeof generatedPosition>): boolean =>
  urlRegex !== undefined &&
  new RegExp(urlRegex).test(url) &&
  at.lineNumber === place?.lineNumber &&
  at.columnNumber === place.columnNumber;

/** The map that a local module will have when it is loaded; undefined where it runs as it is written. */
function mapOf(path: string, source: string): TraceMap | undefined {
  try {
    const { map } = transpileModule(path, source);
    return map === '' ? undefined : new TraceMap(map);
  } catch {
    // What cannot be compiled will not be loaded either.
    return undefined;
  }
}
