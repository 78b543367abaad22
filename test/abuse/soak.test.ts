import { afterAll, beforeAll, expect, it } from 'vitest';
import { failure, sleep, startKernel, type TestKernel } from '../kernel/real-kernel.ts';
import { descendants, hasProc, openFiles, residentMegabytes } from '../support/process-tree.ts';

/** How long; an hour with `npm run soak`. */
const minutes = Number(process.env.TENSORCELL_SOAK_MINUTES ?? 1);
/** MB by which each process may be larger in the last quarter than in the second, whatever the length. */
const allowedGrowth = { kernel: 40, cell: 80, server: 120 };

let kernel: TestKernel;
beforeAll(async () => void (kernel = await startKernel()));
afterAll(() => kernel.dispose());

/** A working day in small: what people do, over and over, under the same names. */
const cells: readonly ((round: number) => string)[] = [
  (n) =>
    `interface Row { id: number; text: string }\nconst rows: Row[] = Array.from({ length: 200 }, (_, id) => ({ id, text: \`row \${id + ${n}}\` })); rows.length`,
  () => 'rows.filter((row) => row.id % 2 === 0).map((row) => row.text.toUpperCase()).slice(0, 3)',
  (n) => `const matrix = tf.tensor([[1, ${n}], [3, 4]]); tf.matMul(matrix, matrix).sum().dataSync()[0]`,
  () => 'for (let line = 0; line < 300; line++) console.log(`line ${line} of ${rows.length}`)',
  () =>
    'const view = display.html("<b>0</b>"); for (let step = 0; step < 20; step++) await view.update(`<b>${step}</b>`)',
  () => 'rows',
  () => 'import { createHash } from "node:crypto"\ncreateHash("sha256").update("x".repeat(1e5)).digest("hex")',
  () =>
    'class Counter { #count = 0; next(): number { return ++this.#count } }\nconst counter = new Counter(); counter.next()',
  () => 'const wrong: number = "type error"',
  () => 'throw new RangeError("wanted")',
  () => 'await new Promise((resolve) => setTimeout(resolve, 5)); setTimeout(() => console.log("late"), 1); void 0',
  () => 'const big = new Float64Array(200_000).fill(1); big.reduce((a, b) => a + b)',
];

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

it.runIf(hasProc)(`memory is flat over ${minutes} minutes`, { timeout: (minutes + 5) * 60_000 }, async () => {
  const { client, process } = kernel;
  const pid = process.pid!;
  await client.execute('tf.ones([2])');
  const cellPid = Number(
    (await client.execute('process.pid', { userExpressions: {} })).outputs
      .map((output) => (output.output_type === 'execute_result' ? output.data['text/plain'] : ''))
      .join(''),
  );
  const serverPid = descendants(pid).find((child) => child !== cellPid && !descendants(cellPid).includes(child))!;
  const pids = { kernel: pid, cell: cellPid, server: serverPid };
  const samples: Record<keyof typeof pids, number>[] = [];
  const files = openFiles(pid).length;

  const end = Date.now() + minutes * 60_000;
  let executed = 0;
  for (let round = 0; Date.now() < end; round++) {
    for (const cell of cells) {
      const outcome = failure(await client.execute(cell(round), { timeout: 60_000, stopOnError: false }));
      expect(outcome).toMatch(/^(ok$|TypeScriptError: TS2322|RangeError: wanted)/);
      executed++;
    }
    await Promise.all([client.complete('rows.fil', undefined, 30_000), client.inspect('counter', undefined, 30_000)]);
    if (round % 5 === 0) {
      const looping = client.execute('for (;;);', { timeout: 60_000 });
      await sleep(50);
      await client.interrupt(30_000);
      // Where it overtook the cell, another one ends it.
      while (!(await Promise.race([looping.then(() => true), sleep(500).then(() => false)]))) await client.interrupt();
    }
    const { kernel: k, cell: c, server: s } = pids;
    samples.push({ kernel: residentMegabytes(k), cell: residentMegabytes(c), server: residentMegabytes(s) });
  }

  const quarter = Math.floor(samples.length / 4);
  expect(quarter).toBeGreaterThan(0);
  const report = Object.keys(pids).map((name) => {
    const of = (from: number, to: number): number =>
      median(samples.slice(from, to).map((sample) => sample[name as keyof typeof pids]));
    const [early, late] = [of(quarter, 2 * quarter), of(samples.length - quarter, samples.length)];
    return { name: name as keyof typeof pids, early, late };
  });
  const words = report.map(({ name, early, late }) => `${name} ${early.toFixed(0)} -> ${late.toFixed(0)} MB`);
  console.log(`${executed} cells in ${minutes} min: ${words.join(', ')}`);
  for (const { name, early, late } of report) expect(late - early, words.join(', ')).toBeLessThan(allowedGrowth[name]);
  expect(openFiles(pid).length).toBeLessThanOrEqual(files + 2);
});
