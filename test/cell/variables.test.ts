/** @file The list of the notebook's variables. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LiveVariable } from '../../kernel/cell/variables.ts';
import { Notebook } from './notebook.ts';

let notebook: Notebook;
beforeAll(async () => void (notebook = await Notebook.start()));
afterAll(() => notebook.close());

it('names what cells declared, with type and value, in one line', async () => {
  expect(await notebook.host.call('variables', null)).toEqual([]);
  await notebook.run(`let n = 3, text = 'a\\nb', list = [1, 2, 3], none = undefined, map = new Map([[1, 2]]);
    class Point { x = 1 }
    let point = new Point();
    function double(x) { return 2 * x }
    let bad = { get [Symbol.toStringTag]() { throw new Error('no') } };
    let long = 'x'.repeat(1000);
    let revoked = Proxy.revocable([], {});
    let gone = revoked.proxy; revoked.revoke();
    let ran = 0;
    class Counted { static get name() { ran++; return 'x' } get ['constructor']() { ran++; return Map } }
    let counted = new Counted();
    let trap = new Proxy([], { get() { throw new Error('no') } });
    class Nameless { static get name() { throw new Error('no') } }
    globalThis.shared = null;`);
  await notebook.error('throw 1; let never = 1;');
  const found = (await notebook.host.call('variables', null)) as LiveVariable[];
  const byName = Object.fromEntries(found.map(({ name, type, value }) => [name, [type, value]]));
  expect(byName).toMatchObject({
    n: ['number', '3'],
    text: ['string', "'a\\nb'"],
    list: ['Array(3)', '[ 1, 2, 3 ]'],
    none: ['undefined', 'undefined'],
    map: ['Map(1)', 'Map(1) { 1 => 2 }'],
    Point: ['class Point', 'class Point { x = 1 }'],
    point: ['Point', 'Point { x: 1 }'],
    double: ['function', 'function double(x) { return 2 * x }'],
    shared: ['null', 'null'],
  });
  expect(byName).not.toHaveProperty('never');
  for (const name of ['bad', 'gone', 'trap', 'Nameless']) expect(byName).toHaveProperty(name);
  expect(byName.long[1]).toHaveLength(100);
  expect(found.map(({ name }) => name)).toEqual(Object.keys(byName).sort());
  // Nothing of the values' own code ran for their types.
  expect([byName.trap[0], byName.ran[1]]).toEqual(['Proxy', '0']);
  expect(await notebook.value('n')).toBe('3');
});
