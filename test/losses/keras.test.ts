/** @file Losses against Keras in float64: values, reductions, weights, masks, gradients, configs, names. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { type FixtureArray, readFixture, toTensor } from '../support/fixtures.ts';
import '../support/tensors.ts';

interface LossCase {
  readonly loss: string;
  readonly options: Record<string, unknown>;
  readonly config: Record<string, unknown>;
  readonly yTrue: FixtureArray;
  readonly yPred: FixtureArray;
  readonly values: FixtureArray;
  readonly sum: number;
  readonly mean: number;
  readonly gradient: FixtureArray | null;
  readonly sampleWeight?: FixtureArray;
  readonly mask?: FixtureArray;
  readonly weighted: number;
  readonly weightedGradient: FixtureArray | null;
  readonly weightedSum: number;
  readonly weightedMean: number;
  readonly masked: number;
  readonly maskedWeighted: number;
  readonly maskedWeightedMean: number;
  readonly maskedSum: number;
}

type LossConstructor = new (options?: object) => tf.losses.Loss;
const classNamed = (name: string): LossConstructor => tf.losses[name as 'Dice'] as LossConstructor;
const camel = (key: string): string => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const title = ({ loss, options }: LossCase): string => `${loss} ${JSON.stringify(options)}`;

/** The gradient of a loss by its predictions. */
function gradientOf(loss: tf.losses.Loss, yTrue: tf.Tensor, yPred: tf.Tensor, weight?: tf.Tensor): tf.Tensor {
  return tf.grad((prediction: tf.Tensor) => loss.apply(yTrue, prediction, weight))(yPred);
}

/** TensorFlow has CTC in float32 only, Keras the logarithm of 2 in LogCosh. */
const tolerances: Record<string, { rtol: number; atol: number }> = {
  CTC: { rtol: 1e-5, atol: 1e-5 },
  LogCosh: { rtol: 1e-8, atol: 1e-8 },
};

describe('losses as in Keras', () => {
  for (const fixture of readFixture<LossCase[]>('losses/losses.json')) {
    const close = tolerances[fixture.loss] ?? { rtol: 1e-10, atol: 1e-10 };
    const LossClass = classNamed(fixture.loss);
    const [yTrue, yPred] = [fixture.yTrue, fixture.yPred].map(toTensor);
    const make = (reduction: string | null) => new LossClass({ ...fixture.options, reduction });

    it(`${title(fixture)}: values and reductions`, () => {
      expect(make('none').apply(yTrue, yPred)).toBeAllClose(toTensor(fixture.values), close);
      expect(make(null).apply(yTrue, yPred)).toBeAllClose(toTensor(fixture.values), close);
      expect(make('sum').apply(yTrue, yPred)).toBeAllClose(fixture.sum, close);
      expect(make('sum_over_batch_size').apply(yTrue, yPred)).toBeAllClose(fixture.mean, close);
      expect(make('mean').apply(yTrue, yPred)).toBeAllClose(fixture.mean, close);
    });

    it(`${title(fixture)}: gradients, also within tf.function`, () => {
      const gradient = gradientOf(make('mean'), yTrue, yPred);
      if (fixture.gradient) expect(gradient).toBeAllClose(toTensor(fixture.gradient), close);
      const traced = tf.function((x: tf.Tensor) => [make('mean').apply(yTrue, x), gradientOf(make('mean'), yTrue, x)]);
      const [loss, tracedGradient] = traced(yPred);
      expect(loss).toBeAllClose(fixture.mean, close);
      expect(tracedGradient).toBeAllClose(gradient, close);
    });

    if (fixture.sampleWeight && fixture.mask) {
      const [weight, mask] = [fixture.sampleWeight, fixture.mask].map(toTensor);
      it(`${title(fixture)}: weights and masks`, () => {
        expect(make('sumOverBatchSize').apply(yTrue, yPred, weight)).toBeAllClose(fixture.weighted, close);
        expect(make('sum').apply(yTrue, yPred, weight)).toBeAllClose(fixture.weightedSum, close);
        expect(make('meanWithSampleWeight').apply(yTrue, yPred, weight)).toBeAllClose(fixture.weightedMean, close);
        expect(make('mean').apply(yTrue, yPred, null, mask)).toBeAllClose(fixture.masked, close);
        expect(make('mean').apply(yTrue, yPred, weight, mask)).toBeAllClose(fixture.maskedWeighted, close);
        expect(make('sum').apply(yTrue, yPred, null, mask)).toBeAllClose(fixture.maskedSum, close);
        expect(make('mean_with_sample_weight').apply(yTrue, yPred, weight, mask)).toBeAllClose(
          fixture.maskedWeightedMean,
          close,
        );
        if (fixture.weightedGradient)
          expect(gradientOf(make('mean'), yTrue, yPred, weight)).toBeAllClose(
            toTensor(fixture.weightedGradient),
            close,
          );
      });
    }

    it(`${title(fixture)}: float32, config`, () => {
      const single = make('none').apply(tf.cast(yTrue, 'float32'), tf.cast(yPred, 'float32'));
      expect(single.dtype).toBe('float32');
      // Nearer to 1 than 1e-7 comes no float32 but two.
      const rtol = fixture.yPred.values.includes(1) ? 1e-2 : 2e-5;
      expect(single).toBeAllClose(toTensor(fixture.values), { rtol, atol: 2e-5 });
      const loss = make('sum');
      for (const [key, value] of Object.entries(fixture.config)) expect(loss.getConfig()[camel(key)]).toEqual(value);
      const again = tf.losses.deserialize(JSON.parse(JSON.stringify(tf.losses.serialize(loss))));
      expect(again).toBeInstanceOf(LossClass);
      expect(again.getConfig()).toEqual(loss.getConfig());
      expect(again.apply(yTrue, yPred)).toBeAllClose(fixture.sum, close);
    });
  }
});

describe('names as in Keras', () => {
  const names = readFixture<{ classes: string[]; functions: string[]; strings: Record<string, string> }>(
    'losses/names.json',
  );

  it('has every class', () => {
    const own = [...tf.losses.lossRegistry.names, 'Loss'].filter((name) => name !== 'LossFunctionWrapper');
    expect(own.sort()).toEqual([...names.classes].sort());
    for (const name of names.classes) expect(tf.losses[name as 'Dice'], name).toBeTypeOf('function');
  });

  it('has every function', () => {
    for (const name of names.functions) expect(tf.losses[camel(name) as 'dice'], name).toBeTypeOf('function');
    const aliases = 'mse MSE mae MAE mape MAPE msle MSLE kld KLD kullbackLeiblerDivergence logcosh'.split(' ');
    for (const name of aliases) expect(tf.losses[name as 'mse'], name).toBeTypeOf('function');
  });

  it('knows every string, in any spelling', () => {
    for (const [string, name] of Object.entries(names.strings)) {
      const wanted = name === 'huber' ? 'huber_loss' : name;
      expect(tf.losses.get(string).name).toBe(wanted);
      expect(tf.losses.get(camel(string)).name).toBe(wanted);
    }
  });
});
