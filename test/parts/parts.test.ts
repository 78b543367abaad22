/** @file Activations, constraints, regularizers and initializers against Keras 3 (test/fixtures/parts/make.py). */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { type FixtureArray, readFixture, toTensor } from '../support/fixtures.ts';
import '../support/tensors.ts';

type Options = Record<string, unknown>;
const title = (name: string, options: Options): string => `${name} ${JSON.stringify(options)}`;
/** TensorFlow has some of the constants in float32. */
const close = { rtol: 1e-7, atol: 1e-8 };

interface Graded {
  readonly x: FixtureArray;
  readonly y: FixtureArray;
  readonly gradient: FixtureArray;
}

/** Compares values and the gradient of their sum weighted by cosines, eagerly and compiled. */
function expectGraded(fn: (x: tf.Tensor) => tf.Tensor, { x, y, gradient }: Graded, tolerance = close): void {
  const differentiated = (x: tf.Tensor): [tf.Tensor, tf.Tensor] => {
    const tape = new tf.GradientTape();
    tape.watch(x);
    const [value, target] = tape.record(() => {
      const value = fn(x);
      const weights = tf.tensor(
        Float64Array.from({ length: value.size }, (_, i) => Math.cos(i)),
        [...value.shape],
      );
      return [value, tf.sum(tf.mul(value, weights))];
    });
    return [value, tape.gradient(target, x) ?? tf.zerosLike(x)];
  };
  for (const run of [differentiated, tf.function(differentiated)]) {
    const [value, slope] = run(toTensor(x));
    expect(value).toBeAllClose(toTensor(y), tolerance);
    expect(slope).toBeAllClose(toTensor(gradient), tolerance);
  }
}

/** The arguments after x, in their order in the function. */
const positions: Record<string, readonly string[]> = {
  relu: ['negativeSlope', 'maxValue', 'threshold'],
  threshold: ['threshold', 'defaultValue'],
};

describe('activations as in Keras', () => {
  type Case = Graded & { readonly name: string; readonly options: Options };
  for (const { name, options, ...graded } of readFixture<Case[]>('parts/activations.json'))
    it(title(name, options), () => {
      // `threshold` says itself that it needs its numbers.
      const fn = tf.activations.getActivation(name) as (x: tf.Tensor, ...more: unknown[]) => tf.Tensor;
      const order = positions[tf.activations.activationName(fn)] ?? Object.keys(options);
      expectGraded((x) => fn(x, ...order.map((option) => options[option])), graded);
    });
});

describe('activations of symbolic tensors', () => {
  it.each(Object.keys(tf.activations).filter((name) => !/Activation|activationName|threshold/.test(name)))(
    '%s is one operation of a functional model',
    (name) => {
      const fn = tf.activations.getActivation(name);
      const x = tf.input({ shape: [4] });
      const y = fn(x) as tf.KerasTensor;
      expect(y.partialShape).toEqual([null, name === 'glu' ? 2 : 4]);
      if (name === 'linear') return;
      expect(y.node.inputs).toEqual([x]);
      const values = tf.tensor([[-1, 0.5, 2, 3], [0, 1, -2, -0.1]]); // prettier-ignore
      const model = tf.model({ inputs: x, outputs: y });
      expect(model.apply(values)).toBeAllClose(fn(values));
    },
  );
});

describe('constraints as in Keras', () => {
  interface Case {
    readonly name: 'MaxNorm';
    readonly options: Options;
    readonly config: Options;
    readonly w: FixtureArray;
    readonly result: FixtureArray;
  }
  for (const { name, options, config, w, result } of readFixture<Case[]>('parts/constraints.json'))
    it(title(name, options), () => {
      const constraint = new tf.constraints[name](options);
      for (const apply of [(x: tf.Tensor) => constraint.apply(x), tf.function((x: tf.Tensor) => constraint.apply(x))])
        expect(apply(toTensor(w))).toBeAllClose(toTensor(result), close);
      expect(constraint.getConfig()).toEqual(config);
      const again = tf.constraints.deserializeConstraint(tf.constraints.serializeConstraint(constraint));
      expect(again).toEqual(constraint);
    });
});

describe('regularizers as in Keras', () => {
  type Case = Graded & { readonly name: 'L1L2'; readonly options: Options; readonly config: Options };
  for (const { name, options, config, ...graded } of readFixture<Case[]>('parts/regularizers.json'))
    it(title(name, options), () => {
      const regularizer = new tf.regularizers[name](options);
      const single = (name as string) === 'OrthogonalRegularizer';
      expectGraded((x) => regularizer.apply(x), graded, single ? { rtol: 1e-5, atol: 1e-6 } : close);
      expect(regularizer.getConfig()).toEqual(config);
      const again = tf.regularizers.deserializeRegularizer(tf.regularizers.serializeRegularizer(regularizer));
      expect(again).toEqual(regularizer);
    });
});

const camelValues = (config: Options): Options =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === 'string' ? value.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) : value,
    ]),
  );

describe('initializers as in Keras', () => {
  interface Fixed {
    readonly name: 'Constant';
    readonly options: Options;
    readonly config: Options;
    readonly value: FixtureArray;
  }
  interface Random {
    readonly name: 'RandomNormal';
    readonly options: Options;
    readonly config: Options;
    readonly shape: number[];
    readonly moments: {
      readonly mean: number;
      readonly std: number;
      readonly least: number;
      readonly greatest: number;
    };
  }
  const { fixed, random } = readFixture<{ fixed: Fixed[]; random: Random[] }>('parts/initializers.json');

  for (const { name, options, config, value } of fixed)
    it(title(name, options), () => {
      const initializer = new tf.initializers[name](options);
      expect(initializer.apply(value.shape, 'float64')).toBeAllClose(toTensor(value), close);
      expect(initializer.apply(value.shape)).toHaveType('float32', value.shape);
      // Keras leaves the gain of Identity out of its config.
      expect(initializer.getConfig()).toEqual((name as string) === 'Identity' ? { gain: 1, ...options } : config);
      const again = tf.initializers.deserializeInitializer(tf.initializers.serializeInitializer(initializer));
      expect(again).toEqual(initializer);
    });

  for (const { name, options, config, shape, moments } of random)
    it(`${title(name, options)} [${shape.join(', ')}]`, () => {
      const InitializerClass = tf.initializers[name];
      const seeded = new InitializerClass({ ...options, seed: 3 });
      const values = seeded.apply(shape, 'float64');
      expect(seeded.apply(shape, 'float64')).toBeAllClose(values, { rtol: 0, atol: 0 });
      expect(new InitializerClass({ ...options, seed: 4 }).apply(shape)).not.toBeAllClose(tf.cast(values, 'float32'));
      // Six standard deviations of the difference of two samples of this size.
      const error = 6 * moments.std * Math.sqrt(2 / values.size);
      expect(Math.abs(Number(tf.mean(values).dataSync()[0]) - moments.mean)).toBeLessThan(error);
      expect(Math.abs(Number(tf.std(values).dataSync()[0]) - moments.std)).toBeLessThan(error);
      // Bounds of a bounded distribution are nearly reached.
      const [least, greatest] = [tf.min(values), tf.max(values)].map((x) => Number(x.dataSync()[0]));
      const bounded = /Uniform|Truncated/.test(name) || String(seeded.getConfig().distribution) === 'uniform';
      if (bounded) {
        expect(Math.abs(least - moments.least)).toBeLessThan(0.02 * moments.std);
        expect(Math.abs(greatest - moments.greatest)).toBeLessThan(0.02 * moments.std);
      }
      const initializer = new InitializerClass(options);
      expect(camelValues(initializer.getConfig())).toEqual(camelValues(config));
      const again = tf.initializers.deserializeInitializer(tf.initializers.serializeInitializer(seeded));
      expect(again).toEqual(seeded);
      expect(again.apply(shape, 'float64')).toBeAllClose(values, { rtol: 0, atol: 0 });
    });

  it('Orthogonal: rows or columns of one length, orthogonal to each other', () => {
    for (const [shape, gain] of [
      [[3, 2, 4], 1],
      [[4, 9], 2],
      [[5, 5], 0.5],
    ] as const) {
      const w = tf.reshape(tf.initializers.orthogonal({ gain, seed: 1 }).apply(shape, 'float64'), [-1, shape.at(-1)!]);
      const wide = w.shape[0] < w.shape[1];
      const product = tf.matMul(w, w, !wide, wide);
      expect(product).toBeAllClose(tf.mul(tf.eye(product.shape[0], product.shape[0], [], 'float64'), gain ** 2), {
        atol: 1e-12,
      });
    }
  });

  it('generators give other numbers each time, and go on from their state', () => {
    const draw = () => {
      const generator = tf.random.Generator.fromSeed(7);
      const initializer = tf.initializers.heNormal({ seed: generator });
      return [initializer.apply([3, 3]), initializer.apply([3, 3])];
    };
    const [[a, b], [c, d]] = [draw(), draw()];
    expect(a).not.toBeAllClose(b);
    expect(a).toBeAllClose(c);
    expect(b).toBeAllClose(d);
  });

  it('without a seed follow tf.random.setSeed', () => {
    const [a, b] = [0, 1].map(() => {
      tf.setSeed(5);
      return tf.initializers.glorotUniform().apply([4, 4]);
    });
    expect(a).toBeAllClose(b);
  });
});

describe('identifiers', () => {
  it('are names in any spelling, instances, classes, configs and functions', () => {
    const { getConstraint, getRegularizer, getInitializer } = {
      ...tf.constraints,
      ...tf.regularizers,
      ...tf.initializers,
    };
    expect(getConstraint('max_norm')).toBeInstanceOf(tf.constraints.MaxNorm);
    expect(getConstraint('nonNeg')).toBeInstanceOf(tf.constraints.NonNeg);
    expect(getConstraint(tf.constraints.UnitNorm)).toBeInstanceOf(tf.constraints.UnitNorm);
    expect(getConstraint(null)).toBeNull();
    expect(getConstraint((w) => w.abs())!.apply(tf.tensor([-1]))).toBeAllClose([1]);
    expect(getRegularizer('L2')!.getConfig()).toEqual({ l2: 0.01 });
    expect(getRegularizer('l1_l2')!.getConfig()).toEqual({ l1: 0.01, l2: 0.01 });
    expect(getRegularizer({ className: 'L1', config: { l1: 2 } })!.getConfig()).toEqual({ l1: 2 });
    expect(getInitializer('he_normal')).toBeInstanceOf(tf.initializers.HeNormal);
    expect(getInitializer('leCunNormal')).toBeInstanceOf(tf.initializers.LecunNormal);
    for (const [name, type] of [
      ['normal', 'RandomNormal'],
      ['uniform', 'RandomUniform'],
      ['zero', 'Zeros'],
      ['one', 'Ones'],
      ['IdentityInitializer', 'Identity'],
      ['OrthogonalInitializer', 'Orthogonal'],
    ] as const)
      expect(tf.initializers.serializeInitializer(getInitializer(name)).className).toBe(type);
    expect(getInitializer(tf.tensor([1, 2])).apply([2])).toBeAllClose([1, 2]);
    expect(getInitializer((shape, dtype) => tf.fill([...shape], 3, dtype)).apply([2])).toBeAllClose([3, 3]);
  });

  it('that nobody knows are refused with what there is', () => {
    expect(() => tf.constraints.getConstraint('maxnrm')).toThrow(
      /Unknown constraint 'maxnrm'; expected one of: MaxNorm/,
    );
    expect(() => tf.regularizers.getRegularizer('l3')).toThrow(/Unknown regularizer 'l3'; expected one of: L1, L2/);
    expect(() => tf.initializers.getInitializer('he')).toThrow(/Unknown initializer 'he'; expected one of: Zeros/);
    expect(() => tf.activations.getActivation('rellu')).toThrow(/Unknown activation 'rellu'; expected one of: /);
    expect(() => tf.constraints.getConstraint(3 as never)).toThrow(/Expected a constraint: .*got 3/);
    expect(() => tf.activations.getActivation({} as never)).toThrow(/Expected an activation/);
    expect(() => tf.activations.getActivation('threshold')(tf.scalar(1))).toThrow(/expected two numbers/);
  });

  it('functions are saved by the names under which they are registered', () => {
    const doubled = tf.serialization.registerClass(function doubled(x: tf.Tensor) {
      return tf.mul(x, 2);
    });
    expect(tf.activations.serializeActivation(doubled)).toBe('Custom>doubled');
    expect(tf.activations.deserializeActivation('Custom>doubled')).toBe(doubled);
    expect(tf.activations.getActivation('doubled')).toBe(doubled);
    const constraint = tf.constraints.getConstraint(doubled)!;
    const saved = tf.constraints.serializeConstraint(constraint);
    expect(saved.config).toEqual({ function: 'Custom>doubled' });
    expect(tf.constraints.deserializeConstraint(saved).apply(tf.tensor([2]))).toBeAllClose([4]);
    const halved = function halved(x: tf.Tensor) {
      return tf.div(x, 2);
    };
    expect(tf.activations.deserializeActivation('halved', { halved })).toBe(halved);
    expect(() =>
      tf.activations.serializeActivation(
        (
          () => (x: tf.Tensor) =>
            x
        )(),
      ),
    ).toThrow(/has no name/);
    expect(() =>
      tf.regularizers.deserializeRegularizer({ className: 'FunctionRegularizer', config: { function: 'lost' } }),
    ).toThrow(/'lost' is not known; register it first/);
  });
});

describe('the lists are Keras’s', () => {
  const names = readFixture<Record<string, string[]>>('parts/names.json');
  const keyOf = (name: string): string => name.replace(/_/g, '').toLowerCase();
  for (const kind of ['activations', 'constraints', 'regularizers', 'initializers'] as const)
    it(kind, () => {
      const ours = new Set(Object.keys(tf[kind]).map(keyOf));
      expect(names[kind].filter((name) => !ours.has(keyOf(name)))).toEqual([]);
    });
});

describe('mistakes are named', () => {
  it.each([
    [() => tf.constraints.maxNorm({ maxValue: -1 }), /maxNorm: expected maxValue of at least 0, got -1/],
    [() => tf.constraints.unitNorm({ axis: 0.5 }), /unitNorm: expected axis to be a whole number/],
    [() => tf.constraints.minMaxNorm({ minValue: 3, maxValue: 1 }), /minValue of at most maxValue, got 3 and 1/],
    [() => tf.regularizers.l2({ l2: -1 }), /expected l2 to be a finite number of at least 0, got -1/],
    [
      () => tf.regularizers.orthogonalRegularizer().apply(tf.ones([3])),
      /expected a matrix, got a weight of shape \[3\]/,
    ],
    [() => tf.initializers.identity().apply([3]), /expected the shape of a matrix, got \[3\]/],
    [() => tf.initializers.orthogonal().apply([3]), /at least two axes, got \[3\]/],
    [() => tf.initializers.stft({ window: 'han' }), /Unknown window 'han'; expected one of: hann/],
    [() => tf.initializers.stft({ window: [1, 2] }).apply([3, 1, 3]), /expected a window of 3 samples.*got 2/],
    [() => tf.initializers.heNormal({ seed: 0.5 }), /seed to be a whole number or a tf.random.Generator, got 0.5/],
    [() => tf.initializers.constant({ value: 'a' as never }), /expected \{ value \} to be a number/],
    [() => tf.activations.glu(tf.ones([2, 3])), /glu: expected an axis of even size, got axis -1 of shape \[2, 3\]/],
    [
      () => tf.activations.sparsemax(tf.ones([2, 3]), 2),
      /sparsemax: expected an axis of a tensor of shape \[2, 3\], got 2/,
    ],
  ])('%s', (run, message) => {
    expect(run).toThrow(message);
  });
});
