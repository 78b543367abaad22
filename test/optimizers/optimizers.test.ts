/** @file What optimizers do beyond their formulas: options, identifiers, state, learning rates, mistakes. */
import { describe, expect, it, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import '../support/tensors.ts';

const { optimizers } = tf;

/** Makes so many steps of a fixed gradient. */
function walk(optimizer: tf.Optimizer, variable: tf.Variable, steps: number, compiled = false): void {
  const apply = (g: tf.Tensor): void => optimizer.applyGradients([[g, variable]]);
  const step = compiled ? tf.function(apply) : apply;
  for (let i = 0; i < steps; i++) step(tf.tensor([1, -0.5], null, variable.dtype));
}
const pair = (): tf.Variable => tf.variable(tf.tensor([1, 2]));

describe('learning rates', () => {
  it.each([false, true])('of a schedule follow the steps, compiled: %s', (compiled) => {
    const boundaries = [0, 2];
    const learningRate = new optimizers.schedules.PiecewiseConstantDecay({ boundaries, values: [1, 0.5, 0.25] });
    const optimizer = optimizers.sgd({ learningRate });
    const w = pair();
    expect(optimizer.learningRate).toBe(1);
    walk(optimizer, w, 4, compiled);
    expect(w.read()).toBeAllClose([1 - 1 - 0.5 - 0.5 - 0.25, 2 + 0.5 * 2.25]);
    expect(optimizer.learningRate).toBe(0.25);
    expect(optimizer.variables).toEqual([optimizer.iterations]);
    expect(() => (optimizer.learningRate = 0.1)).toThrow(/comes from a schedule and cannot be set to a number/);
  });

  it.each([false, true])('of a function are asked for at each step, compiled: %s', (compiled) => {
    let rate = 1;
    const optimizer = optimizers.sgd({ learningRate: () => (rate /= 2) });
    const w = pair();
    const apply = (g: tf.Tensor): void => optimizer.applyGradients([[g, w]]);
    const step = compiled ? tf.function(apply) : apply;
    const values: number[] = [];
    const moves: number[] = [];
    for (let i = 0; i < 3; i++) {
      const before = Number(w.read().dataSync()[0]);
      step(tf.tensor([1, 0]));
      moves.push(before - Number(w.read().dataSync()[0]));
      values.push(rate);
    }
    expect(tf.tensor(moves)).toBeAllClose(values);
  });

  it('of a function of a variable are part of the compiled step', () => {
    const rate = tf.variable(tf.scalar(1), false);
    const optimizer = optimizers.sgd({ learningRate: () => rate.read() });
    const w = pair();
    const step = tf.function((g: tf.Tensor) => optimizer.applyGradients([[g, w]]));
    step(tf.tensor([1, 0]));
    rate.assign(tf.scalar(0.25));
    step(tf.tensor([1, 0]));
    expect(w.read()).toBeAllClose([-0.25, 2]);
    expect(optimizer.learningRate).toBe(0.25);
  });

  it('are set at any time, also within the compiled step, and replaced by a schedule', () => {
    const optimizer = optimizers.sgd(0.5);
    const w = pair();
    const step = tf.function((g: tf.Tensor) => optimizer.applyGradients([[g, w]]));
    step(tf.tensor([1, 0]));
    optimizer.learningRate = 0.1;
    expect(optimizer.learningRate).toBe(0.1);
    step(tf.tensor([1, 0]));
    expect(w.read()).toBeAllClose([0.4, 2]);
    optimizer.learningRate = new optimizers.schedules.InverseTimeDecay({ initialLearningRate: 1, decaySteps: 1, decayRate: 1 }); // prettier-ignore
    expect(optimizer.learningRate).toBeCloseTo(1 / 3);
  });

  it('in a config: numbers, schedules, registered functions and subclasses', () => {
    const schedule = { initialLearningRate: 0.1, decaySteps: 5, decayRate: 0.5 };
    const optimizer = optimizers.adam({ learningRate: new optimizers.schedules.ExponentialDecay(schedule) });
    const config = optimizer.getConfig();
    expect(config.learningRate).toMatchObject({ className: 'ExponentialDecay', config: schedule });
    expect(new optimizers.Adam(config).getConfig()).toEqual(config);

    class Halving extends optimizers.schedules.LearningRateSchedule {
      override call(step: tf.Tensor) {
        return tf.pow(0.5, step);
      }
      override getConfig() {
        return {};
      }
    }
    tf.serialization.registerClass(Halving);
    const custom = new optimizers.SGD(new optimizers.SGD({ learningRate: new Halving() }).getConfig());
    expect(custom.learningRate).toBe(1);

    const steady = tf.serialization.registerClass(function steady() {
      return 0.3;
    });
    const named = new optimizers.SGD(new optimizers.SGD({ learningRate: steady }).getConfig());
    expect(named.learningRate).toBe(0.3);
  });
});

describe('ways to name and make them', () => {
  it('any spelling, class, config; factories of TensorFlow.js with arguments by place', () => {
    expect(optimizers.getOptimizer('adam_w')).toBeInstanceOf(optimizers.AdamW);
    expect(optimizers.getOptimizer('RMSProp')).toBeInstanceOf(optimizers.RMSprop);
    expect(optimizers.getOptimizer(optimizers.Lion)).toBeInstanceOf(optimizers.Lion);
    expect(optimizers.getOptimizer({ className: 'SGD', config: { momentum: 0.5 } })).toMatchObject({ momentum: 0.5 });
    expect(() => optimizers.getOptimizer('adm')).toThrow(/Unknown optimizer 'adm'; expected one of: SGD, RMSprop/);
    expect(tf.train.adagrad(0.1, 0.5).getConfig()).toMatchObject({ learningRate: 0.1, initialAccumulatorValue: 0.5 });
    expect(tf.train.adadelta(0.1, 0.8, 1e-3).getConfig()).toMatchObject({ learningRate: 0.1, rho: 0.8, epsilon: 1e-3 });
    expect(tf.train.adam(0.1, 0.8, 0.9, null).getConfig()).toMatchObject({ beta1: 0.8, beta2: 0.9, epsilon: 1e-7 });
    const decay = new optimizers.schedules.CosineDecay({ initialLearningRate: 0.1, decaySteps: 10 });
    expect(tf.train.adam(decay, 0.8).getConfig()).toMatchObject({
      learningRate: { className: 'CosineDecay' },
      beta1: 0.8,
    });
    expect(tf.train.adamax(() => 0.25).learningRate).toBe(0.25);
    expect(tf.train.adamax().getConfig()).toMatchObject({ learningRate: 0.002 });
    expect(optimizers.adamax({}).getConfig()).toMatchObject({ learningRate: 0.001 });
    expect(tf.train.rmsprop(0.1, 0.8, 0.5, null, true).getConfig()).toMatchObject({ rho: 0.8, momentum: 0.5, centered: true }); // prettier-ignore
  });

  it('adamax with the decay of TensorFlow.js: learningRate / (1 + decay t)', () => {
    const optimizer = tf.train.adamax(0.5, 0.9, 0.999, null, 0.25);
    expect(optimizer.learningRate).toBe(0.5);
    walk(optimizer, pair(), 4);
    expect(optimizer.learningRate).toBeCloseTo(0.25);
  });

  it('every option is in the config, and the config makes the same optimizer', () => {
    const options = { weightDecay: 0.1, globalClipNorm: 2, useEma: true, emaMomentum: 0.5, emaOverwriteFrequency: 7 };
    const more = { lossScaleFactor: 8, gradientAccumulationSteps: 3, name: 'mine' };
    for (const name of optimizers.optimizerClasses.names.filter((name) => !/LossScale|Multi/.test(name))) {
      const optimizer = optimizers.deserializeOptimizer({ className: name, config: { ...options, ...more } });
      const config = optimizer.getConfig();
      expect(config).toMatchObject({ ...options, ...more, clipNorm: null, clipValue: null });
      expect(optimizers.deserializeOptimizer(optimizers.serializeOptimizer(optimizer)).getConfig()).toEqual(config);
    }
    const scaled = new optimizers.LossScaleOptimizer({ innerOptimizer: optimizers.adam(0.5), initialScale: 4 });
    const again = optimizers.deserializeOptimizer(optimizers.serializeOptimizer(scaled));
    expect(again.getConfig()).toEqual(scaled.getConfig());
    expect(again.learningRate).toBe(0.5);
  });

  it('a rule of one’s own', () => {
    class SignDescent extends optimizers.Optimizer {
      protected override slots() {
        return [{ name: 'count' }];
      }
      protected override update(
        value: tf.Tensor,
        gradient: tf.Tensor,
        [count]: readonly tf.Tensor[],
        { learningRate }: tf.optimizers.StepScalars,
      ) {
        return { value: value.sub(gradient.sign().mul(learningRate)), state: [count.add(1)] };
      }
    }
    const optimizer = new SignDescent({ learningRate: 0.5 });
    const w = pair();
    walk(optimizer, w, 3, true);
    expect(w.read()).toBeAllClose([-0.5, 3.5]);
    expect(optimizer.variables.at(-1)!.read()).toBeAllClose([3, 3]);
    class Nothing extends optimizers.Optimizer {}
    expect(() => walk(new Nothing({}), w, 1)).toThrow(/Optimizer Nothing has no rule: override update/);
  });
});

describe('gradients and variables', () => {
  it('are given as pairs, by name as in TensorFlow.js, or as two lists', () => {
    const [a, b] = ['first', 'second'].map((name) => tf.variable(tf.scalar(1), true, name));
    const optimizer = optimizers.sgd(0.5);
    const { grads } = tf.variableGrads(() => tf.add(tf.mul(a, 2), b));
    optimizer.applyGradients(grads);
    expect([a, b].map((v) => v.read().dataSync()[0])).toEqual([0, 0.5]);
    optimizer.applyGradients([{ name: 'second', tensor: tf.scalar(1) }]);
    expect(b.read()).toBeAllClose(0);
    optimizer.apply([tf.scalar(1), tf.scalar(2)]);
    expect([a, b].map((v) => v.read().dataSync()[0])).toEqual([-0.5, -1]);
    expect(Object.keys(optimizer.computeGradients(() => tf.square(a)).grads)).toEqual(['first']);
    expect(() => optimizer.applyGradients({ third: tf.scalar(1) })).toThrow(/no trainable variable 'third'/);
    const twins = [0, 1].map(() => tf.variable(tf.scalar(1), true, 'twin'));
    expect(() => optimizer.applyGradients({ twin: tf.scalar(1) })).toThrow(/2 variables have the name 'twin'/);
    twins.forEach((twin) => twin.dispose());
    expect(() => optimizer.apply([tf.scalar(1)])).toThrow(/a gradient for each of 2 variables, got 1/);
    expect(() => optimizer.applyGradients([[tf.scalar(1), 3 as never]])).toThrow(/pairs \[gradient, variable\]/);
  });

  it('that are missing are told of once, and have state of their own all the same', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const [a, b] = ['a', 'b'].map((name) => tf.variable(tf.scalar(1), true, name));
    const optimizer = optimizers.adam();
    for (let i = 0; i < 2; i++) optimizer.applyGradients([[null, a], [tf.scalar(1), b]]); // prettier-ignore
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^adam: the loss does not depend on the variables a,/)]]);
    warn.mockRestore();
    expect(optimizer.variables.map(({ name }) => name)).toEqual([
      'adam/iteration',
      'adam/learning_rate',
      ...['a_momentum', 'a_velocity', 'b_momentum', 'b_velocity'].map((name) => `adam/${name}`),
    ]);
  });

  it('of float16, float64 and both at once keep their dtypes', () => {
    for (const name of optimizers.optimizerClasses.names.filter((name) => !/LossScale|Multi/.test(name))) {
      const variables = (['float16', 'float32', 'float64'] as const).map(
        (dtype) =>
        tf.variable(tf.tensor([[1, 2], [3, 4]], null, dtype)), // prettier-ignore
      );
      const optimizer = optimizers.deserializeOptimizer({ className: name, config: { weightDecay: 0.25 } });
      const step = tf.function((g: tf.Tensor) => optimizer.applyGradients(variables.map((v) => [g, v] as const)));
      step(tf.tensor([[1, -1], [0.5, 2]])); // prettier-ignore
      const [half, single, double] = variables.map((v) => v.read());
      expect(half).toHaveType('float16', [2, 2]);
      expect(half).toBeAllClose(single, { rtol: 2e-2, atol: 1e-3 });
      expect(single).toBeAllClose(double, { rtol: 1e-5, atol: 1e-6 });
    }
  });
});

describe('state', () => {
  it.each(['SGD', 'RMSprop', 'Adam', 'Nadam', 'Adafactor', 'Ftrl', 'Muon'])(
    '%s goes on from its state bit for bit',
    (name) => {
      const options = {
        learningRate: 0.1,
        ...(name === 'SGD' && { momentum: 0.9 }),
        useEma: true,
        gradientAccumulationSteps: 2,
      };
      const make = () => optimizers.deserializeOptimizer({ className: name, config: options });
      const [whole, cut] = [pair(), pair()];
      walk(make(), whole, 7, true);
      const first = make();
      walk(first, cut, 3, true);
      const second = make();
      second.build([cut]);
      second.setWeights(first.getWeights());
      walk(second, cut, 4, true);
      expect(cut.read()).toBeAllClose(whole.read(), { rtol: 0, atol: 0 });
    },
  );

  it('fits or is refused', () => {
    expect(() => optimizers.adam().setWeights([tf.scalar(1)])).toThrow(/expected 2 values, got 1; build\(variables\)/);
  });

  it('is freed by dispose, and begins anew', () => {
    const optimizer = optimizers.sgd({ learningRate: 1, momentum: 0.5 });
    const w = pair();
    walk(optimizer, w, 2);
    optimizer.dispose();
    expect(optimizer.built).toBe(false);
    walk(optimizer, w, 1);
    expect(optimizer.iterations.read()).toBeAllClose(1);
    expect(w.read()).toBeAllClose([1 - 1 - 1.5 - 1, 2 + 0.5 + 0.75 + 0.5]);
  });

  it('takes no memory beyond it, whatever the options', () => {
    const options = {
      weightDecay: 0.1,
      useEma: true,
      emaOverwriteFrequency: 2,
      gradientAccumulationSteps: 2,
      clipNorm: 1,
    };
    for (const name of ['Adam', 'Nadam', 'Adafactor', 'Muon', 'Lamb']) {
      const optimizer = optimizers.deserializeOptimizer({ className: name, config: options });
      const w = tf.variable(tf.ones([3, 2]));
      w.constraint = (value) => tf.constraints.unitNorm().apply(value);
      const g = tf.ones([3, 2]);
      for (let i = 0; i < 2; i++) optimizer.applyGradients([[g, w]]);
      const before = tf.memory().numTensors;
      for (let i = 0; i < 4; i++) optimizer.applyGradients([[g, w]]);
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});

describe('scaled losses', () => {
  it.each([false, true])('give the step of the loss itself, compiled: %s', (compiled) => {
    for (const make of [
      () => optimizers.sgd({ learningRate: 0.5, lossScaleFactor: 1024 }),
      () => new optimizers.LossScaleOptimizer({ innerOptimizer: optimizers.sgd(0.5) }),
      () => new optimizers.MultiOptimizer({ optimizerMap: () => optimizers.sgd(0.5), lossScaleFactor: 8 }),
    ]) {
      const optimizer = make();
      const w = tf.variable(tf.scalar(3));
      const step = (): tf.Tensor => optimizer.minimize(() => tf.square(w), true, [w])!;
      expect((compiled ? tf.function(step) : step)()).toBeAllClose(9);
      expect(w.read()).toBeAllClose(0);
    }
  });

  it('LossScaleOptimizer hands its learning rate on, and options to the inner optimizer alone', () => {
    const optimizer = new optimizers.LossScaleOptimizer({ innerOptimizer: 'adam' });
    optimizer.learningRate = 0.5;
    expect(optimizer.innerOptimizer.learningRate).toBe(0.5);
    expect(() => new optimizers.LossScaleOptimizer({ innerOptimizer: 'adam', clipNorm: 1 } as never)).toThrow(
      /'clipNorm' is an option of the inner optimizer/,
    );
  });

  it('MultiOptimizer: patterns exclude each other, and there is no learning rate', () => {
    const map = new optimizers.OptimizerMap({ defaultOptimizer: 'sgd', optimizerMap: { 'a.*': 'adam' } });
    expect(map.get('a/kernel')).toBeInstanceOf(optimizers.Adam);
    expect(map.get('b/kernel')).toBe(map.defaultOptimizer);
    expect(() => map.set('a.*', 'sgd')).toThrow(/optimizer for 'a\.\*' already/);
    map.set('.*kernel', 'lion');
    expect(() => map.get('a/kernel')).toThrow(/several patterns fit the variable 'a\/kernel': a\.\*, \.\*kernel/);
    const multi = new optimizers.MultiOptimizer({ optimizerMap: map });
    expect(() => multi.learningRate).toThrow(/no learning rate of its own/);
    expect(() => map.set('c', multi)).toThrow(/MultiOptimizer cannot stand within a MultiOptimizer/);
  });
});

describe('mistakes are named', () => {
  it.each([
    [() => optimizers.adam({ learningrate: 0.1 } as never), /adam: there is no option 'learningrate'/],
    [() => optimizers.sgd({ gradientAccumulationSteps: 1 }), /gradientAccumulationSteps.*at least 2.*got 1/],
    [() => optimizers.sgd({ useEma: true, emaMomentum: 2 }), /emaMomentum between 0 and 1, got 2/],
    [() => optimizers.sgd({ useEma: true, emaOverwriteFrequency: 0 }), /emaOverwriteFrequency.*at least 1.*got 0/],
    [() => optimizers.sgd({ lossScaleFactor: 0 }), /lossScaleFactor > 0, got 0/],
    [() => optimizers.sgd({ clipnorm: 1, globalClipnorm: 1 }), /one of clipNorm, clipValue, globalClipNorm; got 2/],
    [() => optimizers.sgd({ learningRate: 'fast' as never }), /learningRate to be a number, a schedule or a function/],
    [() => optimizers.adamW({ weightDecay: null }), /adamw: expected weightDecay to be a number/],
    [() => optimizers.ftrl({ learningRatePower: 1 }), /learningRatePower of at most 0, got 1/],
    [() => optimizers.ftrl({ l1RegularizationStrength: -1 }), /l1RegularizationStrength of at least 0, got -1/],
    [() => optimizers.lion({ beta1: 0 }), /beta1 in 0 < beta1 <= 1, got 0/],
    [() => new optimizers.schedules.CosineDecay({ initialLearningRate: 1, decaySteps: 0 }), /decaySteps > 0, got 0/],
    [() => new optimizers.schedules.PiecewiseConstantDecay({ boundaries: [1], values: [1] }), /one value more/],
    [() => new optimizers.schedules.PiecewiseConstantDecay({ boundaries: [2, 1], values: [1, 2, 3] }), /rising order/],
    [() => new optimizers.schedules.ExponentialDecay({ decaySteps: 1 } as never), /initialLearningRate to be a number/],
  ])('%s', (run, message) => {
    expect(run).toThrow(message);
  });

  it('excludeFromWeightDecay comes before the first step', () => {
    const optimizer = optimizers.adamW();
    walk(optimizer, pair(), 1);
    expect(() => optimizer.excludeFromWeightDecay({ varNames: ['bias'] })).toThrow(/before the first step/);
  });
});
