/** @file Local modules of every kind in a real kernel: found, compiled, traced and loaded anew as their project has them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failure, printed, result, startKernel, traceback, type TestKernel } from '../kernel/real-kernel.ts';

let kernel: TestKernel;
const write = (files: Record<string, string>): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(kernel.folder, path)), { recursive: true });
    writeFileSync(join(kernel.folder, path), text);
  }
};
const value = async (code: string): Promise<unknown> => result(await kernel.client.execute(code));

beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(() => kernel.dispose());
afterEach(() => write({ 'tsconfig.json': '{}', 'package.json': '{}' }));

const settings = (compilerOptions: Record<string, unknown>): void =>
  write({ 'tsconfig.json': JSON.stringify({ compilerOptions }) });

describe('names of local modules', () => {
  it('are mapped by paths and baseUrl, in cells, modules and requires, and are loaded anew', async () => {
    settings({ baseUrl: './code', paths: { '@/*': ['./lib/*'], exact: ['./lib/one'] } });
    write({
      'code/lib/one.ts': `import { two } from '@/two'; export const one: string = 'one ' + two;`,
      'code/lib/two.ts': `export const two: string = 'two';`,
    });
    expect(await value(`import { one } from '@/one'; one`)).toBe("'one two'");
    expect(await value(`[(await import('exact')).one, (await import('lib/one')).one, require('@/one').one]`)).toBe(
      "[ 'one two', 'one two', 'one two' ]",
    );
    write({ 'code/lib/two.ts': `export const two: string = 'edited';` });
    expect(await value(`import { one } from '@/one'; [one, require('@/one').one]`)).toBe(
      "[ 'one edited', 'one edited' ]",
    );
    expect(await value(`import.meta.resolve('@/two').endsWith('/code/lib/two.ts')`)).toBe('true');
  });

  it('come from package.json: imports and the package itself', async () => {
    write({
      'package.json': JSON.stringify({
        name: '@me/mine',
        type: 'module',
        imports: { '#lib/*.js': { types: './types/*.d.ts', default: './lib/*.js' }, '#dep': 'dep' },
        exports: { './public': './lib/a.ts' },
      }),
      'lib/a.ts': 'export const a: number = 1;',
      'node_modules/dep/package.json': '{ "name": "dep", "main": "main.js" }',
      'node_modules/dep/main.js': 'exports.dep = 2',
    });
    expect(await value(`import { a } from '#lib/a.js'; import { dep } from '#dep'; [a, dep]`)).toBe('[ 1, 2 ]');
    write({ 'lib/a.ts': 'export const a: number = 11;' });
    expect(await value(`import { a as again } from '@me/mine/public'; again`)).toBe('11');
  });

  it('may be computed', async () => {
    write({
      'n1.ts': 'export const n = 1;',
      'n2.ts': 'export const n = 2;',
      'pick.ts': 'export const pick = async (n: number) => (await import(`./n${n}.ts`)).n;',
    });
    expect(
      await value(`import { pick } from './pick'; const i = 2; [await pick(1), (await import(\`./n\${i}\`)).n]`),
    ).toBe('[ 1, 2 ]');
    write({ 'n1.ts': 'export const n = 111;' });
    expect(await value(`(await import('./n1')).n`)).toBe('111');
  });
});

describe('kinds of modules', () => {
  it.each<[file: string, text: string, code: string, shown: string]>([
    ['plain.mjs', 'export const x = 1', `(await import('./plain.mjs')).x`, '1'],
    ['old.cjs', 'exports.x = 2', `import { x } from './old.cjs'; x`, '2'],
    ['m.mts', 'export const x: number = await 3', `import { x as m } from './m.mjs'; m`, '3'],
    [
      'c.cts',
      `import os = require('os'); const x: string = typeof os.cpus; export = { x };`,
      `require('./c.cts').x + (await import('./c.cts')).x`,
      "'functionfunction'",
    ],
    [
      'es.cts',
      `import { join } from 'path'; export const x = (a: string): string => join('.', a) + typeof module;`,
      `require('./es.cjs').x('a')`,
      "'aobject'",
    ],
    ['data.json', '{ "x": [4] }', `import data from './data.json' with { type: 'json' }; data.x`, '[ 4 ]'],
    [
      'k.ts',
      `export const enum K { A = 1, B = A << 2 } export enum E { X = 'x' } export namespace N { export const y = 5; } export abstract class S { constructor(protected readonly p = 6) {} abstract get(): number }`,
      `import { K, E, N, S } from './k'; class T extends S { get() { return this.p } } [K.B, E.X, N.y, new T().get()]`,
      "[ 4, 'x', 5, 6 ]",
    ],
    [
      'acc.ts',
      `export class A { accessor v = 7; static { this.prototype.constructor } } export const used: string[] = []; export const run = async () => { using a = { [Symbol.dispose]() { used.push('a') } }; await using b = { async [Symbol.asyncDispose]() { used.push('b') } }; return used.length; }`,
      `import { A, run, used } from './acc'; [new A().v, await run(), used]`,
      "[ 7, 0, [ 'b', 'a' ] ]",
    ],
    [
      'names.ts',
      `export const where = () => [typeof __dirname, __filename.endsWith('names.ts'), require('path') === require('node:path')];`,
      `import { where } from './names'; where()`,
      "[ 'string', true, true ]",
    ],
    [
      'self.ts',
      `export const meta = [import.meta.dirname === process.cwd(), import.meta.url.includes('/self.ts'), import.meta.resolve('./k').endsWith('/k.ts')];`,
      `import { meta } from './self'; meta`,
      '[ true, true, true ]',
    ],
  ])('%s', async (file, text, code, shown) => {
    write({ [file]: text });
    expect(await value(code)).toBe(shown);
  });

  it('WebAssembly', async () => {
    // (module (import "./js.mjs" "seven" (func (result i32))) (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add call 0 i32.add))
    const bytes = [
      0, 97, 115, 109, 1, 0, 0, 0, 1, 11, 2, 96, 0, 1, 127, 96, 2, 127, 127, 1, 127, 2, 18, 1, 8, 46, 47, 106, 115, 46,
      109, 106, 115, 5, 115, 101, 118, 101, 110, 0, 0, 3, 2, 1, 1, 7, 7, 1, 3, 97, 100, 100, 0, 1, 10, 12, 1, 10, 0, 32,
      0, 32, 1, 106, 16, 0, 106, 11,
    ];
    writeFileSync(join(kernel.folder, 'add.wasm'), Uint8Array.from(bytes));
    write({ 'js.mjs': 'export const seven = () => 7' });
    expect(await value(`import { add } from './add.wasm'; add(1, 2)`)).toBe('10');
  });

  it('CommonJS and ES modules mixed, in circles', async () => {
    write({
      'a.cts': `import b = require('./b.cts'); export const name = 'a'; export const other = () => b.name;`,
      'b.cts': `import * as a from './a.cts'; export const name: string = 'b'; export const other = () => a.name;`,
      'esm.ts': `import a, { name } from './a.cts'; import { helper } from './plain-old.js'; export const all = [name, a.other(), helper()];`,
      'plain-old.js': `const a = require('./a.cts'); exports.helper = () => a.other();`,
    });
    expect(await value(`import { all } from './esm'; all`)).toBe("[ 'a', 'b', 'b' ]");
    expect(await value(`[require('./b.cts').other(), require('./a.cjs').other()]`)).toBe("[ 'a', 'b' ]");
    write({
      'b.cts': `import * as a from './a.cts'; export const name: string = 'edited'; export const other = () => a.name;`,
    });
    expect(await value(`import { all as anew } from './esm'; [anew, require('./a.cts').other()]`)).toBe(
      "[ [ 'a', 'edited', 'edited' ], 'edited' ]",
    );
  });

  it('are one, imported and required, in whichever order', async () => {
    write({
      'below.ts': `export const below: object = {};`,
      'first.ts': `import { below } from './below'; export const first: object = { below }; export let count = 0; export const add = () => ++count; export default class {}`,
      'second.ts': `import { below } from './below'; export const second: object = { below }; export default 5`,
      'asks.cts': `import first = require('./first'); export const asked = first.first;`,
    });
    expect(
      await value(`import { first, add } from './first'; const one = require('./first'); add();
[one.first === first, one.count, typeof one.default, require('./asks.cts').asked === first]`),
    ).toBe("[ true, 1, 'function', true ]");
    expect(
      await value(`const two = require('./second'); const again = await import('./second');
[two.second === again.second, again.default, two.second.below === (one.first as any).below]`),
    ).toBe('[ true, 5, true ]');
    write({ 'below.ts': `export const below: object = { edited: 1 };` });
    expect(
      await value(`const edited = await import('./first'); const required = require('./first');
[edited.first, required.first === edited.first, required.first === first, require('./asks.cts').asked === edited.first]`),
    ).toBe('[ { below: { edited: 1 } }, true, false, true ]');
    write({ 'second.ts': `export const second = 'edited'; export default 6` });
    expect(
      await value(`const anew = await import('./second'); [anew.second, anew.default, require('./second').second]`),
    ).toBe("[ 'edited', 6, 'edited' ]");
  });

  it('CommonJS, by the names that its types have', async () => {
    write({
      'late.cjs': `module.exports = { add: (a, b) => a + b, default: 'own' };`,
      'compiled.cjs': `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = class Compiled { n = 5 }; exports.other = 6;`,
      'made.cts': `const made = { twice: (n: number) => n * 2 }; export = made;`,
    });
    expect(
      await value(
        `import whole, { add } from './late.cjs'; import Compiled, { other } from './compiled.cjs'; import { twice } from './made.cts';
[add(1, 2), whole.default, new Compiled().n, other, twice(4)]`,
      ),
    ).toBe("[ 3, 'own', 5, 6, 8 ]");
  });

  it('types that are exported again', async () => {
    write({
      't.ts': `export interface T { a: number } export type U = T; export const v = 1; export declare const gone: 1;`,
      'again.ts': `import { U, v } from './t'; export { T, v as w } from './t'; export { U, v };`,
      'twice.ts': `export { T, U, w } from './again';`,
    });
    expect(await value(`import { T, w } from './twice'; const t: T = { a: w }; t`)).toBe('{ a: 1 }');
  });

  it('TypeScript that is required, without a word of Node`s about it', async () => {
    write({
      'tool.ts': `export default class Tool { constructor(readonly n: number) {} }\nexport const fail = () => {\n  throw new TypeError('in a tool');\n};`,
    });
    const run = await kernel.client.execute(
      `import Tool = require('./tool'); const { fail } = require('./tool.ts'); new Tool.default(3).n`,
    );
    expect([result(run), printed(run, 'stderr')]).toEqual(['3', '']);
    expect(traceback(await kernel.client.execute('fail()'))).toMatch(
      /tool\.ts:3:9\n[^]*> 3 \|\s+throw new TypeError\('in a tool'\)/,
    );
    write({ 'tool.ts': `export default class Tool { n = 4 }` });
    expect(await value(`new (require('./tool').default)().n`)).toBe('4');
  });
});

it('packages that were missing are found once they are installed', async () => {
  write({ 'node_modules/other/package.json': '{}' });
  const require = `require('came-later').came`;
  expect(failure(await kernel.client.execute(require))).toContain("Cannot find module 'came-later'");
  expect(failure(await kernel.client.execute(`require('@scope/came-later/sub')`))).toContain('Cannot find module');
  write({
    'node_modules/came-later/package.json': '{ "name": "came-later", "main": "./lib/main.js" }',
    'node_modules/came-later/lib/main.js': 'exports.came = 5; exports.inner = require("came-inside")',
    'node_modules/came-inside/package.json': '{ "name": "came-inside", "main": "./in.js" }',
    'node_modules/came-inside/in.js': 'module.exports = 6',
    'node_modules/@scope/came-later/package.json': '{ "exports": { "./sub": "./s.cjs" } }',
    'node_modules/@scope/came-later/s.cjs': 'module.exports = 7',
    'needs.cts': `export const needed: number = require('came-later').inner;`,
  });
  expect(await value(`[${require}, require('./needs.cts').needed, require('@scope/came-later/sub')]`)).toBe(
    '[ 5, 6, 7 ]',
  );
  expect(
    await value(`import { came } from 'came-later'; [came, require.resolve('came-later').endsWith('main.js')]`),
  ).toBe('[ 5, true ]');
});

describe('errors show the user`s lines', () => {
  const typed = `interface Gone {\n  a: 1;\n}\n`;
  const plain = `/* one\n two\n*/\n`;
  it.each<[file: string, head: string, body: string]>([
    ['e1.ts', typed, `export const fail = (x: number): never => {\n  throw new Error('here');\n};`],
    ['e2.mts', typed, `export const fail = (x: number): never => {\n  throw new Error('here');\n};`],
    ['e3.cts', typed, `export = { fail: (x: number): never => {\n  throw new Error('here');\n} };`],
    ['e4.tsx', typed, `export const fail = <T,>(x: T): never => {\n  throw new Error('here');\n};`],
    ['e5.jsx', plain, `export const fail = (x) => {\n  throw new Error('here');\n};`],
    ['e6.js', plain, `export const fail = (x) => {\n  throw new Error('here');\n};`],
    ['e7.mjs', plain, `export const fail = (x) => {\n  throw new Error('here');\n};`],
    ['e8.cjs', plain, `exports.fail = (x) => {\n  throw new Error('here');\n};`],
    [
      'e9.ts',
      typed,
      `export const fail = (x: number): never => {\n  throw new Error('here');\n}; export const folder = () => __dirname;`,
    ],
    [
      'e10.ts',
      typed,
      `function d(..._: unknown[]): void {} @d export class D { accessor v = 1 } export const fail = (x: number): never => {\n  throw new Error('here');\n};`,
    ],
  ])('in %s', async (file, head, body) => {
    write({ [file]: head + body });
    const where = new RegExp(`\\./${file.replace('.', '\\.')}:5:9\\n[^]*> 5 \\|\\s+throw new Error\\('here'\\)`);
    const name = file.split('.')[0];
    expect(traceback(await kernel.client.execute(`import { fail as ${name} } from './${file}'; ${name}(1)`))).toMatch(
      where,
    );
    if (/\.(ts|cts|tsx|cjs|jsx)$/.test(file))
      expect(traceback(await kernel.client.execute(`require('./${file}').fail(1)`))).toMatch(where);
  });

  it('where a module cannot be parsed', async () => {
    write({ 'wrong.tsx': `export const a = 1;\nexport const b = <p></i>;` });
    expect(traceback(await kernel.client.execute(`import { b } from './wrong'; b`))).toMatch(/wrong\.tsx/);
    write({ 'wrong.cts': `export const a = 1;\nexport const b: = 2;` });
    expect(traceback(await kernel.client.execute(`require('./wrong.cts')`))).toMatch(/SyntaxError[^]*wrong\.cts[^]*2/);
  });
});

it('conditions of the project choose the files of packages', async () => {
  settings({ customConditions: ['mine'] });
  write({
    'node_modules/cond/package.json':
      '{ "name": "cond", "exports": { "mine": "./mine.mjs", "default": "./other.mjs" } }',
    'node_modules/cond/mine.mjs': `export const which = 'mine';`,
    'node_modules/cond/other.mjs': `export const which = 'other';`,
    'asks.ts': `export { which } from 'cond';`,
  });
  expect(await value(`import { which } from './asks'; import { which as here } from 'cond'; [which, here]`)).toBe(
    "[ 'mine', 'mine' ]",
  );
});

describe('settings that change what code does', () => {
  it('decorators with metadata, by ts-node', async () => {
    settings({ experimentalDecorators: true, emitDecoratorMetadata: true });
    write({
      'deco.ts': `const types: unknown[] = [];\n(Reflect as any).metadata = (_: string, value: unknown) => () => void types.push(value);\nfunction column(_: object, __: string) {}\nexport class Row {\n  @column id!: number;\n  @column name!: string;\n}\nexport { types };\nexport const fail = () => { throw new Error('below decorators') };`,
    });
    expect(await value(`import { types, fail } from './deco'; types`)).toBe(
      '[ [Function: Number], [Function: String] ]',
    );
    expect(traceback(await kernel.client.execute('fail()'))).toContain('./deco.ts:9:35');
    expect(
      await value(
        `const seen: string[] = []; const mark = (_: object, name: string) => void seen.push(name); class Own { @mark a = 1; @mark b() {} } seen`,
      ),
    ).toBe("[ 'a', 'b' ]");
  });

  it('standard decorators', async () => {
    const source = `const twice = (f: (n: number) => number, _: ClassMethodDecoratorContext) => function (this: unknown, n: number) { return f.call(this, n) * 2; }; class D { @twice id(n: number) { return n } }`;
    write({ 'standard.ts': `export ${source.replace('; class', '; export class')}` });
    expect(await value(`import { D as Local } from './standard'; ${source} [new D().id(2), new Local().id(3)]`)).toBe(
      '[ 4, 6 ]',
    );
  });

  it('class fields: defined or assigned', async () => {
    const source = 'class Base { set x(_: number) { seen.push("set") } } class Sub extends Base { x = 1 } new Sub();';
    const run = `import { fields } from './fields'; const seen: string[] = []; ${source} [seen, fields]`.replace(
      'class Sub',
      '// @ts-ignore\nclass Sub',
    );
    write({ 'fields.ts': `const seen: string[] = []; ${source} export const fields = seen;` });
    settings({ target: 'es2022' });
    await kernel.client.execute('%typecheck off');
    expect(await value(run)).toBe('[ [], [] ]');
    settings({ target: 'es2020' });
    expect(await value(run)).toBe("[ [ 'set' ], [ 'set' ] ]");
    settings({ target: 'es2020', useDefineForClassFields: true });
    expect(await value(run)).toBe('[ [], [] ]');
    await kernel.client.execute('%typecheck on');
  });

  it('are read anew; a broken one is reported where it is broken, once, and the kernel goes on', async () => {
    write({ 'tsconfig.json': '{\n  "compilerOptions": { "strict": "yes", "jsx": "solid" }\n}' });
    const first = await kernel.client.execute('1 + 1');
    expect(result(first)).toBe('2');
    expect(printed(first, 'stderr')).toMatch(
      /^tsconfig\.json:2:34 - .*'strict' takes true or false, not "yes"\.\ntsconfig\.json:2:48 - .*'jsx' takes one of preserve, react, /,
    );
    expect(printed(await kernel.client.execute('1 + 1'), 'stderr')).toBe('');
    write({ 'tsconfig.json': '{\n  "extends": "./none.json",\n  "compilerOptions": {\n' });
    expect(printed(await kernel.client.execute('1 + 1'), 'stderr')).toMatch(/^tsconfig\.json:4:1 - .+\n$/);
    write({ 'tsconfig.json': '{ "extends": "./none" }' });
    expect(printed(await kernel.client.execute('1 + 1'), 'stderr')).toBe(
      "tsconfig.json:1:14 - The file './none' that this one extends is not there.\n",
    );
    write({ 'package.json': '{ "name": }', 'tsconfig.json': '{}' });
    expect(printed(await kernel.client.execute('1 + 1'), 'stderr')).toMatch(/^package\.json:1:11 - /);
    write({ 'package.json': '{}' });
    settings({ strict: false });
    expect(failure(await kernel.client.execute('const s: string = null'))).toBe('ok');
    settings({ strict: true });
    expect(failure(await kernel.client.execute('const t: string = null'))).toContain('TypeScriptError');
  });
});

describe('scripts` names in cells', () => {
  it('are the folder`s', async () => {
    expect(
      await value(
        `[__dirname === process.cwd(), __filename.startsWith(__dirname), { __dirname }.__dirname === import.meta.dirname]`,
      ),
    ).toBe('[ true, true, true ]');
    expect(await value(`const __filename = 'mine'; __filename`)).toBe("'mine'");
    expect(await value(`__filename`)).toBe("'mine'");
    expect(await value(`((__dirname: string) => __dirname)('own')`)).toBe("'own'");
  });

  it('let pasted modules run', async () => {
    expect(
      await value(
        `export default function pasted() { return 1 }\nexport const more = pasted() + 1; export { more as again }; more`,
      ),
    ).toBe('2');
    expect(await value(`const answer = 41 + 1;\nexport = answer;`)).toBe(undefined);
    expect(await value('answer')).toBe('42');
  });
});
