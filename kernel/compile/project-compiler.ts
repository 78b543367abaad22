/** @file The compiler of one notebook: with the settings of its folder's project, as they are when a cell is compiled. */
import { problemText, settingsOf, type ProjectSettings } from '../project/index.ts';
import { compileCell } from './compile.ts';
import { completeness } from './completeness.ts';
import type { TopLevelNames } from './constants.ts';
import type { CompileCell, Completeness } from './contract.ts';

export interface ProjectCompiler {
  readonly compileCell: CompileCell;
  readonly completeness: (source: string) => Completeness;
  /** What was compiled last under this name runs: its constants are constants to later cells. */
  readonly began: (url: string) => void;
  /** The names of the cells are gone. */
  readonly forget: () => void;
}

/** Cells whose names are kept until they run: most that were compiled do at once. */
const mostPending = 100;

/** @param folderOf tells where the notebook is */
export function projectCompiler(folderOf: () => string): ProjectCompiler {
  let known: ProjectSettings | undefined;
  const constants = new Set<string>();
  const pending = new Map<string, TopLevelNames>();
  return {
    completeness,
    began: (url) => {
      const names = pending.get(url);
      pending.delete(url);
      for (const name of names?.others ?? []) constants.delete(name);
      for (const name of names?.constants ?? []) constants.add(name);
    },
    forget: () => constants.clear(),
    compileCell: (source, url) => {
      const folder = folderOf();
      const settings = settingsOf(folder);
      const result = compileCell(source, url, { folder, options: settings.options }, constants);
      if (result.ok && result.names) pending.set(url, result.names);
      if (pending.size > mostPending) pending.delete(pending.keys().next().value!);
      // What is wrong with the settings is said once; the cell is compiled without what is wrong.
      if (!result.ok || settings === known) return result;
      known = settings;
      return { ...result, warnings: settings.problems.map((problem) => problemText(problem, folder)) };
    },
  };
}
