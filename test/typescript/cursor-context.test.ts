/** @file What stands at the cursor: code, comments, strings, chains of members. */
import { describe, expect, it } from 'vitest';
import { chainAt, contextAt, memberAccessAt } from '../../kernel/typescript/cursor-context.ts';

const at = <Result>(text: string, ask: (source: string, offset: number) => Result): Result =>
  ask(text.replace('|', ''), text.indexOf('|'));

describe('the context', () => {
  it.each<[text: string, context: string]>([
    ['a + |', 'code'],
    ['"a" + |', 'code'],
    ['f("a|', 'string'],
    ["f('it\\'s|", 'string'],
    ['`text |', 'string'],
    ['`${a} |', 'string'],
    ['`${a + |', 'code'],
    ['`${{ a: 1 }.|', 'code'],
    ['`${`${"x"}|', 'string'],
    ['// "|', 'comment'],
    ['// "\n|', 'code'],
    ['/* a\n|', 'comment'],
    ['/* a */|', 'code'],
    ['/"/.test("|', 'string'],
    ['return /[/"]/.exec(|', 'code'],
    ['a / b / "|', 'string'],
    ['x = a / 2; y = "|', 'string'],
    ['"not closed\n|', 'code'],
    ['|', 'code'],
  ])('of %j', (text, context) => {
    expect(at(text, contextAt).in).toBe(context);
  });

  it('tells where a string begins', () => {
    expect(at('f("ab|")', contextAt)).toEqual({ in: 'string', quote: '"', start: 3, isComputed: false });
    expect(at('`a${b}c|', contextAt)).toEqual({ in: 'string', quote: '`', start: 6, isComputed: true });
  });
});

describe('a member being written', () => {
  it.each<[text: string, path: (string | number)[] | undefined, written?: string]>([
    ['data.|', ['data'], ''],
    ['f(data.rows[0].na|', ['data', 'rows', 0], 'na'],
    ['data?.rows!.|', ['data', 'rows'], ''],
    ['data["a b"].|', ['data', 'a b'], ''],
    ['data["ro|', ['data'], 'ro'],
    ["data.rows[0]?.['|", ['data', 'rows', 0], ''],
    ['[...data.|', ['data'], ''],
    ['await data.|', ['data'], ''],
    ['`${data.ro|', ['data'], 'ro'],
    ['f().data.|', undefined],
    ['f().|', undefined],
    ['data|', undefined],
    ['// data.|', undefined],
    ['"data.|', undefined],
    ['1.|', undefined],
  ])('%j', (text, path, written) => {
    const found = at(text, memberAccessAt);
    expect(found?.path).toEqual(path);
    if (found) expect(text.slice(found.start, text.indexOf('|'))).toBe(written);
  });
});

it.each<[text: string, chain: (string | number)[] | undefined]>([
  ['da|ta.rows', ['data']],
  ['data.ro|ws', ['data', 'rows']],
  ['data[0].x|', ['data', 0, 'x']],
  ['f(x).y|', undefined],
  ['1 + 2|', undefined],
  ['"data|"', undefined],
])('the chain at %j', (text, chain) => {
  expect(at(text, chainAt)).toEqual(chain);
});
