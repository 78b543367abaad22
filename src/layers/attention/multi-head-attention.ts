/** @file MultiHeadAttention: several attentions side by side, each on projections of its own. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireCount } from '../expectations.ts';
import type { PartialShape, ShapeTree } from '../layer.ts';
import { ProjectedAttention, type ProjectedAttentionOptions } from './projected-attention.ts';

export interface MultiHeadAttentionOptions extends ProjectedAttentionOptions {
  /** How many attentions there are. */
  numHeads: number;
  /** Size of each head's queries and keys. */
  keyDim: number;
  /** Size of each head's values; default `keyDim`. */
  valueDim?: number | null;
  /** Sizes of the output's last axes; default that of the query. */
  outputShape?: number | readonly number[] | null;
  /** The axes over which is attended, from 1; default all but the batch's and the last. */
  attentionAxes?: number | readonly number[] | null;
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const lettersFrom = (start: number, count: number): string => letters.slice(start, start + count);

/** `abc,cde->abde`: the last `bound` of some axes are summed over, `free` stay, `made` new ones come. */
function projectionEquation(free: number, bound: number, made: number): { equation: string; biasAxes: string } {
  const kept = lettersFrom(0, free);
  const summed = lettersFrom(free, bound);
  const output = lettersFrom(free + bound, made);
  return { equation: `${kept}${summed},${summed}${output}->${kept}${output}`, biasAxes: output };
}

/**
 * Attention of several heads (Vaswani et al. 2017): softmax(Q Kᵀ / sqrt(keyDim)) V of projections of query, key and value for each head, and a
 * projection of what all heads give.
 *
 * Inputs [query, value] or [query, value, key], or the query with `{ value, key }` among the options, of the shapes [batch, queries, dim] and [batch, keys, dim];
 * output [batch, queries, dim]. Kernels: query and key [dim, heads, keyDim], value [dim, heads, valueDim], attention_output [heads, valueDim, dim].
 *
 * @example
 * const attention = tf.layers.multiHeadAttention({ numHeads: 2, keyDim: 4 });
 * attention.apply([tf.ones([2, 3, 8]), tf.ones([2, 5, 8])], { useCausalMask: true }).shape; // [2, 3, 8]
 */
export class MultiHeadAttention extends ProjectedAttention {
  readonly numHeads: number;
  readonly keyDim: number;
  readonly valueDim: number;
  private readonly outputSizes: readonly number[] | null;
  private axes: readonly number[] | null;
  private dotEquation = '';
  private combineEquation = '';

  constructor(options: MultiHeadAttentionOptions) {
    super(options);
    this.numHeads = requireCount(this.name, 'numHeads', options.numHeads);
    this.keyDim = requireCount(this.name, 'keyDim', options.keyDim);
    this.valueDim = requireCount(this.name, 'valueDim', options.valueDim ?? options.keyDim);
    const { outputShape = null, attentionAxes = null } = options;
    this.outputSizes = typeof outputShape === 'number' ? [outputShape] : outputShape;
    this.axes = typeof attentionAxes === 'number' ? [attentionAxes] : attentionAxes;
    if (this.axes?.some((axis) => !Number.isInteger(axis) || axis === 0))
      throw new ArgumentError(
        `Layer ${this.name}: expected attentionAxes to be axes without the batch's, got ${JSON.stringify(attentionAxes)}.`,
      );
  }

  override build(inputShape: ShapeTree): void {
    const [query, value, key] = this.shapesOf(inputShape);
    const { numHeads, keyDim, valueDim } = this;
    const project = (name: string, shape: PartialShape, size: number, activation?: 'sigmoid') => {
      const { equation, biasAxes } = projectionEquation(shape.length - 1, 1, 2);
      const sizes = [...Array<null>(shape.length - 2).fill(null), numHeads, size];
      return this.projection(name, equation, sizes, biasAxes, shape, activation);
    };
    this.queryDense = project('query', query, keyDim);
    this.keyDense = project('key', key, keyDim);
    if (this.useGate) this.gateDense = project('gate', query, valueDim, 'sigmoid');
    this.valueDense = project('value', value, valueDim);
    this.makeEquations(query.length + 1);
    const made = this.outputSizes ?? [query.at(-1) as number];
    const { equation, biasAxes } = projectionEquation(query.length - 1, 2, made.length);
    const sizes = [...Array<null>(query.length - 2).fill(null), ...made];
    const heads = [...query.slice(0, -1), numHeads, valueDim];
    this.outputDense = this.projection('attention_output', equation, sizes, biasAxes, heads);
  }

  /** Equations for projections of this rank, [batch, ..., heads, size]: axes that are attended over have letters of their own in keys. */
  private makeEquations(rank: number): void {
    const axes = (this.axes ?? Array.from({ length: rank - 3 }, (_, i) => i + 1)).map((axis) =>
      axis < 0 ? rank - 1 + axis : axis,
    );
    this.axes = axes;
    const target = lettersFrom(0, rank);
    let next = rank;
    const source = [...target].map((letter, axis) => (axes.includes(axis) ? letters[next++] : letter)).join('');
    const at = (term: string, places: readonly number[]): string => places.map((place) => term[place]).join('');
    const others = Array.from({ length: rank - 1 }, (_, axis) => axis).filter((axis) => !axes.includes(axis));
    const scores = at(target, others) + at(target, axes) + at(source, axes);
    this.dotEquation = `${source},${target}->${scores}`;
    this.combineEquation = `${scores},${source}->${target}`;
  }

  protected override get keyAxes(): number {
    return this.axes?.length ?? 1;
  }

  protected override attend(query: Tensor, key: Tensor, value: Tensor, weigh: (scores: Tensor) => Tensor): Tensor {
    const scaled = ops.mul(query, 1 / Math.sqrt(this.keyDim));
    if (query.rank === 4 && this.axes?.length === 1 && this.axes[0] === 1)
      return this.attendAlongPlaces(scaled, key, value, weigh);
    return ops.einsum(this.combineEquation, weigh(ops.einsum(this.dotEquation, key, scaled)), value);
  }

  override computeOutputShape(inputShape: ShapeTree): PartialShape {
    const [query] = this.shapesOf(inputShape);
    return [...query.slice(0, -1), ...(this.outputSizes ?? [query.at(-1) ?? null])];
  }

  override detail(): string {
    return `${this.numHeads} heads of ${this.keyDim}`;
  }

  override getConfig(): Config {
    const { numHeads, keyDim, valueDim, outputSizes: outputShape, axes: attentionAxes } = this;
    return { ...super.getConfig(), numHeads, keyDim, valueDim, outputShape, attentionAxes };
  }
}
