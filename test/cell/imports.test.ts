/** @file What cells can import, and when it is loaded anew. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Notebook, plain } from './notebook.ts';

let notebook: Notebook;
const write = (path: string, text: string): void => {
  const file = join(notebook.folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};
/** What an import in a cell is compiled to. */
const load = (specifier: string): string => `(await __tensorcell_import__('${specifier}'))`;

beforeAll(async () => {
  notebook = await Notebook.start();
});
afterAll(() => notebook.close());

describe('packages', () => {
  it('come from Node', async () => {
    expect(await notebook.value(`typeof ${load('node:fs')}.readFileSync + typeof ${load('path')}.join`)).toBe(
      "'functionfunction'",
    );
  });

  it('come from the folder of the notebook, ESM and CommonJS', async () => {
    write('node_modules/esm-only/package.json', '{"name":"esm-only","type":"module","exports":{"import":"./main.js"}}');
    write('node_modules/esm-only/main.js', 'export const a = await Promise.resolve(1); export default "d"');
    write('node_modules/old/package.json', '{"name":"old","main":"main.js"}');
    write('node_modules/old/main.js', 'exports.b = 2');
    expect(
      await notebook.value(`const { default: d, a } = ${load('esm-only')}; [d, a, ${load('old')}.b, require('old').b]`),
    ).toBe("[ 'd', 1, 2, 2 ]");
  });

  it('tell when they are not there', async () => {
    const error = await notebook.error(load('not-there'));
    expect(error.evalue).toBe("Cannot find package 'not-there' imported from the notebook");
  });

  it('include the runtime itself, once', async () => {
    write('runtime.ts', `export * as runtime from 'tensorcell';`);
    expect(await notebook.value(`[${load('tensorcell')} === tf, ${load('./runtime')}.runtime === tf]`)).toBe(
      '[ true, true ]',
    );
  });

  it('print nothing of their own accord', async () => {
    const { parent } = await notebook.run(load('node:os'));
    expect(notebook.text(parent, 'stderr')).toBe('');
  });
});

describe('files', () => {
  it('may be JSON, with and without attributes', async () => {
    write('data.json', '{"a":1}');
    write('reads.ts', `import data from './data.json'; export const a: number = data.a;`);
    expect(await notebook.value(`${load('./data.json')}.default`)).toBe('{ a: 1 }');
    expect(
      await notebook.value(`(await __tensorcell_import__('./data.json', { with: { type: 'json' } })).default`),
    ).toBe('{ a: 1 }');
    expect(await notebook.value(`${load('./reads')}.a`)).toBe('1');
  });

  it('may be TypeScript under every spelling, as one module', async () => {
    write(
      'spelled.ts',
      `import type { Nothing } from './nowhere'; export enum Kind { A = 5 } export const me: object = {};`,
    );
    expect(
      await notebook.value(
        `const all = [${['./spelled', './spelled.ts', './spelled.js'].map(load).join(', ')}]; [new Set(all).size, all[0].Kind.A]`,
      ),
    ).toBe('[ 1, 5 ]');
  });

  it.each([
    ['m.mts', 'export const x: number = await Promise.resolve(1)', './m.mjs'],
    ['c.cts', 'const x: number = 1; export = { x };', './c.cts'],
    ['plain.js', 'export const x = 1', './plain'],
    ['common.cjs', 'module.exports.x = 1', './common.cjs'],
    ['common-by-syntax.js', 'exports.x = 1', './common-by-syntax.js'],
    ['folder/index.ts', 'export const x: number = 1', './folder'],
    ['view.tsx', 'const h = (name: string) => 1; export const x = 1; export const unused = () => h("a")', './view'],
  ])('%s', async (path, text, specifier) => {
    write(path, text);
    expect(await notebook.value(`${load(specifier)}.x`)).toBe('1');
  });

  it('tell when they are not there', async () => {
    expect((await notebook.error(load('./not-there'))).evalue).toMatch(
      /Cannot find module '.*not-there' imported from the notebook/,
    );
  });

  it('tell where they cannot be parsed, and load once they can', async () => {
    write('broken.ts', 'export const fine = 1;\nexport const x: = 3;');
    const error = await notebook.error(load('./broken'));
    expect(plain(error)).toMatch(/SyntaxError[^]*broken\.ts[^]*2[^]*x: = 3/);
    write('broken.ts', 'export const x = 3;');
    expect(await notebook.value(`${load('./broken')}.x`)).toBe('3');
  });

  it('that failed are tried again', async () => {
    write('moody.ts', `if (!(globalThis as any).mood) throw new Error('not now'); export const x = 1;`);
    expect((await notebook.error(load('./moody'))).evalue).toBe('not now');
    await notebook.run('globalThis.mood = true');
    expect(await notebook.value(`${load('./moody')}.x`)).toBe('1');
  });

  it('use the decorators and metadata that their project asks for', async () => {
    write('project/tsconfig.json', `{ // as TypeScript allows\n "extends": "./base.json" }`);
    write('project/base.json', `{"compilerOptions":{"experimentalDecorators":true}}`);
    write(
      'project/model.ts',
      `export const seen: string[] = [];\nfunction column(_: object, name: string) { seen.push(name); }\nexport class Row { @column id: number = 1; }\nexport const fail = () => {\n  throw new Error('in a project');\n};`,
    );
    expect(await notebook.value(`const project = ${load('./project/model')}; project.seen`)).toBe("[ 'id' ]");
    expect(plain(await notebook.error('project.fail()'))).toContain('./project/model.ts:5:9');
  });
});

describe('edited files', () => {
  it('are loaded anew, with those that import them, and no others', async () => {
    write(
      'top.ts',
      `import { leaf } from './leaf.ts'; import { side } from './side.ts'; export const value: number = leaf * 2; export { side };`,
    );
    write('leaf.ts', 'export const leaf: number = 1;');
    write('side.ts', 'export const side: object = {};');
    await notebook.run(`let first = ${load('./top')}`);
    expect(await notebook.value(`${load('./top')} === first`)).toBe('true');
    write('leaf.ts', 'export const leaf: number = 21;');
    await notebook.run(`let second = ${load('./top')}`);
    expect(await notebook.value(`[first.value, second.value, first === second, first.side === second.side]`)).toBe(
      '[ 2, 42, false, true ]',
    );
    expect(await notebook.value(`${load('./side')}.side === second.side`)).toBe('true');
  });

  it('may import each other in a circle', async () => {
    write('even.ts', `import { odd } from './odd'; export const even = (n: number): boolean => n === 0 || odd(n - 1);`);
    write(
      'odd.ts',
      `import { even } from './even'; export const odd = (n: number): boolean => n !== 0 && even(n - 1);`,
    );
    expect(await notebook.value(`${load('./even')}.even(10)`)).toBe('true');
    write('odd.ts', `import { even } from './even'; export const odd = (n: number): boolean => (void even, true);`);
    expect(await notebook.value(`${load('./even')}.even(11)`)).toBe('true');
  });

  it('may be CommonJS, required in any depth', async () => {
    write('outer.cjs', `exports.x = require('./inner.cjs').x`);
    write('inner.cjs', 'exports.x = 1');
    expect(await notebook.value(`${load('./outer.cjs')}.x`)).toBe('1');
    write('inner.cjs', 'exports.x = 22');
    expect(await notebook.value(`${load('./outer.cjs')}.x`)).toBe('22');
  });

  it('may be JSON', async () => {
    write('edited.json', '1');
    expect(await notebook.value(`${load('./edited.json')}.default`)).toBe('1');
    write('edited.json', '22');
    expect(await notebook.value(`${load('./edited.json')}.default`)).toBe('22');
  });

  it('show their new lines in errors', async () => {
    write('fails.ts', `export const fail = () => {\n  throw new Error('old');\n};`);
    expect(plain(await notebook.error(`${load('./fails')}.fail()`))).toContain('./fails.ts:2:9');
    write('fails.ts', `interface Gone { a: 1 }\n\nexport const fail = (): never => {\n  throw new Error('new');\n};`);
    expect(plain(await notebook.error(`${load('./fails')}.fail()`))).toMatch(
      /\.\/fails\.ts:4:9\n[^]*> 4 \|\s+throw new Error\('new'\)/,
    );
  });
});

it('gives import.meta of the folder', async () => {
  const meta = '__tensorcell_import__.meta';
  expect(await notebook.value(`${meta}.dirname === process.cwd() && new URL('./x', ${meta}.url).pathname`)).toBe(
    `'${encodeURI(notebook.folder)}/x'`,
  );
  expect(
    await notebook.value(
      `[${meta}.resolve('./a.txt') === new URL('./a.txt', ${meta}.url).href, ${meta}.resolve('fs')]`,
    ),
  ).toBe("[ true, 'node:fs' ]");
});
