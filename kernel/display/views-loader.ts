/** @file Loads the views beside the cells, so that the start of the process does not wait for them. */

type Views = typeof import('./views.ts');

let loaded: Views | undefined;
let loading: Promise<Views> | undefined;

/** The views, if they are there. */
export const loadedViews = (): Views | undefined => loaded;

/** Loads the views, once. */
export const loadViews = (): Promise<Views> => (loading ??= import('./views.ts').then((views) => (loaded = views)));

/** What a cell that mentions `display` has to wait for, if it has to: then its helpers refuse wrong arguments at once. */
export const viewsNeededBy = (code: string): Promise<unknown> | undefined =>
  loaded === undefined && /\bdisplay\b/.test(code) ? loadViews() : undefined;
