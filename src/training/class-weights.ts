/** @file Weights of classes: what they make of targets as weights of samples. */
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { TensorTree } from '../tensor/tree.ts';

/** How much the samples of each class weigh, by class number; classes left out weigh 1. */
export type ClassWeights = Readonly<Record<number, number>>;

/** For a model with one output; or for each output by its name. */
export type ClassWeightsByOutput = ClassWeights | Readonly<Record<string, ClassWeights>>;

const areByName = (weights: ClassWeightsByOutput): weights is Readonly<Record<string, ClassWeights>> =>
  Object.values(weights).some((value) => typeof value === 'object');

/** A weight for each label: of one-hot targets by their largest entry. */
function weightsOf(targets: Tensor, weights: ClassWeights): Tensor {
  return ops.tidy(() => {
    const size = targets.shape[targets.rank - 1];
    const labels = targets.rank === 1 ? targets : size === 1 ? ops.squeeze(targets, [-1]) : ops.argMax(targets, -1);
    const values = Float32Array.from(
      labels.dataSync() as ArrayLike<number | bigint>,
      (label) => weights[Math.round(Number(label))] ?? 1,
    );
    return ops.reshape(ops.tensor(values), [...labels.shape]);
  });
}

/**
 * Weights of samples from weights of classes. Targets are class numbers, with or without a last axis of 1, or one-hot.
 *
 * @param outputNames - Which target in a list is meant by a name.
 * @throws ArgumentError where there are several targets and the weights do not say for which they are.
 */
export function classWeightsToSampleWeights(
  caller: string,
  targets: TensorTree | null,
  weights: ClassWeightsByOutput,
  outputNames: readonly string[] | null,
): TensorTree {
  if (targets === null) throw new ArgumentError(`${caller}: classWeight needs targets, and there are none.`);
  if (targets instanceof Tensor) {
    const own = areByName(weights) ? Object.values(weights)[0] : weights;
    return weightsOf(targets, own);
  }
  if (!areByName(weights))
    throw new ArgumentError(
      `${caller}: there are several targets, so classWeight must say for which one, { name: { 0: 1, 1: 2 } }; got ${JSON.stringify(weights)}.`,
    );
  const of = (name: string | undefined, target: TensorTree): TensorTree => {
    const own = name === undefined ? undefined : weights[name];
    if (own === undefined) return null as never;
    if (!(target instanceof Tensor))
      throw new ArgumentError(`${caller}: classWeight of '${name}' needs a tensor of targets.`);
    return weightsOf(target, own);
  };
  const names = Array.isArray(targets) ? (outputNames ?? []) : Object.keys(targets);
  const unknown = Object.keys(weights).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new ArgumentError(
      `${caller}: classWeight names the output '${unknown}'; the outputs are ${names.join(', ') || formatShape([])}.`,
    );
  if (Array.isArray(targets)) return targets.map((target: TensorTree, i) => of(names[i], target));
  return Object.fromEntries(Object.entries(targets).map(([name, target]) => [name, of(name, target as TensorTree)]));
}
