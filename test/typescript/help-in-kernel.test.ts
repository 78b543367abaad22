/**
 * @file Completion and inspection through a real kernel: values of the cell process, files, positions, beside a busy cell. A
 * cell process that is slow is not waited for, so on a loaded machine a value may be missing: those tests try again.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, startKernel, type TestKernel } from '../kernel/real-kernel.ts';

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startKernel();
  mkdirSync(join(kernel.folder, 'sub'));
  writeFileSync(join(kernel.folder, 'data.json'), '{}');
  writeFileSync(join(kernel.folder, 'sub', 'deep.csv'), '');
  await run('const data = JSON.parse(`{ "rows": [{ "a b": 1, "age": [1, 2] }], "title": "x" }`); let counter = 5');
  await run(
    'let touched = "";\n' +
      'class Point { x = [1, 2, 3]; get y() { touched += "getter "; return 1 } }\n' +
      'const point: any = new Point();\n' +
      'const proxy: any = new Proxy({}, { ownKeys() { touched += "keys "; return [] }, get() { touched += "get " } });\n' +
      'const tensor = tf.zeros([2, 3]);',
  );
});
afterAll(() => kernel.dispose());

async function run(code: string): Promise<void> {
  expect(failure(await kernel.client.execute(code))).toBe('ok');
}

/** Completes at `|`. */
async function complete(text: string) {
  const code = text.replace('|', '');
  const reply = await kernel.client.complete(code, [...text.slice(0, text.indexOf('|'))].length);
  const points = [...code];
  return {
    ...reply,
    items: reply.metadata._jupyter_types_experimental ?? [],
    replaced: points.slice(reply.cursor_start, reply.cursor_end).join(''),
  };
}

/** The plain text about what stands at `|`. */
async function inspect(text: string, detail: 0 | 1 = 0): Promise<unknown> {
  const cursor = [...text.slice(0, text.indexOf('|'))].length;
  return (await kernel.client.inspect(text.replace('|', ''), cursor, undefined, detail)).data['text/plain'];
}

describe('completion', { retry: 3 }, () => {
  it('gives the types that front ends show, one for each match', async () => {
    const { matches, items, cursor_start: start, cursor_end: end } = await complete('"😀".toUpp|');
    expect(matches).toEqual(['toUpperCase']);
    expect([start, end]).toEqual([4, 9]);
    expect(items).toEqual([{ text: 'toUpperCase', type: 'method', signature: '(): string', start: 4, end: 9 }]);
  });

  it('knows the members of values without types', async () => {
    expect((await complete('data.|')).items).toMatchObject([
      { text: 'rows', type: 'property', signature: 'Array(1)' },
      { text: 'title', type: 'property', signature: 'string' },
    ]);
    expect((await complete('"😀" + data.rows[0].a|')).matches).toEqual(['age']);
    expect((await complete('data.rows[0]["|"]')).matches).toEqual(['a b', 'age']);
    expect((await complete('data.rows.ma|')).items).toMatchObject([{ text: 'map', type: 'method' }]);
    expect((await complete('data.nothing.|')).matches).toEqual([]);
  });

  it('runs no code for that', async () => {
    expect((await complete('point.|')).matches).toEqual(['x', 'y']);
    expect((await complete('point.y.|')).matches).toEqual([]);
    expect((await complete('proxy.|')).matches).toEqual([]);
    expect(await inspect('proxy|')).toContain('Proxy');
    expect(await inspect('point|')).toContain('Now Point');
    await run('if (touched !== "") throw new Error(touched)');
  });

  it('offers files in strings, from where the cells are', async () => {
    const found = await complete('await fetch("./|")');
    expect(found.items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ text: 'data.json', type: 'file' }),
        expect.objectContaining({ text: 'sub/', type: 'directory' }),
      ]),
    );
    const deep = await complete("open('sub/de|')");
    expect([deep.matches, deep.replaced]).toEqual([['deep.csv'], 'de']);
    expect((await complete('import x from "data|"')).matches).toEqual([]);
    await run('process.chdir("sub")');
    expect((await complete('open("de|")')).matches).toEqual(['deep.csv']);
    await run('process.chdir("..")');
  });

  it('brings imports along', async () => {
    const { matches, cursor_start: start, replaced } = await complete('"😀";\nconst text = readFileSy|');
    expect(start).toBe(0);
    expect(replaced).toBe('"😀";\nconst text = readFileSy');
    expect(matches[0]).toBe('import { readFileSync } from \'node:fs\';\n"😀";\nconst text = readFileSync');
    await run(`${matches[0]}('data.json')`);
  });
});

it('values of any size are looked at, the elements of lists and large objects not', async () => {
  await run(
    'const list: any = Array.from({ length: 2_000_000 }, (_, i) => i); const text: any = "x".repeat(1_000_000);\n' +
      'const bytes: any = new Uint8Array(10_000_000); const table: any = Object.fromEntries(list.slice(0, 1000).map((i: number) => [`k${i}`, i]))',
  );
  await expect.poll(async () => (await complete('list.fl|')).matches).toEqual(['flat', 'flatMap']);
  await expect.poll(async () => (await complete('text.toUpp|')).matches).toEqual(['toUpperCase']);
  await expect.poll(async () => (await complete('bytes.subar|')).matches).toEqual(['subarray']);
  expect(await inspect('list|')).toMatch(/Now Array\(2000000\)\n\[\s+0, 1, 2,[^]*more items/);
  expect(await inspect('bytes|')).toContain('Uint8Array(10000000)');
  expect(await inspect('table|')).toBe('const table: any\n\nNow Object');
  await run('const nested: any = new Map([["words", table]]); const few: any = new Map([["a", { b: 1 }]])');
  await expect.poll(() => inspect('nested|')).toBe('const nested: any\n\nNow Map(1)');
  await expect.poll(() => inspect('few|')).toContain("Map(1) { 'a' => { b: 1 } }");
});

it('the name that a class computes for its values is not asked for', async () => {
  await run(
    'let computed = 0; class Tagged { x = 1; get [Symbol.toStringTag]() { computed++; return "T" } }; const tagged: any = new Tagged()',
  );
  await expect.poll(() => inspect('tagged|')).toBe('const tagged: any\n\nNow Tagged');
  expect(failure(await kernel.client.execute('if (computed > 0) throw new Error(`asked ${computed} times`)'))).toBe(
    'ok',
  );
});

describe('inspection', { retry: 3 }, () => {
  it('tells what a variable is now', async () => {
    expect(await inspect('coun|ter')).toBe('let counter: number\n\nNow number: 5');
    await run('counter = 7');
    expect(await inspect('coun|ter')).toBe('let counter: number\n\nNow number: 7');
    expect(await inspect('data.ro|ws')).toBe("Now Array(1): [ { 'a b': 1, age: [Array] } ]");
    expect(await inspect('tens|or')).toBe('const tensor: tf.Tensor\n\nNow Tensor float32 [2, 3]');
    expect(await inspect('Poi|nt')).toBe('class Point');
    expect(await inspect('const here = "é"; he|re')).toBe('const here: "é"');
  });

  it('shows the source when asked for more, and to `name??`', async () => {
    expect(await inspect('coun|ter', 1)).toContain('Source (cell_1.ts:1)\nlet counter = 5\n\nNow number: 7');
    const { reply } = await kernel.client.execute('counter??');
    expect(reply).toMatchObject({
      payload: [{ source: 'page', data: { 'text/plain': expect.stringContaining('Source (cell_1.ts:1)') as string } }],
    });
    const short = await kernel.client.execute('counter?');
    expect(JSON.stringify(short.reply)).not.toContain('Source');
  });
});

it('what types and files tell is told while a cell computes', async () => {
  const cell = kernel.client.execute('for (;;) {}');
  try {
    await expect.poll(async () => (await complete('data.|')).matches).toEqual([]);
    expect((await complete('counter.toFi|')).matches).toEqual(['toFixed']);
    expect((await complete('open("data|")')).matches).toEqual(['data.json']);
    expect(await inspect('coun|ter')).toBe('let counter: number');
  } finally {
    await kernel.client.interrupt();
    await cell;
  }
  await expect.poll(async () => (await complete('data.|')).matches).toEqual(['rows', 'title']);
});
