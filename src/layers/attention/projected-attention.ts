/** @file ProjectedAttention: what MultiHeadAttention and GroupedQueryAttention share: projections, masks, weights of heads. */
import type { ActivationIdentifier } from '../../activations/index.ts';
import type { Config } from '../../configuration.ts';
import { Generator } from '../../engine/random/philox.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { EinsumDense } from '../core/einsum-dense.ts';
import { requireRate } from '../expectations.ts';
import {
  Layer,
  type LayerOptions,
  type MaskTree,
  type PartialShape,
  type ShapeTree,
  type TensorTree,
} from '../layer.ts';
import { type WeightOptionsFor, weightConfig, weightSettings } from '../weight-options.ts';
import type { AttentionCallOptions } from './attention.ts';
import { causalMask, masksOfInputs, windowMask } from './attention-masks.ts';

export interface ProjectedAttentionOptions extends LayerOptions, WeightOptionsFor<'kernel'>, WeightOptionsFor<'bias'> {
  /** Share of the weights that is dropped in training; default 0. */
  dropout?: number;
  /** Whether projections have biases; default true. */
  useBias?: boolean;
  /** Multiplies what heads give by a sigmoid of a further projection of the query; default false. */
  useGate?: boolean;
  /** Queries see only keys less than so many places away. */
  slidingWindow?: number | null;
  /** Starts the dropout's own generator; left out, the global one is used. */
  seed?: number | null;
}

export interface ProjectedAttentionCallOptions extends AttentionCallOptions {
  /** What is summed; may also be given among the inputs, [query, value]. */
  value?: Tensor;
  /** What queries are compared with; default the value. May also be given among the inputs, [query, value, key]. */
  key?: Tensor | null;
  /** `[batch, queries, keys]`: true where a query may see a key. */
  attentionMask?: Tensor | null;
}

/** Stands for minus infinity where a key is not seen. */
const almostMinusInfinity = (dtype: string): number => (dtype === 'float16' ? -3e4 : -1e9);

export abstract class ProjectedAttention extends Layer {
  readonly dropout: number;
  readonly useBias: boolean;
  readonly useGate: boolean;
  readonly slidingWindow: number | null;
  readonly seed: number | null;
  // In Keras's order, which is that of the weights.
  queryDense: EinsumDense | null = null;
  keyDense: EinsumDense | null = null;
  gateDense: EinsumDense | null = null;
  valueDense: EinsumDense | null = null;
  outputDense: EinsumDense | null = null;
  protected readonly options: ProjectedAttentionOptions;
  private readonly generator: Generator | undefined;

  constructor(options: ProjectedAttentionOptions) {
    // The penalty is on what the projections give, as in Keras.
    super({ ...options, activityRegularizer: null });
    this.dropout = requireRate(this.name, 'dropout', options.dropout);
    this.useBias = options.useBias ?? true;
    this.useGate = options.useGate ?? false;
    this.slidingWindow = options.slidingWindow ?? null;
    if (this.slidingWindow !== null && !(Number.isInteger(this.slidingWindow) && this.slidingWindow > 0))
      throw new ArgumentError(
        `Layer ${this.name}: expected slidingWindow to be a whole number of at least 1, got ${this.slidingWindow}.`,
      );
    this.seed = options.seed ?? null;
    this.generator = this.seed === null ? undefined : new Generator(this.seed);
    this.options = options;
    this.supportsMasking = true;
  }

  /** Query, value and key are arguments of their own in Keras. */
  override readonly inputsAreArguments: boolean = true;

  /**
   * Applies the layer to [query, value] or [query, value, key], or to the query with `value` (and `key`) among the options.
   * @throws ArgumentError where there is no value
   */
  override apply<O extends TensorTree = Tensor>(inputs: TensorTree, options: ProjectedAttentionCallOptions = {}): O {
    const { value, key, ...rest } = options;
    const given = Array.isArray(inputs) ? (inputs as readonly Tensor[]) : [inputs as Tensor];
    const all = [...given, ...(value ? [value] : []), ...(key ? [key] : [])];
    if (all.length < 2 || all.length > 3)
      throw new ArgumentError(
        `Layer ${this.name}: expected query and value, apply([query, value]) or apply(query, { value }), and a key if it is another; got ${all.length} tensors.`,
      );
    return super.apply<O>(all, rest);
  }

  /** Shapes of query, value and key. @throws ShapeError */
  protected shapesOf(inputShape: ShapeTree): readonly [query: PartialShape, value: PartialShape, key: PartialShape] {
    const [query, value, key = value] = inputShape as readonly PartialShape[];
    const same =
      value.length === key.length &&
      value.slice(1, -1).every((size, i) => size === null || key[i + 1] === null || size === key[i + 1]);
    if (!same)
      throw new ShapeError(
        `Layer ${this.name}: value ${formatShape(value)} and key ${formatShape(key)} must have one shape but for their last axis.`,
      );
    return [query, value, key];
  }

  /** A projection with the layer's settings, built for inputs of a shape. */
  protected projection(
    name: string,
    equation: string,
    outputShape: readonly (number | null)[],
    biasAxes: string,
    inputShape: PartialShape,
    activation?: ActivationIdentifier,
  ): EinsumDense {
    const kernel = weightSettings(this.options, 'kernel', 'glorotUniform');
    const bias = weightSettings(this.options, 'bias', 'zeros');
    const dense = new EinsumDense({
      name,
      equation,
      outputShape,
      biasAxes: this.useBias ? biasAxes : null,
      activation,
      dtype: this.dtypePolicy,
      activityRegularizer: this.options.activityRegularizer,
      kernelInitializer: kernel.initializer,
      kernelRegularizer: kernel.regularizer,
      kernelConstraint: kernel.constraint,
      biasInitializer: bias.initializer,
      biasRegularizer: bias.regularizer,
      biasConstraint: bias.constraint,
    });
    dense.ensureBuilt(inputShape);
    return dense;
  }

  /** Which keys each query sees, [batch, queries, keys] (or 1 for the batch); null: all. */
  private visible(inputs: readonly Tensor[], options: ProjectedAttentionCallOptions): Tensor | null {
    const [query, value] = inputs;
    const [queryMask, valueMask, keyMask] = masksOfInputs(options.mask, 3);
    const [queries, keys] = [query.shape[1], value.shape[1]];
    const masks = [
      ...(options.attentionMask ? [ops.cast(options.attentionMask, 'bool')] : []),
      ...(queryMask ? [ops.expandDims(queryMask, -1)] : []),
      ...[valueMask, keyMask].flatMap((mask) => (mask ? [ops.expandDims(mask, -2)] : [])),
      ...(options.useCausalMask ? [causalMask(queries, keys)] : []),
      ...(this.slidingWindow === null ? [] : [windowMask(queries, keys, this.slidingWindow)]),
    ];
    return masks.length > 0 ? masks.reduce((a, b) => ops.logicalAnd(a, b)) : null;
  }

  /** What the heads make of projected query, key and value. @param weigh - From scores to the weights of values. */
  protected abstract attend(query: Tensor, key: Tensor, value: Tensor, weigh: (scores: Tensor) => Tensor): Tensor;

  /** The same as products of matrices, where all are [batch, places, heads, size]. */
  protected attendAlongPlaces(query: Tensor, key: Tensor, value: Tensor, weigh: (scores: Tensor) => Tensor): Tensor {
    const [q, k, v] = [query, key, value].map((x) => ops.transpose(x, [0, 2, 1, 3]));
    const weights = weigh(ops.matMul(q, k, false, true));
    return ops.transpose(ops.matMul(weights, v), [0, 2, 1, 3]);
  }

  /** Axes of the scores over which weights add up to 1: the last ones. */
  protected abstract get keyAxes(): number;

  override call(inputs: readonly Tensor[], options: ProjectedAttentionCallOptions): TensorTree {
    const [query, value, key = value] = inputs;
    const visible = this.visible(inputs, options);
    const gate = this.gateDense?.apply(query);
    const projected = [this.queryDense!, this.keyDense!, this.valueDense!].map((dense, i) =>
      dense.apply([query, key, value][i]),
    );
    const asksForScores = this.dropout > 0 || options.returnAttentionScores === true || projected[0].rank !== 4;
    let shown: Tensor | null = null;
    const heads = this.attend(projected[0], projected[1], projected[2], (scores) => {
      shown = this.shares(scores, visible, asksForScores);
      return options.training && this.dropout > 0 ? ops.dropout(shown, this.dropout, null, this.generator) : shown;
    });
    const output = this.outputDense!.apply(gate ? ops.mul(heads, gate) : heads);
    return options.returnAttentionScores ? [output, shown!] : output;
  }

  /** Shares of each query's keys. @param zeroed - A query that sees nothing gets 0 everywhere, else equal shares. */
  private shares(scores: Tensor, visible: Tensor | null, zeroed: boolean): Tensor {
    const axes = Array.from({ length: this.keyAxes }, (_, i) => scores.rank - this.keyAxes + i);
    const softmax = (x: Tensor): Tensor =>
      axes.length === 1 ? ops.softmax(x, -1) : ops.exp(ops.sub(x, ops.logSumExp(x, axes, true)));
    if (!visible) return softmax(scores);
    // The heads' axis comes before those of queries and keys.
    const headsAt = visible.rank - 2 * this.keyAxes;
    const missing = scores.rank - visible.rank;
    const mask = ops.reshape(visible, visible.shape.toSpliced(headsAt, 0, ...Array<number>(missing).fill(1)));
    const left = ops.where(mask, scores, ops.fill([], almostMinusInfinity(scores.dtype), scores.dtype));
    return zeroed ? ops.where(mask, softmax(left), ops.zeros([], scores.dtype)) : softmax(left);
  }

  override computeMask(_inputs: TensorTree, mask: MaskTree): MaskTree {
    return masksOfInputs(mask, 1)[0];
  }

  protected override outputForms(inputs: TensorTree, options: ProjectedAttentionCallOptions): unknown {
    return options.returnAttentionScores ? this.tracedForms(inputs, options) : super.outputForms(inputs, options);
  }

  override getConfig(): Config {
    const { dropout, useBias, useGate, slidingWindow, seed, options } = this;
    return {
      ...super.getConfig(),
      ...{ dropout, useBias, useGate, slidingWindow, seed },
      ...weightConfig(options, 'kernel', 'glorotUniform'),
      ...weightConfig(options, 'bias', 'zeros'),
    };
  }
}
