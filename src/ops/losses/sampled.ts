/** @file Losses over so many classes that only some of them are looked at, and how those are drawn. */
import * as p from '../../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloat, toOperands, toTensor } from '../convert.ts';
import { seedOrDrawn } from '../drawn-seed.ts';
import { hostTensor } from '../host-tensor.ts';
import { Generator } from '../../engine/random/philox.ts';
import { sigmoidCrossEntropyWithLogits, softmaxCrossEntropyWithLogits } from './cross-entropy.ts';
import { op } from '../../symbolic/op.ts';

export interface SampledCandidates {
  /** Numbers of the classes drawn, int32 `[numSampled]`. */
  readonly sampledCandidates: Tensor;
  /** How often each true class is expected among them, `[batch, numTrue]`. */
  readonly trueExpectedCount: Tensor;
  /** How often each drawn class is expected among them, `[numSampled]`. */
  readonly sampledExpectedCount: Tensor;
}

interface Distribution {
  readonly draw: (generator: Generator) => number;
  /** The probability of each class, float32. */
  readonly probability: (classes: Tensor) => Tensor;
}

/** Draws classes from a distribution over so many of them. */
const samplerOf =
  (operation: string, distribution: (rangeMax: number) => Distribution) =>
  (
    trueClasses: TensorLike,
    numTrue: number,
    numSampled: number,
    unique: boolean,
    rangeMax: number,
    seed?: number,
  ): SampledCandidates => {
    const classes = p.cast(toTensor(trueClasses, operation, 'int32'), 'int32');
    if (classes.rank !== 2 || classes.shape[1] !== numTrue)
      throw new ShapeError(
        `${operation}: expected trueClasses of shape [batch, ${numTrue}], got ${formatShape(classes.shape)}.`,
      );
    if (!Number.isInteger(numSampled) || numSampled < 1 || (unique && numSampled > rangeMax))
      throw new ArgumentError(
        `${operation}: expected numSampled from 1 to ${unique ? `the ${rangeMax} classes there are` : 'any number'}, got ${numSampled}.`,
      );
    const { draw, probability } = distribution(rangeMax);
    const generator = new Generator(seedOrDrawn(seed));
    const drawn: number[] = [];
    const known = new Set<number>();
    let tries = 0;
    while (drawn.length < numSampled) {
      const candidate = draw(generator);
      tries++;
      if (unique && known.has(candidate)) continue;
      known.add(candidate);
      drawn.push(candidate);
    }
    const sampledCandidates = hostTensor(drawn);
    const expected = (which: Tensor): Tensor => {
      const chance = probability(which);
      const count = scalarLike(tries, chance);
      // Without repetition: the probability that so many tries meet the class at all.
      return unique
        ? p.neg(p.expm1(p.mul(count, p.log1p(p.neg(chance)))))
        : p.mul(chance, scalarLike(numSampled, chance));
    };
    return {
      sampledCandidates,
      trueExpectedCount: expected(classes),
      sampledExpectedCount: expected(sampledCandidates),
    };
  };

/** Classes drawn with one probability. @param unique Whether no class comes twice. */
export const uniformCandidateSampler = samplerOf('uniformCandidateSampler', (rangeMax) => ({
  draw: (generator) => generator.below(rangeMax),
  probability: (classes) => p.broadcastTo(hostTensor([1 / rangeMax], [], 'float32'), classes.shape),
}));

/**
 * Classes drawn with probability `log((c + 2) / (c + 1)) / log(rangeMax + 1)`, as words in the order of their frequency are
 * found in texts.
 *
 * @param unique Whether no class comes twice.
 */
export const logUniformCandidateSampler = samplerOf('logUniformCandidateSampler', (rangeMax) => ({
  draw: (generator) => {
    const drawn = Math.trunc(Math.exp(generator.uniform53() * Math.log(rangeMax + 1))) - 1;
    return Math.min(drawn, rangeMax - 1);
  },
  probability: (classes) => {
    const c = p.cast(classes, 'float32');
    const ratio = p.log1p(p.reciprocal(p.add(c, scalarLike(1, c))));
    return p.div(ratio, scalarLike(Math.log(rangeMax + 1), ratio));
  },
}));

export interface SampledLossOptions {
  /** How many true classes each example has; they share its probability. */
  readonly numTrue?: number;
  /** Classes drawn before; by default they are drawn log-uniformly, without repetition. */
  readonly sampledValues?: SampledCandidates;
  /** Whether a drawn class that is the example's own does not count against it. */
  readonly removeAccidentalHits?: boolean;
  /** For the same classes each time. */
  readonly seed?: number;
}

/** Logits and labels of the true classes and, after them, of the drawn ones: [batch, numTrue + numSampled]. */
function sampledLogits(
  operation: string,
  weights: TensorLike,
  biases: TensorLike,
  labels: TensorLike,
  inputs: TensorLike,
  numSampled: number,
  numClasses: number,
  { numTrue = 1, sampledValues, removeAccidentalHits = false, seed }: SampledLossOptions,
): { logits: Tensor; targets: Tensor } {
  const [table, offsets, x] = toOperands([toFloat(weights, operation), biases, inputs], operation);
  const given = p.cast(toTensor(labels, operation, 'int32'), 'int32');
  const classes = given.rank === 1 ? p.reshape(given, [given.size, 1]) : given;
  const [batch, size] = x.shape;
  if (
    table.rank !== 2 ||
    x.rank !== 2 ||
    table.shape[1] !== size ||
    offsets.rank !== 1 ||
    classes.shape[0] !== batch ||
    classes.shape[1] !== numTrue
  )
    // prettier-ignore
    throw new ShapeError(
      `${operation}: expected weights [classes, dim], biases [classes], labels [batch, ${numTrue}] and inputs [batch, dim], got ` +
        `${[table, offsets, classes, x].map(({ shape }) => formatShape(shape)).join(', ')}.`,
    );
  const sampled = sampledValues ?? logUniformCandidateSampler(classes, numTrue, numSampled, true, numClasses, seed);
  const drawn = sampled.sampledCandidates;
  const logOf = (counts: Tensor): Tensor => p.stopGradient(p.log(p.cast(counts, x.dtype)));
  const flat = p.reshape(classes, [batch * numTrue]);
  const ofTrue = p.reshape(p.gather(table, flat, 0), [batch, numTrue, size]);
  const products = p.sum(p.mul(ofTrue, p.reshape(x, [batch, 1, size])), [2]);
  const trueLogits = p.add(products, p.reshape(p.gather(offsets, flat, 0), [batch, numTrue]));
  const others = p.matMul(x, p.gather(table, drawn, 0), false, true);
  let otherLogits = p.add(others, p.gather(offsets, drawn, 0));
  if (removeAccidentalHits) {
    const same = p.equal(p.reshape(classes, [batch, numTrue, 1]), p.reshape(drawn, [1, 1, drawn.size]));
    const hits = p.greater(p.sum(p.cast(same, 'int32'), [1]), hostTensor([0], []));
    otherLogits = p.select(hits, scalarLike(-1e30, x), otherLogits);
  }
  // Classes that are drawn often would be thought rare otherwise.
  const logits = p.concat(
    [
      p.sub(trueLogits, logOf(p.reshape(sampled.trueExpectedCount, [batch, numTrue]))),
      p.sub(otherLogits, logOf(sampled.sampledExpectedCount)),
    ],
    1,
  );
  const target = [...new Array<number>(numTrue).fill(1 / numTrue), ...new Array<number>(drawn.size).fill(0)];
  return { logits, targets: p.broadcastTo(hostTensor(target, [target.length], x.dtype), logits.shape) };
}

/**
 * Noise-contrastive estimation (Gutmann & Hyvärinen, 2010): for each example, telling its classes from drawn ones.
 *
 * @param weights `[numClasses, dim]`
 * @param biases `[numClasses]`
 * @param labels `[batch, numTrue]`, numbers of classes.
 * @param inputs `[batch, dim]`
 * @returns `[batch]`
 */
export const nceLoss = op(
  'nceLoss',
  function nceLoss(
    weights: TensorLike,
    biases: TensorLike,
    labels: TensorLike,
    inputs: TensorLike,
    numSampled: number,
    numClasses: number,
    options: SampledLossOptions = {},
  ): Tensor {
    const operands = [weights, biases, labels, inputs, numSampled, numClasses] as const;
    const { logits, targets } = sampledLogits('nceLoss', ...operands, options);
    return p.sum(sigmoidCrossEntropyWithLogits(targets, logits), [1]);
  },
);

/**
 * The softmax cross-entropy among an example's classes and drawn ones: for training where there are very many classes.
 *
 * @param weights As in {@link nceLoss}.
 * @param biases As in {@link nceLoss}.
 * @param labels As in {@link nceLoss}.
 * @param inputs As in {@link nceLoss}.
 * @returns `[batch]`
 */
export const sampledSoftmaxLoss = op(
  'sampledSoftmaxLoss',
  function sampledSoftmaxLoss(
    weights: TensorLike,
    biases: TensorLike,
    labels: TensorLike,
    inputs: TensorLike,
    numSampled: number,
    numClasses: number,
    options: SampledLossOptions = {},
  ): Tensor {
    const operands = [weights, biases, labels, inputs, numSampled, numClasses] as const;
    const hits = { removeAccidentalHits: true, ...options };
    const { logits, targets } = sampledLogits('sampledSoftmaxLoss', ...operands, hits);
    return softmaxCrossEntropyWithLogits(targets, logits);
  },
);
