/** @file Metrics against Keras: results after each batch, state, masks, inside tf.function, configs, names. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { type FixtureArray, readFixture, toTensor } from '../support/fixtures.ts';
import '../support/tensors.ts';

interface MetricCase {
  readonly metric: string;
  readonly options: Record<string, unknown>;
  readonly config: Record<string, unknown>;
  readonly batches: (FixtureArray | null)[][];
  readonly results: FixtureArray[];
  readonly state: FixtureArray[] | null;
}

interface MaskedCase {
  readonly metric: string;
  readonly options: Record<string, unknown>;
  readonly yTrue: FixtureArray;
  readonly yPred: FixtureArray;
  readonly mask: FixtureArray;
  readonly sampleWeight: FixtureArray;
  readonly result: number;
  readonly weighted: number;
}

const fixtures = readFixture<{ metrics: MetricCase[]; values: MetricCase[]; masked: MaskedCase[] }>(
  'metrics/metrics.json',
);
type MetricConstructor = new (options?: object) => tf.metrics.Metric;
const classNamed = (name: string): MetricConstructor => tf.metrics[name as 'AUC'] as MetricConstructor;
const camel = (key: string): string => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const title = ({ metric, options }: { metric: string; options: object }): string =>
  `${metric} ${JSON.stringify(options)}`;
const close = { rtol: 2e-5, atol: 2e-6 };
const toDouble = (array: FixtureArray): tf.Tensor => toTensor({ ...array, dtype: array.dtype ?? 'float64' });
/** NaN is null in JSON. */
const wanted = (array: FixtureArray): tf.Tensor =>
  toTensor({ ...array, values: array.values.map((value) => value ?? NaN) });

describe('metrics as in Keras', () => {
  for (const fixture of fixtures.metrics) {
    const make = () => new (classNamed(fixture.metric))(fixture.options);
    const batches = fixture.batches.map((batch) => batch.map((array) => array && toTensor(array)));

    it(`${title(fixture)}: results and state`, () => {
      const metric = make();
      const run = () =>
        batches.forEach(([yTrue, yPred, weight], i) => {
          metric.updateState(yTrue as tf.Tensor, yPred as tf.Tensor, weight);
          expect(metric.result()).toBeAllClose(wanted(fixture.results[i]), close);
        });
      run();
      if (fixture.state) {
        expect(metric.variables.length).toBe(fixture.state.length);
        fixture.state.forEach((value, i) => expect(metric.variables[i].read()).toBeAllClose(wanted(value), close));
      }
      metric.resetState();
      run();
      expect(tf.metrics.deserialize(JSON.parse(JSON.stringify(tf.metrics.serialize(metric)))).getConfig()).toEqual(
        metric.getConfig(),
      );
    });

    it(`${title(fixture)}: inside tf.function, state in float64`, () => {
      const metric = make();
      const step = tf.function((yTrue: tf.Tensor, yPred: tf.Tensor, weight: tf.Tensor | null) => {
        metric.updateState(yTrue, yPred, weight);
        return metric.result();
      });
      const double = new (classNamed(fixture.metric))({ ...fixture.options, dtype: 'float64' });
      batches.forEach(([yTrue, yPred, weight], i) => {
        const expected = wanted(fixture.results[i]);
        expect(step(yTrue as tf.Tensor, yPred as tf.Tensor, weight)).toBeAllClose(expected, close);
        if (fixture.metric.includes('IoU')) return;
        // In float64 as it was written: what is as large as a threshold stays so.
        const [target, prediction] = fixture.batches[i].map((array) => array && toDouble(array));
        double.updateState(target as tf.Tensor, prediction as tf.Tensor, weight);
        expect(double.result()).toHaveType('float64', expected.shape);
        expect(double.result()).toBeAllClose(expected, { rtol: 1e-4, atol: 1e-5 });
      });
    });

    it(`${title(fixture)}: config`, () => {
      const config = make().getConfig();
      for (const [key, value] of Object.entries(fixture.config))
        if (Array.isArray(value)) expect(config[camel(key)] as number[], key).toBeAllClose(value);
        else expect(config[camel(key)], key).toEqual(value);
    });
  }

  for (const fixture of fixtures.values)
    it(fixture.metric, () => {
      const metric = new (classNamed(fixture.metric))() as tf.metrics.Mean;
      fixture.batches.forEach(([values, weight], i) => {
        metric.updateState(toTensor(values as FixtureArray), weight && toTensor(weight));
        expect(metric.result()).toBeAllClose(wanted(fixture.results[i]), close);
      });
    });

  for (const fixture of fixtures.masked)
    it(`${title(fixture)} with a mask`, () => {
      const [yTrue, yPred, mask, weight] = [fixture.yTrue, fixture.yPred, fixture.mask, fixture.sampleWeight].map(
        toTensor,
      );
      const result = (sampleWeight: tf.Tensor | null) => {
        const metric = new (classNamed(fixture.metric))(fixture.options);
        metric.updateState(yTrue, yPred, sampleWeight, mask);
        return metric.result();
      };
      expect(result(null)).toBeAllClose(fixture.result, close);
      expect(result(weight)).toBeAllClose(fixture.weighted, close);
    });
});

describe('names as in Keras', () => {
  const names = readFixture<{
    classes: string[];
    functions: string[];
    strings: Record<string, string>;
    names: Record<string, string>;
    directions: Record<string, string | null>;
  }>('metrics/names.json');
  const required: Record<string, object> = {
    IoU: { numClasses: 2, targetClassIds: [0] },
    OneHotIoU: { numClasses: 2, targetClassIds: [0] },
    MeanIoU: { numClasses: 2 },
    OneHotMeanIoU: { numClasses: 2 },
    SensitivityAtSpecificity: { specificity: 0.5 },
    SpecificityAtSensitivity: { sensitivity: 0.5 },
    PrecisionAtRecall: { recall: 0.5 },
    RecallAtPrecision: { precision: 0.5 },
    MeanMetricWrapper: { fn: tf.metrics.binaryAccuracy },
  };

  it('has every class, called and directed as Keras’s', () => {
    expect([...tf.metrics.metricRegistry.names, 'Metric'].sort()).toEqual([...names.classes].sort());
    for (const [name, defaultName] of Object.entries(names.names)) {
      const metric = new (classNamed(name))(required[name]);
      if (name !== 'MeanMetricWrapper') expect(metric.name.replace(/_\d+$/, ''), name).toBe(defaultName);
      expect(metric.direction, name).toBe(names.directions[name]);
    }
  });

  it('has every function', () => {
    for (const name of names.functions) expect(tf.metrics[camel(name) as 'poisson'], name).toBeTypeOf('function');
    const aliases = 'mse MSE mae MAE mape MAPE msle MSLE kld KLD kullbackLeiblerDivergence logcosh'.split(' ');
    for (const name of aliases) expect(tf.metrics[name as 'mse'], name).toBeTypeOf('function');
  });

  it('knows every string, in any spelling; metrics are called as they were asked for', () => {
    for (const [string, name] of Object.entries(names.strings)) {
      if (name in required) {
        tf.metrics.checkMetric(string);
        continue;
      }
      for (const spelling of [string, camel(string)]) {
        const metric = tf.metrics.get(spelling);
        expect(metric.constructor.name).toBe(name);
        expect(metric.name).toBe(spelling);
      }
    }
  });
});
