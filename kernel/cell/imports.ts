/** @file The cells' `import`: specifiers resolved from the notebook's folder, `tensorcell` being the runtime that runs here. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script, constants } from 'node:vm';
import { type ImportHelper, type ImportOptions, importHelper } from './module-helper.ts';
import { runtimeUrl } from './runtime.ts';

/** Name of a file that need not exist: it stands for the cells in the module system. */
export const notebookFile = (folder: string): string => join(folder, 'notebook.ts');

type NativeImport = (specifier: string, options?: ImportOptions) => Promise<Record<string, unknown>>;

/** `import()` as code in `filename` sees it. */
const importFrom = (filename: string): NativeImport =>
  new Script('(specifier, options) => import(specifier, options)', {
    filename,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as NativeImport;

export const installImportHelper = (folder: string): void => {
  const filename = notebookFile(folder);
  const nativeImport = importFrom(filename);
  const url = pathToFileURL(filename).href;
  const helper: ImportHelper = Object.assign(
    (specifier: string, options?: ImportOptions) =>
      nativeImport(specifier === 'tensorcell' ? runtimeUrl : String(specifier), options),
    { meta: { url, filename, dirname: folder, resolve: (specifier: string) => import.meta.resolve(specifier, url) } },
  );
  Object.defineProperty(globalThis, importHelper, { value: helper, configurable: false, writable: false });
};
