// Answers benchmark requests for TensorCell, one JSON line each, as the peers do: compiled step, op by op, or model.fit.
import { createInterface } from 'node:readline';
import * as tf from '../../dist/src/index.js';

const mode = process.argv[2];

const layersOf = {
  mlp: () => [
    tf.layers.flatten({ inputShape: [28, 28, 1] }),
    tf.layers.dense({ units: 512, activation: 'relu' }),
    tf.layers.dense({ units: 10 }),
  ],
  cnn: () => [
    tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 10 }),
  ],
};
const optimizers = { sgd: () => tf.train.sgd(0.01), adam: () => tf.train.adam(0.001) };

function labelsOf(count) {
  return tf.tensor1d(
    Int32Array.from({ length: count }, (_, i) => (i * 7) % 10),
    'int32',
  );
}

/** The bare training step: gradient and update, on one batch. */
function bareStep(model, optimizer, batch) {
  const loss = new tf.losses.SparseCategoricalCrossentropy({ fromLogits: true });
  const images = tf.randomUniform([batch, 28, 28, 1]);
  const labels = labelsOf(batch);
  const step = (x, y) => {
    const tape = new tf.GradientTape();
    const value = tape.record(() => loss.apply(y, model.apply(x, { training: true })));
    const variables = model.trainableVariables;
    const gradients = tape.gradient(value, variables);
    optimizer.applyGradients(gradients.map((gradient, i) => [gradient, variables[i]]));
    return value;
  };
  const run = mode === 'compiled' ? tf.function(step) : step;
  return (steps) => {
    const times = [];
    for (let i = 0; i < steps; i++) {
      const start = performance.now();
      tf.tidy(() => {
        run(images, labels).dataSync();
      });
      times.push(performance.now() - start);
    }
    return times;
  };
}

/** `model.fit` as a user calls it: time per step of one whole epoch. */
function fit(model, optimizer, batch) {
  model.compile({ optimizer, loss: new tf.losses.SparseCategoricalCrossentropy({ fromLogits: true }) });
  return async (steps) => {
    const images = tf.randomUniform([batch * steps, 28, 28, 1]);
    const labels = labelsOf(batch * steps);
    const start = performance.now();
    await model.fit(images, labels, { batchSize: batch, epochs: 1, verbose: 0 });
    const time = (performance.now() - start) / steps;
    images.dispose();
    labels.dispose();
    return [time];
  };
}

const runners = new Map();
console.log(JSON.stringify({ ready: `TensorCell ${mode}` }));
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const key = `${request.model} ${request.optimizer} ${request.batch}`;
  try {
    let run = runners.get(key);
    if (!run) {
      const model = tf.sequential({ layers: layersOf[request.model]() });
      run = (mode === 'fit' ? fit : bareStep)(model, optimizers[request.optimizer](), request.batch);
      runners.set(key, run);
      await run(10);
    }
    console.log(JSON.stringify({ ms: await run(request.steps) }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error?.stack ?? error) }));
  }
}
