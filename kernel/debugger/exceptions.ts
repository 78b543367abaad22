/** @file Which exceptions to stop at: V8 says what it thinks of their future, the code says more. */
import { DapError } from './dap.ts';
import { ExceptionHandlers } from './code-places.ts';
import type { Debugger, Inspector, RemoteObject } from './inspector.ts';
import type { Scripts } from './scripts.ts';
import type { Stop } from './stop.ts';

export const exceptionFilters = [
  { filter: 'caught', label: 'Caught exceptions', default: false },
  { filter: 'uncaught', label: 'Uncaught exceptions', default: false },
] as const;
type Filter = (typeof exceptionFilters)[number]['filter'];

/** A frame in V8's text of a stack, with the position in the running code. */
const asyncFrame = /^\s+at async (?:.* \()?(.+):(\d+):(\d+)\)?$/gm;

export class Exceptions {
  readonly #inspector: Inspector;
  readonly #scripts: Scripts;
  readonly #handlers = new Map<string, Promise<ExceptionHandlers>>();
  #filters: ReadonlySet<Filter> = new Set();

  constructor(inspector: Inspector, scripts: Scripts) {
    this.#inspector = inspector;
    this.#scripts = scripts;
  }

  /** @throws {@link DapError} where a filter is none of ours */
  setFilters(filters: readonly unknown[]): void {
    const known = exceptionFilters.map(({ filter }) => filter as string);
    const unknown = filters.find((filter) => !known.includes(String(filter)));
    if (unknown !== undefined)
      throw new DapError(`There is no exception filter ${JSON.stringify(unknown)}; there are ${known.join(', ')}.`);
    this.#filters = new Set(filters as Filter[]);
  }

  clear(): void {
    this.#filters = new Set();
    this.forget();
  }

  /** V8's scripts are others now, under the same numbers. */
  forget(): void {
    this.#handlers.clear();
  }

  /**
   * Tells V8. It takes what a cell throws for caught, because the kernel listens to each cell's end; so where either kind
   * is wanted it reports all, and `shouldStop` sorts them.
   */
  async apply(): Promise<void> {
    const state = this.#filters.size === 0 ? 'none' : 'all';
    await this.#inspector.post('Debugger.setPauseOnExceptions', { state });
  }

  async shouldStop(stop: Stop): Promise<boolean> {
    if (!stop.hasUserFrame || this.#filters.size === 0) return false;
    if (this.#filters.size === exceptionFilters.length) return true;
    if (await this.isUncaught(stop)) return this.#filters.has('uncaught');
    // What Node and libraries catch of their own is not the user's business.
    return this.#filters.has('caught') && stop.top?.script?.origin === 'user';
  }

  /** Whether nothing handles the exception: V8 may say so, else the code does. */
  async isUncaught(stop: Stop): Promise<boolean> {
    return stop.isUncaught || this.#isUncaughtInCell(stop);
  }

  /** No function on the stack catches it, nor one that awaits them, up to a cell's top level. */
  async #isUncaughtInCell(stop: Stop): Promise<boolean> {
    const users = stop.frames.filter(({ script }) => script?.origin === 'user');
    for (const { callFrame, script } of users) {
      const { lineNumber, columnNumber = 0 } = callFrame.location;
      const handlers = await this.#handlersIn(script?.scriptId ?? '');
      if (handlers.catchesAt(lineNumber, columnNumber)) return false;
    }
    const last = users.at(-1);
    if (last === undefined) return false;
    return isTopLevelOfCell(last) || this.#cellAwaits(stop.exception);
  }

  /** The functions that await say so in the exception's stack, and none of them catches it. */
  async #cellAwaits(exception: RemoteObject | undefined): Promise<boolean> {
    let reachedCell = false;
    for (const [, url, line, column] of (exception?.description ?? '').matchAll(asyncFrame)) {
      const script = this.#scripts.named(url);
      if (script === undefined) continue;
      const place = this.#scripts.generated(script, { line: Number(line), column: Number(column) });
      if (place === undefined) return false;
      const handlers = await this.#handlersIn(script.scriptId);
      if (handlers.catchesAt(place.lineNumber, place.columnNumber)) return false;
      reachedCell ||= script.isCell;
    }
    if (reachedCell) return true;
    // The kernel stands between the promise and the cell's own await, which no stack tells then.
    const cell = this.#scripts.newestCell();
    return cell !== undefined && (await this.#handlersIn(cell.scriptId)).awaitsUnhandled;
  }

  #handlersIn(scriptId: string): Promise<ExceptionHandlers> {
    let handlers = this.#handlers.get(scriptId);
    if (handlers === undefined) {
      handlers = this.#inspector
        .post<Debugger.GetScriptSourceReturnType>('Debugger.getScriptSource', { scriptId })
        .then(({ scriptSource }) => new ExceptionHandlers(scriptSource));
      this.#handlers.set(scriptId, handlers);
    }
    return handlers;
  }
}

const isTopLevelOfCell = ({ callFrame, script }: Stop['frames'][number]): boolean =>
  script?.isCell === true && !callFrame.scopeChain.some(({ type }) => type === 'local');
