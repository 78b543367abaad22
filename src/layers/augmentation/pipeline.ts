/** @file Pipeline: layers of preprocessing one after another, as one. */
import type { Config } from '../../configuration.ts';
import { holdsKerasTensor } from '../../symbolic/keras-tensor.ts';
import type { SerializedObject } from '../../serialization/registry.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { currentCall } from '../call-context.ts';
import { type CallOptions, Layer, type ShapeTree, type TensorTree } from '../layer.ts';
import { masksOf } from '../masks.ts';
import { deserializeLayer, serializeLayer } from '../registry.ts';

export interface PipelineOptions {
  /** The layers, the first of which sees the inputs. */
  layers: readonly Layer[];
  /** Default: the class's name in snake case, numbered. */
  name?: string;
}

/**
 * Layers one after another. Unlike a sequential model it is a layer, to be used by itself or in a model, and as the layers for
 * augmentation it is in training outside of models unless it is told otherwise.
 *
 * @example
 * const augment = tf.layers.pipeline({ layers: [tf.layers.randomFlip(), tf.layers.randomRotation({ factor: 0.1 })] });
 * augment.apply(images);
 */
export class Pipeline extends Layer {
  readonly layers: readonly Layer[];

  constructor(options: PipelineOptions) {
    super({ name: options.name });
    const { layers } = options;
    if (!Array.isArray(layers) || layers.length === 0 || !layers.every((layer) => layer instanceof Layer))
      throw new ArgumentError(
        `Layer ${this.name}: expected layers to be a list of layers, such as [tf.layers.randomFlip()].`,
      );
    this.layers = [...layers];
    this.supportsMasking = true;
  }

  override apply<O extends TensorTree = Tensor>(inputs: TensorTree, options: CallOptions = {}): O {
    // A node of a model must not remember what was only the default.
    if (holdsKerasTensor([inputs, options])) return super.apply<O>(inputs, options);
    return super.apply<O>(inputs, { ...options, training: options.training ?? currentCall()?.training ?? true });
  }

  override call(inputs: TensorTree, { training, mask }: CallOptions): TensorTree {
    return this.layers.reduce<TensorTree>(
      (x, layer, i) => layer.apply<TensorTree>(x, { training, mask: i === 0 ? mask : masksOf(x) }),
      inputs,
    );
  }

  override build(inputShape: ShapeTree): void {
    this.layers.reduce((shape, layer) => {
      layer.ensureBuilt(shape);
      return layer.computeOutputShape(shape);
    }, inputShape);
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    return this.layers.reduce((shape, layer) => layer.computeOutputShape(shape), inputShape);
  }

  // What inner layers give need not be of this layer's dtype.
  protected override outputForms(inputs: TensorTree, options: CallOptions): unknown {
    return this.tracedForms(inputs, { ...options, training: false });
  }

  override getConfig(): Config {
    return { layers: this.layers.map(serializeLayer), name: this.name };
  }

  static fromConfig({ layers, name }: Config): Pipeline {
    const made = (layers as readonly SerializedObject[]).map((layer) => deserializeLayer(layer));
    return new Pipeline({ layers: made, name: name as string | undefined });
  }
}
