/** @file `name?` as a whole cell: asks what TypeScript knows about a name, and shows it in the front end's pager. */

/**
 * The expression that a help query asks about, `Math.max` in `Math.max?` or `?Math.max`; undefined for other cells. No
 * TypeScript is lost to it: a lone question mark at either end is a syntax error.
 */
export function helpQuery(source: string): string | undefined {
  const [, before, after] =
    /^\s*(?:\?+\s*([\p{ID_Start}$_][^\s?]*)|([\p{ID_Start}$_][^\s?]*)\s*\?+)\s*$/u.exec(source) ?? [];
  return before ?? after;
}
