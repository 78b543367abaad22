/**
 * @file Lets Node survive terminated execution while AsyncLocalStorage is in use.
 *
 * Node (before 24) keeps a stack of asynchronous contexts. Code that is terminated leaves its entries on it, and Node's
 * consistency checks, which AsyncLocalStorage turns on, then abort the process. So the checks are turned off and the
 * stack is emptied after an interrupt. There is no public way to either.
 */

interface AsyncWrapBinding {
  readonly async_hook_fields: Uint32Array;
  readonly constants: { readonly kTotals: number; readonly kCheck: number };
  clearAsyncIdStack(): void;
}

/** Node promises none of these: a later one may have them under other names, or not at all. */
const isWhole = (found: Partial<AsyncWrapBinding>): found is AsyncWrapBinding =>
  found.async_hook_fields instanceof Uint32Array &&
  typeof found.constants?.kTotals === 'number' &&
  typeof found.constants.kCheck === 'number' &&
  typeof found.clearAsyncIdStack === 'function';

const loadBinding = (): AsyncWrapBinding | undefined => {
  const deprecations = process.noDeprecation;
  process.noDeprecation = true;
  try {
    const found = (process as unknown as { binding(name: string): Partial<AsyncWrapBinding> }).binding('async_wrap');
    return isWhole(found) ? found : undefined;
  } catch {
    // A Node whose AsyncLocalStorage does without the stack.
    return undefined;
  } finally {
    process.noDeprecation = deprecations;
  }
};

const binding = loadBinding();

/** Turns the checks off; hooks of user code may have turned them on again. */
export const relaxAsyncChecks = (): void => {
  if (binding === undefined) return;
  const { async_hook_fields: fields, constants } = binding;
  fields[constants.kTotals] = 0;
  fields[constants.kCheck] = 0;
};

/** Drops what terminated code left on the stack. */
export const clearAsyncStack = (): void => binding?.clearAsyncIdStack();
