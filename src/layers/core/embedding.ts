/** @file Embedding: a vector for each whole number. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { requireCount } from '../expectations.ts';
import {
  type CallOptions,
  Layer,
  type LayerOptions,
  type MaskTree,
  type PartialShape,
  type ShapeTree,
  type TensorTree,
} from '../layer.ts';
import { type WeightOptionsFor, weightConfig } from '../weight-options.ts';

export interface EmbeddingOptions extends LayerOptions, WeightOptionsFor<'embeddings'> {
  /** How many numbers there are: inputs are from 0 to `inputDim - 1`. */
  inputDim: number;
  /** Size of a vector. */
  outputDim: number;
  /** Number 0 is padding: the layer puts a mask on its output that leaves it out. Default false. */
  maskZero?: boolean;
  /** The vectors to begin with, [inputDim, outputDim]. */
  weights?: Tensor | readonly Tensor[] | null;
}

/**
 * A vector for each whole number, learned: rows of `embeddings` [inputDim, outputDim], which starts by `uniform` in ±0.05. Its gradient
 * holds only the rows that were used.
 *
 * Input [batch, ...] of whole numbers, output [batch, ..., outputDim].
 *
 * @example
 * tf.layers.embedding({ inputDim: 1000, outputDim: 16 }).apply(tf.tensor([[4, 7, 0]], undefined, 'int32')).shape; // [1, 3, 16]
 */
export class Embedding extends Layer {
  readonly inputDim: number;
  readonly outputDim: number;
  readonly maskZero: boolean;
  embeddings: Variable | null = null;
  protected readonly options: EmbeddingOptions;

  constructor(options: EmbeddingOptions) {
    super({ ...options, autocast: false });
    this.inputDim = requireCount(this.name, 'inputDim', options.inputDim);
    this.outputDim = requireCount(this.name, 'outputDim', options.outputDim);
    this.maskZero = options.maskZero ?? false;
    this.supportsMasking = this.maskZero;
    this.options = options;
  }

  override build(_inputShape?: ShapeTree): void {
    const { inputDim, outputDim, options } = this;
    this.embeddings = this.addWeightFor('embeddings', [inputDim, outputDim], options, 'randomUniform');
    const given = options.weights instanceof Tensor ? options.weights : options.weights?.[0];
    if (given) this.embeddings.assign(ops.cast(given, this.dtype));
  }

  override call(inputs: Tensor, _options: CallOptions): TensorTree {
    if (inputs.dtype === 'string')
      throw new ArgumentError(
        `Layer ${this.name}: expected whole numbers, got strings; make numbers of them with tf.layers.stringLookup().`,
      );
    return ops.cast(ops.gather(this.embeddings!.read(), ops.cast(inputs, 'int32')), this.computeDtype);
  }

  override computeMask(inputs: TensorTree): MaskTree {
    return this.maskZero ? ops.notEqual(inputs as Tensor, 0) : null;
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return [...inputShape, this.outputDim];
  }

  override detail(): string {
    return `${this.inputDim} to ${this.outputDim}`;
  }

  override getConfig(): Config {
    const { inputDim, outputDim, maskZero, options } = this;
    return { ...super.getConfig(), inputDim, outputDim, ...weightConfig(options, 'embeddings', 'uniform'), maskZero };
  }
}
