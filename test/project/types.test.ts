/** @file Type errors of cells as the notebook's project has them: tsconfig.json and package.json. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Notebook } from '../typescript/notebook.ts';

let notebook: Notebook;
beforeEach(() => {
  notebook = new Notebook();
});
afterEach(() => notebook.close());

const config = (compilerOptions: Record<string, unknown>, rest: Record<string, unknown> = {}): void =>
  notebook.file('tsconfig.json', JSON.stringify({ compilerOptions, ...rest }));

/** The parts of React's types that JSX needs. */
function installReact(name = 'react', extra = ''): void {
  notebook.file(
    `node_modules/${name}/package.json`,
    JSON.stringify({
      name,
      types: 'index.d.ts',
      exports: {
        '.': { types: './index.d.ts', default: './index.js' },
        './*': { types: './index.d.ts', default: './index.js' },
      },
    }),
  );
  notebook.file(`node_modules/${name}/index.js`, '');
  notebook.file(
    `node_modules/${name}/index.d.ts`,
    `export namespace JSX { interface Element { made: '${name}' } interface IntrinsicElements { p: { id?: string; children?: unknown } } interface ElementChildrenAttribute { children: {} } }
     export function jsx(): JSX.Element; export const Fragment: unique symbol; ${extra}`,
  );
}

describe('strictness', () => {
  it.each<[options: Record<string, unknown>, source: string, errors: string[]]>([
    [{}, 'const s: string = null', ["1:7 2322 Type 'null' is not assignable to type 'string'."]],
    [{ strict: false }, 'const s: string = null', []],
    [{ strictNullChecks: false }, 'const s: string = null', []],
    [{}, 'function f(x) { return x }', []],
    [{ strict: true }, 'function f(x) { return x }', ["1:12 7006 Parameter 'x' implicitly has an 'any' type."]],
    [{ strict: true, noImplicitAny: false }, 'function f(x) { return x }', []],
    [{ noUncheckedIndexedAccess: true }, '[1][0].toFixed()', ["1:1 2532 Object is possibly 'undefined'."]],
    [
      { noFallthroughCasesInSwitch: true },
      'switch (+"1") { case 1: "a".at(0); case 2: }',
      ['1:17 7029 Fallthrough case in switch.'],
    ],
    [{ noUnusedLocals: true }, 'const later = 1', []],
    [
      { verbatimModuleSyntax: true },
      'import { I } from "./m"; let i: I',
      ["1:10 1484 'I' is a type and must be imported using a type-only import when 'verbatimModuleSyntax' is enabled."],
    ],
    [
      { erasableSyntaxOnly: true },
      'enum E { A }',
      ["1:6 1294 This syntax is not allowed when 'erasableSyntaxOnly' is enabled."],
    ],
    [{ lib: ['es2022', 'dom'] }, 'document.title', []],
    [
      { target: 'es2022' },
      '[1].toSorted()',
      [
        "1:5 2550 Property 'toSorted' does not exist on type 'number[]'. Do you need to change your target library? Try changing the 'lib' compiler option to 'es2023' or later.",
      ],
    ],
    [{ target: 'es5' }, 'await Promise.resolve([1].at(0))', []],
    [
      {
        outDir: 'dist',
        module: 'commonjs',
        moduleResolution: 'node10',
        declaration: true,
        composite: true,
        rootDir: 'src',
      },
      'await 1; import.meta.url',
      [],
    ],
  ])('%j: %s', async (options, source, errors) => {
    notebook.file('m.ts', 'export interface I { a: 1 }');
    config(options);
    expect(await notebook.check(source)).toEqual(errors);
  });
});

describe('errors in local modules', () => {
  it('come with the cells that import them, until they are mended', async () => {
    notebook.file('deep.ts', 'export const deep = 1;\nconst bad: string = deep;');
    notebook.file('sub/m.ts', `import { deep } from '../deep';\nexport const m = deep.nothing;`);
    notebook.file('plain.js', 'export const plain = 1 .nothing;');
    const source = `import { m } from './sub/m'; import { plain } from './plain.js'`;
    const check = async (code: string) =>
      (await notebook.service.check(code, 'cell_1.ts')).map(
        ({ file, line, column, code: number }) => `${file}:${line}:${column} ${number}`,
      );
    const both = ['./sub/m.ts:2:23 2339', './deep.ts:2:7 2322'];
    expect(await check(source)).toEqual(both);
    await notebook.service.commit(source, 'cell_1.ts');
    expect(await check('m')).toEqual([]);
    expect(await check(`const s: string = (await import('./sub/m')).m`)).toEqual(both);
    notebook.file('deep.ts', 'export const deep = { nothing: 1 };');
    expect(await check(source)).toEqual([]);
    config({ checkJs: true });
    expect(await check(source)).toEqual(['./plain.js:1:25 2339']);
  });

  it('follow the settings, and packages that come', async () => {
    notebook.file(
      'loose.ts',
      `import { a } from 'some-package'; import { b } from './late'; export const f = (x) => [x, a, b, document];`,
    );
    const source = `import { f } from './loose'`;
    expect((await notebook.check(source)).map((error) => error.split(' ')[1])).toEqual(['2307', '2307']);
    notebook.file('node_modules/some-package/package.json', '{ "name": "some-package", "types": "i.d.ts" }');
    notebook.file('node_modules/some-package/i.d.ts', 'export const a: number');
    notebook.file('late.ts', 'export const b = 1');
    expect(await notebook.check(source)).toEqual([]);
    config({ strict: true });
    expect((await notebook.check(source)).map((error) => error.split(' ')[1])).toEqual(['7006']);
    notebook.file('other/tsconfig.json', '{}');
    notebook.file('other/m.ts', 'export const f: string = 1');
    expect(await notebook.check(`import { f } from './other/m'`)).toEqual([]);
  });
});

describe('where modules are', () => {
  it('follows paths, baseUrl, package imports and the package`s own name', async () => {
    notebook.file('project/src/shared/math.ts', 'export const two = 2 as const;');
    notebook.file('tsconfig.json', '{ "extends": "./project/tsconfig.json" }');
    notebook.file(
      'project/tsconfig.json',
      '{ "compilerOptions": { "baseUrl": "./src", "paths": { "@/*": ["./*"] } } }',
    );
    notebook.file(
      'package.json',
      '{ "name": "mine", "imports": { "#m/*": "./project/src/shared/*.ts" }, "exports": { "./m": "./project/src/shared/math.ts" } }',
    );
    for (const specifier of ['@/shared/math', 'shared/math', '#m/math', 'mine/m'])
      expect(await notebook.check(`import { two } from '${specifier}'; const three: 3 = two;`)).toEqual([
        `1:${specifier.length + 31} 2322 Type '2' is not assignable to type '3'.`,
      ]);
  });

  it('is looked at again when a mapped module is edited', async () => {
    config({ paths: { '@lib/*': ['./lib/*'] } });
    notebook.file('lib/a.ts', `export { b } from '@lib/b';`);
    notebook.file('lib/b.ts', 'export const b = 1;');
    expect(await notebook.check(`import { b } from '@lib/a'; b.toFixed()`)).toEqual([]);
    notebook.file('lib/b.ts', 'export const b = "text";');
    expect(await notebook.check(`import { b } from '@lib/a'; b.toFixed()`)).toHaveLength(1);
  });
});

it('takes in declarations that the project includes', async () => {
  config({ types: ['things'] }, { include: ['sources/**/*'] });
  notebook.file('sources/style.d.ts', `declare module '*.css' { const text: string; export default text }`);
  notebook.file('node_modules/@types/things/index.d.ts', 'declare const thing: 7;');
  expect(await notebook.check(`import css from './a.css'; css.trim(); const six: 6 = thing`)).toEqual([
    "1:46 2322 Type '7' is not assignable to type '6'.",
  ]);
});

it('applies a tsconfig.json that comes, changes, breaks and goes', async () => {
  const source = 'const s: string = null';
  expect(await notebook.check(source)).toHaveLength(1);
  config({ strict: false });
  expect(await notebook.check(source)).toEqual([]);
  notebook.file('base.json', '{ "compilerOptions": { "strict": true } }');
  notebook.file('tsconfig.json', '{ "extends": "./base" }');
  expect(await notebook.check(source)).toHaveLength(1);
  notebook.file('base.json', '{ "compilerOptions": { "strict": false } } // changed');
  expect(await notebook.check(source)).toEqual([]);
  notebook.file('tsconfig.json', '{ "compilerOptions": { "strict": false, ');
  expect(await notebook.check(source)).toHaveLength(1);
});

describe('JSX', () => {
  it('has the types of the library that is installed, between cells without it', async () => {
    installReact();
    expect(await notebook.run('const view = <p id="a">text</p>')).toEqual([]);
    expect(await notebook.run('const f = <T>(x: T) => x; view.made.length')).toEqual([]);
    expect(await notebook.check('<p id={1}>{f<string>("a")}</p>')).toEqual([
      "1:4 2322 Type 'number' is not assignable to type 'string'.",
    ]);
    expect(await notebook.check('const other: "preact" = view.made')).toHaveLength(1);
  });

  it('follows jsxImportSource, of the settings and of the cell', async () => {
    installReact('one');
    installReact('two');
    config({ jsx: 'react-jsx', jsxImportSource: 'one' });
    expect(await notebook.check('const made: "one" = (<p/>).made')).toEqual([]);
    expect(await notebook.check('/** @jsxImportSource two */\nconst made: "one" = (<p/>).made')).toEqual([
      `2:7 2322 Type '"two"' is not assignable to type '"one"'.`,
    ]);
  });

  it('follows factories, which other cells may have declared', async () => {
    await notebook.run(
      'namespace h { export namespace JSX { export interface IntrinsicElements { q: { n: 1 } } } } function h(...parts: unknown[]) { return parts }',
    );
    const source = '/** @jsx h */\n<q n={2}/>';
    expect(await notebook.check(source)).toEqual(["2:4 2322 Type '2' is not assignable to type '1'."]);
    config({ jsx: 'react', jsxFactory: 'h' });
    expect(await notebook.check('<q n={2}/>')).toEqual(["1:4 2322 Type '2' is not assignable to type '1'."]);
  });

  it('says what is missing, and notices when it comes', async () => {
    expect(await notebook.check('<p/>')).toEqual([
      expect.stringContaining("2875 JSX needs the package 'react', which is not to be found from"),
    ]);
    installReact();
    expect(await notebook.check('<p/>')).toEqual([]);
  });

  it('is of the library that is installed in the end', async () => {
    notebook.file('node_modules/other/package.json', '{}');
    expect(await notebook.check('<p/>')).toHaveLength(1);
    installReact('preact');
    expect(await notebook.check('const made: "preact" = (<p/>).made')).toEqual([]);
  });

  it('is completed while its element has no end', async () => {
    installReact();
    await notebook.run('const View = ({ title, size }: { title: string; size: number }) => <p>{title}{size}</p>');
    expect((await notebook.complete('const view = <View ti|')).texts).toEqual(['title']);
    expect((await notebook.complete('<p i|></p>')).texts).toContain('id');
    expect((await notebook.complete('const f = <T extends str|')).texts).toContain('string');
  });

  it('is fine in a library without types', async () => {
    notebook.file('node_modules/react/package.json', '{"name":"react","exports":{"./jsx-runtime":"./index.js"}}');
    notebook.file('node_modules/react/index.js', 'exports.jsx = () => 1');
    expect(await notebook.check('<p>text</p>')).toEqual([]);
  });

  it('comes from local modules', async () => {
    installReact();
    notebook.file('view.tsx', 'export const View = ({ n }: { n: number }) => <p>{n}</p>;');
    expect(await notebook.check(`import { View } from './view'; <View n="1"/>`)).toEqual([
      "1:38 2322 Type 'string' is not assignable to type 'number'.",
    ]);
  });
});

describe('on top of a cell', () => {
  it('references to types count, for later cells too', async () => {
    notebook.file('globals.d.ts', 'declare const fromGlobals: 1;');
    await notebook.run(
      '/// <reference path="./globals.d.ts" />\n/// <reference lib="dom" />\nconst title: string = document.title; fromGlobals',
    );
    expect(await notebook.check('const two: 2 = fromGlobals')).toEqual([
      "1:7 2322 Type '1' is not assignable to type '2'.",
    ]);
  });

  it('@ts-nocheck counts', async () => {
    expect(await notebook.check('// @ts-nocheck\nconst x: string = 1')).toEqual([]);
    expect(await notebook.check('const x: string = 1 // @ts-nocheck')).toHaveLength(1);
  });
});

describe('decorators', () => {
  const legacy = 'function deco(target: object, name: string) {}\nclass A { @deco x = 1 }';
  it('are the standard`s, or the older ones where a project asks for them', async () => {
    expect(await notebook.check(legacy)).toHaveLength(1);
    config({ experimentalDecorators: true });
    expect(await notebook.check(legacy)).toEqual([]);
  });
});

it('knows modules of CommonJS', async () => {
  notebook.file('old.ts', 'class Old { n = 1 } export = Old;');
  expect(await notebook.run('import Old = require("./old"); const n: number = new Old().n; export = n;')).toEqual([]);
  expect(await notebook.check('const s: string = new Old().n')).toEqual([
    "1:7 2322 Type 'number' is not assignable to type 'string'.",
  ]);
});
