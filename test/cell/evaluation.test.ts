/** @file Cells and their values. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Notebook } from './notebook.ts';

let notebook: Notebook;
beforeAll(async () => {
  notebook = await Notebook.start();
});
afterAll(() => notebook.close());

describe('values', () => {
  it.each([
    ['1 + 1', '2'],
    ['-0', '-0'],
    ['NaN', 'NaN'],
    ['123n', '123n'],
    ['-5n', '-5n'],
    ['null', 'null'],
    ["'text'", "'text'"],
    ['Symbol("s")', 'Symbol(s)'],
    ['({ a: [1, { b: 2 }] })', '{ a: [ 1, { b: 2 } ] }'],
    ['(class A {})', '[class A]'],
    ['await Promise.resolve(7)', '7'],
    ['new Promise(() => {})', 'Promise { <pending> }'],
  ])('%s', async (code, text) => {
    expect(await notebook.value(code)).toBe(text);
  });

  it('has no result for undefined', async () => {
    expect(await notebook.run('undefined')).toMatchObject({ outcome: { status: 'ok' } });
    expect((await notebook.run('let nothing')).outcome).not.toHaveProperty('result');
  });

  it('shows a value through its own display method', async () => {
    const { outcome } = await notebook.run(
      `({ async [Symbol.for('Jupyter.display')]() { console.log('showing'); return { 'text/html': '<b>x</b>' }; } })`,
    );
    expect(outcome).toMatchObject({ status: 'ok', result: { 'text/html': '<b>x</b>' } });
  });

  it('carries big results', async () => {
    const { outcome } = await notebook.run(
      `({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': 'é'.repeat(8_000_000) }) })`,
    );
    expect(outcome.status === 'ok' && (outcome.result?.['text/html'] as string).length).toBe(8_000_000);
  });
});

describe('declarations', () => {
  it('keeps state, lets names be declared again, and closures see the new value', async () => {
    await notebook.run('let a = 1; const readA = () => a; class C { x = 1 }');
    await notebook.run('let a = 2; class C { x = 2 }');
    expect(await notebook.value('[a, readA(), new C().x]')).toBe('[ 2, 2, 2 ]');
  });

  it('preloads the runtime as tf, which a cell may declare over', async () => {
    expect(await notebook.value('typeof tf')).toBe("'object'");
    expect(await notebook.value('let tf = 5; tf')).toBe('5');
  });

  it('does not wait for what the cell before left behind', async () => {
    await notebook.run('let ticks = 0; const timer = setInterval(() => ticks++, 1)');
    expect(await notebook.value('await new Promise((r) => setTimeout(r, 20)); clearInterval(timer); ticks > 0')).toBe(
      'true',
    );
  });
});

describe('the process', () => {
  it('runs in the folder of the notebook', async () => {
    expect(await notebook.value('process.cwd()')).toBe(`'${notebook.folder}'`);
  });

  it('keeps to itself what is between kernel and cell process', async () => {
    expect(await notebook.value(`Object.keys(process.env).filter((name) => name.includes('MARKER'))`)).toBe('[]');
  });

  it('runs a cell while another awaits, each with its own output', async () => {
    const first = notebook.run('await new Promise((r) => (globalThis.goOn = r)); console.log("first"); "of the first"');
    const second = await notebook.run('console.log("second"); setTimeout(goOn, 20); "of the second"');
    expect(second.outcome).toMatchObject({ status: 'ok', result: { 'text/plain': "'of the second'" } });
    const { outcome, parent } = await first;
    expect(outcome).toMatchObject({ status: 'ok', result: { 'text/plain': "'of the first'" } });
    expect([notebook.text(parent), notebook.text(second.parent)]).toEqual(['first\n', 'second\n']);
  });
});
