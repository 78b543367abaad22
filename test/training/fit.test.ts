/** @file Training: whole runs against Keras, data, order, seeds, compiled against eager, hooks, errors. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import { type FixtureArray, readFixture, toTensor } from '../support/fixtures.ts';
import '../support/tensors.ts';

afterEach(() => vi.restoreAllMocks());

const quiet = { verbose: 0 } as const;

/** Two classes, apart by the sign of x0 x1. */
function quadrants(samples: number): { x: tf.Tensor; y: tf.Tensor } {
  const x = tf.randomUniform([samples, 2], -1, 1, 'float32', 5);
  return { x, y: tf.cast(tf.greater(tf.prod(x, 1), 0), 'int32') };
}

const classifier = (): tf.Sequential =>
  tf.sequential({
    layers: [
      tf.layers.dense({
        units: 16,
        activation: 'relu',
        inputShape: [2],
        kernelInitializer: tf.initializers.heNormal({ seed: 1 }),
      }),
      tf.layers.dense({
        units: 2,
        activation: 'softmax',
        kernelInitializer: tf.initializers.glorotNormal({ seed: 2 }),
      }),
    ],
  });

/** One weight, prediction w x: losses can be computed by hand. */
function line(initial = 0): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 1,
        useBias: false,
        inputShape: [1],
        kernelInitializer: tf.initializers.constant({ value: initial }),
      }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'mse', metrics: ['mae'] });
  return model;
}

interface FitCase {
  readonly compile: tf.CompileOptions;
  readonly fit: tf.FitOptions;
  readonly x: FixtureArray;
  readonly y: FixtureArray;
  readonly initial: FixtureArray[];
  readonly history: Record<string, number[]>;
  readonly final: FixtureArray[];
}

describe('fit gives the numbers of Keras', () => {
  for (const [name, fixture] of Object.entries(readFixture<Record<string, FitCase>>('layers/fit.json')))
    for (const runEagerly of [false, true])
      it(`${name}${runEagerly ? ', run eagerly' : ''}`, async () => {
        const classes = fixture.y.shape.length === 1;
        const model = tf.sequential({
          layers: [
            tf.layers.dense({ units: 6, activation: 'relu', inputShape: [4] }),
            ...(name === 'batchNormalization' ? [tf.layers.batchNormalization({ momentum: 0.9 })] : []),
            tf.layers.dense(classes ? { units: 3, activation: 'softmax' } : { units: 1 }),
          ],
        });
        model.setWeights(fixture.initial.map(toTensor));
        model.compile({ ...fixture.compile, runEagerly });
        const { history, epoch } = await model.fit(toTensor(fixture.x), toTensor(fixture.y), {
          ...fixture.fit,
          ...quiet,
          shuffle: false,
        });
        expect(Object.keys(history).sort()).toEqual(Object.keys(fixture.history).sort());
        for (const [key, values] of Object.entries(fixture.history))
          expect(history[key], key).toBeAllClose(values, { rtol: 1e-4, atol: 1e-5 });
        expect(epoch).toEqual(fixture.history.loss.map((_, i) => i));
        model
          .getWeights()
          .forEach((w, i) => expect(w).toBeAllClose(toTensor(fixture.final[i]), { rtol: 1e-3, atol: 1e-4 }));
      });
});

describe('fit', () => {
  it('learns', async () => {
    const { x, y } = quadrants(300);
    const model = classifier();
    model.compile({ optimizer: tf.train.adam(0.02), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    const { history } = await model.fit(x, y, { ...quiet, epochs: 30, validationSplit: 0.2 });
    expect(history.accuracy.at(-1)).toBeGreaterThan(0.95);
    expect(history.val_accuracy.at(-1)).toBeGreaterThan(0.9);
    expect(history.loss.at(-1)).toBeLessThan(history.loss[0] / 3);
    const { loss, accuracy } = await model.evaluate(x, y);
    expect(accuracy).toBeGreaterThan(0.9);
    expect(loss).toBeLessThan(0.3);
    const right = tf.mean(tf.cast(tf.equal(tf.argMax(model.predict(x), -1), y), 'float32'));
    expect(right).toBeAllClose(accuracy);
  });

  it('is repeated by a seed, and differs under another', async () => {
    const { x, y } = quadrants(64);
    const run = async (seed: number) => {
      tf.random.setSeed(seed);
      const model = tf.sequential({
        layers: [
          tf.layers.dense({ units: 8, activation: 'relu', inputShape: [2] }),
          tf.layers.dropout({ rate: 0.3 }),
          tf.layers.dense({ units: 2 }),
        ],
      });
      const loss = new tf.losses.SparseCategoricalCrossentropy({ fromLogits: true });
      model.compile({ optimizer: 'adam', loss });
      return (await model.fit(x, y, { ...quiet, epochs: 3, batchSize: 16 })).history.loss;
    };
    const first = await run(3);
    expect(await run(3)).toEqual(first);
    expect(await run(4)).not.toEqual(first);
  });

  it('takes typed arrays and nested arrays', async () => {
    const model = line(1);
    const { history } = await model.fit([[1], [2]], new Float64Array([1, 4]), { ...quiet, shuffle: false });
    expect(history.loss).toBeAllClose([2]); // ((1 - 1)^2 + (2 - 4)^2) / 2
    const { mae } = await model.evaluate([new Float32Array([0]), new Float32Array([0])], [[1], [5]]);
    expect(mae).toBeCloseTo(3, 5);
  });

  it('weights a smaller last batch by its samples', async () => {
    const model = line(0);
    const { loss, mae } = await model.evaluate([[1], [1], [1]], [[1], [1], [4]], { batchSize: 2 });
    expect(loss).toBeCloseTo((1 + 1 + 16) / 3, 5);
    expect(mae).toBeCloseTo(2, 5);
  });

  it('holds back the last samples before it shuffles', async () => {
    const model = line(0);
    model.compile({ optimizer: tf.train.sgd(0), loss: 'mse' });
    const y = [1, 1, 1, 1, 1, 1, 3, 3];
    const x = y.map(() => [1]);
    const { history } = await model.fit(x, y, { ...quiet, validationSplit: 0.25, batchSize: 3, epochs: 2 });
    expect(history.loss).toBeAllClose([1, 1]);
    expect(history.val_loss).toBeAllClose([9, 9]);
  });

  it('weights classes in training only, as Keras does', async () => {
    const model = line(0);
    model.compile({ optimizer: tf.train.sgd(0), loss: 'mse' });
    const { history } = await model.fit(
      [1, 1, 1, 1].map((n) => [n]),
      [1, 3, 1, 3],
      { ...quiet, validationSplit: 0.5, classWeight: { 1: 10, 3: 2 } },
    );
    expect(history.loss).toBeAllClose([(10 * 1 + 2 * 9) / 2]);
    expect(history.val_loss).toBeAllClose([(1 + 9) / 2]);
    await expect(model.fit([[1]], [[1]], { ...quiet, validationFreq: 0 })).rejects.toThrow(/validationFreq.*got 0/);
  });

  it('of a model that is frozen as a whole says that nothing changes', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const model = line(2);
    model.trainable = false;
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    const { history } = await model.fit([[1], [1]], [1, 1], { ...quiet, epochs: 2 });
    expect(history.loss).toEqual([1, 1]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0][0]).toMatch(/no trainable weights/);
  });

  it('names the loss whose targets do not fit', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    await expect(model.fit([[1, 2]], [[1, 2]], quiet)).rejects.toThrow(
      /meanSquaredError of targets and predictions: shapes \[1, 2\] and \[1, 3\] do not broadcast/,
    );
  });

  it('takes arrays of doubles as float32', async () => {
    const rows = [new Float64Array([1, 2]), new Float64Array([3, 4])];
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    const { history } = await model.fit(rows, [new Float64Array([1]), new Float64Array([2])], quiet);
    expect(history.loss[0]).toBeGreaterThanOrEqual(0);
    expect(model.predict(rows)).toHaveType('float32', [2, 1]);
  });

  it('validates with its own data, every validationFreq epochs', async () => {
    const model = line(0);
    model.compile({ optimizer: tf.train.sgd(0), loss: 'mse' });
    const { history } = await model.fit([[1]], [[1]], {
      ...quiet,
      epochs: 4,
      validationFreq: 2,
      validationData: [
        [[1], [1]],
        [[2], [4]],
      ],
    });
    expect(history.loss).toHaveLength(4);
    expect(history.val_loss).toBeAllClose([10, 10]);
  });

  it('goes over every sample once an epoch, in another order each time', async () => {
    const orders: number[][] = [];
    class Recorder extends tf.Model {
      w = tf.variable(tf.scalar(1));
      override call(x: tf.Tensor) {
        orders.at(-1)?.push(...(x.dataSync() as Float32Array));
        return tf.mul(x, this.w);
      }
    }
    const model = new Recorder();
    model.ensureBuilt([null, 1]);
    model.compile({ optimizer: tf.train.sgd(0), loss: 'mse', runEagerly: true });
    const numbers = Array.from({ length: 20 }, (_, i) => i);
    await model.fit(
      numbers.map((n) => [n]),
      numbers,
      {
        ...quiet,
        batchSize: 6,
        epochs: 2,
        callbacks: { onEpochBegin: () => void orders.push([]) },
      },
    );
    expect(orders.map((order) => [...order].sort((a, b) => a - b))).toEqual([numbers, numbers]);
    expect(orders[0]).not.toEqual(numbers);
    expect(orders[0]).not.toEqual(orders[1]);
  });

  it('takes up a learning rate that is changed while it runs', async () => {
    const model = line(0);
    const weights: number[] = [];
    await model.fit([[1]], [[1]], {
      ...quiet,
      epochs: 3,
      callbacks: {
        onEpochEnd: (epoch) => {
          weights.push(model.getWeights()[0].dataSync()[0] as number);
          if (epoch === 1) model.optimizer!.learningRate = 0;
        },
      },
    });
    expect(weights[0]).toBeCloseTo(0.2, 6);
    expect(weights[1]).toBeCloseTo(0.36, 6);
    expect(weights[2]).toBe(weights[1]);
  });

  it('leaves frozen layers alone, and goes on where it stopped', async () => {
    const { x, y } = quadrants(40);
    const model = classifier();
    model.layers[0].trainable = false;
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
    const before = model.getWeights().map((w) => w.dataSync());
    await model.fit(x, y, quiet);
    const after = model.getWeights().map((w) => w.dataSync());
    expect(after[0]).toEqual(before[0]);
    expect(after[2]).not.toEqual(before[2]);
    const { epoch } = await model.fit(x, y, { ...quiet, initialEpoch: 3, epochs: 5 });
    expect(epoch).toEqual([3, 4]);
  });

  it('lets the event loop turn while it trains', async () => {
    const { x, y } = quadrants(512);
    const model = classifier();
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await model.fit(x, y, { ...quiet, epochs: 20, batchSize: 16 });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });

  it('holds no more tensors after many steps than after few', async () => {
    const { x, y } = quadrants(64);
    const model = classifier();
    model.compile({
      optimizer: 'adam',
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
      runEagerly: true,
    });
    await model.fit(x, y, { ...quiet, batchSize: 8 });
    const before = tf.memory().numTensors;
    await model.fit(x, y, { ...quiet, batchSize: 8, epochs: 5 });
    // Fewer, where tensors of earlier tests were collected meanwhile.
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
  });

  it('runs eagerly, and says why, where a step cannot be traced', async () => {
    class Peeking extends tf.layers.Layer {
      override call(x: tf.Tensor) {
        return tf.mul(x, (x.dataSync()[0] as number) > 1e9 ? 0 : 1);
      }
      override computeOutputShape(shape: tf.layers.PartialShape) {
        return shape;
      }
    }
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] }), new Peeking()] });
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    const { history } = await model.fit([[1], [2]], [[1], [2]], { ...quiet, epochs: 20 });
    expect(history.loss.at(-1)).toBeLessThan(history.loss[0]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0][0]).toMatch(/training step of model 'sequential.*cannot be compiled.*value/s);
  });

  it('adds the penalties of regularised weights to the loss', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({
          units: 1,
          inputShape: [1],
          kernelInitializer: tf.initializers.constant({ value: 3 }),
          kernelRegularizer: tf.regularizers.l2({ l2: 0.5 }),
        }),
      ],
    });
    model.compile({ optimizer: 'sgd', loss: 'mse' });
    expect((await model.evaluate([[1]], [[3]])).loss).toBeCloseTo(4.5, 5);
  });

  it('chooses the accuracy by the shapes', async () => {
    const model = tf.sequential({ layers: [tf.layers.activation({ activation: 'linear', inputShape: [2] })] });
    model.compile({ loss: 'categoricalCrossentropy', metrics: ['acc', 'categoricalAccuracy'] });
    const oneHot = await model.evaluate([[0.9, 0.1], [0.8, 0.2]], [[1, 0], [0, 1]]); // prettier-ignore
    expect(oneHot).toMatchObject({ acc: 0.5, categoricalAccuracy: 0.5 });
    model.compile({ loss: 'sparse_categorical_crossentropy', metrics: 'accuracy' });
    expect((await model.evaluate([[0.9, 0.1], [0.8, 0.2]], [0, 0])).accuracy).toBe(1); // prettier-ignore
    const binary = tf.sequential({ layers: [tf.layers.activation({ activation: 'sigmoid', inputShape: [1] })] });
    binary.compile({ loss: 'binaryCrossentropy', metrics: ['accuracy'] });
    expect((await binary.evaluate([[4], [-4], [4]], [1, 0, 0])).accuracy).toBeCloseTo(2 / 3, 6);
  });

  it('computes a cross-entropy from the logits behind a softmax, where the probabilities have lost them', async () => {
    const model = tf.sequential({ layers: [tf.layers.activation({ activation: 'softmax', inputShape: [2] })] });
    model.compile({ loss: 'sparseCategoricalCrossentropy' });
    expect((await model.evaluate([[0, 200]], [0])).loss).toBeCloseTo(200, 3);
  });

  it('takes functions as loss and metric', async () => {
    const model = line(0);
    const halfError = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.mean(tf.mul(tf.abs(tf.sub(yTrue, yPred)), 0.5), -1);
    model.compile({ optimizer: 'sgd', loss: halfError, metrics: [halfError] });
    expect(await model.evaluate([[1], [1]], [[4], [2]])).toEqual({ loss: 1.5, half_error: 1.5 });
  });
});

describe('single batches', () => {
  it('trainOnBatch makes one step, testOnBatch none; both give the values of their batch', async () => {
    const model = line(0);
    expect((await model.trainOnBatch([[1]], [[1]])).loss).toBeCloseTo(1, 6);
    expect(model.getWeights()[0]).toBeAllClose([[0.2]]);
    expect((await model.trainOnBatch([[1]], [[1]])).loss).toBeCloseTo(0.64, 6);
    const { loss } = await model.testOnBatch([[1]], [[1]]);
    expect(loss).toBeCloseTo(0.64 ** 2, 5);
    expect((await model.testOnBatch([[1]], [[1]])).loss).toBeCloseTo(loss, 6);
  });

  it('sample weights scale the loss', async () => {
    const { loss } = await line(0).testOnBatch([[1], [1]], [[2], [4]], { sampleWeight: [1, 0.5] });
    expect(loss).toBeCloseTo((4 + 8) / 2, 5);
  });

  it('predict cuts into batches and puts them together', () => {
    const x = tf.randomNormal([10, 2]);
    const model = classifier();
    expect(model.predict(x, { batchSize: 4 })).toBeAllClose(model.predictOnBatch(x));
    expect(model.predict(x, { batchSize: 4 })).toBeAllClose(model.apply(x));
  });

  it('predict is inference: no dropout, moving statistics', () => {
    const model = tf.sequential({
      layers: [tf.layers.dropout({ rate: 0.9 }), tf.layers.batchNormalization({ epsilon: 0 })],
    });
    const x = tf.randomNormal([8, 4]);
    expect(model.predict(x)).toBeAllClose(x);
  });
});

describe('a custom training step', () => {
  it('is traced in place of the built-in one', async () => {
    class Counting extends tf.Model {
      dense = tf.layers.dense({ units: 1 });
      override call(x: tf.Tensor) {
        return this.dense.apply(x);
      }
      override trainStep({ x }: tf.Batch) {
        return { inputs: tf.sum(x) };
      }
    }
    const model = new Counting();
    model.compile({ loss: 'mse' });
    const { history } = await model.fit([[1], [2], [3]], [[0], [0], [0]], { ...quiet, epochs: 2 });
    expect(history).toEqual({ inputs: [6, 6] });
  });
});

describe('mistakes are named', () => {
  const x = [[1], [2]];
  const fails = async (run: () => unknown, message: RegExp) => expect(async () => run()).rejects.toThrow(message);

  it('before compile', () => fails(() => classifier().fit(x, x), /call compile\(.*before fit/));
  it('sample counts', () => fails(() => line().fit(x, [[1]], quiet), /x with 2 samples.*y with 1 samples/));
  it('validation sample counts', () =>
    fails(() => line().fit(x, x, { ...quiet, validationData: [x, [[1]]] }), /validationData.*x with 2.*y with 1/));
  it('epochs', () => fails(() => line().fit(x, x, { epochs: 0 }), /epochs to be a whole number of at least 1, got 0/));
  it('batchSize', () => fails(() => line().fit(x, x, { batchSize: 1.5 }), /batchSize.*got 1.5/));
  it('validationSplit', () => fails(() => line().fit(x, x, { validationSplit: 1 }), /validationSplit.*got 1/));
  it('nothing left to train on', () =>
    fails(() => line().fit([[1]], [[1]], { validationSplit: 0.5 }), /leaves none of 1/));
  it('input shape', () =>
    fails(
      () => line().fit([[1, 2]], [[1]], quiet),
      /Layer dense\S*: expected an input whose axis -1 has size 1; got shape \[.*2\]/,
    ));
  it('missing data', () => fails(() => line().fit(x, undefined as never, quiet), /y: expected targets for the output/));
  it('labels out of range', () => {
    const model = classifier();
    model.compile({ loss: 'sparseCategoricalCrossentropy' });
    return fails(() => model.fit([[1, 1], [2, 2]], [0, 2], quiet), /label 2 at position 1.*2 classes.*0 to 1/); // prettier-ignore
  });
  it('one-hot targets for a sparse loss', () => {
    const model = classifier();
    model.compile({ loss: 'sparseCategoricalCrossentropy' });
    return fails(() => model.fit([[1, 1]], [[0, 1]], quiet), /expected class numbers.*categoricalCrossentropy/);
  });
  it('both kinds of weights', () =>
    fails(() => line().fit(x, x, { ...quiet, sampleWeight: [1, 1], classWeight: { 0: 1 } }), /got both/));
  it('unknown names', () => {
    expect(() => line().compile({ loss: 'mzf' })).toThrow(/Unknown loss 'mzf'.*meanSquaredError/i);
    expect(() => line().compile({ loss: 'mse', optimizer: 'adm' })).toThrow(/Unknown optimizer 'adm'.*adam/);
    expect(() => line().compile({ loss: 'mse', metrics: ['acuracy'] })).toThrow(/Unknown metric 'acuracy'/);
    expect(() => line().compile({ loss: 3 as never })).toThrow(/expected a loss.*got 3/);
  });
});
