/** @file Elements of a document: of linkedom, jsdom, and of plots that make them (Observable Plot, D3). */
import type { MimeBundle } from '../../../src/display.ts';
import { formatBytes } from '../markup.ts';
import { propertiesOf } from '../properties.ts';
import { isPlainRecord } from '../table/plain-tables.ts';

/** An element by its HTML; an SVG element is a picture as well. */
export function element(value: object): MimeBundle | undefined {
  // Data that only looks like one may come from anywhere, and is text.
  if (isPlainRecord(value)) return undefined;
  const { outerHTML, nodeType, tagName } = propertiesOf(value, 'outerHTML', 'nodeType', 'tagName');
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
