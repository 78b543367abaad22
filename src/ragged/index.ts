/** @file Ragged tensors. */
export { RaggedTensor, type RaggedElement, type RaggedValues, type RowNumbers } from './ragged-tensor.ts';
