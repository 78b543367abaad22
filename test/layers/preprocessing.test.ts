/** @file Preprocessing layers against Keras 3 (test/fixtures/layers/preprocessing.py and preprocessing_float32.py). */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, vi } from 'vitest';
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
    expect(plain((output as tf.RaggedTensor).arraySync())).toEqual(expected.rows);
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
      if (!(name === 'TextVectorization' && isOpen))
        it('compiled as at once', async () => {
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

const work = mkdtempSync(join(tmpdir(), 'preprocessing-'));
afterAll(() => rmSync(work, { recursive: true }));

describe('models with preprocessing layers', () => {
  const { layers } = tf;
  const fixtures = new URL('../fixtures/layers/', import.meta.url);

  interface Recorded {
    readonly inputs: Record<string, never>;
    readonly kinds: Record<string, 'float32'>;
    readonly outputs: never[];
  }
  const recorded = readFixture<Recorded>('layers/preprocessing-model.json');
  const inputs = Object.entries(recorded.inputs).map(([name, value]) => tf.tensor(value, null, recorded.kinds[name]));
  const load = async (): Promise<tf.Model> => {
    const path = join(work, 'python.keras');
    writeFileSync(path, gunzipSync(readFileSync(new URL('preprocessing.keras.gz', fixtures))));
    return (await tf.loadModel(path)) as tf.Model;
  };

  it('load from a file of Keras, vocabularies and statistics with them', async () => {
    const model = await load();
    const outputs = model.predict(inputs) as unknown as tf.Tensor[];
    outputs.forEach((output, i) => expect(output).toBeAllClose(recorded.outputs[i], { rtol: 1e-5, atol: 1e-5 }));
    const text = model.getLayer('cut') as tf.layers.TextVectorization;
    expect(text.getVocabulary().slice(0, 4)).toEqual(['', '[UNK]', 'the', 'the cat']);
  });

  it('are the same after a file of ours, here and in Keras', async () => {
    const model = await load();
    const path = join(work, 'ours.keras');
    await model.save(path);
    const again = (await tf.loadModel(path)) as tf.Model;
    (again.predict(inputs) as unknown as tf.Tensor[]).forEach((output, i) =>
      expect(output).toBeAllClose(recorded.outputs[i], { rtol: 1e-5, atol: 1e-5 }),
    );
    const python = process.env.TENSORCELL_PEER_PYTHON;
    if (!python) return;
    const script = fileURLToPath(new URL('preprocessing_files.py', fixtures));
    const printed = execFileSync(python, [script, path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    const outputs = JSON.parse(printed.trim().split('\n').at(-1)!) as never[];
    outputs.forEach((output, i) => expect(tf.tensor(output)).toBeAllClose(recorded.outputs[i], { rtol: 1e-5 }));
  }, 120_000);

  it('know what they take as the first layers of a model', () => {
    const { dtype } = tf.sequential({ layers: [layers.textVectorization({ inputShape: [1] })] }).inputs[0];
    expect(dtype).toBe('string');
    const numbers = tf.sequential({ layers: [layers.integerLookup({ inputShape: [1], vocabulary: [7] })] });
    expect(numbers.inputs[0].dtype).toBe('int64');
    expect(plain((numbers.predict([[7], [8]]) as tf.Tensor).arraySync())).toEqual([[1], [0]]);
    const mixed = layers.stringLookup({ vocabulary: ['a'], outputMode: 'multiHot', dtype: 'mixed_float16' });
    expect(mixed.apply(['a'])).toHaveType('float16', [2]);
  });

  it('keep weights of padded vectors in files', async () => {
    const lookup = layers.stringLookup({ outputMode: 'tfIdf', maxTokens: 6, padToMaxTokens: true });
    lookup.adapt(['a', 'b', 'a']);
    const model = tf.sequential({ layers: [layers.inputLayer({ inputShape: [2], dtype: 'string' }), lookup] });
    const path = join(work, 'padded.keras');
    await model.save(path);
    const words = tf.tensor([['a', 'c'], ['b', 'b']]); // prettier-ignore
    const again = (await tf.loadModel(path)) as tf.Model;
    expect(again.predict(words)).toBeAllClose(model.predict(words) as tf.Tensor);
    expect((again.predict(words) as tf.Tensor).shape).toEqual([2, 6]);
  });

  const reviews = ['good fine', 'bad awful', 'nice', 'poor'];
  const marks = tf.tensor([[1], [0], [1], [0]]);
  const adaptedTo = (options: tf.layers.TextVectorizationOptions): tf.layers.TextVectorization => {
    const layer = layers.textVectorization(options);
    layer.adapt(['good fine nice', 'bad awful poor']);
    return layer;
  };

  it.each([
    ['sequences', { outputSequenceLength: 4 }, 0],
    ['n-grams of sequences', { outputSequenceLength: 4, ngrams: 2 }, 0],
    ['sequences as long as the texts', {}, 1],
  ])('train on texts: %s', async (_, options, warnings) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const text = adaptedTo(options);
    const x = tf.input({ shape: [1], dtype: 'string' });
    const embedded = layers.embedding({ inputDim: text.vocabularySize(), outputDim: 4 }).apply(text.apply(x));
    const pooled = layers.globalAveragePooling1d().apply(embedded);
    const model = tf.model({ inputs: x, outputs: layers.dense({ units: 1, activation: 'sigmoid' }).apply(pooled) });
    model.compile({ loss: 'binaryCrossentropy', optimizer: tf.optimizers.adam({ learningRate: 0.1 }) });
    const data = reviews.map((review) => [review]);
    const history = await model.fit(data, marks, { epochs: 30, verbose: 0, batchSize: 2 });
    expect(history.history.loss.at(-1)).toBeLessThan(0.1);
    expect(warn.mock.calls.length).toBe(warnings);
    const predicted = model.predict(data) as tf.Tensor;
    expect(predicted.greater(0.5).cast('float32')).toBeAllClose(marks);
    warn.mockRestore();
  });

  it.each(['multiHot', 'count', 'tfIdf'])('train on texts as vectors: %s', async (outputMode) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const model = tf.sequential({
      layers: [
        layers.inputLayer({ inputShape: [], dtype: 'string' }),
        adaptedTo({ outputMode }),
        layers.dense({ units: 1, activation: 'sigmoid' }),
      ],
    });
    model.compile({ loss: 'binaryCrossentropy', optimizer: tf.optimizers.adam({ learningRate: 0.1 }) });
    const history = await model.fit(reviews, marks, { epochs: 40, verbose: 0 });
    expect(history.history.loss.at(-1)).toBeLessThan(0.3);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});

describe('preprocessing layers', () => {
  const { layers } = tf;

  it('adapt to tensors, lists of batches, streams, pairs and so many steps', async () => {
    const mean = (layer: tf.layers.Normalization): unknown => layer.getWeights()[0].arraySync();
    const layer = layers.normalization();
    layer.adapt(tf.tensor([[1, 2], [3, 4]])); // prettier-ignore
    expect(mean(layer)).toEqual([2, 3]);
    layer.adapt([tf.tensor([[1, 2]]), tf.tensor([[3, 4], [5, 6]])]); // prettier-ignore
    expect(mean(layer)).toEqual([3, 4]);
    function* pairs(): Generator<unknown> {
      for (let i = 0; ; i++) yield i % 2 === 0 ? [tf.tensor([[i, 1]]), tf.tensor([0])] : { xs: [[i, 1]], ys: [0] };
    }
    await layer.adapt(pairs, { steps: 4 });
    expect(mean(layer)).toEqual([1.5, 1]);
    await expect(layer.adapt(async function* () {})).rejects.toThrow(/no batches/);
    await expect(layer.adapt(async function* () { yield null; })).rejects.toThrow(/expected batches/); // prettier-ignore
    expect(() => layer.adapt([[1, 2, 3]])).toThrow(/built for axes 1 of sizes \[2\]/);
  });

  it('leave no tensors behind', () => {
    const layer = layers.textVectorization({ outputSequenceLength: 3 });
    const steps = (): void => {
      layer.adapt(['a b', 'b c']);
      tf.tidy(() => void layer.apply(['a d', 'e']));
    };
    steps();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) steps();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('take new vocabularies and statistics', () => {
    const lookup = layers.stringLookup({ vocabulary: ['a', 'b'] });
    expect(plain(lookup.apply(['b', 'c']).arraySync())).toEqual([2, 0]);
    lookup.setVocabulary(['c']);
    expect(plain(lookup.apply(['b', 'c']).arraySync())).toEqual([0, 1]);
    const path = join(work, 'tokens.txt');
    writeFileSync(path, 'red\ngreen\n');
    const ofFile = layers.stringLookup({ vocabulary: path, outputMode: 'multi_hot' });
    expect(ofFile.apply([['green', 'blue']])).toBeAllClose([[1, 0, 1]]);
    expect(ofFile.getConfig().vocabulary).toBeNull();
    expect(() => tf.layers.deserialize({ className: 'StringLookup', config: { vocabulary: path } })).toThrow(
      /Files beside the model are not read/,
    );
    expect(layers.integerLookup({ vocabulary: [2n ** 60n, 5] }).getVocabulary()).toEqual([-1, 2n ** 60n, 5]);
  });

  it('take functions of texts, by their registered names in configs', () => {
    const shout = (x: tf.Tensor): tf.Tensor => tf.strings.upper(x);
    const byComma = (x: tf.Tensor) => tf.strings.split(x, ',') as tf.RaggedTensor;
    tf.serialization.registerClass(shout as never, 'tests', 'shout');
    tf.serialization.registerClass(byComma as never, 'tests', 'byComma');
    const layer = layers.textVectorization({ standardize: shout, split: byComma, vocabulary: ['A B', 'C'] });
    expect(plain(layer.apply(['a b,c', 'd']).arraySync())).toEqual([[2, 3], [1, 0]]); // prettier-ignore
    const again = tf.layers.deserialize(tf.layers.serialize(layer)) as tf.layers.TextVectorization;
    expect(again.standardize).toBe(shout);
    expect(again.split).toBe(byComma);
    expect(() => layers.textVectorization({ split: 'nowhere' })).toThrow(/no function that was registered/);
  });

  it('count with weights, and give sparse tensors', () => {
    const layer = layers.categoryEncoding({ numTokens: 4, outputMode: 'count' });
    expect(layer.apply([[0, 1, 1], [3, 0, 0]], { countWeights: [[0.1, 0.2, 0.3], [1, 2, 3]] })).toBeAllClose(
      [[0.1, 0.5, 0, 0], [5, 0, 0, 1]],
    ); // prettier-ignore
    expect(() => layers.categoryEncoding({ numTokens: 4 }).apply([[0]], { countWeights: [[1]] })).toThrow(
      /countWeights are for outputMode 'count'/,
    );
    const sparse = layers.hashing({ numBins: 4, outputMode: 'oneHot', sparse: true }).apply<tf.SparseTensor>([['A']]);
    expect(sparse).toBeInstanceOf(tf.SparseTensor);
  });

  it('look up ragged tensors', () => {
    const words = tf.ragged.constant([['a', 'c'], ['b'], []] as never) as tf.RaggedTensor;
    const numbers = layers.stringLookup({ vocabulary: ['a', 'b'] }).apply<tf.RaggedTensor>(words);
    expect(plain(numbers.arraySync())).toEqual([[1, 0], [2], []]);
    const counts = layers.stringLookup({ vocabulary: ['a', 'b'], outputMode: 'count' }).apply(words);
    expect(counts).toBeAllClose([[1, 1, 0], [0, 0, 1], [0, 0, 0]]); // prettier-ignore
  });

  it('resize and crop images, boxes and masks alike', () => {
    const images = tf.range(0, 24).reshape([1, 4, 6, 1]);
    const data = {
      images,
      segmentationMasks: tf.cast(tf.greater(images, 11), 'int32'),
      boundingBoxes: { boxes: tf.tensor([[[0, 0, 6, 4], [2, 1, 4, 3], [0, 0, 0, 0]]]), labels: tf.tensor([[1, 2, 0]]) },
      labels: tf.tensor([3]),
    }; // prettier-ignore
    type Data = typeof data & tf.layers.TensorTree;
    const options = { height: 2, width: 2, boundingBoxFormat: 'xyxy' } as const;
    const stretched = layers.resizing(options).apply<Data>(data);
    expect(stretched.images.shape).toEqual([1, 2, 2, 1]);
    expect(stretched.boundingBoxes.boxes).toBeAllClose([[[0, 0, 2, 2], [2 / 3, 0.5, 4 / 3, 1.5], [0, 0, 0, 0]]]); // prettier-ignore
    expect(stretched.segmentationMasks).toHaveType('int32', [1, 2, 2, 1]);
    expect(stretched.segmentationMasks.flatten()).toBeAllClose([0, 0, 1, 1]);
    expect(stretched.labels).toBeAllClose([3]);
    const padded = layers.resizing({ ...options, padToAspectRatio: true }).apply<Data>(data);
    expect(padded.boundingBoxes.boxes.at(0, 1)).toBeAllClose([2 / 3, 1 / 3, 4 / 3, 1]);
    const cut = layers.resizing({ ...options, cropToAspectRatio: true }).apply<Data>(data);
    expect(cut.boundingBoxes.boxes.at(0, 1)).toBeAllClose([1, 0.5, 2, 1.5]);
    const middle = layers.centerCrop(options).apply<Data>(data);
    expect(middle.images.flatten()).toBeAllClose([8, 9, 14, 15]);
    expect(middle.boundingBoxes.boxes.at(0, 0)).toBeAllClose([0, 0, 2, 2]);
    expect(middle.segmentationMasks.flatten()).toBeAllClose([0, 0, 1, 1]);
    const bytes = tf.tensor([0, 255, 255, 0], [2, 2, 1], 'uint8');
    expect(layers.resizing({ height: 5, width: 5, interpolation: 'bicubic' }).apply(bytes)).toHaveType(
      'uint8',
      [5, 5, 1],
    );
  });

  it('have spectrograms of single signals and of both layouts', () => {
    const signal = tf.randomUniform([40], -1, 1, 'float32', 3);
    const mel = layers.melSpectrogram({ fftLength: 16, sequenceStride: 8, samplingRate: 400, numMelBins: 3 });
    expect(mel.apply(signal)).toBeAllClose(mel.apply(signal.reshape([1, 40])).squeeze([0]));
    expect(mel.computeOutputShape([40])).toEqual([3, 6]);
    const x = tf.randomUniform([2, 20, 3], -1, 1, 'float32', 4);
    const swapped = x.transpose([0, 2, 1]);
    for (const expandDims of [false, true]) {
      const options = { frameLength: 8, mode: 'stft', expandDims } as const;
      const last = layers.stftSpectrogram(options).apply(x);
      const first = layers.stftSpectrogram({ ...options, dataFormat: 'channelsFirst' }).apply(swapped);
      expect(first.transpose(expandDims ? [0, 2, 3, 1] : [0, 2, 1])).toBeAllClose(last, { atol: 1e-5 });
      const layer = layers.stftSpectrogram({ ...options, dataFormat: 'channelsFirst' });
      expect(layer.computeOutputShape([2, 3, 20])).toEqual(first.shape);
    }
  });

  it('say what does not fit', () => {
    const lookup = layers.stringLookup({ vocabulary: ['a'], numOovIndices: 0 });
    expect(() => lookup.apply(['a', 'owl'])).toThrow(/"owl" not in the vocabulary/);
    expect(() => lookup.apply([1])).toThrow(/expected strings, got float32/);
    expect(() => lookup.adapt(['b'])).toThrow(/cannot adapt, since it was given its vocabulary/);
    expect(() => layers.stringLookup({ vocabulary: ['a', 'a'] })).toThrow(/"a" more than once/);
    expect(() => layers.stringLookup({ vocabulary: ['a', ''], maskToken: '' })).toThrow(/special token ""/);
    expect(() => layers.stringLookup({ vocabulary: ['a', 'b'], maxTokens: 2 })).toThrow(/needs 3 places/);
    expect(() => layers.stringLookup({ outputMode: 'tfIdf', vocabulary: ['a'] })).toThrow(/needs idfWeights/);
    expect(() => layers.stringLookup({ outputMode: 'count' }).apply(['a'])).toThrow(/no vocabulary yet/);
    expect(() => layers.stringLookup({ encoding: 'latin-1' })).toThrow(/unicodeTranscode/);
    expect(() => layers.integerLookup({ salt: 3 })).toThrow(/needs oovMethod 'farmhash'/);
    expect(() => layers.integerLookup({ vocabulary: [1.5] })).toThrow(/whole numbers, it has 1.5/);
    const counting = layers.stringLookup({ outputMode: 'count' });
    counting.adapt(['a', 'b']);
    expect(() => counting.adapt(['a', 'b', 'c'])).toThrow(/size 3, which another vocabulary cannot change to 4/);
    expect(() => layers.textVectorization({ outputMode: 'count', ragged: true })).toThrow(/ragged is for outputMode/);
    expect(() => layers.textVectorization().apply([['a', 'b']])).toThrow(/\[batch\] or \[batch, 1\]/);
    expect(() => layers.discretization({})).toThrow(/either binBoundaries or numBins; got none/);
    expect(() => layers.discretization({ numBins: 3 }).apply([1])).toThrow(/no boundaries yet/);
    expect(() => layers.discretization({ binBoundaries: [1] }).adapt([1])).toThrow(/cannot adapt/);
    expect(() => layers.hashing({ numBins: 3, dtype: 'float32' })).toThrow(/int32 or int64/);
    expect(() => layers.hashing({ numBins: 3, outputMode: 'tfIdf' })).toThrow(/outputMode to be int or oneHot/);
    expect(() => layers.hashedCrossing({ numBins: 3 }).apply([tf.tensor(['a'])])).toThrow(/at least two tensors/);
    expect(() => layers.normalization({ mean: 1 })).toThrow(/there is no variance/);
    expect(() => layers.normalization({ mean: [1, 2], variance: [1] })).toThrow(/of one shape/);
    expect(() => layers.normalization({ axis: 3 }).apply([[1]])).toThrow(/has no axis 3/);
    expect(() => layers.resizing({ height: 2, width: 2, cropToAspectRatio: true, padToAspectRatio: true })).toThrow(
      /exclude each other/,
    );
    expect(() => layers.stftSpectrogram({ frameLength: 8, frameStep: 9 })).toThrow(/at most frameLength/);
    expect(() => layers.melSpectrogram({ window: [1, 2] })).toThrow(/window of 2048 samples/);
  });
});
