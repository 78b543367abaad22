/** @file `exit` or `quit` as a whole cell, as consoles have them: the front end closes, and the kernel ends. */

export interface ExitQuery {
  readonly name: 'exit' | 'quit';
  /** The kernel goes on without this front end: `exit(true)`. */
  readonly keepsKernel: boolean;
}

/**
 * What a cell asks for that is nothing but `exit` or `quit`, called or not; undefined for other cells. `exit True` is what
 * qtconsole sends where it closes and leaves the kernel to others.
 */
export function exitQuery(source: string): ExitQuery | undefined {
  const [, name, called, typed] =
    /^\s*(exit|quit)\s*(?:\(\s*(true|false)?\s*\)|(True|False|-k))?\s*;?\s*$/.exec(source) ?? [];
  if (name === undefined) return undefined;
  return { name: name as ExitQuery['name'], keepsKernel: called === 'true' || typed === 'True' || typed === '-k' };
}
