/** @file `tf.ragged`: making ragged tensors and computing with them. Operations are methods of RaggedTensor as well. */
export {
  type RaggedArray,
  booleanMask,
  constant,
  range,
  rowSplitsToSegmentIds,
  segmentIdsToRowSplits,
  stack,
} from './creation.ts';
