/** @file The compiler of one notebook: with the settings of its folder's project, as they are when a cell is compiled. */
import { problemText, settingsOf, type ProjectSettings } from '../project/index.ts';
import { compileCell } from './compile.ts';
import { completeness } from './completeness.ts';
import type { CompileCell, Completeness } from './contract.ts';

export interface ProjectCompiler {
  readonly compileCell: CompileCell;
  readonly completeness: (source: string) => Completeness;
}

/** @param folderOf tells where the notebook is */
export function projectCompiler(folderOf: () => string): ProjectCompiler {
  let known: ProjectSettings | undefined;
  return {
    completeness,
    compileCell: (source, url) => {
      const folder = folderOf();
      const settings = settingsOf(folder);
      const result = compileCell(source, url, { folder, options: settings.options });
      // What is wrong with the settings is said once; the cell is compiled without what is wrong.
      if (!result.ok || settings === known) return result;
      known = settings;
      return { ...result, warnings: settings.problems.map((problem) => problemText(problem, folder)) };
    },
  };
}
