// TensorCell's own training steps: the same models, written with tf operations, compiled and one operation at a time.
import { models } from './models.mjs';

const optimizers = (tf) => ({ sgd: () => tf.train.sgd(0.01), adam: () => tf.train.adam(0.001) });

/** A step that takes (x, y), updates the variables and gives the loss. */
function makeStep(tf, model, optimizer, batch) {
  const { variables, x, logits } = models(tf, batch)[model]();
  const rule = optimizers(tf)[optimizer]();
  const y = tf.randomUniformInt([batch], 0, 10);
  const loss = new tf.losses.SparseCategoricalCrossentropy({ fromLogits: true });
  const step = (inputs, labels) => {
    const tape = new tf.GradientTape();
    const value = tape.record(() => loss.apply(labels, logits(inputs)));
    rule.applyGradients(tape.gradient(value, variables).map((gradient, i) => [gradient, variables[i]]));
    return value;
  };
  return { step, x, y };
}

/** `prepare(model, optimizer, batch)` gives one step as a function. Times are those of as many as fit in a turn. */
function contestant(name, prepare) {
  const made = new Map();
  return {
    name,
    async ask(model, optimizer, batch, milliseconds) {
      const key = `${model} ${optimizer} ${batch}`;
      if (!made.has(key)) {
        made.clear(); // what was measured before is over: its variables are garbage
        made.set(key, prepare(model, optimizer, batch));
        for (let i = 0; i < 3; i++) made.get(key)();
      }
      const times = [];
      const end = performance.now() + milliseconds;
      do {
        const start = performance.now();
        made.get(key)();
        times.push(performance.now() - start);
      } while (performance.now() < end);
      return times;
    },
    stop() {},
  };
}

const layersOf = (tf) => ({
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
});

/** `fit` as a user calls it, on whole epochs, which is what Keras is timed on as well. */
function fitContestant(tf) {
  const fitted = new Map();
  return {
    name: 'TensorCell, fit',
    async ask(name, optimizer, batch, milliseconds) {
      if (!(name in layersOf(tf))) return [];
      const key = `${name} ${optimizer} ${batch}`;
      if (!fitted.has(key)) {
        fitted.clear();
        const model = tf.sequential({ layers: layersOf(tf)[name]() });
        const loss = new tf.losses.SparseCategoricalCrossentropy({ fromLogits: true });
        model.compile({ optimizer: optimizers(tf)[optimizer](), loss });
        fitted.set(key, { model, perStep: milliseconds / 10 });
      }
      const known = fitted.get(key);
      const count = Math.max(3, Math.min(200, Math.round(milliseconds / known.perStep)));
      const x = tf.randomNormal([batch * count, 28, 28, 1]);
      const y = tf.randomUniformInt([batch * count], 0, 10);
      const start = performance.now();
      await known.model.fit(x, y, { batchSize: batch, epochs: 1, verbose: 0 });
      known.perStep = (performance.now() - start) / count;
      tf.dispose([x, y]);
      return [known.perStep];
    },
    stop() {},
  };
}

export const ownContestants = (tf) => [
  contestant('TensorCell, compiled', (model, optimizer, batch) => {
    const { step, x, y } = makeStep(tf, model, optimizer, batch);
    const compiled = tf.function(step);
    return () => {
      const loss = compiled(x, y);
      loss.dataSync();
      loss.dispose();
    };
  }),
  contestant('TensorCell, op by op', (model, optimizer, batch) => {
    const { step, x, y } = makeStep(tf, model, optimizer, batch);
    return () => tf.tidy(() => void step(x, y).dataSync());
  }),
  fitContestant(tf),
];
