// The models of the benchmark: variables, a batch of inputs, and the logits of a batch. In tf operations, but for the LSTM, which is
// a layer for all contestants.

/** Sizes that all contestants share (the peers have them as well). */
export const sizes = { steps: 50, features: 32, units: 128, tokens: 64, width: 128, heads: 4, hidden: 512, blocks: 2 };

export const models = (tf, batch) => {
  const weights = (shape, inputs = shape[0]) => tf.variable(tf.randomNormal(shape, 0, Math.sqrt(2 / inputs)));
  const zeros = (n) => tf.variable(tf.zeros([n]));
  const ones = (n) => tf.variable(tf.ones([n]));
  return {
    mlp() {
      const [w1, b1, w2, b2] = [weights([784, 512]), zeros(512), weights([512, 10]), zeros(10)];
      const logits = (x) => {
        const hidden = tf.relu(tf.add(tf.matMul(x, w1), b1));
        return tf.add(tf.matMul(hidden, w2), b2);
      };
      return { variables: [w1, b1, w2, b2], x: tf.randomNormal([batch, 784]), logits };
    },

    cnn() {
      const [f1, b1, f2, b2] = [weights([3, 3, 1, 32], 9), zeros(32), weights([3, 3, 32, 64], 288), zeros(64)];
      const [w, b] = [weights([1600, 10]), zeros(10)];
      const block = (x, filters, bias) =>
        tf.maxPool(tf.relu(tf.add(tf.conv2d(x, filters, 1, 'valid'), bias)), 2, 2, 'valid');
      const logits = (x) => tf.add(tf.matMul(tf.reshape(block(block(x, f1, b1), f2, b2), [batch, 1600]), w), b);
      return { variables: [f1, b1, f2, b2, w, b], x: tf.randomNormal([batch, 28, 28, 1]), logits };
    },

    lstm() {
      const { steps, features, units } = sizes;
      const lstm = tf.layers.lstm({ units });
      const [w, b] = [weights([units, 10]), zeros(10)];
      const x = tf.randomNormal([batch, steps, features]);
      const logits = (inputs) => tf.add(tf.matMul(lstm.apply(inputs, { training: true }), w), b);
      lstm.ensureBuilt(x.shape);
      return { variables: [...lstm.trainableWeights, w, b], x, logits };
    },

    transformer() {
      const { tokens, width, heads, hidden, blocks } = sizes;
      const variables = [];
      const own = (variable) => {
        variables.push(variable);
        return variable;
      };
      const dense = (inputs, outputs) => {
        const [w, b] = [own(weights([inputs, outputs], 2 * inputs)), own(zeros(outputs))];
        return (x) => tf.add(tf.matMul(x, w), b);
      };
      const norm = () => {
        const [gain, bias] = [own(ones(width)), own(zeros(width))];
        return (x) => {
          const centred = tf.sub(x, tf.mean(x, -1, true));
          const variance = tf.mean(tf.square(centred), -1, true);
          return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5))), gain), bias);
        };
      };
      const inHeads = (x) => tf.transpose(tf.reshape(x, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]);
      const block = () => {
        const [norm1, project, out] = [norm(), dense(width, 3 * width), dense(width, width)];
        const [norm2, up, down] = [norm(), dense(width, hidden), dense(hidden, width)];
        return (x) => {
          const flat = (y) => tf.reshape(y, [batch * tokens, width]);
          const [q, k, v] = tf.split(project(norm1(flat(x))), 3, 1).map(inHeads);
          const scores = tf.softmax(tf.mul(tf.matMul(q, k, false, true), Math.sqrt(heads / width)));
          const mixed = tf.transpose(tf.matMul(scores, v), [0, 2, 1, 3]);
          const attended = tf.add(flat(x), out(flat(mixed)));
          return tf.add(attended, down(tf.relu(up(norm2(attended)))));
        };
      };
      const layers = Array.from({ length: blocks }, block);
      const last = norm();
      const classify = dense(width, 10);
      const logits = (x) => {
        const end = layers.reduce((y, layer) => layer(y), x);
        return classify(tf.mean(tf.reshape(last(end), [batch, tokens, width]), 1));
      };
      return { variables, x: tf.randomNormal([batch, tokens, width]), logits };
    },
  };
};
