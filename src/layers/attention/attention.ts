/** @file Attention and AdditiveAttention: sums of values, weighted by how queries and keys fit. */
import type { Config } from '../../configuration.ts';
import { Generator } from '../../engine/random/philox.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { knownSize, requireOneOf, requireRate } from '../expectations.ts';
import {
  type CallOptions,
  Layer,
  type LayerOptions,
  type MaskTree,
  type PartialShape,
  type ShapeTree,
  type TensorTree,
} from '../layer.ts';
import { causalMask, masksOfInputs } from './attention-masks.ts';

export interface AttentionOptions extends LayerOptions {
  /** Multiplies scores by a learned factor, which starts at 1; default false. */
  useScale?: boolean;
  /** `dot`: query · key. `concat`: sum(tanh(query + key)), times a learned factor. Default `dot`. */
  scoreMode?: 'dot' | 'concat';
  /** Share of the weights that is dropped in training; default 0. */
  dropout?: number;
  /** Starts the dropout's own generator; left out, the global one is used. */
  seed?: number | null;
}

export interface AttentionCallOptions extends CallOptions {
  /** Gives `[output, weights]`; default false. */
  returnAttentionScores?: boolean;
  /** A query sees only keys up to its own place; default false. */
  useCausalMask?: boolean;
}

/**
 * softmax(query keyᵀ) value (Luong et al. 2015). Inputs [query, value] or [query, value, key] of the shapes [batch, queries, dim], [batch, keys,
 * dim]; output [batch, queries, dim]. Masks of the inputs leave out values, and make outputs of queries that do not count 0.
 *
 * @example
 * tf.layers.attention().apply([tf.ones([2, 3, 4]), tf.ones([2, 5, 4])]).shape; // [2, 3, 4]
 */
export class Attention extends Layer {
  readonly useScale: boolean;
  readonly scoreMode: 'dot' | 'concat';
  readonly dropout: number;
  readonly seed: number | null;
  scale: Variable | null = null;
  concatScoreWeight: Variable | null = null;
  private readonly generator: Generator | undefined;

  constructor(options: AttentionOptions = {}) {
    super(options);
    this.useScale = options.useScale ?? false;
    this.scoreMode = requireOneOf(this.name, 'scoreMode', options.scoreMode ?? 'dot', ['dot', 'concat']);
    this.dropout = requireRate(this.name, 'dropout', options.dropout);
    this.seed = options.seed ?? null;
    this.generator = this.seed === null ? undefined : new Generator(this.seed);
    this.supportsMasking = true;
  }

  override build(inputShape: ShapeTree): void {
    this.shapesOf(inputShape);
    if (this.useScale) this.scale = this.addWeight('scale', [], null, 'ones');
    if (this.scoreMode === 'concat') this.concatScoreWeight = this.addWeight('concat_score_weight', [], null, 'ones');
  }

  /** Shapes of query, value and, if given, key. @throws ArgumentError */
  protected shapesOf(inputShape: ShapeTree): readonly PartialShape[] {
    const shapes = inputShape as readonly PartialShape[];
    if (!Array.isArray(inputShape) || !shapes.every(Array.isArray) || shapes.length < 2 || shapes.length > 3)
      throw new ArgumentError(
        `Layer ${this.name}: expected a list of two or three tensors, [query, value] or [query, value, key]; got shapes ${JSON.stringify(inputShape)}.`,
      );
    return shapes;
  }

  /** How well each query fits each key: [batch, queries, keys]. */
  protected scores(query: Tensor, key: Tensor): Tensor {
    const scale = (x: Tensor): Tensor => (this.scale ? ops.mul(x, this.scale.read()) : x);
    if (this.scoreMode === 'dot') return scale(ops.matMul(query, key, false, true));
    const sums = ops.add(ops.expandDims(query, -2), ops.expandDims(key, -3));
    return ops.mul(this.concatScoreWeight!.read(), ops.sum(ops.tanh(scale(sums)), -1));
  }

  override call(inputs: readonly Tensor[], options: AttentionCallOptions): TensorTree {
    const [query, value, key = value] = inputs;
    const [queryMask, valueMask] = masksOfInputs(options.mask, inputs.length);
    const scores = this.scores(query, key);
    const masks = [
      ...(valueMask ? [ops.expandDims(valueMask, -2)] : []),
      ...(options.useCausalMask ? [causalMask(query.shape.at(-2) ?? 0, key.shape.at(-2) ?? 0)] : []),
    ];
    const limit = scores.dtype === 'float16' ? 65504 : 1e9;
    const counts = masks.length > 0 ? masks.reduce((a, b) => ops.logicalAnd(a, b)) : null;
    const left = counts ? ops.where(counts, scores, ops.sub(scores, limit)) : scores;
    const weights = ops.softmax(left, -1);
    const kept =
      options.training && this.dropout > 0 ? ops.dropout(weights, this.dropout, null, this.generator) : weights;
    const output = ops.matMul(kept, value);
    const masked = queryMask ? ops.where(ops.expandDims(queryMask, -1), output, ops.zerosLike(output)) : output;
    return options.returnAttentionScores ? [masked, kept] : masked;
  }

  override computeMask(inputs: TensorTree, mask: MaskTree): MaskTree {
    return masksOfInputs(mask, (inputs as readonly Tensor[]).length)[0];
  }

  override computeOutputShape(inputShape: ShapeTree): PartialShape {
    const [query, value] = this.shapesOf(inputShape);
    return [...query.slice(0, -1), value.at(-1) ?? null];
  }

  protected override outputForms(inputs: TensorTree, options: AttentionCallOptions): unknown {
    return options.returnAttentionScores ? this.tracedForms(inputs, options) : super.outputForms(inputs, options);
  }

  override getConfig(): Config {
    const { useScale, scoreMode, dropout, seed } = this;
    return { ...super.getConfig(), useScale, scoreMode, dropout, seed };
  }
}

export interface AdditiveAttentionOptions extends Omit<AttentionOptions, 'scoreMode'> {
  /** Multiplies features by learned factors before they are summed; default true. */
  useScale?: boolean;
}

/**
 * softmax(sum(scale tanh(query + key))) value (Bahdanau et al. 2015). Inputs, output and masks as in {@link Attention}; scale [dim].
 *
 * @example
 * tf.layers.additiveAttention().apply([tf.ones([2, 3, 4]), tf.ones([2, 5, 4])]).shape; // [2, 3, 4]
 */
export class AdditiveAttention extends Attention {
  constructor(options: AdditiveAttentionOptions = {}) {
    super({ ...options, useScale: options.useScale ?? true });
  }

  override build(inputShape: ShapeTree): void {
    const [query] = this.shapesOf(inputShape);
    if (this.useScale) this.scale = this.addWeight('scale', [knownSize(this.name, query, -1)], null, 'glorotUniform');
  }

  protected override scores(query: Tensor, key: Tensor): Tensor {
    const fit = ops.tanh(ops.add(ops.expandDims(query, -2), ops.expandDims(key, -3)));
    return ops.sum(this.scale ? ops.mul(this.scale.read(), fit) : fit, -1);
  }

  override getConfig(): Config {
    const { scoreMode: _none, ...config } = super.getConfig();
    return config;
  }
}
