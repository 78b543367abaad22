/** @file Losses of logits and sequences, TensorFlow.js's weighted losses, fused operations: against TensorFlow. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import '../support/tensors.ts';
import { fixture } from './vision-fixtures.ts';

const close = { rtol: 1e-4, atol: 1e-5 };
function check(name: string, call: (...inputs: Tensor[]) => Tensor[]): void {
  const { inputs, outputs } = fixture(name);
  const traced = tf.function((...given: Tensor[]) => call(...given));
  for (const results of [call(...inputs), traced(...inputs)])
    results.forEach((result, i) => expect(result, `${name} ${i}`).toBeAllClose(outputs[i], close));
}

describe('cross-entropies', () => {
  it('of logits', () => {
    check('sigmoidCrossEntropyWithLogits', (z, x) => [tf.sigmoidCrossEntropyWithLogits(z, x)]);
    check('weightedCrossEntropyWithLogits', (z, x) => [tf.weightedCrossEntropyWithLogits(z, x, 2.5)]);
    check('softmaxCrossEntropyWithLogits', (z, x) => [tf.softmaxCrossEntropyWithLogits(z, x)]);
    check('sparseSoftmaxCrossEntropyWithLogits', (x) => [tf.sparseSoftmaxCrossEntropyWithLogits([1, 0, 4, 2], x)]);
    check('logPoissonLoss', (z, x) => [tf.logPoissonLoss(z, x), tf.logPoissonLoss(z, x, true)]);
    expect(tf.l2Loss([3, 4]).item()).toBe(12.5);
  });
  it('are finite for large logits, and NaN for labels that are no class', () => {
    expect(tf.sigmoidCrossEntropyWithLogits([1, 0], [-1000, 1000])).toBeAllClose([1000, 1000]);
    const loss = tf.sparseSoftmaxCrossEntropyWithLogits([7, 0], [[0, 0], [0, 0]]); // prettier-ignore
    expect(loss).toBeAllClose([NaN, Math.LN2]);
  });
  it('refuse shapes that differ', () => {
    expect(() => tf.softmaxCrossEntropyWithLogits([[1, 0]], [1, 0])).toThrow(/one shape.*\[1, 2\] and \[2\]/);
    expect(() => tf.sparseSoftmaxCrossEntropyWithLogits(tf.tensor([0.5]), [[1, 0]])).toThrow(/integer labels/);
  });
});

describe("TensorFlow.js's losses", () => {
  const { losses, Reduction } = tf;
  it.each([
    ['none', Reduction.NONE],
    ['mean', Reduction.MEAN],
    ['sum', Reduction.SUM],
    ['byNonzero', Reduction.SUM_BY_NONZERO_WEIGHTS],
  ] as const)('with reduction %s', (name, reduction) => {
    check(`losses ${name}`, (labels, logits, weights) => {
      const soft = labels.div(labels.sum(1, true));
      return [
        losses.absoluteDifference(labels, logits, weights, reduction),
        losses.cosineDistance(labels, logits, 1, weights, reduction),
        losses.hingeLoss(labels, logits, weights, reduction),
        losses.huberLoss(labels, logits, weights, 0.7, reduction),
        losses.logLoss(labels, labels.mul(0.9).add(0.05), weights, 1e-7, reduction),
        losses.meanSquaredError(labels, logits, weights, reduction),
        losses.sigmoidCrossEntropy(labels, logits, weights, 0.1, reduction),
        losses.softmaxCrossEntropy(soft, logits, weights.flatten(), 0.1, reduction),
      ];
    });
  });
  it('are the mean without weights, and 0 where all weights are 0', () => {
    expect(losses.absoluteDifference([1, 2], [2, 4]).item()).toBe(1.5);
    expect(losses.computeWeightedLoss([1, 2], [0, 0]).item()).toBe(0);
    expect(losses.meanSquaredError(tf.tensor([[1, 2]]), tf.tensor([[2, 4]]))).toBeAllClose([2.5]);
    expect(() => losses.computeWeightedLoss([1], 1, 9 as 0)).toThrow(/tf\.Reduction/);
    expect(() => losses.hingeLoss([1], [1, 2])).toThrow(/hingeLoss.*one shape/);
  });
});

describe('connectionist temporal classification', () => {
  const labelLength = [3, 2, 1];
  const logitLength = [6, 5, 4];
  it('loss and gradient', () => {
    const { inputs, outputs } = fixture('ctcLoss');
    const [logits, labels] = inputs;
    const loss = (x: Tensor): Tensor => tf.ctcLoss(labels, x, labelLength, logitLength);
    expect(loss(logits)).toBeAllClose(outputs[0], close);
    expect(tf.function(loss)(logits)).toBeAllClose(outputs[0], close);
    expect(tf.grad((x: Tensor) => loss(x).sum())(logits)).toBeAllClose(outputs[1], { rtol: 1e-3, atol: 1e-5 });
    const batchMajor = tf.ctcLoss(labels, logits.transpose([1, 0, 2]), labelLength, logitLength, false);
    expect(batchMajor).toBeAllClose(outputs[0], close);
  });
  it('is infinite where there are too few steps, and the blanks alone where there are no labels', () => {
    const logits = tf.zeros([2, 1, 3]);
    expect(tf.ctcLoss([[1, 1]], logits, [2], [2]).dataSync()[0]).toBe(Infinity);
    expect(tf.ctcLoss([[0]], logits, [0], [2])).toBeAllClose([2 * Math.log(3)]);
  });
  it('decoders', () => {
    const greedy = fixture('ctcGreedyDecoder');
    const best = tf.ctcGreedyDecoder(greedy.inputs[0], logitLength);
    expect(best.decoded[0].toDense(-1)).toBeAllClose(greedy.outputs[0]);
    expect(best.negSumLogits).toBeAllClose(greedy.outputs[1], close);
    const beam = fixture('ctcBeamSearchDecoder');
    const paths = tf.ctcBeamSearchDecoder(beam.inputs[0], logitLength, 20, 2);
    expect(paths.decoded[0].toDense(-1)).toBeAllClose(beam.outputs[0]);
    expect(paths.decoded[1].toDense(-1)).toBeAllClose(beam.outputs[1]);
    expect(paths.logProbability).toBeAllClose(beam.outputs[2], close);
  });
});

describe('sampled losses', () => {
  it.each([false, true])('removeAccidentalHits %s', (removeAccidentalHits) => {
    check(
      `sampled ${removeAccidentalHits ? 'True' : 'False'}`,
      (weights, biases, labels, inputs, drawn, expected, counts) => {
        const sampledValues = {
          sampledCandidates: drawn.cast('int32'),
          trueExpectedCount: expected,
          sampledExpectedCount: counts,
        };
        const options = { numTrue: 2, sampledValues, removeAccidentalHits };
        return [
          tf.nceLoss(weights, biases, labels, inputs, 3, 9, options),
          tf.sampledSoftmaxLoss(weights, biases, labels, inputs, 3, 9, options),
        ];
      },
    );
  });
  it('candidates are distinct, within the range, and expected as often as they come', () => {
    const drawn = tf.logUniformCandidateSampler([[0]], 1, 20, true, 30, 3);
    const numbers = [...drawn.sampledCandidates.dataSync()];
    expect(new Set(numbers).size).toBe(20);
    expect(Math.max(...numbers)).toBeLessThan(30);
    const many = tf.logUniformCandidateSampler([[0], [5]], 1, 20_000, false, 30, 4);
    const share = [0, 5].map((c) => many.sampledCandidates.dataSync().filter((x) => x === c).length);
    [...many.trueExpectedCount.dataSync()].forEach((expected, i) =>
      expect(Math.abs(share[i] - expected)).toBeLessThan(5 * Math.sqrt(expected)),
    );
    const uniform = tf.uniformCandidateSampler([[1]], 1, 10, false, 50, 1);
    expect(uniform.trueExpectedCount).toBeAllClose([[0.2]]);
  });
});

describe('fused operations', () => {
  const x = tf.randomNormal([1, 4, 4, 2], 0, 1, 'float64', 1);
  const filter = tf.randomNormal([2, 2, 2, 3], 0, 1, 'float64', 2);
  const bias = tf.tensor([0.1, -0.2, 0.3], [3], 'float64');
  it('are the operations one after another', () => {
    const plain = tf.conv2d(x, filter, 1, 'same').add(bias);
    expect(tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias, activation: 'relu' })).toBeAllClose(
      plain.relu(),
    );
    const first = { x: x.transpose([0, 3, 1, 2]), filter, strides: 1, pad: 'same', dataFormat: 'NCHW', bias } as const;
    expect(tf.fused.conv2d(first).transpose([0, 2, 3, 1])).toBeAllClose(plain);
    const slopes = tf.tensor([0.1, 0.2, 0.3], [3], 'float64');
    const prelu = tf.fused.conv2d({
      ...{ x, filter, strides: 1, pad: 'same', bias },
      ...{ activation: 'prelu', preluActivationWeights: slopes },
    });
    expect(prelu).toBeAllClose(tf.where(plain.greater(0), plain, plain.mul(slopes)));
    const leaky = tf.fused.matMul({
      a: [[1, 2]],
      b: [[1], [-2]],
      bias: [1],
      activation: 'leakyrelu',
      leakyreluAlpha: 0.5,
    });
    expect(leaky).toBeAllClose([[-1]]);
    expect(tf.fused.matMul({ a: [[1, 2]], b: [[1, -2]], transposeB: true, activation: 'elu' })).toBeAllClose([
      [Math.expm1(-3)],
    ]);
    const depthwise = tf.randomNormal([2, 2, 2, 1], 0, 1, 'float64', 3);
    expect(
      tf.fused.depthwiseConv2d({ x, filter: depthwise, strides: 1, pad: 'valid', activation: 'relu6' }),
    ).toBeAllClose(tf.depthwiseConv2d(x, depthwise).relu6());
    expect(() => tf.fused.matMul({ a: [[1]], b: [[1]], activation: 'tanh' as 'relu' })).toThrow(/leakyrelu or sigmoid/);
  });
});
