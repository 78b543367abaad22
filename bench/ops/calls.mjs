// The operations of cases.json in the API that TensorCell and TensorFlow.js share.
export const calls = (tf) => ({
  add: (a, b) => tf.add(a, b),
  addNumber: (a) => tf.add(a, 1),
  relu: (a) => tf.relu(a),
  exp: (a) => tf.exp(a),
  tanh: (a) => tf.tanh(a),
  sum: (a) => tf.sum(a),
  sumFirst: (a) => tf.sum(a, 0),
  sumLast: (a) => tf.sum(a, 1),
  maxLast: (a) => tf.max(a, 1),
  softmax: (a) => tf.softmax(a),
  matMul: (a, b) => tf.matMul(a, b),
  conv2d: (a, b) => tf.conv2d(a, b, 1, 'valid'),
  flatten: (a) => tf.reshape(a, [4]),
  tail: (a) => tf.slice(a, [1], [2]),
});

/**
 * Microseconds a call, over about `milliseconds` of them; null where a single call takes longer than a second.
 * `release` is what a program does with results: dispose of them, or leave them to the collector.
 */
export async function measure(tf, { op, shapes }, milliseconds, release = (result) => result.dispose()) {
  const call = calls(tf)[op];
  const operands = shapes.map((shape) => tf.randomNormal(shape));
  const once = () => release(call(...operands));
  let count = 1;
  let start = performance.now();
  once();
  if (performance.now() - start > 1000) return null;
  for (;;) {
    start = performance.now();
    for (let i = 0; i < count; i++) once();
    const taken = performance.now() - start;
    if (taken > milliseconds / 4) {
      const more = Math.max(1, Math.round((count * milliseconds) / taken));
      start = performance.now();
      for (let i = 0; i < more; i++) once();
      const perCall = ((performance.now() - start) * 1000) / more;
      for (const operand of operands) operand.dispose();
      await new Promise((resolve) => setImmediate(resolve)); // finalizers run
      return perCall;
    }
    count *= 2;
  }
}
