import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, printed, result, startKernel, traceback, type TestKernel } from './real-kernel.ts';

let kernel: TestKernel;
beforeAll(async () => void (kernel = await startKernel()));
afterAll(() => kernel.dispose());

const run = (code: string) => kernel.client.execute(code, { timeout: 30_000 });
/** Writes a file into the notebook's folder. */
function write(path: string, text: string): void {
  mkdirSync(join(kernel.folder, path, '..'), { recursive: true });
  writeFileSync(join(kernel.folder, path), text);
}

describe('a cell', () => {
  it('has the value of its last expression', async () => {
    expect(result(await run('1 + 1'))).toBe('2');
    expect(result(await run('const a = 20\na + 1'))).toBe('21');
    expect(result(await run('const b = 1'))).toBeUndefined();
  });

  it('awaits at the top level', async () => {
    expect(result(await run('const later = await Promise.resolve(7)\nlater * 2'))).toBe('14');
    expect(result(await run('later'))).toBe('7');
  });

  it('may declare anything again, with another type', async () => {
    await run(
      'const again = 1; let changing = 1; class Point { x = 1 }; function f() { return 1 }; interface Shape { a: 1 }',
    );
    const redeclared = await run(
      'const again = "s"; let changing = [1]; class Point { y = 2 }; function f() { return "two" }; interface Shape { b: string }',
    );
    expect(failure(redeclared)).toBe('ok');
    const use = await run(
      'const shape: Shape = { b: again }; `${shape.b} ${changing.length} ${new Point().y} ${f().length}`',
    );
    expect(result(use)).toMatch(/s 1 2 3/);
  });

  it('uses types, interfaces, enums, generics and classes of earlier cells', async () => {
    await run('interface Person { name: string }\ntype Pair<T> = [T, T]\nenum Colour { Red = 1, Green }');
    await run('class Named implements Person { constructor(public name: string) {} }');
    const used = await run(
      'const pair: Pair<Person> = [new Named("a"), { name: "b" }]; pair.map((person) => person.name).join() + Colour.Green',
    );
    expect(result(used)).toMatch(/a,b2/);
  });

  it('assigns to variables of earlier cells', async () => {
    await run('let counter = 1');
    await run('counter += 1');
    expect(result(await run('counter'))).toBe('2');
  });
});

describe('types', () => {
  it('are checked before anything runs; the error names line and column of the user', async () => {
    const cell = await run('console.log("must not be seen")\nconst fine = 1\nconst wrong: number = "text"');
    expect(failure(cell)).toMatch(/^TypeScriptError: TS2322: .*\(cell_\d+\.ts:3:7\)$/);
    expect(traceback(cell)).toContain('> 3 | const wrong: number = "text"');
    expect(printed(cell)).toBe('');
    expect(cell.outputs).toHaveLength(1);
    expect(failure(await run('fine'))).toMatch(/TS2304/);
  });

  it('of earlier cells count', async () => {
    await run('const text = "s"');
    expect(failure(await run('text.toFixed(2)'))).toMatch(/TS2(339|551)/);
    expect(failure(await run('undeclaredName'))).toMatch(/TS2304.*undeclaredName/);
  });

  it('%typecheck off and warn run the cell anyway', async () => {
    expect(result(await run('%typecheck off\nconst n: number = "text" ; n'))).toMatch(/text/);
    const warned = await run('%typecheck warn\nconst m: number = "more" ; m');
    expect(printed(warned, 'stderr')).toMatch(/cell_\d+\.ts:2:7 - TS2322/);
    expect(result(warned)).toMatch(/more/);
    expect(failure(await run('%typecheck on\nconst k: number = "x"'))).toMatch(/TS2322/);
  });

  it('a syntax error is reported with its place', async () => {
    const cell = await run('const x = 1\nlet let = ;');
    expect(failure(cell)).toMatch(/^SyntaxError: .*\(cell_\d+\.ts:2:\d+\)$/);
    expect(cell.outputs.map(({ output_type }) => output_type)).toEqual(['error']);
  });
});

describe('errors', () => {
  it("show the user's TypeScript lines, and no frames of the kernel", async () => {
    const cell = await run(
      'interface Wide { a: number }\n\nfunction thrower(value: Wide): never {\n  throw new RangeError(`bad ${value.a}`)\n}\nthrower({ a: 1 })',
    );
    expect(failure(cell)).toBe('RangeError: bad 1');
    expect(traceback(cell)).toMatch(/thrower.*cell_\d+\.ts:4:9/);
    expect(traceback(cell)).toMatch(/cell_\d+\.ts:6:1/);
    expect(traceback(cell)).not.toMatch(/kernel|node:internal|node:inspector/);
  });

  it('of a rejected await and of anything thrown become errors', async () => {
    expect(failure(await run('await Promise.reject(new TypeError("later"))'))).toBe('TypeError: later');
    expect(failure(await run('throw "just text"'))).toMatch(/just text/);
  });

  it('a late throw and an unhandled rejection are printed, and the kernel goes on', async () => {
    const told = kernel.client.nextIopub(({ content }) => /late trouble/.test(String(content.text)), 10_000);
    await run('setTimeout(() => { throw new Error("late trouble") }, 10)');
    expect((await told).content.name).toBe('stderr');
    const rejected = kernel.client.nextIopub(({ content }) => /nobody cares/.test(String(content.text)), 10_000);
    await run('void Promise.reject(new Error("nobody cares"))');
    expect((await rejected).content.name).toBe('stderr');
    expect(result(await run('1 + 1'))).toBe('2');
  });
});

describe('imports', () => {
  it('of Node, by name, default, star and dynamically', async () => {
    const cell = await run(
      'import { basename } from "node:path"\nimport os from "node:os"\nimport * as util from "node:util"\n' +
        'const fs = await import("node:fs");\n[basename("/a/b"), typeof os.cpus, typeof util.inspect, typeof fs.readFileSync].join()',
    );
    expect(result(cell)).toMatch(/b,function,function,function/);
    expect(result(await run('basename("/c/d")'))).toMatch(/d/);
  });

  it("of packages, ESM with top-level await and CommonJS, from the notebook's folder", async () => {
    write('node_modules/esm-only/package.json', '{"name":"esm-only","type":"module","exports":"./index.js"}');
    write('node_modules/esm-only/index.js', 'export const waited = await Promise.resolve("waited")');
    write('node_modules/common/package.json', '{"name":"common","main":"index.js"}');
    write('node_modules/common/index.js', 'module.exports = { kind: "cjs" }');
    write('node_modules/esm-only/index.d.ts', 'export declare const waited: string');
    write('node_modules/common/index.d.ts', 'declare const common: { kind: string }; export = common');
    const cell = await run(
      'import { waited } from "esm-only"\nimport common from "common"\n`${waited} ${common.kind}`',
    );
    expect(failure(cell)).toBe('ok');
    expect(result(cell)).toMatch(/waited cjs/);
  });

  it('of JSON', async () => {
    write('data.json', '{"answer": 42}');
    expect(result(await run('import data from "./data.json" with { type: "json" }\ndata.answer'))).toBe('42');
  });

  it('of local modules, with and without an ending; an edited one is loaded anew', async () => {
    write('lib/helper.ts', 'export const twice = (n: number): number => n * 2');
    write('local.ts', 'import { twice } from "./lib/helper.ts"\nexport const version: number = twice(1)');
    for (const path of ['./local', './local.ts', './local.js'])
      expect(result(await run(`import { version } from "${path}"\nversion`)), path).toBe('2');
    write('local.ts', 'import { twice } from "./lib/helper.ts"\nexport const version: number = twice(21)');
    expect(result(await run('import { version } from "./local"\nversion'))).toBe('42');
    write('lib/helper.ts', 'export const twice = (n: number): number => n * 200');
    expect(result(await run('import { version } from "./local"\nversion'))).toBe('4200');
  });

  it('of nothing that is there are errors', async () => {
    expect(failure(await run('import { x } from "./missing"\nx'))).toMatch(/missing/);
    expect(failure(await run('await import("no-such-package-anywhere")'))).toMatch(/no-such-package-anywhere/);
  });

  it('find tf, and it is preloaded', async () => {
    expect(result(await run('typeof tf.tensor'))).toMatch(/function/);
    expect(result(await run('import * as tensorcell from "tensorcell"\ntensorcell === tf'))).toBe('true');
  });
});

describe('secrets', () => {
  it('the key of the connection is not in the environment, the arguments or the log of the cells', async () => {
    const cell = await run('JSON.stringify([process.env, process.argv, process.execArgv])');
    expect(String(result(cell))).toContain('PATH');
    expect(String(result(cell))).not.toContain(kernel.client.connection.key);
    expect(kernel.log()).not.toContain(kernel.client.connection.key);
  });
});
