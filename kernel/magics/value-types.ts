/** @file What TypeScript knows of magics: names that stand for their values in what it checks of a cell. */
import type { CapturedOutput, TimeitResult } from './cell/values.ts';

/** Global object of the cell process that scripts of magics rely on. */
export const magicHelper = '__tensorcell_magic__';

/**
 * Before the name of a magic it makes a TypeScript name as long as the magic itself, `ǃpwd` for `%pwd`. The letter is a
 * click (U+01C3), which nobody's own names begin with.
 */
export const valuePrefix = '\u01c3';

/** Variables that magics give to cells. */
export interface MagicVariables {
  /** Exit status of the program that `!` or `%sx` ran last; null where a signal ended it. */
  readonly _exit_code: number | null;
}

/** The values of magics that have one, by name; each is a declaration in the cells that use it. */
export interface MagicValues {
  readonly ǃpwd: string;
  readonly ǃcd: string;
  readonly ǃenv: string | Record<string, string>;
  readonly ǃsx: string[];
  readonly ǃsystem: string[];
  readonly ǃwho_ls: string[];
  readonly ǃtimeit: TimeitResult;
  readonly ǃcapture: CapturedOutput;
}

/** The names above, for the declarations. */
export const magicValueNames = [
  'ǃpwd',
  'ǃcd',
  'ǃenv',
  'ǃsx',
  'ǃsystem',
  'ǃwho_ls',
  'ǃtimeit',
  'ǃcapture',
  '_exit_code',
] as const satisfies readonly (keyof (MagicValues & MagicVariables))[];
