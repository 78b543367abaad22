import { writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as Plot from '@observablehq/plot';
import { Window } from 'happy-dom';
import sharp from 'sharp';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DisplayEvent, createDisplayApi, loadViews } from '../../kernel/display/index.ts';
import { formatFully } from '../../kernel/display/format-value.ts';
import { dataOf, htmlOf, textOf } from './formatted.ts';

await loadViews();

describe('objects that open and close', () => {
  const big = {
    name: 'x'.repeat(90),
    list: Array.from({ length: 300 }, (_, i) => i),
    map: new Map<unknown, unknown>([
      ['key', { inner: 1 }],
      [{ k: 1 }, 2],
    ]),
    set: new Set(['<a>']),
    [Symbol('tag')]: true,
    get lazy(): never {
      throw new Error('run');
    },
    method() {},
  };

  test('show their members, folded below the first level', async () => {
    const html = await htmlOf(big);
    expect(html.match(/<details open>/g)).toHaveLength(1);
    expect(html).toContain('<span class="name">list</span>: Array(300) [0, 1, 2, 3, 4, …]');
    expect(html).toContain('<span class="name">lazy</span>: <span class="word">[Getter]</span>');
    expect(html).toContain('<span class="name">[Symbol(tag)]</span>: <span class="word">true</span>');
    expect(html).toContain('<span class="name">&#39;key&#39; =&gt;</span> { inner: 1 }');
    expect(html).toContain('<span class="str">&#39;&lt;a&gt;&#39;</span>');
    expect(html).toContain('… 250 more members');
    expect(html).toContain('shortened; display.full(value) shows all');
  });

  test('show a circle as one', async () => {
    const node: Record<string, unknown> = { text: 'x'.repeat(100), parent: { text: 'y'.repeat(100) } };
    (node.parent as Record<string, unknown>).child = node;
    expect(await htmlOf(node)).toContain('<span class="name">child</span>: <span class="word">[Circular]</span>');
    expect(await textOf(node)).toContain('[Circular *1]');
  });

  test('keep the names of their classes', async () => {
    class Point {
      x = 1;
      label = 'p'.repeat(100);
    }
    expect(await htmlOf(new Point())).toContain('<summary>Point { x: 1,');
    expect(await htmlOf(Object.assign(Object.create(null), { a: 'b'.repeat(100), c: 1 }))).toContain(
      '[null prototype] {',
    );
  });

  test('are only a line where a line says all', async () => {
    expect(await dataOf({ a: { b: [1, 2] } })).toEqual({ 'text/plain': '{ a: { b: [ 1, 2 ] } }' });
    expect(await dataOf({})).toEqual({ 'text/plain': '{}' });
  });

  test('are shown in full where that is asked for', () => {
    const events: DisplayEvent[] = [];
    const { display } = createDisplayApi((event) => void events.push(event));
    display.full(big);
    const { data } = events[0] as { data: Record<string, string> };
    expect(data['text/html']).toContain('<span class="name">299</span>: <span class="num">299</span>');
    expect(data['text/html']).not.toContain('shortened');
    expect(data['text/plain']).toContain('299');
  });
});

describe('what text says is left out', () => {
  test.each([
    ['a long array', Array.from({ length: 101 }, () => 'a')],
    ['a deep object', { a: { b: { c: { d: { e: { f: 1 } } } } } }],
    ['a long string inside', { a: 'x'.repeat(10_001) }],
    ['a long string', 'x'.repeat(10_001)],
  ])('%s', async (_, value) => {
    expect(await textOf(value)).toMatch(/\(shortened; display\.full\(value\) shows all\)$/);
  });

  test.each([
    ['a text that reads like it', ['... 5 more items', '[Object]']],
    ['a function', [function f() {}, class A {}]],
  ])('but not of %s', async (_, value) => {
    expect(await textOf(value)).not.toContain('shortened');
  });
});

describe('numbers', () => {
  test('a typed array has statistics and a histogram', async () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) =>
      i === 0 ? Number.NaN : i === 1 ? Infinity : (i % 4) + 1,
    );
    const data = await dataOf(values);
    expect((data['text/plain'] as string).split('\n').at(-1)).toBe(
      'min 1, max 4, mean 2.502, std 1.11803, NaN 1, infinite 1',
    );
    const html = data['text/html'] as string;
    expect(html).toContain('Float64Array(1,000) <span class="soft">8,000 bytes</span>');
    expect(html.match(/<rect /g)).toHaveLength(4);
  });

  test('BigInts, plain arrays of numbers and arrays of nothing but NaN have them too', async () => {
    expect(await textOf(BigInt64Array.from({ length: 200 }, (_, i) => BigInt(i)))).toMatch(/min 0, max 199, mean 99.5/);
    expect(await textOf(Array.from({ length: 200 }, (_, i) => i))).toMatch(/min 0, max 199, mean 99.5/);
    expect(await textOf(new Float32Array(200).fill(Number.NaN))).toMatch(/\nNaN 200$/);
    expect(await textOf(Float64Array.from({ length: 200 }, (_, i) => (i % 2 ? 1.7e308 : -1.7e308)))).toContain(
      'max 1.7e+308',
    );
  });

  test('those that fit into the view have them as well, also where all is asked for', async () => {
    expect(await textOf(Float32Array.from({ length: 50 }, (_, i) => i))).toMatch(/min 0, max 49, mean 24.5/);
    const formatted = await formatFully(new Float64Array(1_000).fill(2));
    expect(formatted?.data['text/plain']).toMatch(/\nmin 2, max 2, mean 2, std 0$/);
  });

  test('short ones are text', async () => {
    expect(await dataOf(Float32Array.of(1, 2))).toEqual({ 'text/plain': 'Float32Array(2) [ 1, 2 ]' });
  });
});

describe('bytes', () => {
  const bytes = Buffer.from('<b>twenty-five bytes\u0000\u0001</b>');

  test.each([
    ['a Buffer', bytes],
    ['an ArrayBuffer', new Uint8Array(bytes).buffer],
    ['a DataView', new DataView(new Uint8Array(bytes).buffer)],
  ])('%s is a hexadecimal view', async (_, value) => {
    const data = await dataOf(value);
    expect(data['text/plain']).toContain(
      '00000000  3c 62 3e 74 77 65 6e 74  79 2d 66 69 76 65 20 62  <b>twenty-five b',
    );
    expect(data['text/html']).toContain('&lt;b&gt;twenty-five b');
  });

  test('of many the first are shown', async () => {
    expect(await textOf(Buffer.alloc(1_000))).toMatch(/\n\(744 more bytes; display\.full\(value\) shows all\)$/);
  });
});

describe('media', () => {
  const picture = sharp({ create: { width: 3, height: 2, channels: 3, background: 'red' } });
  const wav = Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVEfmt '), Buffer.alloc(30)]);
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'media-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const shown = (show: (display: ReturnType<typeof createDisplayApi>['display']) => unknown) => {
    const events: DisplayEvent[] = [];
    show(createDisplayApi((event) => void events.push(event)).display);
    return events[0] as { data: Record<string, string>; metadata: Record<string, unknown> };
  };

  test.each([
    ['audio/wav', wav],
    ['audio/ogg', Buffer.from('OggS\0\0\0\0')],
    ['audio/flac', Buffer.from('fLaC\0\0\0\0')],
    ['audio/mpeg', Buffer.from('ID3\u0004\0\0\0\0')],
    ['video/mp4', Buffer.from('\0\0\0\u0018ftypisom\0\0\0\0')],
    ['video/webm', Buffer.from('1a45dfa3a3428681', 'hex')],
  ])('%s bytes can be played', async (type, bytes) => {
    const html = await htmlOf(new Uint8Array(bytes));
    expect(html).toBe(
      `<${type.split('/')[0]} controls src="data:${type};base64,${bytes.toString('base64')}"></${type.split('/')[0]}>`,
    );
  });

  test('an MP3 without tags is told from other bytes by its second frame', async () => {
    const frame = Buffer.alloc(417);
    frame.set([0xff, 0xfb, 0x90, 0x00]);
    expect(await htmlOf(new Uint8Array(Buffer.concat([frame, frame])))).toContain('audio/mpeg');
    expect(await htmlOf(new Uint8Array(Buffer.concat([frame, Buffer.alloc(417)])))).not.toContain('<audio');
  });

  test('AVIF is embedded, because front ends do not know it by itself', async () => {
    const avif = await picture.clone().avif().toBuffer();
    expect(await htmlOf(avif)).toContain('<img src="data:image/avif;base64,');
  });

  test('a sharp pipeline, pixels and blobs are their picture', async () => {
    expect(await textOf(picture)).toMatch(/^image\/png, 3 x 2/);
    expect(await textOf(picture.clone().tiff())).toMatch(/^image\/png, 3 x 2/);
    const pixels = { width: 2, height: 1, data: Uint8ClampedArray.of(255, 0, 0, 255, 0, 0, 255, 255) };
    const png = Buffer.from((await dataOf(pixels))['image/png'] as string, 'base64');
    expect([...(await sharp(png).raw().toBuffer())]).toEqual([...pixels.data]);
    expect((await dataOf({ bitmap: pixels, getBuffer() {} }))['image/png']).toBeDefined();
    const blob = await dataOf(new Blob([await picture.clone().png().toBuffer()], { type: 'image/png' }));
    expect(blob['image/png']).toBeDefined();
    expect(blob['text/plain']).toMatch(/^Blob, image\/png, \d+ bytes$/);
    expect(await dataOf(new Blob(['text']))).toEqual({ 'text/plain': 'Blob, no type, 4 bytes' });
  });

  test('display.image takes a path, a URL and bytes', async () => {
    const png = await picture.clone().png().toBuffer();
    const path = join(folder, 'a "picture".png');
    writeFileSync(path, png);
    const expected = {
      data: { 'image/png': png.toString('base64') },
      metadata: { 'image/png': { width: 30, alt: 'red' } },
    };
    expect(shown((display) => display.image(path, { width: 30, alt: 'red' }))).toMatchObject(expected);
    expect(shown((display) => display.image(png, { width: 30, alt: 'red' }))).toMatchObject(expected);
    const remote = shown((display) => display.image('https://example.org/"a".png', { alt: '<x>' }));
    expect(remote.data['text/html']).toBe('<img src="https://example.org/&quot;a&quot;.png" alt="&lt;x&gt;">');
    expect(() => shown((display) => display.image(wav))).toThrow('display.image: the bytes (46 bytes) is audio/wav');
    expect(() => shown((display) => display.audio(Buffer.from('no sound')))).toThrow('in no format that a page shows');
    expect(() => shown((display) => display.video(5 as never))).toThrow(
      'display.video expects a path, a URL or bytes, got number',
    );
    expect(() => shown((display) => display.image(join(folder, 'none.png')))).toThrow('ENOENT');
  });

  test('display.file is a link that saves', () => {
    const { data } = shown((display) => display.file(Buffer.from('a,b'), { name: '<t>.csv', type: 'text/csv' }));
    expect(data['text/html']).toBe(
      '<a download="&lt;t&gt;.csv" href="data:text/csv;base64,YSxi">&lt;t&gt;.csv</a> (3 bytes)',
    );
  });

  test('display.iframe shows a page, and runs no script', () => {
    const { data } = shown((display) => display.iframe('page.html?a="b"', { width: 300 }));
    expect(data['text/html']).toContain('<iframe src="page.html?a=&quot;b&quot;" width="300" height="400"');
    expect(() => shown((display) => display.iframe('javascript:alert(1)'))).toThrow('expects the URL of a page');
  });

  test('display.json says whether it begins open', () => {
    expect(shown((display) => display.json({ a: 1 }, { expanded: true })).metadata).toEqual({
      'application/json': { expanded: true },
    });
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(() => shown((display) => display.json(circle))).toThrow('display.json expects data that JSON can carry');
  });

  test('display.mermaid and display.geoJson', () => {
    expect(shown((display) => display.mermaid('graph LR')).data).toEqual({
      'text/vnd.mermaid': 'graph LR',
      'text/plain': 'graph LR',
    });
    const point = { type: 'Point', coordinates: [1, 2] };
    expect(shown((display) => display.geoJson(point)).data).toMatchObject({ 'application/geo+json': point });
  });

  test('display.progress counts, and its last picture is full', () => {
    const events: DisplayEvent[] = [];
    const { display } = createDisplayApi((event) => void events.push(event));
    const bar = display.progress(3, { label: '<Reading>' });
    bar.advance().advance().update(3, 'Done');
    const texts = events.map((event) => (event as { data: Record<string, string> }).data['text/plain']);
    expect(texts[0]).toBe('<Reading>   0% [..............................] 0 / 3');
    expect(texts.at(-1)).toMatch(/^Done 100% \[#{30}\] 3 \/ 3/);
    expect((events[0] as { data: Record<string, string> }).data['text/html']).toContain('&lt;Reading&gt;');
    expect(events.slice(1).every((event) => event.type === 'display' && event.update)).toBe(true);
    expect(() => display.progress(-1)).toThrow('a number of at least 0, got -1');
  });
});

describe('documents and descriptions', () => {
  test('an element is its HTML', async () => {
    const { document } = new Window();
    document.body.innerHTML = '<p>A <b>word</b></p>';
    expect((await dataOf(document.querySelector('p')))['text/html']).toBe('<p>A <b>word</b></p>');
  });

  test('a plot of Observable Plot takes the colours of its page', async () => {
    const { document } = new Window();
    const data = await dataOf(Plot.plot({ document: document as never, marks: [Plot.dot([[1, 2]])] }));
    expect(data['text/html']).toMatch(/^<svg/);
    expect(data['image/svg+xml']).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  });

  test('GeoJSON and Plotly figures are known, objects that only look like it are not', async () => {
    const feature = { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [1, 2] } };
    expect((await dataOf(feature))['application/geo+json']).toEqual(feature);
    expect((await dataOf({ type: 'Point', x: 1 }))['application/geo+json']).toBeUndefined();
    const figure = { data: [{ type: 'bar', y: [1, 2] }], layout: { title: 't' } };
    expect((await dataOf(figure))['application/vnd.plotly.v1+json']).toEqual(figure);
    expect((await dataOf({ data: [1], layout: {} }))['application/vnd.plotly.v1+json']).toBeUndefined();
  });

  test('expressions with TeX are formulas', async () => {
    const node = { isNode: true, toTex: () => '\\frac{1}{2}', toString: () => '1 / 2' };
    expect(await dataOf(node)).toEqual({ 'text/latex': '$\\displaystyle \\frac{1}{2}$', 'text/plain': '1 / 2' });
  });

  test("methods of IPython's and IJavascript's are asked", async () => {
    const value = { _repr_html_: () => '<i>1</i>', _toPng: async () => 'AQID', _repr_latex_: () => null };
    expect(await dataOf(value)).toMatchObject({ 'text/html': '<i>1</i>', 'image/png': 'AQID' });
    expect(await dataOf({ _toMime: () => ({ 'text/html': 'x', 'text/plain': 'y' }) })).toEqual({
      'text/html': 'x',
      'text/plain': 'y',
    });
  });
});

describe('values with little to see', () => {
  test.each([
    [Promise.resolve(1), 'Promise { 1 }'],
    [new Promise(() => {}), 'Promise { <pending> }'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [/a+/g, '/a+/g'],
    [Symbol('s'), 'Symbol(s)'],
    [new WeakMap(), 'WeakMap { <items unknown> }'],
    [Object.create(null), '[Object: null prototype] {}'],
    [Temporal.PlainDate.from('2026-01-02'), 'Temporal.PlainDate 2026-01-02'],
    [Math.max, '[Function: max]'],
  ])('%# are text', async (value, text) => {
    expect(await dataOf(value)).toEqual({ 'text/plain': text });
  });

  test('a rejected promise is shown, and stays unhandled where nobody handles it', async () => {
    const rejected = Promise.reject(new Error('late'));
    expect(await textOf(rejected)).toContain('<rejected> Error: late');
    const unhandled = await new Promise((resolve) => {
      const others = process.listeners('unhandledRejection');
      process.removeAllListeners('unhandledRejection');
      process.once('unhandledRejection', (reason) => {
        for (const listener of others) process.on('unhandledRejection', listener);
        resolve(reason);
      });
    });
    expect(unhandled).toMatchObject({ message: 'late' });
  });

  test('generators and iterators are not advanced', async () => {
    const generator = (function* () {
      yield 1;
    })();
    const entries = new Map([['a', 1]]).entries();
    await textOf(generator);
    expect(await textOf(entries)).toBe("[Map Entries] { [ 'a', 1 ] }");
    expect(generator.next().value).toBe(1);
    expect(entries.next().value).toEqual(['a', 1]);
  });

  test('a URL is a link, if it leads to a page', async () => {
    expect(await htmlOf(new URL('https://example.org/?q=<a>"'))).toBe(
      '<a href="https://example.org/?q=%3Ca%3E%22" target="_blank" rel="noopener noreferrer">https://example.org/?q=%3Ca%3E%22</a>',
    );
    expect(await htmlOf(new URL('javascript:alert(1)'))).toBeUndefined();
  });
});
