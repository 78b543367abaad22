/** @file Pictures: `tf.vis.*`. */
export { Table, type TableOptions, type TableRecord, table } from './table.ts';
export { Plot, type VegaSpecification, vega } from './vega.ts';
export { type ProgressView, type ProgressViewOptions, createProgressView } from './progress.ts';
