/** @file Bidirectional: a recurrent layer that goes over sequences in both directions. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { SerializedObject } from '../../serialization/registry.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { isShape } from '../../tensor/tree.ts';
import {
  Layer,
  type LayerOptions,
  type MaskTree,
  type PartialShape,
  type ShapeTree,
  type TensorTree,
} from '../layer.ts';
import { deserializeLayer, serializeLayer } from '../registry.ts';
import { RNN, type RNNCallOptions } from './rnn.ts';

const mergeModes = ['concat', 'sum', 'mul', 'ave'] as const;
/** How the outputs of both directions become one; null: they stay two. */
export type MergeMode = (typeof mergeModes)[number] | null;

export interface BidirectionalOptions extends LayerOptions {
  /** The recurrent layer: each direction gets a new one made like it. */
  layer: RNN;
  /** The layer that goes backwards; default one made like `layer`. */
  backwardLayer?: RNN | null;
  /** Default `concat`. */
  mergeMode?: MergeMode;
}

/** A new layer like another one, with some options changed. */
function remade(layer: RNN, changes: Config): RNN {
  const { className, config, ...rest } = serializeLayer(layer);
  return deserializeLayer({ className, config: { ...config, ...changes }, ...rest }) as RNN;
}

/**
 * Goes over sequences forwards and backwards, with a layer for each, and merges their outputs. With `returnState` the states of the forward
 * layer come after the output, then those of the backward one.
 *
 * @throws ArgumentError where the layers differ in what they return.
 * @example
 * tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 8 }) }).apply(tf.ones([2, 5, 3])).shape; // [2, 16]
 */
export class Bidirectional extends Layer {
  readonly forwardLayer: RNN;
  readonly backwardLayer: RNN;
  readonly mergeMode: MergeMode;

  constructor(options: BidirectionalOptions) {
    super(options);
    const { layer, backwardLayer, mergeMode = 'concat' } = options;
    for (const [what, given] of Object.entries({ layer, ...(backwardLayer && { backwardLayer }) }))
      if (!(given instanceof RNN))
        throw new ArgumentError(
          `Layer ${this.name}: expected ${what} to be a recurrent layer, such as tf.layers.lstm({ units: 8 }).`,
        );
    if (mergeMode !== null && !mergeModes.includes(mergeMode))
      throw new ArgumentError(
        `Layer ${this.name}: expected mergeMode ${mergeModes.join(', ')} or null; got '${mergeMode}'.`,
      );
    this.mergeMode = mergeMode;
    this.forwardLayer = remade(layer, { name: `forward_${layer.name.replace(/^forward_/, '')}` });
    this.backwardLayer =
      backwardLayer ??
      remade(layer, {
        goBackwards: !layer.goBackwards,
        name: `backward_${layer.name.replace(/^(backward|forward)_/, '')}`,
      });
    const [forward, backward] = [this.forwardLayer, this.backwardLayer];
    if (forward.goBackwards === backward.goBackwards)
      throw new ArgumentError(
        `Layer ${this.name}: one of the two layers must go backwards (goBackwards: true), and one must not.`,
      );
    for (const option of ['stateful', 'returnSequences', 'returnState'] as const)
      if (forward[option] !== backward[option])
        throw new ArgumentError(
          `Layer ${this.name}: both layers need the same ${option}; got ${forward[option]} and ${backward[option]}.`,
        );
    // What is masked would else repeat the other direction's past.
    forward.zeroOutputForMask = backward.zeroOutputForMask = forward.returnSequences;
    this.supportsMasking = true;
  }

  override build(inputShape: ShapeTree): void {
    this.forwardLayer.ensureBuilt(inputShape);
    this.backwardLayer.ensureBuilt(inputShape);
  }

  override call(inputs: TensorTree, { initialState, mask }: RNNCallOptions): TensorTree {
    const given = initialState ? ([initialState].flat() as readonly Tensor[]) : null;
    const half = given && given.length / 2;
    const run = (layer: RNN, states: readonly Tensor[] | null): readonly Tensor[] => {
      const result = layer.apply<TensorTree>(inputs, {
        ...(mask && { mask }),
        ...(states && { initialState: states }),
      });
      return result instanceof Tensor ? [result] : (result as readonly Tensor[]);
    };
    const [forward, ...forwardStates] = run(this.forwardLayer, given && given.slice(0, half!));
    const [backward, ...backwardStates] = run(this.backwardLayer, given && given.slice(half!));
    const reversed = this.returnSequences ? ops.reverse(backward, [1]) : backward;
    return this.withStates(this.merge(forward, reversed), [...forwardStates, ...backwardStates]);
  }

  get returnSequences(): boolean {
    return this.forwardLayer.returnSequences;
  }

  /** Outputs, and states behind them where the layer gives those; one output alone is no list. */
  private withStates<T>(outputs: readonly T[], states: readonly T[]): T | readonly T[] {
    if (this.forwardLayer.returnState) return [...outputs, ...states];
    return this.mergeMode === null ? outputs : outputs[0];
  }

  private merge(a: Tensor, b: Tensor): readonly Tensor[] {
    switch (this.mergeMode) {
      case 'concat':
        return [ops.concat([a, b], -1)];
      case 'sum':
        return [ops.add(a, b)];
      case 'mul':
        return [ops.mul(a, b)];
      case 'ave':
        return [ops.div(ops.add(a, b), 2)];
      default:
        return [a, b];
    }
  }

  override computeMask(inputs: TensorTree, mask: MaskTree): MaskTree {
    const own = this.forwardLayer.computeMask(inputs, mask);
    const [ofSteps, ...ofStates] = Array.isArray(own) ? (own as readonly MaskTree[]) : [own];
    return this.withStates(this.mergeMode === null ? [ofSteps, ofSteps] : [ofSteps], [...ofStates, ...ofStates]);
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const shape = this.forwardLayer.computeOutputShape(inputShape);
    const [output, ...states] = isShape(shape) ? [shape] : (shape as readonly PartialShape[]);
    const last = output.at(-1) ?? null;
    const merged = this.mergeMode === 'concat' ? [...output.slice(0, -1), last === null ? null : 2 * last] : output;
    return this.withStates(this.mergeMode === null ? [output, output] : [merged], [...states, ...states]);
  }

  override resetStates(): void {
    this.forwardLayer.resetStates();
    this.backwardLayer.resetStates();
  }

  override detail(): string {
    return [this.forwardLayer.constructor.name, this.forwardLayer.detail()].filter(Boolean).join(', ');
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      mergeMode: this.mergeMode,
      layer: serializeLayer(this.forwardLayer),
      backwardLayer: serializeLayer(this.backwardLayer),
    };
  }

  static fromConfig({ layer, backwardLayer, ...config }: Config): Bidirectional {
    const made = (serialized: unknown): RNN => deserializeLayer(serialized as SerializedObject) as RNN;
    return new Bidirectional({
      ...config,
      layer: made(layer),
      ...(backwardLayer ? { backwardLayer: made(backwardLayer) } : {}),
    });
  }
}
