// TensorCell's own: `fit` as a user calls it, and the bare compiled step of the same model, on one batch that stays in the cache.
import { sizes } from '../training/models.mjs';

const optimizers = (tf) => ({ sgd: () => tf.train.sgd(0.01), adam: () => tf.train.adam(0.001) });

/** For each model its layers, the shape of a sample, and how many batches its data has. */
const models = (tf) => ({
  mlp: {
    shape: [784],
    batches: 50,
    layers: () => [
      tf.layers.dense({ units: 512, activation: 'relu', inputShape: [784] }),
      tf.layers.dense({ units: 10 }),
    ],
  },
  cnn: {
    shape: [28, 28, 1],
    batches: 15,
    layers: () => [
      tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 10 }),
    ],
  },
  ...(tf.layers.lstm && {
    lstm: {
      shape: [sizes.steps, sizes.features],
      batches: 10,
      layers: () => [
        tf.layers.lstm({ units: sizes.units, inputShape: [sizes.steps, sizes.features] }),
        tf.layers.dense({ units: 10 }),
      ],
    },
  }),
});

/** `prepare` gives a function that makes about so many steps and resolves to how many it made. */
function contestant(tf, name, prepare) {
  let [key, run] = ['', null];
  let perStep = null;
  return {
    name,
    has: (model) => model in models(tf),
    async ask(model, optimizer, batch, milliseconds) {
      const wanted = `${model} ${optimizer} ${batch}`;
      if (wanted !== key) {
        key = wanted;
        run = prepare(models(tf)[model], optimizers(tf)[optimizer](), batch);
        await run(1);
        perStep = null;
      }
      const start = performance.now();
      const steps = await run(perStep === null ? 1 : Math.max(1, Math.round(milliseconds / perStep)));
      perStep = (performance.now() - start) / steps;
      return [perStep];
    },
  };
}

function make(tf, { layers, shape, batches }, batch) {
  const loss = new tf.losses.SparseCategoricalCrossentropy({ fromLogits: true });
  const model = tf.sequential({ layers: layers() });
  const x = tf.randomNormal([batch * batches, ...shape]);
  const y = tf.randomUniformInt([batch * batches], 0, 10);
  return { model, loss, x, y };
}

export const ownContestants = (tf) => [
  contestant(tf, 'TensorCell, bare compiled step', (kind, optimizer, batch) => {
    const { model, loss, x, y } = make(tf, { ...kind, batches: 1 }, batch);
    const step = tf.function((inputs, labels) => {
      const tape = new tf.GradientTape();
      const value = tape.record(() => loss.apply(labels, model.apply(inputs, { training: true })));
      const weights = model.trainableWeights;
      optimizer.applyGradients(tape.gradient(value, weights).map((gradient, i) => [gradient, weights[i]]));
      return value;
    });
    return (steps) => {
      for (let i = 0; i < steps; i++) step(x, y).dispose();
      return steps;
    };
  }),
  contestant(tf, 'TensorCell, fit', (kind, optimizer, batch) => {
    const { model, loss, x, y } = make(tf, kind, batch);
    model.compile({ optimizer, loss });
    return async (steps) => {
      const epochs = Math.max(1, Math.round(steps / kind.batches));
      await model.fit(x, y, { batchSize: batch, epochs, verbose: 0 });
      return epochs * kind.batches;
    };
  }),
];
