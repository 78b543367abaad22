/**
 * @file The claims of the examples in the documentation, evaluated: `tf.add([1, 2], 3)` is `[4, 5]`, or with a comment,
 * tf.add([1, 2], 3) // [4, 5].
 */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'oxc-transform';
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';

const sources = fileURLToPath(new URL('../../src/', import.meta.url));

interface Claim {
  readonly expression: string;
  readonly claim: string;
}

/** The claims in the examples of a documentation comment. */
function claimsOf(comment: string): Claim[] {
  const text = comment.replaceAll(/^\s*\* ?/gm, '');
  // An example ends at the next tag or at the end; blocks of code are for reading.
  const examples = [...text.matchAll(/@example\b([\s\S]*?)(?=@\w|$)/g)].map(([, body]) => body);
  return examples
    .filter((body) => !body.includes('```'))
    .flatMap((body) => [
      ...body.matchAll(/`((?:new )?tf\.[^`]+)`\s+is\s+`([^`]+)`/g),
      ...body.matchAll(/(?:^|`)\s*((?:new )?tf\.[^`\n]+?);?\s+\/\/ ([^`\n]+)`?/gm),
    ])
    .map(([, expression, claim]) => ({ expression, claim }));
}

/** The value that a claim writes down, words may follow it; undefined where it is in words alone. */
function valueOf(claim: string): unknown {
  const [value] =
    /^(?:\[.*\]|"[^"]*"|-?[\d.]+(?:e-?\d+)?(?![\d·+*/ ]*[·+*/])|-?Infinity|NaN|true|false)/.exec(claim) ?? [];
  return value === undefined ? undefined : evaluate(value);
}

/** @throws ReferenceError for an example that goes on from another one */
function evaluate(code: string): unknown {
  const { code: script } = transformSync('example.ts', `globalThis.example = (${code});`);
  const run = new Function('tf', 'globalThis', script) as (library: typeof tf, results: { example?: unknown }) => void;
  const results: { example?: unknown } = {};
  run(tf, results);
  return results.example;
}
/** @returns undefined for an example that needs names from elsewhere */
function evaluateAlone(code: string): unknown {
  try {
    return evaluate(code);
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

/** Tensors, also within structures, as nested arrays; booleans as numbers, as arrays have them. */
function plain(value: unknown): unknown {
  if (value instanceof tf.Tensor) return plain(value.arraySync());
  if (value instanceof tf.RaggedTensor) return plain(value.arraySync());
  if (value instanceof tf.Variable) return plain(value.arraySync());
  if (value instanceof tf.SparseTensor) return plain(tf.sparse.toDense(value).arraySync());
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array).map(plain);
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  if (typeof value === 'object' && value !== null) return Object.values(value).map(plain);
  return value;
}

/** Equal, numbers up to the digits that an example shows. */
function isClose(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(actual) && Array.isArray(expected))
    return actual.length === expected.length && actual.every((one, i) => isClose(one, expected[i]));
  if (typeof actual === 'number' && typeof expected === 'number')
    return (
      Object.is(actual, expected) ||
      actual === expected ||
      Math.abs(actual - expected) <= 5e-4 * (1 + Math.abs(expected))
    );
  return actual === expected;
}

describe('examples in the documentation', () => {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const claims = files.flatMap((file) =>
    [...readFileSync(sources + file, 'utf8').matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap(([comment]) =>
      claimsOf(comment).map(({ expression, claim }): [string, string, string] => [expression, claim, file]),
    ),
  );

  it('are many', () => expect(claims.length).toBeGreaterThan(200));

  it.each(claims)('%s is %s (%s)', (expression, claim) => {
    const expected = valueOf(claim);
    if (expected === undefined) return;
    const value = evaluateAlone(expression);
    if (value === undefined) return;
    const actual = plain(value);
    const isEach = /^\S+ (?:each|everywhere)/.test(claim);
    const elements = isEach ? [actual].flat(Infinity) : [actual];
    expect(
      elements.every((one) => isClose(one, plain(expected))),
      `${expression} is ${JSON.stringify(actual)}, not ${claim}`,
    ).toBe(true);
  });
});
