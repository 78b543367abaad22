/** @file Moments of Temporal, and URLs. */
import { inspect } from 'node:util';
import type { MimeBundle } from '../../../src/display.ts';
import { escapeMarkup } from '../markup.ts';
import { propertiesOf } from '../properties.ts';

/** Temporal's values: a polyfill's have no properties that inspection would show. */
export function temporal(value: object): MimeBundle | undefined {
  const { [Symbol.toStringTag]: tag } = propertiesOf(value, Symbol.toStringTag);
  if (typeof tag !== 'string' || !tag.startsWith('Temporal.') || inspect.custom in value) return undefined;
  const { toString } = propertiesOf(value, 'toString');
  return typeof toString === 'function' ? { 'text/plain': `${tag} ${String(toString.call(value))}` } : undefined;
}

/** A URL that leads to a page can be followed. */
export function linkTo(value: object): MimeBundle | undefined {
  if (!(value instanceof URL)) return undefined;
  const text = { 'text/plain': inspect(value) };
  if (!/^https?:$/.test(value.protocol)) return text;
  const href = escapeMarkup(value.href);
  return { 'text/html': `<a href="${href}" target="_blank" rel="noopener noreferrer">${href}</a>`, ...text };
}
