/** @file Losses of single predictions and of sequences, as operations. */
export * from './cross-entropy.ts';
export { Reduction } from './reduction.ts';
export * from './sampled.ts';
export * from './ctc.ts';
export * from './ctc-decoders.ts';
