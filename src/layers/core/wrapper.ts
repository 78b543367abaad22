/** @file Wrapper: the base of layers around another layer. */
import type { Config } from '../../configuration.ts';
import type { SerializedObject } from '../../serialization/registry.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { TensorTree } from '../../tensor/tree.ts';
import { type CallOptions, Layer, type LayerOptions, type ShapeTree } from '../layer.ts';
import { deserializeLayer, serializeLayer } from '../registry.ts';

export interface WrapperOptions extends LayerOptions {
  /** The layer inside. */
  layer: Layer;
}

/** A layer around another one, `layer`. Subclass it and override `call`, which gives what the layer inside gives. */
export class Wrapper<L extends Layer = Layer> extends Layer {
  readonly layer: L;

  constructor(options: WrapperOptions) {
    super(options);
    if (!(options.layer instanceof Layer))
      throw new ArgumentError(
        `Layer ${this.name}: expected layer to be a layer, such as { layer: tf.layers.dense({ units: 8 }) }; got ${String(options.layer)}.`,
      );
    this.layer = options.layer as L;
  }

  override build(inputShape: ShapeTree): void {
    this.layer.ensureBuilt(inputShape);
  }

  override call(inputs: TensorTree, { training }: CallOptions): TensorTree {
    return this.layer.apply<TensorTree>(inputs, { training });
  }

  override detail(): string {
    return [this.layer.constructor.name, this.layer.detail()].filter(Boolean).join(', ');
  }

  override getConfig(): Config {
    return { ...super.getConfig(), layer: serializeLayer(this.layer) };
  }

  /** The layer that a config describes, with a new layer inside. */
  static fromConfig(config: Config): Layer {
    return new this({ ...config, layer: deserializeLayer(config.layer as SerializedObject) });
  }
}
