/** @file HTML and SVG as strings, with everything escaped that is not markup made here. */

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** What XML 1.0 cannot hold, even escaped; one of them makes a whole SVG unreadable. */

const forbidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text made safe for element content and for quoted attributes of HTML and SVG. */
export const escapeMarkup = (text: unknown): string =>
  String(text)
    .replace(forbidden, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character]);

/** An element; attributes are escaped, children are markup already (escape text with `escapeMarkup`). */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  ...children: readonly string[]
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeMarkup(typeof value === 'number' ? rounded(value) : value)}"`)
    .join('');
  const content = children.join('');
  return content || !selfClosing.has(name) ? `<${name}${written}>${content}</${name}>` : `<${name}${written}/>`;
}

const selfClosing = new Set([
  'path',
  'rect',
  'line',
  'circle',
  'polyline',
  'polygon',
  'image',
  'img',
  'br',
  'use',
  'stop',
]);

/** SVG text; `content` is escaped here. */
export const textElement = (
  attributes: Readonly<Record<string, string | number | undefined>>,
  content: unknown,
): string => element('text', attributes, escapeMarkup(content));

/** A number for an attribute: coordinates need no more than two decimals. */
const rounded = (value: number): number => Math.round(value * 100) / 100;
