/** @file SpectralNormalization: keeps the kernel of a layer at the spectral norm 1. */
import { stopGradient } from '../../autodiff/index.ts';
import type { Config } from '../../configuration.ts';
import { TruncatedNormal } from '../../initializers/index.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Variable } from '../../tensor/variable.ts';
import type { TensorTree } from '../../tensor/tree.ts';
import type { CallOptions, ShapeTree } from '../layer.ts';
import { Wrapper, type WrapperOptions } from '../core/wrapper.ts';
import { requireCount } from '../expectations.ts';

export interface SpectralNormalizationOptions extends WrapperOptions {
  /** Steps towards the largest singular value in each call in training; default 1. */
  powerIterations?: number;
}

const unit = (x: Tensor): Tensor => ops.div(x, ops.maximum(ops.sqrt(ops.sum(ops.square(x))), 1e-12));

/**
 * In training divides the kernel (or the embeddings) of the layer inside by its largest singular value, which is found by power iteration
 * from call to call (Miyato et al. 2018).
 *
 * @example
 * tf.layers.spectralNormalization({ layer: tf.layers.dense({ units: 8 }) }).apply(tf.ones([2, 4]), { training: true });
 */
export class SpectralNormalization extends Wrapper {
  readonly powerIterations: number;
  /** The kernel of the layer inside, which so counts as this layer's own, as in Keras. */
  kernel: Variable | null = null;
  vectorU: Variable | null = null;

  constructor(options: SpectralNormalizationOptions) {
    super(options);
    this.powerIterations = requireCount(this.name, 'powerIterations', options.powerIterations ?? 1);
  }

  override build(inputShape: ShapeTree): void {
    super.build(inputShape);
    const { kernel, embeddings } = this.layer as unknown as { kernel?: unknown; embeddings?: unknown };
    const found = kernel ?? embeddings;
    if (!(found instanceof Variable))
      throw new ArgumentError(
        `Layer ${this.name}: the layer inside, ${this.layer.name}, has neither kernel nor embeddings.`,
      );
    this.kernel = found;
    const columns = found.shape.at(-1) ?? 1;
    this.vectorU = this.addWeight(
      'vector_u',
      [1, columns],
      found.dtype,
      new TruncatedNormal({ stddev: 0.02 }),
      null,
      false,
    );
  }

  override call(inputs: TensorTree, options: CallOptions): TensorTree {
    if (options.training) this.normalize();
    return super.call(inputs, options);
  }

  private normalize(): void {
    const [kernel, vectorU] = [this.kernel!, this.vectorU!];
    const weights = ops.reshape(kernel.read(), [-1, vectorU.shape[1]]);
    let u = vectorU.read();
    let v = u;
    for (let i = 0; i < this.powerIterations; i++) {
      v = unit(ops.matMul(u, weights, false, true));
      u = unit(ops.matMul(v, weights));
    }
    const [left, right] = [stopGradient(v), stopGradient(u)];
    const sigma = ops.sum(ops.mul(ops.matMul(left, weights), right));
    // A kernel of zeros has no direction: it stays, and so does the vector.
    const isZero = ops.all(ops.equal(weights, 0));
    vectorU.assign(ops.where(isZero, vectorU.read(), right));
    const divided = ops.div(kernel.read(), ops.where(isZero, ops.onesLike(sigma), sigma));
    kernel.assign(stopGradient(divided));
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    this.ensureBuilt(inputShape);
    return this.layer.computeOutputShape(inputShape);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), powerIterations: this.powerIterations };
  }
}
