/** @file Label sequences from logits of connectionist temporal classification: the best path, and a search over many. */
import * as p from '../../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, toFloat, toTensor } from '../convert.ts';
import { hostNumbers } from '../data-dependent.ts';
import { hostTensor } from '../host-tensor.ts';
import { SparseTensor } from '../sparse/sparse-tensor.ts';
import { op } from '../../symbolic/op.ts';

interface Sequences {
  readonly numbers: ArrayLike<number>;
  readonly logits: Tensor;
  readonly lengths: ArrayLike<number>;
  readonly batch: number;
  readonly classes: number;
  readonly blank: number;
}

function read(inputs: TensorLike, sequenceLength: TensorLike, blankIndex: number, operation: string): Sequences {
  const logits = toFloat(inputs, operation);
  const given = toTensor(sequenceLength, operation, 'int32');
  const [time, batch, classes] = logits.shape;
  if (logits.rank !== 3 || given.rank !== 1 || given.shape[0] !== batch)
    throw new ShapeError(
      `${operation}: expected logits [time, batch, classes] and sequenceLength [batch], got ${formatShape(logits.shape)} and ${formatShape(given.shape)}.`,
    );
  const lengths = hostNumbers(given, operation);
  if (Array.from(lengths).some((length) => length < 0 || length > time))
    throw new ArgumentError(
      `${operation}: expected sequence lengths from 0 to ${time}, got ${Array.from(lengths).join(', ')}.`,
    );
  const blank = blankIndex < 0 ? blankIndex + classes : blankIndex;
  if (!Number.isInteger(blank) || blank < 0 || blank >= classes)
    throw new ArgumentError(`${operation}: blankIndex ${blankIndex} is none of ${classes} classes.`);
  return { numbers: hostNumbers(logits, operation), logits, lengths, batch, classes, blank };
}

/** Sequences of different length as `[batch, longest]`. */
function toSparse(sequences: readonly (readonly number[])[]): SparseTensor {
  const places = sequences.flatMap((labels, row) => labels.flatMap((_, i) => [row, i]));
  const longest = Math.max(0, ...sequences.map((labels) => labels.length));
  const values = sequences.flat();
  return new SparseTensor(hostTensor(places, [values.length, 2]), hostTensor(values), [sequences.length, longest]);
}

/**
 * The most likely label at each step, without repetitions and blanks.
 *
 * @param inputs Logits, `[time, batch, classes]`.
 * @param sequenceLength `[batch]`, how many steps each example has.
 * @param mergeRepeated Whether equal labels without a blank between them are one.
 * @param blankIndex The class that stands for nothing; the last one by default.
 * @returns `decoded`, one sparse tensor `[batch, longest]`, and `negSumLogits` `[batch, 1]`: the negative sum of the best logits.
 */
export const ctcGreedyDecoder = op(
  'ctcGreedyDecoder',
  function ctcGreedyDecoder(
    inputs: TensorLike,
    sequenceLength: TensorLike,
    mergeRepeated = true,
    blankIndex = -1,
  ): { decoded: SparseTensor[]; negSumLogits: Tensor } {
    const { numbers, logits, lengths, batch, classes, blank } = read(
      inputs,
      sequenceLength,
      blankIndex,
      'ctcGreedyDecoder',
    );
    const totals = new Array<number>(batch).fill(0);
    const sequences = Array.from({ length: batch }, (_, example) => {
      const labels: number[] = [];
      let before = -1;
      for (let step = 0; step < lengths[example]; step++) {
        const from = (step * batch + example) * classes;
        let best = 0;
        for (let c = 1; c < classes; c++) if (numbers[from + c] > numbers[from + best]) best = c;
        totals[example] -= numbers[from + best];
        if (best !== blank && !(mergeRepeated && best === before)) labels.push(best);
        before = best;
      }
      return labels;
    });
    return { decoded: [toSparse(sequences)], negSumLogits: hostTensor(totals, [batch, 1], logits.dtype) };
  },
);

/** Log-probabilities of a prefix whose last step was a blank, or its last label. */
interface Prefix {
  readonly labels: readonly number[];
  blank: number;
  label: number;
}

const logAdd = (a: number, b: number): number => {
  const [high, low] = a > b ? [a, b] : [b, a];
  return low === -Infinity ? high : high + Math.log1p(Math.exp(low - high));
};
const totalOf = (prefix: Prefix): number => logAdd(prefix.blank, prefix.label);

/** The best prefixes after all steps, the best first. `at(step, c)` is the log-probability of a class. */
function search(
  steps: number,
  classes: number,
  blank: number,
  width: number,
  at: (step: number, c: number) => number,
): Prefix[] {
  let beam: Prefix[] = [{ labels: [], blank: 0, label: -Infinity }];
  for (let step = 0; step < steps; step++) {
    const next = new Map<string, Prefix>();
    const grown = (labels: readonly number[]): Prefix => {
      const key = labels.join();
      const known = next.get(key) ?? { labels, blank: -Infinity, label: -Infinity };
      next.set(key, known);
      return known;
    };
    for (const prefix of beam) {
      const total = totalOf(prefix);
      const same = grown(prefix.labels);
      same.blank = logAdd(same.blank, total + at(step, blank));
      const last = prefix.labels[prefix.labels.length - 1];
      if (last !== undefined) same.label = logAdd(same.label, prefix.label + at(step, last));
      for (let c = 0; c < classes; c++) {
        if (c === blank) continue;
        const longer = grown([...prefix.labels, c]);
        // A label after itself is a new one only after a blank.
        longer.label = logAdd(longer.label, (c === last ? prefix.blank : total) + at(step, c));
      }
    }
    beam = [...next.values()].sort((a, b) => totalOf(b) - totalOf(a)).slice(0, width);
  }
  return beam;
}

/**
 * The most likely label sequences, by a search that keeps `beamWidth` beginnings at each step.
 *
 * @param inputs Logits, `[time, batch, classes]`; the last class is the blank.
 * @param sequenceLength `[batch]`, how many steps each example has.
 * @param topPaths How many sequences to give, at most `beamWidth`.
 * @returns `decoded`, `topPaths` sparse tensors `[batch, longest]`, and `logProbability` `[batch, topPaths]`.
 */
export const ctcBeamSearchDecoder = op(
  'ctcBeamSearchDecoder',
  function ctcBeamSearchDecoder(
    inputs: TensorLike,
    sequenceLength: TensorLike,
    beamWidth = 100,
    topPaths = 1,
  ): { decoded: SparseTensor[]; logProbability: Tensor } {
    const operation = 'ctcBeamSearchDecoder';
    const logProbabilities = p.logSoftmax(toFloat(inputs, operation), 2);
    const { numbers, lengths, batch, classes, blank } = read(logProbabilities, sequenceLength, -1, operation);
    if (!Number.isInteger(topPaths) || topPaths < 1 || topPaths > beamWidth)
      throw new ArgumentError(`${operation}: expected topPaths from 1 to the beamWidth ${beamWidth}, got ${topPaths}.`);
    const found = Array.from({ length: batch }, (_, example) => {
      const at = (step: number, c: number): number => numbers[(step * batch + example) * classes + c];
      return search(lengths[example], classes, blank, beamWidth, at).slice(0, topPaths);
    });
    const probabilities = found.flatMap((paths) =>
      Array.from({ length: topPaths }, (_, i) => (paths[i] ? totalOf(paths[i]) : -Infinity)),
    );
    return {
      decoded: Array.from({ length: topPaths }, (_, i) => toSparse(found.map((paths) => paths[i]?.labels ?? []))),
      logProbability: hostTensor(probabilities, [batch, topPaths], logProbabilities.dtype),
    };
  },
);
