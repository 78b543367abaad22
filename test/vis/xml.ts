/** @file A strict reader of the XML that pictures are made of: it throws where a browser would show an error instead. */

export interface XMLElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XMLElement | string)[];
}

const entity = /&(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);/gi;
const decode = (text: string): string => {
  const bare = text.replace(entity, '');
  if (bare.includes('&')) throw new Error(`bare & in ${JSON.stringify(text)}`);
  if (bare.includes('<')) throw new Error(`bare < in ${JSON.stringify(text)}`);
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
};

/** Parses one element with everything in it. @throws Error for anything that is not well-formed */
export function parseXML(source: string): XMLElement {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(source)) throw new Error('a control character');
  let at = 0;
  const element = (): XMLElement => {
    const open = /^<([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/.exec(source.slice(at));
    if (!open) throw new Error(`expected a tag at ${at}: ${source.slice(at, at + 80)}`);
    at += open[0].length;
    const [, name, written, closed] = open;
    const attributes: Record<string, string> = {};
    for (const [, key, value] of written.matchAll(/([\w:-]+)="([^"]*)"/g)) {
      if (key in attributes) throw new Error(`attribute ${key} twice in <${name}>`);
      attributes[key] = decode(value);
    }
    const children: (XMLElement | string)[] = [];
    if (closed) return { name, attributes, children };
    for (;;) {
      const next = source.indexOf('<', at);
      if (next < 0) throw new Error(`<${name}> is not closed`);
      if (next > at) children.push(decode(source.slice(at, next)));
      at = next;
      if (source.startsWith(`</${name}>`, at)) {
        at += name.length + 3;
        return { name, attributes, children };
      }
      children.push(element());
    }
  };
  const root = element();
  if (source.slice(at).trim() !== '') throw new Error(`text after the end: ${source.slice(at, at + 80)}`);
  return root;
}

/** All elements of a name, in document order. */
export const elementsOf = (root: XMLElement, name: string): XMLElement[] =>
  [root, ...root.children.flatMap((child) => (typeof child === 'string' ? [] : elementsOf(child, '*')))].filter(
    (element) => name === '*' || element.name === name,
  );

/** The text of an element and of all in it. */
export const textOf = (node: XMLElement | string): string =>
  typeof node === 'string' ? node : node.children.map(textOf).join('');
