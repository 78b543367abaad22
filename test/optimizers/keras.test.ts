/** @file Optimizers step by step against Keras 3 and PyTorch, eagerly and compiled (test/fixtures/optimizers/make.py). */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { readFixture } from '../support/fixtures.ts';
import '../support/tensors.ts';

type Options = Record<string, unknown>;
interface Kept {
  readonly name: string;
  readonly shape: number[];
  readonly dtype: string;
}
type Make = new (options: Options) => tf.Optimizer;

const shapes: Record<string, number[]> = {
  'dense/kernel': [3, 4],
  'dense/bias': [4],
  scale: [],
  'conv/kernel': [2, 3, 2],
};
const steps = 12;
const close = { rtol: 1e-7, atol: 1e-8 };

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const filled = (shape: number[], at: (i: number) => number): tf.Tensor =>
  tf.tensor(
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => at(i)),
    shape,
  );
/** The formulas of the script. */
const initial = (variable: number, shape: number[]): tf.Tensor =>
  filled(shape, (i) => Math.cos(1 + 2 * variable + 0.9 * i));
const gradient = (step: number, variable: number, shape: number[], scale = 1): tf.Tensor =>
  filled(shape, (i) => scale * Math.sin(1 + 3 * step + 5 * variable + 0.7 * i));
const rows = (step: number): number[] => [step % 5, (step + 2) % 5];

const optimizerOf = (name: string, options: Options): tf.Optimizer =>
  new (tf.optimizers as unknown as Record<string, Make>)[name](options);
const title = (name: string, options: Options, rest: object = {}): string =>
  [name, JSON.stringify(options), ...Object.entries(rest).flatMap(([k, v]) => (v ? `${k} ${v}` : []))].join(' ');
const variablesOf = (names: readonly string[]): tf.Variable[] =>
  names.map((name, i) => tf.variable(initial(i, shapes[name]), true, name));

interface StepCase {
  readonly optimizer: string;
  readonly options: Options;
  readonly names: string[];
  readonly values: number[][][];
  readonly variables: Kept[];
  readonly state: number[][];
  readonly exclude?: string[];
  readonly constraint?: string;
  readonly scale?: number;
  readonly missing?: string;
  readonly final?: number[][];
}

describe.each([false, true])('optimizers as in Keras, compiled: %s', (compiled) => {
  for (const fixture of readFixture<StepCase[]>('optimizers/steps.json')) {
    const { exclude, constraint, scale, missing } = fixture;
    it(title(fixture.optimizer, fixture.options, { exclude, constraint, scale, missing }), () => {
      const optimizer = optimizerOf(fixture.optimizer, fixture.options);
      if (exclude) optimizer.excludeFromWeightDecay({ varNames: exclude });
      const variables = variablesOf(fixture.names);
      const projection = tf.constraints.getConstraint(constraint);
      if (projection) for (const variable of variables) variable.constraint = (value) => projection.apply(value);
      const apply = (gradients: tf.Tensor[]): void =>
        optimizer.applyGradients(
          gradients.map((g, i) => [fixture.names[i] === missing ? null : g, variables[i]] as const),
        );
      const step = compiled ? tf.function(apply) : apply;
      for (let k = 0; k < steps; k++) {
        step(fixture.names.map((name, i) => gradient(k, i, shapes[name], scale)));
        variables.forEach((variable, i) =>
          expect(tf.reshape(variable.read(), [-1]), `step ${k + 1}`).toBeAllClose(fixture.values[k][i], close),
        );
      }
      const kept = optimizer.variables;
      expect(kept.map(({ shape }) => [...shape])).toEqual(fixture.variables.map(({ shape }) => shape));
      kept.forEach((variable, i) =>
        expect(tf.reshape(variable.read(), [-1]), variable.name).toBeAllClose(fixture.state[i], close),
      );
      // Keras's names have no layer, and a number for the product that Nadam keeps.
      kept.forEach((variable, i) => {
        const { name } = fixture.variables[i];
        if (!/^variable/.test(name)) expect(variable.name.endsWith(name)).toBe(true);
      });
      expect(optimizer.iterations.read()).toBeAllClose(steps);
      if (fixture.final) {
        optimizer.finalizeVariableValues(variables);
        variables.forEach((variable, i) =>
          expect(tf.reshape(variable.read(), [-1])).toBeAllClose(fixture.final![i], close),
        );
      }
    });
  }
});

interface RowCase {
  readonly optimizer: string;
  readonly options: Options;
  readonly values: number[][];
}

describe.each([false, true])('gradients of rows as in Keras, compiled: %s', (compiled) => {
  for (const { optimizer: name, options, values } of readFixture<RowCase[]>('optimizers/rows.json'))
    it(title(name, options), () => {
      const optimizer = optimizerOf(name, options);
      const table = tf.variable(initial(0, [5, 3]), true, 'embeddings');
      const apply = (g: tf.Tensor, indices: tf.Tensor): void =>
        optimizer.applyGradients([[new tf.IndexedSlices(g, indices, [5, 3]), table]]);
      const step = compiled ? tf.function(apply) : apply;
      for (let k = 0; k < steps; k++) {
        step(gradient(k, 0, [2, 3]), tf.tensor(rows(k), null, 'int32'));
        expect(tf.reshape(table.read(), [-1]), `step ${k + 1}`).toBeAllClose(values[k], close);
      }
    });

  it.each([
    ['SGD', { momentum: 0.9 }],
    ['RMSprop', { centered: true }],
    ['Adam', {}],
    ['Adagrad', { clipNorm: 0.5 }],
    ['Adadelta', { lossScaleFactor: 2 }],
    ['Lamb', { gradientAccumulationSteps: 2 }],
  ] as const)('%s %s: rows that are named twice add up', (name, options) => {
    const values = [false, true].map((whole) => {
      const optimizer = optimizerOf(name, { learningRate: 0.0625, ...options });
      const table = tf.variable(initial(0, [5, 3]));
      const apply = (g: tf.Tensor): void => {
        const slices = new tf.IndexedSlices(g, tf.tensor([3, 1, 3], null, 'int32'), [5, 3]);
        optimizer.applyGradients([[whole ? slices.toDense() : slices, table]]);
      };
      const step = compiled ? tf.function(apply) : apply;
      for (let k = 0; k < 3; k++) step(gradient(k, 0, [3, 3]));
      return table.read();
    });
    expect(values[0]).toBeAllClose(values[1], { rtol: 1e-12, atol: 1e-12 });
  });
});

interface TorchCase extends RowCase {
  readonly torch: string;
}

describe('optimizers as in PyTorch', () => {
  for (const { torch, optimizer: name, options, values } of readFixture<(TorchCase & { values: never })[]>(
    'optimizers/torch.json',
  ))
    it(`${torch}: ${title(name, options)}`, () => {
      const optimizer = optimizerOf(name, options);
      const names = ['dense/kernel', 'dense/bias'];
      const variables = variablesOf(names);
      for (let k = 0; k < steps; k++) {
        optimizer.applyGradients(variables.map((v, i) => [gradient(k, i, shapes[names[i]]), v] as const));
        variables.forEach((variable, i) =>
          expect(tf.reshape(variable.read(), [-1]), `step ${k + 1}`).toBeAllClose(
            (values as number[][][])[k][i],
            close,
          ),
        );
      }
    });
});

interface ScaleCase {
  readonly options: Options;
  readonly inner: string;
  readonly innerOptions: Options;
  readonly values: number[][][];
  readonly scales: number[];
  readonly counters: number[];
  readonly variables: Kept[];
}

describe.each([false, true])('LossScaleOptimizer as in Keras, compiled: %s', (compiled) => {
  for (const fixture of readFixture<ScaleCase[]>('optimizers/loss-scale.json'))
    it(title(fixture.inner, fixture.options), () => {
      const optimizer = new tf.optimizers.LossScaleOptimizer({
        innerOptimizer: optimizerOf(fixture.inner, fixture.innerOptions),
        ...fixture.options,
      });
      const names = ['dense/kernel', 'dense/bias'];
      const variables = variablesOf(names);
      const scale = (): tf.Tensor => optimizer.scaleLoss(tf.scalar(1));
      expect(scale()).toBeAllClose(fixture.scales[0]);
      const apply = (gradients: tf.Tensor[]): void =>
        optimizer.applyGradients(gradients.map((g, i) => [g, variables[i]] as const));
      const step = compiled ? tf.function(apply) : apply;
      for (let k = 0; k < steps; k++) {
        const gradients = names.map((name, i) => gradient(k, i, shapes[name], 1024));
        if ([2, 3, 8].includes(k))
          gradients[1] = tf.tensor(
            [...gradients[1].dataSync()].map((g, i) => (i === 2 ? (k === 2 ? Infinity : NaN) : Number(g))),
            null,
            'float64',
          );
        step(gradients);
        variables.forEach((variable, i) =>
          expect(tf.reshape(variable.read(), [-1]), `step ${k + 1}`).toBeAllClose(fixture.values[k][i], close),
        );
        expect(scale()).toBeAllClose(fixture.scales[k + 1]);
        expect(optimizer.stepCounter.read()).toBeAllClose(fixture.counters[k]);
      }
      expect(optimizer.variables.map(({ shape }) => [...shape])).toEqual(fixture.variables.map(({ shape }) => shape));
      expect(optimizer.variables.map(({ name }) => name.slice(name.indexOf('/') + 1).replace(/^dense_/, ''))).toEqual(
        fixture.variables.map(({ name }) => name),
      );
    });
});

describe.each([false, true])('MultiOptimizer as in Keras, compiled: %s', (compiled) => {
  type MultiCase = Pick<ScaleCase, 'options' | 'values' | 'variables'>;
  for (const { options, values, variables: kept } of readFixture<MultiCase[]>('optimizers/multi.json'))
    it(JSON.stringify(options), () => {
      const optimizer = new tf.optimizers.MultiOptimizer({
        optimizerMap: new tf.optimizers.OptimizerMap({
          defaultOptimizer: tf.optimizers.sgd({ learningRate: 0.0625, momentum: 0.9 }),
          optimizerMap: { '.*/ker.*': tf.optimizers.adam(0.0625) },
        }),
        ...options,
      });
      const names = Object.keys(shapes);
      const variables = variablesOf(names);
      const apply = (gradients: tf.Tensor[]): void =>
        optimizer.applyGradients(gradients.map((g, i) => [g, variables[i]] as const));
      const step = compiled ? tf.function(apply) : apply;
      for (let k = 0; k < steps; k++) {
        step(names.map((name, i) => gradient(k, i, shapes[name])));
        variables.forEach((variable, i) =>
          expect(tf.reshape(variable.read(), [-1]), `step ${k + 1}`).toBeAllClose(values[k][i], close),
        );
      }
      expect(optimizer.variables.map(({ shape }) => [...shape])).toEqual(kept.map(({ shape }) => shape));
      const again = tf.optimizers.deserializeOptimizer(tf.optimizers.serializeOptimizer(optimizer));
      expect(again.getConfig()).toEqual(optimizer.getConfig());
    });
});

interface ScheduleCase {
  readonly name: string;
  readonly options: Options;
  readonly config: Options;
  readonly steps: number[];
  readonly values: number[];
}

describe('schedules as in Keras', () => {
  for (const { name, options, config, steps: at, values } of readFixture<ScheduleCase[]>('optimizers/schedules.json'))
    it(title(name, options), () => {
      const { schedules } = tf.optimizers;
      const Schedule = (schedules as unknown as Record<string, new (o: Options) => tf.optimizers.schedules.LearningRateSchedule>)[name]; // prettier-ignore
      const schedule = new Schedule(options);
      const compiled = tf.function((step: tf.Tensor) => schedule.apply(step));
      at.forEach((step, i) => {
        // Steps are float32, in which a fall that begins anew may be an ulp away.
        const tolerance = { rtol: 2e-5, atol: 2e-7 };
        expect(schedule.apply(step), `step ${step}`).toBeAllClose(values[i], tolerance);
        expect(compiled(tf.scalar(step, 'int32')), `step ${step}`).toBeAllClose(values[i], tolerance);
      });
      expect(schedule.getConfig()).toEqual(config);
      const again = schedules.deserializeSchedule(schedules.serializeSchedule(schedule));
      expect(again).toEqual(schedule);
    });
});

describe('configs as in Keras', () => {
  const spelling: Record<string, string> = {
    clipNorm: 'clipnorm',
    clipValue: 'clipvalue',
    globalClipNorm: 'globalClipnorm',
  };
  for (const [name, config] of Object.entries(readFixture<Record<string, Options>>('optimizers/configs.json')))
    it(name, () => {
      const optimizer = optimizerOf(name, {});
      const { name: ownName, ...own } = optimizer.getConfig();
      expect(ownName).toBe(name.toLowerCase());
      expect(Object.fromEntries(Object.entries(own).map(([key, value]) => [spelling[key] ?? key, value]))).toEqual(
        config,
      );
      // Keras's own config makes it too.
      const again = tf.optimizers.deserializeOptimizer({ className: name, config });
      expect(again.getConfig()).toEqual(optimizer.getConfig());
    });

  it('lists all of Keras’s optimizers and schedules', () => {
    const names = readFixture<Record<'optimizers' | 'schedules', string[]>>('parts/names.json');
    expect(names.optimizers.filter((name) => !tf.optimizers.optimizerClasses.names.includes(name))).toEqual([]);
    expect(names.schedules.filter((name) => !(name in tf.optimizers.schedules))).toEqual([]);
  });
});
