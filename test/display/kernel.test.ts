import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExecuteResult } from '../../kernel/client/index.ts';
import { type TestKernel, failure, result, startKernel, traceback } from '../kernel/real-kernel.ts';

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(() => kernel?.dispose());

const run = (code: string): Promise<ExecuteResult> => kernel.client.execute(code);
const shown = (executed: ExecuteResult, type: string): unknown => {
  for (const output of executed.outputs)
    if (output.output_type === 'execute_result' || output.output_type === 'display_data') return output.data[type];
  return failure(executed);
};

test('a function has the types that it was written with, also when a later cell has its name', async () => {
  await run(`const scale = (factor: number, ...points: [x: number, y: number][]): number[] => points.map(([x]) => x * factor);
const first = scale;`);
  await run('function scale(name: string): string { return name; }');
  expect(result(await run('first'))).toBe(
    '[Function: scale]\n(factor: number, ...points: [x: number, y: number][]): number[] => …',
  );
  const executed = await run('scale');
  expect(result(executed)).toBe('[Function: scale]\nfunction scale(name: string): string');
  expect(shown(executed, 'text/html')).toContain('function scale(name: string): string { return name; }');
});

test('a class has the signatures of its members, without private ones', async () => {
  const executed = await run(`class Stack<Item> {
  #items: Item[] = [];
  private secret = 1;
  readonly size: number = 0;
  push(item: Item): this { this.#items.push(item); return this; }
  static of<T>(...items: T[]): Stack<T> { return new Stack<T>(); }
}
Stack`);
  expect(result(executed)).toBe(
    '[class Stack]\nclass Stack<Item> {\n  readonly size: number;\n  push(item: Item): this;\n  static of<T>(...items: T[]): Stack<T>;\n}',
  );
});

test('an error as a value shows its place and its causes', async () => {
  const executed = await run(`new RangeError('<outer>', { cause: new TypeError('inner') })`);
  const text = result(executed) as string;
  expect(text).toMatch(/^RangeError: <outer>\ncell_\d+\.ts:1:1\n> 1 \| new RangeError/);
  expect(text).toMatch(/Caused by:\n {2}TypeError: inner\n {2}cell_\d+\.ts:1:/);
  expect(text).not.toContain('\u001b');
  const html = shown(executed, 'text/html');
  expect(html).toContain('<b class="bad">RangeError</b>: <span style="white-space:pre-wrap">&lt;outer&gt;</span>');
  expect(html).toContain('<details open><summary>Caused by: <b class="bad">TypeError</b>');
});

test('display.table and display.full are typed', async () => {
  const executed = await run(`display.table([{ a: 1 }, { a: 2 }], { sort: '-a', page: 1 });`);
  expect(shown(executed, 'text/plain')).toBe('a\n-\n2\n1');
  expect(failure(await run(`display.table([{ a: 1 }], { sort: 5 });`))).toContain('TypeScript');
  expect(failure(await run('const bar = display.progress(2); bar.advance().advance().value satisfies number;'))).toBe(
    'ok',
  );
});

test('the places of an error lead to the cells, where the front end tells what it calls them', async () => {
  const inCell = (code: string, cellId: string) => kernel.client.execute(code, { cellId });
  await inCell('function thrower(): never { throw new Error("deep") }', 'cell-one');
  const executed = await inCell(
    'let caught: unknown;\ntry { thrower() } catch (cause) { caught = new Error("top", { cause }) }\ncaught',
    'cell-two',
  );
  const html = shown(executed, 'text/html') as string;
  expect(html).toMatch(/<div class="soft"><a href="#cell-id=cell-two">cell_\d+\.ts:2:\d+<\/a><\/div>/);
  expect(html).toMatch(
    /at thrower \(<a href="#cell-id=cell-one">cell_\d+\.ts:1:\d+<\/a>\)\nat <a href="#cell-id=cell-two">/,
  );
  // An id that is none of nbformat's has no place in an address.
  for (const id of ['"><script>', 'x'.repeat(65), '']) {
    expect(shown(await inCell('new Error("here")', id), 'text/html')).not.toMatch(/<a |<script/);
  }
  expect(shown(await run('new Error("nowhere")'), 'text/html')).not.toContain('<a ');
});

test('in VS Code, the places of errors and of tracebacks are addresses that it knows', async () => {
  const cellId = 'vscode-notebook-cell:/home/ada/n.ipynb#W0sZmlsZQ%3D%3D';
  const executed = await kernel.client.execute('1;\nnew Error("here")', { cellId });
  const count = executed.executionCount;
  expect(shown(executed, 'text/html')).toContain(
    `<a href="vscode-notebook-cell:?execution_count=${count}&amp;line=2">cell_${count}.ts:2:1</a>`,
  );
  const failed = await kernel.client.execute('1;\nthrow new Error("there")', { cellId });
  const [, place] = traceback(failed).split('\n');
  expect(place).toBe(`Cell In[${failed.executionCount}], line 2 cell_${failed.executionCount}.ts:2:7`);
  for (const code of ['1;\nconst text: string = 5', '1;\nconst = 5']) {
    const refused = await kernel.client.execute(code, { cellId });
    const [, linked, problem] = traceback(refused).split('\n');
    expect(linked).toBe(`Cell In[${refused.executionCount}], line 2`);
    expect(problem).toMatch(/^cell_\d+\.ts:2:7 - /);
  }
});

/** Bodies of functions that return a value which is hard to show. */
const hostile: Readonly<Record<string, string>> = {
  'a revoked proxy': 'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy;',
  'a proxy that throws':
    'return new Proxy({}, { get() { throw 1 }, has() { throw 2 }, ownKeys() { throw 3 }, getPrototypeOf() { throw 4 } });',
  'a proxy of everything': 'const all = new Proxy(function () {}, { get: () => all, apply: () => all }); return all;',
  'a display of a circle': `const circle = {}; circle.self = circle; return { [Symbol.for('Jupyter.display')]: () => ({ 'application/json': circle }) };`,
  'a display that fails late': `return { [Symbol.for('Jupyter.display')]: async () => { throw new RangeError('late') } };`,
  'an object without a prototype': 'return Object.assign(Object.create(null), { a: 1 });',
  'getters that throw':
    'return { get type() { throw 1 }, get data() { throw 2 }, get [Symbol.toStringTag]() { throw 3 } };',
  'an error that throws': `return Object.defineProperty(new Error('x'), 'message', { get() { throw 1 } });`,
  'a long string': `return 'x'.repeat(5_000_000);`,
};

test.each(Object.entries(hostile))('%s has its text, as a result and displayed', async (_, body) => {
  const value = `(() => { ${body} })()`;
  const executed = await run(`%typecheck off\n${value}`);
  expect(failure(executed)).toBe('ok');
  expect(typeof result(executed)).toBe('string');
  const displayed = await run(`display(${value}); 'still here'`);
  await run('%typecheck on');
  expect(failure(displayed)).toBe('ok');
  expect(typeof shown(displayed, 'text/plain')).toBe('string');
  expect(result(displayed)).toBe("'still here'");
});
