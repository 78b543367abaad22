/** @file JSX in cells and in local modules of a real kernel, and how its elements are shown. */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecuteResult } from '../../kernel/client/index.ts';
import { failure, printed, result, startKernel, traceback, type TestKernel } from '../kernel/real-kernel.ts';

let kernel: TestKernel;
const write = (files: Record<string, string>): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(kernel.folder, path)), { recursive: true });
    writeFileSync(join(kernel.folder, path), text);
  }
};
const run = (code: string): Promise<ExecuteResult> => kernel.client.execute(code);
const value = async (code: string): Promise<unknown> => result(await run(code));
const html = ({ outputs }: ExecuteResult): unknown =>
  outputs.map((output) => ('data' in output ? output.data['text/html'] : undefined)).find((each) => each !== undefined);

/** Puts packages of this repository into the notebook's folder. */
function install(...names: string[]): void {
  for (const name of names) {
    const require = createRequire(import.meta.url);
    const from = dirname(require.resolve(`${name}/package.json`));
    const to = join(kernel.folder, 'node_modules', name);
    mkdirSync(dirname(to), { recursive: true });
    if (!existsSync(to)) symlinkSync(from, to);
  }
}

beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(() => kernel.dispose());

/** A library as small as a JSX library can be. */
const tiny = (name: string): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({
    name,
    exports: {
      '.': { types: './index.d.ts', default: './index.js' },
      './jsx-runtime': { types: './index.d.ts', default: './index.js' },
    },
  }),
  [`node_modules/${name}/index.js`]: `exports.jsx = exports.jsxs = (type, props) => ({ made: '${name}', type, props });
exports.Fragment = 'fragment';`,
  [`node_modules/${name}/index.d.ts`]: `export namespace JSX { interface Element { made: string; type: unknown; props: any } interface IntrinsicElements { [tag: string]: any } }
export function jsx(type: unknown, props: unknown): JSX.Element; export { jsx as jsxs }; export const Fragment: string;`,
});

describe('the way JSX is compiled', () => {
  it('says what to install where nothing is', async () => {
    expect(failure(await run('<p/>'))).toContain('npm install react');
  });

  it('follows the settings and the comments of cells and modules', async () => {
    write({
      ...tiny('one'),
      ...tiny('two'),
      'tsconfig.json': '{ "compilerOptions": { "jsx": "react-jsx", "jsxImportSource": "one" } }',
    });
    write({
      'view.tsx':
        'interface Props { n: number }\nexport const View = ({ n }: Props) => <b>{n}</b>;\nexport const f = <T,>(x: T) => x;',
      'other.tsx': '/** @jsxImportSource two */\nexport const other = <i/>;',
      'plain.jsx': 'export const plain = <u/>;',
    });
    expect(await value('const one = <><p/></>; [one.made, one.type]')).toBe("[ 'one', 'fragment' ]");
    expect(await value('/** @jsxImportSource two */\n(<p/>).made')).toBe("'two'");
    expect(
      await value(`import { View, f } from './view'; import { other } from './other'; import { plain } from './plain.jsx';
[View({ n: 1 }).made, f(other).made, plain.made, (<View n={2}/>).type === View]`),
    ).toBe("[ 'one', 'two', 'one', true ]");
  });

  it('calls factories that cells declare', async () => {
    const declare = `function h(tag: string, props: Record<string, string> | null, ...children: string[]): string {
  return \`<\${tag}>\${children.join('')}</\${tag}>\`;
}
namespace h { export namespace JSX { export type Element = string; export interface IntrinsicElements { [tag: string]: any } } }`;
    expect(failure(await run(declare))).toBe('ok');
    const shown = await run('/** @jsx h */\n<p>text <b>bold</b></p> // the end');
    expect([html(shown), result(shown)]).toEqual(['<p>text <b>bold</b></p>', '<p>text <b>bold</b></p>']);
    write({ 'tsconfig.json': '{ "compilerOptions": { "jsx": "react", "jsxFactory": "h" } }' });
    expect(html(await run('<i>again</i>'))).toBe('<i>again</i>');
    expect(await value(`const text = <i>again</i>; text`)).toBe("'<i>again</i>'");
  });

  it('leaves functions of earlier cells the library that they were written for, and shows none of its own names', async () => {
    write({
      ...tiny('one'),
      ...tiny('two'),
      'tsconfig.json': '{ "compilerOptions": { "jsx": "react-jsx", "jsxImportSource": "one" } }',
    });
    await run('const Own = () => <p/>; function deco(..._: unknown[]): void {} class Decorated { @deco method() {} }');
    expect(await value('/** @jsxImportSource two */\n[Own().made, (<p/>).made]')).toBe("[ 'one', 'two' ]");
    expect(printed(await run('%who'))).toMatch(/\bOwn\b/);
    expect(printed(await run('%who'))).not.toMatch(/_jsx|__/);
  });

  it('leaves generics, assertions and comparisons alone', async () => {
    expect(await value('const id = <T>(x: T): T => x; const n = <number>id(1); [n < 2, 4 / 2 > 1, n]')).toBe(
      '[ true, true, 1 ]',
    );
    expect(await value(`const close = '</T>'; const g = <T>(x: T) => x; g(close) /* </T> */`)).toBe("'</T>'");
  });

  it('keeps places right', async () => {
    write({
      'tsconfig.json': '{ "compilerOptions": { "jsx": "react-jsx", "jsxImportSource": "one" } }',
      'fails.tsx': `type T = {\n  a: 1;\n};\nexport const Fails = (): object => (\n  <p>\n    {((): string => { throw new Error('in a view'); })()}\n  </p>\n);`,
    });
    expect(traceback(await run(`import { Fails } from './fails'; Fails()`))).toMatch(/fails\.tsx:6:29\n/);
    expect(traceback(await run(`<p>\n  {((): string => { throw new Error('here'); })()}\n</p>`))).toMatch(
      /cell_\d+\.ts:2:27\n/,
    );
    expect(failure(await run('<p>\n  <b>\n</p>'))).toMatch(/^SyntaxError: .*:3:/);
  });
});

describe('elements are shown as HTML', () => {
  it('of React', async () => {
    install('react', 'react-dom', '@types/react', 'csstype');
    write({ 'tsconfig.json': '{}' });
    write({
      'app.tsx': `import { useState, type ReactNode } from 'react';\nexport function App({ children }: { children: ReactNode }) { const [n] = useState(3); return <section className="app">{n}{children}</section>; }`,
    });
    const shown = await run(`import { App } from './app'; <App><b style={{ color: 'red' }}>{'<escaped>'}</b></App>`);
    expect(html(shown)).toBe('<section class="app">3<b style="color:red">&lt;escaped&gt;</b></section>');
    expect(html(await run(`import React from 'react'; display(React.createElement('p', null, 'made'))`))).toBe(
      '<p>made</p>',
    );
    const failed = await run(`function Broken(): never { throw new Error('no view') }\n<Broken/>`);
    expect(result(failed)).toContain('no view');
    expect(failure(await run('<App/>'))).toContain("Property 'children' is missing");
    write({ 'app.tsx': `export const App = ({ children }: { children: unknown }) => <main/>;` });
    expect(html(await run(`import { App as Edited } from './app'; <Edited>a</Edited>`))).toBe('<main></main>');
  });

  it('of Preact', async () => {
    install('preact', 'preact-render-to-string');
    const shown = await run(`/** @jsxImportSource preact */
import { useMemo } from 'preact/hooks';
function Sum({ of }: { of: number[] }) { const sum = useMemo(() => of.reduce((a, b) => a + b), [of]); return <p class="sum">{sum}</p>; }
<Sum of={[1, 2, 3]}/>`);
    expect([failure(shown), printed(shown, 'stderr'), html(shown)]).toEqual(['ok', '', '<p class="sum">6</p>']);
  });

  it('and else as objects', async () => {
    write({ 'tsconfig.json': '{ "compilerOptions": { "jsx": "react-jsx", "jsxImportSource": "one" } }' });
    const shown = await run('<p>text</p>');
    expect(result(shown)).toBe("{ made: 'one', type: 'p', props: { children: 'text' } }");
    expect(html(shown)).toBeUndefined();
  });
});
