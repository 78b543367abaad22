import { describe, expect, test } from 'vitest';
import { formatFully } from '../../kernel/display/format-value.ts';
import { formatValue } from '../../kernel/display/index.ts';

const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = wrap(value);
  return value;
};
const wide = (keys: number) => Object.fromEntries(Array.from({ length: keys }, (_, i) => [`key${i}`, { value: i }]));
const throwing = (): never => {
  throw new Error('keep out');
};
const everything: unknown = new Proxy(function () {}, {
  get: () => everything,
  apply: () => everything,
  has: () => true,
});
const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const markup = `<script>alert(1)</script><img src=x onerror='alert(1)'>"'&`;

/** Names of properties by which kinds of values are known. */
const askedFor = [
  ...[
    'schema',
    'numRows',
    'type',
    'length',
    'columns',
    'dtypes',
    'height',
    'name',
    'dtype',
    'currentRowCount',
    'rowCount',
  ],
  ...['shape', 'bitmap', 'data', 'width', 'layout', 'toDataURL', 'clone', 'outerHTML', 'nodeType', 'toTex', 'isNode'],
  ...['$schema', '$$typeof', 'constructor', 'features', 'toString', 'then', 'columnNames', 'getColumnNames', 'slice'],
  ...['_repr_html_', '_toMime', Symbol.toStringTag],
];
const named = (keys: readonly PropertyKey[]): PropertyDescriptorMap =>
  Object.fromEntries(keys.map((key) => [key, { get: throwing, enumerable: true, configurable: true }]));

/** Values that are large, deep or hostile. */
const values: Readonly<Record<string, () => unknown>> = {
  'a string of 10 MB': () => 'x<y>'.repeat(2_500_000),
  'a million numbers': () => Array.from({ length: 1e6 }, (_, i) => i),
  'a million strings': () => Array.from({ length: 1e6 }, (_, i) => `<${i}>`),
  'a million records': () => Array.from({ length: 1e6 }, (_, i) => ({ i, text: 'x' })),
  'a grid of a million cells': () => Array.from({ length: 1000 }, () => new Array(1000).fill(0.5)),
  'a sparse array': () => Object.assign([], { [2 ** 31]: 1 }),
  'objects 10,000 deep': () => nested(10_000, (inner) => ({ inner })),
  'arrays 10,000 deep': () => nested(10_000, (inner) => [inner]),
  'records 10,000 deep': () => [nested(10_000, (inner) => ({ inner }))],
  'an object of 100,000 keys': () => wide(100_000),
  'wide objects in an array': () => Array.from({ length: 100 }, () => wide(2_000)),
  'records of 10,000 columns': () => Array.from({ length: 20 }, () => wide(10_000)),
  'a Map of a million': () => new Map(Array.from({ length: 1e6 }, (_, i) => [i, { i }])),
  'a Set of a million': () => new Set(Array.from({ length: 1e6 }, (_, i) => i)),
  '10 million floats': () => new Float64Array(1e7),
  '50 MB of bytes': () => Buffer.alloc(5e7),
  'huge cells': () => Array.from({ length: 30 }, () => ({ text: 'y'.repeat(1e6) })),
  'huge keys': () => ({ ['k"<'.repeat(1e5)]: { a: 1 }, ['l'.repeat(1e6)]: { b: { c: 1 } } }),
  'an error of 5,000 causes': () => {
    let error = new Error('first');
    for (let i = 0; i < 5_000; i++) error = new Error(`error ${i}`, { cause: error });
    return error;
  },
  'an aggregate of 1,000 errors': () => new AggregateError(Array.from({ length: 1_000 }, () => new Error(markup))),
  'a long source': () => new Function('1;'.repeat(200_000)),
  'a huge inspection': () => ({ [Symbol.for('nodejs.util.inspect.custom')]: () => 'c'.repeat(1e7) }),
  'getters that throw': () => ({
    get a() {
      return throwing();
    },
    get [Symbol.toStringTag]() {
      return throwing();
    },
    toString: throwing,
    then: undefined,
    text: markup.repeat(5),
    list: [1, 2],
  }),
  'getters under every name that views ask for': () => Object.defineProperties({ plain: 1 }, named(askedFor)),
  'a class of such getters': () => {
    class Hostile {
      readonly text = 'x'.repeat(200);
    }
    Object.defineProperties(Hostile.prototype, named(askedFor));
    return new Hostile();
  },
  'a name that is no text': () => ({
    constructor: { name: Symbol('no text') },
    get [Symbol.for('Jupyter.display')]() {
      return throwing();
    },
  }),
  'a prototype that is a revoked proxy': () => Object.setPrototypeOf({ a: 1 }, revoked()) as object,
  'an error whose parts throw': () =>
    Object.defineProperties(new Error('m'), named(['stack', 'name', 'message', 'cause', 'constructor'])),
  'an error caused by a revoked proxy': () => new Error('outer', { cause: revoked() }),
  'a Map and a Set with their own ideas of size': () => {
    class Endless extends Map<unknown, unknown> {
      override get size(): number {
        return throwing();
      }
    }
    class Empty extends Set<unknown> {
      override get size(): number {
        return -1;
      }
    }
    return { map: new Endless([[1, 'x'.repeat(150)]]), set: new Empty(['x'.repeat(150)]), list: [new Endless()] };
  },
  'dates with their own ideas of time': () =>
    Array.from({ length: 3 }, () => ({
      day: Object.assign(new Date(0), { getTime: throwing, toISOString: throwing }),
      none: Object.create(Date.prototype) as object,
    })),
  'a typed array without a class': () => Object.assign(new Float32Array(200), { constructor: undefined }),
  'bytes that were given away': () => {
    const buffer = new ArrayBuffer(64);
    structuredClone(buffer, { transfer: [buffer] });
    return buffer;
  },
  'a display that JSON cannot carry': () => ({
    [Symbol.for('Jupyter.display')]: () => {
      const circle: Record<string, unknown> = {};
      circle.self = circle;
      return { data: { 'application/json': circle, 'text/plain': 'x' }, metadata: { count: 1n } };
    },
  }),
  'data that looks like an element of a page': () =>
    JSON.parse('{"outerHTML":"<img src=x onerror=alert(1)>","nodeType":1,"tagName":"P"}') as object,
  'a stack that throws': () => Object.defineProperty(new Error('m'), 'stack', { get: throwing }),
  'a proxy that throws': () =>
    new Proxy({}, { get: throwing, has: throwing, ownKeys: throwing, getPrototypeOf: throwing }),
  'a proxy that answers everything': () => everything,
  'revoked proxies': () => ({ list: [revoked(), revoked()], text: 'x'.repeat(200) }),
  'a revoked proxy': revoked,
  markup: () => markup,
  'markup in names and values': () => ({
    [markup]: { [markup]: markup.repeat(3) },
    list: new Map([[markup, new Set([markup])]]),
  }),
  'markup in a table': () => [{ [markup]: markup }, { [markup]: 1 }, { other: { toString: () => markup } }],
  'markup in a class': () => {
    const name = { [markup]: class {} }[markup];
    return Object.assign(new name(), { a: markup, b: [markup, { c: markup.repeat(9) }] });
  },
  'halves of surrogate pairs': () => [
    { a: '\ud800', ['\udc00']: 'x\udfff' },
    { a: '\ud83d\ude00'.repeat(100).slice(1) },
  ],
  'control characters': () => ({ a: '\u0000\u001b[31m\u009b\u2028'.repeat(40), b: { c: [1] } }),
  'the global object': () => globalThis,
  'the process': () => process,
};

describe.each([
  ['as a rule', formatValue, 600_000],
  ['in full', formatFully, 40_000_000],
] as const)('%s', (_, format, largest) => {
  test.each(Object.keys(values))('%s', { timeout: 30_000 }, async (name) => {
    const formatted = await format(values[name]());
    if (!formatted) throw new Error('nothing to show');
    const json = JSON.stringify(formatted);
    expect(json.length).toBeLessThan(largest);
    expect(typeof formatted.data['text/plain']).toBe('string');
    // Valid in UTF-8: what a client writes into a file must be readable.
    expect(Buffer.from(json).toString('utf8') === json).toBe(true);
    const html = formatted.data['text/html'];
    if (typeof html !== 'string') return;
    expect(html).not.toMatch(/<script|<img/i);

    expect(html).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });
});

test('getters of objects are not run to find out what they are', async () => {
  const formatted = await formatValue(Object.defineProperties({ a: 'x'.repeat(100) }, named(askedFor)));
  // Node's inspection, which writes the text, reads two of them by itself.
  expect(formatted?.data['text/plain']).toContain('  schema: [Getter]\n');
  expect(formatted?.data['text/html']).toContain('[Getter]');
  const other = await formatValue(
    Object.defineProperties({ a: 'x'.repeat(100) }, named(['schema', 'type', '_toMime'])),
  );
  expect(other?.data['text/plain']).not.toContain('keep out');
});

test('what a display gives and JSON cannot carry is said', async () => {
  const formatted = await formatValue(values['a display that JSON cannot carry']());
  expect(formatted?.data['text/plain']).toMatch(
    /failed: TypeError: application\/json is not what JSON can carry: .*circular/,
  );
});
