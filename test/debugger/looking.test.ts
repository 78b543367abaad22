import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { murmur2 } from '../../kernel/debugger/murmur2.ts';
import { result } from '../kernel/real-kernel.ts';
import { DebugClient, patience, texts, type Variable } from './debug-client.ts';

const look = async (debug: DebugClient): Promise<Variable[]> =>
  (await debug.request<{ variables: Variable[] }>('inspectVariables')).variables;

describe('without a debugger attached', () => {
  let debug: DebugClient;
  beforeAll(async () => void (debug = await DebugClient.start({ attach: false })));
  afterAll(() => debug.dispose());

  it('debugInfo says how a front end names cells', async () => {
    const info = await debug.request('debugInfo');
    expect(info).toMatchObject({
      isStarted: false,
      hashMethod: 'Murmur2',
      tmpFileSuffix: '.ts',
      breakpoints: [],
      stoppedThreads: [],
      richRendering: true,
      copyToGlobals: true,
    });
    const code = 'const grüße = "🙂";';
    expect(await debug.dump(code)).toBe(
      `${info.tmpFilePrefix}${murmur2(code, info.hashSeed as number)}${info.tmpFileSuffix}`,
    );
    expect(await debug.request('source', { source: { path: await debug.dump(code) } })).toMatchObject({
      content: code,
    });
  });

  it('the notebook’s variables can be looked at, and what is in them', async () => {
    await debug.run('const first = [1, 2];\nlet second: string | undefined;\nclass Third {}\nfunction fourth() {}');
    await debug.run('(globalThis as { fifth?: number }).fifth = 5;');
    const variables = await look(debug);
    expect(texts(variables)).toEqual({
      first: '(2) [1, 2]',
      second: 'undefined',
      Third: 'class Third',
      fourth: 'ƒ ()',
      fifth: '5',
    });
    const first = variables.find(({ name }) => name === 'first') as Variable;
    expect(first).toMatchObject({ type: 'Array', evaluateName: 'first' });
    expect(texts(await debug.variables(first.variablesReference))).toMatchObject({ 0: '1', 1: '2' });
  });

  it('a front end that shows types in the place of values gets none', async () => {
    await debug.request('initialize', { clientID: 'jupyterlab' });
    expect(await look(debug)).toContainEqual(expect.not.objectContaining({ type: expect.anything() }));
    await debug.request('disconnect');
    await debug.request('initialize', { clientID: 'vscode' });
    await debug.request('disconnect');
  });

  it('they can be looked at while a cell loops, and while one awaits', async () => {
    const looping = debug.run('let round = 0;\nlet more = true;\nwhile (more) round++;\nround > 0');
    await expect.poll(async () => texts(await look(debug)).more, { timeout: patience }).toBe('true');
    await debug.request('evaluate', { expression: 'more = false', context: 'repl' });
    expect(result(await looping)).toBe('true');
    const awaiting = debug.run(
      'let release: (() => void) | undefined;\nawait new Promise<void>((resolve) => (release = resolve));\n3',
    );
    await expect.poll(async () => texts(await look(debug)).release, { timeout: patience }).toContain('ƒ');
    await debug.request('evaluate', { expression: 'release!()', context: 'repl' });
    expect(result(await awaiting)).toBe('3');
  });

  it('a variable is shown as a cell shows it', async () => {
    await debug.run(
      "const shown = { [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>x</b>', 'text/plain': 'x' }) };",
    );
    await debug.run("const slow = { [Symbol.for('Jupyter.display')]: async () => ({ 'text/plain': 'slow' }) };");
    const rich = (variableName: string) => debug.request('richInspectVariables', { variableName });
    expect(await rich('shown')).toMatchObject({ data: { 'text/html': '<b>x</b>', 'text/plain': 'x' }, metadata: {} });
    expect(await rich('slow')).toMatchObject({ data: { 'text/plain': 'slow' } });
    expect(await rich('first')).toMatchObject({ data: { 'text/plain': '[ 1, 2 ]' } });
    expect(await rich('not a name')).toEqual({ data: {}, metadata: {} });
    expect(await debug.ask('richInspectVariables', { variableName: 'absent' })).toMatchObject({
      success: false,
      message: 'ReferenceError: absent is not defined',
    });
  });

  it('a variable that never comes to show itself is text', async () => {
    await debug.run("const never = { [Symbol.for('Jupyter.display')]: () => new Promise<object>(() => {}), kept: 1 };");
    expect(await debug.request('richInspectVariables', { variableName: 'never' })).toMatchObject({
      data: { 'text/plain': expect.stringContaining('kept: 1') },
    });
  });

  it('code of a variable that does not end keeps nobody waiting', async () => {
    await debug.run(
      `const stubborn = { get end() { for (;;); }, [Symbol.for('nodejs.util.inspect.custom')]: () => { for (;;); } };`,
    );
    const stubborn = (await look(debug)).find(({ name }) => name === 'stubborn') as Variable;
    const getter = (await debug.variables(stubborn.variablesReference)).find(({ name }) => name === 'end') as Variable;
    expect(texts(await debug.variables(getter.variablesReference)).end).toContain('more than 1 s');
    expect(await debug.ask('evaluate', { expression: 'stubborn', context: 'clipboard' })).toMatchObject({
      success: false,
      message: expect.stringContaining('more than 5 s'),
    });
    expect(result(await debug.run('1 + 1'))).toBe('2');
  });

  it('modules are those that were loaded', async () => {
    const path = join(debug.kernel.folder, 'loaded.ts');
    writeFileSync(path, 'export const loaded: number = 1;\n');
    await debug.run("import { loaded } from './loaded';");
    const { modules } = await debug.request<{ modules: { path: string }[]; totalModules: number }>('modules');
    expect(modules).toContainEqual(expect.objectContaining({ name: './loaded.ts', path, isUserCode: true }));
    expect(modules.every((module) => !module.path.includes('/kernel/cell/'))).toBe(true);
  });

  it('a debugger statement stops nothing, and requests that need a stop say so', async () => {
    expect(result(await debug.run('debugger;\n4'))).toBe('4');
    expect(await debug.ask('continue', { threadId: 1 })).toMatchObject({
      success: false,
      message: 'Nothing is stopped.',
    });
    expect(await debug.ask('pause', { threadId: 1 })).toMatchObject({ success: false });
    expect(await debug.request('stackTrace', { threadId: 1 })).toEqual({ stackFrames: [], totalFrames: 0 });
    // JupyterLab reads the list whatever `success` says.
    expect(await debug.ask('variables', { variablesReference: 10_000 })).toMatchObject({
      success: false,
      body: { variables: [] },
    });
    expect(await debug.ask('fly')).toMatchObject({ success: false, message: expect.stringContaining('"fly"') });
    expect(await debug.ask('setBreakpoints', {})).toMatchObject({
      success: false,
      message: expect.stringContaining('source'),
    });
  });
});

describe('the names of cells', () => {
  // Made with JupyterLab's own function (@jupyterlab/debugger), seed 17.
  it.each([
    ['', 418_427_652],
    ['a', 834_694_889],
    ['abcd', 2_547_506_279],
    ['const x: number = 1;\nx', 3_454_851_482],
    ['grüße 🙂', 4_167_802_446],
  ])('hash %j as JupyterLab does', (text, hash) => {
    expect(murmur2(text, 17)).toBe(hash);
  });
});
