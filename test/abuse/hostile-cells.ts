/** @file Cells that nobody would write: token soup, mutations of right cells, odd characters, long and deep code. */
import type { Random } from './random.ts';

const tokens =
  'const let var function class async await yield return throw try catch finally if else for while do switch case of in new ' +
  'typeof void delete instanceof import export default from as type interface enum namespace declare abstract extends ' +
  'implements static get set private readonly satisfies keyof infer unique symbol never unknown any null undefined true ' +
  'false this super debugger with using accessor a b c d x y z f g Foo Bar Promise Symbol Math JSON tf display ' +
  '( ) [ ] { } < > ; , . ?. ... => = == === != ! ~ + - * / % ** ++ -- & | ^ << >> >>> && || ?? ? : @ # ` ${ } " \' / ' +
  '0 1 2.5 1e3 0x1f 1n .5 "s" \'t\' `u` `${1}` /re/g // /* */ <!-- --> #! %typecheck %time ! ? \\u0041 \\';
const tokenList = [...tokens.split(' '), '\n', '\n', ' ', '\t', '\r', '\u2028'];

const rightCells: readonly string[] = [
  'const a: number = 1; a + 1',
  'interface Point { x: number; y?: string }\nconst p: Point = { x: 1 };\np.x',
  'class Foo<T> extends Array<T> { #hidden = 1; get size(): number { return this.#hidden } }\nnew Foo<string>().size',
  'function* count(n: number) { for (let i = 0; i < n; i++) yield i }\n[...count(3)]',
  'enum Colour { Red = 1, Green }\nColour[1]',
  'async function later<T>(value: T): Promise<T> { await null; return value }\nawait later(7)',
  'import { basename } from "node:path"\nbasename("/a/b.ts")',
  'const { a, ...rest } = { a: 1, b: [2, 3] };\n`${a} ${rest.b?.[0] ?? "none"}`',
  'type Deep<T> = T extends (infer U)[] ? Deep<U> : T;\nconst deep: Deep<number[][]> = 3; deep',
  'try { null!.x } catch (error) { String(error) }',
  'label: for (const x of [1, 2]) { switch (x) { case 1: continue label; default: break label } }',
  'console.log("%s is %d", "one", 1); display.html("<b>bold</b>")',
  'const t = tf.tensor([1, 2, 3]); t.sum()',
  '%typecheck warn\nconst n: number = "text"',
];

/** Cells that each are a trouble of their own. */
export const oddCells: readonly (readonly [string, string])[] = [
  ['NUL', '\u0000'],
  ['NUL in a string', '"a\u0000b".length'],
  ['lone surrogates', '"\ud800".length + "\udc00".length'],
  ['a lone surrogate as a name', 'const \ud800 = 1'],
  ['letters of many scripts', 'const größe = 1, 変数 = 2, переменная = 3; größe + 変数 + переменная'],
  ['directions and joiners', 'const a\u200d = 1; /* \u202e */ a\u200d'],
  ['a byte order mark', '\ufeff1 + 1'],
  ['line separators', '1\u2028+\u20291'],
  ['returns without line feeds', 'const a = 1\rconst b = 2\ra + b'],
  ['only white space', ' \t\n\u00a0\u3000 '],
  ['only a comment', '/* nothing */ // at all'],
  ['an unfinished comment', '/* never closed'],
  ['an unfinished template', '`${1 + `${2'],
  ['a line of 1 MB', `"${'x'.repeat(1_000_000)}".length`],
  ['a comment of 1 MB', `// ${'y'.repeat(1_000_000)}\n1`],
  ['a million digits', '1'.repeat(1_000_000)],
  ['50,000 lines', 'void 0;\n'.repeat(50_000)],
  ['20,000 names', `const ${Array.from({ length: 20_000 }, (_, index) => `n${index} = ${index}`).join(', ')}`],
  ['deep parentheses', '('.repeat(100_000)],
  ['deep brackets', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['deep objects', '({a:'.repeat(100_000)],
  ['deep blocks', '{'.repeat(100_000) + '}'.repeat(100_000)],
  ['deep templates', '`${'.repeat(50_000)],
  ['deep types', `type A = ${'Array<'.repeat(50_000)}`],
  ['a long sum', `1${'+1'.repeat(200_000)}`],
  ['a long else if', 'if (0) {} else '.repeat(50_000) + '{}'],
  ['an endless type', 'type E<T> = { [K in keyof T]: E<E<T>> }; let e: E<E<{ a: 1 }>>; e'],
  ['a type that recurses', 'type R<N extends 0[]> = R<[...N, 0]>; let r: R<[]>; r'],
  ['a getter that throws', '({ get x() { throw new Error("no") }, toString() { throw 1 } })'],
  [
    'a proxy that throws',
    'new Proxy({}, { get() { throw new Error("trap") }, ownKeys() { throw new Error("trap") } })',
  ],
  ['a display that throws', '({ [Symbol.for("Jupyter.display")]() { throw new Error("display") } })'],
  ['a display of nonsense', '({ [Symbol.for("Jupyter.display")]() { return 1 } }) as unknown'],
  ['a value that contains itself', 'const self: unknown[] = []; self.push(self); self'],
  ['a deep value', 'let v: unknown = 1; for (let i = 0; i < 100_000; i++) v = [v]; v'],
  ['a throw of nothing', 'throw undefined'],
  ['a throw of an object without a prototype', 'throw Object.create(null)'],
  ['an error with a hostile stack', 'throw Object.defineProperty(new Error("x"), "stack", { get() { throw 2 } })'],
  ['endless recursion', 'const recurse = (): number => 1 + recurse(); recurse()'],
  ['a broken prototype', 'Object.prototype.toString = () => { throw 3 }; delete (Object.prototype as any).toString; 1'],
  ['a broken JSON', 'const stringify = JSON.stringify; JSON.stringify = () => "broken"; 1'],
  ['a mended JSON', 'JSON.stringify = stringify; 1'],
  ['half a line in our pipe', 'import { writeSync } from "node:fs"\nvoid writeSync(3, "{ half a line"); 2'],
  ['our pipe closed', 'import { closeSync } from "node:fs"\ncloseSync(3)'],
  [
    'a display of what JSON lacks',
    '({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": { a: 1n }, "text/plain": Symbol() }) }) as unknown',
  ],
  ['a display of a circle', 'const ring: Record<string, unknown> = {}; ring.ring = ring; display.json(ring)'],
  ['a debugger statement', 'debugger; 1'],
  ['a source map of its own', '1 //# sourceMappingURL=data:nonsense\n//# sourceURL=/etc/passwd'],
  ['a name of ours', 'var __tensorcell = 1, cell_1 = 2; cell_1'],
  ['HTML comments', '<!-- x\n1\n--> y'],
  ['a hashbang', '#!/usr/bin/env node\n1'],
];

/** Makes cells from a seed. */
export class HostileCells {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): string {
    const kind = this.#random.next();
    if (kind < 0.35) return this.#soup();
    if (kind < 0.85) return this.#mutated();
    return this.#characters();
  }

  #soup(): string {
    const random = this.#random;
    return random.list(random.integer(1, 40), () => random.pick(tokenList)).join(random.pick([' ', '', '\n']));
  }

  /** A right cell in which something is missing, doubled, put elsewhere or replaced. */
  #mutated(): string {
    const random = this.#random;
    let text = random.pick(rightCells);
    for (let changes = random.integer(1, 5); changes > 0; changes--) {
      const at = random.integer(0, text.length + 1);
      const length = random.integer(1, 12);
      const rest = text.slice(at + length);
      const change = random.integer(0, 4);
      if (change === 0) text = text.slice(0, at) + rest;
      else if (change === 1) text = text.slice(0, at) + random.pick(tokenList) + text.slice(at);
      else if (change === 2) text = text.slice(0, at) + text.slice(at, at + length).repeat(3) + rest;
      else text = text.slice(0, at) + random.pick(rightCells).slice(random.integer(0, 20)) + rest;
    }
    return text;
  }

  /** Characters of all of Unicode, the forbidden ones too. */
  #characters(): string {
    const random = this.#random;
    return random
      .list(random.integer(1, 60), () =>
        random.chance(0.5) ? random.integer(0, 128) : random.integer(0, random.pick([0x3000, 0x10000, 0x110000])),
      )
      .map((point) => String.fromCodePoint(point))
      .join('');
  }
}
