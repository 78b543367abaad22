import { describe, expect, test } from 'vitest';
import { displaySymbol } from '../../src/display.ts';
import * as tf from '../../src/index.ts';
import { elementsOf, parseXML, textOf } from './xml.ts';

interface SmallChart {
  title: { text: string; subtitle: string };
  data: { values: { start: number; end: number; count: number }[] };
}
const chartsOf = (plot: tf.vis.Plot) => plot.spec.concat as SmallChart[];
const countOf = ({ data }: SmallChart) => data.values.reduce((sum, { count }) => sum + count, 0);

/** Convolution, pooling and two classes. */
const classifier = () =>
  tf.sequential({
    name: 'classifier',
    layers: [
      tf.layers.conv2d({
        name: 'conv',
        filters: 3,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        inputShape: [6, 6, 2],
      }),
      tf.layers.globalAveragePooling2d({ name: 'pool' }),
      tf.layers.dense({ name: 'classes', units: 2 }),
    ],
  });
const picture = () => tf.randomUniform([6, 6, 2], 0, 1, 'float32', 3);

describe('histograms of weights', () => {
  test('hold every number of every weight', async () => {
    const plot = tf.vis.weightHistograms(classifier(), { bins: 8 });
    const charts = chartsOf(plot);
    expect(charts.map(({ title }) => title.text)).toEqual([
      'conv/kernel',
      'conv/bias',
      'classes/kernel',
      'classes/bias',
    ]);
    expect(charts.map(countOf)).toEqual([54, 3, 6, 2]);
    expect(charts.every(({ data }) => data.values.length === 8)).toBe(true);
    expect(elementsOf(parseXML(await plot.toSVG()), 'text').map(textOf)).toContain('mean 0, std 0, 100% zeros');
    expect(String(plot)).toContain('conv/kernel [3, 3, 2, 3]: mean');
  });

  test('are of some layers, or of numbers by name, of which those that are not finite are counted apart', () => {
    expect(chartsOf(tf.vis.weightHistograms(classifier(), { layers: ['classes'] }))).toHaveLength(2);
    const [chart] = chartsOf(tf.vis.weightHistograms({ w: [1, 2, 3, NaN] }, { bins: 2 }));
    expect(chart.title.subtitle).toBe('mean 2, std 0.816, 1 not finite');
    expect(chart.data.values.map(({ start, end, count }) => [start, end, count])).toEqual([[1, 2, 1], [2, 3, 2]]); // prettier-ignore
  });

  test('are bounded in number, and refused where there are none', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`w${i}`, [i]]));
    const plot = tf.vis.weightHistograms(many);
    expect(chartsOf(plot)).toHaveLength(24);
    expect(String(plot)).toContain('... and 6 more (maxCharts)');
    expect(() => tf.vis.weightHistograms(tf.layers.flatten({ name: 'flat' }))).toThrow("'flat' has no weights");
    expect(() => tf.vis.weightHistograms(classifier(), { layers: ['lstm'] })).toThrow("model 'classifier' has no layer \"lstm\"; its layers are conv, pool, classes"); // prettier-ignore
    expect(() => tf.vis.weightHistograms(classifier(), { bins: 0 })).toThrow(
      'bins must be a whole number of at least 1, got 0',
    );
  });
});

describe('histograms of activations', () => {
  test('hold what each layer gives', () => {
    const model = classifier();
    const x = tf.stack([picture(), picture()]);
    const plot = tf.vis.activationHistograms(model, x);
    const charts = chartsOf(plot);
    expect(charts.map(({ title }) => title.text)).toEqual(['conv', 'pool', 'classes']);
    expect(charts.map(countOf)).toEqual([2 * 6 * 6 * 3, 6, 4]);
    // Listening leaves no trace.
    expect(Object.hasOwn(model.layers[0], 'call')).toBe(false);
    expect(chartsOf(tf.vis.activationHistograms(model, x, { layers: ['pool'] }))).toHaveLength(1);
  });

  test('are those of functional and subclassed models too, a chart for each use of a layer', () => {
    const shared = tf.layers.dense({ name: 'shared', units: 4 });
    const input = tf.input({ shape: [4] });
    const functional = tf.model({ inputs: input, outputs: shared.apply(shared.apply(input)) });
    const titles = (model: tf.layers.Layer) =>
      chartsOf(tf.vis.activationHistograms(model, tf.ones([2, 4]))).map(({ title }) => title.text);
    expect(titles(functional)).toEqual(expect.arrayContaining(['shared', 'shared (2)']));
    class Twice extends tf.Model {
      readonly inner = tf.layers.dense({ name: 'inner', units: 4 });
      override call(x: tf.Tensor) {
        return this.inner.apply(this.inner.apply(x)).relu();
      }
    }
    expect(titles(new Twice())).toEqual(['inner', 'inner (2)']);
  });
});

describe('norms of gradients', () => {
  test('are those of their definition', () => {
    const layer = tf.layers.dense({ name: 'linear', units: 1, kernelInitializer: 'ones' });
    const x = tf.tensor([[3, 4]]);
    const { norms } = tf.vis.gradientNorms(layer, () => layer.apply(x).sum());
    // The gradient of the kernel is x, that of the bias 1.
    expect(norms).toEqual({ 'linear/kernel': 5, 'linear/bias': 1 });
  });

  test('are drawn on a logarithmic scale, with a word for those that have no place on it', async () => {
    const plot = tf.vis.gradientNorms({ a: tf.tensor([3, 4]), b: tf.tensor([0]), c: null });
    expect(plot.norms).toEqual({ a: 5, b: 0, c: null });
    const words = elementsOf(parseXML(await plot.toSVG()), 'text').map(textOf);
    expect(words).toEqual(expect.arrayContaining(['a', '5', 'b', '0', 'c', 'no gradient']));
    expect(String(plot)).toBe('Norms of gradients\n  a: 5\n  b: 0\n  c: no gradient');
  });

  test('are refused without a loss that is a scalar', () => {
    const model = classifier();
    expect(() => tf.vis.gradientNorms(model, undefined as never)).toThrow('give a function of the loss');
    expect(() => tf.vis.gradientNorms(model, () => tf.ones([2]))).toThrow(
      'the loss must be a scalar, got shape [2]; take its mean',
    );
    expect(() => tf.vis.gradientNorms({})).toThrow('no weights that training changes');
  });
});

describe('Grad-CAM', () => {
  test('weighs the channels of a feature map by the mean of their gradients', () => {
    const features = tf.tensor([1, 0, 0, 2, 3, 1, 0, 0], [1, 2, 2, 2]);
    const kernel = tf.tensor([[1, 0], [-1, 1]]); // prettier-ignore
    const run = (x: tf.Tensor) => {
      const map = features.mul(x.mean());
      return [map, tf.matMul(map.mean([1, 2]), kernel)] as const;
    };
    // Of class 0 the weights are (1, -1) / 4: places give 1, -2, 2 and 0 quarters, what is below 0 is cut off.
    const cam = tf.vis.gradCam(run, tf.ones([4, 4, 1]), { classIndex: 0 });
    expect(cam.heatmap).toEqual([[0.5, 0], [1, 0]]); // prettier-ignore
    expect(cam.score).toBeCloseTo(0.25, 6);
    // Class 1 has more: the mean of the second channel is 3/4.
    const other = tf.vis.gradCam(run, tf.ones([4, 4, 1]));
    expect([other.classIndex, other.score]).toEqual([1, 0.75]);
    expect(other.heatmap).toEqual([[0, 1], [0.5, 0]]); // prettier-ignore
  });

  test('finds the layer inside of a model by itself, by name, and within nested models', () => {
    const model = classifier();
    const x = picture();
    const byName = tf.vis.gradCam(model, x, { layer: 'conv', classIndex: 1 });
    const [conv, pool, classes] = model.layers;
    const byHand = tf.vis.gradCam(
      (image) => {
        const map = conv.apply(image);
        return [map, classes.apply(pool.apply(map))] as const;
      },
      x,
      { classIndex: 1 },
    );
    expect(byName.heatmap).toEqual(byHand.heatmap);
    expect(byName.heatmap).toHaveLength(6);
    expect(tf.vis.gradCam(model, x.expandDims(0), { classIndex: 1 }).heatmap).toEqual(byName.heatmap);
    model.trainable = false;
    expect(tf.vis.gradCam(model, x, { layer: 0, classIndex: 1 }).heatmap).toEqual(byName.heatmap);
    const input = tf.input({ shape: [6, 6, 2] });
    const outer = tf.model({
      inputs: input,
      outputs: tf.layers.activation({ activation: 'linear' }).apply(model.apply(input)),
    });
    expect(tf.vis.gradCam(outer, x, { layer: 'conv', classIndex: 1 }).heatmap).toEqual(byName.heatmap);
  });

  test('takes models of half precision', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 2], dtype: 'mixed_float16' }),
        tf.layers.globalAveragePooling2d({ dtype: 'mixed_float16' }),
        tf.layers.dense({ units: 2 }),
      ],
    });
    const { heatmap } = tf.vis.gradCam(model, picture());
    expect(heatmap.flat().every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  test('shows the image, the map and both in one', async () => {
    const cam = tf.vis.gradCam(classifier(), picture().slice([0, 0, 0], [6, 6, 2]), {
      classIndex: 0,
      classNames: ['cat', 'dog'],
      range: [0, 1],
    }) as tf.vis.GradCam;
    const bundle = await cam[displaySymbol]();
    expect(Object.keys(bundle)).toEqual(['image/svg+xml', 'image/png', 'text/plain']);
    const svg = parseXML(bundle['image/svg+xml'] as string);
    expect(elementsOf(svg, 'image')).toHaveLength(3);
    expect(svg.attributes['aria-label']).toMatch(/^Grad-CAM for cat \(.*\): 6 x 6 places$/);
  });

  test('is refused with the reason', () => {
    const model = classifier();
    const x = picture();
    expect(() => tf.vis.gradCam(model, x, { layer: 'conv9' })).toThrow(
      'has no layer "conv9"; its layers are conv, pool, classes',
    );
    expect(() => tf.vis.gradCam(model, x, { layer: 'pool' })).toThrow(
      'expects a feature map of shape [1, height, width, channels], got [1, 3]',
    );
    expect(() => tf.vis.gradCam(model, x, { classIndex: 2 })).toThrow('expected a classIndex from 0 to 1, got 2');
    expect(() => tf.vis.gradCam(model, tf.ones([3, 6, 6, 2]))).toThrow('expects one image');
    expect(() => tf.vis.gradCam(tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2, 2] })] }), tf.ones([2, 2]))).toThrow(); // prettier-ignore
    expect(() => tf.vis.gradCam((image) => [image, tf.ones([1, 2])], x)).toThrow(
      "does not depend on the layer's outputs",
    );
  });
});
