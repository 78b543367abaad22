/** @file A cell's value as a MIME bundle: the value's own display method, then well-known kinds, then `util.inspect`. */
import { inspect } from 'node:util';
import { displaySymbol } from '../../src/display.ts';
import type { FormattedValue } from './contract.ts';
import { recognise } from './well-known.ts';

/** A bundle at once where the value allows it, else a promise of one; null where there is nothing to show. */
export type Formatting = FormattedValue | null | Promise<FormattedValue | null>;

/** No more characters of text/plain than this: a front end stalls on more, and the value is still in its variable. */
const longestText = 50_000;

/** Marks values that are shown already (display handles), so that a cell which ends in one shows nothing again. */
export const shownAlready = Symbol('shown already');

/** A value as plain text, without colours, abbreviated where it is big. */
export function plainText(value: unknown): string {
  let text: string;
  try {
    text = inspect(value, {
      colors: false,
      depth: 4,
      maxArrayLength: 100,
      maxStringLength: 10_000,
      breakLength: 100,
      compact: 3,
    });
  } catch (error) {
    // A proxy or a getter of the user's can throw anything, at any depth.
    text = `[cannot be inspected: ${messageOf(error)}]`;
  }
  return text.length <= longestText
    ? text
    : `${text.slice(0, longestText)}\n... ${text.length - longestText} more characters`;
}

/** The bundle of a cell's result or of a displayed value; null for `undefined` and for display handles. Never rejects. */
export const formatValue = async (value: unknown): Promise<FormattedValue | null> => formatAsSoonAsPossible(value);

/** As `formatValue`, but without a promise where none is needed, so that output stays in order. Never throws. */
export function formatAsSoonAsPossible(value: unknown): Formatting {
  if (value === undefined) return null;
  try {
    if (isObject(value)) {
      if (shownAlready in value) return null;
      const show = (value as Record<symbol, unknown>)[displaySymbol];
      if (typeof show === 'function') return guarded(value, show.call(value), bundleOf);
      const recognised = recognise(value);
      if (recognised) return guarded(value, recognised, bundleOf);
    }
    return withPlainText(value, {});
  } catch (error) {
    return failed(value, error);
  }
}

/** Applies `then` to a bundle now or when it comes; a rejection or a throw becomes a text that says so. */
function guarded(
  value: unknown,
  bundle: unknown,
  then: (value: unknown, bundle: unknown) => FormattedValue | null,
): Formatting {
  if (!isThenable(bundle)) return then(value, bundle);
  return Promise.resolve(bundle)
    .then((settled) => then(value, settled))
    .catch((error: unknown) => failed(value, error));
}

/** Checks what a display method gave: a MIME bundle, or one in `{data, metadata}`. */
function bundleOf(value: unknown, bundle: unknown): FormattedValue | null {
  if (!isObject(bundle) || Array.isArray(bundle))
    throw new TypeError(`expected an object with data by MIME type, got ${plainText(bundle).slice(0, 80)}`);
  const wrapped = isObject((bundle as { data?: unknown }).data) && !Object.keys(bundle).some(isMimeType);
  const { data, metadata } = (wrapped ? bundle : { data: bundle }) as { data: object; metadata?: object };
  const entries = Object.entries(data).filter(([type, content]) => isMimeType(type) && content !== undefined);
  return withPlainText(value, Object.fromEntries(entries.map(encodeBinary)), metadata);
}

function withPlainText(value: unknown, data: Record<string, unknown>, metadata: object = {}): FormattedValue {
  return {
    data: typeof data['text/plain'] === 'string' ? data : { ...data, 'text/plain': plainText(value) },
    metadata: metadata as Record<string, unknown>,
  };
}

function failed(value: unknown, error: unknown): FormattedValue {
  let name = 'value';
  try {
    name = (value as object).constructor.name || name;
  } catch {
    // No constructor, or a getter that throws: the general word does.
  }
  return {
    data: { 'text/plain': `${plainText(value)}\n(the display of this ${name} failed: ${messageOf(error)})` },
    metadata: {},
  };
}

/** Jupyter wants binary data in base64; a display method may give it as bytes. */
const encodeBinary = ([type, content]: [string, unknown]): [string, unknown] => [
  type,
  content instanceof Uint8Array ? Buffer.from(content).toString('base64') : content,
];

const isMimeType = (key: string): boolean => /^[\w.+-]+\/[\w.+-]+/.test(key);
const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';
const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  isObject(value) && typeof (value as { then?: unknown }).then === 'function';

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return 'an error that cannot be shown';
  }
}
