/** @file Operations of ragged tensors as chained methods: those on elements that tensors have, reductions, joining, printing. */
import { RaggedTensor } from '../../ragged/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import * as binary from '../binary.ts';
import type { Index } from '../indexing/places.ts';
import * as logical from '../logical.ts';
import type { Axis } from '../reduction.ts';
import * as unary from '../unary.ts';
import { type RaggedOperand, mapFlatValues } from './elementwise.ts';
import { formatRagged } from './format.ts';
import { at } from './indexing.ts';
import { concat, gather, reverse } from './joining.ts';
import { all, any, max, mean, min, prod, sum } from './reduction.ts';

/** An operation on elements, without its first operand. */
type UnaryMethod<F> = F extends (first: never, ...rest: infer Rest) => Tensor ? (...rest: Rest) => RaggedTensor : never;
/** The second operand may be ragged as well. */
type BinaryMethod<F> = F extends (only: never) => Tensor ? () => RaggedTensor : (other: RaggedOperand) => RaggedTensor;
type Both = typeof binary & typeof logical;
type BinaryMethods = { [Name in keyof Both]: BinaryMethod<Both[Name]> };

/** Operations as methods: `x.add(y)` adds the elements of the rows; `x.sum(1)` adds those of each row up. */
export interface RaggedMethods extends BinaryMethods {
  /** The sum over `axis` (all by default). */
  sum(axis?: Axis): Tensor | RaggedTensor;
  /** The product over `axis`; of no elements 1. */
  prod(axis?: Axis): Tensor | RaggedTensor;
  /** The mean over `axis`; of no elements NaN. */
  mean(axis?: Axis): Tensor | RaggedTensor;
  /** The largest element over `axis`. */
  max(axis?: Axis): Tensor | RaggedTensor;
  /** The smallest element over `axis`. */
  min(axis?: Axis): Tensor | RaggedTensor;
  /** Whether any element over `axis` is true. */
  any(axis?: Axis): Tensor | RaggedTensor;
  /** Whether all elements over `axis` are true. */
  all(axis?: Axis): Tensor | RaggedTensor;
  /** This ragged tensor and others, one after another along an axis. */
  concat(others: RaggedTensor | readonly RaggedOperand[], axis?: number): Tensor | RaggedTensor;
  /** Rows, and parts of rows, as numpy indexes: `x.at(0)`, `x.at(':', ':2')`, `x.at('1:', -1)`. */
  at(...indices: readonly Index[]): Tensor | RaggedTensor;
  /** Rows at `indices`. */
  gather(indices: RaggedOperand): Tensor | RaggedTensor;
  /** Rows (axis 0) or the elements of each row (axis 1) in the opposite order. */
  reverse(axis: number): RaggedTensor;
  /** The elements as text. */
  toString(): string;
  /** Writes the elements to the console. */
  print(): void;
}
type UnaryMethods = { [Name in keyof typeof unary]: UnaryMethod<(typeof unary)[Name]> };

declare module '../../ragged/ragged-tensor.ts' {
  interface RaggedTensor extends RaggedMethods, UnaryMethods {}
}

const define = (name: string, value: unknown): void => {
  Object.defineProperty(RaggedTensor.prototype, name, { value, writable: true, configurable: true });
};

for (const family of [unary, binary, logical])
  for (const [name, operation] of Object.entries(family as Record<string, unknown>))
    if (typeof operation === 'function')
      define(name, function (this: RaggedTensor, ...rest: unknown[]) {
        return mapFlatValues(operation as (...operands: never[]) => Tensor, this, ...rest);
      });

type Operation = (x: RaggedTensor, ...rest: never[]) => unknown;
for (const [name, operation] of Object.entries<Operation>({ sum, prod, mean, max, min, any, all, at, gather, reverse }))
  define(name, function (this: RaggedTensor, ...rest: never[]) {
    return operation(this, ...rest);
  });

define('concat', function (this: RaggedTensor, others: RaggedTensor | readonly RaggedOperand[], axis?: number) {
  return concat([this, ...(others instanceof RaggedTensor ? [others] : others)], axis);
});
define('toString', function (this: RaggedTensor) {
  return formatRagged(this);
});
define('print', function (this: RaggedTensor) {
  console.log(formatRagged(this));
});
