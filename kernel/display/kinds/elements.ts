/** @file Elements of a document: of linkedom, jsdom, and of plots that make them (Observable Plot, D3). */
import type { MimeBundle } from '../../../src/display.ts';
import { formatBytes } from '../markup.ts';

/** An element by its HTML; an SVG element is a picture as well. */
export function element(value: object): MimeBundle | undefined {
  const { outerHTML, nodeType, tagName } = value as Record<string, unknown>;
  if (typeof outerHTML !== 'string' || nodeType !== 1 || typeof tagName !== 'string') return undefined;
  const name = tagName.toLowerCase();
  const text = { 'text/plain': `<${name}> element, ${formatBytes(Buffer.byteLength(outerHTML))} of markup` };
  if (name !== 'svg') return { 'text/html': outerHTML, ...text };
  const picture = /^<svg[^>]*\sxmlns=/.test(outerHTML)
    ? outerHTML
    : outerHTML.replace(/^<svg/i, '<svg xmlns="http://www.w3.org/2000/svg"');
  // In the page it takes the page's colours (`currentColor`); as a picture it would be black on a dark page.
  return { ...(outerHTML.includes('currentColor') && { 'text/html': outerHTML }), 'image/svg+xml': picture, ...text };
}
