/** @file The globals that compiled cells rely on: what kernel/compile writes into a cell and the cell process provides. */

/**
 * Global function that stands for `import(specifier, options)` in a cell. Specifiers are resolved from the notebook's folder.
 *
 * A static import becomes an awaited call, for example
 * `import d, { a, b as c } from 'x'` → `const { default: d, a, b: c } = await __tensorcell_import__('x')`,
 * `import * as ns from 'x'` → `const ns = await __tensorcell_import__('x')`,
 * `import j from './j.json' with { type: 'json' }` → `const { default: j } = await __tensorcell_import__('./j.json', { with: { type: 'json' } })`.
 */
export const importHelper = '__tensorcell_import__';

/**
 * Global function around the operand of a cell's top-level `await`: the promise that it returns also rejects when the cell
 * is interrupted, so that a loop of awaits ends rather than going on unseen: `await x` → `await __tensorcell_await__(x)`.
 */
export const awaitHelper = '__tensorcell_await__';

const helperNames =
  /^__(?:tensorcell_.*|decorate|metadata|param|esDecorate|runInitializers|propKey|setFunctionName|addDisposableResource|disposeResources)$/;

/** Whether a name of the top level is one that a compiler declared for itself: none of the user's variables. */
export const isHelperName = (name: string): boolean => helperNames.test(name);

/** The second argument of `import()`. */
export interface ImportOptions {
  readonly with?: Readonly<Record<string, string>>;
}

/** What `import.meta` is to a cell: it speaks of the notebook's folder. */
export interface CellMeta {
  /** URL of a file that is not there, in the notebook's folder. */
  readonly url: string;
  readonly filename: string;
  readonly dirname: string;
  resolve(specifier: string): string;
}

export interface ImportHelper {
  /** @param names what a static import takes of the module, as the module calls it */
  (specifier: string, options?: ImportOptions, names?: readonly string[]): Promise<Record<string, unknown>>;
  /** Stands for `import.meta` in a cell. */
  readonly meta: CellMeta;
  /** What a cell assigns to in place of a constant: any assignment to a member of it fails. */
  readonly constants: object;
  /** Around the JSX that ends a cell: where its value is markup, it is shown as such. */
  readonly jsx: (value: unknown) => unknown;
}
