/** @file Operations of mathematics whose first operand is a tensor: they are methods of it as well. */
export * from './arithmetic.ts';
export * from './bits.ts';
export * from './counting.ts';
export * from './cumulative.ts';
export * from './norms.ts';
export * from './products.ts';
export * from './rearranging.ts';
export * from './scatter.ts';
export * from './segment.ts';
export * from './sets.ts';
export * from './sorting.ts';
export * from './special.ts';
export * from './statistics.ts';
