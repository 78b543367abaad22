/** @file GroupQueryAttention: heads of queries that share heads of keys and values. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { knownSize, requireCount } from '../expectations.ts';
import type { PartialShape, ShapeTree } from '../layer.ts';
import { ProjectedAttention, type ProjectedAttentionOptions } from './projected-attention.ts';

export interface GroupQueryAttentionOptions extends ProjectedAttentionOptions {
  /** Size of each head. */
  headDim: number;
  /** How many heads of queries; a multiple of `numKeyValueHeads`. */
  numQueryHeads: number;
  /** How many heads of keys and values. */
  numKeyValueHeads: number;
}

/**
 * Attention in which several heads of queries share one of keys and values (Ainslie et al. 2023); else as {@link MultiHeadAttention}.
 *
 * @example
 * const attention = tf.layers.groupQueryAttention({ headDim: 4, numQueryHeads: 4, numKeyValueHeads: 2 });
 * attention.apply([tf.ones([2, 3, 8]), tf.ones([2, 5, 8])]).shape; // [2, 3, 8]
 */
export class GroupQueryAttention extends ProjectedAttention {
  readonly headDim: number;
  readonly numQueryHeads: number;
  readonly numKeyValueHeads: number;

  constructor(options: GroupQueryAttentionOptions) {
    super(options);
    this.headDim = requireCount(this.name, 'headDim', options.headDim);
    this.numQueryHeads = requireCount(this.name, 'numQueryHeads', options.numQueryHeads);
    this.numKeyValueHeads = requireCount(this.name, 'numKeyValueHeads', options.numKeyValueHeads);
    if (this.numQueryHeads % this.numKeyValueHeads !== 0)
      throw new ArgumentError(
        `Layer ${this.name}: expected numQueryHeads to be a multiple of numKeyValueHeads, got ${this.numQueryHeads} and ${this.numKeyValueHeads}.`,
      );
  }

  override build(inputShape: ShapeTree): void {
    const [query, value, key] = this.shapesOf(inputShape);
    const { headDim, numQueryHeads: heads, numKeyValueHeads: groups } = this;
    const project = (name: string, shape: PartialShape, count: number, activation?: 'sigmoid') =>
      this.projection(name, 'abc,cde->abde', [null, count, headDim], 'de', shape, activation);
    this.queryDense = project('query', query, heads);
    this.keyDense = project('key', key, groups);
    if (this.useGate) this.gateDense = project('gate', query, heads, 'sigmoid');
    this.valueDense = project('value', value, groups);
    const size = knownSize(this.name, query, -1);
    this.outputDense = this.projection('attention_output', 'abcd,cde->abe', [null, size], 'e', [
      null,
      null,
      heads,
      headDim,
    ]);
  }

  protected override readonly keyAxes: number = 1;

  protected override attend(query: Tensor, key: Tensor, value: Tensor, weigh: (scores: Tensor) => Tensor): Tensor {
    const repeats = this.numQueryHeads / this.numKeyValueHeads;
    const shared = (x: Tensor): Tensor => (repeats === 1 ? x : ops.repeat(x, repeats, 2));
    const scaled = ops.mul(query, 1 / Math.sqrt(this.headDim));
    return this.attendAlongPlaces(scaled, shared(key), shared(value), weigh);
  }

  override computeOutputShape(inputShape: ShapeTree): PartialShape {
    return this.shapesOf(inputShape)[0];
  }

  override detail(): string {
    return `${this.numQueryHeads} heads of ${this.headDim}, ${this.numKeyValueHeads} of keys`;
  }

  override getConfig(): Config {
    const { headDim, numQueryHeads, numKeyValueHeads } = this;
    return { ...super.getConfig(), headDim, numQueryHeads, numKeyValueHeads };
  }
}
