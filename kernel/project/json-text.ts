/** @file JSON as configuration files are written: with comments and trailing commas, and with the place of every value. */
import { createRequire } from 'node:module';
import type { ArrayExpression, Expression, ObjectExpression } from 'oxc-parser';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };

/** What is wrong with a text, and where (offset in it). */
export class JsonTextError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** A value and where it stands. */
export interface JsonNode {
  readonly value: JsonValue;
  readonly offset: number;
  /** Members of an object by name, elements of an array by index. */
  readonly children: ReadonlyMap<string, JsonNode>;
}

function nodeOfObject({ properties, start }: ObjectExpression, shift: number): JsonNode {
  const children = new Map<string, JsonNode>();
  for (const property of properties) {
    if (property.type !== 'Property' || property.computed || property.key.type !== 'Literal')
      throw new JsonTextError('Expected a name in double quotes, a colon and a value.', property.start - shift);
    children.set(String(property.key.value), nodeOf(property.value, shift));
  }
  const value = Object.fromEntries([...children].map(([name, node]) => [name, node.value]));
  return { value, offset: start - shift, children };
}

function nodeOfArray({ elements, start }: ArrayExpression, shift: number): JsonNode {
  const nodes = elements.map((element) => {
    if (element === null || element.type === 'SpreadElement')
      throw new JsonTextError('Expected a value between two commas.', (element?.start ?? start) - shift);
    return nodeOf(element, shift);
  });
  const children = new Map(nodes.map((node, index) => [String(index), node]));
  return { value: nodes.map(({ value }) => value), offset: start - shift, children };
}

const leaf = (value: JsonValue, offset: number): JsonNode => ({ value, offset, children: new Map() });

function nodeOf(expression: Expression, shift: number): JsonNode {
  const offset = expression.start - shift;
  if (expression.type === 'ObjectExpression') return nodeOfObject(expression, shift);
  if (expression.type === 'ArrayExpression') return nodeOfArray(expression, shift);
  if (expression.type === 'Literal' && (expression.value === null || typeof expression.value !== 'object')) {
    if (typeof expression.value !== 'bigint') return leaf(expression.value, offset);
  }
  if (expression.type === 'UnaryExpression' && expression.operator === '-' && expression.argument.type === 'Literal')
    return leaf(-Number(expression.argument.value), offset);
  throw new JsonTextError('Expected a string, a number, true, false, null, a list or an object.', offset);
}

/**
 * Parses a configuration file. An empty one is an empty object, as for TypeScript.
 *
 * @throws {JsonTextError} where the text is not JSON with comments
 */
export function parseJsonText(text: string): JsonNode {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const body = text.slice(start);
  // Loaded for projects that need it: every cell process starts without.
  const { parseSync } = createRequire(import.meta.url)('oxc-parser') as typeof import('oxc-parser');
  // To a parser of JavaScript this is an expression in parentheses.
  const { program, errors } = parseSync('configuration.js', `(${body}\n)`, {
    lang: 'js',
    sourceType: 'script',
    preserveParens: false,
  });
  const shift = 1 - start;
  const clamp = (offset: number): number => Math.min(Math.max(offset - shift, 0), text.length);
  if (errors.length > 0) {
    if (body.replace(/\/\*[^]*?\*\/|\/\/.*/g, '').trim() === '') return { value: {}, offset: 0, children: new Map() };
    const [{ message, labels }] = errors;
    throw new JsonTextError(
      `${message.replaceAll('`EOF`', 'the end of the file').replace(/\.$/, '')}.`,
      clamp(labels[0]?.start ?? 0),
    );
  }
  const [statement, another] = program.body;
  if (statement?.type !== 'ExpressionStatement' || another !== undefined)
    throw new JsonTextError('Expected one object.', clamp(another?.start ?? 0));
  return nodeOf(statement.expression, shift);
}
