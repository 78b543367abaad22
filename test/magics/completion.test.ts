import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startKernel, type TestKernel } from '../kernel/real-kernel.ts';

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startKernel();
  mkdirSync(join(kernel.folder, 'data'));
  mkdirSync(join(kernel.folder, 'my data', 'deep'), { recursive: true });
  for (const name of ['data/part.csv', 'data/part.ts', 'plain.txt', 'pages.ts', 'my script.ts'])
    writeFileSync(join(kernel.folder, name), '');
  writeFileSync(join(kernel.folder, 'package.json'), JSON.stringify({ dependencies: { 'left-pad': '1' } }));
});
afterAll(() => kernel.dispose());

/** Completions at `|`; what they replace. */
async function complete(marked: string): Promise<{ matches: readonly string[]; replaced: string }> {
  const cursor = marked.indexOf('|');
  const code = marked.replace('|', '');
  const { matches, cursor_start: start, cursor_end: end } = await kernel.client.complete(code, cursor);
  return { matches, replaced: code.slice(start, end) };
}

describe('completion', () => {
  it.each([
    ['%ti|', ['%time', '%%time', '%timeit', '%%timeit'], '%ti'],
    ['%%ht|', ['%%html'], '%%ht'],
    ['const a = 1\n%cd|', ['%cd'], '%cd'],
    ['const a = 1;\n%%ti|', [], '%%ti'],
    ['const a = %pw|', ['%pwd'], '%pw'],
    ['%typecheck |', ['on', 'warn', 'off'], ''],
    ['%typecheck w|', ['warn'], 'w'],
    ['%config |', ['typecheck', 'autoreload'], ''],
    ['%config autoreload = o|', ['off', 'on'], 'o'],
    ['%cd d|', ['data/'], 'd'],
    ['%run da|', ['data/'], 'da'],
    ['%run data/|', ['data/part.ts'], 'data/'],
    ['%%writefile pl|', ['plain.txt'], 'pl'],
    ['%npm |', ['install', 'uninstall', 'ls'], ''],
    ['%npm uninstall l|', ['left-pad'], 'l'],
    ['!cat data/par|', ['data/part.csv', 'data/part.ts'], 'data/par'],
    ['%save -|', ['-f', '-a'], '-'],
    ['%%bash --n|', ['--no-raise-error'], '--n'],
    ['%%capture --no-s|', ['--no-stdout', '--no-stderr'], '--no-s'],
    ['%timeit -|', ['-n', '-r', '-p', '-q', '-o', '-c'], '-'],
    ['%config typecheck=w|', ['warn'], 'w'],
    ['%help %timei|', ['timeit'], 'timei'],
    ['%run my s|', [], 's'],
    ['%%writefile my|', ['"my data/', '"my script.ts"'], 'my'],
    ['%cd my|', ['"my data/'], 'my'],
    ['%cd "my data/|', ['"my data/deep/'], '"my data/'],
    ['%time !cat data/part.c|', ['data/part.csv'], 'data/part.c'],
    // Below a cell magic of another language nothing of TypeScript is offered.
    ['%%sh\ncons|', [], ''],
    ['%%html\n<b>doc|', [], ''],
    ['%history -l|', ['-l'], '-l'],
    ['%reset |', ['-f'], ''],
    ['%who nu|', ['number'], 'nu'],
    ['%help time|', ['time', 'timeit'], 'time'],
  ])('of %j', async (marked, matches, replaced) => {
    const found = await complete(marked);
    expect([...found.matches].sort()).toEqual([...matches].sort());
    expect(found.replaced).toBe(replaced);
  });

  it('lists every magic after a lone mark, with what each does', async () => {
    const { matches } = await complete('%|');
    expect(matches).toEqual(expect.arrayContaining(['%cd', '%%sh', '%npm']));
    const reply = await kernel.client.complete('%', 1);
    expect(reply.metadata._jupyter_types_experimental).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          text: '%pwd',
          type: 'magic',
          signature: expect.stringContaining('folder') as unknown,
        }),
      ]),
    );
  });

  it('of programs', async () => {
    expect((await complete('!nod|')).matches).toContain('node');
    expect((await complete('%%script nod|')).matches).toContain('node');
    expect((await complete('!ls; nod|')).matches).toContain('node');
  });

  it('of TypeScript in and below magics is the server’s', async () => {
    await kernel.client.execute('const answers = [1, 2]');
    for (const marked of [
      '%time answers.fla|',
      '%timeit -n 10 answers.fla|',
      '!ls\nanswers.fla|',
      '%%time\nanswers.fla|',
      'const x = %pwd\nanswers.fla|',
    ])
      expect((await complete(marked)).matches, marked).toEqual(expect.arrayContaining(['flat', 'flatMap']));
    expect((await complete('const r = answers[0]\n% answ|')).matches).toContain('answers');
  });

  it('follows %cd', async () => {
    await kernel.client.execute('%cd data');
    expect((await complete('%run p|')).matches).toEqual(['part.ts']);
    await kernel.client.execute('%cd ..');
  });

  it('is answered while a cell runs', async () => {
    const running = kernel.client.execute('%time await new Promise((resolve) => setTimeout(resolve, 1_500))');
    expect((await complete('%pw|')).matches).toEqual(['%pwd']);
    await running;
  });
});

describe('help', () => {
  it('inspection of a magic shows its usage', async () => {
    const { found, data } = await kernel.client.inspect('%timeit f()', 3);
    expect(found).toBe(true);
    expect(data['text/plain']).toMatch(/^%timeit \[-n LOOPS\]/);
    expect(data['text/markdown']).toMatch(/^```\n%timeit/);
  });

  it('inspection of its TypeScript is the server’s', async () => {
    const { data } = await kernel.client.inspect('%time answers', 8);
    expect(data['text/plain']).toMatch(/answers: number\[\]/);
  });
});

describe('is_complete', () => {
  it.each([
    ['%cd data', 'complete'],
    ['!ls \\', 'incomplete'],
    ['%%sh\nls', 'incomplete'],
    ['%%sh\nls\n\n', 'complete'],
    ['%time f({', 'incomplete'],
    ['%time f()', 'complete'],
    ['%cd x\nfor (;;) {', 'incomplete'],
    ['const a = %pwd', 'complete'],
  ])('of %j is %j', async (code, status) => {
    expect((await kernel.client.isComplete(code)).status).toBe(status);
  });
});
