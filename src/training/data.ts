/** @file What `fit`, `evaluate` and `predict` take as data: checked, as tensors, and in batches. */
import * as ops from '../ops/index.ts';
import type { TypedArray } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { NestedArray } from '../tensor/host.ts';
import { formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';

/** Samples along the first axis: a tensor, a typed array, or nested arrays. */
export type DataLike = Tensor | NestedArray;

/** How much the samples of each class weigh, by class number; classes left out weigh 1. */
export type ClassWeights = Readonly<Record<number, number>>;

/** Inputs, targets and weights of some samples. */
export interface Batch {
  readonly x: Tensor;
  readonly y: Tensor;
  /** One for each sample. */
  readonly sampleWeight?: Tensor;
}

/** A tensor of samples; doubles from host arrays become float32. */
export function toSamples(data: DataLike, argument: string): Tensor {
  if (data === undefined || data === null)
    throw new ArgumentError(`${argument}: expected a tensor, a typed array or nested arrays; got ${String(data)}.`);
  const given = data instanceof Tensor ? data : ops.tensor(data);
  const tensor = given !== data && given.dtype === 'float64' ? ops.cast(given, 'float32') : given;
  if (tensor.rank === 0 || tensor.shape[0] === 0)
    throw new ArgumentError(
      `${argument}: expected at least one sample along the first axis, got shape ${formatShape(tensor.shape)}.`,
    );
  return tensor;
}

/** Inputs and targets with as many samples each. @throws ArgumentError */
export function toBatch(
  caller: string,
  x: DataLike,
  y: DataLike,
  weights: { sampleWeight?: DataLike | null; classWeight?: ClassWeights | null } = {},
): Batch {
  const inputs = toSamples(x, `${caller}: x`);
  const targets = toSamples(y, `${caller}: y`);
  const sampleWeight = toSampleWeight(caller, targets, weights);
  const counts = { x: inputs, y: targets, ...(sampleWeight && { sampleWeight }) };
  if (Object.values(counts).some((tensor) => tensor.shape[0] !== inputs.shape[0]))
    throw new ArgumentError(
      `${caller}: expected as many targets as inputs; got ` +
        Object.entries(counts)
          .map(([name, tensor]) => `${name} with ${tensor.shape[0]} samples (shape ${formatShape(tensor.shape)})`)
          .join(', ') +
        '.',
    );
  return { x: inputs, y: targets, ...(sampleWeight && { sampleWeight }) };
}

function toSampleWeight(
  caller: string,
  targets: Tensor,
  { sampleWeight, classWeight }: { sampleWeight?: DataLike | null; classWeight?: ClassWeights | null },
): Tensor | null {
  if (sampleWeight && classWeight)
    throw new ArgumentError(`${caller}: expected sampleWeight or classWeight, got both.`);
  if (sampleWeight) return ops.cast(toSamples(sampleWeight, `${caller}: sampleWeight`), 'float32');
  if (!classWeight) return null;
  const oneHot = targets.rank > 1 && targets.shape[targets.rank - 1] > 1;
  const classes: TypedArray = (oneHot ? ops.argMax(targets, -1) : targets).dataSync();
  return ops.tensor(Float32Array.from(classes as ArrayLike<number | bigint>, (c) => classWeight[Number(c)] ?? 1));
}

/** Which samples a run goes over, cut into batches of at most `batchSize`. */
export class BatchOrder {
  readonly batchSize: number;
  private order: Int32Array;

  /** The samples `begin` to `end - 1`. */
  constructor(begin: number, end: number, batchSize: number) {
    this.order = Int32Array.from({ length: end - begin }, (_, i) => begin + i);
    this.batchSize = batchSize;
  }

  get samples(): number {
    return this.order.length;
  }

  /** How many batches; the last may be smaller. */
  get steps(): number {
    return Math.ceil(this.order.length / this.batchSize);
  }

  /** Puts the samples into a new random order, drawn from the global generator. */
  shuffle(): void {
    const places = ops.randomPermutation(this.order.length);
    this.order = (places.dataSync() as Int32Array).map((place) => this.order[place]);
    places.dispose();
  }

  /** Numbers of the samples of one batch, int32. */
  indices(step: number): Tensor {
    const begin = step * this.batchSize;
    return ops.tensor(this.order.slice(begin, begin + this.batchSize));
  }
}

/**
 * The samples of one batch. They are gathered outside of the compiled step, whose signature would otherwise hold the number
 * of all samples: each new data set would be traced and compiled anew.
 */
export function takeBatch(data: Batch, order: BatchOrder, step: number): Batch {
  return ops.tidy(() => {
    const indices = order.indices(step);
    return {
      x: ops.gather(data.x, indices),
      y: ops.gather(data.y, indices),
      ...(data.sampleWeight && { sampleWeight: ops.gather(data.sampleWeight, indices) }),
    };
  });
}

/** @throws ArgumentError unless `value` is a positive whole number. */
export function requireBatchSize(caller: string, value: number): number {
  if (!Number.isInteger(value) || value < 1)
    throw new ArgumentError(`${caller}: expected batchSize to be a whole number of at least 1, got ${value}.`);
  return value;
}
