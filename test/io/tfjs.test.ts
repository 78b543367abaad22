/** @file TensorFlow.js's forms: layers models saved and loaded, graph models run, handlers, weights as bytes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'tfjs-'));
afterAll(() => rmSync(folder, { recursive: true }));
const packages = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const numbers = (value: unknown): number[] => Array.from((value as tf.Tensor).dataSync() as Float32Array);

function model(): tf.Model {
  const x = tf.input({ shape: [4], name: 'x' });
  const inner = tf.sequential({
    layers: [tf.layers.dense({ units: 3, inputShape: [4], kernelRegularizer: 'l2' })],
    name: 'inner',
  });
  const shared = tf.layers.dense({ units: 3, activation: 'tanh', name: 'shared' });
  const joined = tf.layers.add({ name: 'sum' }).apply([shared.apply(x), inner.apply(x)]);
  const outputs = tf.layers.batchNormalization({ name: 'normal' }).apply(joined);
  return tf.model({ inputs: x, outputs, name: 'outer' });
}

describe('layers models', () => {
  it('are saved into a folder and loaded again', async () => {
    const saved = model();
    saved.compile({
      optimizer: tf.optimizers.adam({ learningRate: 0.02 }),
      loss: 'meanSquaredError',
      metrics: ['mae'],
    });
    const x = tf.randomUniform([3, 4], -1, 1, 'float32', 1);
    await saved.fit(x, tf.ones([3, 3]), { epochs: 1, verbose: 0 });
    const { modelArtifactsInfo } = await saved.save(`file://${join(folder, 'layers')}`, { includeOptimizer: true });
    expect(modelArtifactsInfo.weightDataBytes).toBe(4 * saved.countParams());
    for (const source of [
      `file://${join(folder, 'layers', 'model.json')}`,
      join(folder, 'layers', 'model.json'),
      join(folder, 'layers'),
    ]) {
      const loaded = await tf.loadLayersModel(source);
      expect(numbers(loaded.predict(x))).toEqual(numbers(saved.predict(x)));
      expect(loaded.optimizer!.getConfig()).toMatchObject({ learningRate: 0.02 });
    }
    const json = JSON.parse(readFileSync(join(folder, 'layers', 'model.json'), 'utf8')) as {
      format: string;
      modelTopology: {
        class_name: string;
        config: { layers: { class_name: string; inbound_nodes: unknown[]; config: object }[] };
      };
      weightsManifest: { weights: { name: string }[] }[];
    };
    expect(json.format).toBe('layers-model');
    expect(json.modelTopology.class_name).toBe('Model');
    // The form of Keras 2: lists of places, uses of nested models counted from 1.
    expect(json.modelTopology.config.layers.find(({ class_name: name }) => name === 'Add')?.inbound_nodes).toEqual([
      [
        ['shared', 0, 0, {}],
        ['inner', 1, 0, {}],
      ],
    ]);
    expect(json.weightsManifest[0].weights.map(({ name }) => name)).toContain('shared/kernel');
  });

  it('go to handlers and come from them', async () => {
    const saved = model();
    let artifacts: tf.io.ModelArtifacts = {};
    await saved.save(
      tf.io.withSaveHandler((given) => {
        artifacts = given;
        return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(given) };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
    const x = tf.ones([1, 4]);
    expect(numbers(loaded.predict(x))).toEqual(numbers(saved.predict(x)));
    const damaged = { ...artifacts, weightData: (artifacts.weightData as ArrayBuffer).slice(0, 20) };
    await expect(tf.loadLayersModel(tf.io.fromMemory(damaged))).rejects.toThrow(/damaged: weight .* needs/);
    const [first, ...rest] = artifacts.weightSpecs!;
    const renamed = { ...artifacts, weightSpecs: [...rest, { ...first, shape: [2, 6] }] };
    await expect(tf.loadLayersModel(tf.io.fromMemory(renamed))).rejects.toThrow(
      /does not fit model outer: missing are/,
    );
    await expect(saved.save(tf.io.fromMemory(artifacts))).rejects.toThrow(/cannot save/);
    await expect(tf.loadLayersModel(tf.io.withSaveHandler(() => ({}) as never))).rejects.toThrow(/cannot load/);
  });

  it('name the kernels of depthwise convolutions as TensorFlow.js does, in any order', async () => {
    const depthwise = (name: string) => tf.layers.depthwiseConv1d({ kernelSize: 2, useBias: false, name });
    const saved = tf.sequential({
      layers: [tf.layers.inputLayer({ inputShape: [5, 2] }), depthwise('a'), depthwise('b')],
    });
    let artifacts: tf.io.ModelArtifacts = {};
    await saved.save(
      tf.io.withSaveHandler((given) => {
        artifacts = given;
        return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(given) };
      }),
    );
    const specs = artifacts.weightSpecs!;
    expect(specs.map(({ name }) => name)).toEqual(['a/depthwise_kernel', 'b/depthwise_kernel']);
    const [a, b] = [0, 1].map((i) => new Float32Array(artifacts.weightData as ArrayBuffer, i * 16, 4));
    const weightData = Float32Array.from([...b, ...a]).buffer;
    const loaded = await tf.loadLayersModel(
      tf.io.fromMemory({ ...artifacts, weightData, weightSpecs: specs.toReversed() }),
    );
    const x = tf.randomUniform([1, 5, 2], -1, 1, 'float32', 1);
    expect(numbers(loaded.predict(x))).toEqual(numbers(saved.predict(x)));
  });

  it('come over HTTP', async () => {
    const saved = model();
    await saved.save(`file://${join(folder, 'served')}`);
    const server = createServer((request, response) => {
      const file = join(folder, 'served', request.url!.slice(1));
      if (!existsSync(file)) response.writeHead(404).end();
      else response.end(readFileSync(file));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const seen: number[] = [];
    try {
      const loaded = await tf.loadLayersModel(`${base}/model.json`, { onProgress: (fraction) => seen.push(fraction) });
      expect(numbers(loaded.predict(tf.ones([1, 4])))).toEqual(numbers(saved.predict(tf.ones([1, 4]))));
      expect(seen).toEqual([1]);
      await expect(tf.loadLayersModel(`${base}/nowhere.json`)).rejects.toThrow(/answered 404/);
    } finally {
      server.close();
    }
  });

  it('read nothing outside of their folder', async () => {
    const file = join(folder, 'hostile.json');
    const manifest = (path: string) => ({ modelTopology: {}, weightsManifest: [{ paths: [path], weights: [] }] });
    for (const path of ['../secret', '/etc/hostname', 'file:///etc/hostname', 'a\\..\\..\\b']) {
      writeFileSync(file, JSON.stringify(manifest(path)));
      await expect(tf.loadLayersModel(file)).rejects.toThrow(/leads out of its folder/);
    }
    writeFileSync(file, '{');
    await expect(tf.loadLayersModel(file)).rejects.toThrow(/no JSON/);
    await expect(tf.loadLayersModel(join(folder, 'nowhere'))).rejects.toThrow(/There is no model/);
  });

  it('mean the hard sigmoid of Keras 2, unless Keras 3 wrote them', async () => {
    const config = (version: string) => ({
      modelTopology: {
        class_name: 'Sequential',
        keras_version: version,
        config: {
          layers: [{ class_name: 'Activation', config: { activation: 'hard_sigmoid', batch_input_shape: [null, 1] } }],
        },
      },
    });
    const at1 = async (version: string): Promise<number> =>
      numbers((await tf.loadLayersModel(tf.io.fromMemory(config(version)))).predict(tf.ones([1, 1])))[0];
    expect(await at1('tfjs-layers 4.22.0')).toBeCloseTo(0.7);
    expect(await at1('3.15.0')).toBeCloseTo(4 / 6);
  });

  it('hold layers alone', async () => {
    const x = tf.input({ shape: [2] });
    const withOperation = tf.model({ inputs: x, outputs: tf.mul(tf.layers.dense({ units: 1 }).apply(x), 2) });
    await expect(withOperation.save(`file://${join(folder, 'operation')}`)).rejects.toThrow(/layers only.*Multiply/s);
  });

  const upscaler = join(packages, '@upscalerjs/default-model/models/model.json');
  // The package wants an old TensorFlow.js beside it, which nothing here needs: whoever has it runs this.
  const withUpscaler = existsSync(upscaler) ? it : () => {};
  withUpscaler('of @upscalerjs/default-model doubles a picture', async () => {
    const loaded = await tf.loadLayersModel(upscaler);
    const stripes = tf.tile(tf.tensor([[[[50, 100, 150]], [[200, 150, 100]]]]), [1, 4, 8, 1]);
    const larger = loaded.predict(tf.div(stripes, 255)) as tf.Tensor;
    expect(larger.shape).toEqual([1, 16, 16, 3]);
    // Numbers that TensorFlow.js gives with this model.
    const expected = [0.328232, 0.31953, 0.294134, 0.387903, 0.334396, 0.347496];
    numbers(larger)
      .slice(0, 6)
      .forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
  });
});

describe('weights as bytes', () => {
  it('are read as they were written', async () => {
    const tensors = {
      a: tf.tensor([[1.5, -2]], null, 'float32'),
      b: tf.tensor([7, -8], null, 'int32'),
      c: tf.tensor([true, false]),
      d: tf.tensor(['é', '']),
      e: tf.complex([1, 2], [3, 4]),
      f: tf.tensor([0.5], null, 'float16'),
    };
    const { data, specs } = await tf.io.encodeWeights(tensors);
    expect(specs.map(({ dtype }) => dtype)).toEqual(['float32', 'int32', 'bool', 'string', 'complex64', 'float32']);
    const decoded = tf.io.decodeWeights(data, specs);
    for (const [name, tensor] of Object.entries(tensors)) {
      expect(decoded[name].shape).toEqual(tensor.shape);
      expect(decoded[name].arraySync()).toEqual(tensor.arraySync());
    }
  });

  it('stand for what was quantized', () => {
    const bytes = new Uint8Array([0, 255, ...new Uint8Array(new Uint16Array([0x3c00, 65_535]).buffer)]);
    const decoded = tf.io.decodeWeights(bytes.buffer, [
      { name: 'a', shape: [2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
      { name: 'b', shape: [1], dtype: 'float32', quantization: { dtype: 'float16' } },
      { name: 'c', shape: [1], dtype: 'int32', quantization: { dtype: 'uint16', scale: 1, min: 2 } },
    ]);
    expect(numbers(decoded.a)).toEqual([-1, 126.5]);
    expect(numbers(decoded.b)).toEqual([1]);
    expect(numbers(decoded.c)).toEqual([65_537]);
    expect(() => tf.io.decodeWeights(bytes.buffer, [{ name: 'a', shape: [9], dtype: 'int32' }])).toThrow(
      /needs 36 bytes/,
    );
  });
});

// ---- graph models

const base64 = (text: string): string => Buffer.from(text).toString('base64');
interface NodeSpec {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: object;
}
const node = (name: string, op: string, input: readonly string[] = [], attr: object = {}): NodeSpec => ({
  name,
  op,
  input,
  attr,
});

/** A graph model of nodes and constants. */
async function graphModel(
  nodes: readonly NodeSpec[],
  constants: Record<string, tf.Tensor>,
  more: { functions?: object[]; outputs?: string[]; initializer?: readonly NodeSpec[] } = {},
): Promise<tf.GraphModel> {
  const { data, specs } = await tf.io.encodeWeights(constants);
  const consts = Object.keys(constants).map((name) => node(name, 'Const'));
  return tf.loadGraphModel(
    tf.io.fromMemory({
      modelTopology: {
        node: [...consts, ...nodes],
        library: { function: more.functions ?? [] },
        versions: { producer: 1, minConsumer: 0 },
      },
      format: 'graph-model',
      weightSpecs: specs,
      weightData: data,
      ...(more.outputs && {
        signature: {
          outputs: Object.fromEntries(more.outputs.map((name) => [name, { name, dtype: 'DT_FLOAT', tensorShape: {} }])),
        },
      }),
      ...(more.initializer && { modelInitializer: { node: [...consts, ...more.initializer] } }),
    }),
  );
}

const placeholder = (name: string, type = 'DT_FLOAT'): NodeSpec =>
  node(name, 'Placeholder', [], { dtype: { type }, shape: { shape: { dim: [{ size: '-1' }, { size: '2' }] } } });

describe('graph models', () => {
  it('compute, compiled for each shape of inputs', async () => {
    const graph = await graphModel(
      [
        placeholder('x'),
        node('product', '_FusedMatMul', ['x', 'kernel', 'bias'], {
          fused_ops: { list: { s: [base64('BiasAdd'), base64('Relu')] } },
        }),
        node('total', 'Sum', ['product', 'axis'], { keep_dims: { b: true } }),
      ],
      {
        kernel: tf.tensor([
          [1, -1],
          [2, 3],
        ]),
        bias: tf.tensor([0.5, -10]),
        axis: tf.tensor([1], null, 'int32'),
      },
    );
    expect(graph.inputs).toEqual([{ name: 'x', dtype: 'float32', shape: [null, 2] }]);
    expect(graph.outputNodes).toEqual(['total']);
    expect(
      (
        graph.predict(
          tf.tensor([
            [1, 2],
            [3, 4],
          ]),
        ) as tf.Tensor
      ).arraySync(),
    ).toEqual([[5.5], [11.5]]);
    expect((graph.predict({ x: tf.tensor([[1, 2]]) }) as tf.Tensor).arraySync()).toEqual([[5.5]]);
    expect((graph.execute(tf.tensor([[1, 2]]), 'product') as tf.Tensor).arraySync()).toEqual([[5.5, 0]]);
    expect(() => graph.predict([tf.ones([1, 2]), tf.ones([1, 2])])).toThrow(/takes 1 input: x; got 2/);
    expect(() => graph.predict({ y: tf.ones([1, 2]) })).toThrow(/it has no node 'y'/);
    expect(() => graph.predict(tf.ones([1, 3]))).toThrow(/Node product/);
  });

  it('convolve in both orders, pad, and normalize', async () => {
    const strides = { list: { i: ['1', '1', '1', '1'] } };
    const attr = (format: string, padding: string, more = {}) => ({
      ...{ strides, dilations: strides, data_format: { s: base64(format) }, padding: { s: base64(padding) } },
      ...more,
    });
    const image = tf.randomUniform([1, 4, 4, 2], -1, 1, 'float32', 1);
    const filter = tf.randomUniform([3, 3, 2, 3], -1, 1, 'float32', 2);
    const graph = await graphModel(
      [
        node('image', 'Placeholder', [], { dtype: { type: 'DT_FLOAT' } }),
        node(
          'last',
          'Conv2D',
          ['image', 'filter'],
          attr('NHWC', 'EXPLICIT', { explicit_paddings: { list: { i: ['0', '0', '1', '0', '0', '1', '0', '0'] } } }),
        ),
        node('moved', 'Transpose', ['image', 'perm']),
        node('first', 'Conv2D', ['moved', 'filter'], attr('NCHW', 'SAME')),
      ],
      { filter, perm: tf.tensor([0, 3, 1, 2], null, 'int32') },
    );
    const [last, first] = ['last', 'first'].map((name) => graph.execute(image, name) as tf.Tensor);
    const padded = tf.pad(image, [
      [0, 0],
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
    expect(numbers(last)).toEqual(numbers(tf.conv2d(padded, filter)));
    expect(numbers(tf.transpose(first, [0, 2, 3, 1]))).toEqual(numbers(tf.conv2d(image, filter, 1, 'same')));
  });

  it('branch and loop by functions, with lists of tensors', async () => {
    const fn = (name: string, inputs: string[], nodeDef: NodeSpec[], outputs: Record<string, string>) => ({
      signature: {
        name,
        inputArg: inputs.map((each) => ({ name: each })),
        outputArg: Object.keys(outputs).map((each) => ({ name: each })),
      },
      nodeDef,
      ret: outputs,
    });
    const functions = [
      fn('more', ['i', 'list', 'x'], [node('end', 'Const'), node('less', 'Less', ['i', 'end:output:0'])], {
        holds: 'less:z:0',
      }),
      fn(
        'turn',
        ['i', 'list', 'x'],
        [
          node('one', 'Const'),
          node('next', 'AddV2', ['i', 'one:output:0']),
          node('scaled', 'Cast', ['next:z:0'], { DstT: { type: 'DT_FLOAT' } }),
          node('term', 'Mul', ['x', 'scaled:y:0']),
          node('push', 'TensorListPushBack', ['list', 'term:z:0']),
        ],
        { i: 'next:z:0', list: 'push:output_handle:0', x: 'x' },
      ),
      fn('yes', ['x'], [node('best', 'TopKV2', ['x', 'one:output:0']), node('one', 'Const')], {
        out: 'best:indices:0',
      }),
      fn('no', ['x'], [node('worst', 'ArgMin', ['x', 'axis:output:0']), node('axis', 'Const')], {
        out: 'worst:output:0',
      }),
    ];
    const func = (name: string) => ({ func: { name } });
    const graph = await graphModel(
      [
        placeholder('x'),
        placeholder('flag', 'DT_BOOL'),
        node('empty', 'EmptyTensorList', ['any', 'zero'], { element_dtype: { type: 'DT_FLOAT' } }),
        node('loop', 'StatelessWhile', ['zero', 'empty', 'x'], { cond: func('more'), body: func('turn') }),
        node('stacked', 'TensorListStack', ['loop:1', 'any']),
        node('choice', 'If', ['flag', 'x'], { then_branch: func('yes'), else_branch: func('no') }),
      ],
      {
        ...{ zero: tf.scalar(0, 'int32'), any: tf.scalar(-1, 'int32'), end: tf.scalar(3, 'int32') },
        ...{ one: tf.scalar(1, 'int32'), axis: tf.scalar(0, 'int32') },
      },
      { functions },
    );
    const x = tf.tensor([3, 5]);
    expect((graph.execute({ x }, 'stacked') as tf.Tensor).arraySync()).toEqual([
      [3, 5],
      [6, 10],
      [9, 15],
    ]);
    expect((graph.execute({ x, flag: tf.scalar(true) }, 'choice') as tf.Tensor).arraySync()).toEqual([1]);
    expect((graph.execute({ x, flag: tf.scalar(false) }, 'choice') as tf.Tensor).arraySync()).toBe(0);
  });

  it('choose by values, split strings, and look tables up', async () => {
    const table = [
      node('table', 'HashTableV2', [], { value_dtype: { type: 'DT_INT32' }, shared_name: { s: base64('words') } }),
      node('import', 'LookupTableImportV2', ['table', 'keys', 'values']),
    ];
    const graph = await graphModel(
      [
        placeholder('x'),
        node('where', 'Where', ['positive']),
        node('positive', 'Greater', ['x', 'limit']),
        placeholder('text', 'DT_STRING'),
        node('split', 'StringSplit', ['text', 'space']),
        table[0],
        node('found', 'LookupTableFindV2', ['table', 'split:1', 'unknown']),
      ],
      {
        ...{ limit: tf.scalar(1), space: tf.tensor(' '), keys: tf.tensor(['a', 'b']) },
        ...{ values: tf.tensor([10, 20], null, 'int32'), unknown: tf.scalar(-1, 'int32') },
      },
      { initializer: table },
    );
    expect((graph.execute({ x: tf.tensor([0, 2, 3]) }, 'where') as tf.Tensor).arraySync()).toEqual([[1], [2]]);
    expect((graph.execute({ text: tf.tensor(['b a', 'c']) }, 'found') as tf.Tensor).arraySync()).toEqual([20, 10, -1]);
  });

  it('name what is missing', async () => {
    await expect(graphModel([placeholder('x'), node('odd', 'Bessel', ['x'])], {})).rejects.toThrow(
      /an operation of TensorFlow that there is none for here: Bessel \(first in node odd\)/,
    );
    await expect(graphModel([node('y', 'Relu', ['x'])], {})).rejects.toThrow(/no node 'x'/);
    await expect(
      graphModel([node('a', 'Relu', ['b']), node('b', 'Relu', ['a'])], {}, { outputs: ['a'] }),
    ).rejects.toThrow(/loop of nodes/);
    const graph = await graphModel([placeholder('x'), node('y', 'Relu', ['x'])], {});
    expect(() => graph.predict({})).toThrow(/needs a value for its input 'x'/);
    await expect(tf.loadLayersModel(tf.io.fromMemory({ modelTopology: { node: [] } }))).rejects.toThrow(
      /graph model; load it with/,
    );
    await expect(tf.loadGraphModel(tf.io.fromMemory({ modelTopology: { class_name: 'Model' } }))).rejects.toThrow(
      /no graph model/,
    );
  });

  const detector = join(packages, '@vscode/vscode-languagedetection/model/model.json');
  it.skipIf(!existsSync(detector))(
    'of @vscode/vscode-languagedetection tells languages (needs that package)',
    async () => {
      const graph = await tf.loadGraphModel(detector);
      const languageOf = (code: string): string => {
        const [scores, classes] = graph.predict(tf.tensor([code])) as tf.Tensor[];
        const best = tf.argMax(scores, -1).dataSync()[0] as number;
        return (classes.dataSync() as unknown as string[])[best];
      };
      expect(
        languageOf('def f(x):\n    return x + 1\n\nimport os\nfor i in range(3):\n    print(f(i), os.getcwd())\n'),
      ).toBe('py');
      expect(languageOf('#include <stdio.h>\n\nint main(void) {\n  printf("%d\\n", 1);\n  return 0;\n}\n')).toBe('c');
      expect(
        languageOf('SELECT name, COUNT(*) FROM people WHERE age > 3 GROUP BY name ORDER BY 2 DESC;\n'.repeat(3)),
      ).toBe('sql');
    },
  );
});
