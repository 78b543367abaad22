/** @file The whole table of confusion at many thresholds: what curves and their points are computed from. */
import * as ops from '../ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import { type ConfusionCounts, type CountingOptions, countConfusion } from './confusion.ts';
import { Metric, accumulate } from './metric.ts';

const fields = ['truePositives', 'falsePositives', 'trueNegatives', 'falseNegatives'] as const;

/** `part / (part + rest)`, 0 where there is neither. */
export const share = (part: Tensor, rest: Tensor): Tensor => ops.divNoNan(part, ops.add(part, rest));

/** A metric of counts at thresholds. */
export abstract class ConfusionCurve extends Metric {
  override readonly direction = 'up';
  abstract readonly thresholds: readonly number[];
  private state: Record<(typeof fields)[number], Variable> | null = null;

  /** Makes the counts; of each label for itself where there are `labels`. */
  protected makeCounts(labels?: number): void {
    const shape = labels === undefined ? [this.thresholds.length] : [this.thresholds.length, labels];
    this.state = {
      truePositives: this.addVariable('true_positives', shape),
      falsePositives: this.addVariable('false_positives', shape),
      trueNegatives: this.addVariable('true_negatives', shape),
      falseNegatives: this.addVariable('false_negatives', shape),
    };
  }

  protected get hasCounts(): boolean {
    return this.state !== null;
  }

  /** Adds the counts of a batch. */
  protected count(
    yTrue: ops.TensorLike,
    yPred: ops.TensorLike,
    sampleWeight: ops.TensorLike | null | undefined,
    options: Omit<CountingOptions, 'name' | 'dtype' | 'thresholds'>,
  ): void {
    const { name, dtype, thresholds, state } = this;
    const counts = countConfusion(yTrue, yPred, sampleWeight, { ...options, name, dtype, thresholds });
    for (const field of fields) accumulate((state as NonNullable<typeof state>)[field], counts[field]);
  }

  /** The counts over all batches; zeros before there are any. */
  protected counts(): ConfusionCounts {
    const read = (field: (typeof fields)[number]): Tensor =>
      this.state ? this.state[field].read() : ops.zeros([this.thresholds.length], this.dtype);
    return {
      truePositives: read('truePositives'),
      falsePositives: read('falsePositives'),
      trueNegatives: read('trueNegatives'),
      falseNegatives: read('falseNegatives'),
    };
  }
}
