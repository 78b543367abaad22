/** @file Operations of graphs whose results depend on values: choosing, sorting, sets; strings, sparse tensors, spectra, random numbers. */
import * as ops from '../../../ops/index.ts';
import type { GraphNode } from '../graph-node.ts';
import type { OperationTable, Operands } from './operation.ts';

/** Threshold of overlap and of score, where a node is told them. */
const thresholds = (operands: Operands): [size: number, overlap: number, score: number] => [
  operands.number(2),
  operands.count > 3 ? operands.number(3) : 0.5,
  operands.count > 4 ? operands.number(4) : -Infinity,
];

/** A node that names no seed draws other numbers each time. */
const seedOf = (node: GraphNode): number | undefined => {
  const seed = node.number('seed', 0);
  return seed === 0 && node.number('seed2', 0) === 0 ? undefined : seed;
};

const unique: OperationTable[string] = (operands) => {
  const axis = operands.count > 1 ? operands.numbers(1) : [];
  const { values, indices } = ops.unique(operands.tensor(0), axis[0] ?? 0);
  return [values, indices];
};

export const selection: OperationTable = {
  NonMaxSuppression: (operands) =>
    ops.image.nonMaxSuppression(operands.tensor(0), operands.tensor(1), ...thresholds(operands)),
  NonMaxSuppressionV2: (operands) =>
    ops.image.nonMaxSuppression(operands.tensor(0), operands.tensor(1), ...thresholds(operands)),
  NonMaxSuppressionV3: (operands) =>
    ops.image.nonMaxSuppression(operands.tensor(0), operands.tensor(1), ...thresholds(operands)),
  NonMaxSuppressionV4: (operands, node) => {
    const padded = node.boolean('pad_to_max_output_size');
    const { selectedIndices, validOutputs } = ops.image.nonMaxSuppressionPadded(
      operands.tensor(0),
      operands.tensor(1),
      ...thresholds(operands),
      padded,
    );
    return [selectedIndices, validOutputs];
  },
  NonMaxSuppressionV5: (operands) => {
    const { selectedIndices, selectedScores } = ops.image.nonMaxSuppressionWithScore(
      operands.tensor(0),
      operands.tensor(1),
      ...thresholds(operands),
      operands.count > 5 ? operands.number(5) : 0,
    );
    return [selectedIndices, selectedScores, ops.scalar(selectedIndices.size, 'int32')];
  },
  Where: (operands) => ops.nonzero(operands.tensor(0)),
  ListDiff: (operands) => ops.setdiff1d(operands.tensor(0), operands.tensor(1)),
  TopKV2: (operands, node) => {
    const { values, indices } = ops.topk(operands.tensor(0), operands.number(1), node.boolean('sorted', true));
    return [values, indices];
  },
  LowerBound: (operands) => ops.lowerBound(operands.tensor(0), operands.tensor(1)),
  UpperBound: (operands) => ops.upperBound(operands.tensor(0), operands.tensor(1)),
  Unique: unique,
  UniqueV2: unique,
  RandomStandardNormal: (operands, node) =>
    ops.randomNormal(operands.numbers(0), 0, 1, node.dtype('dtype'), seedOf(node)),
  RandomUniform: (operands, node) => ops.randomUniform(operands.numbers(0), 0, 1, node.dtype('dtype'), seedOf(node)),
  RandomUniformInt: (operands, node) =>
    ops.randomUniform(operands.numbers(0), operands.number(1), operands.number(2), 'int32', seedOf(node)),
  TruncatedNormal: (operands, node) =>
    ops.truncatedNormal(operands.numbers(0), 0, 1, node.dtype('dtype'), seedOf(node)),
  Multinomial: (operands, node) => ops.multinomial(operands.tensor(0), operands.number(1), seedOf(node)),
  FFT: (operands) => ops.fft(operands.tensor(0)),
  IFFT: (operands) => ops.ifft(operands.tensor(0)),
  RFFT: (operands) => ops.rfft(operands.tensor(0), operands.number(1)),
  IRFFT: (operands) => ops.irfft(operands.tensor(0), operands.number(1)),
  SparseFillEmptyRows: (operands) => {
    const { outputIndices, outputValues, emptyRowIndicator, reverseIndexMap } = ops.sparse.sparseFillEmptyRows(
      operands.tensor(0),
      operands.tensor(1),
      operands.tensor(2),
      operands.tensor(3),
    );
    return [outputIndices, outputValues, emptyRowIndicator, reverseIndexMap];
  },
  SparseReshape: (operands) => {
    const { outputIndices, outputShape } = ops.sparse.sparseReshape(
      operands.tensor(0),
      operands.tensor(1),
      operands.tensor(2),
    );
    return [outputIndices, outputShape];
  },
  SparseSegmentMean: (operands) =>
    ops.sparse.sparseSegmentMean(operands.tensor(0), operands.tensor(1), operands.tensor(2)),
  SparseSegmentSum: (operands) =>
    ops.sparse.sparseSegmentSum(operands.tensor(0), operands.tensor(1), operands.tensor(2)),
  StaticRegexReplace: (operands, node) =>
    ops.strings.regexReplace(
      operands.tensor(0),
      node.text('pattern', ''),
      node.text('rewrite', ''),
      node.boolean('replace_global', true),
    ),
  StringNGrams: (operands, node) => {
    const { nGrams, nGramsSplits } = ops.string.stringNGrams(
      operands.tensor(0),
      operands.tensor(1),
      node.text('separator', ''),
      node.numbers('ngram_widths'),
      node.text('left_pad', ''),
      node.text('right_pad', ''),
      node.number('pad_width', 0),
      node.boolean('preserve_short_sequences'),
    );
    return [nGrams, nGramsSplits];
  },
  StringSplit: (operands, node) => {
    const [delimiter] = operands.tensor(1).dataSync() as unknown as string[];
    const { indices, values, shape } = ops.string.stringSplit(
      operands.tensor(0),
      delimiter,
      node.boolean('skip_empty', true),
    );
    return [indices, values, shape];
  },
  StringToHashBucketFast: (operands, node) =>
    ops.string.stringToHashBucketFast(operands.tensor(0), node.number('num_buckets', 1)),
  StringLower: (operands) => ops.strings.lower(operands.tensor(0)),
  StringUpper: (operands) => ops.strings.upper(operands.tensor(0)),
  StringJoin: (operands, node) => ops.strings.join(operands.tensors(), node.text('separator', '')),
  StringStrip: (operands) => ops.strings.strip(operands.tensor(0)),
};
