/** @file `name?` as a whole cell: asks what TypeScript knows about a name, and shows it in the front end's pager. */

export interface HelpQuery {
  readonly expression: string;
  /** 1 for `name??`: the source too. */
  readonly detail: 0 | 1;
}

/**
 * What a help query asks about, `Math.max` in `Math.max?`, `?Math.max` and `Math.max??`; undefined for other cells. No
 * TypeScript is lost to it: a lone question mark at either end is a syntax error.
 */
export function helpQuery(source: string): HelpQuery | undefined {
  const [, marksBefore, before, after, marksAfter] =
    /^\s*(?:(\?+)\s*([\p{ID_Start}$_][^\s?]*)|([\p{ID_Start}$_][^\s?]*)\s*(\?+))\s*$/u.exec(source) ?? [];
  const expression = before ?? after;
  if (expression === undefined) return undefined;
  return { expression, detail: (marksBefore ?? marksAfter).length > 1 ? 1 : 0 };
}
