/** @file Interrupts at any moment: what runs stops, everything else is kept. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Notebook } from './notebook.ts';

let notebook: Notebook;
beforeAll(async () => {
  notebook = await Notebook.start();
  // Timers with ticks and promises of their own run beside every test.
  await notebook.run(
    `let kept = 'kept'; setInterval(() => process.nextTick(() => {}), 3); setInterval(() => Promise.resolve().then(() => {}), 3); 0`,
  );
});
afterAll(() => notebook.close());

/** Says that it is where it is to be interrupted. */
const say = `console.log('ready');`;

describe('an interrupt stops', () => {
  it.each([
    ['a loop', `${say} for (;;);`],
    ['a loop that catches everything', `${say} for (;;) try { for (;;); } catch {} finally { continue; }`],
    ['a loop after an await', `await 1; ${say} for (;;);`],
    ['a loop that prints', `${say} for (;;) console.log('x');`],
    ['a pending await', `${say} await new Promise(() => {})`],
    ['a loop of settled awaits', `${say} for (;;) await null`],
    ['a loop of awaited timers', `${say} for (;;) await new Promise((r) => setTimeout(r, 1))`],
    ['a loop in a timer', `await new Promise(() => setTimeout(() => { ${say} for (;;); }, 1))`],
    ['a loop in a tick', `await new Promise(() => process.nextTick(() => { ${say} for (;;); }))`],
    ['a loop in an immediate', `await new Promise(() => setImmediate(() => { ${say} for (;;); }))`],
    [
      'a loop in an immediate behind others',
      `await new Promise(() => { setImmediate(() => {}); setImmediate(() => { ${say} for (;;); }); setImmediate(() => {}); })`,
    ],
    ['a loop in a callback', `await new Promise(() => require('fs').stat('/', () => { ${say} for (;;); }))`],
    ['a loop in a display method', `({ [Symbol.for('Jupyter.display')]() { ${say} for (;;); } })`],
    ['a display that never comes', `({ [Symbol.for('Jupyter.display')]() { ${say} return new Promise(() => {}); } })`],
    [
      'a program that the cell waits for',
      `require('child_process').execSync('echo ready; sleep 1000', { stdio: 'inherit' }); for (;;);`,
    ],
    ['Atomics.wait', `${say} Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`],
    [
      'a recursion',
      `const deep = () => { deep2(); }; const deep2 = () => { try { deep(); } catch { for (;;); } }; ${say} deep()`,
    ],
    ['a regular expression', `${say} /^(a+)+$/.test('a'.repeat(40) + 'b')`],
  ])('%s', async (_name, code) => {
    const { outcome } = await notebook.interrupted(code);
    expect(outcome).toMatchObject({ status: 'error', error: { ename: 'Interrupted' } });
    expect(await notebook.value('kept')).toBe("'kept'");
  });

  it('awaits of the cell itself, which may clean up', async () => {
    const { outcome, parent } = await notebook.interrupted(
      `let rounds = 0; try { for (;;) { rounds++; console.log('ready'); await __tensorcell_await__(new Promise((r) => setTimeout(r, 1))); } } finally { console.log('cleaned up'); }`,
    );
    expect(outcome).toMatchObject({ status: 'error', error: { ename: 'Interrupted' } });
    expect(notebook.text(parent)).toMatch(/cleaned up\n$/);
    const rounds = await notebook.value('rounds');
    expect(await notebook.value('await new Promise((r) => setTimeout(r, 20)); rounds')).toBe(rounds);
  });

  it('lets a cell catch it, and await in its clean-up', async () => {
    const { outcome, parent } = await notebook.interrupted(
      `const guard = __tensorcell_await__; try { ${say} await guard(new Promise(() => {})) } catch (error) { console.log(error.name) } finally { await guard(Promise.resolve()); console.log('done'); }`,
    );
    expect(outcome.status).toBe('ok');
    expect(notebook.text(parent)).toBe('ready\nInterrupted\ndone\n');
  });

  it('a late timer of a cell that is over', async () => {
    const { parent } = await notebook.run(`setTimeout(() => { console.log('ready'); for (;;); }, 1); 0`);
    await notebook.until(() => notebook.text(parent).includes('ready'));
    await notebook.host.interrupt();
    expect(await notebook.value('kept')).toBe("'kept'");
  });
});

describe('an interrupt leaves alone', () => {
  it('an idle process', async () => {
    await notebook.host.interrupt();
    expect(await notebook.value('kept')).toBe("'kept'");
  });

  it('the cell after the one that it was for', async () => {
    const interrupt = notebook.host.interrupt();
    expect(await notebook.value('let sum = 0; for (let i = 0; i < 1e7; i++) sum += i; kept')).toBe("'kept'");
    await interrupt;
  });

  it('what other cells await', async () => {
    await notebook.run(
      `let result; (async () => { result = await __tensorcell_await__(new Promise((r) => setTimeout(() => r(5), 60))); })(); 0`,
    );
    await notebook.interrupted(`${say} await __tensorcell_await__(new Promise(() => {}))`);
    expect(
      await notebook.value('while (result === undefined) await new Promise((r) => setTimeout(r, 5)); result'),
    ).toBe('5');
  });
});

describe('an interrupted cell', () => {
  it('owns what it prints later', async () => {
    const { parent } = await notebook.interrupted(
      `${say} await new Promise((r) => setTimeout(r, 30)); console.log('later')`,
    );
    await notebook.run('await new Promise((r) => setTimeout(r, 60))');
    expect(notebook.text(parent)).toBe('ready\nlater\n');
  });

  it('can be asked for by long work of its own', async () => {
    const { parent } = await notebook.interrupted(
      `const work = async () => { while (!globalThis[Symbol.for('tensorcell.interrupted')]()) await new Promise((r) => setTimeout(r, 1)); console.log('stopped'); }; ${say} await work()`,
    );
    await notebook.until(() => notebook.text(parent).includes('stopped'));
    expect(await notebook.value(`globalThis[Symbol.for('tensorcell.interrupted')]()`)).toBe('false');
  });
});

it('survives 100 interrupts at random moments', async () => {
  const work = [
    'for (let i = 0; i < 3e6; i++);',
    'await new Promise((r) => setTimeout(r, 15))',
    'for (let i = 0; i < 10; i++) await new Promise((r) => setTimeout(r, 1))',
    'for (let i = 0; i < 20_000; i++) await null',
    'for (let i = 0; i < 1_000; i++) console.log(i)',
    'await new Promise((r) => setTimeout(() => { for (let i = 0; i < 3e6; i++); r() }, 2))',
    `({ [Symbol.for('Jupyter.display')]() { for (let i = 0; i < 3e6; i++); return { 'text/plain': 'x' }; } })`,
  ];
  // A generator of numbers rather than chance, so that a failure can be repeated.
  let seed = 7;
  const next = (below: number): number => (seed = (seed * 16_807) % 2_147_483_647) % below;
  for (let round = 0; round < 100; round++) {
    const running = notebook.run(work[next(work.length)]);
    const pause = next(25);
    await new Promise((resolve) => setTimeout(resolve, pause));
    await notebook.host.interrupt();
    const { outcome } = await running;
    expect(outcome.status === 'ok' || outcome.error.ename === 'Interrupted').toBe(true);
    expect(await notebook.value('kept')).toBe("'kept'");
  }
});

describe('with cells beside each other, an interrupt', () => {
  const forever = 'console.log("ready"); await __tensorcell_await__(new Promise(() => {}))';
  const ready = (parent: string) => notebook.until(() => notebook.text(parent).includes('ready'));

  it('stops the one that it names', async () => {
    const running = [forever, forever].map((code) => notebook.begin(code));
    for (const { parent } of running) await ready(parent);
    await notebook.host.interrupt([running[1].parent]);
    expect((await running[1].outcome).status).toBe('error');
    let ended = false;
    void running[0].outcome.then(() => (ended = true));
    expect(await notebook.value('1 + 1')).toBe('2');
    expect(ended).toBe(false);
    await notebook.host.interrupt([running[0].parent]);
    expect((await running[0].outcome).status).toBe('error');
  });

  it('that has to terminate a loop stops all, and they can run again', async () => {
    const waiting = notebook.begin(forever);
    await ready(waiting.parent);
    const looping = notebook.begin('await 0; console.log("ready"); for (;;);');
    await ready(looping.parent);
    await notebook.host.interrupt([waiting.parent]);
    for (const { outcome } of [waiting, looping])
      expect(await outcome).toMatchObject({ status: 'error', error: { ename: 'Interrupted' } });
    expect(await notebook.value('kept')).toBe("'kept'");
  });

  it('that is gentle leaves a loop alone, and strikes when it is over', async () => {
    const waiting = notebook.begin(forever);
    await ready(waiting.parent);
    const looping = notebook.begin(
      'console.log("ready"); const until = Date.now() + 200; while (Date.now() < until); "done"',
    );
    await ready(looping.parent);
    await notebook.host.interrupt([waiting.parent], true);
    expect((await looping.outcome).status).toBe('ok');
    expect((await waiting.outcome).status).toBe('error');
  });
});
