/** @file The metrics that `compile` sets: those of each output, weighted and not, and the names they have in the logs. */
import { maskOf } from '../layers/masks.ts';
import { checkMetric, getMetric, Metric, type MetricIdentifier } from '../metrics/index.ts';
import { isSerialized } from '../serialization/index.ts';
import type { HasShape } from '../losses/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { initScope } from '../tracing/trace.ts';
import type { Outputs } from './outputs.ts';

/** Of one output: a metric or a list. Of several: for each such a one in a list, or by name. One name alone is for all outputs. */
export type MetricsOption =
  | MetricIdentifier
  | readonly (MetricIdentifier | readonly MetricIdentifier[] | null)[]
  | { readonly [output: string]: MetricIdentifier | readonly MetricIdentifier[] | null };

const isMetric = (value: unknown): value is MetricIdentifier =>
  typeof value === 'string' || typeof value === 'function' || value instanceof Metric || isSerialized(value);

/** Every metric in lists and objects. */
function identifiersIn(given: unknown): MetricIdentifier[] {
  if (given === null || given === undefined) return [];
  if (isMetric(given)) return [given];
  return (Array.isArray(given) ? given : Object.values(given)).flatMap(identifiersIn);
}

interface OutputMetric {
  readonly output: number;
  readonly metric: Metric;
  readonly weighted: boolean;
  /** In the logs. */
  readonly name: string;
}

/** The metrics of all outputs. */
export class CompiledMetrics {
  private readonly unweighted: MetricsOption;
  private readonly weighted: MetricsOption;
  private resolved: readonly OutputMetric[] | null = null;

  /** @throws ArgumentError for a name that no metric has. */
  constructor(unweighted: MetricsOption, weighted: MetricsOption) {
    this.unweighted = unweighted;
    this.weighted = weighted;
    for (const identifier of identifiersIn([unweighted, weighted])) checkMetric(identifier);
  }

  get metrics(): readonly Metric[] {
    return (this.resolved ?? []).map(({ metric }) => metric);
  }

  /** What a metric is called in the logs: of several outputs by the output too. */
  nameOf(metric: Metric): string | undefined {
    return this.resolved?.find((entry) => entry.metric === metric)?.name;
  }

  /** Makes the metrics, once the outputs are known. @throws ArgumentError where they do not fit the outputs. */
  resolve(outputs: Outputs, yTrue: readonly (HasShape | null)[], yPred: readonly HasShape[]): readonly OutputMetric[] {
    if (this.resolved) return this.resolved;
    const taken = new Map<string, number>();
    const numbered = (name: string): string => {
      const times = taken.get(name) ?? 0;
      taken.set(name, times + 1);
      return times === 0 ? name : `${name}_${times}`;
    };
    const make = (what: string, given: MetricsOption, weighted: boolean): OutputMetric[] =>
      this.perOutput(what, given, outputs).flatMap((identifiers, output) => {
        const prefix = outputs.count > 1 ? `${outputs.names[output]}_` : '';
        return identifiers.map((identifier) => {
          const metric = initScope(() => getMetric(identifier, yTrue[output] ?? yPred[output], yPred[output]));
          // As Keras names them: what is weighted and has the name of another says so; the rest is numbered.
          const plain = `${prefix}${metric.name}`;
          const name = numbered(weighted && taken.has(plain) ? `${prefix}weighted_${metric.name}` : plain);
          return { output, metric, weighted, name };
        });
      });
    this.resolved = [
      ...make('compile: metrics', this.unweighted, false),
      ...make('compile: weightedMetrics', this.weighted, true),
    ];
    return this.resolved;
  }

  private perOutput(what: string, given: MetricsOption, outputs: Outputs): MetricIdentifier[][] {
    if (identifiersIn(given).length === 0) return outputs.names.map(() => []);
    // By names also where there is one output, so that a wrong name is refused.
    const byName = typeof given === 'object' && !Array.isArray(given) && !isMetric(given);
    if (outputs.count === 1 && !byName) return [identifiersIn(given)];
    return outputs
      .assign<unknown>(what, given, isMetric, { spreads: !(given instanceof Metric) })
      .map((entry) => identifiersIn(entry));
  }

  /** Takes one batch in. */
  update(
    outputs: Outputs,
    yTrue: readonly (Tensor | null)[],
    yPred: readonly Tensor[],
    sampleWeights: readonly (Tensor | null)[],
  ): void {
    for (const { output, metric, weighted } of this.resolve(outputs, yTrue, yPred)) {
      const targets = yTrue[output];
      if (!targets) continue;
      const prediction = yPred[output];
      metric.updateState(targets, prediction, weighted ? sampleWeights[output] : null, maskOf(prediction));
    }
  }
}
