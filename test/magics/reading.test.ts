import { describe, expect, it } from 'vitest';
import { magicCompleteness, withoutMagics } from '../../kernel/magics/index.ts';
import { checkMagics, readCell, textOf } from '../../kernel/magics/magic-cell.ts';
import { fill, piecesOf, expressionsOf } from '../../kernel/magics/templates.ts';
import { timeitOptions } from '../../kernel/magics/timeit-options.ts';
import { readOptions, wordsOf } from '../../kernel/magics/words.ts';

/** The magics of a cell as `name text`. */
const found = (code: string): string[] => {
  const cell = readCell(code);
  const all = cell.top === undefined ? cell.magics : [cell.top.magic, ...cell.magics];
  return all.map((magic) => `${magic.name} ${textOf(code, magic)}`.trim());
};

describe('a magic is found', () => {
  it.each([
    ['on top', '%cd /tmp', ['%cd /tmp']],
    ['below others', '\n  %cd a b \n%pwd', ['%cd a b', '%pwd']],
    ['after a statement', 'const a = 1;\n%pwd', ['%pwd']],
    ['after a statement without a semicolon', 'const a = f()\n%pwd\n!ls', ['%pwd', '! ls']],
    ['after a comment', '// one\n/* two\n%who */\n%pwd // three', ['%pwd // three']],
    ['in a block', 'for (const x of xs) {\n  !echo {x}\n}', ['! echo {x}']],
    ['after a block', 'if (a) { b() }\n%who', ['%who']],
    ['after else', 'if (a) b()\nelse\n%who', ['%who']],
    ['after a name in a type', 'let xs: Array<number>\n%who', ['%who']],
    ['with an unknown name', 'const a = 1\n%tiem f(x)', ['%tiem f(x)']],
    ['as a value', 'const files = %sx ls -la\nfiles', ['%sx ls -la']],
    ['over lines joined by a backslash', '!echo a \\\n  b\nf()', ['! echo a   b']],
    ['of two marks', '!!ls', ['!! ls']],
    ['of a whole cell', '%%sh -x\necho %cd\n%who', ['%%sh -x']],
    ['in the body of a cell that is timed', '%%time\n!ls\nf()', ['%%time', '! ls']],
    ['with its TypeScript, over lines', '%time await f({\n  a: 1,\n})\ng()', ['%time await f({\n  a: 1,\n})']],
    ['as what is timed', '%time !make', ['%time !make', '! make']],
    ['as what is timed, behind options', '%timeit -n 1 -r 1 !make\nf()', ['%timeit -n 1 -r 1 !make', '! make']],
    ['after a regular expression that a function returns', 'const q = (s) => { return /`/.test(s) }\n!ls', ['! ls']],
    ['with Windows line ends', '%pwd\r\nf()\r\n!ls\r\n', ['%pwd', '! ls']],
  ])('%s', (_where, code, expected) => expect(found(code)).toEqual(expected));

  it.each([
    ['the remainder operator', 'const r = total\n% count'],
    ['the remainder operator close to its operand', 'const r = total\n%count\n* 2'],
    ['the remainder operator after an operand in brackets', 'const r = (a + b)\n%count'],
    ['a template', 'const t = `\n%cd /tmp\n!ls ${x}\n`'],
    ['an expression in a template', 'const t = `${\n!x}`'],
    ['a comment', '/*\n%cd\n!ls\n*/'],
    ['an argument', 'f(\n  !x,\n  !y,\n)'],
    ['an array', 'const a = [\n!x,\n!y]'],
    ['an operand', 'const a = b &&\n!c'],
    ['an operand of the next line', 'const a =\n  !c'],
    ['an assignment', 'const a = !c'],
    ['a comparison', 'const a = b\n!= c'],
    ['an arrow function', 'const f = () =>\n  !x'],
    ['a regular expression with quotes', "const r = /['`]/g\nconst s = `\n%who`"],
    ['a template behind a returned regular expression', 'function f() { return /`/ }\nconst t = `\n%cd\n`'],
    ['a string', "const s = 'a\\\n%who'"],
    ['an assignment to itself', 'let a = 5; let b = 2\na\n%= b'],
  ])('never in %s', async (_where, code) => {
    expect(found(code)).toEqual([]);
    expect(await withoutMagics(code)).toBe(code);
  });
});

describe('what TypeScript sees', () => {
  it.each([
    ['nothing of a magic on top', '%cd /tmp\nf(x)', '        \nf(x)'],
    ['an empty statement further down', 'if (a)\n%pwd\nb()', 'if (a)\n;   \nb()'],
    ['the code of %time', '%time f(x)', '      f(x)'],
    [
      'the code of %timeit without its options',
      '%timeit -n 10 -r3 f(-n)',
      '                  f(-n)'.slice(0, 18) + 'f(-n)',
    ],
    ['a value of the right type', 'const a = %sx ls -la', 'const a = ǃsx      ;'],
    ['a value without a text, whatever comes below', 'const a = %pwd\n[1]', 'const a =ǃpwd;\n[1]'],
    ['the body of %%time', '%%time\nf(x)', '      \nf(x)'],
    ['nothing of another language', '%%sh\necho "\n`', '    \n      \n '],
  ])('%s', async (_what, code, expected) => {
    const checked = await withoutMagics(code);
    expect(checked).toHaveLength(code.length);
    expect(checked).toBe(expected);
  });

  it('later cells see nothing of what a loop declares', () => {
    expect(readCell('%timeit const a = 1').declared.trim()).toBe('');
    expect(readCell('%%timeit\nconst a = 1').declared.trim()).toBe('');
    expect(readCell('%time const a = 1').declared.trim()).toBe('const a = 1');
  });
});

describe('misuse', () => {
  it.each([
    ['%tiem f()', /Line magic %tiem is not known\. Did you mean %time\?/],
    ['%quux', /%quux is not known\. %lsmagic lists/],
    ['%%hmtl\nx', /Cell magic %%hmtl is not known\. Did you mean %%html\?/],
    ['%%cd\nx', /There is a line magic %cd/],
    ['%html x', /%html is a magic of a whole cell/],
    ['f()\n%%sh\nls', /%%sh is a magic of a whole cell: it must stand on the cell's first line/],
    ['f()\n%reset', /%reset must stand at the top of its cell/],
    ['const a = %cd x', /%cd has no value/],
    ['%timeit', /%timeit takes a statement to measure/],
    ['%timeit -n 5', /%timeit takes a statement to measure/],
    ['%%time', /%%time is a magic of a whole cell, and nothing stands below it\. %time, with one mark/],
    ['%%sh\n', /%%sh is a magic of a whole cell, and nothing stands below it\.$/],
    ['%%time f()\ng()', /%%time takes nothing on its own line: its code stands below/],
    ['%node --version', /%node is not known\. The program node is run by !node\./],
  ])('%j is told in words', (code, reason) => expect(() => checkMagics(readCell(code))).toThrow(reason));
});

describe('templates', () => {
  it.each([
    ['echo {name} $name', ['name', 'name']],
    ['{a.b(c, {d: 1})}', ['a.b(c, {d: 1})']],
    ['echo ${HOME} {a,b} {1..3} {} $1 $?', []],
    ["awk '{print $1}'", []],
    ['$$HOME {{x}}', []],
    ['{`a${b}`}', ['`a${b}`']],
    ['if [ $if ]; then echo $class; fi', []],
  ])('%j has %j', (text, expressions) => expect(expressionsOf(piecesOf(text))).toEqual(expressions));

  it.each([
    ['echo {a} $b', ['1', null], 'echo 1 $b'],
    ['echo $$HOME {{a}} ${HOME} {a,b}', [], 'echo $HOME {a} ${HOME} {a,b}'],
    ['node -e "x = {a: {}}"', [], 'node -e "x = {a: {}}"'],
  ])('%j with %j is %j', (text, values, expected) => expect(fill(piecesOf(text), values)).toBe(expected));
});

describe('words', () => {
  it('are separated as in a shell', () => {
    expect(wordsOf(`a "b c" d'e f' "g\\"h" C:\\x`)).toEqual(['a', 'b c', 'de f', 'g"h', 'C:\\x']);
    expect(wordsOf(`don't "`)).toEqual([`don't`, '"']);
  });

  it('may be options', () => {
    expect(readOptions('%x', '-no -f file -l3 rest', { n: false, o: false, f: true, l: true })).toEqual({
      options: { n: true, o: true, f: 'file', l: '3' },
      words: ['rest'],
    });
    expect(() => readOptions('%x', '-q', { n: false })).toThrow('%x knows -n; got -q.');
    expect(() => readOptions('%x', '-f', { f: true })).toThrow('%x -f takes a value.');
    const long = { append: false, out: true };
    expect(readOptions('%x', '--append --out a --out=b -- --c', long)).toEqual({
      options: { append: true, out: 'b' },
      words: ['--c'],
    });
    expect(() => readOptions('%x', '--other', long)).toThrow('%x knows --append, --out; got --other.');
    expect(() => readOptions('%x', '--append=1', long)).toThrow('%x --append takes no value');
    expect(readOptions('%x', '-u --out a --more', long, { passesOthers: true })).toEqual({
      options: { out: 'a' },
      words: ['-u', '--more'],
    });
  });

  it('of %timeit are checked', () => {
    expect(timeitOptions('-n10 -r 3 -q -o')).toEqual({
      loops: 10,
      runs: 3,
      digits: 3,
      quiet: true,
      result: true,
      cpu: false,
    });
    expect(timeitOptions('-qcn10 -p 5 -x')).toMatchObject({ loops: 10, digits: 5, quiet: true, cpu: true });
    expect(() => timeitOptions('-n 0')).toThrow(/-n takes a number above 0/);
  });
});

describe('completeness', () => {
  it.each([
    ['%cd /tmp', 'complete'],
    ['!ls', 'complete'],
    ['!ls \\', 'incomplete'],
    ['%%sh', 'incomplete'],
    ['%%sh\nls', 'incomplete'],
    ['%%sh\nls\n', 'incomplete'],
    ['%%sh\nls\n\n', 'complete'],
    ['%time?', 'complete'],
    ['%time f(', undefined],
    ['const a = 1', undefined],
  ])('of %j: %j', async (code, expected) => expect(await magicCompleteness(code)).toBe(expected));
});
