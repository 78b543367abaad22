// Time of a step of `fit`: TensorCell against its own bare compiled step, Keras's fit on TensorFlow, PyTorch's plain loop and
// TensorFlow.js, on the same work: two threads, batches of 128 cut from shuffled samples in memory. Contestants take turns, so that
// whatever else the machine does meets all of them; each turn gives one mean over whole epochs.
// `npm run bench:fit [-- --rounds 8 --models mlp,cnn,lstm --optimizers sgd,adam]`
// TENSORCELL_PEER_PYTHON names a Python with the peers, TENSORCELL_PEER_TFJS a folder with @tensorflow/tfjs in its node_modules.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { findPython, quantile, startPeer } from '../peers/process.mjs';

process.env.TENSORCELL_NUM_THREADS ??= '2';
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '8' },
    models: { type: 'string', default: 'mlp,cnn,lstm' },
    optimizers: { type: 'string', default: 'sgd' },
    batch: { type: 'string', default: '128' },
  },
});
/** Milliseconds a turn. */
const turn = 300;
/** Threads of the one before go on spinning for a while. */
const pauseBetweenTurns = 300;
/** `fit` costs at most this much of the bare compiled step, for the MLP. */
const mostOfBare = 1.15;

const { ownContestants } = await import('./contestants.mjs');
const tf = await import(process.env.TENSORCELL_DIST ? `${process.env.TENSORCELL_DIST}/src/index.js` : 'tensorcell');

const own = ownContestants(tf);
const peers = [];
for (const [module, script, mode] of [
  ['keras', '../training/peers/tensorflow.py', 'fit'],
  ['torch', '../training/peers/pytorch.py', 'loop'],
]) {
  const { python, missing } = findPython(module);
  if (missing) console.log(`Not measured: ${module} ${mode} (${missing})`);
  else peers.push(await startPeer(python, new URL(script, import.meta.url), mode));
}
const tfjs = await startPeer(process.execPath, new URL('./peers/tensorflowjs.mjs', import.meta.url));
if (tfjs) peers.push(tfjs);
else console.log('Not measured: TensorFlow.js (TENSORCELL_PEER_TFJS names no folder with @tensorflow/tfjs)');

/** Times of each contestant, in rounds. */
async function race(rivals, model, optimizer) {
  const times = new Map(rivals.map(({ name }) => [name, []]));
  for (let round = 0; round <= Number(options.rounds); round++)
    for (const rival of rivals) {
      const measured = await rival.ask(model, optimizer, Number(options.batch), round > 0 ? turn : 1);
      if (round > 0) times.get(rival.name).push(...measured); // the first round warms up
      await pause(pauseBetweenTurns);
    }
  return (rival, q) => (times.get(rival.name).length > 0 ? quantile(times.get(rival.name), q) : NaN);
}

const verdict = (text, met) => console.log(`  bar: ${text}: ${met ? 'met' : 'missed'}`);

for (const model of options.models.split(',')) {
  for (const optimizer of options.optimizers.split(',')) {
    const known = own.filter((contestant) => contestant.has(model));
    if (known.length === 0) {
      console.log(`\nNot measured: ${model} (there is no such layer)`);
      continue;
    }
    const rivals = [...known, ...peers];
    const at = await race(rivals, model, optimizer);
    const [bare, fit] = known;
    console.log(`\n${model} with ${optimizer}, batch ${options.batch}, 2 threads: ms per step`);
    for (const rival of rivals) {
      if (Number.isNaN(at(rival, 0.25))) {
        console.log(`  ${rival.name.padEnd(40)} cannot`);
        continue;
      }
      const share = (q) => (at(fit, q) / at(rival, q)).toFixed(2);
      const ratio = rival === fit ? '' : `  fit / it: ${share(0.25)} at p25, ${share(0.5)} at the median`;
      const columns = [0.25, 0.5].map((q) => at(rival, q).toFixed(2).padStart(8));
      console.log(`  ${rival.name.padEnd(40)} p25 ${columns[0]}  median ${columns[1]}${ratio}`);
    }
    const ofBare = at(fit, 0.25) / at(bare, 0.25);
    if (model === 'mlp')
      verdict(`fit, of the bare step at p25, at most ${mostOfBare}, is ${ofBare.toFixed(2)}`, ofBare <= mostOfBare);
    const measured = peers.filter((peer) => !Number.isNaN(at(peer, 0.25)));
    if (measured.length > 0)
      verdict(
        'fit below all peers at p25',
        measured.every((peer) => at(fit, 0.25) < at(peer, 0.25)),
      );
  }
}
for (const peer of peers) peer.stop();
