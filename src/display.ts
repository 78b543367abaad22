/** @file How the runtime shows things: values carry their own MIME bundle, live views go through a port that a host sets. */

/** Data by MIME type: text for text and SVG, base64 for PNG and JPEG, JSON for JSON types. */
export type MimeBundle = Record<string, unknown>;

/** The method by which a value shows itself in a notebook (Deno's convention, used by other libraries as well). */
export const displaySymbol: unique symbol = Symbol.for('Jupyter.display') as never;

/**
 * The method by which a tensor tells its first elements, `count` at most, row-major: numbers, bigints for int64, 0 and 1 for
 * bool. It copies no more than those, so that a debugger may ask at every step.
 */
export const elementsSymbol: unique symbol = Symbol.for('tensorcell.elements') as never;

/** A value that shows itself. */
export interface Displayable {
  [displaySymbol](): MimeBundle | Promise<MimeBundle>;
}

/** What a notebook host lends the runtime, for views that change while code runs. */
export interface DisplayPort {
  /** Shows a bundle; with an `id` that was shown before and `update`, replaces it in place. */
  display(bundle: MimeBundle, options?: { id?: string; update?: boolean }): void;
  /** Resolves when what is being made ready to show has been shown; undefined where nothing is. */
  pending?(): Promise<void> | undefined;
}

const portSymbol = Symbol.for('tensorcell.display');

/** The host's port, or undefined outside of a notebook. A host sets it as `globalThis[Symbol.for('tensorcell.display')]`. */
export const displayPort = (): DisplayPort | undefined =>
  (globalThis as Record<symbol, unknown>)[portSymbol] as DisplayPort | undefined;

/*
 * One thing more the host does, in `tensor/termination.ts`: after it has terminated code it calls the functions in
 * `globalThis[Symbol.for('tensorcell.terminated')]`, a Set.
 */
const interruptedSymbol = Symbol.for('tensorcell.interrupted');

/**
 * Whether the cell that runs this code was interrupted: long work made of short steps asks between them. A host sets the
 * answer as `globalThis[Symbol.for('tensorcell.interrupted')]`; without a host it is false.
 */
export const isInterrupted = (): boolean =>
  ((globalThis as Record<symbol, unknown>)[interruptedSymbol] as (() => boolean) | undefined)?.() ?? false;
