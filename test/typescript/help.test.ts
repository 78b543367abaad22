/** @file Completion and inspection. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CompletionItem } from '../../kernel/typescript/contract.ts';
import { Notebook } from './notebook.ts';

let notebook: Notebook;
beforeAll(async () => {
  notebook = new Notebook();
  notebook.file('module.ts', 'export const exported = 1; export interface Exported {}');
  await notebook.service.start();
  await notebook.run('/** The answer. */ const answer = 42; let counter = 1; class Counter { step = 1; next() {} }');
  await notebook.run('/** Adds.\n * @param a the first\n */\nfunction addUp(a: number, b = 2) { return a + b }');
});
afterAll(() => notebook.close());

describe('completion', () => {
  it('offers the members of a value, best first', async () => {
    const { items, replaced } = await notebook.complete('answer.|');
    expect(items[0]).toEqual({
      text: 'toExponential',
      kind: 'method',
      signature: '(fractionDigits?: number | undefined): string',
    });
    expect(replaced).toBe('');
  });

  it('offers what fits the word being written, in the middle of a cell too', async () => {
    const { items, start, end } = await notebook.complete('const s = "text";\ns.toU| + 1\nanswer');
    expect(items).toEqual([{ text: 'toUpperCase', kind: 'method', signature: '(): string' }]);
    expect([start, end]).toEqual([20, 23]);
  });

  it.each<[text: string, item: CompletionItem]>([
    ['answ|', { text: 'answer', kind: 'const', signature: '42' }],
    ['coun|', { text: 'counter', kind: 'let', signature: 'number' }],
    ['new Coun|', { text: 'Counter', kind: 'constructor', signature: '(): Counter' }],
    ['addU|', { text: 'addUp', kind: 'function', signature: '(a: number, b?: number): number' }],
    ['const local = 1; console.log(loc|)', { text: 'local', kind: 'const', signature: '1' }],
    ['new Counter().|', { text: 'step', kind: 'property', signature: 'number' }],
    ['new Counter().ne|', { text: 'next', kind: 'method', signature: '(): void' }],
    ['addUp(|', { text: 'answer', kind: 'const', signature: '42' }],
    ['|', { text: 'answer', kind: 'const', signature: '42' }],
    ['disp|', { text: 'display', kind: 'const', signature: 'Display' }],
    ['let t: tf.Ten|', { text: 'Tensor', kind: 'class' }],
    ['func|', { text: 'function', kind: 'keyword' }],
    ['import { | } from "./module"', { text: 'exported', kind: 'const', signature: '1' }],
    ['import { x } from "./mod|"', { text: 'module.ts', kind: 'script' }],
    ['import fs from "node:fs/pro|"', { text: 'promises', kind: 'module' }],
    ['const o: { a?: { b: number } } = {}; o.a.|', { text: '?.b', kind: 'property', signature: 'number' }],
  ])('at %s', async (text, item) => {
    expect((await notebook.complete(text)).items).toContainEqual(item);
  });

  it('offers the runtime after `tf.`', async () => {
    const { texts } = await notebook.complete('tf.|');
    expect(texts).toContain('Tensor');
  });

  it('offers nothing that would need an import, and nothing of its own', async () => {
    const { texts } = await notebook.complete('|');
    expect(texts).not.toContain('readFileSync');
    expect(texts.filter((text) => text.includes('tensorcell'))).toEqual([]);
    const modules = (await notebook.complete('import x from "|"')).texts;
    expect(modules.filter((text) => text.includes('tensorcell'))).toEqual(['tensorcell']);
  });

  it('replaces the dot where the value may be absent', async () => {
    expect((await notebook.complete('const o: { a?: { b: number } } = {}; o.a.|')).replaced).toBe('.');
  });

  it('has nothing for what nothing fits', async () => {
    expect(await notebook.complete('answer.zzz|')).toMatchObject({ items: [], start: 7, end: 10 });
  });
});

describe('inspection', () => {
  it.each<[text: string, description: string]>([
    ['ans|wer', 'const answer: 42\nThe answer.'],
    ['1 + answer|', 'const answer: 42\nThe answer.'],
    ['counter|', 'let counter: number'],
    ['Counter|', 'class Counter'],
    ['addUp|', 'function addUp(a: number, b?: number): number\nAdds.\n\n*@param* `a` — the first'],
    ['addUp(|', 'addUp(a: number, b?: number): number\n\nAdds.\n\n`a` — the first'],
    ['addUp(1, |)', 'addUp(a: number, b?: number): number\n\nAdds.\n\n`a` — the first'],
    ['const own = "text"; own.len|gth', '(property) String.length: number\nReturns the length of a String object.'],
  ])('at %s', async (text, description) => {
    expect(await notebook.inspect(text)).toBe(description);
  });

  it('describes the runtime', async () => {
    expect(await notebook.inspect('tf.Ten|sor')).toContain('class');
  });

  it('says nothing about nothing', async () => {
    expect(await notebook.inspect('   |  ')).toBeUndefined();
    expect(await notebook.inspect('nope|')).toBeUndefined();
  });

  it('has markdown with the code marked as code', async () => {
    expect(await notebook.service.inspect('answer', 3)).toEqual({
      markdown: '```typescript\nconst answer: 42\n```\nThe answer.',
      plain: 'const answer: 42\nThe answer.',
    });
  });
});
