/** @file What is read of tsconfig.json and package.json: extended files, paths, mistakes, changes. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsxOfFile } from '../../kernel/project/jsx.ts';
import { JsonTextError, parseJsonText } from '../../kernel/project/json-text.ts';
import { localModule } from '../../kernel/project/local-modules.ts';
import { assignsClassFields, problemText, Project, type ProjectSettings } from '../../kernel/project/settings.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'project ')));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (path: string, content: unknown): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
};
const read = (below = ''): ProjectSettings => new Project(join(folder, below)).settings();
const problems = (): string[] => read().problems.map((problem) => problemText(problem, folder));

describe('JSON with comments', () => {
  it.each<[text: string, value: unknown]>([
    [
      '{ // one\n "a": [1, -2.5, "x\\n", null, true,], /* two */ "b": {}, }',
      { a: [1, -2.5, 'x\n', null, true], b: {} },
    ],
    ['\ufeff{"a": 1}', { a: 1 }],
    ['', {}],
    ['// nothing\n', {}],
    ['{"__proto__": 1}', JSON.parse('{"__proto__": 1}')],
  ])('%j', (text, value) => expect(parseJsonText(text).value).toEqual(value));

  it.each<[text: string, offset: number]>([
    ['{ "a": 1 "b": 2 }', 9],
    ['{ "a": f() }', 7],
    ['{ a: 1 }', 2],
    ['{ "a": [1,,2] }', 7],
    ['{} {}', 3],
    ['{ "a": ', 7],
  ])('refuses %j', (text, offset) => {
    try {
      parseJsonText(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(JsonTextError);
      expect((error as JsonTextError).offset).toBe(offset);
    }
  });
});

describe('tsconfig.json', () => {
  it('is the nearest one going up', () => {
    write('tsconfig.json', { compilerOptions: { jsx: 'React-JSX' } });
    write('a/b/note.txt', '');
    expect(read('a/b').options).toMatchObject({ jsx: 'react-jsx' });
    write('a/tsconfig.json', {});
    expect(read('a/b').tsconfig).toBe(join(folder, 'a', 'tsconfig.json'));
  });

  it('extends files and packages, the last one winning, paths relative to where they are written', () => {
    write('node_modules/@base/strict/tsconfig.json', {
      compilerOptions: { strict: true, types: ['one'], target: 'es2020' },
    });
    write('configs/base.json', { extends: '../shared/root', compilerOptions: { strict: false, baseUrl: '..' } });
    write('shared/root.json', {
      compilerOptions: { paths: { '@/*': ['./src/*'] }, typeRoots: ['./types'], outDir: '${configDir}/out' },
    });
    write('tsconfig.json', {
      extends: ['@base/strict', './configs/base'],
      compilerOptions: { target: null, noImplicitAny: true },
    });
    expect(read()).toMatchObject({
      problems: [],
      options: {
        strict: false,
        noImplicitAny: true,
        types: ['one'],
        paths: { '@/*': [join(folder, 'src', '*')], '*': [join(folder, '*')] },
        typeRoots: [join(folder, 'shared', 'types')],
        outDir: join(folder, 'out'),
      },
    });
    expect(read().options.target).toBeUndefined();
  });

  it('that only lists projects has the settings of the first one', () => {
    write('tsconfig.json', { files: [], references: [{ path: './tsconfig.app.json' }, { path: './tools' }] });
    write('tsconfig.app.json', { compilerOptions: { jsx: 'react-jsx', composite: true }, include: ['src'] });
    expect(read()).toMatchObject({
      options: { jsx: 'react-jsx' },
      tsconfig: join(folder, 'tsconfig.app.json'),
      problems: [],
    });
    write('tsconfig.json', { files: [], references: [{ path: './app' }] });
    write('app/tsconfig.json', { compilerOptions: { paths: { a: ['./a'] } } });
    expect(read().options.paths).toEqual({ a: [join(folder, 'app', 'a')] });
  });

  it('takes paths without baseUrl from the file that has them', () => {
    write('base/tsconfig.json', { compilerOptions: { paths: { x: ['./x'] } } });
    write('tsconfig.json', { extends: './base/tsconfig.json' });
    expect(read().options.paths).toEqual({ x: [join(folder, 'base', 'x')] });
  });

  it.each<[files: Record<string, unknown>, said: string[]]>([
    [
      { 'tsconfig.json': '{\n  "compilerOptions": {\n    "lib": "dom"\n  }\n}' },
      ['tsconfig.json:3:12 - The compiler option \'lib\' takes a list of strings, not "dom".'],
    ],
    [
      { 'tsconfig.json': '{ "compilerOptions": { "target": "es2099" } }' },
      [expect.stringMatching(/^tsconfig\.json:1:34 - .*'target' takes one of es3, .*, not "es2099"\.$/) as string],
    ],
    [
      { 'tsconfig.json': '{ "extends": "./a" }', 'a.json': '{ "extends": "./tsconfig.json" }' },
      ["a.json:1:14 - './tsconfig.json' extends this file in a circle."],
    ],
    [
      { 'tsconfig.json': '{ "extends": "not-there/base" }' },
      ["tsconfig.json:1:14 - The file 'not-there/base' that this one extends is not there."],
    ],
    [
      { 'tsconfig.json': '{ "extends": 1, "include": "src" }' },
      [
        "tsconfig.json:1:14 - 'extends' takes a path, the name of a package, or a list of them.",
        "tsconfig.json:1:28 - 'include' takes a list of strings.",
      ],
    ],
    [{ 'tsconfig.json': '{ "compilerOptions": { "outDir": "x", "module": 5, "plugins": {} } }' }, []],
  ])('says what is wrong: %j', (files, said) => {
    for (const [path, text] of Object.entries(files)) write(path, text);
    expect(problems()).toEqual(said);
  });

  it('is read again when it, what it extends, or a nearer one changes; else it is the same', () => {
    const project = new Project(join(folder, 'a'));
    const turn = () => Promise.resolve();
    return (async () => {
      write('a/x', '');
      const none = project.settings();
      await turn();
      expect(project.settings()).toBe(none);
      write('tsconfig.json', { extends: './base' });
      await turn();
      expect(project.settings().problems).toHaveLength(1);
      write('base.json', { compilerOptions: { strict: true } });
      await turn();
      expect(project.settings()).toMatchObject({ problems: [], options: { strict: true } });
      write('a/tsconfig.json', {});
      await turn();
      expect(project.settings().options.strict).toBeUndefined();
      rmSync(join(folder, 'a', 'tsconfig.json'));
      await turn();
      expect(project.settings().options.strict).toBe(true);
    })();
  });

  it.each([
    [{}, false],
    [{ target: 'es2021' }, true],
    [{ target: 'es6' }, true],
    [{ target: 'es2022' }, false],
    [{ target: 'esnext' }, false],
    [{ target: 'es5', useDefineForClassFields: true }, false],
    [{ useDefineForClassFields: false }, true],
  ] as const)('class fields of %j are assigned: %s', (options, assigned) => {
    expect(assignsClassFields(options)).toBe(assigned);
  });
});

describe('local modules', () => {
  const find = (specifier: string, from = 'notebook.ts'): string | undefined =>
    localModule(specifier, join(folder, from))?.slice(folder.length + 1);

  it('are found by the longest pattern, in the order of its targets', () => {
    write('tsconfig.json', {
      compilerOptions: {
        paths: {
          '*': ['./any/*'],
          '@/*': ['./none/*', './src/*'],
          '@/deep/*': ['./deep/*'],
          '@/*.data': ['./data/*.json'],
          only: ['./src/a.js'],
        },
      },
    });
    for (const file of ['any/x.ts', 'src/a.ts', 'deep/a.ts', 'data/d.json', 'src/deep/b.ts']) write(file, '1');
    expect([
      find('@/a'),
      find('@/a.js'),
      find('@/deep/a'),
      find('@/d.data'),
      find('only'),
      find('x'),
      find('@/deep/b'),
      find('fs'),
      find('y'),
    ]).toEqual([
      'src/a.ts',
      'src/a.ts',
      'deep/a.ts',
      undefined,
      'src/a.ts',
      'any/x.ts',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are found by the settings of the folder that imports', () => {
    write('tsconfig.json', { compilerOptions: { paths: { m: ['./m.ts'] } } });
    write('inner/tsconfig.json', { compilerOptions: { paths: { m: ['./m.ts'] } } });
    write('m.ts', '');
    write('inner/m.ts', '');
    expect([find('m'), find('m', 'inner/a.ts')]).toEqual(['m.ts', 'inner/m.ts']);
  });

  it('are found by package.json, under the conditions of Node and of the project', () => {
    write('tsconfig.json', { compilerOptions: { customConditions: ['mine'] } });
    write('package.json', {
      name: '@me/p',
      imports: {
        '#a': { require: './c.cjs', import: './a.js' },
        '#b/*': ['./src/*.ts'],
        '#b/private': null,
        '#own': { mine: './mine.ts', default: './a.js' },
        '#dep': 'lodash',
        '#out': '../x.ts',
      },
      exports: { '.': './a.js', './b/*.js': './src/*.js' },
    });
    for (const file of ['a.ts', 'src/b.ts', 'mine.ts', 'c.cjs', '../x.ts'.slice(3)]) write(file, '');
    expect(
      ['#a', '#b/b', '#b/private', '#own', '#dep', '#out', '@me/p', '@me/p/b/b.js', '@me/p/none'].map((each) =>
        find(each),
      ),
    ).toEqual(['a.ts', 'src/b.ts', undefined, 'mine.ts', undefined, undefined, 'a.ts', 'src/b.ts', undefined]);
  });
});

describe('JSX', () => {
  const automatic = (importSource: string) => ({ runtime: 'automatic', importSource, development: false });
  const classic = (factory: string, fragment: string) => ({ runtime: 'classic', factory, fragment });
  it.each<[source: string, options: Parameters<typeof jsxOfFile>[1], expected: object]>([
    ['<p/>', {}, automatic('react')],
    ['<p/>', { jsx: 'preserve' }, automatic('react')],
    ['<p/>', { jsxImportSource: 'preact' }, automatic('preact')],
    ['<p/>', { jsx: 'react' }, classic('React.createElement', 'React.Fragment')],
    ['<p/>', { jsx: 'react', reactNamespace: 'P' }, classic('P.createElement', 'P.Fragment')],
    ['<p/>', { jsxFactory: 'h', jsxFragmentFactory: 'F' }, classic('h', 'F')],
    ['// why\n/** @jsx h */ /* @jsxFrag F */\n<p/>', { jsx: 'react-jsx' }, classic('h', 'F')],
    ['/** @jsxImportSource solid */\n<p/>', { jsx: 'react' }, automatic('solid')],
    ['/* @jsxRuntime classic */\n<p/>', { jsx: 'react-jsx' }, classic('React.createElement', 'React.Fragment')],
    ['/* @jsxRuntime automatic */\n<p/>', { jsx: 'react', jsxImportSource: 'x' }, automatic('x')],
    ['<p/>; /** @jsx h */', {}, automatic('react')],
  ])('of %j with %j', (source, options, expected) => {
    expect(jsxOfFile(source, options, folder)).toEqual(expected);
  });
});
