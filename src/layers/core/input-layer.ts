/** @file InputLayer: says what a model takes; `tf.input` makes one and gives its symbolic tensor. */
import type { Config } from '../../configuration.ts';
import type { KerasTensor } from '../../symbolic/keras-tensor.ts';
import { Node } from '../../symbolic/node.ts';
import { TensorForm } from '../../symbolic/output-forms.ts';
import type { DType } from '../../tensor/dtype.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Layer, type LayerOptions, type PartialShape } from '../layer.ts';

export interface InputLayerOptions extends Omit<LayerOptions, 'dtype'> {
  /** Shape of the inputs with the batch: the same as `batchInputShape`. */
  batchShape?: PartialShape;
  /** The batch's size, where it is always the same. */
  batchSize?: number | null;
  /** Default float32. */
  dtype?: DType;
  /** Kept for configs of Keras; sparse and ragged inputs are given as they are. */
  sparse?: boolean;
  ragged?: boolean;
}

/** The first layer of a model: it tells shape and dtype of what comes in, and hands it on. */
export class InputLayer extends Layer {
  override readonly batchInputShape: PartialShape;
  private readonly options: InputLayerOptions;

  constructor(options: InputLayerOptions) {
    super({ ...options, dtype: options.dtype ?? 'float32', name: options.name ?? undefined });
    const { batchShape, batchInputShape, inputShape, batchSize = null } = options;
    const shape = batchShape ?? batchInputShape ?? (inputShape && [batchSize, ...inputShape]);
    if (!Array.isArray(shape) || !shape.every((size) => size === null || (Number.isInteger(size) && size >= 0)))
      throw new ArgumentError(
        `Layer ${this.name}: expected an inputShape, such as { inputShape: [28, 28, 1] }, with null for sizes that vary; ` +
          `got ${JSON.stringify(shape)}.`,
      );
    this.batchInputShape = shape;
    this.options = options;
    this.built = true;
    this.inboundNodes.push(new Node(this, [], new TensorForm(this.dtype, shape)));
  }

  /** What stands for the data. */
  get tensor(): KerasTensor {
    return this.inboundNodes[0].outputs[0];
  }

  override call(inputs: Tensor): Tensor {
    return inputs;
  }

  override computeOutputShape(): PartialShape {
    return this.batchInputShape;
  }

  override getConfig(): Config {
    const { sparse = false, ragged = false } = this.options;
    return { name: this.name, batchShape: this.batchInputShape, dtype: this.dtype, sparse, ragged };
  }
}

export interface InputOptions {
  /** Shape of one sample, without the batch; null for sizes that vary. */
  shape?: PartialShape;
  /** The same with the batch. */
  batchShape?: PartialShape;
  /** The batch's size, where it is always the same. */
  batchSize?: number | null;
  /** Default float32. */
  dtype?: DType;
  name?: string;
  sparse?: boolean;
  ragged?: boolean;
}

/**
 * A symbolic tensor that stands for a model's input: the start of a functional model.
 *
 * @throws ArgumentError where neither `shape` nor `batchShape` is given.
 * @example
 * const x = tf.input({ shape: [4] });
 * const y = tf.layers.dense({ units: 3, activation: 'softmax' }).apply(x);
 * const model = tf.model({ inputs: x, outputs: y });
 */
export function input({ shape, batchShape, ...options }: InputOptions): KerasTensor {
  if (!shape && !batchShape)
    throw new ArgumentError(
      'input: expected a shape, such as { shape: [28, 28, 1] } without the batch, or a batchShape.',
    );
  return new InputLayer({ ...options, inputShape: shape, batchShape }).tensor;
}
