/** @file The losses that `compile` sets: one for each output, weighted and added up. */
import { maskOf } from '../layers/masks.ts';
import { checkLoss, getLoss, type HasShape, Loss, type LossIdentifier } from '../losses/index.ts';
import { Mean, type Metric } from '../metrics/index.ts';
import * as ops from '../ops/index.ts';
import { isSerialized } from '../serialization/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { initScope } from '../tracing/trace.ts';
import type { Outputs, PerOutput } from './outputs.ts';

/** How much the loss of each output counts. */
export type LossWeights = PerOutput<number>;

const isLoss = (value: unknown): value is LossIdentifier =>
  typeof value === 'string' ||
  typeof value === 'function' ||
  value instanceof Loss ||
  isSerialized(value) ||
  isSerializedFunction(value);
const isSerializedFunction = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (value as { className?: unknown }).className === 'function';
const isNumber = (value: unknown): boolean => typeof value === 'number';

interface OutputLoss {
  readonly output: number;
  readonly name: string;
  readonly loss: Loss;
  readonly weight: number | null;
  /** Its mean over batches, without its weight; null where it is the only one. */
  readonly mean: Mean | null;
}

function targetsOf(yTrue: readonly (Tensor | null)[], output: number, name: string, { name: loss }: Loss): Tensor {
  const targets = yTrue[output];
  if (targets) return targets;
  throw new ArgumentError(
    `y: expected targets for the output '${name}', which has the loss ${loss}, and got none; give y, or null as its loss.`,
  );
}

/** The losses of all outputs. */
export class CompiledLoss {
  private readonly given: PerOutput<LossIdentifier>;
  private readonly weights: LossWeights | null;
  private resolved: readonly OutputLoss[] | null = null;

  /** @throws ArgumentError for a name that no loss has. */
  constructor(given: PerOutput<LossIdentifier>, weights: LossWeights | null) {
    this.given = given;
    this.weights = weights;
    // Before any data is seen, so that a misspelt name is refused where it was written.
    const check = (value: unknown): void => {
      if (isLoss(value)) checkLoss(value);
      else if (value !== null && typeof value === 'object') Object.values(value).forEach(check);
      else if (value !== null)
        throw new ArgumentError(
          `compile: expected a loss (a name, a function, a tf.losses.Loss), or a list or an object of them; got ${String(value)}.`,
        );
    };
    check(given);
  }

  /** Means of the single losses, where there are several. */
  get metrics(): readonly Metric[] {
    return (this.resolved ?? []).flatMap(({ mean }) => mean ?? []);
  }

  /** Which outputs have a loss. */
  presence(outputs: Outputs): boolean[] {
    return this.identifiers(outputs).map((identifier) => identifier !== null);
  }

  private identifiers(outputs: Outputs): (LossIdentifier | null)[] {
    return outputs.assign<LossIdentifier>('compile: loss', this.given, isLoss, { spreads: true });
  }

  /** Makes the losses, once the outputs are known. @throws ArgumentError where losses or weights do not fit the outputs. */
  resolve(outputs: Outputs, yTrue: readonly (HasShape | null)[], yPred: readonly HasShape[]): readonly OutputLoss[] {
    if (this.resolved) return this.resolved;
    const identifiers = this.identifiers(outputs);
    const present = identifiers.map((identifier) => identifier !== null);
    const weights = outputs.assign<number>('compile: lossWeights', this.weights, isNumber, { spreads: false, present });
    const several = present.filter(Boolean).length > 1;
    this.resolved = identifiers.flatMap((identifier, output) => {
      if (identifier === null) return [];
      const name = outputs.names[output];
      const mean = several ? initScope(() => new Mean({ name: `${name}_loss` })) : null;
      return [
        {
          output,
          name,
          loss: getLoss(identifier, yTrue[output] ?? yPred[output], yPred[output]),
          weight: weights[output],
          mean,
        },
      ];
    });
    return this.resolved;
  }

  /** Refuses targets that would give a wrong number. @throws ArgumentError */
  checkTargets(outputs: Outputs, yTrue: readonly (Tensor | null)[], yPred: readonly HasShape[]): void {
    for (const { output, name, loss } of this.resolve(outputs, yTrue, yPred)) {
      const targets = targetsOf(yTrue, output, name, loss);
      loss.checkTargets(targets, [null, ...yPred[output].shape.slice(1)]);
    }
  }

  /**
   * The weighted sum of the losses of a batch.
   *
   * @param samples - How many the batch holds: its weight in the means of single losses.
   */
  call(
    outputs: Outputs,
    yTrue: readonly (Tensor | null)[],
    yPred: readonly Tensor[],
    sampleWeights: readonly (Tensor | null)[],
    samples: number,
  ): Tensor {
    const values = this.resolve(outputs, yTrue, yPred).map(({ output, name, loss, weight, mean }) => {
      const targets = targetsOf(yTrue, output, name, loss);
      const reduced = loss.apply(targets, yPred[output], sampleWeights[output], maskOf(yPred[output]));
      const value = reduced.dtype === 'float64' ? reduced : ops.cast(reduced, 'float32');
      mean?.updateState(value, ops.scalar(samples));
      return weight === null ? value : ops.mul(value, weight);
    });
    if (values.length === 0) throw new ArgumentError('compile: none of the outputs has a loss.');
    return values.reduce((sum, value) => ops.add(sum, value));
  }
}
