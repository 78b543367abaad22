import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { result } from '../kernel/real-kernel.ts';
import { DebugClient, texts, type Variable } from './debug-client.ts';

let debug: DebugClient;
beforeAll(async () => void (debug = await DebugClient.start()));
afterAll(() => debug.dispose());
afterEach(() => debug.letGo());

/** Stops at the end of a function with these statements, so that what they declare is local. */
async function stopAfter(statements: string): Promise<Variable[]> {
  debug.run(`(() => {\n${statements}\ndebugger;\n})();`).catch(() => undefined);
  await debug.stopped();
  return debug.scope('Locals');
}

const find = (variables: readonly Variable[], name: string): Variable => {
  const found = variables.find((variable) => variable.name === name);
  if (found === undefined) throw new Error(`No ${name} among ${variables.map((variable) => variable.name).join(', ')}`);
  return found;
};
const inside = async (variables: readonly Variable[], name: string, page = {}): Promise<Variable[]> =>
  debug.variables(find(variables, name).variablesReference, page);

describe('variables', () => {
  it('are shown in one line each, with their types', async () => {
    const variables = await stopAfter(`
      class Point { #secret = 7; constructor(public x: number, public y: number) {} get sum() { return this.x + this.y + this.#secret; } }
      const values = [1, 'two', null, undefined, true, 10n, Number.NaN] as const;
      const [one, two, none, nothing, yes, big, nan] = values;
      const point = new Point(1, 2);
      const list = [1, 2, 3];
      const bytes = new Uint8Array([1, 2]);
      const map = new Map<unknown, unknown>([['a', 1], [{ k: 1 }, 2]]);
      const set = new Set(['x']);
      const nested = { a: { b: [1] }, f() {} };
      const error = new RangeError('too far');
      const promise = Promise.resolve(3);
      const add = (a: number, b: number) => a + b;
      const symbol = Symbol('s');`);
    expect(texts(variables)).toMatchObject({
      one: '1',
      two: "'two'",
      none: 'null',
      nothing: 'undefined',
      yes: 'true',
      big: '10n',
      nan: 'NaN',
      point: 'Point {#secret: 7, x: 1, y: 2}',
      list: '(3) [1, 2, 3]',
      bytes: 'Uint8Array(2) [1, 2]',
      map: "Map(2) {'a' => 1, {…} => 2}",
      set: "Set(1) {'x'}",
      nested: '{a: {…}, f: ƒ}',
      error: 'RangeError: too far',
      promise: 'Promise {<fulfilled>: 3}',
      symbol: 'Symbol(s)',
    });
    expect(find(variables, 'add').value).toMatch(/^(ƒ|\(a, b\) => a \+ b)/);
    expect(find(variables, 'Point').value).toBe('class Point');
    expect(['one', 'two', 'point', 'map'].map((name) => find(variables, name).type)).toEqual([
      'number',
      'string',
      'Point',
      'Map',
    ]);
    expect(texts(await inside(variables, 'point'))).toMatchObject({ x: '1', y: '2', '#secret': '7' });
    expect(texts(await inside(variables, 'map'))).toMatchObject({ "'a'": '1', '{k: 1}': '2' });
    expect(texts(await inside(variables, 'set'))).toMatchObject({ 0: "'x'" });
    expect(texts(await inside(variables, 'list'))).toEqual({ 0: '1', 1: '2', 2: '3', length: '3' });
    expect(find(await inside(variables, 'nested'), 'a').evaluateName).toBe('nested.a');
    const b = find(await inside(await inside(variables, 'nested'), 'a'), 'b');
    expect(b).toMatchObject({ value: '(1) [1]', evaluateName: 'nested.a.b' });
    expect(texts(await debug.variables(b.variablesReference))).toMatchObject({ 0: '1' });
  });

  it('that are tensors show type, shape and values', async () => {
    const variables = await stopAfter(`
      const matrix = tf.tensor([[1, 2], [3, 4.5]]);
      const weights = tf.variable(tf.zeros([2]), true, 'w');
      const many = tf.zeros([100, 3]);
      const gone = tf.scalar(1);
      gone.dispose();`);
    expect(texts(variables)).toMatchObject({
      matrix: 'Tensor float32 [2, 2] [[1, 2], [3, 4.5]]',
      weights: 'Variable float32 [2] [0, 0]',
      gone: expect.stringContaining('disposed'),
    });
    expect(find(variables, 'many').value).toMatch(/^Tensor float32 \[100, 3\] 0, 0, .*\.\.\.$/);
    const matrix = await inside(variables, 'matrix');
    expect(texts(matrix)).toMatchObject({ dtype: "'float32'", shape: '(2) [2, 2]', size: '4' });
    const rows = await inside(matrix, 'values');
    expect(texts(rows)).toMatchObject({ 0: '(2) [1, 2]', 1: '(2) [3, 4.5]' });
  });

  it('that are tensors are read as their dtype says, known or not', async () => {
    const variables = await stopAfter(`
      const truth = tf.tensor([true, false]);
      const half = tf.cast(tf.tensor([0.5, 2]), 'float16');
      const whole = tf.tensor([1n, 9007199254740993n]);`);
    expect(texts(variables)).toMatchObject({
      truth: 'Tensor bool [2] [true, false]',
      half: 'Tensor float16 [2] [0.5, 2]',
      whole: 'Tensor int64 [2] [1, 9007199254740993]',
    });
    expect(texts(await inside(await inside(variables, 'half'), 'values'))).toMatchObject({ 0: '0.5', 1: '2' });
    expect(texts(await inside(await inside(variables, 'truth'), 'values'))).toMatchObject({ 0: 'true', 1: 'false' });
    await debug.go();
    debug.run(
      'const traced = tf.function((x: tf.Tensor) => {\n  debugger;\n  return x.add(1);\n});\ntraced(tf.scalar(1))',
    );
    await debug.stopped();
    expect((await debug.values('Locals')).x).toBe(
      'SymbolicTensor float32 [] (known only when the traced function runs)',
    );
  });

  it('whose class is only called Tensor are objects', async () => {
    const variables = await stopAfter(
      'class Tensor { own = 1; get dtype(): string { throw new Error("no"); } }\nconst mine = new Tensor();\nconst other = 2;',
    );
    expect(texts(variables)).toMatchObject({ mine: 'Tensor {own: 1}', other: '2' });
    expect(texts(await inside(variables, 'mine'))).toMatchObject({ own: '1' });
  });

  it('with elements of a class that counts its objects are looked at without making one', async () => {
    const variables = await stopAfter(`
      let made = 0;
      class Counted extends Array<number> { constructor(...given: number[]) { super(...given); made++; } }
      const list = Counted.of(4, 5);
      made = 0;`);
    expect(texts(await inside(variables, 'list'))).toMatchObject({ 0: '4', 1: '5' });
    expect(await debug.evaluate('made')).toBe('0');
  });

  it('that are long come in ranges, or in the pages that a client asks for', async () => {
    const variables = await stopAfter(
      'const long = Array.from({ length: 25_000 }, (_, i) => i * 2);\nconst many = new Map(Array.from({ length: 300 }, (_, i) => [i, i]));',
    );
    expect(find(variables, 'long')).toMatchObject({ indexedVariables: 25_000 });
    const page = await inside(variables, 'long', { filter: 'indexed', start: 20_000, count: 3 });
    expect(texts(page)).toEqual({ 20_000: '40000', 20_001: '40002', 20_002: '40004' });
    const ranges = await inside(variables, 'long');
    expect(ranges.map(({ name }) => name)).toEqual(['[0 … 9999]', '[10000 … 19999]', '[20000 … 24999]', 'length']);
    const parts = await inside(ranges, '[20000 … 24999]');
    expect(parts).toHaveLength(50);
    expect(texts(await inside(parts, '[24900 … 24999]'))).toMatchObject({ 24_999: '49998' });
    expect(texts(await inside(await inside(variables, 'many'), '[200 … 299]'))).toMatchObject({ 299: '299' });
  });

  it('that are getters are asked when they are unfolded', async () => {
    const variables = await stopAfter('let asked = 0;\nconst lazy = { get value() { asked++; return asked; } };');
    const members = await inside(variables, 'lazy');
    expect(find(members, 'value').value).toBe('(...)');
    expect(await debug.evaluate('asked')).toBe('0');
    expect(texts(await inside(members, 'value'))).toEqual({ value: '1' });
  });

  it('that are getters of a class are asked of the object', async () => {
    const variables = await stopAfter(
      'class Point { #x = 2; get twice() { return this.#x * 2; } }\nclass Place extends Point {}\nconst place = new Place();',
    );
    const prototype = await inside(await inside(variables, 'place'), '[[Prototype]]');
    const point = await inside(prototype, '[[Prototype]]');
    expect(find(point, 'twice')).toMatchObject({ value: '(...)', evaluateName: 'place.twice' });
    expect(texts(await inside(point, 'twice'))).toEqual({ twice: '4' });
  });

  it('of closures, of this and of the notebook have scopes of their own', async () => {
    await debug.run('const everywhere = 1;');
    const code =
      'function outer(seen: number) {\n  return function inner(this: object) {\n    return seen;\n  };\n}\nouter(5).call({ me: 1 });';
    await debug.breakAt(code, 3);
    void debug.run(code);
    await debug.stopped();
    expect((await debug.scopes()).map(({ name }) => name)).toEqual(['Locals', 'Closure', 'Globals']);
    expect(await debug.values('Locals')).toEqual({ this: '{me: 1}' });
    expect(await debug.values('Closure')).toEqual({ seen: '5' });
    expect(await debug.values('Globals')).toMatchObject({ everywhere: '1', outer: 'ƒ (seen)' });
    expect((await debug.scopes(1)).map(({ name }) => name)).toEqual(['Globals']);
    await debug.breakAt(code);
  });

  it('can be set: in scopes, objects, maps and the notebook', async () => {
    await debug.run('let shared: number | string = 1;');
    const variables = await stopAfter("let n = 1;\nconst box = { inner: 1 };\nconst map = new Map([['k', 1]]);");
    const [{ variablesReference }] = await debug.scopes();
    const set = (reference: number, name: string, value: string) =>
      debug.ask('setVariable', { variablesReference: reference, name, value });
    expect(await set(variablesReference, 'n', '(n as number) + 41')).toMatchObject({
      success: true,
      body: { value: '42' },
    });
    expect(await debug.evaluate('n')).toBe('42');
    await set(find(variables, 'box').variablesReference, 'inner', '{ deep: n }');
    expect(await debug.evaluate('box')).toBe('{inner: {…}}');
    await set(find(variables, 'map').variablesReference, "'k'", '2');
    expect(await debug.evaluate("map.get('k')")).toBe('2');
    const globals = (await debug.scopes()).at(-1) as { variablesReference: number };
    await set(globals.variablesReference, 'shared', "'other'");
    expect(await debug.evaluate('shared')).toBe("'other'");
    expect(await debug.evaluate('box.inner.deep = 3')).toBe('3');
    await debug.go();
    expect(result(await debug.run('shared'))).toBe("'other'");
  });
});

describe('evaluating', () => {
  it('happens in the frame that is asked for, in TypeScript', async () => {
    const code =
      'function below(n: number) {\n  return n;\n}\nfunction above(n: number) {\n  return below(n * 2);\n}\nabove(4)';
    await debug.breakAt(code, 2);
    const cell = debug.run(code);
    await debug.stopped();
    expect(await debug.evaluate('(n as number)')).toBe('8');
    expect(await debug.evaluate('n satisfies number', 1)).toBe('4');
    expect(await debug.evaluate('{ n }', 0, 'repl')).toBe('{n: 8}');
    const { id } = (await debug.frames())[0];
    expect(await debug.request('evaluate', { expression: '[n, { n }]', frameId: id, context: 'repl' })).toMatchObject({
      result: '(2) [8, {…}]',
      indexedVariables: 2,
    });
    await debug.evaluate('n = 21', 0, 'repl');
    await debug.go();
    expect(result(await cell)).toBe('21');
    await debug.breakAt(code);
  });

  it('tells errors in their own words, and gives up what takes too long', async () => {
    await stopAfter('const here = 1;');
    const { id } = (await debug.frames())[0];
    const ask = (expression: string, context: string) => debug.ask('evaluate', { expression, frameId: id, context });
    expect(await ask('missing', 'watch')).toMatchObject({
      success: false,
      message: 'ReferenceError: missing is not defined',
    });
    expect(await ask('1 +', 'repl')).toMatchObject({ success: false, message: expect.stringContaining('SyntaxError') });
    expect(await ask('for (;;) {}', 'watch')).toMatchObject({
      success: false,
      message: expect.stringContaining('2 s'),
    });
    expect(await ask('here + 1', 'watch')).toMatchObject({ success: true, body: { result: '2' } });
  });

  it('has no effect where the pointer only hovers', async () => {
    await stopAfter('let calls = 0;\nconst call = () => ++calls;');
    const { id } = (await debug.frames())[0];
    expect(await debug.ask('evaluate', { expression: 'call()', frameId: id, context: 'hover' })).toMatchObject({
      success: false,
    });
    expect(await debug.evaluate('calls', 0, 'hover')).toBe('0');
  });

  it('works among the notebook’s variables where nothing is stopped', async () => {
    await debug.run('const base = 20;');
    expect(await debug.evaluate('await Promise.resolve((base as number) + 1)', null, 'repl')).toBe('21');
  });

  it('copies a local variable to the notebook, whose types know it then', async () => {
    await stopAfter('const local = { found: 3 };');
    const { id } = (await debug.frames())[0];
    await debug.request('copyToGlobals', { srcVariableName: 'local', dstVariableName: 'copied', srcFrameId: id });
    expect(await debug.values('Globals')).toMatchObject({ copied: '{found: 3}' });
    await debug.go();
    expect(result(await debug.run('copied.found'))).toBe('3');
  });
});
