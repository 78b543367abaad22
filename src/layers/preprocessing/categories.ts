/** @file Categories as vectors: what the layers that give whole numbers can make of them. */
import { lookUp } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { DType } from '../../tensor/dtype.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { PartialShape } from '../layer.ts';

/** `int` leaves numbers as they are; the other modes make vectors of them, in which a sample is its last axis (but for `oneHot`). */
export type OutputMode = 'int' | 'oneHot' | 'multiHot' | 'count' | 'tfIdf';

const modes = { int: 'int', oneHot: 'oneHot', multiHot: 'multiHot', count: 'count', tfIdf: 'tfIdf' } as const;
/** Keras's former name. */
const modesAndFormer: Record<string, OutputMode> = { ...modes, binary: 'multiHot' };

/** The mode of a name in any spelling. @throws ArgumentError unless it is among `allowed` */
export function requireOutputMode<M extends OutputMode>(layer: string, value: string, allowed: readonly M[]): M {
  const found = allowed.find((mode) => mode === lookUp('outputMode', modesAndFormer, value));
  if (found === undefined)
    throw new ArgumentError(`Layer ${layer}: expected outputMode to be ${allowed.join(' or ')}, got '${value}'.`);
  return found;
}

export interface Encoding {
  readonly mode: Exclude<OutputMode, 'tfIdf'>;
  /** How many categories there are. */
  readonly depth: number;
  readonly dtype: DType;
  /** In `count`, what each of the numbers counts; default 1. */
  readonly countWeights?: Tensor | null;
}

/** Whole numbers encoded; those below 0 or beyond the depth are in no vector. */
export function encodeCategories(numbers: Tensor, { mode, depth, dtype, countWeights = null }: Encoding): Tensor {
  if (mode === 'int') return ops.cast(numbers, dtype);
  const x = numbers.rank === 0 ? ops.reshape(numbers, [1]) : numbers;
  const outer = x.shape.slice(0, -1);
  const last = x.shape[x.rank - 1];
  if (mode === 'oneHot') return ops.oneHot(x.rank > 1 && last === 1 ? ops.reshape(x, outer) : x, depth, 1, 0, dtype);
  const rows = [sizeOf(outer), last];
  const weights = countWeights && ops.reshape(countWeights, rows);
  const counts = ops.denseBincount(ops.reshape(ops.cast(x, 'int32'), rows), weights, depth, mode === 'multiHot');
  return ops.cast(ops.reshape(counts, [...outer, depth]), dtype);
}

/** Shape of what `encodeCategories` gives. */
export function encodedShape(shape: PartialShape, mode: OutputMode, depth: number | null): PartialShape {
  if (mode === 'int') return shape;
  if (shape.length === 0) return [depth];
  const keepsLast = mode === 'oneHot' && !(shape.length > 1 && shape.at(-1) === 1);
  return [...(keepsLast ? shape : shape.slice(0, -1)), depth];
}

/** What `sparse` gives in the place of a vector. @throws ArgumentError for numbers, which are no vector */
export function requireSparse(layer: string, sparse: boolean | undefined, mode: OutputMode): boolean {
  if (sparse && mode === 'int')
    throw new ArgumentError(`Layer ${layer}: sparse is for vectors, it cannot be true with outputMode 'int'.`);
  return sparse ?? false;
}
