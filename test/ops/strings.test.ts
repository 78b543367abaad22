import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';

const texts = (x: tf.Tensor | tf.RaggedTensor): unknown =>
  x instanceof tf.RaggedTensor ? x.arraySync<string>() : x.arraySync<tf.NestedStrings>();
const abc = (): tf.Tensor =>
  tf.tensor([
    ['a', 'b', 'c'],
    ['d', 'é', ''],
  ]);
/** At once, and as a graph. */
const both = (f: (...x: tf.Tensor[]) => tf.Tensor, ...operands: tf.Tensor[]): [unknown, unknown] => [
  texts(f(...operands)),
  texts(tf.function((...x: tf.Tensor[]) => f(...x))(...operands)),
];

describe('tensors of strings', () => {
  it('are made of texts and of bytes', () => {
    const x = abc();
    expect([x.dtype, x.shape, x.size]).toEqual(['string', [2, 3], 6]);
    expect(x.dataSync<string[]>()).toEqual(['a', 'b', 'c', 'd', 'é', '']);
    expect(tf.scalar('x').item<string>()).toBe('x');
    expect(tf.tensor(['a', 'b', 'c', 'd'], [2, 2]).arraySync<tf.NestedStrings>()).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    const raw = tf.tensor([new Uint8Array([0xff, 0]), 'é'] as never, undefined, 'string');
    expect(raw.bytesSync<Uint8Array[]>().map((b) => [...b])).toEqual([
      [0xff, 0],
      [0xc3, 0xa9],
    ]);
    expect(tf.tensor([], undefined, 'string').shape).toEqual([0]);
    expect(texts(tf.fill([2], 'ab'))).toEqual(['ab', 'ab']);
    expect(texts(tf.zeros([2], 'string'))).toEqual(['', '']);
    expect(tf.tensor2d([['a'], ['b']]).shape).toEqual([2, 1]);
  });

  it('are read without blocking, and as raw bytes of any dtype', async () => {
    expect(await tf.tensor(['a', 'b']).data<string[]>()).toEqual(['a', 'b']);
    expect(await tf.tensor([['a']]).array<tf.NestedStrings>()).toEqual([['a']]);
    expect((await tf.tensor(['é']).bytes<Uint8Array[]>())[0]).toEqual(new Uint8Array([0xc3, 0xa9]));
    expect([...(await tf.tensor([1], undefined, 'int32').bytes())]).toEqual([1, 0, 0, 0]);
  });

  it('are refused where they have no meaning', () => {
    expect(() => tf.tensor(['a', 1] as never)).toThrow(/string.*tf\.strings/);
    expect(() => tf.tensor([1, 2], undefined, 'string')).toThrow(/asString/);
    expect(() => tf.tensor(['1'], undefined, 'int32')).toThrow(/toNumber/);
    expect(() => tf.add(tf.tensor(['a']), tf.tensor(['b']))).toThrow(/add: .*number dtype.*string/);
    expect(() => tf.tensor(['1']).cast('float32')).toThrow(/toNumber/);
    expect(() => tf.tensor([1]).cast('string')).toThrow(/asString/);
    expect(() => tf.tensor(['a']).sum()).toThrow(/sum: .*string/);
    expect(() => tf.tensor(['a']).add(1)).toThrow(/string and float32 cannot meet|float32 and string cannot meet/);
    expect(() => tf.tensor([['a'], ['b', 'c']])).toThrow(/ragged/);
    expect(() => tf.strings.lower([1])).toThrow(/expected strings, got float32/);
  });

  it.each<[string, (x: tf.Tensor) => tf.Tensor, unknown]>([
    ['reshape', (x) => x.reshape([3, 2]), [['a', 'b'], ['c', 'd'], ['é', '']]], // prettier-ignore
    ['transpose', (x) => x.transpose(), [['a', 'd'], ['b', 'é'], ['c', '']]], // prettier-ignore
    ['slice', (x) => x.slice([0, 1], [2, 2]), [['b', 'c'], ['é', '']]], // prettier-ignore
    ['stridedSlice', (x) => x.stridedSlice([0, 2], [2, -4], [1, -2]), [['c', 'a'], ['', 'd']]], // prettier-ignore
    ['pad', (x) => x.slice([0, 0], [1, 2]).pad([[0, 1], [1, 0]]), [['', 'a', 'b'], ['', '', '']]], // prettier-ignore
    ['pad with a string', (x) => x.slice([0, 0], [1, 1]).pad([[0, 1], [1, 0]], '-'), [['-', 'a'], ['-', '-']]], // prettier-ignore
    ['concat', (x) => tf.concat([x, x], 1).slice([1, 1], [1, 4]), [['é', '', 'd', 'é']]],
    ['stack', (x) => tf.stack([x, x], 2).slice([0, 0, 0], [1, 2, 2]), [[['a', 'a'], ['b', 'b']]]], // prettier-ignore
    ['gather', (x) => tf.gather(x, [2, 0], 1), [['c', 'a'], ['', 'd']]], // prettier-ignore
    ['gatherAlong', (x) => tf.gatherAlong(x, [[2], [1]], 1), [['c'], ['é']]],
    ['reverse', (x) => x.reverse(1), [['c', 'b', 'a'], ['', 'é', 'd']]], // prettier-ignore
    ['tile', (x) => x.slice([0, 0], [1, 1]).tile([1, 3]), [['a', 'a', 'a']]],
    ['broadcastTo', (x) => x.slice([1, 0], [1, 3]).broadcastTo([2, 3]), [['d', 'é', ''], ['d', 'é', '']]], // prettier-ignore
    ['where', (x) => tf.where(tf.equal(x, 'b'), 'B', x), [['a', 'B', 'c'], ['d', 'é', '']]], // prettier-ignore
    ['expandDims, squeeze', (x) => x.expandDims(0).squeeze(0), [['a', 'b', 'c'], ['d', 'é', '']]], // prettier-ignore
    ['upper', (x) => tf.strings.upper(x.slice([1, 0], [1, 2]), 'utf-8'), [['D', 'É']]],
    ['join', (x) => tf.strings.join([x.slice([0, 0], [1, 2]), '!'], '-'), [['a-!', 'b-!']]],
    ['reduceJoin', (x) => tf.strings.reduceJoin(x, 1, false, '+'), ['a+b+c', 'd+é+']],
    ['format', (x) => tf.strings.format('<{}>', tf.strings.length(x)), '<[[1 1 1]\n [1 2 0]]>'],
    ['asString of a length', (x) => tf.strings.asString(tf.strings.length(x, 'UTF8_CHAR').sum()), '5'],
    ['cond', (x) => tf.cond(tf.equal(x.slice([0, 0], [1, 1]).reshape([]), 'a'), () => tf.scalar('yes'), () => tf.scalar('no')), 'yes'], // prettier-ignore
    ['cond of operands', (x) => tf.cond(tf.strings.length(x).sum().greater(3), () => x.slice([0, 0], [1, 2]), () => x.slice([1, 0], [1, 2])), [['a', 'b']]], // prettier-ignore
    [
      'forLoop that carries',
      (x) => tf.forLoop(3, (i, y) => tf.strings.join([y, tf.strings.asString(i)]), x.slice([0, 0], [1, 1])),
      [['a012']],
    ],
    ['scan that joins', (x) => tf.scan((all, row) => tf.strings.join([all, row]), x), [['a', 'b', 'c'], ['ad', 'bé', 'c']]], // prettier-ignore
    ['scan of rows as they are', (x) => tf.scan((_, row) => row, x, { initializer: tf.tensor(['', '', '']) }), [['a', 'b', 'c'], ['d', 'é', '']]], // prettier-ignore
    ['mapFn', (x) => tf.mapFn((row) => tf.strings.reduceJoin(row), x) as tf.Tensor, ['abc', 'dé']],
  ])('%s', (_, f, expected) => {
    expect(both(f, abc())).toEqual([expected, expected]);
  });

  it('split and unstack', () => {
    expect(tf.split(abc(), 3, 1).map(texts)).toEqual([
      [['a'], ['d']],
      [['b'], ['é']],
      [['c'], ['']],
    ]);
    expect(tf.unstack(abc()).map(texts)).toEqual([
      ['a', 'b', 'c'],
      ['d', 'é', ''],
    ]);
  });

  it('compare by their bytes, and broadcast', () => {
    const f = (x: tf.Tensor, y: tf.Tensor): tf.Tensor[] => [
      x.equal(y),
      x.notEqual(y),
      x.less(y),
      x.lessEqual(y),
      x.greater(y),
      x.greaterEqual(y), // prettier-ignore
    ];
    const [x, y] = [tf.tensor([['a'], ['ab']]), tf.tensor(['a', 'b'])];
    const expected = [
      [1, 0, 0, 0],
      [0, 1, 1, 1],
      [0, 1, 0, 1],
      [1, 1, 0, 1],
      [0, 0, 1, 0],
      [1, 0, 1, 0],
    ];
    expect(f(x, y).map((z) => [...z.dataSync()])).toEqual(expected);
    expect(
      tf
        .function(f)(x, y)
        .map((z) => [...z.dataSync()]),
    ).toEqual(expected);
    expect([...tf.equal(['a', 'b'], 'b').dataSync()]).toEqual([0, 1]);
  });

  it('are constants of traces, apart where their bytes are', () => {
    const f = tf.function((x: tf.Tensor) =>
      tf.strings.join([x, tf.tensor([new Uint8Array([0xff])] as never, undefined, 'string'), tf.tensor(['\ufffd'])]),
    );
    expect([...f(tf.tensor(['a'])).bytesSync<Uint8Array[]>()[0]]).toEqual([0x61, 0xff, 0xef, 0xbf, 0xbd]);
    const label = tf.function((x: tf.Tensor) => tf.gather(tf.tensor(['cat', 'dog']), x.argMax(-1)));
    expect(texts(label(tf.tensor([[0.1, 0.9], [0.8, 0.2]])))).toEqual(['dog', 'cat']); // prettier-ignore
  });

  it('take no part in gradients', () => {
    const tape = new tf.GradientTape();
    const x = tf.variable([1, 2]);
    const y = tape.record(() => x.mul(tf.strings.toNumber(['3', '4'])).sum());
    expect([...tape.gradient(y, x)!.dataSync()]).toEqual([3, 4]);
  });

  it('are held by variables', () => {
    const v = tf.variable(['a', 'b']);
    v.assign(tf.tensor(['c', 'd']));
    expect(texts(v.read())).toEqual(['c', 'd']);
    const f = tf.function((x: tf.Tensor) => {
      v.assign(tf.strings.join([v.read(), x]));
      return v.read();
    });
    expect(texts(f(tf.tensor(['x', 'y'])))).toEqual(['cx', 'dy']);
    expect(texts(v.read())).toEqual(['cx', 'dy']);
    expect(() => v.assign(tf.tensor([1, 2]))).toThrow(/holds string/);
  });

  it('are counted as memory, and given back', () => {
    const before = tf.memory();
    const x = tf.tensor(['abcd', 'éé']);
    const y = x.reshape([2, 1]);
    expect(tf.memory().numBytes - before.numBytes).toBe(8);
    expect(tf.memory().numDataBuffers - before.numDataBuffers).toBe(1);
    x.dispose();
    expect(texts(y)).toEqual([['abcd'], ['éé']]);
    y.dispose();
    expect(tf.memory()).toEqual(before);
    expect(() => x.dataSync()).toThrow(/disposed/);
    tf.tidy(() => void tf.strings.lower(tf.tensor(['A'])).reverse(0));
    expect(tf.memory()).toEqual(before);
  });

  it('print and show themselves', () => {
    expect(tf.tensor(['a', 'b"']).toString()).toBe('Tensor\n    ["a", "b\\""]');
    expect(abc().toString()).toContain('["a", "b", "c"]');
    expect(tf.scalar('x').toString()).toContain('"x"');
    const bundle = tf.tensor(['<b>', 'x'])[tf.displaySymbol]();
    expect(bundle['text/plain']).toBe('Tensor string [2]\n["<b>", "x"]');
    expect(bundle['text/html']).toContain('&lt;b&gt;');
    expect(Object.keys(tf.scalar('x')[tf.displaySymbol]())).toEqual(['text/plain']);
    expect(tf.tensor(Array.from({ length: 2000 }, String)).toString()).toContain('..., ');
  });
});

describe('tf.strings', () => {
  it('says what is wrong', () => {
    expect(() => tf.strings.substr(['abc'], 4, 1)).toThrow(/position 4 is out of "abc", which has 3 bytes/);
    expect(() => tf.strings.toNumber(['x'])).toThrow(/"x" is no number/);
    expect(() => tf.strings.toNumber(['300'], 'uint8')).toThrow(/out of uint8/);
    expect(() => tf.strings.regexReplace(['a'], '(', 'b')).toThrow(/RE2/);
    expect(() => tf.strings.regexReplace(['a'], 'a', '\\1')).toThrow(/group/);
    expect(() => tf.strings.format('{} {}', [1])).toThrow(/2 times.*1 tensors/);
    expect(() => tf.strings.unicodeDecode([new Uint8Array([0xff])] as never, 'UTF-8')).toThrow(/uint8/);
    const bad = tf.tensor([new Uint8Array([0xff])] as never, undefined, 'string');
    expect(() => tf.strings.unicodeDecode(bad, 'UTF-8', { errors: 'strict' })).toThrow(/malformed/);
    expect(() => tf.strings.unicodeDecode(['a'], 'no-such')).toThrow(/no encoding "no-such"/);
    expect(() => tf.function((x: tf.Tensor) => tf.strings.split(x))(tf.tensor(['a b']))).toThrow(
      /depends on the values.*tf\.function/,
    );
    expect(() => tf.strings.toHashBucketFast(['a'], 0)).toThrow(/1 bucket/);
    expect(() => tf.io.decodeRaw(tf.tensor(['a', 'bc']), 'uint8')).toThrow(/fixedLength/);
    expect(() => tf.io.decodeBase64(['a+b'])).toThrow(/base64/);
  });

  it('complex numbers become strings of both parts', () => {
    expect(texts(tf.strings.asString(tf.complex([1.5], [-2]), { precision: 1 }))).toEqual(['(1.5,-2.0)']);
  });

  it('works on empty tensors', () => {
    const none = tf.tensor([], [0], 'string');
    expect(tf.strings.lower(none).shape).toEqual([0]);
    expect(tf.strings.reduceJoin(none).item<string>()).toBe('');
    expect((tf.strings.split(none) as tf.RaggedTensor).shape).toEqual([0, null]);
    expect(tf.strings.length(none).shape).toEqual([0]);
  });

  it('goes through a function as numbers and strings between compiled parts', async () => {
    const f = tf.function((x: tf.Tensor) => {
      const n = tf.strings.toNumber(x);
      return tf.strings.join(['[', tf.strings.asString(n.mul(2).add(1), { precision: 1 }), ']']);
    });
    expect(texts(f(tf.tensor(['1', '2.5'])))).toEqual(['[3.0]', '[6.0]']);
    expect(texts(await f.runAsync(tf.tensor(['1', '2.5'])))).toEqual(['[3.0]', '[6.0]']);
  });
});

describe('tf.strings of ragged tensors', () => {
  it('change the elements and keep the rows', () => {
    const words = tf.strings.split(['To be', 'or  not TO', '']);
    expect(texts(tf.strings.lower(words))).toEqual([['to', 'be'], ['or', 'not', 'to'], []]);
    expect(tf.strings.length(words).arraySync()).toEqual([[2, 2], [2, 3, 2], []]);
    expect(texts(tf.strings.regexReplace(words, 'o', '0'))).toEqual([['T0', 'be'], ['0r', 'n0t', 'TO'], []]);
    expect(tf.strings.toNumber(tf.strings.split(['1 2', '3'])).arraySync()).toEqual([[1, 2], [3]]);
    expect(texts(tf.strings.asString(tf.ragged.constant([[1], [2, 3]], 'int32')))).toEqual([['1'], ['2', '3']]);
    expect(tf.strings.toHashBucketFast(words, 10).dtype).toBe('int64');
    expect(texts(tf.strings.ngrams(words, 2, { separator: '_' }))).toEqual([['To_be'], ['or_not', 'not_TO'], []]);
    expect(texts(tf.strings.split(words, 'o'))).toEqual([[['T', ''], ['be']], [['', 'r'], ['n', 't'], ['TO']], []]); // prettier-ignore
  });

  it('join their rows again', () => {
    const words = tf.strings.split(['a b', '', 'c']);
    expect(texts(tf.strings.reduceJoin(words, -1, false, '-'))).toEqual(['a-b', '', 'c']);
    expect(texts(tf.strings.reduceJoin(words))).toBe('abc');
    expect(texts(tf.strings.reduceJoin(tf.strings.unicodeSplit(words, 'UTF-8'), 2))).toEqual([['a', 'b'], [], ['c']]);
    const f = tf.function((x: tf.RaggedTensor) => tf.strings.reduceJoin(tf.strings.upper(x), 1, false, ' '));
    expect(texts(f(words))).toEqual(['A B', '', 'C']);
  });
});

describe('tf.string, as TensorFlow.js has it', () => {
  it('splits into a sparse matrix', () => {
    const { indices, values, shape } = tf.string.stringSplit(['hello.how are you', ' x'], '. ');
    expect(texts(values)).toEqual(['hello', 'how', 'are', 'you', 'x']);
    expect(indices.arraySync()).toEqual([[0, 0], [0, 1], [0, 2], [0, 3], [1, 0]]); // prettier-ignore
    expect([...shape.dataSync()]).toEqual([2, 4]);
    expect(texts(tf.string.stringSplit(['a,,b'], ',', false).values)).toEqual(['a', '', 'b']);
    expect(texts(tf.string.stringSplit(['ab'], '').values)).toEqual(['a', 'b']);
  });

  it('makes n-grams of rows', () => {
    // The example of TensorFlow.js's documentation.
    const { nGrams, nGramsSplits } = tf.string.stringNGrams(
      ['a', 'b', 'c', 'd'],
      tf.tensor1d([0, 2, 4], 'int32'),
      '|',
      [1, 2],
      'LP',
      'RP',
      -1,
      false,
    );
    expect(texts(nGrams)).toEqual(['a', 'b', 'LP|a', 'a|b', 'b|RP', 'c', 'd', 'LP|c', 'c|d', 'd|RP']);
    expect([...nGramsSplits.dataSync()]).toEqual([0, 5, 10]);
  });

  it('replaces and hashes', () => {
    const markup = ['Hello       TensorFlow.', 'a\t\n b'];
    expect(texts(tf.string.staticRegexReplace(markup, '\\s+', ' '))).toEqual(['Hello TensorFlow.', 'a b']);
    const buckets = tf.string.stringToHashBucketFast(['Hello', 'TensorFlow', '2.x'], 3);
    expect([...buckets.dataSync<BigInt64Array>()]).toEqual([0n, 2n, 2n]);
  });
});
