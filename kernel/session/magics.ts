/** @file Line magics: the `%name argument` lines at the top of a cell, taken out before TypeScript sees it. */
import { RequestError } from './request.ts';

export interface Magic {
  readonly name: string;
  readonly argument: string;
}

export interface SplitCell {
  readonly magics: readonly Magic[];
  /** The cell with its magic lines blanked: same length, same lines, so that every position stays right. */
  readonly source: string;
}

/**
 * Takes the magics from the top of a cell. Further down a `%` at the start of a line is TypeScript's remainder operator, as
 * in `total\n% count`.
 */
export function splitMagics(code: string): SplitCell {
  const magics: Magic[] = [];
  let end = 0;
  for (const [line] of code.matchAll(/.*(?:\n|$)/g)) {
    const magic = /^\s*(%%?\S*)\s*(.*?)\s*$/.exec(line);
    if (magic) magics.push({ name: magic[1], argument: magic[2] });
    else if (line.trim() !== '') break;
    end += line.length;
    if (end >= code.length) break;
  }
  if (magics.length === 0) return { magics, source: code };
  return { magics, source: code.slice(0, end).replace(/[^\s]/g, ' ') + code.slice(end) };
}

export const typecheckModes = ['on', 'warn', 'off'] as const;
/** What happens with type errors: the cell does not run; it runs and they are printed; they are not looked for. */
export type TypecheckMode = (typeof typecheckModes)[number];

/** The notebook's settings that magics change. */
export class NotebookSettings {
  typecheck: TypecheckMode = 'on';

  /**
   * Obeys the magics of a cell.
   *
   * @returns text to print
   * @throws {@link RequestError} where a magic is unknown or its argument is; then none took effect
   */
  apply(magics: readonly Magic[]): string {
    let printed = '';
    let typecheck = this.typecheck;
    for (const { name, argument } of magics) {
      if (name !== '%typecheck') throw new RequestError('UnknownMagic', `${name} is not known; there is %typecheck.`);
      if (argument === '') printed += `Type checking is ${typecheck} (%typecheck ${typecheckModes.join('|')}).\n`;
      else if ((typecheckModes as readonly string[]).includes(argument)) typecheck = argument as TypecheckMode;
      else
        throw new RequestError(
          'InvalidMagic',
          `%typecheck takes ${typecheckModes.join(', ')} or nothing, got ${JSON.stringify(argument)}.`,
        );
    }
    this.typecheck = typecheck;
    return printed;
  }
}
