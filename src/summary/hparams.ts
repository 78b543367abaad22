/** @file Hyperparameters of trials, for TensorBoard's HParams table. */
import { createHash } from 'node:crypto';
import { ArgumentError } from '../tensor/errors.ts';
import type { Summary } from './event.ts';

export type HParamValue = number | string | boolean;

/** The values that a hyperparameter may have: listed, or an interval. */
export type HParamDomain = readonly HParamValue[] | { readonly minValue: number; readonly maxValue: number };

/** A hyperparameter of an experiment. */
export interface HParam {
  readonly name: string;
  readonly domain?: HParamDomain;
  readonly displayName?: string;
  /** In Markdown. */
  readonly description?: string;
}

/** A scalar summary that the table shows for each trial. */
export interface HParamMetric {
  /** The scalar's name. */
  readonly tag: string;
  /** The folder below the trial's that has the scalar, such as `validation`; default the trial's own. */
  readonly group?: string;
  readonly displayName?: string;
  /** In Markdown. */
  readonly description?: string;
  readonly datasetType?: 'training' | 'validation';
}

const summaryOf = (tag: string, content: Uint8Array): Summary => ({
  tag,
  tensor: { dtype: 'float32', shape: [0], values: new Float32Array(0) },
  metadata: { pluginName: 'hparams', content },
});

/** The values of one trial. Trials of one id, by default those with the same values, are one row of the table. */
export async function trialSummary(
  values: Readonly<Record<string, HParamValue>>,
  trialId: string | undefined,
  startTime: number,
): Promise<Summary> {
  const sorted = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, value] of sorted)
    if (!['number', 'string', 'boolean'].includes(typeof value))
      throw new ArgumentError(
        `tf.summary.hparams: expected ${name} to be a number, a text or a boolean, got ${typeof value}.`,
      );
  const group =
    trialId ??
    createHash('sha256')
      .update(JSON.stringify(Object.fromEntries(sorted)))
      .digest('hex');
  const p = await import('./protobuf.ts');
  const field = (value: HParamValue) =>
    typeof value === 'number' ? p.double(2, value) : typeof value === 'string' ? p.bytes(3, value) : p.bool(4, value);
  const start = p.message(
    3,
    ...sorted.map(([name, value]) => p.entry(1, name, field(value))),
    p.string(4, group),
    p.double(5, startTime),
  );
  return summaryOf('_hparams_/session_start_info', p.encode([start]));
}

const datasetTypes = { training: 1, validation: 2 } as const;
const domainTypes: Readonly<Record<string, number>> = { string: 1, boolean: 2, number: 3 };

/** What the table of an experiment has: its hyperparameters and metrics. */
export async function experimentSummary(
  hparams: readonly HParam[],
  metrics: readonly HParamMetric[],
  createdTime: number,
): Promise<Summary> {
  const p = await import('./protobuf.ts');
  /** google.protobuf.Value: a number, a text or a boolean. */
  const value = (of: HParamValue) =>
    p.message(1, typeof of === 'number' ? p.double(2, of) : typeof of === 'string' ? p.bytes(3, of) : p.bool(4, of));
  const domainFields = ({ name, domain }: HParam) => {
    if (!domain) return [];
    if ('minValue' in domain)
      return [
        p.int32(4, domainTypes.number),
        p.message(
          6,
          ...[domain.minValue, domain.maxValue].flatMap((edge, i) => (edge === 0 ? [] : [p.double(i + 1, edge)])),
        ),
      ];
    if (domain.length === 0) throw new ArgumentError(`tf.summary.hparamsConfig: the domain of ${name} has no values.`);
    return [p.int32(4, domainTypes[typeof domain[0]]), p.message(5, ...domain.map(value))];
  };
  const experiment = p.message(
    2,
    p.double(3, createdTime),
    ...hparams.map((hparam) =>
      p.message(
        4,
        p.string(1, hparam.name),
        p.string(2, hparam.displayName),
        p.string(3, hparam.description),
        ...domainFields(hparam),
      ),
    ),
    ...metrics.map(({ tag, group, displayName, description, datasetType }) =>
      p.message(
        5,
        p.message(1, p.string(1, group), p.string(2, tag)),
        p.string(3, displayName),
        p.string(4, description),
        ...(datasetType ? [p.int32(5, datasetTypes[datasetType])] : []),
      ),
    ),
  );
  return summaryOf('_hparams_/experiment', p.encode([experiment]));
}
