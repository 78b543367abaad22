// Time of one training step: TensorCell against PyTorch, TensorFlow and Keras, two threads each, in rounds that take turns, so
// that whatever else the machine does meets all of them; then the growth with the batch.
// `npm run bench:training [-- --rounds 6 --models mlp,cnn --optimizers sgd --batches 1,32]`
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { findPython, quantile, startPeer } from '../peers/process.mjs';

process.env.TENSORCELL_NUM_THREADS = '2';
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    models: { type: 'string', default: 'mlp,cnn,lstm,transformer' },
    optimizers: { type: 'string', default: 'sgd,adam' },
    /** Sizes of the curve; an empty text for no curve. */
    batches: { type: 'string', default: '1,8,32,128,512' },
    'curve-rounds': { type: 'string', default: '2' },
  },
});
/** Milliseconds a turn. */
const turn = 300;
/** Threads of the one before go on spinning for a while. */
const pauseBetweenTurns = 300;
/** At most this share of PyTorch's time at batch 128. */
const bars = {
  mlp: { compiled: 0.65, eager: 0.9 },
  cnn: { compiled: 0.75, eager: 1.2 },
  lstm: { compiled: 0.6, eager: 0.8 },
  transformer: { compiled: 0.65, eager: 0.9 },
};

const { ownContestants } = await import('./contestants.mjs');
const tf = await import(process.env.TENSORCELL_DIST ? `${process.env.TENSORCELL_DIST}/src/index.js` : 'tensorcell');

const contestants = [...ownContestants(tf)];
for (const [module, script, ...args] of [
  ['torch', './peers/pytorch.py'],
  ['keras', './peers/tensorflow.py', 'graph'],
  ['keras', './peers/tensorflow.py', 'fit'],
]) {
  const { python, missing } = findPython(module);
  if (missing) console.log(`Not measured: ${[module, ...args].join(' ')} (${missing})`);
  else contestants.push(await startPeer(python, new URL(script, import.meta.url), ...args));
}
const [compiled, eager] = contestants;
const torch = contestants.find(({ name }) => name.startsWith('PyTorch'));
const graph = contestants.find(({ name }) => name.startsWith('TensorFlow'));

/** Times of each contestant, in rounds. */
async function race(rivals, rounds, model, optimizer, batch) {
  const times = new Map(rivals.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++)
    for (const rival of rivals) {
      const measured = await rival.ask(model, optimizer, batch, round > 0 ? turn : 1);
      if (round > 0) times.get(rival.name).push(...measured); // the first round warms up
      await pause(pauseBetweenTurns);
    }
  return (rival, q) => (rival && times.get(rival.name).length > 0 ? quantile(times.get(rival.name), q) : NaN);
}

const bar = (text, share, most) =>
  console.log(`  bar: ${text}, at most ${most}: ${share <= most ? 'met' : 'missed'} with ${share.toFixed(2)}`);

for (const model of options.models.split(',')) {
  for (const optimizer of options.optimizers.split(',')) {
    const at = await race(contestants, Number(options.rounds), model, optimizer, 128);
    console.log(`\n${model} with ${optimizer}, batch 128, 2 threads: ms per step`);
    for (const rival of contestants) {
      if (Number.isNaN(at(rival, 0.25))) continue;
      const share = (q) => (at(compiled, q) / at(rival, q)).toFixed(2);
      const ratio = rival === compiled ? '' : `  compiled / it: ${share(0.25)} at p25, ${share(0.5)} at the median`;
      const columns = [0.25, 0.5].map((q) => at(rival, q).toFixed(2).padStart(8));
      console.log(`  ${rival.name.padEnd(36)} p25 ${columns[0]}  median ${columns[1]}${ratio}`);
    }
    if (torch && optimizer === 'sgd') {
      const share = (rival) => at(rival, 0.25) / at(torch, 0.25);
      bar('compiled, of PyTorch at p25', share(compiled), bars[model].compiled);
      bar('op by op, of PyTorch at p25', share(eager), bars[model].eager);
    }
    if (graph) bar("compiled, of TensorFlow's graph at p25", at(compiled, 0.25) / at(graph, 0.25), 1);
  }
}

const batches = options.batches.split(',').filter(Boolean).map(Number);
const rivals = [compiled, eager, torch, graph].filter(Boolean);
for (const model of batches.length > 0 ? options.models.split(',') : []) {
  console.log(`\n${model} with sgd, growth with the batch: ms per step at p25, and microseconds a sample`);
  console.log(`  ${'batch'.padStart(6)}${rivals.map(({ name }) => name.padStart(32)).join('')}`);
  for (const batch of batches) {
    const at = await race(rivals, Number(options['curve-rounds']), model, 'sgd', batch);
    const cells = rivals.map((rival) => {
      const step = at(rival, 0.25);
      return `${step.toFixed(2)}  ${((step * 1000) / batch).toFixed(0).padStart(7)}`.padStart(32);
    });
    console.log(`  ${String(batch).padStart(6)}${cells.join('')}`);
  }
}
for (const contestant of contestants) contestant.stop();
