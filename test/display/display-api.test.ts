import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  type DisplayEvent,
  createDisplayApi,
  declareCellGlobals,
  formatValue,
  installDisplayApi,
  loadViews,
} from '../../kernel/display/index.ts';
import { displayPort, displaySymbol } from '../../src/display.ts';

await loadViews();

function start() {
  const events: DisplayEvent[] = [];
  const api = createDisplayApi((event) => void events.push(event));
  const shown = () => events.map((event) => (event.type === 'display' ? event.data['text/plain'] : event.type));
  return { ...api, api, events, shown };
}
const slow = (text: string, ms = 5) => ({
  [displaySymbol]: () => new Promise((resolve) => setTimeout(() => resolve({ 'text/plain': text }), ms)),
});

describe('display', () => {
  test('sends what can be shown at once at once', () => {
    const { display, events } = start();
    display({ a: 1 });
    expect(events).toMatchObject([
      { type: 'display', update: false, data: { 'text/plain': '{ a: 1 }' }, metadata: {} },
    ]);
  });

  test('keeps the order where a picture takes its time', async () => {
    const { display, clearOutput, shown, settled } = start();
    display.text('first');
    display(slow('second', 20));
    display.text('third');
    clearOutput();
    display(slow('fourth', 1));
    expect(shown()).toEqual(['first']);
    await settled();
    expect(shown()).toEqual(['first', 'second', 'third', 'clear', 'fourth']);
    display.text('fifth');
    expect(shown().at(-1)).toBe('fifth');
  });

  test('goes on where one cannot be sent', async () => {
    const shown: unknown[] = [];
    const { display, settled } = createDisplayApi((event) => {
      if (event.type !== 'display' || event.data['text/plain'] === 'lost') throw new Error('the pipe is closed');
      shown.push(event.data['text/plain']);
    });
    display(slow('first', 1));
    display(slow('lost', 1));
    display.text('behind');
    await settled();
    expect(shown).toEqual(['first', 'behind']);
  });

  test('does not wait for ever after an interrupt', async () => {
    const { api, display, shown } = start();
    display({ [displaySymbol]: () => new Promise(() => {}) });
    display.text('behind');
    api.abandon();
    await api.settled();
    display.text('next cell');
    expect(shown()).toEqual(['next cell']);
  });

  test('sends in the context of the call', async () => {
    const cell = new AsyncLocalStorage<string>();
    const parents: (string | undefined)[] = [];
    const { display, settled } = createDisplayApi(() => void parents.push(cell.getStore()));
    cell.run('one', () => display(slow('a')));
    cell.run('two', () => display.text('b'));
    await settled();
    expect(parents).toEqual(['one', 'two']);
  });

  test('gives a handle that changes what is there', () => {
    const { display, events } = start();
    const handle = display('a');
    expect(handle.update('b').id).toBe(handle.id);
    const markup = display.html('<i>');
    markup.update('<b>');
    expect(events).toMatchObject([
      { update: false, transient: { display_id: handle.id } },
      { update: true, data: { 'text/plain': "'b'" }, transient: { display_id: handle.id } },
      { update: false, data: { 'text/html': '<i>' }, transient: { display_id: markup.id } },
      { update: true, data: { 'text/html': '<b>' }, transient: { display_id: markup.id } },
    ]);
    expect(handle.id).not.toBe(markup.id);
  });

  test('updates by name from another cell', () => {
    const { display, events } = start();
    display(1, { id: 'mine' });
    display.markdown('*2*', { id: 'mine', update: true });
    expect(events[1]).toEqual({
      type: 'display',
      update: true,
      data: { 'text/markdown': '*2*', 'text/plain': '*2*' },
      metadata: {},
      transient: { display_id: 'mine' },
    });
    expect(() => display(1, { update: true })).toThrow('`update` needs the `id`');
  });

  test('a handle at the end of a cell shows nothing again', async () => {
    const { display } = start();
    expect(await formatValue(display.text('x'))).toBeNull();
    expect(await formatValue(display.progress(2))).toBeNull();
  });

  test('a handle that is printed shows its id and what it can do', () => {
    const { display } = start();
    expect(inspect(display.text('x'))).toMatch(/^\{\s+id: '[\w-]+',\s+update: \[Function: update\]\s+\}$/);
    expect(inspect(display.progress(2))).not.toContain('Symbol');
  });

  test('shows undefined when told to', () => {
    const { display, shown } = start();
    display(undefined);
    expect(shown()).toEqual(['undefined']);
  });

  test('takes a finished bundle', () => {
    const { display, events } = start();
    display({ 'text/html': '<b>' }, { raw: true });
    expect(events[0]).toMatchObject({ data: { 'text/html': '<b>', 'text/plain': 'text/html' } });
    display({ 'image/png': new Uint8Array([1, 2, 3]), 'text/plain': 'half \ud800' }, { raw: true });
    expect(events[1]).toMatchObject({ data: { 'image/png': 'AQID', 'text/plain': 'half \ufffd' } });
    expect(() => display({ 'application/json': { big: 1n } }, { raw: true })).toThrow('not what JSON can carry');
    expect(() => display('x', { raw: true })).toThrow("expects data by MIME type, {'text/html': ...}, got 'x'");
  });
});

describe('helpers', () => {
  test.each([
    ['html', '<b>', 'text/html', '<b>'],
    ['markdown', '# a', 'text/markdown', '# a'],
    ['latex', '$x$', 'text/latex', '$x$'],
    ['svg', '<svg/>', 'image/svg+xml', '<svg/>'],
    ['png', new Uint8Array([1, 2, 3]), 'image/png', 'AQID'],
    ['jpeg', 'AQID', 'image/jpeg', 'AQID'],
    [
      'json',
      { a: [1n, new Map([['b', new Set([2])]]), new Float32Array([0.5])] },
      'application/json',
      { a: [1, { b: [2] }, [0.5]] },
    ],
    [
      'plotly',
      { data: [{ y: [1] }], layout: {} },
      'application/vnd.plotly.v1+json',
      { data: [{ y: [1] }], layout: {} },
    ],
    ['text', 'a "b"', 'text/plain', 'a "b"'],
  ] as const)('display.%s', async (name, value, type, expected) => {
    const { display, events, settled } = start();
    (display[name] as (value: unknown) => void)(value);
    await settled();
    const data = (events[0] as { data: Record<string, unknown> }).data;
    expect(data[type]).toEqual(expected);
    expect(typeof data['text/plain']).toBe('string');
  });

  test('an image has a size to be shown at', () => {
    const { display, events } = start();
    display.png('AQID', { width: 100 });
    expect(events[0]).toMatchObject({ metadata: { 'image/png': { width: 100 } } });
  });

  test('display.vegaLite draws a specification that names no schema', async () => {
    const { display, events, settled } = start();
    display.vegaLite({ data: { values: [{ a: 1 }] }, mark: 'bar', encoding: { x: { field: 'a', type: 'nominal' } } });
    await settled();
    expect(Object.keys((events[0] as { data: object }).data)).toEqual([
      'application/vnd.vegalite.v5+json',
      'image/svg+xml',
      'text/plain',
    ]);
  });

  test.each([
    ['html', 5, 'HTML must be a string, got 5'],
    ['png', {}, 'image/png must be bytes or a base64 string, got {}'],
    ['plotly', {}, 'display.plotly expects a figure'],
    ['vegaLite', 'x', 'display.vegaLite expects a specification object'],
  ] as const)('display.%s refuses %j', (name, value, message) => {
    const { display, events } = start();
    expect(() => (display[name] as (value: unknown) => void)(value)).toThrow(message);
    expect(events).toEqual([]);
  });
});

test('clearOutput waits for what comes next where it is told to', () => {
  const { clearOutput, events } = start();
  clearOutput();
  clearOutput({ wait: true });
  expect(events).toEqual([
    { type: 'clear', wait: false },
    { type: 'clear', wait: true },
  ]);
});

test('the runtime finds the port that is installed', () => {
  const { api, events } = start();
  const target = globalThis as Record<PropertyKey, unknown>;
  installDisplayApi(api);
  try {
    displayPort()?.display({ 'text/plain': 'x' }, { id: 'p', update: true });
    expect(events).toEqual([
      { type: 'display', update: true, data: { 'text/plain': 'x' }, metadata: {}, transient: { display_id: 'p' } },
    ]);
    expect(target.display).toBe(api.display);
    expect(Object.keys(globalThis)).not.toContain('display');
  } finally {
    for (const key of ['display', 'clearOutput', Symbol.for('tensorcell.display')]) delete target[key];
  }
});

test('cells are told of the globals, one statement a name', () => {
  const modules = { globals: '/k/cell-globals.js', runtime: 'tensorcell', widgets: 'tensorcell/widgets' };
  expect(declareCellGlobals(modules)).toMatchObject({
    tf: 'import * as tf from "tensorcell";',
    display: `declare const display: import("/k/cell-globals.js").CellGlobals['display'];`,
    clearOutput: `declare const clearOutput: import("/k/cell-globals.js").CellGlobals['clearOutput'];`,
  });
});
