/** @file ReversibleEmbedding: an embedding that also goes back, from vectors to scores of the numbers. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { DType } from '../../tensor/dtype.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { maskOf, setMask } from '../masks.ts';
import type { CallOptions, MaskTree, PartialShape, TensorTree } from '../layer.ts';
import { Embedding, type EmbeddingOptions } from './embedding.ts';

export interface ReversibleEmbeddingOptions extends EmbeddingOptions {
  /** Goes back with the same weights; default true. */
  tieWeights?: boolean;
  /** In which dtype it goes back; default the layer's. */
  reverseDtype?: DType | null;
  /** Keeps scores between plus and minus this, by tanh. */
  logitSoftCap?: number | null;
}

export interface ReversibleEmbeddingCallOptions extends CallOptions {
  /** From vectors to scores instead of from numbers to vectors; default false. */
  reverse?: boolean;
}

/**
 * An embedding that also goes back: `apply(vectors, { reverse: true })` gives a score for each number, vectors · embeddingsᵀ.
 *
 * Weights: embeddings [inputDim, outputDim]; without `tieWeights` also reverse_embeddings [outputDim, inputDim].
 *
 * @example
 * const embedding = tf.layers.reversibleEmbedding({ inputDim: 100, outputDim: 8 });
 * const vectors = embedding.apply(tf.tensor([[1, 2]], undefined, 'int32'));
 * embedding.apply(vectors, { reverse: true }).shape; // [1, 2, 100]
 */
export class ReversibleEmbedding extends Embedding {
  readonly tieWeights: boolean;
  readonly reverseDtype: DType | null;
  readonly logitSoftCap: number | null;
  reverseEmbeddings: Variable | null = null;

  constructor(options: ReversibleEmbeddingOptions) {
    super(options);
    this.tieWeights = options.tieWeights ?? true;
    this.reverseDtype = options.reverseDtype ?? null;
    this.logitSoftCap = options.logitSoftCap ?? null;
  }

  override build(): void {
    super.build();
    if (!this.tieWeights)
      this.reverseEmbeddings = this.addWeightFor(
        'reverse_embeddings',
        [this.outputDim, this.inputDim],
        this.options,
        'randomUniform',
        'embeddings',
      );
  }

  override call(inputs: Tensor, options: ReversibleEmbeddingCallOptions): TensorTree {
    if (!options.reverse) {
      const vectors = super.call(inputs, options) as Tensor;
      if (this.maskZero) setMask(vectors, ops.notEqual(inputs, 0));
      return vectors;
    }
    const inDtype = (x: Tensor): Tensor => ops.cast(x, this.reverseDtype ?? this.computeDtype);
    const scores = this.reverseEmbeddings
      ? ops.matMul(inDtype(inputs), inDtype(this.reverseEmbeddings.read()))
      : ops.matMul(inDtype(inputs), inDtype(this.embeddings!.read()), false, true);
    const cap = this.logitSoftCap;
    return cap === null ? scores : ops.mul(ops.tanh(ops.div(scores, cap)), cap);
  }

  // The mask is put on in `call`, which knows the direction.
  override computeMask(inputs: TensorTree): MaskTree {
    return maskOf(inputs as Tensor) && null;
  }

  // Depends on the direction: found by tracing.
  protected override outputForms(inputs: TensorTree, options: ReversibleEmbeddingCallOptions): unknown {
    const { shape } = inputs as Tensor;
    const output = options.reverse ? [...shape.slice(0, -1), this.inputDim] : this.computeOutputShape(shape);
    return this.formsOf(output);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return [...inputShape, this.outputDim];
  }

  override getConfig(): Config {
    const { tieWeights, reverseDtype, logitSoftCap } = this;
    return { ...super.getConfig(), tieWeights, reverseDtype, logitSoftCap };
  }
}
