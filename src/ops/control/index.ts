/** @file Control flow that a trace writes down: cond, switchCase, whileLoop, forLoop, scan, mapFn. */
export { cond, switchCase } from './branches.ts';
export type { Nest, Tensors } from './nest.ts';
export { type ScanOptions, forLoop, mapFn, scan } from './sequences.ts';
export { type WhileLoopOptions, whileLoop } from './while-loop.ts';
