// TensorFlow.js's fit, on request: reads lines "MODEL OPTIMIZER BATCH MILLISECONDS", answers the milliseconds of a step; no number where
// its backend cannot train the model. Its packages are looked for in the folder that TENSORCELL_PEER_TFJS names.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sizes } from '../../training/models.mjs';

const folder = process.env.TENSORCELL_PEER_TFJS;
const require = createRequire(folder ? join(folder, 'package.json') : import.meta.url);
const installed = (name) => {
  try {
    return require(name);
  } catch {
    return null;
  }
};
const native = installed('@tensorflow/tfjs-node');
const tf = native ?? installed('@tensorflow/tfjs');
if (!tf) process.exit(1);
if (!native && installed('@tensorflow/tfjs-backend-wasm')) {
  const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(require.resolve('@tensorflow/tfjs-backend-wasm/package.json').replace(/package\.json$/, 'dist/'));
  await tf.setBackend('wasm');
}
await tf.ready();

const models = {
  mlp: () => [
    tf.layers.dense({ units: 512, activation: 'relu', inputShape: [784] }),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ],
  cnn: () => [
    tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ],
  lstm: () => [
    tf.layers.lstm({ units: sizes.units, inputShape: [sizes.steps, sizes.features] }),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ],
};
const optimizers = { sgd: () => tf.train.sgd(0.01), adam: () => tf.train.adam(0.001) };

function make(kind, optimizer, batch) {
  const model = tf.sequential({ layers: models[kind]() });
  model.compile({ optimizer: optimizers[optimizer](), loss: 'sparseCategoricalCrossentropy' });
  let last = null;
  return async (milliseconds) => {
    const steps = last === null ? 1 : Math.max(1, Math.min(50, Math.round(milliseconds / last)));
    const x = tf.randomNormal([batch * steps, ...model.inputs[0].shape.slice(1)]);
    const y = tf.randomUniform([batch * steps], 0, 10, 'int32').toFloat();
    const start = performance.now();
    await model.fit(x, y, { batchSize: batch, epochs: 1, verbose: 0 });
    last = (performance.now() - start) / steps;
    tf.dispose([x, y]);
    return [last];
  };
}

console.log(JSON.stringify({ name: `TensorFlow.js ${tf.version['tfjs-core'] ?? ''} fit (${tf.getBackend()})` }));
let [key, run] = ['', null];
for await (const line of createInterface({ input: process.stdin })) {
  const [kind, optimizer, batch, milliseconds] = line.split(' ');
  let times = [];
  try {
    if (key !== `${kind} ${optimizer} ${batch}`)
      [key, run] = [`${kind} ${optimizer} ${batch}`, make(kind, optimizer, Number(batch))];
    times = await run(Number(milliseconds));
  } catch (error) {
    process.stderr.write(`${error}\n`);
  }
  console.log(JSON.stringify(times));
}
