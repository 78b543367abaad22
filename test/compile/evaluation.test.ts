/** @file Compiled cells in a real V8 REPL session: values, redeclaration, imports, TypeScript's own syntax. */
import { describe, expect, it } from 'vitest';
import { guarded, importCalls, provideModule, runCell } from './repl.ts';

describe('the value of a cell', () => {
  it.each<[source: string, value: unknown]>([
    ['1 + 1', 2],
    ['const a: number = 2; a * 3', 6],
    ['const b = 1', undefined],
    ['5; const c = 1', undefined],
    ['"just a string"', 'just a string'],
    ['{ a: 1, "b": [2] }', { a: 1, b: [2] }],
    ['{}', {}],
    ['{ const x = 1; x }', undefined],
    ['for (const x of [1, 2]) x', undefined],
    ['if (true) 5', undefined],
    ['(() => 7)() // a comment', 7],
    ['await new Promise(resolve => setTimeout(() => resolve(8), 1))', 8],
    ['let sum = 0; for await (const n of [1, 2]) sum += n; sum', 3],
    ['', undefined],
    ['/* nothing */', undefined],
    ['interface Point { x: number }', undefined],
    ['type T = string; ("x" as T)', 'x'],
    ['<number>5', 5],
    ['((x: unknown) => x as number satisfies number)(4)!', 4],
    ['const generic = <T,>(x: T): T => x; generic<number>(3)', 3],
    ['f(2); function f(n: number) { return n }', undefined],
    ['g(2); function g(n: number) { return n * 2 }; g(4)', 8],
    ['export const shown = 1; shown', 1],
    ['export default 5', undefined],
    ['export default function named() { return 1 }\nnamed()', 1],
    ['import.meta.dirname', '/notebooks'],
    ['`${1}${"x"}`', '1x'],
  ])('%s', async (source, value) => {
    expect(await runCell(source)).toEqual(value);
  });
});

describe('a name declared again', () => {
  const declarations: Record<
    string,
    [declare: (name: string) => string, read: (name: string) => string, value: unknown]
  > = {
    const: [(n) => `const ${n} = 1`, (n) => n, 1],
    let: [(n) => `let ${n} = 2`, (n) => n, 2],
    var: [(n) => `var ${n} = 3`, (n) => n, 3],
    'var in a block': [(n) => `if (true) { var ${n} = 4 }`, (n) => n, 4],
    'var in a loop': [(n) => `for (var ${n} = 0; ${n} < 5; ${n}++) {}`, (n) => n, 5],
    'var of a loop': [(n) => `for (var ${n} of [5, 6]) {}`, (n) => n, 6],
    pattern: [(n) => `const { ${n}, ...rest_${n} } = { ${n}: 7, x: 1 }`, (n) => n, 7],
    function: [(n) => `function ${n}(): number { return 8 }`, (n) => `${n}()`, 8],
    'async function': [(n) => `async function ${n}() { return 9 }`, (n) => `await ${n}()`, 9],
    generator: [(n) => `function* ${n}() { yield 10 }`, (n) => `[...${n}()][0]`, 10],
    class: [(n) => `class ${n} { static x = 11 }`, (n) => `${n}.x`, 11],
    'abstract class': [(n) => `abstract class ${n} { static x = 12 }`, (n) => `${n}.x`, 12],
    enum: [(n) => `enum ${n} { A = 13 }`, (n) => `${n}.A`, 13],
    'const enum': [(n) => `const enum ${n} { A = 14 }`, (n) => `${n}.A`, 14],
    namespace: [(n) => `namespace ${n} { export const x = 15 }`, (n) => `${n}.x`, 15],
    'named import': [(n) => `import { value as ${n} } from 'sixteen'`, (n) => n, 16],
    'default import': [(n) => `import ${n} from 'sixteen'`, (n) => n, 17],
    'namespace import': [(n) => `import * as ${n} from 'sixteen'`, (n) => `${n}.value`, 16],
  };
  const kinds = Object.keys(declarations);
  let names = 0;

  it.each(kinds)('%s, then anything', async (first) => {
    provideModule('sixteen', { value: 16, default: 17 });
    for (const second of kinds) {
      const name = `name${++names}`;
      const [declareFirst] = declarations[first];
      const [declareSecond, read, value] = declarations[second];
      await runCell(declareFirst(name));
      await runCell(declareSecond(name));
      expect(await runCell(read(name)), `${first}, then ${second}`).toBe(value);
      expect(await runCell(`${declareSecond(name)}\n${read(name)}`), `${second} again`).toBe(value);
    }
  });

  it('is what older functions see', async () => {
    await runCell('let factor = 2; function scaled() { return helper() * factor } function helper() { return 10 }');
    await runCell('const factor = 3; function helper() { return 100 }');
    expect(await runCell('scaled()')).toBe(300);
  });

  it('may follow a cell that failed', async () => {
    await expect(runCell('const late = (() => { throw new Error("no") })()')).rejects.toThrow('no');
    expect(await runCell('const late = 1; late')).toBe(1);
  });

  it('keeps the name of functions and classes', async () => {
    expect(
      await runCell('function alpha() {}\nclass Beta {}\nvar gamma = () => {};\n[alpha, Beta, gamma].map(f => f.name)'),
    ).toEqual(['alpha', 'Beta', 'gamma']);
  });
});

describe('constants', () => {
  it.each([
    'const k = 1; k = 2',
    'const { k } = { k: 1 }; k++',
    'const [k] = [1]; --k',
    'const k = 1; k += 1',
    'const k = 0; k ||= 2',
    'const k = 1; [k] = [2]',
    'const k = 1; ({ k } = { k: 2 })',
    'const k = 1; ({ k = 3 } = {})',
    'const k = 1; ({ a: [...k] } = { a: [2] })',
    'const k = 1; for (k of [2]) {}',
    'const k = 1; for (k in { a: 2 }) {}',
    'const k = 1; function f() { k = 2 } f()',
    'const k = 1; { let other = k; k = other }',
    'import { value as k } from "sixteen"; k = 2',
    'class A { static { k = 2 } } const k = 1',
  ])('cannot be assigned to, whatever the type check thinks: %s', async (source) => {
    provideModule('sixteen', { value: 16, default: 17 });
    await expect(runCell(`// @ts-nocheck\n${source}`)).rejects.toThrow(
      source.startsWith('class') ? /k is a constant|before initialization/ : 'k is a constant',
    );
  });

  it.each<[source: string, value: unknown]>([
    ['const m = 1; ((m: number) => { m = 2; return m })(3)', 2],
    ['const m = 1; { let m = 2; m = 3; m }\nm', 1],
    ['const m = 1; for (let m = 0; m < 2; m++); m', 1],
    ['const m = 1; for (let m of [1]) m = 2; m', 1],
    ['const m = 1; try { throw 1 } catch (m) { m = 2 } m', 1],
    ['const m = 1; function f() { if (true) { var m = 2 } m = 3; return m } f()', 3],
    ['const m = 1; function g([{ m }]: any, n = (m = 5)) { return m } g([{ m: 4 }])', 5],
    ['const m = 1; switch (1) { case 1: let m = 2; m = 3 } m', 1],
    ['const m = { m: 1 }; m.m = 2; ({ m: m.m } = { m: 3 }); m.m', 3],
    ['const m = 1; m ||= 2; m', 1],
    ['const m = 1; m &&= m; 0', undefined],
    ['class m { static m = 1 } m.m = 4; m.m', 4],
    ['let m = 1; m = 2; m', 2],
  ])('%s', async (source, value) => {
    const running = runCell(source, ['m']);
    if (value === undefined) await expect(running).rejects.toThrow('m is a constant');
    else expect(await running).toBe(value);
  });

  it('of earlier cells are some as well, until they are declared anew', async () => {
    await runCell('const earlier = 1');
    await expect(runCell('earlier = 2', ['earlier'])).rejects.toThrow('earlier is a constant');
    await expect(runCell('() => earlier; [earlier] = [1]', ['earlier'])).rejects.toThrow('earlier is a constant');
    expect(await runCell('let earlier = 3; earlier++; earlier', ['earlier'])).toBe(4);
    expect(await runCell('earlier = 5; earlier')).toBe(5);
  });
});

describe('JSX', () => {
  it('of each library is its own function, also for what earlier cells declared', async () => {
    provideModule('one/jsx-runtime', { jsx: () => 'one', Fragment: 1 });
    provideModule('two/jsx-runtime', { jsx: () => 'two', jsxs: () => 'twos', Fragment: 2 });
    expect(await runCell('/** @jsxImportSource one */\nconst View = () => <p/>; [View(), <></>]')).toEqual([
      'one',
      'one',
    ]);
    expect(await runCell('/** @jsxImportSource two */\n[View(), <p/>, <p>{1}{2}</p>]')).toEqual(['one', 'two', 'twos']);
    expect(
      await runCell(
        '/** @jsxImportSource one */\nimport { jsx as _mine } from "two/jsx-runtime"; [<p/>, _mine("p", {})]',
      ),
    ).toEqual(['one', 'two']);
    expect(await runCell('_mine("p", {})')).toBe('two');
  });
});

describe('what a cell awaits itself', () => {
  it('can be interrupted: operands of any form, loops, imports', async () => {
    provideModule('awaited', { x: 1 });
    guarded.length = 0;
    const source =
      'import { x } from "awaited"; const two = await (1, 2); if (x) { await await 3 }\n`${await 4}` + (await [5])[0] + two';
    expect(await runCell(source)).toBe('452');
    expect(guarded.slice(1)).toEqual([2, 3, 3, 4, [5]]);
    guarded.length = 0;
    await runCell('for await (const x of [1, 2]) x; for await (const x of [3]) { x }');
    expect(guarded).toHaveLength(3);
  });

  it('is not what its functions await', async () => {
    guarded.length = 0;
    expect(
      await runCell('async function f() { return await 1 }\nconst g = async () => await 2; await f() + await g()'),
    ).toBe(3);
    expect(guarded).toHaveLength(2);
  });
});

describe('the language', () => {
  it('runs in strict mode', async () => {
    await expect(runCell('Object.freeze([1])[0] = 2')).rejects.toThrow(TypeError.name);
    await expect(runCell('undeclaredName = 2')).rejects.toThrow(ReferenceError.name);
  });

  it('hoists functions and variables as scripts do', async () => {
    expect(
      await runCell(
        'const before = [typeof hoisted, typeof laterVar]; var laterVar = 1; function hoisted() {}\nbefore',
      ),
    ).toEqual(['function', 'undefined']);
  });

  it('has parameter properties, class fields and private names', async () => {
    const source = 'class P { #z = 3; y = this.#z - 1; constructor(readonly x: number) {} get z() { return this.#z } }';
    expect(await runCell(`${source}\nconst p = new P(1); [p.x, p.y, p.z]`)).toEqual([1, 2, 3]);
  });

  it('merges an enum only within one cell', async () => {
    await runCell('enum Level { Low = 1 }\nenum Level { High = 2 }');
    expect(await runCell('Object.keys(Level)')).toEqual(['1', '2', 'Low', 'High']);
    await runCell('enum Level { Top = 9 }');
    expect(await runCell('Object.keys(Level)')).toEqual(['9', 'Top']);
  });

  it('has decorators', async () => {
    await runCell(
      'function twice(method: Function, _context: unknown) { return function (this: unknown) { return method.call(this) * 2 } }',
    );
    expect(await runCell('class D { @twice value() { return 21 } }\nnew D().value()')).toBe(42);
  });

  it('disposes of `using` values at the end of the cell', async () => {
    await runCell(
      'const log: string[] = []; const resource = (name: string) => ({ name, [Symbol.dispose]() { log.push(name) } })',
    );
    expect(await runCell('using a = resource("a"); using b = resource("b");\n[a.name, log.length]')).toEqual(['a', 0]);
    expect(await runCell('log')).toEqual(['b', 'a']);
  });

  it('is not taken for decorators in comments and strings', async () => {
    expect(await runCell('/** @param using something */ const mail = "ada@example.org"; mail.length')).toBe(15);
  });

  it('has auto-accessors', async () => {
    expect(await runCell('class Auto { accessor x = 4 }\nObject.keys(new Auto()).length + new Auto().x')).toBe(4);
  });

  it('has overloads and declarations without code', async () => {
    const source =
      'declare const missing: number;\nfunction over(x: string): string;\nfunction over(x: unknown) { return x }\nover("o")';
    expect(await runCell(source)).toBe('o');
  });
});

describe('imports', () => {
  it('bind what they name', async () => {
    provideModule('lib', { default: 'd', a: 1, b: 2, 'c-d': 3 });
    importCalls.length = 0;
    await runCell('import dflt, { a, b as bee, type Hidden, "c-d" as cd } from "lib"');
    expect(await runCell('[dflt, a, bee, cd]')).toEqual(['d', 1, 2, 3]);
    expect(await runCell('import other, * as whole from "lib"; [other, whole.b]')).toEqual(['d', 2]);
    expect(importCalls).toEqual([['lib', undefined, ['default', 'a', 'b', 'c-d']], ['lib']]);
  });

  it('come before the code above them, in order', async () => {
    provideModule('first', {});
    provideModule('second', { two: 2 });
    importCalls.length = 0;
    expect(await runCell('const early = two; import "first"; import { two } from "second"; early')).toBe(2);
    expect(importCalls.map(([specifier]) => specifier)).toEqual(['first', 'second']);
  });

  it('of types alone load nothing', async () => {
    importCalls.length = 0;
    await runCell('import type { A } from "absent"; let value: A | undefined; value');
    expect(importCalls).toEqual([]);
  });

  it('pass attributes on, static or dynamic', async () => {
    provideModule('./data.json', { default: [1] });
    importCalls.length = 0;
    await runCell('import data from "./data.json" with { type: "json" }; data');
    expect(await runCell('(await import("./data.json", { with: { type: "json" } })).default')).toEqual([1]);
    expect(importCalls).toEqual([
      ['./data.json', { with: { type: 'json' } }, ['default']],
      ['./data.json', { with: { type: 'json' } }],
    ]);
  });

  it('work in functions too, and exports from a module load it', async () => {
    provideModule('inner', { n: 5 });
    importCalls.length = 0;
    expect(await runCell('const load = async () => (await import("inner")).n; await load()')).toBe(5);
    await runCell('export * from "inner"; export { n } from "inner"; export {}');
    expect(importCalls).toHaveLength(3);
  });

  it('of a module that is not there fail', async () => {
    await expect(runCell('import "absent"')).rejects.toThrow("Cannot find module 'absent'");
  });
});
