/** @file What layers and models do besides their formulas: building, tracking, shapes, randomness, descriptions. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import '../support/tensors.ts';

afterEach(() => vi.restoreAllMocks());

describe('Layer', () => {
  class Scale extends tf.layers.Layer {
    factor!: tf.Variable;
    override build() {
      this.factor = this.addWeight('factor', [], 'float32', 'ones');
    }
    override call(x: tf.Tensor) {
      return tf.mul(x, this.factor);
    }
  }
  class Block extends tf.layers.Layer {
    readonly stages = [tf.layers.dense({ units: 3 }), new Scale()];
    readonly named = { drop: tf.layers.dropout({ rate: 0.5 }) };
    readonly offset = tf.variable(tf.scalar(1));
    override call(x: tf.Tensor) {
      return tf.add(this.named.drop.apply(this.stages.reduce((y, layer) => layer.apply(y), x)), this.offset);
    }
  }

  it('finds layers and variables in properties, arrays and plain objects, each once', () => {
    const block = new Block();
    block.apply(tf.ones([2, 4]));
    expect(block.sublayers().map(({ name }) => name)).toEqual([
      ...block.stages.map(({ name }) => name),
      block.named.drop.name,
    ]);
    const expected = [block.offset, ...block.stages[0].weights, (block.stages[1] as Scale).factor];
    expect(block.weights).toHaveLength(expected.length);
    block.weights.forEach((variable, i) => expect(variable).toBe(expected[i]));
    expect(block.countParams()).toBe(1 + 4 * 3 + 3 + 1);
  });

  it('passes training on to the layers inside, and only there', () => {
    const block = new Block();
    const zeros = (x: tf.Tensor) => x.dataSync().filter((value) => value === 1).length;
    const x = tf.ones([200, 4]);
    expect(zeros(block.apply(x))).toBe(0);
    expect(zeros(block.apply(x, { training: true }))).toBeGreaterThan(200);
    expect(zeros(block.apply(x))).toBe(0);
  });

  it('names an index that an embedding has no row for', () => {
    const model = tf.sequential({ layers: [tf.layers.embedding({ inputDim: 3, outputDim: 2 })] });
    expect(() => model.predict(tf.tensor([[1, 7]], [1, 2], 'int32'))).toThrow(
      /Index 7 is out of range.* 0 to 2.*inputDim/,
    );
    expect(() => tf.layers.dense({ units: '3' as unknown as number })).toThrow(/units .* got "3"/);
  });

  it('freezes what is inside, but never lets statistics be trained', () => {
    const norm = tf.layers.batchNormalization();
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] }), norm] });
    expect([model.trainableWeights.length, model.nonTrainableWeights.length]).toEqual([4, 2]);
    model.trainable = false;
    expect(model.trainableWeights).toEqual([]);
    model.layers[0].trainable = true;
    expect([model.trainableWeights.length, model.nonTrainableWeights.length]).toEqual([0, 6]);
    model.trainable = true;
    expect([model.trainableWeights.length, model.nonTrainableWeights.length]).toEqual([4, 2]);
  });

  it('a frozen batch normalisation uses and keeps its moving statistics', () => {
    const norm = tf.layers.batchNormalization({ trainable: false, epsilon: 0 });
    const x = tf.tensor([[1, 2], [3, 6]]); // prettier-ignore
    expect(norm.apply(x, { training: true })).toBeAllClose(x);
    expect(norm.movingMean!.read()).toBeAllClose([0, 0]);
  });

  it('finds its output shape by a call without data', () => {
    expect(new Block().computeOutputShape([null, 4])).toEqual([null, 3]);
    class Pairs extends tf.layers.Layer {
      override call(x: tf.Tensor) {
        return tf.matMul(x, x, false, true);
      }
    }
    expect(new Pairs().computeOutputShape([null, 5, 4])).toEqual([null, 5, 5]);
    expect(new Pairs().computeOutputShape([null, null, 4])).toEqual([null, null, null]);
  });

  it('is built for good by whoever calls build: by hand, in the build of a layer around it, as a model', () => {
    const dense = tf.layers.dense({ units: 3 });
    dense.build([null, 2]);
    const weights = [...dense.weights];
    dense.build([null, 2]);
    dense.apply(tf.ones([1, 2]));
    expect(weights).toHaveLength(2);
    expect(dense.weights.map((weight) => weights.indexOf(weight))).toEqual([0, 1]);

    class Around extends tf.layers.Layer {
      inner = tf.layers.dense({ units: 3 });
      override build(inputShape: tf.layers.PartialShape): void {
        super.build(inputShape);
        this.inner.build(inputShape);
      }
      override call(x: tf.Tensor): tf.Tensor {
        return this.inner.apply(x);
      }
    }
    const around = new Around();
    around.apply(tf.ones([1, 2]));
    expect(around.countParams()).toBe(9);

    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3 }), new Around()] });
    model.build([null, 2]);
    expect(model.countParams()).toBe(9 + 12);
    expect(model.inputShape).toEqual([null, 2]);
  });

  it('has the layers inside built by a symbolic use, though it says its output shape itself', () => {
    class Twice extends tf.layers.Layer {
      inner = tf.layers.dense({ units: 2 });
      override call(x: tf.Tensor): tf.Tensor {
        return this.inner.apply(x).mul(2);
      }
      override computeOutputShape(inputShape: tf.layers.PartialShape): tf.layers.PartialShape {
        return inputShape;
      }
    }
    const twice = new Twice();
    expect(twice.apply<tf.SymbolicTensor>(tf.input({ shape: [2] })).partialShape).toEqual([null, 2]);
    expect(twice.countParams()).toBe(6);
  });

  it('builds inside tf.function with weights that outlive the trace', () => {
    const dense = tf.layers.dense({ units: 2, kernelInitializer: 'heNormal' });
    const traced = tf.function((x: tf.Tensor) => dense.apply(x));
    const x = tf.ones([1, 3]);
    expect(traced(x)).toBeAllClose(dense.apply(x));
  });

  it('casts doubles to its dtype', () => {
    const dense = tf.layers.dense({ units: 1, kernelInitializer: 'ones' });
    expect(dense.apply(tf.tensor([[1, 2]], [1, 2], 'float64'))).toHaveType('float32', [1, 1]);
  });

  it('takes whole numbers, as images come', () => {
    const conv = tf.layers.conv2d({ filters: 1, kernelSize: 2, kernelInitializer: 'ones' });
    expect(conv.apply(tf.tensor([1, 2, 3, 4], [1, 2, 2, 1], 'uint8'))).toBeAllClose([[[[10]]]]);
  });

  it('names itself as Keras does', () => {
    expect(tf.layers.maxPooling2d().name).toMatch(/^max_pooling2d(_\d+)?$/);
    expect(tf.layers.conv2d({ filters: 1, kernelSize: 1 }).name).toMatch(/^conv2d(_\d+)?$/);
    const [a, b] = [tf.layers.flatten(), tf.layers.flatten()];
    expect(a.name).not.toBe(b.name);
    expect(tf.layers.flatten({ name: 'mine' }).name).toBe('mine');
  });

  it('replaces its weights, and refuses ones that do not fit', () => {
    const dense = tf.layers.dense({ units: 1 });
    dense.apply(tf.ones([1, 2]));
    dense.setWeights([tf.tensor([[2], [3]]), tf.tensor([1])]);
    const kept = dense.getWeights();
    expect(dense.apply(tf.ones([1, 2]))).toBeAllClose([[6]]);
    dense.setWeights([tf.zeros([2, 1]), tf.zeros([1])]);
    expect(kept[0]).toBeAllClose([[2], [3]]);
    expect(() => dense.setWeights([tf.ones([2, 1])])).toThrow(/expected 2 weights, got 1/);
    expect(() => dense.setWeights([tf.ones([3, 1]), tf.ones([1])])).toThrow(/kernel has shape \[2, 1\]/);
  });
});

describe('the output shape of a layer that does not say it', () => {
  it('is found for images of any size', () => {
    class Edges extends tf.layers.Layer {
      private filter = tf.variable(tf.ones([5, 5, 3, 8]));
      override call(x: tf.Tensor) {
        return tf.maxPool(tf.conv2d(x, this.filter.read(), 2), 4);
      }
    }
    expect(new Edges().computeOutputShape([null, null, 33, 3])).toEqual([null, null, 3, 8]);
  });
});

describe('mistakes are named by the layer', () => {
  const cases: [string, () => unknown, RegExp][] = [
    [
      'rank',
      () => tf.layers.conv2d({ name: 'c', filters: 1, kernelSize: 3 }).apply(tf.ones([2, 3])),
      /Layer c: expected an input of rank 4, \[batch, height, width, channels\]; got shape \[2, 3\]/,
    ],
    [
      'units',
      () => tf.layers.dense({ name: 'd', units: 0 }),
      /Layer d: expected units to be a whole number of at least 1, got 0/,
    ],
    ['activation', () => tf.layers.dense({ units: 1, activation: 'rellu' }), /Unknown activation 'rellu'.*relu/],
    [
      'initializer',
      () => tf.layers.dense({ units: 1, kernelInitializer: 'gloriot' }).apply(tf.ones([1, 1])),
      /Unknown initializer 'gloriot'/,
    ],
    [
      'padding',
      () => tf.layers.maxPooling2d({ padding: 'full' as 'same' }),
      /expected padding to be valid or same, got 'full'/,
    ],
    [
      'groups',
      () => tf.layers.conv2d({ filters: 3, kernelSize: 1, groups: 2 }),
      /filters to be a multiple of groups, got 3 and 2/,
    ],
    ['rate', () => tf.layers.dropout({ rate: 1.5 }), /rate between 0 and 1, got 1.5/],
    [
      'targetShape',
      () => tf.layers.reshape({ name: 'r', targetShape: [4] }).apply(tf.ones([2, 3])),
      /Layer r: samples of shape \[3\] have 3 elements/,
    ],
    ['input', () => tf.layers.dense({ name: 'd', units: 1 }).apply([1] as never), /Layer d: expected a tensor/],
    [
      'window',
      () => tf.layers.conv2d({ name: 'c', filters: 1, kernelSize: 5 }).computeOutputShape([null, 3, 3, 1]),
      /Layer c: a window that reaches over 5 does not fit/,
    ],
    [
      'channels unknown',
      () => tf.layers.dense({ name: 'd', units: 1 }).ensureBuilt([null, null]),
      /Layer d: the size of axis -1/,
    ],
    [
      'weights before build',
      () => tf.layers.dense({ name: 'd', units: 1 }).countParams(),
      /Layer d has no weights yet/,
    ],
  ];
  for (const [name, run, message] of cases) it(name, () => expect(run).toThrow(message));
});

describe('Dropout', () => {
  const ones = tf.ones([40, 50]);

  it('drops its share and keeps the mean', () => {
    const y = tf.layers.dropout({ rate: 0.25, seed: 3 }).apply(ones, { training: true });
    const dropped = [...y.dataSync()].filter((value) => value === 0).length / y.size;
    expect(Math.abs(dropped - 0.25)).toBeLessThan(0.04);
    expect([...new Set<unknown>(y.dataSync())].sort()).toEqual([0, Math.fround(4 / 3)]);
  });

  it('draws anew at every call, also compiled and with a seed; the seed repeats the sequence', () => {
    const sequence = (compile: boolean) => {
      const layer = tf.layers.dropout({ rate: 0.5, seed: 9 });
      const run = (x: tf.Tensor) => layer.apply(x, { training: true });
      const call = compile ? tf.function(run) : run;
      return [call(ones).dataSync(), call(ones).dataSync()];
    };
    const [first, second] = sequence(false);
    expect(first).not.toEqual(second);
    expect(sequence(false)).toEqual([first, second]);
    expect(sequence(true)).toEqual([first, second]);
  });

  it('drops whole axes of a noiseShape', () => {
    const y = tf.layers.dropout({ rate: 0.5, noiseShape: [null, 1], seed: 1 }).apply(ones, { training: true });
    const rows = Array.from(tf.sum(y, 1).dataSync() as Float32Array);
    expect(new Set(rows)).toEqual(new Set([0, 100]));
  });
});

describe('initializers', () => {
  const { initializers } = tf;
  const spread = (values: ArrayLike<number>) => {
    const list = Array.from(values);
    const mean = list.reduce((a, b) => a + b, 0) / list.length;
    return {
      mean,
      variance: list.reduce((a, b) => a + (b - mean) ** 2, 0) / list.length,
      most: Math.max(...list.map(Math.abs)),
    };
  };
  const shape = [3, 3, 20, 60]; // fans 180 and 540
  const variances: Record<string, number> = {
    glorotUniform: 1 / 360,
    glorotNormal: 1 / 360,
    heUniform: 2 / 180,
    heNormal: 2 / 180,
    lecunUniform: 1 / 180,
    lecunNormal: 1 / 180,
    randomNormal: 0.0025,
    randomUniform: 0.01 / 12,
  };
  for (const [name, variance] of Object.entries(variances))
    it(`${name} has mean 0 and its variance, and repeats by its seed`, () => {
      const make = initializers[name as 'heNormal'];
      const values = make({ seed: 4 }).apply(shape).dataSync() as Float32Array;
      const found = spread(values);
      expect(Math.abs(found.mean)).toBeLessThan(Math.sqrt(variance) * 0.03);
      expect(found.variance / variance).toBeCloseTo(1, 1);
      if (name.endsWith('Uniform')) expect(found.most).toBeLessThanOrEqual(Math.sqrt(3 * variance));
      expect(make({ seed: 4 }).apply(shape).dataSync()).toEqual(values);
      expect(make({ seed: 5 }).apply(shape).dataSync()).not.toEqual(values);
    });

  it('draws other values for two layers without a seed', () => {
    const [a, b] = [0, 1].map(() => initializers.heNormal().apply([4, 4]).dataSync());
    expect(a).not.toEqual(b);
  });
  it('fills with constants, and truncates at two deviations', () => {
    expect(initializers.constant({ value: 3 }).apply([2])).toBeAllClose([3, 3]);
    expect(initializers.ones().apply([], 'int32')).toHaveType('int32', []);
    expect(
      spread(initializers.truncatedNormal({ stddev: 1, seed: 2 }).apply([5000]).dataSync() as Float32Array).most,
    ).toBeLessThanOrEqual(2);
  });
  it('refuses a scale of 0 and an unknown mode', () => {
    expect(() => initializers.varianceScaling({ scale: 0 })).toThrow(/scale > 0, got 0/);
    expect(() => initializers.varianceScaling({ mode: 'fan' as 'fanIn' })).toThrow(
      /mode fanIn, fanOut, fanAvg; got 'fan'/,
    );
  });
});

describe('regularizers', () => {
  it('sum absolute values and squares', () => {
    const w = tf.tensor([1, -2]);
    expect(tf.regularizers.l1({ l1: 0.1 }).apply(w)).toBeAllClose(0.3);
    expect(tf.regularizers.l2().apply(w)).toBeAllClose(0.05);
    expect(tf.regularizers.l1l2({ l1: 1, l2: 1 }).apply(w)).toBeAllClose(8);
  });
});

describe('Sequential', () => {
  const layers = () => [tf.layers.dense({ units: 4, activation: 'relu' }), tf.layers.dense({ units: 2 })];

  it('is built by the shape of its first layer, by an input layer, or by data', () => {
    const given = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [2, 3] }), ...layers()] });
    const input = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [6] }), ...layers()] });
    const late = tf.sequential({ layers: layers() });
    expect([given.built, input.built, late.built]).toEqual([true, true, false]);
    expect(late.apply(tf.ones([5, 6]))).toHaveType('float32', [5, 2]);
    for (const model of [given, input, late]) {
      expect(model.outputShape).toEqual([null, 2]);
      expect(model.countParams()).toBe(6 * 4 + 4 + 4 * 2 + 2);
    }
    expect(given.inputShape).toEqual([null, 2, 3]);
    expect(input.layers).toHaveLength(2);
  });

  it('grows and shrinks', () => {
    const model = tf.sequential();
    model.add(tf.layers.dense({ units: 3, inputShape: [2] }));
    model.add(tf.layers.dense({ name: 'last', units: 5 }));
    expect(model.outputShape).toEqual([null, 5]);
    const x = tf.ones([1, 2]);
    expect(model.predict(x).shape).toEqual([1, 5]);
    expect(model.pop().name).toBe('last');
    expect(model.predict(x).shape).toEqual([1, 3]);
    expect(model.weights).toHaveLength(2);
    expect(() => model.add(model.layers[0])).toThrow(/there is a layer named/);
    expect(() => model.getLayer('first')).toThrow(/no layer "first"; it has dense/);
    expect(model.getLayer(0)).toBe(model.layers[0]);
  });

  it('nests', () => {
    const inner = tf.sequential({ layers: layers() });
    const model = tf.sequential({
      layers: [tf.layers.inputLayer({ inputShape: [3] }), inner, tf.layers.dense({ units: 1 })],
    });
    expect(model.outputShape).toEqual([null, 1]);
    expect(model.weights).toHaveLength(6);
  });

  it('prints its summary, shows it in a notebook, and is drawn', () => {
    const model = tf.sequential({
      name: 'net',
      layers: [
        tf.layers.conv2d({ name: 'conv', filters: 2, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 1] }),
        tf.layers.flatten({ name: 'flat' }),
        tf.layers.dense({ name: 'out', units: 3 }),
      ],
    });
    const lines: string[] = [];
    model.summary(undefined, undefined, (text) => lines.push(text));
    const text = lines.join('\n');
    expect(text).toMatch(/Model: "net"/);
    expect(text).toMatch(/conv \(Conv2D\).*\[null, 4, 4, 2\].*20/);
    expect(text).toMatch(/out \(Dense\).*\[null, 3\].*99/);
    expect(text).toMatch(/Total params: 119/);
    expect(model[tf.displaySymbol]()['text/html']).toContain('conv');
    expect(tf.plotModel(model).toSVG()).toContain('3x3, relu');
    expect(() => tf.sequential({ layers: layers() }).summary()).toThrow(/not built/);
  });
});

describe('a subclassed model', () => {
  class TwoRoads extends tf.Model {
    left = tf.layers.dense({ units: 3, activation: 'relu' });
    right = tf.layers.dense({ units: 3, activation: 'tanh' });
    out = tf.layers.dense({ units: 1 });
    override call(x: tf.Tensor) {
      return this.out.apply(tf.add(this.left.apply(x), this.right.apply(x)));
    }
  }

  it('is built, trained and described like any other', async () => {
    const model = new TwoRoads();
    model.compile({ optimizer: tf.train.adam(0.05), loss: 'mse' });
    const x = tf.randomUniform([64, 2], -1, 1, 'float32', 1);
    const { history } = await model.fit(x, tf.sum(x, 1, true), { epochs: 30, verbose: 0 });
    expect(history.loss.at(-1)).toBeLessThan(0.05);
    expect(model.countParams()).toBe(2 * (2 * 3 + 3) + 4);
    expect(model.describe().layers.map(({ type, parameters }) => [type, parameters])).toEqual([
      ['Dense', 9],
      ['Dense', 9],
      ['Dense', 4],
    ]);
    expect(model.outputShape).toEqual([null, 1]);
  });
});

describe('a model that asks for values', () => {
  it('is fitted operation by operation, with a warning', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    class Choosing extends tf.Model {
      positive = tf.layers.dense({ units: 1 });
      negative = tf.layers.dense({ units: 1 });
      override call(x: tf.Tensor) {
        return x.mean().item() > 0 ? this.positive.apply(x) : this.negative.apply(x);
      }
    }
    const model = new Choosing();
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'mse' });
    const { history } = await model.fit(tf.ones([8, 2]), tf.fill([8, 1], 3), { epochs: 20, verbose: 0 });
    expect(history.loss.at(-1)).toBeLessThan(history.loss[0] / 10);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(model.weights).toHaveLength(2);
    warn.mockRestore();
  });
});

describe('layers inside of layers', () => {
  it('count once, shared or in a circle', () => {
    class Block extends tf.layers.Layer {
      outer: tf.layers.Layer | null = null;
      readonly inner: tf.layers.Dense;
      constructor(inner: tf.layers.Dense) {
        super();
        this.inner = inner;
      }
      override call(x: tf.Tensor) {
        return this.inner.apply(x);
      }
    }
    const shared = tf.layers.dense({
      units: 2,
      kernelRegularizer: tf.regularizers.l2({ l2: 1 }),
      kernelInitializer: 'ones',
    });
    class Pair extends tf.layers.Layer {
      readonly blocks = [new Block(shared), new Block(shared)];
      override call(x: tf.Tensor) {
        return this.blocks.reduce((y, block) => block.apply(y), x);
      }
    }
    const pair = new Pair();
    for (const block of pair.blocks) block.outer = pair;
    pair.apply(tf.ones([1, 2]));
    expect(pair.weights).toHaveLength(2);
    expect(pair.losses.map((loss) => loss.item())).toEqual([4]);
    pair.trainable = false;
    expect([shared.trainable, pair.trainableWeights.length]).toEqual([false, 0]);
  });
});
