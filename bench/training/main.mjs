// Time of one training step: TensorCell against PyTorch and Keras, two threads each, in rounds that take turns, so that
// whatever else the machine does meets all of them. `npm run bench:training [-- --rounds 8 --models mlp,cnn]`
import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';

process.env.TENSORCELL_NUM_THREADS = '2';
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '8' },
    models: { type: 'string', default: 'mlp,cnn' },
    optimizers: { type: 'string', default: 'sgd,adam' },
  },
});
/** Steps a turn: about a third of a second. */
const stepsPerTurn = { mlp: 120, cnn: 15 };
/** Threads of the one before go on spinning for a while. */
const pauseBetweenTurns = 300;
/** At most this share of PyTorch's time, compiled, with SGD. */
const bars = { mlp: 0.75, cnn: 0.9 };

const { findPython, startPeer } = await import('./peers/process.mjs');
const { ownContestants } = await import('./contestants.mjs');
const tf = await import(process.env.TENSORCELL_DIST ? `${process.env.TENSORCELL_DIST}/src/index.js` : 'tensorcell');

const contestants = [...ownContestants(tf)];
for (const [module, script] of [
  ['torch', './pytorch.py'],
  ['keras', './keras.py'],
]) {
  const { python, missing } = findPython(module);
  if (missing) console.log(`Not measured: ${script.slice(2, -3)} (${missing})`);
  else contestants.push(await startPeer(python, script));
}

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
for (const model of options.models.split(',')) {
  for (const optimizer of options.optimizers.split(',')) {
    const times = new Map(contestants.map(({ name }) => [name, []]));
    for (let round = 0; round < Number(options.rounds) + 1; round++) {
      for (const contestant of contestants) {
        const turn = await contestant.steps(model, optimizer, stepsPerTurn[model]);
        if (round > 0) times.get(contestant.name).push(...turn); // the first round warms up
        await pause(pauseBetweenTurns);
      }
    }
    console.log(`\n${model} with ${optimizer}, batch 128, 2 threads: ms per step`);
    const [ours] = contestants;
    const at = (name, q) =>
      quantile(
        [...times.get(name)].sort((a, b) => a - b),
        q,
      );
    for (const { name } of contestants) {
      const ratio =
        name === ours.name
          ? ''
          : `  ours / it: ${(at(ours.name, 0.25) / at(name, 0.25)).toFixed(2)} at p25, ${(at(ours.name, 0.5) / at(name, 0.5)).toFixed(2)} at the median`;
      console.log(
        `  ${name.padEnd(42)} p25 ${at(name, 0.25).toFixed(2).padStart(7)}  median ${at(name, 0.5).toFixed(2).padStart(7)}${ratio}`,
      );
    }
    const torch = contestants.find(({ name }) => name.startsWith('PyTorch'));
    if (torch && optimizer === 'sgd') {
      const share = at(ours.name, 0.25) / at(torch.name, 0.25);
      console.log(
        `  bar: at most ${bars[model]} of PyTorch at p25; ${share <= bars[model] ? 'met' : 'missed'} with ${share.toFixed(2)}`,
      );
    }
  }
}
for (const contestant of contestants) contestant.stop();
