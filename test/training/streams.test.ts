/** @file Data for training: structures, generators, iterables and datasets, with steps and validation. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import '../support/tensors.ts';

afterEach(() => vi.restoreAllMocks());

const quiet = { verbose: 0 } as const;

/** Prediction w x with w = 0 at first: the loss is the mean of the squared targets until it is trained. */
function line(rate = 0): tf.Sequential {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, useBias: false, inputShape: [1], kernelInitializer: 'zeros' })],
  });
  model.compile({ optimizer: tf.train.sgd(rate), loss: 'mse' });
  return model;
}

/** Sum and difference of two inputs. */
function sumAndDifference(): tf.Functional {
  const [a, b] = [tf.input({ shape: [1], name: 'a' }), tf.input({ shape: [1], name: 'b' })];
  const weights = (...values: number[]) => ({
    units: 1,
    useBias: false,
    kernelInitializer: tf.initializers.constant({ value: 1 }),
    name: ['sum', 'difference'][values.length - 1],
  });
  const sum = tf.layers.dense(weights(1)).apply(tf.concat([a, b], -1));
  const difference = tf.layers.dense(weights(1, -1)).apply(tf.concat([a, tf.neg(b)], -1));
  const model = tf.model({ inputs: [a, b], outputs: [sum, difference] });
  model.compile({ optimizer: tf.train.sgd(0), loss: 'mse' });
  return model;
}

/** Batches of which the targets are 1, 2, 3, ... */
function* batches(count: number, from = 1): Generator<[number[][], number[][]]> {
  for (let i = 0; i < count; i++) yield [[[1]], [[from + i]]];
}

describe('streams', () => {
  it('a function that gives a generator runs anew in each epoch', async () => {
    const { history } = await line().fit(() => batches(3), { ...quiet, epochs: 2 });
    expect(history.loss).toBeAllClose([14 / 3, 14 / 3]);
  });

  it('steps go on in the data where the epoch before ended, and begin anew at its end', async () => {
    const { history } = await line().fit(() => batches(4), { ...quiet, epochs: 4, stepsPerEpoch: 2 });
    expect(history.loss).toBeAllClose([2.5, 12.5, 2.5, 12.5]);
    const endless = function* (): Generator<[number[][], number[][]]> {
      for (let i = 1; ; i++) yield [[[1]], [[i]]];
    };
    const model = line();
    expect((await model.fit(endless(), { ...quiet, epochs: 2, stepsPerEpoch: 2 })).history.loss).toBeAllClose([
      2.5, 12.5,
    ]);
  });

  it('asynchronous ones too, and a promise of one', async () => {
    const slowly = async function* () {
      for (const batch of batches(2)) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        yield batch;
      }
    };
    expect((await line().fit(slowly, { ...quiet, epochs: 2 })).history.loss).toBeAllClose([2.5, 2.5]);
    expect((await line().fit({ [Symbol.asyncIterator]: slowly }, quiet)).history.loss).toBeAllClose([2.5]);
    expect((await line().fit(async () => slowly(), quiet)).history.loss).toBeAllClose([2.5]);
    expect((await line().evaluate(slowly())).loss).toBeCloseTo(2.5, 5);
  });

  it('an iterator that has ended ends the training, with a warning', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { epoch } = await line().fit(batches(2), { ...quiet, epochs: 3 });
    expect(epoch).toEqual([0]);
    expect(warn.mock.calls.flat().join()).toMatch(/no data for epoch 2.*function that makes one/);
  });

  it('too few batches for the steps are told of', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { history } = await line().fit(() => batches(3), { ...quiet, stepsPerEpoch: 5 });
    expect(history.loss).toBeAllClose([14 / 3]);
    expect(warn.mock.calls.flat().join()).toMatch(/ended after 3 of 5 steps/);
  });

  it('end where they are left', async () => {
    let ended = 0;
    const watched = function* () {
      try {
        yield* batches(100);
      } finally {
        ended++;
      }
    };
    await line().fit(watched, { ...quiet, stepsPerEpoch: 2 });
    expect(ended).toBe(1);
    const model = line();
    const callbacks = { onTrainBatchEnd: () => void (model.stopTraining = true) };
    await model.fit(watched, { ...quiet, callbacks });
    expect(ended).toBe(2);
  });

  it("TensorFlow.js's forms: { xs, ys }, batchesPerEpoch, validationBatches, iterator()", async () => {
    const dataset = {
      iterator: async () => {
        const source = batches(4);
        return {
          next: async () => {
            const { value, done } = source.next();
            return { value: done ? null : { xs: tf.tensor(value[0]), ys: tf.tensor(value[1]) }, done } as never;
          },
        };
      },
    };
    const model = line();
    const { history } = await model.fitDataset(dataset, {
      ...quiet,
      epochs: 2,
      batchesPerEpoch: 2,
      validationData: dataset,
      validationBatches: 3,
    });
    expect(history.loss).toBeAllClose([2.5, 12.5]);
    expect(history.val_loss).toBeAllClose([14 / 3, 14 / 3]);
    expect((await model.evaluateDataset(dataset, { batches: 1 })).loss).toBeCloseTo(1, 6);
  });

  it('weights come with the batches, or from classes', async () => {
    const weighted = function* () {
      yield [
        [[1], [1]],
        [[1], [3]],
        [1, 0.5],
      ] as const;
    };
    expect((await line().fit(weighted, quiet)).history.loss).toBeAllClose([(1 + 4.5) / 2]);
    const plain = () => batches(2);
    const classWeight = { 1: 10 };
    expect((await line().fit(plain, { ...quiet, classWeight })).history.loss).toBeAllClose([(10 + 4) / 2]);
  });

  it('evaluate and predict take them', async () => {
    const model = line();
    expect(await model.evaluate(() => batches(3), { steps: 2 })).toEqual({ loss: 2.5 });
    const outputs = model.predict(() => batches(3));
    expect(outputs).toBeInstanceOf(Promise);
    expect(await outputs).toBeAllClose([[0], [0], [0]]);
    const xs = function* () {
      yield tf.ones([2, 1]);
      yield { xs: tf.ones([1, 1]) };
      yield [tf.ones([3, 1])] as const;
    };
    expect((await model.predict(xs)).shape).toEqual([6, 1]);
  });

  it('several inputs and outputs by their names', async () => {
    const named = function* () {
      yield { xs: { a: [[1]], b: [[2]] }, ys: { difference: [[1]], sum: [[3]] } };
    };
    const { history } = await sumAndDifference().fit(named, quiet);
    expect(history).toEqual({ loss: [4], sum_loss: [0], difference_loss: [4] });
  });

  it('what the user gave lives on, what was made for a batch does not', async () => {
    const [x, y] = [tf.ones([1, 1]), tf.ones([1, 1])];
    const own = function* () {
      for (let i = 0; i < 3; i++) yield [x, y] as const;
    };
    const model = line();
    await model.fit(own, quiet);
    expect(x.isDisposed || y.isDisposed).toBe(false);
    await model.fit(() => batches(3), quiet);
    const before = tf.memory().numTensors;
    await model.fit(() => batches(50), quiet);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('mistakes are named', async () => {
    const fails = (run: Promise<unknown>, message: RegExp) => expect(run).rejects.toThrow(message);
    await fails(
      line().fit(() => batches(0), quiet),
      /fit: the data has no batches/,
    );
    await fails(
      line().fit(() => batches(1), { ...quiet, validationSplit: 0.5 }),
      /validationSplit needs samples in memory/,
    );
    await fails(line().fit((() => batches(1)) as never, [[1]], quiet), /y must come with the batches/);
    await fails(
      line().fit(() => [[[[1]], [[1]], [1], 4] as never], quiet),
      /expected batches as \[x\].*got a list of 4/,
    );
    await fails(line().fit((() => 7) as never, quiet), /function that gives an iterator of batches.*gives number/);
    await fails(
      line().fit(() => [[[[1]], [[1], [2]]]] as never, quiet),
      /x with 1 samples.*y with 2 samples/,
    );
    const classifier = tf.sequential({
      layers: [tf.layers.dense({ units: 2, activation: 'softmax', inputShape: [1] })],
    });
    classifier.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
    const labels = () => [[[[1]], new Int32Array([1])], [[[1]], new Int32Array([2])]]; // prettier-ignore
    await fails(classifier.fit(labels as never, quiet), /label 2 .*labels go from 0 to 1/);
  });
});

describe('structures', () => {
  const [a, b] = [tf.tensor([[1], [2], [3]]), tf.tensor([[1], [1], [1]])];
  const sums = [[2], [3], [4]];
  const differences = [[0], [1], [2]];

  it('inputs and targets in lists and by name, as tensors and as arrays', async () => {
    const model = sumAndDifference();
    model.setWeights(model.getWeights());
    const exact = { loss: 0, sum_loss: 0, difference_loss: 0 };
    expect(await model.evaluate([a, b], [sums, differences])).toEqual(exact);
    expect(await model.evaluate({ b, a }, { difference: differences, sum: sums })).toEqual(exact);
    expect(
      await model.evaluate([a.arraySync(), b.arraySync()] as never, [sums, differences], { batchSize: 2 }),
    ).toEqual(exact);
    const { history } = await model.fit([a, b], [sums, differences], { ...quiet, batchSize: 2, validationSplit: 0.3 });
    expect(history).toMatchObject({ loss: [0], val_loss: [0], val_sum_loss: [0] });
  });

  it('several outputs of predict have their structure', () => {
    const model = sumAndDifference();
    const [sum, difference] = model.predict([a, b], { batchSize: 2 }) as tf.Tensor[];
    expect(sum).toBeAllClose(sums);
    expect(difference).toBeAllClose(differences);
    class Pair extends tf.Model {
      override call(x: tf.Tensor) {
        return { twice: tf.mul(x, 2), rest: [x] };
      }
    }
    const outputs = new Pair().predict<{ twice: tf.Tensor; rest: tf.Tensor[] }>(a, { batchSize: 2 });
    expect(outputs.twice).toBeAllClose([[2], [4], [6]]);
    expect(outputs.rest[0]).toBeAllClose(a);
  });

  it('a subclassed model of several inputs and outputs is trained', async () => {
    class Both extends tf.Model {
      out = tf.layers.dense({ units: 1, useBias: false, kernelInitializer: 'ones' });
      override call({ left, right }: { left: tf.Tensor; right: tf.Tensor }) {
        return { sum: this.out.apply(tf.add(left, right)), right };
      }
    }
    const model = new Both();
    model.compile({ optimizer: tf.train.sgd(0), loss: { sum: 'mse', right: 'mae' }, metrics: { sum: ['mae'] } });
    const { history } = await model.fit({ left: a, right: b }, { sum: sums, right: [[0], [0], [0]] }, quiet);
    expect(history).toEqual({ loss: [1], sum_mae: [0], sum_loss: [0], right_loss: [1] });
  });

  it('lists of a subclassed model have numbers for names', async () => {
    class Two extends tf.Model {
      override call(x: tf.Tensor) {
        return [x, tf.mul(x, 2)];
      }
    }
    const model = new Two();
    model.compile({ loss: 'mse', metrics: 'mae' });
    expect(
      await model.evaluate(
        b,
        [
          [[1], [1], [1]],
          [[1], [1], [1]],
        ].map((rows) => tf.tensor(rows)),
      ),
    ).toEqual({
      ...{ loss: 1, output_1_mae: 0, output_2_mae: 1 },
      ...{ output_1_loss: 0, output_2_loss: 1 },
    });
  });

  it('ragged inputs are cut by their rows', () => {
    class RowSums extends tf.Model {
      override call(x: tf.Tensor) {
        return tf.ragged.sum(x as never, 1) as tf.Tensor;
      }
    }
    const rows = tf.ragged.constant([[1, 2], [3], [4, 5, 6]]);
    expect(new RowSums().predict(rows as never, { batchSize: 2 })).toBeAllClose([3, 3, 15]);
  });

  it('ragged inputs are trained on, without a trace for each batch', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    class Scaled extends tf.Model {
      dense = tf.layers.dense({ units: 1, useBias: false, kernelInitializer: 'zeros' });
      override call(x: tf.Tensor) {
        return this.dense.apply(tf.expandDims(tf.ragged.sum(x as never, 1) as tf.Tensor, -1));
      }
    }
    const rows = tf.ragged.constant(Array.from({ length: 12 }, (_, i) => Array<number>(1 + (i % 5)).fill(0.5)));
    const model = new Scaled();
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'mse' });
    const targets = tf.mul(tf.ragged.sum(rows, 1) as tf.Tensor, 2);
    const { history } = await model.fit(rows as never, targets, { ...quiet, batchSize: 2, epochs: 8 });
    expect(history.loss.at(-1)).toBeLessThan(history.loss[0] / 10);
    expect(warn).not.toHaveBeenCalled();
  });

  it('targets may be left to losses that layers add', async () => {
    class Shrinking extends tf.layers.Layer {
      override call(x: tf.Tensor) {
        this.addLoss(tf.mean(tf.square(x)));
        return x;
      }
    }
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' }), new Shrinking()],
    });
    model.compile({ optimizer: tf.train.sgd(0.05) });
    const { history } = await model.fit(b, null, { ...quiet, epochs: 3 });
    expect(history.loss[0]).toBeCloseTo(1, 5);
    expect(history.loss[2]).toBeLessThan(0.8);
  });

  it('mistakes are named', async () => {
    const fails = (run: () => Promise<unknown>, message: RegExp) => expect(async () => run()).rejects.toThrow(message);
    const model = sumAndDifference();
    await fails(() => model.fit([a, b], sums, quiet), /y: the model has 2 outputs \(sum, difference\)/);
    await fails(
      () => model.fit([a, b], { sum: sums, product: sums }, quiet),
      /y: there is no output 'product'; .*'sum', 'difference'/,
    );
    await fails(() => model.fit([a, b], { sum: sums }, quiet), /y: expected targets for the output 'difference'/);
    await fails(
      () => model.fit([a, tf.ones([2, 1])], [sums, differences], quiet),
      /x\[0\] with 3 samples.*x\[1\] with 2/,
    );
    const compiled = (options: tf.CompileOptions) => {
      model.compile(options);
      return model.evaluate([a, b], [sums, differences]);
    };
    await fails(
      () => compiled({ loss: ['mse', 'mse', 'mse'] }),
      /compile: loss: the model has 2 outputs.*got a list of 3/,
    );
    await fails(() => compiled({ loss: { total: 'mse' } }), /compile: loss: there is no output 'total'/);
    await fails(
      () => compiled({ loss: 'mse', metrics: ['mae', 'mse', 'mae'] }),
      /compile: metrics: the model has 2 outputs/,
    );
    await fails(() => compiled({ loss: 'mse', lossWeights: 2 }), /compile: lossWeights: the model has 2 outputs/);
    await fails(() => compiled({ loss: [null, null] }), /none of the outputs has a loss/);
    expect(() => model.compile({ lossWeights: [1, 2] })).toThrow(/lossWeights were given without a loss/);
    expect(() => model.compile({ loss: 'mse', stepsPerExecution: 0 })).toThrow(/stepsPerExecution.*got 0/);
    const alone = line();
    alone.compile({});
    await fails(() => alone.fit([[1]], [[1]], quiet), /There is no loss: give one to compile/);
    await fails(() => alone.fit([[1]], null, quiet), /There is no loss/);
  });
});
