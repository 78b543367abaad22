/** @file What is said about names and calls in a cell. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Notebook } from './notebook.ts';

const documented = `/**
 * Adds numbers, as {@link Math.max} does not; see {@link https://example.com/sums | sums}.
 *
 * @typeParam T what is added
 * @param a the first, **not** null
 * @param b the second
 * @returns the sum
 * @throws RangeError when it is too big
 * @example
 * const five = sum(2, 3); // a * b * c
 * @see https://example.com/see
 */
function sum<T>(a: T, b?: number): number;
function sum(a: string): string;
function sum(a: any, b?: any): any {
  return a + b;
}`;

let notebook: Notebook;
beforeAll(async () => {
  notebook = new Notebook();
  notebook.file(
    'module.ts',
    '// first line\n\n/** From a file. */\nexport function local(x: number) {\n  return x;\n}\n',
  );
  await notebook.service.start();
  await notebook.run('/** The answer. */ const answer = 42; let counter = 1; class Counter { step = 1; next() {} }');
  await notebook.run('/** Adds.\n * @param a the first\n */\nfunction addUp(a: number, b = 2) {\n  return a + b;\n}');
  await notebook.run(documented);
  await notebook.run('let other = 1;\ncounter = 5;');
});
afterAll(() => notebook.close());

describe('a name', () => {
  it.each<[text: string, description: string]>([
    ['ans|wer', 'const answer: 42\n\nThe answer.'],
    ['1 + answer|', 'const answer: 42\n\nThe answer.'],
    ['"😀" + ans|wer', 'const answer: 42\n\nThe answer.'],
    ['counter|', 'let counter: number'],
    ['Counter|', 'class Counter'],
    ['addUp|', 'function addUp(a: number, b?: number): number\n\nAdds.\n\nParameters\n  a — the first'],
    ['addUp(ans|wer)', 'const answer: 42\n\nThe answer.'],
    ['const own = "text"; own.len|gth', '(property) String.length: number\n\nReturns the length of a String object.'],
  ])('at %s', async (text, description) => {
    expect(await notebook.inspect(text)).toBe(description);
  });

  it('has its documentation in sections, as Markdown and without its marks', async () => {
    const found = await notebook.service.inspect('sum', 1);
    expect(found?.markdown).toBe(
      [
        '```typescript\nfunction sum<T>(a: T, b?: number): number\nfunction sum(a: string): string\n```' +
          '\n\nAdds numbers, as `Math.max` does not; see [sums](https://example.com/sums).',
        '**Type parameters**\n\n- `T` — what is added',
        '**Parameters**\n\n- `a` — the first, **not** null\n- `b` — the second',
        '**Returns**\n\nthe sum',
        '**Throws**\n\nRangeError when it is too big',
        '**Example**\n\n```ts\nconst five = sum(2, 3); // a * b * c\n```',
        '**See**\n\nhttps://example.com/see',
      ].join('\n\n'),
    );
    expect(found?.plain).toBe(
      [
        'function sum<T>(a: T, b?: number): number\nfunction sum(a: string): string',
        'Adds numbers, as Math.max does not; see sums (https://example.com/sums).',
        'Type parameters\n  T — what is added',
        'Parameters\n  a — the first, not null\n  b — the second',
        'Returns\nthe sum',
        'Throws\nRangeError when it is too big',
        'Example\nconst five = sum(2, 3); // a * b * c',
        'See\nhttps://example.com/see',
      ].join('\n\n'),
    );
  });

  it('of the runtime, of a package and of Node is described', async () => {
    expect(await notebook.inspect('tf.matM|ul')).toMatch(
      // Built, operations are declared as functions (scripts/declarations.mjs); in the sources they are constants.
      /^(?:function matMul|const matMul: )\(a: tf\.TensorLike[^]*Parameters\n {2}a — [^]*Returns\n/,
    );
    const node = await notebook.inspect('import { readFileSync } from "node:fs"; readFile|Sync');
    expect(node).toMatch(/^function readFileSync\(/);
    expect(node).toContain('documentation of the asynchronous version');
    expect(node).not.toMatch(/file:|\(alias\)|```|\*@/);
  });

  it('that nothing declares has nothing said of it', async () => {
    expect(await notebook.inspect('   |  ')).toBeUndefined();
    expect(await notebook.inspect('nope|')).toBeUndefined();
    expect(await notebook.inspect('// answ|er')).toBeUndefined();
  });
});

describe('a call', () => {
  it('shows the parameter that is written in bold, and what is said of it', async () => {
    const first = await notebook.service.inspect('addUp(', 6);
    expect(first?.markdown).toBe(
      '`addUp(`**`a: number`**`, b?: number): number`\n\nAdds.\n\n**Parameters**\n\n- **`a`** — the first',
    );
    expect(first?.plain).toBe('addUp(a: number, b?: number): number\n\nAdds.\n\nParameters\n  a — the first');
    const second = await notebook.service.inspect('addUp(1, )', 9);
    expect(second?.markdown).toMatch(/^`addUp\(a: number, `\*\*`b\?: number`\*\*`\): number`/);
    // In front of an argument its parameter is asked for, in it the name there.
    expect(await notebook.inspect('addUp(|answer)')).toMatch(/^addUp\(/);
  });

  it('shows every overload', async () => {
    const found = await notebook.service.inspect('sum("x", )', 9);
    expect(found?.markdown.split('\n\n', 1)[0].split('  \n')).toEqual([
      expect.stringMatching(/^`sum(<string>)?\(a: string, `\*\*`b\?: number`\*\*`\): number`$/),
      '`sum(a: string): string`',
    ]);
  });

  it('finds the call around nested ones and strings', async () => {
    expect(await notebook.inspect('addUp("a(b", |')).toMatch(/^addUp\(/);
    expect(await notebook.inspect('addUp(Math.max(1, |')).toMatch(/^max\(/);
    expect(await notebook.inspect('addUp(Math.max(1), |')).toMatch(/^addUp\(/);
  });
});

describe('with more detail', () => {
  const source = async (text: string) => (await notebook.inspect(text, 1))?.split(/^(?=Source \()/m)[1];

  it('the source of what a cell declared comes, from that cell', async () => {
    expect(await source('add|Up')).toBe(
      'Source (cell_2.ts:1)\n/** Adds.\n * @param a the first\n */\nfunction addUp(a: number, b = 2) {\n  return a + b;\n}',
    );
    expect(await source('Coun|ter')).toBe('Source (cell_1.ts:1)\nclass Counter { step = 1; next() {} }');
    expect(await source('new Counter().ne|xt')).toBe('Source (cell_1.ts:1)\nnext() {}');
    // A variable is declared again for the cell that may assign it.
    expect(await source('count|er')).toBe('Source (cell_1.ts:1)\nlet counter = 1;');
    expect(await source('const here = 1; he|re')).toBe('Source (this cell:1)\nconst here = 1;');
  });

  it('all overloads come with what implements them', async () => {
    expect(await source('su|m(1)')).toBe(`Source (cell_3.ts:1)\n${documented}`);
  });

  it('that of local modules and packages comes, what runs rather than what declares it', async () => {
    expect(await source('import { local } from "./module"; loc|al')).toBe(
      'Source (module.ts:3)\n/** From a file. */\nexport function local(x: number) {\n  return x;\n}',
    );
    notebook.file('node_modules/typed/package.json', '{ "name": "typed", "main": "./i.js", "types": "./i.d.ts" }');
    notebook.file('node_modules/typed/i.js', 'exports.typed = function typed(x) { return [x]; };');
    notebook.file('node_modules/typed/i.d.ts', 'export declare function typed(x: number): number[];');
    expect(await source('import { typed } from "typed"; typ|ed(1)')).toMatch(
      /^Source \(node_modules\/typed\/i\.js:1\)\n.*function typed\(x\) \{ return \[x\]; \}/,
    );
    expect(await source('tf.matM|ul')).toMatch(/^Source \(.*matrix\.[jt]s:\d+\)\n[^]*function matMul/);
    expect(await source('Math.ma|x')).toMatch(
      /^Source \(.*lib\.es5\.d\.ts:\d+\)\n[^]*max\(\.\.\.values: number\[\]\): number/,
    );
  });

  it('nothing more is said where no source is', async () => {
    expect(await notebook.inspect('t|f', 1)).not.toContain('Source');
    expect(await notebook.inspect('dis|play', 1)).not.toContain('Source');
    expect(await notebook.inspect('nope|', 1)).toBeUndefined();
  });
});
