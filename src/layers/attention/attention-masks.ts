/** @file Which keys a query may see. */
import * as ops from '../../ops/index.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { MaskTree } from '../layer.ts';

/** A mask for each of a list of inputs, null where all of it counts. */
export function masksOfInputs(mask: MaskTree | undefined, count: number): (Tensor | null)[] {
  const list = Array.isArray(mask) ? (mask as readonly MaskTree[]) : [mask];
  return Array.from({ length: count }, (_, i) =>
    list[i] instanceof Tensor ? ops.cast(list[i] as Tensor, 'bool') : null,
  );
}

/** How far each key is behind each query: int32 [1, queries, keys]. */
const distances = (queries: number, keys: number): Tensor => {
  const places = (length: number, shape: number[]): Tensor => ops.reshape(ops.range(0, length, 1, 'int32'), shape);
  return ops.sub(places(queries, [1, queries, 1]), places(keys, [1, 1, keys]));
};

/** Keys up to the query's own place: bool [1, queries, keys]. */
export const causalMask = (queries: number, keys: number): Tensor => ops.greaterEqual(distances(queries, keys), 0);

/** Keys less than `window` places away: bool [1, queries, keys]. */
export const windowMask = (queries: number, keys: number, window: number): Tensor =>
  ops.less(ops.abs(distances(queries, keys)), window);
