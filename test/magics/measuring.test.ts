import { describe, expect, it } from 'vitest';
import { failure, printed, result, traceback } from '../kernel/real-kernel.ts';
import { TimeitResult } from '../../kernel/magics/cell/values.ts';
import { useNotebook } from './notebook.ts';

const notebook = useNotebook();
const { run, output, value, interrupted } = notebook;

describe('%time and %timeit', () => {
  const times =
    /^CPU times: user [\d.]+ (s|ms|µs|ns), sys: [\d.]+ (s|ms|µs|ns), total: [\d.]+ (s|ms|µs|ns)\nWall time: [\d.]+ (s|ms|µs|ns)\n$/;

  it('%time prints times and gives the value', async () => {
    const executed = await run(`%time [1, 2].map((x) => x * 2)`);
    expect(printed(executed)).toMatch(times);
    expect(result(executed)).toBe('[ 2, 4 ]');
  });

  it('%time takes statements, over lines, whose names stay', async () => {
    expect(await output(`%time const timed = await Promise.resolve({\n  a: 1,\n}) // a comment`)).toMatch(times);
    expect(await value('timed.a')).toBe('1');
    expect(await value(`const assigned = %time 20 + 1\nassigned * 2`)).toBe('42');
    expect(failure(await run(`%time timed.b`))).toMatch(/TS2339.*:1:13\)$/);
  });

  it('%%time times the cell, magics and imports included', async () => {
    const executed = await run(`%%time\nimport { sep } from 'node:path'\nconst inside = sep.length\n!true\ninside + 1`);
    expect(printed(executed)).toMatch(times);
    expect(result(executed)).toBe('2');
    expect(await value('inside')).toBe('1');
    expect(failure(await run(`%%time\nconst x = 1\nx.y`))).toMatch(/TS2339.*:3:3\)$/);
    expect(traceback(await run(`%%time\nconst a1 = 1\n  throw new Error('place')`))).toMatch(/:3:9/);
  });

  it('%timeit prints what IPython prints', async () => {
    expect(await output(`const numbers = [3, 1, 2]\n%timeit -n 50 -r 3 numbers.toSorted()`)).toMatch(
      /[\d.]+ (s|ms|µs|ns) ± [\d.]+ (s|ms|µs|ns) per loop \(mean ± std\. dev\. of 3 runs, 50 loops each\)\n$/,
    );
    expect(await output(`%timeit -n1 -r1 1`)).toMatch(/of 1 run, 1 loop each\)\n$/);
  });

  it('%timeit awaits, keeps its names to itself, and gives its result', async () => {
    expect(
      await value(
        `const timing = %timeit -q -o -n 2 -r 4 const hidden = await Promise.resolve(1)\n[timing.loops, timing.allRuns.length, timing.best <= timing.worst]`,
      ),
    ).toBe('[ 2, 4, true ]');
    expect(failure(await run('hidden'))).toMatch(/TS2304/);
    expect(failure(await run(`timing.bset`))).toMatch(/TS2339|TS2551/);
  });

  it('%timeit that is assigned needs no -o', async () => {
    expect(await value(`const quick = %timeit -q -n 1 -r 2 1\nquick.allRuns.length`)).toBe('2');
  });

  it('%%timeit runs its setup once a run, and the cell in a loop', async () => {
    expect(await value(`let setups = 0, loops = 0\n0`)).toBe('0');
    expect(await output(`%%timeit -n 5 -r 2 setups++\nloops++\n// the end`)).toMatch(/of 2 runs, 5 loops each/);
    expect(await value('[setups, loops]')).toBe('[ 2, 10 ]');
  });

  it('%time and %%time tell the times of what throws or is interrupted, as IPython', async () => {
    const thrown = await run(`%time (() => { throw new Error('inside') })()`);
    expect(failure(thrown)).toBe('Error: inside');
    expect(printed(thrown)).toMatch(times);
    const cell = await run(`%%time\nconst t1 = 1\nawait Promise.reject(new Error('later'))`);
    expect(failure(cell)).toBe('Error: later');
    expect(printed(cell)).toMatch(times);
    const stopped = await interrupted(`%%time\nconsole.log('ready')\nfor (;;);`);
    expect(failure(stopped)).toMatch(/^Interrupted/);
    expect(printed(stopped).replace('ready\n', '')).toMatch(times);
    expect(printed(await run(`throw new Error('untimed')`))).toBe('');
  });

  it('measure what another measures, and programs', async () => {
    expect(await output(`%%time\n%timeit -n1 -r1 1\n%time 1\n0;`)).toMatch(
      /^[\d.]+ .* each\)\nCPU times: .*\nWall time: .*\nCPU times: .*\nWall time: .*\n$/,
    );
    expect(await output(`%time !echo out`)).toMatch(/^out\nCPU times: .*\nWall time: .*\n$/);
    expect(await output(`%timeit -n 2 -r 1 -q !echo out`)).toBe('out\nout\n');
    expect(await output(`%%timeit -n 1 -r 2 -q\n!echo out\n%pwd`)).toBe('out\nout\n');
  });

  it('measure cells beside each other, each for itself', async () => {
    const { client } = notebook;
    const { subshell_id: subshell } = await client.request<{ subshell_id: string }>(
      'create_subshell_request',
      {},
      { channel: 'control' },
    );
    const ready = client.nextIopub(({ content }) => String(content.text).includes('ready'), 30_000);
    const outer = client.execute(
      `let goOn = () => {}\nconsole.log('ready')\n%time await new Promise<void>((resolve) => (goOn = resolve))`,
    );
    await ready;
    // The first one has begun to measure when the second one can end it.
    const inner = await client.execute(`%time await 1\n%time goOn()`, { subshell });
    expect(printed(inner)).toMatch(/^(CPU times: .*\nWall time: .*\n){2}$/);
    expect(printed(await outer).replace('ready\n', '')).toMatch(times);
  });

  it('%timeit shows as many digits as are wanted, of the clock that is wanted', async () => {
    const measured = new TimeitResult(2, [0.002469135, 0.002469135], 6);
    expect(String(measured)).toBe('1.23457 ms ± 0 ns per loop (mean ± std. dev. of 2 runs, 2 loops each)');
    expect(await output(`%timeit -r 1 -n 1 -p 6 1`)).toMatch(/ per loop/);
    expect(
      await value(
        `const idle = %timeit -qc -r 1 -n 1 await new Promise((resolve) => setTimeout(resolve, 1_500))\nidle.best < 1.2 && idle.repeat === 1`,
      ),
    ).toBe('true');
  });

  it('%timeit finds its number of loops', async () => {
    expect(await output(`%timeit -r 1 await new Promise((resolve) => setTimeout(resolve, 60))`)).toMatch(
      /of 1 run, 10 loops each/,
    );
  });

  it('are interrupted', async () => {
    expect(
      failure(
        await interrupted(`console.log('ready')\n%timeit await new Promise((resolve) => setTimeout(resolve, 50))`),
      ),
    ).toMatch(/^Interrupted/);
    expect(failure(await interrupted(`console.log('ready')\n%timeit for (;;) {}`))).toMatch(/^Interrupted/);
    expect(await output(`%time 1`)).toMatch(times);
  });

  it('refuse unknown options', async () => {
    expect(failure(await run(`%%timeit\nimport { sep } from 'node:path'\nsep`))).toMatch(
      /^UsageError: %%timeit measures in a function, where no import can stand/,
    );
    expect(failure(await run(`%timeit -n 0 f()`))).toMatch(/^UsageError: %timeit -n takes a number/);
  });
});
