/** @file Type errors of cells: their places, what they know of earlier cells, what is no error in a notebook. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Notebook } from './notebook.ts';

let notebook: Notebook;
beforeAll(async () => {
  notebook = new Notebook();
  await notebook.service.start();
});
afterAll(() => notebook.close());
beforeEach(() => notebook.service.reset());

describe('an error', () => {
  it('has the place and the span of the user`s text', async () => {
    expect(await notebook.service.check('const a = 1;\n\n  const b: string = a;', 'cell_1.ts')).toEqual([
      {
        code: 2322,
        message: "Type 'number' is not assignable to type 'string'.",
        line: 3,
        column: 9,
        start: 22,
        end: 23,
      },
    ]);
  });

  it.each<[source: string, error: string]>([
    ['"é😀".x', "1:7 2339 Property 'x' does not exist on type '\"é😀\"'."],
    ['{ a: 1, b: nope }', "1:12 2304 Cannot find name 'nope'."],
    ['{ a: 1,\n  b: nope }', "2:6 2304 Cannot find name 'nope'."],
    [
      'readFileSync("x")',
      "1:1 2304 Cannot find name 'readFileSync'. To import it: import { readFileSync } from 'node:fs'",
    ],
    ['tf.nothing', "1:4 2339 Property 'nothing' does not exist on type 'typeof tf'."],
    ['display.nothing', "1:9 2339 Property 'nothing' does not exist on type 'Display'."],
    ['const x: number = await Promise.resolve("s")', "1:7 2322 Type 'string' is not assignable to type 'number'."],
    [
      'import fs from "node:fs"; fs.nothing()',
      "1:30 2339 Property 'nothing' does not exist on type 'typeof import(\"node:fs\")'.",
    ],
    ['let u: string | undefined = process.env.X; u.length', "1:44 18048 'u' is possibly 'undefined'."],
    ['let list = [1]; let at: string = list[0]', "1:21 2322 Type 'number' is not assignable to type 'string'."],
  ])('in %j', async (source, error) => {
    expect(await notebook.check(source)).toEqual([error]);
  });

  it.each([
    '1 + 1',
    '"text"',
    '{}',
    '{ a: 1 }',
    'const unused = 1; function alsoUnused() {}',
    'function untyped(x, { y }) { return x + y }',
    'let later; later = 5; later.toFixed()',
    'const nothing = []; nothing.push(1)',
    'await new Promise(resolve => setTimeout(resolve, 1))',
    'for await (const x of [1]) {}',
    'fetch; URL; structuredClone; Buffer; process; console; setTimeout; performance',
    'import.meta.dirname',
    'const t: tf.Tensor | undefined = undefined; t',
    'display("x"); clearOutput()',
    'import * as runtime from "tensorcell"; runtime.Tensor',
    'enum E { A } namespace N { export const x = E.A } N.x',
    'using r = { [Symbol.dispose]() {} }',
    'export const exported = 1; export default exported',
    '// only a comment',
    '',
    '   ',
  ])('is not in %j', async (source) => {
    expect(await notebook.check(source)).toEqual([]);
  });
});

describe('later cells', () => {
  it('know the types of every kind of declaration', async () => {
    await notebook.run('const c = 1 as const; let l = "s"; var v = true; const { p, q: [r] } = { p: 1, q: ["r"] }');
    await notebook.run(
      'function f(x: number) { return `${x}` } class C<T> { constructor(readonly item: T) {} } async function* g() { yield 1 }',
    );
    await notebook.run(
      'interface I { n: number } type U = I | C<string>; enum E { A = "a" } namespace N { export type T = number; export const z = 1 }',
    );
    expect(
      await notebook.run(
        'const all: [1, string, boolean, number, string] = [c, l, v, p, r];\n' +
          'const i: I = { n: 1 }; const u: U = new C("x"); const e: E = E.A; const t: N.T = N.z; f(1).length; g().next()',
      ),
    ).toEqual([]);
    expect(await notebook.check('const w: 2 = c')).toEqual(["1:7 2322 Type '1' is not assignable to type '2'."]);
    expect(await notebook.check('f("x")')).toEqual([
      "1:3 2345 Argument of type 'string' is not assignable to parameter of type 'number'.",
    ]);
    expect(await notebook.check('const bad: I = { n: "x" }')).toEqual([
      "1:18 2322 Type 'string' is not assignable to type 'number'.",
    ]);
  });

  it('may assign variables, not constants and functions', async () => {
    await notebook.run('let l = 1; const c = 1; function f() {}');
    expect(await notebook.check('l = 2; l++')).toEqual([]);
    expect(await notebook.check('l = "s"')).toEqual(["1:1 2322 Type 'string' is not assignable to type 'number'."]);
    expect(await notebook.check('c = 2')).toEqual(["1:1 2632 Cannot assign to 'c' because it is a constant."]);
    expect(await notebook.check('f = 2')).toEqual(["1:1 2632 Cannot assign to 'f' because it is a function."]);
  });

  it('see the newest of several declarations, of any kind', async () => {
    await notebook.run('const x = 1; type T = number');
    await notebook.run('const usesFirst = x');
    expect(await notebook.run('const x = "now text"; interface T { a: string }')).toEqual([]);
    expect(await notebook.check('x.toUpperCase(); const t: T = { a: x }; usesFirst.toFixed()')).toEqual([]);
    await notebook.run('function x() { return true }');
    expect(await notebook.check('const b: boolean = x()')).toEqual([]);
    await notebook.run('class x { y = 1 }');
    expect(await notebook.check('const n: number = new x().y; let typed: x')).toEqual([]);
  });

  it('see a value and a type of one name from two cells, either of them run again', async () => {
    await notebook.run('interface Pair<T = number> { left: T; right: T }');
    expect(await notebook.run('const Pair = { of: <T>(left: T, right: T): Pair<T> => ({ left, right }) }')).toEqual([]);
    expect(await notebook.run('const pair: Pair = Pair.of(1, 2)')).toEqual([]);
    expect(await notebook.check('const bad: Pair<string> = Pair.of(1, 2)')).toHaveLength(1);
    await notebook.run('const Pair = { of: <T>(left: T): Pair<T> => ({ left, right: left }) }');
    expect(await notebook.check('const again: Pair<string> = Pair.of("x"); Pair.of(1, 2)')).toEqual([
      '1:54 2554 Expected 1 arguments, but got 2.',
    ]);
    await notebook.run('type Pair<T = number> = { left: T; right: T; sum: T }');
    expect(await notebook.check('let third: Pair; third = { left: 1, right: 2 }; Pair.of("x")')).toHaveLength(1);
    // What is both takes the place of both.
    await notebook.run('class Pair { only = 1 }');
    expect(await notebook.check('const p: Pair = new Pair(); p.only.toFixed()')).toEqual([]);
  });

  it('may declare the names of the globals', async () => {
    await notebook.run('const tf = 5; let display = "d"');
    expect(await notebook.check('tf.toFixed(); display.length')).toEqual([]);
    expect(await notebook.run('const display = (x: number) => x; display(1)')).toEqual([]);
  });

  it('find imports of earlier cells, and types among them', async () => {
    notebook.file('shapes.ts', 'export interface Square { side: number }\nexport const unit: Square = { side: 1 }');
    await notebook.run(
      'import { readFileSync as read } from "node:fs"; import * as path from "node:path"; import type { Square } from "./shapes"; import { unit } from "./shapes.ts"',
    );
    expect(
      await notebook.check('const text: string = read(path.join("a", "b"), "utf8"); const s: Square = unit'),
    ).toEqual([]);
    expect(await notebook.check('const s: Square = { side: "x" }')).toEqual([
      "1:21 2322 Type 'string' is not assignable to type 'number'.",
    ]);
  });

  it('find what a cell added to the global scope', async () => {
    await notebook.run(
      'declare global { interface Array<T> { second(): T } }\nArray.prototype.second = function () { return this[1] }',
    );
    expect(await notebook.check('[1, 2].second().toFixed()')).toEqual([]);
  });

  it('know nothing after a reset', async () => {
    await notebook.run('const gone = 1');
    await notebook.service.reset();
    expect(await notebook.check('gone')).toEqual(["1:1 2304 Cannot find name 'gone'."]);
    await notebook.run('const gone = "again"');
    expect(await notebook.check('gone.length')).toEqual([]);
  });

  it('keep the types that they took from cells which were run again', async () => {
    await notebook.run('const source = { value: 1 }; const same = "s"');
    await notebook.run('const taken = source');
    for (let i = 0; i < 3; i++)
      await notebook.run('const source = "again"; const same = true; type Source = typeof taken');
    expect(
      await notebook.check('const n: number = taken.value; const s: string = source; const t: Source = taken'),
    ).toEqual([]);
  });

  it('are checked as the first ones are after 200 others', async () => {
    await notebook.run('const value0 = 0; let total = 0');
    for (let i = 1; i <= 200; i++) {
      await notebook.service.commit(
        `const value${i} = value${i - 1} + 1; total += value${i}; function get${i}() { return value${i} }`,
        '',
      );
    }
    expect(await notebook.check('const n: number = value200 + get7() + total')).toEqual([]);
    expect(await notebook.check('const s: string = value200')).toEqual([
      "1:7 2322 Type 'number' is not assignable to type 'string'.",
    ]);
  }, 240_000);
});

describe('modules', () => {
  it('of the notebook`s folder are found with any ending', async () => {
    notebook.file('m.ts', 'export const m = 1');
    notebook.file('folder/index.ts', 'export const inner = 1');
    notebook.file('plain.js', '/** @param {number} x */ export function twice(x) { return 2 * x }');
    notebook.file('data.json', '{ "rows": [{ "a": 1 }] }');
    expect(
      await notebook.check(
        'import { m } from "./m"; import { m as m2 } from "./m.ts"; import { m as m3 } from "./m.js"; import { inner } from "./folder";\n' +
          'import { twice } from "./plain.js"; import data from "./data.json" with { type: "json" };\n' +
          'const sum: number = m + m2 + m3 + inner + twice(1) + data.rows[0].a',
      ),
    ).toEqual([]);
    expect(await notebook.check('import data from "./data.json"; data.rows[0].b')).toEqual([
      "1:46 2339 Property 'b' does not exist on type '{ a: number; }'.",
    ]);
  });

  it('that were edited are read anew, and those that they import', async () => {
    notebook.file('deep.ts', 'export const deep = 1');
    notebook.file('edited.ts', 'export { deep } from "./deep"; export const own = 1');
    expect(await notebook.run('import { deep, own } from "./edited"; deep.toFixed(); own.toFixed()')).toEqual([]);
    notebook.file('deep.ts', 'export const deep = "text"');
    expect(await notebook.check('deep.toFixed()')).toHaveLength(1);
    notebook.file('edited.ts', 'export { deep } from "./deep"; export const own = "longer text"');
    expect(await notebook.check('deep.length + own.length')).toEqual([]);
  });

  it('that are missing are named, and found once they come', async () => {
    expect(await notebook.check('import { late } from "./late"')).toEqual([
      `1:22 2307 Cannot find the module './late' from ${notebook.folder}.`,
    ]);
    expect(await notebook.check('import { a } from "some-package/sub"')).toEqual([
      `1:19 2307 Cannot find the package 'some-package/sub' from ${notebook.folder}. Install it there: npm install some-package`,
    ]);
    notebook.file('late.ts', 'export const late = 1');
    notebook.file(
      'node_modules/some-package/package.json',
      '{ "name": "some-package", "exports": { "./sub": { "types": "./sub.d.ts" } } }',
    );
    notebook.file('node_modules/some-package/sub.d.ts', 'export const a: string');
    expect(await notebook.check('import { late } from "./late"; late.toFixed()')).toEqual([]);
    expect(await notebook.check('import { a } from "some-package/sub"; a.length')).toEqual([]);
  });

  it('without types are `any`', async () => {
    notebook.file('node_modules/untyped/package.json', '{ "name": "untyped", "main": "index.js" }');
    notebook.file('node_modules/untyped/index.js', 'module.exports = { f() {} }');
    notebook.file(
      'node_modules/import-only/package.json',
      '{ "name": "import-only", "exports": { "import": "./x.mjs" } }',
    );
    notebook.file('node_modules/import-only/x.mjs', 'export const x = 1');
    expect(
      await notebook.run('import untyped from "untyped"; import { x } from "import-only"; untyped.f(x.y)'),
    ).toEqual([]);
    expect(await notebook.check('untyped.anything().at.all')).toEqual([]);
  });

  it('leave no trace in the notebook`s folder', async () => {
    notebook.file('tsconfig.json', '{ "compilerOptions": { "strict": false, "types": ["nothing-there"] } }');
    expect(await notebook.run('const kept = 1')).toEqual([]);
    expect(readdirSync(notebook.folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
