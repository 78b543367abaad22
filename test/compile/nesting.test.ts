import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { compileCell, completeness, isTooDeep } from '../../kernel/compile/index.ts';

/** Ways to make a syntax tree as deep as the text is long. */
const deep: readonly (readonly [string, (levels: number) => string])[] = [
  ['parentheses', (n) => '('.repeat(n) + '1' + ')'.repeat(n)],
  ['arrays', (n) => '['.repeat(n)],
  ['objects', (n) => '({a:'.repeat(n)],
  ['blocks', (n) => '{'.repeat(n) + '}'.repeat(n)],
  ['a sum', (n) => '1' + '+1'.repeat(n)],
  ['a sum of lines', (n) => '1\n' + '+ 1\n'.repeat(n)],
  ['calls of methods', (n) => 'a' + '.b(1, 2)'.repeat(n)],
  ['elements', (n) => 'a' + '[0]'.repeat(n)],
  ['signs', (n) => '!'.repeat(n) + '1'],
  ['awaits on lines', (n) => 'await\n'.repeat(n) + '1'],
  ['arrows', (n) => '() =>'.repeat(n) + '1'],
  ['templates', (n) => '`${'.repeat(n)],
  ['types', (n) => 'type A = ' + 'Array<'.repeat(n)],
  ['else if', (n) => 'if (a) {} else '.repeat(n) + '{}'],
  ['if on lines', (n) => 'if (1)\n'.repeat(n) + '1'],
  ['labels', (n) => 'a:'.repeat(n) + '1'],
  ['assertions', (n) => 'a' + ' as b'.repeat(n)],
];

describe('code that is nested too deeply', () => {
  it.each(deep)('%s', (_, code) => {
    expect(isTooDeep(code(200_000))).toBe(true);
    expect(isTooDeep(code(200))).toBe(false);
    // What is let through must not end the process: this would take the test down.
    let allowed = 200;
    while (!isTooDeep(code(allowed * 2))) allowed *= 2;
    completeness(code(allowed));
  });

  it('is a syntax error that says so', () => {
    const compiled = compileCell('('.repeat(200_000), 'cell_1.ts');
    expect(compiled).toMatchObject({ ok: false, problems: [{ line: 1, column: 1 }] });
    expect(!compiled.ok && compiled.problems[0].message).toMatch(/nested more than 1000 levels/);
    expect(completeness('('.repeat(200_000))).toEqual({ status: 'invalid' });
  });

  it('is not what is merely long', () => {
    const rows = `[${'{"a": -1.5, "b": [1, 2, {"c": "(("}]},\n'.repeat(20_000)}]`;
    expect(isTooDeep(rows)).toBe(false);
    expect(isTooDeep('if (a) {\n  b()\n}\nawait c(d)\n'.repeat(20_000))).toBe(false);
    const library = createRequire(import.meta.url).resolve('typescript');
    expect(isTooDeep(readFileSync(library, 'utf8'))).toBe(false);
  });
});
