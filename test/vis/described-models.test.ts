import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as tf from '../../src/index.ts';
import { elementsOf, parseXML, textOf } from './xml.ts';

/** Keras's own summaries: test/fixtures/vis/make.py. */
interface Summary {
  rows: string[][];
  totals: string[];
}
const { summaries } = JSON.parse(readFileSync(new URL('../fixtures/vis/numbers.json', import.meta.url), 'utf8')) as {
  summaries: Record<'graph' | 'sequential', Summary>;
};

/** The lines that a summary prints. */
function printed(model: tf.Model, options: tf.ModelSummaryOptions = {}): string[] {
  const lines: string[] = [];
  model.summary({ ...options, printFn: (line) => lines.push(line) });
  return lines;
}
const cellsOf = (lines: readonly string[]) =>
  lines
    .filter((line) => line.startsWith('│'))
    .map((line) =>
      line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
const totalsOf = (lines: readonly string[]) =>
  lines.filter((line) => line.includes('params:')).map((line) => line.trim());
/** Shapes and yes and no as they are written here. */
const ours = (rows: readonly string[][]) =>
  rows.map((row) =>
    row.map(
      (cell) => ({ Y: 'yes', N: 'no' })[cell] ?? cell.replace(/^\((None.*?),?\)$/, '[$1]').replace(/None/g, 'null'),
    ),
  );

/** Two inputs and outputs, a shared layer, a branch around it. */
function graph(): tf.Model {
  const [left, right] = [tf.input({ shape: [8], name: 'left' }), tf.input({ shape: [8], name: 'right' })];
  const shared = tf.layers.dense({ units: 4, activation: 'relu', name: 'shared' });
  const [a, b] = [shared.apply(left), shared.apply(right)];
  const joined = tf.layers.concatenate({ name: 'joined' }).apply([a, b, left]);
  const normal = tf.layers.batchNormalization({ name: 'normal' }).apply(joined);
  const outputs = [
    tf.layers.dense({ units: 2, name: 'score' }).apply(normal),
    tf.layers.dense({ units: 3, name: 'kind' }).apply(b),
  ];
  return tf.model({ inputs: [left, right], outputs, name: 'graph' });
}

function nested(): tf.Model {
  const first = tf.layers.dense({ units: 4, name: 'first', inputShape: [8] });
  const inner = tf.sequential({ name: 'inner', layers: [first, tf.layers.dropout({ rate: 0.5, name: 'drop' })] });
  first.trainable = false;
  return tf.sequential({ name: 'outer', layers: [inner, tf.layers.dense({ units: 2, name: 'last' })] });
}

describe('the summary', () => {
  test('of a functional model has the rows that Keras prints', () => {
    const model = graph();
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const lines = printed(model, { showTrainable: false });
    expect(cellsOf(lines)).toEqual(ours(summaries.graph.rows));
    // What the optimizer holds is there with the first step.
    expect(totalsOf(lines).slice(1)).toEqual(summaries.graph.totals.slice(1, 3));
  });

  test('of nested models has rows for what is inside, and who is trained', () => {
    const lines = printed(nested(), { expandNested: true, showTrainable: true });
    expect(cellsOf(lines).map((row) => row.slice(0, 3))).toEqual(
      ours(summaries.sequential.rows).map((row) => row.slice(0, 3)),
    );
    expect(cellsOf(lines).map((row) => row[3])).toEqual(['no', 'no', '-', 'yes']);
    expect(totalsOf(lines)).toEqual(summaries.sequential.totals);
  });

  test('takes the arguments of TensorFlow.js', () => {
    const lines: string[] = [];
    nested().summary(70, [0.4, 0.6, 0.8, 1], (line) => lines.push(line));
    expect(lines[1]).toHaveLength(70);
  });

  test('says what is not built', () => {
    expect(() => tf.sequential({ layers: [tf.layers.dense({ units: 1 })] }).summary()).toThrow('is not built');
  });
});

describe('the description', () => {
  test('of a functional model names operations, uses and outputs', () => {
    const x = tf.input({ shape: [4], name: 'x', dtype: 'float32' });
    const layer = tf.layers.dense({ units: 4, name: 'again', activation: 'tanh' });
    const y = tf.abs(layer.apply(layer.apply(x)));
    const { layers, outputs, kind } = tf.model({ inputs: x, outputs: y }).describe();
    expect(kind).toBe('functional');
    expect(layers.map(({ type }) => type)).toEqual(['InputLayer', 'Dense', 'Abs']);
    expect(layers[1]).toMatchObject({
      ...{ activation: 'tanh', dtype: 'float32', inputShape: [null, 4], outputShape: [null, 4], parameters: 20 },
      inbound: [
        { layer: 'x', node: 0, tensor: 0, call: 0 },
        { layer: 'again', node: 0, tensor: 0, call: 1 },
      ],
    });
    expect(layers[2].inbound).toEqual([{ layer: 'again', node: 1, tensor: 0, call: 0 }]);
    expect(outputs).toEqual([{ layer: layers[2].name, node: 0, tensor: 0 }]);
  });

  test('of a subclassed model has the shapes that its layers were built for', () => {
    class Own extends tf.Model {
      readonly inner = tf.layers.dense({ units: 3, name: 'inner' });
      override call(x: tf.Tensor) {
        return this.inner.apply(x);
      }
    }
    const model = new Own({ name: 'own' });
    model.apply(tf.ones([5, 2]));
    const { kind, layers } = model.describe();
    expect(kind).toBe('subclassed');
    expect(layers[0]).toMatchObject({ name: 'inner', inputShape: [null, 2], outputShape: [null, 3], parameters: 9 });
  });

  test('counts a weight that two layers have once', () => {
    const inner = tf.layers.dense({ units: 2, inputShape: [2] });
    const input = tf.input({ shape: [2] });
    const tower = tf.sequential({ layers: [inner] });
    const model = tf.model({ inputs: input, outputs: tf.add(tower.apply(input), inner.apply(input)) });
    expect(totalsOf(printed(model))[0]).toBe('Total params: 6 (24.00 B)');
  });
});

test('plotModel draws a model with its branches, and nested ones as frames', () => {
  const words = (svg: string) => elementsOf(parseXML(svg), 'text').map(textOf);
  expect(words(tf.plotModel(graph()).toSVG())).toEqual(
    expect.arrayContaining(['left', 'shared', 'joined', 'score', 'kind']),
  );
  const svg = parseXML(
    tf.plotModel(nested(), { expandNested: true, rankdir: 'LR', showLayerActivations: true }).toSVG(),
  );
  expect(elementsOf(svg, 'rect').filter(({ attributes }) => attributes.class === 'frame')).toHaveLength(1);
  expect(elementsOf(svg, 'text').map(textOf)).toEqual(expect.arrayContaining(['inner', 'first', 'drop', 'last']));
});
