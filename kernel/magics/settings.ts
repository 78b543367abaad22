/** @file The notebook's settings that magics change: `%config`, `%typecheck`, `%autoreload`. */
import { RequestError } from '../session/request.ts';

export const typecheckModes = ['on', 'warn', 'off'] as const;
/** What happens with type errors: the cell does not run; it runs and they are printed; they are not looked for. */
export type TypecheckMode = (typeof typecheckModes)[number];

export const autoreloadModes = ['off', 'on'] as const;
/** Whether names imported from local modules are imported anew, before each cell, when a module was edited. */
export type AutoreloadMode = (typeof autoreloadModes)[number];

const choices = { typecheck: typecheckModes, autoreload: autoreloadModes } as const;
const meanings = {
  typecheck: 'type errors stop a cell (on), are printed (warn), are not looked for (off)',
  autoreload: 'edited local modules are imported anew before each cell (on), or by the next import (off)',
} as const;

export type SettingName = keyof typeof choices;
export const settingNames = Object.keys(choices) as readonly SettingName[];

/** The values that a setting can have. */
export const settingChoices = (name: SettingName): readonly string[] => choices[name];
/** What a setting is for. */
export const settingMeaning = (name: SettingName): string => meanings[name];

export class NotebookSettings {
  typecheck: TypecheckMode = 'on';
  autoreload: AutoreloadMode = 'off';

  /**
   * Sets a setting from what the user wrote.
   * @throws {@link RequestError} where it has no such value
   */
  set(name: SettingName, value: string): void {
    const allowed = settingChoices(name);
    if (!allowed.includes(value))
      throw new RequestError('UsageError', `${name} is ${allowed.join(', ')}; got ${JSON.stringify(value)}.`);
    Object.assign(this, { [name]: value });
  }
}
