/** @file Syntax problems, source maps and completeness of cells. */
import { TraceMap, originalPositionFor } from '@jridgewell/trace-mapping';
import { describe, expect, it } from 'vitest';
import { compileCell, completeness } from '../../kernel/compile/index.ts';

const problemsOf = (source: string): string[] => {
  const result = compileCell(source, 'cell_1.ts');
  return result.ok ? [] : result.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
};

describe('syntax problems', () => {
  it.each<[source: string, start: string]>([
    ['const x = ;', '1:11 Unexpected token'],
    ['let a = 1\nlet a = 2', '1:5 Identifier `a` has already been declared'],
    ['const smile = "😀"; )', '1:21 Unexpected token'],
    ['if (x', '1:6 Expected `)` but found the end of the cell'],
    ['1\n\nreturn 5', "3:1 A cell is not a function, so it cannot 'return'"],
    ['function f() { break }', '1:16 '],
    ['{ a: 1, b: }', '1:10 Expected a semicolon'],
    ['const x = 1;\nx x', '2:2 Expected a semicolon'],
  ])('%j', (source, start) => {
    expect(problemsOf(source)[0]).toContain(start);
  });

  it('have offsets into the source', () => {
    const result = compileCell('1;\nconst = 5', 'cell_1.ts');
    expect(result).toMatchObject({ ok: false, problems: [{ line: 2, column: 7, start: 9, end: 10 }] });
  });
});

describe('the source map', () => {
  /** Line and column (both from 1) in the source of where `marker` is in the code. */
  const originOf = (source: string, marker: string): string => {
    const result = compileCell(source, 'cell_7.ts');
    if (!result.ok) throw new Error('does not compile');
    const { code, map } = result.cell;
    const before = code.slice(0, code.indexOf(marker)).split('\n');
    const place = { line: before.length, column: (before.at(-1) as string).length };
    const { line, column } = originalPositionFor(new TraceMap(map), place);
    return `${line}:${(column ?? NaN) + 1}`;
  };

  it.each<[what: string, source: string, marker: string]>([
    ['plain code', 'const a: number = 1\n\n  throwing(a)', 'throwing'],
    ['after a multi-line type', 'interface A {\n  x: number\n}\nconst y: A = make()', 'make'],
    ['in a hoisted function', 'first()\nfunction f(x: string) {\n  return inside(x)\n}', 'inside'],
    ['after an import', 'import { a } from "b"\nthrowing(a)', 'throwing'],
    ['in an object literal', '{ a: 1,\n  b: boom() }', 'boom'],
    ['on the first line of an object literal', '{ a: boom() }', 'boom'],
    ['beside an emoji', 'const s = "😀"; boom()', 'boom'],
    ['under a decorator', '@deco class A {\n  m() { return boom() }\n}', 'boom'],
    ['in a var initializer', 'var p = 1,\n  q = boom()', 'boom'],
  ])('finds %s', (_what, source, marker) => {
    const before = source.slice(0, source.indexOf(marker)).split('\n');
    expect(originOf(source, marker)).toBe(`${before.length}:${(before.at(-1) as string).length + 1}`);
  });

  it('carries the source under the cell`s url', () => {
    const result = compileCell('1', 'cell_7.ts');
    expect(result.ok && JSON.parse(result.cell.map)).toMatchObject({ sources: ['cell_7.ts'], sourcesContent: ['1'] });
  });
});

describe('completeness', () => {
  it.each([
    '',
    '1 + 1',
    'if (x) {}',
    'const f = () => 1',
    '{ a: 1 }',
    'class A {}',
    'declare function f(): void',
    'f(x)\n',
  ])('complete: %j', (source) => expect(completeness(source)).toEqual({ status: 'complete' }));

  it.each<[source: string, indent: string]>([
    ['if (x) {', '  '],
    ['  foo(1,', '    '],
    ['const a = {\n  b: [', '    '],
    ['`text', ''],
    ['`text ${', '  '],
    ['/* a comment', ''],
    ['x +', '  '],
    ['const f = () =>', '  '],
    ['function f()', ''],
    ['while (x)', ''],
    ['try { x() }', ''],
    ['class A {\n  m() {}', '  '],
    ['import { a } from', ''],
    ['if (x) { // why', '  '],
  ])('incomplete: %j', (source, indent) => {
    expect(completeness(source)).toEqual({ status: 'incomplete', indent });
  });

  it.each(['foo)', '"text', 'const = 1', 'else {}', '}', 'return 1', 'let a; let a'])('invalid: %j', (source) => {
    expect(completeness(source)).toEqual({ status: 'invalid' });
  });
});
