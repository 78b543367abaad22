/** @file Values of the cell process in one line, from what V8 tells of them without running any of the user's code. */
import { inspect } from 'node:util';
import type { RemoteObject, Runtime } from './inspector.ts';

/** No more characters of a string than these, where it stands among others. */
const longestString = 1_000;
const longestInside = 60;

const abbreviated = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length)}…`;

const quoted = (text: string, length: number): string => inspect(abbreviated(text, length), { maxStringLength: null });

/** How a function begins: `ƒ name(a, b)`, `class Name extends Base`. */
function functionText(description = ''): string {
  const head = description.split('\n')[0];
  if (/^class\b/.test(head)) return head.replace(/\s*\{.*$/s, '');
  const [, name = '', parameters = ''] = /^(?:async\s*)?(?:function\s*\*?\s*)?([\w$]*)\s*\(([^)]*)/.exec(head) ?? [];
  return name !== '' || /^(async\s*)?function/.test(head) ? `ƒ ${name}(${parameters})` : abbreviated(head, 80);
}

/** A value inside a preview, which V8 has cut already. */
function previewedText({ type, subtype, value = '' }: Runtime.PropertyPreview): string {
  if (type === 'string') return quoted(value, longestInside);
  if (type === 'function') return 'ƒ';
  if (type === 'accessor') return '(...)';
  if (type === 'object' && subtype !== 'null' && value === 'Object') return '{…}';
  return value;
}

const entryText = ({ type, subtype, description = '' }: Runtime.ObjectPreview): string =>
  type === 'object' && subtype !== 'null' && description === 'Object' ? '{…}' : quotedIf(type, description);
const quotedIf = (type: string, text: string): string => (type === 'string' ? quoted(text, longestInside) : text);

function previewText({ preview, className = '', description = '', subtype }: RemoteObject): string {
  if (preview === undefined) return description;
  const { properties, entries, overflow } = preview;
  const more = overflow ? ['…'] : [];
  if (entries !== undefined) {
    const inside = entries.map(({ key, value }) => (key ? `${entryText(key)} => ` : '') + entryText(value));
    return `${description} {${[...inside, ...more].join(', ')}}`;
  }
  if (subtype === 'array' || subtype === 'typedarray') {
    const own = subtype === 'array' ? properties : properties.filter(({ name }) => /^\d+$/.test(name));
    const inside = own.map((property) =>
      /^\d+$/.test(property.name) ? previewedText(property) : `${property.name}: ${previewedText(property)}`,
    );
    const count = countOf({ description, subtype }) ?? 0;
    const head = className === 'Array' ? `(${count}) ` : `${className}(${count}) `;
    return `${head}[${[...inside, ...more].join(', ')}]`;
  }
  const inside = properties
    .filter(({ name }) => !/^\[\[(Prototype|PromiseResult)\]\]$/.test(name))
    .map((property) => `${property.name}: ${previewedText(property)}`);
  const head = className === 'Object' || description === 'Object' ? '' : `${description} `;
  return `${head}{${[...inside, ...more].join(', ')}}`;
}

/** One line for any value. */
export function textOf(remote: RemoteObject): string {
  const { type, subtype, value, unserializableValue, description = '' } = remote;
  if (subtype === 'null') return 'null';
  switch (type) {
    case 'undefined':
      return 'undefined';
    case 'string':
      return quoted(String(value), longestString);
    case 'number':
    case 'bigint':
    case 'boolean':
      return unserializableValue ?? String(value);
    case 'symbol':
      return description;
    case 'function':
      return functionText(description);
  }
  if (subtype === 'error') return description.split('\n')[0];
  if (subtype === 'regexp' || subtype === 'date') return description;
  if (subtype === 'promise') {
    const state = remote.preview?.properties.find(({ name }) => name === '[[PromiseState]]')?.value ?? 'pending';
    const result = remote.preview?.properties.find(({ name }) => name === '[[PromiseResult]]');
    return state === 'pending' || result === undefined
      ? `Promise {<${state}>}`
      : `Promise {<${state}>: ${previewedText(result)}}`;
  }
  return previewText(remote);
}

/** What a value is, in the words of the language. */
export const typeOf = ({ type, subtype, className }: RemoteObject): string =>
  subtype === 'null' ? 'null' : type === 'object' ? (className ?? 'object') : type;

/** How many elements or entries an array, a typed array, a Map or a Set has; undefined for what is none. */
export function countOf({
  subtype,
  description = '',
}: Pick<RemoteObject, 'subtype' | 'description'>): number | undefined {
  if (!/^(array|typedarray|map|set)$/.test(subtype ?? '')) return undefined;
  const count = /\((\d+)\)$/.exec(description)?.[1];
  return count === undefined ? undefined : Number(count);
}
