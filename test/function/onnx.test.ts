/** @file ONNX export: models that onnxruntime runs as the function does, with open dimensions, loops and branches; refusals. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import { type OnnxCase, onnxCases } from './onnx-cases.ts';
import { operatorsIn } from './onnx-operators.ts';
import '../support/tensors.ts';

type Ort = typeof import('onnxruntime-node');
const ort: Ort | null = await import('onnxruntime-node').catch(() => null);

async function run(model: Uint8Array, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  const session = await (ort as Ort).InferenceSession.create(model);
  const tensors = Object.entries(feeds).map(([name, x]) => {
    const data = x.dtype === 'bool' ? Uint8Array.from(x.dataSync()) : x.dataSync();
    return [name, new (ort as Ort).Tensor(x.dtype as 'float32', data as Float32Array, [...x.shape])] as const;
  });
  const results = await session.run(Object.fromEntries(tensors));
  return Object.fromEntries(
    session.outputNames.map((name) => {
      const { data, dims, type } = results[name];
      const values = Array.from(data as ArrayLike<number | bigint>, Number);
      return [name, tf.tensor(values, [...dims], type as 'float32')];
    }),
  );
}

/** The tensors in a result by the names that the model gives them. */
function named(result: unknown, path = ''): Record<string, Tensor> {
  if (result instanceof tf.Tensor) return { [path || 'output']: result };
  if (typeof result !== 'object' || result === null) return {};
  const keys = Object.entries(result).map(([key, child]) =>
    named(child, Array.isArray(result) ? `${path || 'output'}[${key}]` : path ? `${path}.${key}` : key),
  );
  return Object.assign({}, ...keys) as Record<string, Tensor>;
}

describe.skipIf(!ort)('an exported model', () => {
  it.each(Object.entries(onnxCases))('%s', async (name, { f, inputs, signature }: OnnxCase) => {
    const traced = tf.function(f, { inputSignature: signature, name });
    const concrete = signature ? traced.getConcreteFunction() : traced.getConcreteFunction(...inputs[0]);
    const model = concrete.toOnnx();
    for (const args of inputs) {
      const expected = named(f(...args));
      const names = concrete.parts.operandNames;
      const results = await run(model, Object.fromEntries(args.map((x, i) => [names[i], x])));
      expect(Object.keys(results)).toEqual(Object.keys(expected));
      for (const [key, tensor] of Object.entries(expected)) {
        expect(results[key], key).toHaveType(tensor.dtype, tensor.shape);
        expect(results[key], key).toBeAllClose(tensor, { rtol: 1e-5, atol: 1e-5 });
      }
    }
  });

  it('has assigned variables and random numbers as outputs and inputs', async () => {
    const count = tf.variable(5, false, 'count');
    const f = tf.function((x: Tensor) => {
      count.assign(count.add(x));
      return x.add(tf.randomUniform([2])).mul(0);
    });
    const model = f.getConcreteFunction(tf.scalar(1)).toOnnx();
    const results = await run(model, { x: tf.scalar(2), random_0: tf.zeros([2], 'int32') }).catch(() =>
      run(model, { x: tf.scalar(2), random_0: tf.zeros([2]) }),
    );
    expect(results.output).toBeAllClose([0, 0]);
    expect(results.count_assigned).toBeAllClose(7);
    expect(count).toBeAllClose(5);
  });

  it('uses operators of the standard alone', () => {
    for (const [name, { f, inputs }] of Object.entries(onnxCases)) {
      const model = tf
        .function(f, { name })
        .getConcreteFunction(...inputs[0])
        .toOnnx();
      expect(Buffer.from(model).includes('com.microsoft'), name).toBe(false);
    }
  });

  it('has operators and attributes that onnx.checker has seen in such models', async () => {
    const path = new URL('../fixtures/onnx/checked.json', import.meta.url);
    const { operators } = JSON.parse(await readFile(path, 'utf8')) as { operators: string[] };
    const folder = process.env.TENSORCELL_ONNX_MODELS;
    const found = new Set<string>();
    for (const [name, { f, inputs, signature }] of Object.entries(onnxCases)) {
      const traced = tf.function(f, { inputSignature: signature, name });
      const concrete = signature ? traced.getConcreteFunction() : traced.getConcreteFunction(...inputs[0]);
      const model = concrete.toOnnx();
      for (const operator of operatorsIn(model)) found.add(operator);
      // The models that the fixture's script checks.
      if (folder !== undefined) await writeFile(join(folder, `${name}.onnx`), model);
    }
    if (folder === undefined) expect([...found].filter((operator) => !operators.includes(operator))).toEqual([]);
  });
});

describe('what cannot be exported', () => {
  it('is refused by name, in loops too', () => {
    const f = tf.function((x: Tensor) => tf.forLoop(2, (_, y) => tf.linalg.cholesky(y), x.matMul(x, false, true)), {
      name: 'factor',
    });
    expect(() => f.getConcreteFunction(tf.eye(2)).toOnnx()).toThrow(
      /toOnnx: factor: ONNX has no operator for cholesky/,
    );
  });

  it('is a graph that depends on the size', () => {
    const f = tf.function((x: Tensor) => (x.shape[0] > 64 ? x.exp() : x.neg()), {
      inputSignature: [{ shape: [null] }],
    });
    expect(() => f.getConcreteFunction().toOnnx()).toThrow(/not the same for every size of batch/);
    const g = tf.function((x: Tensor) => x.mul(Math.sqrt(x.shape[0])), { inputSignature: [{ shape: [null] }] });
    expect(() => g.getConcreteFunction().toOnnx()).toThrow(/numbers that no size explains/);
  });

  it('are prints and assertions, which are left out', () => {
    const f = tf.function((x: Tensor) => {
      tf.print(x);
      tf.debugging.assertPositive(x);
      return x.neg();
    });
    expect(f.getConcreteFunction(tf.scalar(1)).toOnnx().length).toBeGreaterThan(50);
  });
});
