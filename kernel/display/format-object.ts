/** @file An object as a MIME bundle: its own display method, then well-known kinds, then text. */
import { types } from 'node:util';
import { displaySymbol } from '../../src/display.ts';
import type { FormattedValue } from './contract.ts';
import { ownMethods } from './kinds/own-methods.ts';
import { type Formatting, isObject, shownAlready } from './format-value.ts';
import { type Limits, howToSeeAll } from './limits.ts';
import { escapeMarkup, grouped, wellFormed } from './markup.ts';
import { classNameOf } from './outline/outline.ts';
import { messageOf, plainText } from './plain-text.ts';
import { recognise } from './recognise.ts';
import { view } from './style.ts';
import { libraryTable } from './table/library-tables.ts';

/** As `formatAsSoonAsPossible`, for objects. */
export function formatObject(value: object, limits: Limits): Formatting {
  try {
    if (answersAnything(value)) return withPlainText(value, {}, {}, limits);
    if (!types.isProxy(value) && shownAlready in value) return null;
    const show = (value as Record<symbol, unknown>)[displaySymbol];
    // A data frame that shows itself has one page only; ours turns pages and sorts.
    const isFrame = typeof show === 'function' && types.isProxy(value) && libraryTable(value) !== undefined;
    if (typeof show === 'function' && !isFrame) return guarded(value, show.call(value), limits);
    return guarded(value, ownMethods(value) ?? recognise(value, limits), limits);
  } catch (error) {
    return failed(value, error, limits);
  }
}

/** A string of more characters than are shown: the first of them as they are, without quotes. */
export function formatLongString(value: string, limits: Limits): FormattedValue {
  const text = { 'text/plain': plainText(value, limits) };
  const note = `${grouped(limits.string)} of ${grouped(value.length)} characters; ${howToSeeAll(limits)}`;
  const head = escapeMarkup(value.slice(0, limits.string));
  const html = `<pre class="wrap">${head}…</pre><div class="note">${escapeMarkup(note)}</div>`;
  return { data: { 'text/html': view('base', html), ...text }, metadata: {} };
}

/** Checks a bundle now or when it comes; a rejection or a throw becomes a text that says so. */
function guarded(value: object, bundle: unknown, limits: Limits): Formatting {
  if (bundle === undefined) return withPlainText(value, {}, {}, limits);
  if (!isThenable(bundle)) return bundleOf(value, bundle, limits);
  return Promise.resolve(bundle)
    .then((settled) =>
      settled === undefined ? withPlainText(value, {}, {}, limits) : bundleOf(value, settled, limits),
    )
    .catch((error: unknown) => failed(value, error, limits));
}

/** Checks what a display method gave: a MIME bundle, or one in `{data, metadata}`. */
function bundleOf(value: object, bundle: unknown, limits: Limits): FormattedValue {
  if (!isObject(bundle) || Array.isArray(bundle))
    throw new TypeError(`expected an object with data by MIME type, got ${plainText(bundle).slice(0, 80)}`);
  const wrapped = isObject((bundle as { data?: unknown }).data) && !Object.keys(bundle).some(isMimeType);
  const { data, metadata } = (wrapped ? bundle : { data: bundle }) as { data: object; metadata?: object };
  const entries = Object.entries(data).filter(([type, content]) => isMimeType(type) && content !== undefined);
  return withPlainText(value, Object.fromEntries(entries.map(encoded)), checked('metadata', metadata ?? {}), limits);
}

function withPlainText(value: object, data: Record<string, unknown>, metadata: object, limits: Limits): FormattedValue {
  return {
    data: typeof data['text/plain'] === 'string' ? data : { ...data, 'text/plain': plainText(value, limits) },
    metadata: metadata as Record<string, unknown>,
  };
}

function failed(value: object, error: unknown, limits: Limits): FormattedValue {
  const name = typeof value === 'function' ? 'function' : (classNameOf(value) ?? 'object');
  const text = `${plainText(value, limits)}\n(the display of this ${name} failed: ${messageOf(error)})`;
  return { data: { 'text/plain': wellFormed(text) }, metadata: {} };
}

/**
 * Data of a MIME type as it is sent: binary data in base64, where a display method may give bytes; text without halves of
 * surrogate pairs.
 *
 * @throws TypeError for what JSON cannot carry
 */
export const encoded = ([type, content]: [string, unknown]): [string, unknown] => {
  if (content instanceof Uint8Array) return [type, Buffer.from(content).toString('base64')];
  if (typeof content === 'string') return [type, wellFormed(content)];
  return [type, typeof content === 'object' && content !== null ? checked(type, content) : content];
};

/** Found out here, with a message that says where, rather than when the display is sent. */
function checked(what: string, content: object): object {
  try {
    JSON.stringify(content);
    return content;
  } catch (error) {
    throw new TypeError(`${what} is not what JSON can carry: ${messageOf(error).split('\n')[0]}`);
  }
}

/** A proxy that has whatever it is asked for (mocks, remote objects) has no display method, and waiting for it could take for ever. */
const answersAnything = (value: object): boolean =>
  types.isProxy(value) &&
  [Symbol('tensorcell.probe'), 'tensorcell.probe'].some(
    (key) => (value as Record<PropertyKey, unknown>)[key] !== undefined,
  );

const isMimeType = (key: string): boolean => /^[\w.+-]+\/[\w.+-]+/.test(key);
const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  isObject(value) && typeof (value as { then?: unknown }).then === 'function';
