/** @file Names that a cell imports from a module of CommonJS: as TypeScript types them, which is more than Node finds in its text. */

type Namespace = Readonly<Record<string, unknown>>;

const hasMembers = (value: unknown): value is Record<string, unknown> =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** A compiled ES module keeps its default export as a property; Node takes the whole of it for the default. */
const isCompiledModule = (exports: Record<string, unknown>): boolean =>
  exports.__esModule === true && 'default' in exports;

/**
 * The namespace with the names that a cell imports. What Node could not tell from a module's text (`module.exports = { f() {} }`)
 * are members of its default export; names that are nowhere, such as types, stay undefined.
 *
 * @param names as the module calls them, `default` among them
 */
export function withNames(namespace: Namespace, names: readonly string[]): Namespace {
  const exports = namespace.default;
  if (!hasMembers(exports)) return namespace;
  const isCompiled = isCompiledModule(exports);
  const added = names.filter((name) => (name === 'default' ? isCompiled : !(name in namespace) && name in exports));
  if (added.length === 0) return namespace;
  return { ...namespace, ...Object.fromEntries(added.map((name) => [name, exports[name]])) };
}
