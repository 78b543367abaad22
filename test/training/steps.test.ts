/** @file Steps of one's own, metrics and losses of models, hooks and numbers of steps, prediction, interrupts, mixed precision. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import { setGlobalPolicy } from '../../src/layers/dtype-policy.ts';
import '../support/tensors.ts';

afterEach(() => vi.restoreAllMocks());

const quiet = { verbose: 0 } as const;
const column = (...values: number[]): number[][] => values.map((value) => [value]);

/** Prediction w x from w = 0. */
class Line extends tf.Model {
  dense = tf.layers.dense({ units: 1, useBias: false, kernelInitializer: 'zeros' });
  override call(x: tf.Tensor) {
    return this.dense.apply(x);
  }
  get weight(): number {
    return this.getWeights()[0].dataSync()[0] as number;
  }
}

const compiled = <M extends tf.Model>(model: M, rate = 0.1, options: tf.CompileOptions = { loss: 'mse' }): M => {
  model.compile({ optimizer: tf.train.sgd(rate), ...options });
  return model;
};

describe('models train in their own way', () => {
  it('by a step that computes its own loss', async () => {
    class Absolute extends Line {
      override trainStep({ x, y }: tf.Batch) {
        const tape = new tf.GradientTape();
        const loss = tape.record(() => tf.mean(tf.abs(tf.sub(this.apply(x, { training: true }), y))));
        const weights = this.trainableWeights;
        this.optimizer!.applyGradients(tape.gradient(loss, weights).map((gradient, i) => [gradient, weights[i]]));
        return { loss };
      }
    }
    const model = compiled(new Absolute(), 0.1, {});
    const { history } = await model.fit(column(1, 1), column(1, 1), { ...quiet, epochs: 3 });
    expect(history.loss).toBeAllClose([1, 0.9, 0.8]);
    expect(model.weight).toBeCloseTo(0.3, 5);
  });

  it('by computeLoss, with a metric that the model keeps', async () => {
    class Cubic extends Line {
      cubes = new tf.metrics.Mean({ name: 'cubes' });
      override computeLoss(batch: tf.AnyBatch, yPred: tf.layers.TensorTree) {
        const loss = super.computeLoss(batch, yPred);
        this.cubes.updateState(tf.pow(loss, 3));
        return tf.mul(loss, 2);
      }
    }
    const model = compiled(new Cubic(), 0);
    expect(model.metricsNames).toEqual(['loss', 'cubes']);
    const { history } = await model.fit(column(1, 1), column(2, 2), {
      ...quiet,
      epochs: 2,
      validationData: [column(1), column(3)],
    });
    expect(history).toEqual({ loss: [8, 8], cubes: [64, 64], val_loss: [18, 18], val_cubes: [729, 729] });
  });

  it('by computeMetrics', async () => {
    class Watched extends Line {
      override computeMetrics(batch: tf.AnyBatch, yPred: tf.layers.TensorTree) {
        return { ...super.computeMetrics(batch, yPred), largest: tf.max(batch.x as tf.Tensor) };
      }
    }
    const { history } = await compiled(new Watched(), 0).fit(column(1, 5, 2), column(1, 1, 1), {
      ...quiet,
      batchSize: 2,
      shuffle: false,
    });
    expect(history).toEqual({ loss: [1], largest: [2] });
  });

  it('and what has several values is logged as so many numbers', async () => {
    class Several extends Line {
      override testStep(batch: tf.AnyBatch) {
        return { ...super.testStep(batch), quantiles: tf.tensor([1, 2]), table: tf.tensor([[3], [4]]) };
      }
    }
    const logs = await compiled(new Several()).evaluate(column(1), column(1));
    expect(logs).toEqual({ loss: 1, quantiles_0: 1, quantiles_1: 2, table_0_0: 3, table_1_0: 4 });
  });

  it('and predict by predictStep', () => {
    class Doubled extends Line {
      override predictStep({ x }: tf.AnyBatch) {
        return tf.mul(x as tf.Tensor, 2);
      }
    }
    expect(new Doubled().predict(column(1, 2, 3), { batchSize: 2 })).toBeAllClose(column(2, 4, 6));
  });
});

describe('steps', () => {
  it('several in one execution: hooks come with the numbers of the first and the last', async () => {
    const numbers: string[] = [];
    const callbacks = {
      onTrainBatchBegin: (batch: number) => void numbers.push(`begin ${batch}`),
      onTrainBatchEnd: (batch: number) => void numbers.push(`end ${batch}`),
    };
    const model = compiled(new Line(), 0.1, { loss: 'mse', stepsPerExecution: 2 });
    const single = compiled(new Line());
    const data = [column(1, 2, 3, 4, 5), column(1, 3, 5, 6, 8)] as const;
    const options = { ...quiet, batchSize: 1, shuffle: false, epochs: 2 } as const;
    const { history } = await model.fit(...data, { ...options, callbacks });
    expect(numbers.slice(0, 6)).toEqual(['begin 0', 'end 1', 'begin 2', 'end 3', 'begin 4', 'end 4']);
    expect(history.loss).toBeAllClose((await single.fit(...data, options)).history.loss);
    expect(model.weight).toBeCloseTo(single.weight, 5);
  });

  it('onTrainBegin may say with which epoch to go on', async () => {
    class Resuming extends tf.Callback {
      override onTrainBegin() {
        this.model.initialEpoch = 2;
      }
    }
    const { epoch } = await compiled(new Line()).fit(column(1), column(1), {
      ...quiet,
      epochs: 4,
      callbacks: new Resuming(),
    });
    expect(epoch).toEqual([2, 3]);
  });

  it('shuffle within batches keeps their samples together', async () => {
    const seen: number[][] = [];
    class Recording extends Line {
      override call(x: tf.Tensor) {
        if (!x.isSymbolic) seen.push([...(x.dataSync() as Float32Array)]);
        return super.call(x);
      }
    }
    tf.random.setSeed(3);
    const values = Array.from({ length: 20 }, (_, i) => i);
    const options = { ...quiet, batchSize: 8, shuffle: 'batch' } as const;
    await compiled(new Recording(), 0, { loss: 'mse', runEagerly: true }).fit(
      column(...values),
      column(...values),
      options,
    );
    expect(seen.map((batch) => [...batch].sort((a, b) => a - b))).toEqual(
      [0, 8, 16].map((from) => values.slice(from, from + 8)),
    );
    expect(seen.flat()).not.toEqual(values);
  });

  it('are made anew when weights are frozen or let go', async () => {
    const model = compiled(new Line());
    await model.fit(column(1), column(1), quiet);
    const first = model.weight;
    model.dense.trainable = false;
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await model.fit(column(1), column(1), quiet);
    expect(model.weight).toBe(first);
    model.dense.trainable = true;
    await model.fit(column(1), column(1), quiet);
    expect(model.weight).toBeGreaterThan(first);
  });

  it('the optimizer may put averages in the place of the weights at the end', async () => {
    const model = new Line();
    model.compile({ optimizer: tf.optimizers.sgd({ learningRate: 0.1, useEma: true, emaMomentum: 0.5 }), loss: 'mse' });
    const during: number[] = [];
    const callbacks = { onEpochEnd: () => void during.push(model.weight) };
    await model.fit(column(1), column(1), { ...quiet, epochs: 2, callbacks });
    expect(during).toBeAllClose([0.2, 0.36]);
    expect(model.weight).toBeLessThan(0.36);
  });

  it('in mixed precision scale the loss', async () => {
    const make = () =>
      tf.sequential({
        layers: [tf.layers.dense({ units: 1, inputShape: [1], dtype: 'mixed_float16', kernelInitializer: 'zeros' })],
      });
    setGlobalPolicy('mixed_float16');
    let model: tf.Sequential;
    try {
      model = make();
    } finally {
      setGlobalPolicy('float32');
    }
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'mse' });
    expect(model.optimizer).toBeInstanceOf(tf.optimizers.LossScaleOptimizer);
    // Gradients of about 1e-8 are none in float16, unless they are scaled.
    const { history } = await model.fit(column(1e-4), column(1), { ...quiet, epochs: 2 });
    expect(history.loss[0]).toBeCloseTo(1, 3);
    expect(model.getWeights()[0].dataSync()[0]).toBeGreaterThan(0);
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'mse', autoScaleLoss: false });
    expect(model.optimizer).toBeInstanceOf(tf.optimizers.SGD);
  });
});

describe('class weights of several outputs', () => {
  const model = (): tf.Functional => {
    const x = tf.input({ shape: [2] });
    const softmax = (name: string) => tf.layers.activation({ activation: 'softmax', name }).apply(x);
    return tf.model({ inputs: x, outputs: [softmax('left'), softmax('right')] });
  };
  const x = [[0, 0], [0, 0]]; // prettier-ignore

  it('are given by name', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const both = compiled(model(), 0.1, { loss: 'sparseCategoricalCrossentropy' });
    const classWeight = { left: { 0: 2, 1: 4 } };
    const { history } = await both.fit(x, [[0, 1], [1, 1]], { ...quiet, classWeight }); // prettier-ignore
    expect(history.left_loss[0]).toBeCloseTo(3 * Math.log(2), 5);
    expect(history.right_loss[0]).toBeCloseTo(Math.log(2), 5);
    const wrong = both.fit(x, [[0, 1], [1, 1]], { ...quiet, classWeight: { 0: 2 } }); // prettier-ignore
    await expect(wrong).rejects.toThrow(/several targets, so classWeight must say for which one/);
  });
});

describe('predict', () => {
  it('calls its hooks, and may be stopped', async () => {
    const calls: string[] = [];
    const model = new Line();
    const callbacks = {
      onPredictBegin: () => void calls.push('begin'),
      onPredictBatchBegin: (batch: number) => void calls.push(`batch ${batch}`),
      onPredictBatchEnd: (batch: number, logs?: tf.callbacks.PredictLogs) => {
        calls.push(`end ${batch} ${String((logs?.outputs as tf.Tensor).shape)}`);
        if (batch === 1) model.stopPredicting = true;
      },
      onPredictEnd: () => void calls.push('end'),
    };
    const expected = ['begin', 'batch 0', 'end 0 2,1', 'batch 1', 'end 1 2,1', 'end'];
    expect(model.predict(column(1, 2, 3, 4, 5), { batchSize: 2, callbacks }).shape).toEqual([4, 1]);
    expect(calls.splice(0)).toEqual(expected);
    expect((await model.predictAsync(column(1, 2, 3, 4, 5), { batchSize: 2, callbacks })).shape).toEqual([4, 1]);
    expect(calls).toEqual(expected);
    const asynchronous = { onPredictBatchEnd: async () => {} };
    expect(() => model.predict(column(1), { callbacks: asynchronous })).toThrow(/predictAsync/);
  });

  it('steps end it early, and batches may be sizes of their own', async () => {
    const model = new Line();
    expect(model.predict(column(1, 2, 3, 4), { batchSize: 1, steps: 3 }).shape).toEqual([3, 1]);
    expect(model.predictOnBatch(column(1, 2, 3)).shape).toEqual([3, 1]);
    expect(() => model.predict(column(1), { steps: 0 })).toThrow(/predict: expected steps/);
  });
});

describe('an interrupt', () => {
  const symbol = Symbol.for('tensorcell.interrupted');
  afterEach(() => void delete (globalThis as Record<symbol, unknown>)[symbol]);

  it('leaves a usable model and its history', async () => {
    const model = compiled(new Line());
    let steps = 0;
    let interrupted = false;
    (globalThis as Record<symbol, unknown>)[symbol] = () => interrupted;
    const onTrainEnd = vi.fn();
    const callbacks = { onTrainBatchEnd: () => void (interrupted = ++steps === 5), onTrainEnd };
    const run = model.fit(column(1, 1), column(1, 1), { ...quiet, batchSize: 1, epochs: 10, callbacks });
    await expect(run).rejects.toThrow(/Interrupted after step 1 of 2; the weights are those of that step/);
    expect(onTrainEnd).toHaveBeenCalledTimes(1);
    expect(model.history?.history.loss).toHaveLength(2);
    const { weight } = model;
    expect(weight).toBeGreaterThan(0.5);
    interrupted = false;
    await model.fit(column(1, 1), column(1, 1), quiet);
    expect(model.weight).toBeGreaterThan(weight);
  });

  it('ends predictAsync and evaluate too', async () => {
    (globalThis as Record<symbol, unknown>)[symbol] = () => true;
    const model = compiled(new Line());
    await expect(model.predictAsync(column(1, 2), { batchSize: 1 })).rejects.toThrow(/Interrupted after step 1 of 2/);
    await expect(model.evaluate(column(1, 2), column(1, 2), { batchSize: 1 })).rejects.toThrow(/Interrupted/);
  });
});

describe('what is asked of a model', () => {
  it('is refused while it is being trained', async () => {
    const model = compiled(new Line());
    const first = model.fit(column(1, 2), column(1, 2), { ...quiet, epochs: 2 });
    await expect(model.fit(column(1), column(1), quiet)).rejects.toThrow(/is being trained already/);
    await first;
    await model.fit(column(1), column(1), quiet);
  });

  it('an evaluation in a hook is answered', async () => {
    const model = compiled(new Line());
    const losses: number[] = [];
    const onEpochEnd = async () => void losses.push((await model.evaluate(column(1), column(1))).loss);
    const { history } = await model.fit(column(1), column(1), { ...quiet, epochs: 2, callbacks: { onEpochEnd } });
    expect(losses).toBeAllClose([0.64, 0.4096]);
    expect(history.loss).toBeAllClose([1, 0.64]);
  });

  it('is kept for files', () => {
    const model = compiled(new Line(), 0.1, { loss: 'mse', metrics: ['mae'], stepsPerExecution: 3 });
    expect(model.compileOptions).toMatchObject({ loss: 'mse', metrics: ['mae'], stepsPerExecution: 3 });
    const other = new Line();
    other.compileFromConfig(model.getCompileConfig()!);
    expect(other.metricsNames).toEqual(['loss']);
    expect(other.optimizer).toBe(model.optimizer);
  });
});
