// TensorCell's own training steps: the same models, written with tf operations, compiled and one operation at a time.
const batch = 128;

/** Models as their variables, a batch of inputs, and the logits of a batch. */
const models = (tf) => {
  const weights = (shape, inputs) => tf.variable(tf.randomNormal(shape, 0, Math.sqrt(2 / inputs)));
  const zeros = (n) => tf.variable(tf.zeros([n]));
  return {
    mlp() {
      const [w1, b1, w2, b2] = [weights([784, 512], 784), zeros(512), weights([512, 10], 512), zeros(10)];
      const logits = (x) => {
        const hidden = tf.relu(tf.add(tf.matMul(x, w1), b1));
        return tf.add(tf.matMul(hidden, w2), b2);
      };
      return { variables: [w1, b1, w2, b2], x: tf.randomNormal([batch, 784]), logits };
    },
    cnn() {
      const [f1, b1, f2, b2] = [weights([3, 3, 1, 32], 9), zeros(32), weights([3, 3, 32, 64], 288), zeros(64)];
      const [w, b] = [weights([1600, 10], 1600), zeros(10)];
      const block = (x, filters, bias) =>
        tf.maxPool(tf.relu(tf.add(tf.conv2d(x, filters, 1, 'valid'), bias)), 2, 2, 'valid');
      const logits = (x) => tf.add(tf.matMul(tf.reshape(block(block(x, f1, b1), f2, b2), [batch, 1600]), w), b);
      return { variables: [f1, b1, f2, b2, w, b], x: tf.randomNormal([batch, 28, 28, 1]), logits };
    },
  };
};

const optimizers = (tf) => ({ sgd: () => tf.train.sgd(0.01), adam: () => tf.train.adam(0.001) });

/** A step that takes (x, y), updates the variables and gives the loss. */
function makeStep(tf, model, optimizer) {
  const { variables, x, logits } = models(tf)[model]();
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

/** `prepare(model, optimizer)` gives a function from a number of steps to their times in milliseconds. */
function contestant(name, prepare) {
  const made = new Map();
  return {
    name,
    async steps(model, optimizer, count) {
      const key = `${model} ${optimizer}`;
      if (!made.has(key)) {
        made.set(key, prepare(model, optimizer));
        await made.get(key)(10);
      }
      return made.get(key)(count);
    },
    stop() {},
  };
}

const eachTimed = (once) => (count) =>
  Array.from({ length: count }, () => {
    const start = performance.now();
    once();
    return performance.now() - start;
  });

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

export const ownContestants = (tf) => [
  contestant('TensorCell, compiled', (model, optimizer) => {
    const { step, x, y } = makeStep(tf, model, optimizer);
    const compiled = tf.function(step);
    return eachTimed(() => {
      const loss = compiled(x, y);
      loss.dataSync();
      loss.dispose();
    });
  }),
  contestant('TensorCell, op by op', (model, optimizer) => {
    const { step, x, y } = makeStep(tf, model, optimizer);
    return eachTimed(() => tf.tidy(() => void step(x, y).dataSync()));
  }),
  // As a user calls it, on whole epochs, which is what Keras is timed on as well.
  contestant('TensorCell, fit', (name, optimizer) => {
    const model = tf.sequential({ layers: layersOf(tf)[name]() });
    const loss = new tf.losses.SparseCategoricalCrossentropy({ fromLogits: true });
    model.compile({ optimizer: optimizers(tf)[optimizer](), loss });
    return async (count) => {
      const x = tf.randomNormal([batch * count, 28, 28, 1]);
      const y = tf.randomUniformInt([batch * count], 0, 10);
      const start = performance.now();
      await model.fit(x, y, { batchSize: batch, epochs: 1, verbose: 0 });
      const perStep = (performance.now() - start) / count;
      tf.dispose([x, y]);
      return [perStep];
    };
  }),
];
