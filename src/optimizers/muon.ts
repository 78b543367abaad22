/** @file Muon: momentum made orthogonal, for the matrices inside of a model. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import { checkShares } from './expectations.ts';
import { Optimizer, type StepScalars, type Update } from './optimizer.ts';
import type { OptimizerOptions } from './options.ts';
import type { Slot } from './state.ts';

export interface MuonOptions extends OptimizerOptions {
  /** Adam's `beta1`, for the variables that Adam steps; default 0.9. */
  adamBeta1?: number;
  /** Adam's `beta2`; default 0.999. */
  adamBeta2?: number;
  /** The weight decay of what Adam steps; default 0.004. */
  adamWeightDecay?: number | null;
  /** Adam's `epsilon`; default 1e-7. */
  epsilon?: number;
  /** Patterns; Adam steps the variables in whose name one is found, such as those of the output layer. */
  excludeLayers?: readonly string[] | null;
  /** Adam steps variables with `embedding` in their name; default true. */
  excludeEmbeddings?: boolean;
  /** The coefficients of the iteration x <- a x + b (x xᵀ) x + c (x xᵀ)² x; default 3.4445, -4.775, 2.0315. */
  muonA?: number;
  muonB?: number;
  muonC?: number;
  /** Adam's learning rate in relation to Muon's; default 1. */
  adamLrRatio?: number;
  /** Share of the last step that goes on; default 0.95. */
  momentum?: number;
  /** Turns of the iteration; default 5. */
  nsSteps?: number;
  /** Looks ahead along the momentum; default true. */
  nesterov?: boolean;
  /** The root mean square of a step over the learning rate (Liu et al. 2025); null leaves steps as they are; default 0.2. */
  rmsRate?: number | null;
}

interface MuonScalars extends StepScalars {
  /** Adam's learning rate, by which its moments' bias is undone. */
  readonly adamRate: Tensor;
}

/**
 * Muon (Jordan et al. 2024). A matrix moves along its momentum m <- momentum m + g, made nearly orthogonal by a few turns of a
 * Newton-Schulz iteration; everything else, embeddings and what `excludeLayers` names moves by AdamW.
 *
 * @example model.compile({ optimizer: tf.optimizers.muon({ learningRate: 0.001, excludeLayers: ['output'] }), loss: 'mse' })
 */
export class Muon extends Optimizer {
  readonly adamBeta1: number;
  readonly adamBeta2: number;
  readonly adamWeightDecay: number | null;
  readonly epsilon: number;
  readonly excludeLayers: readonly string[];
  readonly excludeEmbeddings: boolean;
  readonly muonA: number;
  readonly muonB: number;
  readonly muonC: number;
  readonly adamLrRatio: number;
  readonly momentum: number;
  readonly nsSteps: number;
  readonly nesterov: boolean;
  readonly rmsRate: number | null;

  constructor({
    learningRate = 0.001,
    adamBeta1 = 0.9,
    adamBeta2 = 0.999,
    adamWeightDecay = 0.004,
    epsilon = 1e-7,
    weightDecay = 0.004,
    excludeLayers,
    excludeEmbeddings = true,
    muonA = 3.4445,
    muonB = -4.775,
    muonC = 2.0315,
    adamLrRatio = 1,
    momentum = 0.95,
    nsSteps = 5,
    nesterov = true,
    rmsRate = 0.2,
    ...options
  }: MuonOptions = {}) {
    super({ learningRate, weightDecay, ...options });
    checkShares(this.name, { adamBeta1, adamBeta2 });
    this.adamBeta1 = adamBeta1;
    this.adamBeta2 = adamBeta2;
    this.adamWeightDecay = adamWeightDecay;
    this.epsilon = epsilon;
    this.excludeLayers = excludeLayers ?? [];
    this.excludeEmbeddings = excludeEmbeddings;
    this.muonA = muonA;
    this.muonB = muonB;
    this.muonC = muonC;
    this.adamLrRatio = adamLrRatio;
    this.momentum = momentum;
    this.nsSteps = nsSteps;
    this.nesterov = nesterov;
    this.rmsRate = rmsRate;
  }

  /** Whether Adam steps the variable. */
  private isAdams({ shape, name }: Variable): boolean {
    if (shape.length !== 2) return true;
    if (this.excludeEmbeddings && name.toLowerCase().includes('embedding')) return true;
    return this.excludeLayers.some((pattern) => new RegExp(pattern).test(name));
  }

  protected override slots(variable: Variable): readonly Slot[] {
    return [{ name: 'momentum' }, ...(this.isAdams(variable) ? [{ name: 'velocity' }] : [])];
  }

  protected override decayOf(variable: Variable): number | null {
    return this.isAdams(variable) ? this.adamWeightDecay : super.decayOf(variable);
  }

  protected override prepare(scalars: StepScalars): MuonScalars {
    const left = (beta: number): Tensor => ops.sub(1, ops.pow(beta, scalars.step));
    const rate = ops.mul(scalars.learningRate, this.adamLrRatio);
    return {
      ...scalars,
      adamRate: ops.div(ops.mul(rate, ops.sqrt(left(this.adamBeta2))), left(this.adamBeta1)),
    };
  }

  // Only what Adam steps has a second moment.
  protected override update(value: Tensor, gradient: Tensor, state: readonly Tensor[], scalars: MuonScalars): Update {
    return state.length === 2
      ? this.updateByAdam(value, gradient, state, scalars)
      : this.updateMatrix(value, gradient, state, scalars);
  }

  private updateByAdam(value: Tensor, gradient: Tensor, [m, v]: readonly Tensor[], { adamRate }: MuonScalars): Update {
    const { adamBeta1, adamBeta2, epsilon } = this;
    const nextM = ops.add(ops.mul(m, adamBeta1), ops.mul(gradient, 1 - adamBeta1));
    const nextV = ops.add(ops.mul(v, adamBeta2), ops.mul(ops.square(gradient), 1 - adamBeta2));
    const step = ops.div(ops.mul(nextM, adamRate), ops.add(ops.sqrt(nextV), epsilon));
    return { value: ops.sub(value, step), state: [nextM, nextV] };
  }

  private updateMatrix(value: Tensor, gradient: Tensor, [m]: readonly Tensor[], { learningRate }: MuonScalars): Update {
    const next = ops.add(ops.mul(m, this.momentum), gradient);
    const direction = this.orthogonal(this.nesterov ? ops.add(gradient, ops.mul(next, this.momentum)) : next);
    const size = this.rmsRate === null ? 1 : Math.sqrt(Math.max(...value.shape)) * this.rmsRate;
    return { value: ops.sub(value, ops.mul(direction, ops.mul(learningRate, size))), state: [next] };
  }

  /** The matrix with all its singular values brought near 1. */
  private orthogonal(matrix: Tensor): Tensor {
    // The products are of the shorter axis.
    const isTall = matrix.shape[0] > matrix.shape[1];
    let x = isTall ? ops.transpose(matrix) : matrix;
    x = ops.div(x, ops.add(ops.euclideanNorm(x), 1e-7));
    for (let turn = 0; turn < this.nsSteps; turn++) {
      const square = ops.matMul(x, x, false, true);
      const mixed = ops.add(ops.mul(square, this.muonB), ops.mul(ops.matMul(square, square), this.muonC));
      x = ops.add(ops.mul(x, this.muonA), ops.matMul(mixed, x));
    }
    return isTall ? ops.transpose(x) : x;
  }

  override getConfig(): Config {
    const { adamBeta1, adamBeta2, adamWeightDecay, epsilon, excludeLayers, excludeEmbeddings } = this;
    const { muonA, muonB, muonC, adamLrRatio, momentum, nsSteps, nesterov, rmsRate } = this;
    return {
      ...super.getConfig(),
      adamBeta1,
      adamBeta2,
      epsilon,
      excludeLayers,
      muonA,
      muonB,
      muonC,
      adamLrRatio,
      momentum,
      nsSteps,
      nesterov,
      excludeEmbeddings,
      adamWeightDecay,
      rmsRate,
    };
  }
}
