/** @file `tf.ragged`: making ragged tensors and computing with them. Operations are methods of RaggedTensor as well. */
export {
  type RaggedArray,
  booleanMask,
  constant,
  range,
  rowSplitsToSegmentIds,
  segmentIdsToRowSplits,
} from './creation.ts';
export { expandDims, fromSparse, tile, toSparse, where } from './conversion.ts';
export { type RaggedOperand, mapFlatValues } from './elementwise.ts';
export { all, any, max, mean, min, prod, sum } from './reduction.ts';
export type { RaggedMethods } from './methods.ts';
import './methods.ts';
export { concat, gather, reverse, stack } from './joining.ts';
