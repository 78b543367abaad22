/** @file AugMix: images mixed with differently augmented selves. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { requireCount, requireOneOf } from '../expectations.ts';
import { policyLayers } from './augmentation-policy.ts';
import type { ImageLayer, ImageSize } from './image-layer.ts';
import { type Interpolation, interpolations } from './projective-layer.ts';
import { ColorLayer, type ColorLayerOptions } from './random-image-layer.ts';
import type { RandomSource } from './random-source.ts';
import { type Factor, type NumberRange, requireShare } from './ranges.ts';

export interface AugMixOptions extends ColorLayerOptions {
  /** How many chains of augmentations are mixed; default 3. */
  numChains?: number;
  /** How many augmentations a chain has at most; default 3. */
  chainDepth?: number;
  /** How strong they are, from 0 to 1; one number means from 0 to it. Default 0.3. */
  factor?: Factor;
  /** Of the Dirichlet and beta distributions by which is mixed; default 1. */
  alpha?: number;
  /** Whether brightness, colour, contrast and sharpness are among them; default true. */
  allOps?: boolean;
  /** Values between pixels; default `bilinear`. */
  interpolation?: Interpolation;
}

interface Chains {
  /** `[numChains]`, of sum 1. */
  readonly chainMixingWeights: Tensor;
  /** The share of the images themselves, a scalar. */
  readonly weightSample: Tensor;
  /** int32 `[numChains, chainDepth]`: which layers; one more than there are means none. */
  readonly choices: Tensor;
  /** What each layer does in each place of each chain. */
  readonly transforms: readonly (readonly (readonly unknown[])[])[];
}

/**
 * In training mixes images with what several chains of augmentations make of them (Hendrycks et al. 2020): shear, translation,
 * rotation, posterization, solarization, auto contrast, equalization, and with `allOps` brightness, less colour, contrast and
 * sharpness. Chains are the batch's; how strong they work is drawn for each image. Boxes stay.
 *
 * Images `[batch, height, width, 3]` or one of them; output of the same shape.
 *
 * @example
 * tf.layers.augMix({ numChains: 2, factor: 0.2 }).apply(images, { training: true });
 */
export class AugMix extends ColorLayer<Chains> {
  readonly numChains: number;
  readonly chainDepth: number;
  readonly factor: NumberRange;
  readonly alpha: number;
  readonly allOps: boolean;
  readonly interpolation: Interpolation;
  private readonly links: readonly ImageLayer<unknown>[];

  constructor(options: AugMixOptions = {}) {
    super(options);
    this.numChains = requireCount(this.name, 'numChains', options.numChains ?? 3);
    this.chainDepth = requireCount(this.name, 'chainDepth', options.chainDepth ?? 3);
    this.factor = requireShare(this.name, 'factor', options.factor ?? 0.3);
    this.alpha = options.alpha ?? 1;
    if (!(this.alpha > 0))
      throw new ArgumentError(`Layer ${this.name}: expected alpha to be above 0, got ${this.alpha}.`);
    this.allOps = options.allOps ?? true;
    this.interpolation = requireOneOf(this.name, 'interpolation', options.interpolation ?? 'bilinear', interpolations);
    const { factor, valueRange, interpolation } = this;
    const layers = policyLayers({ factor, valueRange, interpolation, dtype: options.dtype });
    const { randomBrightness, randomColorDegeneration, randomContrast, randomSharpness, ...geometry } = layers;
    const colors = { randomBrightness, randomColorDegeneration, randomContrast, randomSharpness };
    this.links = Object.values({ ...geometry, ...(this.allOps && colors) }) as ImageLayer<unknown>[];
  }

  override draw(source: RandomSource, size: ImageSize): Chains {
    const { numChains, chainDepth, links } = this;
    const gammas = source.gamma([numChains], this.alpha);
    const each = <V>(count: number, make: () => V): V[] => Array.from({ length: count }, make);
    return {
      chainMixingWeights: ops.div(gammas, ops.sum(gammas)),
      weightSample: source.beta([], this.alpha),
      choices: source.integers([numChains, chainDepth], 0, links.length + 1),
      transforms: each(numChains, () => each(chainDepth, () => links.map((layer) => layer.draw(source, size)))),
    };
  }

  /** The mixture of `value` with its chains. */
  private mixed(
    value: Tensor,
    { chainMixingWeights, weightSample, choices, transforms }: Chains,
    change: (x: Tensor, layer: ImageLayer<unknown>, transformation: unknown) => Tensor,
  ): Tensor {
    const { links, chainDepth } = this;
    const chosen = ops.unstack(ops.reshape(choices, [-1]), 0);
    const weights = ops.unstack(ops.cast(chainMixingWeights, value.dtype), 0);
    const chains = transforms.map((chain, c) => {
      const end = chain.reduce<Tensor>((x, own, depth) => {
        const branches = links.map((layer, i) => () => change(x, layer, own[i]));
        return ops.switchCase(chosen[c * chainDepth + depth], [...branches, () => x]);
      }, value);
      return ops.mul(end, weights[c]);
    });
    const share = ops.cast(weightSample, value.dtype);
    return ops.add(ops.mul(value, share), ops.mul(ops.addN(chains), ops.sub(1, share)));
  }

  protected override augment(images: Tensor, transformation: Chains): Tensor {
    return this.clipped(this.mixed(images, transformation, (x, layer, own) => layer.transformImages(x, own)));
  }

  override transformSegmentationMasks(masks: Tensor, transformation: Chains, training = true): Tensor {
    if (!training) return masks;
    const given = ops.cast(masks, this.computeDtype);
    return this.inChannelsLast(given, (x) =>
      this.mixed(x, transformation, (y, layer, own) => layer.transformSegmentationMasks(y, own)),
    );
  }

  override getConfig(): Config {
    const { numChains, chainDepth, factor, alpha, allOps, interpolation } = this;
    return { ...super.getConfig(), numChains, chainDepth, factor, alpha, allOps, interpolation };
  }
}
