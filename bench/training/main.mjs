// Time of a training step, TensorCell beside PyTorch and Keras, in one run: every round asks each of them in turn.
//
//   node bench/training/main.mjs [--rounds 8] [--batch 128] [--models mlp,cnn] [--optimizers sgd,adam]
//
// The peers run in the Python that TENSORCELL_PEER_PYTHON names (else python3); one that is missing is named and left out.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '8' },
    batch: { type: 'string', default: '128' },
    models: { type: 'string', default: 'mlp,cnn' },
    optimizers: { type: 'string', default: 'sgd,adam' },
  },
});
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const python = process.env.TENSORCELL_PEER_PYTHON ?? 'python3';
const stepsOf = { mlp: 60, cnn: 12 };

const participants = [
  { name: 'compiled', command: [process.execPath, here('ours.mjs'), 'compiled'] },
  { name: 'op by op', command: [process.execPath, here('ours.mjs'), 'eager'] },
  { name: 'fit', command: [process.execPath, here('ours.mjs'), 'fit'] },
  { name: 'pytorch', command: [python, here('peers/pytorch.py')] },
  { name: 'keras fit', command: [python, here('peers/keras_fit.py')] },
];

async function start({ name, command }) {
  const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
  let noise = '';
  child.stderr.on('data', (chunk) => (noise = (noise + chunk).slice(-2000)));
  child.on('error', (error) => (noise += error.message));
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(noise.trim().split('\n').at(-1) || 'it ended');
    return JSON.parse(value);
  };
  const { ready } = await next();
  return {
    name,
    title: ready,
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const answer = await next();
      if (answer.error) throw new Error(answer.error);
      return answer.ms;
    },
    stop: () => child.kill(),
  };
}

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
const running = [];
for (const participant of participants) {
  try {
    running.push(await start(participant));
  } catch (error) {
    console.log(`not measured: ${participant.name} (${error.message})`);
  }
}
console.log(running.map(({ name, title }) => `${name}: ${title}`).join('\n'));

for (const model of options.models.split(','))
  for (const optimizer of options.optimizers.split(',')) {
    const times = new Map(running.map(({ name }) => [name, []]));
    for (let round = 0; round < Number(options.rounds); round++)
      for (const participant of running) {
        try {
          const request = { model, optimizer, batch: Number(options.batch), steps: stepsOf[model] };
          times.get(participant.name).push(...(await participant.ask(request)));
        } catch (error) {
          console.log(`${participant.name} failed on ${model}, ${optimizer}: ${error.message}`);
        }
      }
    console.log(`\n${model}, ${optimizer}, batch ${options.batch}: milliseconds a step`);
    const base = times.get('pytorch')?.sort((a, b) => a - b) ?? [];
    for (const [name, list] of times) {
      if (!list.length) continue;
      const sorted = list.sort((a, b) => a - b);
      const [p25, median] = [quantile(sorted, 0.25), quantile(sorted, 0.5)];
      const ratios = base.length
        ? `  of PyTorch: ${(p25 / quantile(base, 0.25)).toFixed(2)} (p25), ${(median / quantile(base, 0.5)).toFixed(2)} (median)`
        : '';
      console.log(
        `  ${name.padEnd(10)} p25 ${p25.toFixed(2).padStart(7)}   median ${median.toFixed(2).padStart(7)}${ratios}`,
      );
    }
  }
for (const participant of running) participant.stop();
