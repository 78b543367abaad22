/** @file What magics can do in a session: prints, displays, calls into the cell process, cells inside the cell. */
import remapping from '@jridgewell/remapping';
import type { CellHost, CompiledCell, ExecuteOutcome } from '../cell/contract.ts';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../protocol/message.ts';
import type { HistoryStore } from '../session/history-store.ts';
import type { Outputs } from '../session/outputs.ts';
import type { OutputParent } from '../session/parents.ts';
import type { TypeScriptService } from '../typescript/contract.ts';
import type { CodeFile, Declaration, MagicKernel } from './contract.ts';
import type { CellTexts, MagicRun } from './evaluation.ts';
import type { MagicScript } from './magic-cell.ts';
import type { NotebookState } from './notebook-state.ts';

/** What a session lends for the time of one cell. */
export interface MagicSession {
  readonly state: NotebookState;
  readonly outputs: Outputs;
  readonly history: HistoryStore;
  readonly parent: OutputParent;
  readonly token: string;
  readonly payload: JsonObject[];
  readonly cell: Promise<CellHost>;
  readonly types: Promise<TypeScriptService>;
  /** Runs another cell's code in the cell's name. */
  evaluate(code: string, file?: CodeFile): Promise<ExecuteOutcome>;
  execute(texts: CellTexts): Promise<ExecuteOutcome>;
  executeScript(script: MagicScript, code: string): Promise<ExecuteOutcome>;
  interruptible<Result>(work: Promise<Result>): Promise<Result>;
  /** What is declared counts for the cells to come. */
  commitTypes(source: string): void;
  /** Ends the cell process and starts a new one. */
  restart(): Promise<void>;
}

/** The cell that a script was made of, with a map to what the user wrote. */
export function compiledOf(compiled: CompiledCell, { code, script }: Pick<CellTexts, 'code' | 'script'>): CompiledCell {
  if (script.text === code) return compiled;
  if (script.map === undefined) return { ...compiled, source: code };
  const map = remapping([compiled.map, script.map], () => null);
  const { url } = compiled;
  return {
    ...compiled,
    source: code,
    map: JSON.stringify({ ...map, file: url, sources: [url], sourcesContent: [code] }),
  };
}

export function createMagicRun(session: MagicSession): MagicRun {
  const { outputs, parent, token, state } = session;
  const call = async (name: string, argument: unknown = null): Promise<unknown> =>
    (await session.cell).call(name, argument, { parent: token });
  const later: Declaration[] = [];
  const kernel: MagicKernel = {
    settings: state.settings,
    history: session.history,
    get folder() {
      return state.folder;
    },
    print: (text, stream = 'stdout') => outputs.write(parent, stream, text),
    display: (data, metadata = {}) =>
      outputs.handle({ type: 'display', parent: token, update: false, data, metadata, transient: {} }),
    call,
    confirm: async (question) => {
      if (parent.request?.message.content.allow_stdin === false) return undefined;
      return (await call('magic:confirm', question)) === true;
    },
    addPayload: (payload) => void session.payload.push(payload),
    runCell: (code, file) => session.evaluate(code, file),
    capture: async (code, wanted) => {
      const end = outputs.capture(parent, wanted);
      try {
        const outcome = await session.evaluate(code);
        if (outcome.status === 'error') return { outcome, captured: end() };
        // The value is output as well, as the last thing shown.
        const { result: data, metadata = {} } = outcome;
        if (data !== undefined && wanted.displays)
          outputs.handle({ type: 'display', parent: token, update: false, data, metadata, transient: {} });
        return { outcome: wanted.displays ? { status: 'ok' } : outcome, captured: end() };
      } finally {
        end();
      }
    },
    declareAfter: (declaration) => void later.push(declaration),
    declare: async ({ script, types }) => {
      const outcome = await session.executeScript({ text: script, map: undefined }, script);
      if (outcome.status === 'ok') session.commitTypes(types);
      return outcome;
    },
    packagesChanged: async () => (await session.types).packagesChanged(),
    reloadModules: async () => {
      for (const [module, text] of await state.localImports.scripts()) {
        const outcome = await session.executeScript({ text, map: undefined }, text);
        if (outcome.status === 'error')
          outputs.write(parent, 'stderr', `[autoreload of ${fileURLToPath(module)} failed: ${outcome.error.evalue}]\n`);
      }
    },
    moveTo: async (folder) => {
      state.folder = String(await call('magic:folder', folder));
      await (await session.types).moveTo(state.folder);
    },
    restart: async () => {
      const { folder } = state;
      await session.restart();
      // The notebook stays where it is.
      if (folder !== state.folder) await kernel.moveTo(folder);
    },
  };
  return {
    kernel,
    execute: (texts) => session.execute(texts),
    executeScript: async (script, code) => {
      const outcome = await session.executeScript(script, code);
      for (const declaration of later.splice(0)) {
        const declared = await kernel.declare(declaration);
        if (outcome.status === 'ok' && declared.status === 'error') return declared;
      }
      return outcome;
    },
    interruptible: (work) => session.interruptible(work),
  };
}
