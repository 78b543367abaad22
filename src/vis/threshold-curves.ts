/** @file What a classifier's scores are worth at every threshold: the numbers of ROC, precision-recall and calibration curves. */
import { ArgumentError } from '../tensor/errors.ts';

/** A ROC curve: rates at each threshold, from the highest (nothing is positive) down. */
export interface RocNumbers {
  /** A sample is taken for positive where its score is at least this; the first is Infinity. */
  readonly thresholds: readonly number[];
  /** FP / (FP + TN). */
  readonly falsePositiveRate: readonly number[];
  /** TP / (TP + FN), the recall. */
  readonly truePositiveRate: readonly number[];
  /** The area under the curve, by trapezoids: the chance that a positive sample has a higher score than a negative one. */
  readonly auc: number;
}

/** A precision-recall curve: values at each threshold, from the highest down. */
export interface PrecisionRecallNumbers {
  readonly thresholds: readonly number[];
  /** TP / (TP + FP). */
  readonly precision: readonly number[];
  /** TP / (TP + FN). */
  readonly recall: readonly number[];
  /** Σ (recallᵢ − recallᵢ₋₁) · precisionᵢ: the area under the curve as steps. */
  readonly averagePrecision: number;
  /** The part of all samples that is positive: what guessing has for precision. */
  readonly prevalence: number;
}

/** Samples of similar predicted probability. */
export interface CalibrationBin {
  /** Mean of the predicted probabilities. */
  readonly predicted: number;
  /** Part of the samples that is positive. */
  readonly actual: number;
  readonly count: number;
}

export interface CalibrationNumbers {
  /** Bins that have samples, by probability. */
  readonly bins: readonly CalibrationBin[];
  /** Σ count/n · |predicted − actual| over the bins (ECE). */
  readonly expectedCalibrationError: number;
  /** Mean of (probability − label)². */
  readonly brierScore: number;
}

/** True and false positives when all samples with at least a threshold's score count as positive. */
interface Counts {
  readonly thresholds: number[];
  readonly truePositives: number[];
  readonly falsePositives: number[];
}

/** Counts at each score that occurs; samples of one score are let in together. */
function countsOf(labels: readonly number[], scores: readonly number[], operation: string): Counts {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === labels.length)
    throw new ArgumentError(
      `${operation} needs positive and negative samples; of ${labels.length} labels ${positives} are positive.`,
    );
  const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a]);
  const counts: Counts = { thresholds: [], truePositives: [], falsePositives: [] };
  let [hits, alarms] = [0, 0];
  order.forEach((sample, i) => {
    if (labels[sample] === 1) hits++;
    else alarms++;
    if (i + 1 < order.length && scores[order[i + 1]] === scores[sample]) return;
    counts.thresholds.push(scores[sample]);
    counts.truePositives.push(hits);
    counts.falsePositives.push(alarms);
  });
  return counts;
}

/** @param labels 0 and 1 */
export function rocNumbers(labels: readonly number[], scores: readonly number[], operation: string): RocNumbers {
  const { thresholds, truePositives, falsePositives } = countsOf(labels, scores, operation);
  const [positives, negatives] = [truePositives.at(-1)!, falsePositives.at(-1)!];
  const falsePositiveRate = [0, ...falsePositives.map((count) => count / negatives)];
  const truePositiveRate = [0, ...truePositives.map((count) => count / positives)];
  let auc = 0;
  for (let i = 1; i < falsePositiveRate.length; i++)
    auc += ((falsePositiveRate[i] - falsePositiveRate[i - 1]) * (truePositiveRate[i] + truePositiveRate[i - 1])) / 2;
  return { thresholds: [Infinity, ...thresholds], falsePositiveRate, truePositiveRate, auc };
}

/** @param labels 0 and 1 */
export function precisionRecallNumbers(
  labels: readonly number[],
  scores: readonly number[],
  operation: string,
): PrecisionRecallNumbers {
  const { thresholds, truePositives, falsePositives } = countsOf(labels, scores, operation);
  const positives = truePositives.at(-1)!;
  const precision = truePositives.map((hits, i) => hits / (hits + falsePositives[i]));
  const recall = truePositives.map((hits) => hits / positives);
  const averagePrecision = recall.reduce((sum, value, i) => sum + (value - (recall[i - 1] ?? 0)) * precision[i], 0);
  return { thresholds, precision, recall, averagePrecision, prevalence: positives / labels.length };
}

/**
 * @param labels 0 and 1
 * @param probabilities in [0, 1]
 * @param strategy `uniform` bins are equally wide, `quantile` bins hold equally many samples
 */
export function calibrationNumbers(
  labels: readonly number[],
  probabilities: readonly number[],
  bins: number,
  strategy: 'uniform' | 'quantile',
): CalibrationNumbers {
  const count = labels.length;
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[a] - probabilities[b]);
  const groups = Array.from({ length: bins }, (): number[] => []);
  order.forEach((sample, rank) => {
    const place = strategy === 'uniform' ? probabilities[sample] * bins : (rank * bins) / count;
    groups[Math.min(bins - 1, Math.floor(place))].push(sample);
  });
  const mean = (group: readonly number[], values: readonly number[]) =>
    group.reduce((sum, sample) => sum + values[sample], 0) / group.length;
  const filled = groups
    .filter(({ length }) => length > 0)
    .map((group) => ({
      predicted: mean(group, probabilities),
      actual: mean(group, labels),
      count: group.length,
    }));
  return {
    bins: filled,
    expectedCalibrationError: filled.reduce(
      (sum, bin) => sum + (bin.count / count) * Math.abs(bin.predicted - bin.actual),
      0,
    ),
    brierScore: probabilities.reduce((sum, value, i) => sum + (value - labels[i]) ** 2, 0) / count,
  };
}
