/** @file The names that every cell finds without an import, with their types. */
import type { InputApi } from '../cell/stdin.ts';
import { magicValueNames, type MagicValues, type MagicVariables } from '../magics/value-types.ts';
import type { ClearOutput, Display } from './display-types.ts';

/** What the cell process puts on `globalThis`. */
export interface CellGlobals extends InputApi, MagicValues, MagicVariables {
  readonly display: Display;
  readonly clearOutput: ClearOutput;
}

/**
 * TypeScript that declares the names above, `tf` and `widgets`, inside a cell's module; one statement a name, so that a name the
 * cell itself declares can be left out. `tf` is an import, so that `tf.Tensor` works as a type as well; so is
 * `widgets`.
 *
 * @param modules.globals specifier of this module, as the cell's program finds it
 * @param modules.runtime specifier of the runtime (`tensorcell`, or the path of its `index`)
 * @param modules.widgets specifier of the widgets
 */
export const declareCellGlobals = (modules: {
  globals: string;
  runtime: string;
  widgets: string;
}): Record<keyof CellGlobals | 'tf' | 'widgets', string> => {
  const globals = `import(${JSON.stringify(modules.globals)}).CellGlobals`;
  const values = Object.fromEntries(
    magicValueNames.map((name) => [name, `declare const ${name}: ${globals}['${name}'];`]),
  ) as Record<(typeof magicValueNames)[number], string>;
  return {
    tf: `import * as tf from ${JSON.stringify(modules.runtime)};`,
    widgets: `import * as widgets from ${JSON.stringify(modules.widgets)};`,
    display: `declare const display: ${globals}['display'];`,
    clearOutput: `declare const clearOutput: ${globals}['clearOutput'];`,
    input: `declare const input: ${globals}['input'];`,
    prompt: `declare const prompt: ${globals}['prompt'];`,
    confirm: `declare const confirm: ${globals}['confirm'];`,
    alert: `declare const alert: ${globals}['alert'];`,
    ...values,
  };
};
