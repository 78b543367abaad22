/** @file Completion in a cell that is being written. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CompletionItem } from '../../kernel/typescript/contract.ts';
import { Notebook } from './notebook.ts';

let notebook: Notebook;
beforeAll(async () => {
  notebook = new Notebook();
  notebook.file('module.ts', 'export const exported = 1; export interface Exported {}');
  await notebook.service.start();
  await notebook.run('/** The answer. */ const answer = 42; let counter = 1; class Counter { step = 1; next() {} }');
  await notebook.run('/** Adds.\n * @param a the first\n */\nfunction addUp(a: number, b = 2) { return a + b }');
});
afterAll(() => notebook.close());

describe('completion', () => {
  it('offers the members of a value, best first', async () => {
    const { items, replaced } = await notebook.complete('answer.|');
    expect(items[0]).toEqual({
      text: 'toExponential',
      kind: 'method',
      signature: '(fractionDigits?: number | undefined): string',
    });
    expect(replaced).toBe('');
  });

  it('offers what fits the word being written, in the middle of a cell too', async () => {
    const { items, start, end } = await notebook.complete('const s = "text";\ns.toU| + 1\nanswer');
    expect(items).toEqual([{ text: 'toUpperCase', kind: 'method', signature: '(): string' }]);
    expect([start, end]).toEqual([20, 23]);
  });

  it.each<[text: string, item: CompletionItem]>([
    ['answ|', { text: 'answer', kind: 'const', signature: '42' }],
    ['coun|', { text: 'counter', kind: 'let', signature: 'number' }],
    ['new Coun|', { text: 'Counter', kind: 'constructor', signature: '(): Counter' }],
    ['addU|', { text: 'addUp', kind: 'function', signature: '(a: number, b?: number): number' }],
    ['const local = 1; console.log(loc|)', { text: 'local', kind: 'const', signature: '1' }],
    ['new Counter().|', { text: 'step', kind: 'property', signature: 'number' }],
    ['new Counter().ne|', { text: 'next', kind: 'method', signature: '(): void' }],
    ['addUp(|', { text: 'answer', kind: 'const', signature: '42' }],
    ['|', { text: 'answer', kind: 'const', signature: '42' }],
    ['disp|', { text: 'display', kind: 'const', signature: 'Display' }],
    ['let t: tf.Ten|', { text: 'Tensor', kind: 'class' }],
    ['func|', { text: 'function', kind: 'keyword' }],
    ['import { | } from "./module"', { text: 'exported', kind: 'const', signature: '1' }],
    ['import { x } from "./mod|"', { text: 'module.ts', kind: 'script' }],
    ['import fs from "node:fs/pro|"', { text: 'promises', kind: 'module' }],
    ['const o: { a?: { b: number } } = {}; o.a.|', { text: '?.b', kind: 'property', signature: 'number' }],
  ])('at %s', async (text, item) => {
    expect((await notebook.complete(text)).items).toContainEqual(item);
  });

  it('offers the runtime after `tf.`', async () => {
    const { texts } = await notebook.complete('tf.|');
    expect(texts).toContain('Tensor');
  });

  it('offers nothing that would need an import where no word has begun, and nothing of its own', async () => {
    const { texts } = await notebook.complete('|');
    expect(texts.filter((text) => text.includes('readFileSync'))).toEqual([]);
    expect(texts.filter((text) => text.includes('tensorcell'))).toEqual([]);
    const modules = (await notebook.complete('import x from "|"')).texts;
    expect(modules).toContain('tensorcell');
    expect(modules.filter((text) => /^[._].*tensorcell/.test(text))).toEqual([]);
  });

  it('replaces the dot where the value may be absent', async () => {
    expect((await notebook.complete('const o: { a?: { b: number } } = {}; o.a.|')).replaced).toBe('.');
  });

  it('knows the literals of a union, the keys of an object, the members of what was awaited', async () => {
    const declared = 'function g(o: { mode: "train" | "test"; n?: number }, m?: "adam" | "sgd") {} ';
    const complete = async (text: string) => (await notebook.complete(declared + text, '^')).items;
    expect(await complete('g({ ^ })')).toMatchObject([{ text: 'mode' }, { text: 'n' }]);
    expect(await complete('g({ mode: "t^" })')).toEqual([
      { text: 'test', kind: 'literal' },
      { text: 'train', kind: 'literal' },
    ]);
    const texts = (await complete('g({ mode: "test" }, ^)')).map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(["'adam'", "'sgd'"]));
    expect(await complete('const p = Promise.resolve({ inner: 1 }); (await p).^')).toMatchObject([{ text: 'inner' }]);
    expect(await complete('const o = { "a b": 1 }; o["^"]')).toMatchObject([{ text: 'a b' }]);
  });

  it('has nothing for what nothing fits', async () => {
    expect(await notebook.complete('answer.zzz|')).toMatchObject({ items: [], start: 7, end: 10 });
  });
});

describe('modules in strings', () => {
  beforeAll(() => {
    notebook.file('data.json', '{ "a": 1 }');
    notebook.file('folder/deep.ts', 'export const deep = 1');
    notebook.file('package.json', '{ "dependencies": { "with-exports": "1.0.0" } }');
    const exports = {
      '.': { types: './index.d.ts', default: './index.js' },
      './sub': { types: './sub.d.ts', default: './sub.js' },
    };
    notebook.file('node_modules/with-exports/package.json', JSON.stringify({ name: 'with-exports', exports }));
    notebook.file('node_modules/with-exports/index.js', 'export const fromIndex = 1');
    notebook.file(
      'node_modules/with-exports/index.d.ts',
      'export const fromIndex: number; export interface Shape { a: 1 }',
    );
    notebook.file('node_modules/with-exports/sub.js', 'export const fromSub = 1');
    notebook.file('node_modules/with-exports/sub.d.ts', 'export const fromSub: number');
  });

  it.each<[text: string, expected: string, replaced: string]>([
    ['import fs from "node:f|"', 'node:fs', 'node:f'],
    ['import { x } from "with-e|"', 'with-exports', 'with-e'],
    ['import { x } from "with-exports/|"', 'sub', ''],
    ['export * from "./fol|"', 'folder', 'fol'],
    ['import { x } from "./folder/|"', 'deep.ts', ''],
    ['import data from "./da|" with { type: "json" }', 'data.json', 'da'],
    ['const m = await import("./mod|")', 'module.ts', 'mod'],
    ['const m = require("node:pa|")', 'node:path', 'node:pa'],
  ])('at %s', async (text, expected, replaced) => {
    const found = await notebook.complete(text);
    expect(found.texts).toContain(expected);
    expect(found.replaced).toBe(replaced);
  });
});

describe('names that need an import', () => {
  /** The cell after the item with this name was chosen. */
  async function accept(text: string, name: string): Promise<string[]> {
    const { items, start, end } = await notebook.complete(text);
    const source = text.replace('|', '');
    const cells = items
      .filter((item) => item.text.endsWith(name))
      .map((item) => source.slice(0, start) + item.text + source.slice(end));
    const plain = text.replace(/[\p{ID_Continue}$]*\|/u, name);
    return cells.filter((cell) => cell !== plain);
  }

  it('bring it, from wherever in the cell', async () => {
    expect(await accept('readFileSy|', 'readFileSync')).toEqual([
      "import { readFileSync } from 'node:fs';\nreadFileSync",
    ]);
    expect(await accept('const a = 1;\nconst text = readFileSy|("x")', 'readFileSync')).toEqual([
      'import { readFileSync } from \'node:fs\';\nconst a = 1;\nconst text = readFileSync("x")',
    ]);
    expect(await accept('function f() {\n  return fromInd|;\n}', 'fromIndex')).toEqual([
      "import { fromIndex } from 'with-exports';\nfunction f() {\n  return fromIndex;\n}",
    ]);
  });

  it('join an import of their module, and stand after other imports', async () => {
    expect(
      await accept("import { writeFileSync } from 'node:fs';\nwriteFileSync('x', readFileSy|)", 'readFileSync'),
    ).toEqual(["import { writeFileSync, readFileSync } from 'node:fs';\nwriteFileSync('x', readFileSync)"]);
    const [cell, ...others] = await accept("import { join } from 'node:path';\n\nreadFileSy|", 'readFileSync');
    expect(others).toEqual([]);
    expect(cell.match(/^import .*$/gm)).toHaveLength(2);
    expect(await notebook.check(cell)).toEqual([]);
  });

  it('stand beside the plain name where the text reaches over code, so that no list begins alike', async () => {
    const { items } = await notebook.complete('console.log(readFileSy|');
    expect(items.map(({ text }) => text)).toEqual([
      "import { readFileSync } from 'node:fs';\nconsole.log(readFileSync",
      'console.log(readFileSync',
    ]);
  });

  it('are plain where the cell has a longer word, which JupyterLab would put beside them', async () => {
    expect((await notebook.complete('fs.readFileSync; const x = readFileSy|')).texts).toEqual(['readFileSync']);
  });

  it('may be types: those are imported as such', async () => {
    expect(await accept('let options: ReadStreamOpt|', 'ReadStreamOptions')).toEqual([
      "import type { ReadStreamOptions } from 'node:fs';\nlet options: ReadStreamOptions",
    ]);
    expect(await accept('const f = (request: IncomingMessa|) => request', 'IncomingMessage')).toEqual([
      "import { IncomingMessage } from 'node:http';\nconst f = (request: IncomingMessage) => request",
    ]);
    expect(await accept('let shape: Shap|', 'Shape')).toEqual([
      "import type { Shape } from 'with-exports';\nlet shape: Shape",
    ]);
    const [joined] = await accept('import { fromIndex } from "with-exports";\nlet shape: Shap|', 'Shape');
    expect(joined).toBe('import { fromIndex, type Shape } from "with-exports";\nlet shape: Shape');
    expect(await notebook.check(joined)).toEqual([]);
    expect(await accept("import type { PathLike } from 'fs';\nlet mode: OpenMod|", 'OpenMode')).toEqual([
      "import type { PathLike, OpenMode } from 'fs';\nlet mode: OpenMode",
    ]);
    const inTypes = (await notebook.complete('let x: readFileSy|')).texts;
    expect(inTypes).toEqual([]);
    expect((await notebook.complete('const x = ReadStreamOpt|')).texts).toEqual([]);
  });

  it('keep the place of magics, whose lines are blank here', async () => {
    expect(await accept('          \nx = readFileSy|', 'readFileSync')).toEqual([
      "          \nimport { readFileSync } from 'node:fs';\nx = readFileSync",
    ]);
  });

  it('are plain among others, and bring their import when asked for again', async () => {
    const among = await notebook.complete('const t = read|');
    expect(among.texts).toEqual(expect.arrayContaining(['readonly', 'readFileSync']));
    expect(among.items.find(({ text }) => text === 'readFileSync')?.signature).toBe('from node:fs');
    expect(await accept('const t = readFileSync|', 'readFileSync')).toEqual([
      "import { readFileSync } from 'node:fs';\nconst t = readFileSync",
    ]);
  });

  it('are not offered where the name is known, nor from our own modules', async () => {
    await notebook.run("import { basename } from 'node:path'; const myOwnName = 1");
    expect((await notebook.complete('const b = basena|')).texts).toEqual(['basename']);
    expect((await notebook.complete('const b = myOwnN|')).texts).toEqual(['myOwnName']);
    expect((await notebook.complete('new UR|')).texts).toContain('URL');
    expect((await notebook.complete('matM|')).texts).toEqual([]);
    expect((await notebook.complete('pathToFileU|')).items).toHaveLength(1); // not from `url` and `node:url`
  });
});
