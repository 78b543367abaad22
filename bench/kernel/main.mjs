// Kernels side by side, in one run, in interleaved rounds: npm run bench:kernel (BENCH_PEERS: folder with deno and tslab).
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { dist, findKernels, peersFolder } from './kernels.mjs';

const client = join(dist, 'kernel', 'client', 'index.js');
if (!existsSync(client)) throw new Error(`There is no ${client}: run npm run build first.`);
const { spawnKernel } = await import(pathToFileURL(client).href);
const { processTree } = await import(pathToFileURL(join(dist, 'kernel', 'session', 'process-tree.js')).href);

const rounds = { start: 7, restart: 5, cell: 10, lines: 3 };
/** Cells timed after each other in one round. */
const cellsPerRound = 20;
const lines = 20_000;
const manyLines = 1_000_000;
/** Milliseconds for any answer, and for a million lines: the slowest takes more than a minute. */
const timeout = 10_000;
const longTimeout = 180_000;
const ours = 'tensorcell';
const quiet = { transport: 'tcp', onLog: () => {} };
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The value below which `share` of the samples lie. */
function quantile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
const median = (samples) => quantile(samples, 0.5);
const p95 = (samples) => quantile(samples, 0.95);

/** Times an answer. One that never comes is counted; ours must come. */
async function sample(kernel, samples, key, ask, begin = performance.now()) {
  try {
    await ask();
    samples[key].push(performance.now() - begin);
  } catch (error) {
    if (kernel.name === ours || error.name !== 'NoReplyError') throw error;
    samples.unanswered++;
  }
}

/** A cell that must succeed. */
async function execute(kernel, code) {
  const { reply } = await kernel.client.execute(code, { timeout });
  if (reply.status !== 'ok') throw new Error(`${kernel.name}: ${code}\n${JSON.stringify(reply, null, 2)}`);
}

/** From the start of the process to kernel_info, and on to the end of the first cell. */
async function measureStart(description, folder, samples) {
  const begin = performance.now();
  const kernel = await spawnKernel({ ...quiet, cwd: folder, command: description.command });
  await sample(description, samples, 'info', () => kernel.client.kernelInfo({ timeout }), begin);
  // The reply alone: iopub of a kernel without iopub_welcome may not be heard yet.
  const firstCell = () => kernel.client.request('execute_request', cellContent('1 + 1'), { timeout });
  await sample(description, samples, 'firstCell', firstCell, begin);
  await kernel.stop(2_000);
}
/** As a front end restarts: shutdown_request, the end of the process, a new one, its first cell. */
async function measureRestart(description, folder, samples) {
  const spawn = () => spawnKernel({ ...quiet, cwd: folder, command: description.command });
  const first = await spawn();
  await first.client.ready();
  await first.client.request('execute_request', cellContent('1 + 1'), { timeout });
  const begin = performance.now();
  await first.stop(2_000);
  const second = await spawn();
  const firstCell = () => second.client.request('execute_request', cellContent('1 + 1'), { timeout });
  await sample(description, samples, 'restart', firstCell, begin);
  await second.stop(2_000);
}

/** Megabytes of a kernel and all that it started; what they share counts once. */
async function measureMemory(kernel, samples) {
  const tree = await processTree(kernel.process.pid);
  samples.memory.push(tree.reduce((sum, { memory }) => sum + memory, 0) / 2 ** 20);
}

const cellContent = (code) => ({
  ...{ code, silent: false, store_history: true, user_expressions: {} },
  ...{ allow_stdin: false, stop_on_error: true },
});

/**
 * Until idle, and how many lines had come by then; the rest is waited for, and what never comes is lost. A kernel that loses
 * its idle as well is timed by its reply.
 */
async function measureLines(kernel, samples, count, limit) {
  let [heard, messages] = [0, 0];
  let idle = () => {};
  const idled = new Promise((resolve) => (idle = resolve));
  const stop = kernel.client.onIopub(({ header, content }) => {
    if (content.execution_state === 'idle') idle();
    if (header.msg_type !== 'stream') return;
    heard += content.text.split('\n').length - 1;
    messages++;
  });
  const begin = performance.now();
  try {
    await kernel.client.request('execute_request', cellContent(kernel.print(count)), { timeout: limit });
  } catch (error) {
    stop();
    if (kernel.name === ours || error.name !== 'NoReplyError') throw error;
    return;
  }
  const replied = performance.now();
  const lost = await Promise.race([idled, sleep(5_000).then(() => true)]);
  samples.time.push((lost ? replied : performance.now()) - begin);
  samples.beforeIdle.push(heard / count);
  for (let before = -1; before !== heard && heard < count; await sleep(1_000)) before = heard;
  stop();
  samples.delivered.push(heard / count);
  samples.messages.push(messages);
}

const emptyLines = () => ({ time: [], beforeIdle: [], delivered: [], messages: [] });

async function measure(descriptions, folder) {
  const results = new Map();
  const empty = () => ({
    ...{ info: [], firstCell: [], restart: [], cell: [], tensors: [], completion: [], inspection: [], memory: [] },
    ...{ lines: emptyLines(), million: emptyLines(), unanswered: 0 },
  });
  for (const { name } of descriptions) results.set(name, empty());
  for (let round = 0; round <= rounds.start; round++)
    for (const description of descriptions) {
      const samples = round === 0 ? empty() : results.get(description.name); // the first round warms the disk cache
      await measureStart(description, folder, samples);
    }

  for (let round = 0; round < rounds.restart; round++)
    for (const description of descriptions) await measureRestart(description, folder, results.get(description.name));

  const kernels = [];
  for (const description of descriptions) {
    const kernel = await spawnKernel({ ...quiet, cwd: folder, command: description.command });
    kernels.push({ ...description, ...kernel });
    await kernel.client.ready();
  }
  let serial = 0;
  for (let round = 0; round <= rounds.cell; round++)
    for (const kernel of kernels) {
      const samples = round === 0 ? empty() : results.get(kernel.name);
      for (let cell = 0; cell < cellsPerRound; cell++)
        await sample(kernel, samples, 'cell', () => execute(kernel, '1+1'));
      for (let cell = 0; cell < cellsPerRound; cell++)
        await sample(kernel, samples, 'completion', async () => {
          const { matches } = await kernel.client.complete(kernel.complete, undefined, timeout);
          if (matches.length === 0) throw new Error(`${kernel.name} completed nothing.`);
        });
      for (let cell = 0; kernel.inspects !== false && cell < cellsPerRound; cell++)
        await sample(kernel, samples, 'inspection', async () => {
          const { found } = await kernel.client.inspect(kernel.inspect, undefined, timeout);
          if (found) return;
          kernel.inspects = false; // no answer is no fast answer
          throw Object.assign(new Error(`${kernel.name} knows nothing of ${kernel.inspect}.`), {
            name: 'NoReplyError',
          });
        });
      for (let cell = 0; kernel.tensors && cell < cellsPerRound; cell++)
        await sample(kernel, samples, 'tensors', () => execute(kernel, kernel.tensors(++serial)));
    }
  for (const kernel of kernels) await measureMemory(kernel, results.get(kernel.name));
  for (let round = 0; round < rounds.lines; round++)
    for (const kernel of kernels) await measureLines(kernel, results.get(kernel.name).lines, lines, timeout);
  for (const kernel of kernels) await measureLines(kernel, results.get(kernel.name).million, manyLines, longTimeout);
  for (const kernel of kernels) await kernel.stop(2_000);
  return results;
}

const milliseconds = (samples, pick = median) => (samples.length === 0 ? '-' : `${pick(samples).toFixed(1)}`);
const percent = (samples) => (samples.length === 0 ? '-' : `${(100 * Math.min(...samples)).toFixed(1)}%`);
const linesRows = (title, key) => [
  [`${title} until idle, ms`, (samples) => milliseconds(samples[key].time)],
  ['  of them before idle', (samples) => percent(samples[key].beforeIdle)],
  ['  delivered in the end', (samples) => percent(samples[key].delivered)],
  ['  in messages', ({ [key]: { messages } }) => (messages.length === 0 ? '-' : String(median(messages)))],
];
const rows = [
  ['start to kernel_info, ms', ({ info }) => milliseconds(info)],
  ['start to first cell done, ms', ({ firstCell }) => milliseconds(firstCell)],
  ['restart to first cell done, ms', ({ restart }) => milliseconds(restart)],
  ['`1+1`, median, ms', ({ cell }) => milliseconds(cell)],
  ['`1+1`, 95%, ms', ({ cell }) => milliseconds(cell, p95)],
  ['cell with tensors, ms', ({ tensors }) => milliseconds(tensors)],
  ['completion, ms', ({ completion }) => milliseconds(completion)],
  ['inspection, ms', ({ inspection }) => milliseconds(inspection)],
  ['memory of all processes, MB', ({ memory }) => milliseconds(memory)],
  ...linesRows('20,000 lines', 'lines'),
  ...linesRows('1,000,000 lines', 'million'),
  ['requests never answered', ({ unanswered }) => String(unanswered)],
];

function printTable(results) {
  const names = [...results.keys()];
  const cells = [
    ['', ...names],
    ...rows.map(([title, show]) => [title, ...names.map((name) => show(results.get(name)))]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  for (const row of cells)
    console.log(
      row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[0]))).join('  '),
    );
}

/** What is compared with each peer: lower is better. */
const comparisons = [
  ['kernel_info', ({ info }) => info, median],
  ['first cell', ({ firstCell }) => firstCell, median],
  ['restart', ({ restart }) => restart, median],
  ['`1+1` median', ({ cell }) => cell, median],
  ['`1+1` 95%', ({ cell }) => cell, p95],
  ['completion', ({ completion }) => completion, median],
  ['inspection', ({ inspection }) => inspection, median],
  ['memory', ({ memory }) => memory, median],
  ['20,000 lines', ({ lines }) => lines.time, median],
  ['1,000,000 lines', ({ million }) => million.time, median],
];
/** Deno and ipykernel check no types: for `1+1` it is enough to be this near (ms). */
const allowance = (title, name) => (title.startsWith('`1+1`') && name !== 'tslab' ? 2 : 0);

/** The bars of the project, each with what was measured; those whose peer is missing, or lost its output, are left out. */
function bars(results) {
  const own = results.get(ours);
  const below = (key, limit) => ({
    text: `${key}: ${median(own[key]).toFixed(1)} ms, below ${limit} ms`,
    met: median(own[key]) < limit,
  });
  const peers = [...results].filter(([name]) => name !== ours);
  const against = comparisons.flatMap(([title, pick, summary]) =>
    peers
      .filter(([, samples]) => pick(samples).length > 0)
      .map(([name, samples]) => {
        const [mine, other] = [summary(pick(own)), summary(pick(samples))];
        return {
          text: `${title} against ${name}: ${mine.toFixed(1)} to ${other.toFixed(1)}, ratio ${(mine / other).toFixed(2)}`,
          met: mine <= other + allowance(title, name),
        };
      }),
  );
  const { beforeIdle } = own.lines;
  return [
    ...against,
    below('firstCell', 600),
    below('restart', 500),
    below('tensors', 40),
    { text: `20,000 lines: ${median(own.lines.time).toFixed(1)} ms, below 700 ms`, met: median(own.lines.time) < 700 },
    {
      text: `lines before idle: ${percent(beforeIdle)}`,
      met: Math.min(...beforeIdle, ...own.million.beforeIdle) === 1,
    },
  ];
}

const descriptions = findKernels();
const folder = mkdtempSync(join(tmpdir(), 'bench-kernel-'));
symlinkSync(peersFolder(), join(folder, 'node_modules')); // tslab looks for the types of Node here
process.env.TENSORCELL_HISTORY = join(folder, 'history');
console.log(
  `${cpus()[0].model}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}, Node ${process.version}`,
);
const results = await measure(descriptions, folder);
rmSync(folder, { recursive: true, force: true });
console.log();
printTable(results);
console.log();
for (const { text, met } of bars(results)) {
  console.log(`${met ? 'met   ' : 'MISSED'} ${text}`);
  if (!met) process.exitCode = 1;
}
