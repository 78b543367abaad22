/** @file How a cell's syntax is read: JSX or types, names of scripts, CommonJS's statements, settings. */
import { describe, expect, it } from 'vitest';
import { compileCell, completeness, languageOfCell } from '../../kernel/compile/index.ts';

const codeOf = (source: string, options: Parameters<typeof compileCell>[2] = undefined): string => {
  const result = compileCell(source, 'cell_1.ts', options);
  if (!result.ok) throw new Error(result.problems[0].message);
  return result.cell.code;
};

describe('the language of a cell', () => {
  it.each([
    '<p>text</p>',
    '<p>a</p>; // comment',
    'const x = <b>{1}</b> // 5 / 2',
    '<br/>',
    '<><i/></>',
    'const f = (n: number) => <p>{n as number}</p>;',
    'const f = <T,>(x: T) => <p>{x}</p>',
  ])('is TSX: %s', (source) => expect(languageOfCell(source)).toBe('tsx'));

  it.each([
    '1 + 1',
    'const f = <T>(x: T) => x',
    'const f = <T>(x: T) => x // </T>',
    'const a = <any>b / 2 / 3',
    'const s = "</p>"; const r = /<\\/p>/;',
    '<string>x; `</string>`',
  ])('is plain TypeScript: %s', (source) => expect(languageOfCell(source)).toBe('ts'));

  it('shows the errors of the reading that gets further', () => {
    const result = compileCell('const view = (\n  <p>\n    <b>text</i>\n  </p>\n)', 'cell_1.ts');
    expect(result).toMatchObject({ ok: false, problems: [{ line: 3 }] });
  });

  it('is asked for completeness', () => {
    expect(completeness('<p>\n  <b>text</b>').status).toBe('incomplete');
    expect(completeness('<p>\n  <b>text</b>\n</p>')).toEqual({ status: 'complete' });
    expect(completeness('<p></b>').status).toBe('invalid');
  });
});

describe('settings', () => {
  const withOptions = (options: NonNullable<Parameters<typeof compileCell>[2]>['options']) => ({
    folder: '/',
    options,
  });

  it('choose how JSX is called', () => {
    expect(codeOf('<p/>', withOptions({ jsx: 'react', jsxFactory: 'h' }))).toContain('h("p", null)');
    expect(codeOf('<p/>', withOptions({ jsx: 'react-jsx', jsxImportSource: 'lib' }))).toContain('"lib/jsx-runtime"');
    expect(codeOf('<p/>', withOptions({ jsx: 'react-jsxdev', jsxImportSource: 'lib' }))).toContain(
      '"lib/jsx-dev-runtime"',
    );
  });

  it('choose decorators, JSX beside them', () => {
    const source = '@d class A { view() { return <p/> } }';
    expect(codeOf(source, withOptions({ experimentalDecorators: true, jsx: 'react', jsxFactory: 'h' }))).toMatch(
      /__decorate\(\[[^]*h\("p", null\)|h\("p", null\)[^]*__decorate\(\[/,
    );
    expect(codeOf(source)).toContain('__esDecorate');
  });
});

describe('names of scripts', () => {
  it.each([
    'const { __dirname } = x',
    'function f(__filename) { return __filename }',
    'x.__dirname',
    '({ __dirname: 1 })',
    'import { __dirname } from "x"; __dirname',
    '"__dirname"',
  ])('stay in %s', (source) => expect(codeOf(source)).not.toMatch(/meta\.(dir|file)name/));

  it.each(['__dirname', 'f(__filename)', 'x[__dirname]', '({ __dirname })', '`${__dirname}/x`', '() => __dirname'])(
    'are the folder`s in %s',
    (source) => expect(codeOf(source)).toMatch(/meta\.(dir|file)name/),
  );
});

it('an export assignment is its value, other assignments stay', () => {
  expect(codeOf('export = make()')).toContain('make()');
  expect(codeOf('export = make()')).not.toContain('module.exports');
  expect(codeOf('module.exports = 1')).toContain('module.exports = 1');
});
