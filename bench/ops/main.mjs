// Time of single operations: TensorCell against PyTorch, TensorFlow, numpy and TensorFlow.js, two threads each, in rounds that
// take turns, so that whatever else the machine does meets all of them.
// `npm run bench:ops [-- --rounds 5 --groups overhead,matrices --milliseconds 30]`
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { findPython, quantile, startPeer } from '../peers/process.mjs';
import { measure } from './calls.mjs';

process.env.TENSORCELL_NUM_THREADS = '2';
const cases = JSON.parse(readFileSync(new URL('./cases.json', import.meta.url), 'utf8'));
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    milliseconds: { type: 'string', default: '30' },
    groups: { type: 'string', default: [...new Set(cases.map(({ group }) => group))].join() },
  },
});
const milliseconds = Number(options.milliseconds);
/** Threads of the one before go on spinning for a while. */
const pauseBetweenTurns = 60;
/** Microseconds that a tiny operation may take. */
const overheadBar = 10;

const tf = await import(process.env.TENSORCELL_DIST ? `${process.env.TENSORCELL_DIST}/src/index.js` : 'tensorcell');
const own = (name, release) => ({
  name,
  ask: async (index) => ({ microseconds: await measure(tf, cases[index], milliseconds, release) }),
  stop() {},
});
const contestants = [own('TensorCell'), own('TensorCell, left to the collector', () => undefined)];
for (const module of ['torch', 'tensorflow', 'numpy']) {
  const { python, missing } = findPython(module);
  if (missing) console.log(`Not measured: ${missing}`);
  else contestants.push(await startPeer(python, new URL('./peers/python.py', import.meta.url), module));
}
for (const backend of ['wasm', 'cpu']) {
  const peer = await startPeer(process.execPath, new URL('./peers/tfjs.mjs', import.meta.url), backend);
  if (peer) contestants.push(peer);
  else console.log(`Not measured: TensorFlow.js on ${backend} (@tensorflow/tfjs-backend-${backend} is not installed)`);
}

const elements = (shape) => shape.reduce((a, b) => a * b, 1);
/** What a case amounts to: arithmetic for products, bytes read and written for the rest. */
function amount({ op, shapes: [a, b] }, microseconds) {
  if (op === 'matMul') return `${((2 * elements(a) * b.at(-1)) / microseconds / 1e3).toFixed(1)} GFLOP/s`;
  if (op === 'conv2d') {
    const places = a[0] * (a[1] - b[0] + 1) * (a[2] - b[1] + 1);
    return `${((2 * places * elements(b)) / microseconds / 1e3).toFixed(1)} GFLOP/s`;
  }
  const bytes = 4 * (elements(a) * (['add', 'exp', 'tanh', 'softmax'].includes(op) ? 2 : 1) + (b ? elements(b) : 0));
  return `${(bytes / microseconds / 1e3).toFixed(2)} GB/s`;
}

const failed = [];
for (const group of options.groups.split(',')) {
  console.log(`\n${group}: microseconds a call at the 25th percentile, and ours / theirs`);
  for (const [index, one] of cases.entries()) {
    if (one.group !== group) continue;
    const times = contestants.map(() => []);
    for (let round = 0; round <= Number(options.rounds); round++)
      for (const [i, contestant] of contestants.entries()) {
        if (times[i] === null) continue;
        const { microseconds } = await contestant.ask(index, milliseconds);
        if (microseconds === null) times[i] = null;
        else if (round > 0) times[i].push(microseconds); // the first round warms up
        await pause(pauseBetweenTurns);
      }
    const at = times.map((list) => (list?.length ? quantile(list, 0.25) : null));
    const note = group === 'overhead' ? '' : `  ${amount(one, at[0])}`;
    console.log(`  ${one.name}${note}`);
    contestants.forEach(({ name }, i) => {
      const text = at[i] === null ? 'not there, or too slow' : at[i].toFixed(at[i] < 100 ? 2 : 0).padStart(9);
      const ratio = i > 1 && at[i] !== null ? `  ${(at[0] / at[i]).toFixed(2)}` : '';
      console.log(`    ${name.padEnd(36)}${text}${ratio}`);
    });
    if (group === 'overhead' && Math.max(at[0], at[1]) > overheadBar) failed.push(one.name);
  }
}
if (options.groups.split(',').includes('overhead'))
  console.log(
    `\nbar: a tiny operation takes at most ${overheadBar} us; ${failed.length === 0 ? 'met' : `missed by ${failed.join(', ')}`}`,
  );
for (const contestant of contestants) contestant.stop();
