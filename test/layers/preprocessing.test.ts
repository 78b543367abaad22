/** @file Preprocessing layers against Keras 3 (test/fixtures/layers/preprocessing.py and preprocessing_float32.py). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import { readFixture } from '../support/fixtures.ts';
import { describeLayerCases } from '../support/layer-cases.ts';
import '../support/tensors.ts';

describeLayerCases('preprocessing.json');
describeLayerCases('spectrograms.json', { rtol: 1e-4, atol: 1e-4 });
describeLayerCases('mel.json', { rtol: 1e-3, atol: 1e-3 });

interface PlainTensor {
  readonly dtype: string;
  readonly shape: number[];
  readonly values: (number | string)[];
}
interface PlainRows {
  readonly rows: (number | string)[][];
}
interface StringCase {
  readonly layer: string;
  readonly options: object;
  readonly adapt: tf.layers.RawValues | null;
  readonly batches: tf.layers.RawValues[] | null;
  readonly inputs: PlainTensor | PlainTensor[];
  readonly several: boolean;
  readonly outputs: PlainTensor | PlainRows;
  readonly vocabulary: (string | number)[] | null;
  readonly boundaries: number[] | null;
  readonly weights: PlainTensor[];
  readonly configKeys: string[];
}
interface Preprocessing extends tf.layers.Layer {
  adapt(data: tf.layers.DataInMemory | tf.layers.DataStream): void | Promise<void>;
  getVocabulary(): (string | number)[];
  readonly binBoundaries: number[];
}

const toTensor = ({ dtype, shape, values }: PlainTensor): tf.Tensor =>
  tf.tensor(values as number[], shape, dtype as 'float32');

/** Elements that do not differ between int64, which are bigints, and float32. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? Number(each) : each)));

function make({ layer, options }: StringCase, more: object = {}): Preprocessing {
  const type = tf.layers[layer as 'Hashing'] as unknown as new (options: object) => Preprocessing;
  return new type({ name: layer.toLowerCase(), ...options, ...more });
}

async function adapted(fixture: StringCase): Promise<Preprocessing> {
  const layer = make(fixture);
  if (fixture.adapt) expect(layer.adapt(fixture.adapt)).toBeUndefined();
  const { batches } = fixture;
  if (batches)
    await layer.adapt(async function* () {
      for (const batch of batches) yield Promise.resolve(batch);
    });
  return layer;
}

function check(output: tf.Tensor | tf.RaggedTensor, expected: PlainTensor | PlainRows): void {
  if ('rows' in expected) {
    expect(plain(output.arraySync())).toEqual(expected.rows);
    return;
  }
  expect(output.shape).toEqual(expected.shape);
  if (expected.dtype === 'string') expect((output as tf.Tensor).flatten().arraySync()).toEqual(expected.values);
  else expect(output).toBeAllClose(tf.tensor(expected.values as number[], expected.shape, 'float32'), { rtol: 1e-4 });
}

const inputsOf = ({ inputs }: StringCase): tf.layers.TensorTree =>
  Array.isArray(inputs) ? inputs.map(toTensor) : toTensor(inputs);

describe('as in Keras: preprocessing-float32.json', () => {
  for (const fixture of readFixture<StringCase[]>('layers/preprocessing-float32.json')) {
    const { layer: name, options, adapt, batches, outputs, vocabulary, boundaries, weights, configKeys } = fixture;
    describe(`${name} ${JSON.stringify(options)}${adapt ? ', adapted' : batches ? ', adapted to batches' : ''}`, () => {
      it('learns and gives the same', async () => {
        const layer = await adapted(fixture);
        check(layer.apply(inputsOf(fixture)), outputs);
        if (vocabulary) expect(plain(layer.getVocabulary())).toEqual(vocabulary);
        if (boundaries) expect(layer.binBoundaries).toBeAllClose(boundaries);
        layer.getWeights().forEach((weight, i) => {
          if (i < 2) expect(weight).toBeAllClose(toTensor(weights[i]));
        });
        expect(layer.weights.length).toBe(weights.length);
      });

      // What has no fixed shape before the texts are known runs operation by operation.
      const { outputSequenceLength, outputMode = 'int', split, ragged } = options as tf.layers.TextVectorizationOptions;
      const isOpen = outputMode === 'int' && (ragged || (!outputSequenceLength && split !== null));
      it.skipIf(name === 'TextVectorization' && isOpen)('compiled as at once', async () => {
        const layer = await adapted(fixture);
        const compiled = tf.function((x: tf.layers.TensorTree) => layer.apply(x));
        check(compiled(inputsOf(fixture)), outputs);
      });

      it('is symbolic', async () => {
        const layer = await adapted(fixture);
        const symbols = [inputsOf(fixture)].flat().map((x) => {
          const { shape, dtype } = x as tf.Tensor;
          return tf.input({ batchShape: [null, ...shape.slice(1)], dtype });
        });
        const output = layer.apply(fixture.several ? symbols : symbols[0]);
        if ('rows' in outputs) return;
        const tokens = outputMode === 'int' && name === 'TextVectorization' && isOpen ? [null] : outputs.shape.slice(1);
        expect([...output.shape].slice(1)).toEqual(split === null ? [...output.shape].slice(1) : tokens);
        expect(output.dtype).toBe(layer.apply(inputsOf(fixture)).dtype);
      });

      it('is made again from its config, which has what Keras has', async () => {
        const layer = await adapted(fixture);
        const config = JSON.parse(JSON.stringify(tf.layers.serialize(layer))) as ReturnType<typeof tf.layers.serialize>;
        const again = tf.layers.deserialize(config);
        expect(JSON.parse(JSON.stringify(again.getConfig()))).toEqual(config.config);
        const keys = Object.keys(config.config).map((key) => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`));
        expect(configKeys.filter((key) => !keys.includes(key) && key !== 'dtype')).toEqual([]);
        if (!adapt && !batches) check(again.apply(inputsOf(fixture)), outputs);
      });
    });
  }
});
