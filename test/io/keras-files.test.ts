/** @file Files that Python's Keras wrote: they load here with what they predict there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { loadModel, loadWeightsFile } from '../../src/io/saving.ts';

interface Recorded {
  readonly inputs: number[] | Record<string, number[]>;
  readonly outputs: unknown;
  readonly forms: readonly string[];
}
const folder = new URL('../fixtures/keras-files/', import.meta.url);
const recorded = JSON.parse(readFileSync(new URL('predictions.json', folder), 'utf8')) as Record<string, Recorded>;
const work = mkdtempSync(join(tmpdir(), 'keras-files-'));
afterAll(() => rmSync(work, { recursive: true }));

/** A fixture unpacked: its path. */
function unpack(name: string): string {
  const path = join(work, name);
  writeFileSync(path, gunzipSync(readFileSync(new URL(`${name}.gz`, folder))));
  return path;
}

class Scale extends tf.layers.Layer {
  private readonly startValue: number;
  factor!: tf.Variable;
  shift!: tf.Variable;

  constructor({ startValue = 1, ...options }: tf.layers.LayerOptions & { startValue?: number } = {}) {
    super(options);
    this.startValue = startValue;
  }

  override build(inputShape: tf.layers.ShapeTree): void {
    const features = (inputShape as number[]).at(-1)!;
    this.factor = this.addWeight('factor', [features], null, tf.initializers.constant({ value: this.startValue }));
    this.shift = this.addWeight('shift', [], null, 'zeros', null, false);
  }

  override call(x: tf.Tensor): tf.Tensor {
    return tf.add(tf.mul(x, this.factor.read()), this.shift.read());
  }

  override getConfig() {
    return { ...super.getConfig(), startValue: this.startValue };
  }
}

class TwoLayers extends tf.Model {
  private readonly hiddenUnits: number;
  hiddenLayer: tf.layers.Dense;
  scale = new Scale({ startValue: 2 });
  blocks = [tf.layers.dense({ units: 3 }), tf.layers.dense({ units: 3 })];
  zzLast = tf.layers.dense({ units: 2 });

  constructor({ hiddenUnits, ...options }: tf.layers.LayerOptions & { hiddenUnits: number }) {
    super(options);
    this.hiddenUnits = hiddenUnits;
    this.hiddenLayer = tf.layers.dense({ units: hiddenUnits, activation: 'tanh' });
  }

  override call(x: tf.Tensor): tf.Tensor {
    const hidden = this.scale.apply(this.hiddenLayer.apply(x));
    return this.zzLast.apply(this.blocks.reduce((value, block) => block.apply(value), hidden));
  }

  override getConfig() {
    return { ...super.getConfig(), hiddenUnits: this.hiddenUnits };
  }
}

const customObjects = { Scale, TwoLayers };

const flat = (value: unknown): number[] =>
  value instanceof tf.Tensor
    ? Array.from(value.dataSync() as Float32Array)
    : Array.isArray(value)
      ? value.flatMap(flat)
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(flat)
        : [Number(value)];

function expectPredictions(model: tf.Model, { inputs, outputs }: Recorded): void {
  const given = Array.isArray(inputs)
    ? tf.tensor(inputs)
    : Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, tf.tensor(value)]));
  const predicted = flat(model.apply<tf.layers.TensorTree>(given as tf.layers.TensorTree));
  const expected = flat(outputs);
  expect(predicted.length).toBe(expected.length);
  predicted.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
}

describe.each(Object.entries(recorded))('%s', (name, record) => {
  it.each(record.forms.filter((form) => form !== 'weights.h5'))('a .%s file', async (form) => {
    const model = await loadModel(unpack(`${name}.${form}`), { customObjects });
    expectPredictions(model, record);
  });

  it.each(record.forms.filter((form) => form === 'weights.h5'))('a .%s file', async () => {
    const model = await loadModel(unpack(`${name}.keras`), { customObjects });
    model.setWeights(model.getWeights().map((weight) => tf.zerosLike(weight)));
    await loadWeightsFile(model, unpack(`${name}.weights.h5`));
    expectPredictions(model, record);
  });
});

describe("Keras's operations", () => {
  const uses = JSON.parse(readFileSync(new URL('operations.json', folder), 'utf8')) as {
    input: number[][][];
    outputs: Record<string, { shape: number[]; dtype: string; values: number[] }>;
  };

  it('give what they give in Python, and are written as they were', async () => {
    const model = await loadModel(unpack('operations.keras'));
    const again = join(work, 'operations-again.keras');
    await model.save(again);
    for (const each of [model, await loadModel(again)]) {
      const outputs = each.apply<Record<string, tf.Tensor>>(tf.tensor(uses.input));
      expect(Object.keys(outputs)).toEqual(Object.keys(uses.outputs));
      for (const [name, { shape, dtype, values }] of Object.entries(uses.outputs)) {
        const output = outputs[name];
        expect([output.shape, output.dtype], name).toEqual([shape, dtype.replace('int64', 'int32')]);
        flat(output).forEach((value, i) => expect(value, name).toBeCloseTo(values[i], 5));
      }
    }
  });

  it('with options that there are none for here are errors', async () => {
    const model = await loadModel(unpack('operations.keras'));
    const text = model.toJSON();
    const other = text.replace('"class_name":"Cumsum","config":{', '"class_name":"Cumsum","config":{"dtype":"int64",');
    expect(other).not.toBe(text);
    expect(() => tf.modelFromJSON(other)).toThrow(/Cumsum \('cumsum'\) with dtype="int64"/);
  });
});
