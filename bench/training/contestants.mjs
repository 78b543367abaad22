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
    const value = tape.record(() => loss.call(labels, logits(inputs)));
    rule.applyGradients(tape.gradient(value, variables).map((gradient, i) => [gradient, variables[i]]));
    return value;
  };
  return { step, x, y };
}

function contestant(name, prepare) {
  const made = new Map();
  return {
    name,
    async steps(model, optimizer, count) {
      const key = `${model} ${optimizer}`;
      if (!made.has(key)) {
        made.set(key, prepare(model, optimizer));
        for (let i = 0; i < 10; i++) made.get(key)();
      }
      const once = made.get(key);
      return Array.from({ length: count }, () => {
        const start = performance.now();
        once();
        return performance.now() - start;
      });
    },
    stop() {},
  };
}

export const ownContestants = (tf) => [
  contestant('TensorCell, compiled', (model, optimizer) => {
    const { step, x, y } = makeStep(tf, model, optimizer);
    const compiled = tf.function(step);
    return () => {
      const loss = compiled(x, y);
      loss.dataSync();
      loss.dispose();
    };
  }),
  contestant('TensorCell, op by op', (model, optimizer) => {
    const { step, x, y } = makeStep(tf, model, optimizer);
    return () => tf.tidy(() => void step(x, y).dataSync());
  }),
];
