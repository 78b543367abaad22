/** @file Safetensors files: every dtype, and what is refused; JSON as Python writes it; spellings. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { parseJSON, writeJSON } from '../../src/io/python-json.ts';
import { readSafetensors } from '../../src/io/safetensors.ts';
import { kerasChoice, kerasKey, ownChoice, ownKey } from '../../src/io/spelling.ts';

const folder = mkdtempSync(join(tmpdir(), 'safetensors-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of a header and bytes. */
function fileOf(header: object | string, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.byteLength));
  return new Uint8Array(Buffer.concat([length, text, data]));
}

describe('safetensors', () => {
  it('hold tensors of every dtype that the format has', async () => {
    const tensors = {
      a: tf.tensor([[1.5, -2]], null, 'float32'),
      b: tf.tensor([0.5], null, 'float16'),
      c: tf.tensor([1e300], null, 'float64'),
      d: tf.tensor([true, false]),
      e: tf.tensor([-1, 2, 3], null, 'int8'),
      f: tf.tensor([255], null, 'uint8'),
      g: tf.tensor([-300], null, 'int16'),
      h: tf.tensor([70_000], null, 'int32'),
      i: tf.tensor(new BigInt64Array([2n ** 60n])),
      j: tf.scalar(7),
      k: tf.zeros([0, 3]),
    };
    const path = join(folder, 'all.safetensors');
    await tf.io.saveSafetensors(path, tensors, { format: 'pt' });
    const loaded = await tf.io.loadSafetensors(path);
    expect(Object.keys(loaded).sort()).toEqual(Object.keys(tensors));
    for (const [name, tensor] of Object.entries(tensors)) {
      expect(loaded[name].dtype).toBe(tensor.dtype);
      expect(loaded[name].shape).toEqual(tensor.shape);
      expect(loaded[name].dataSync()).toEqual(tensor.dataSync());
    }
    expect(readSafetensors(new Uint8Array(readFileSync(path)), path).metadata).toEqual({ format: 'pt' });
    await expect(tf.io.saveSafetensors(path, { text: tf.tensor(['a']) })).rejects.toThrow(/dtype string/);
  });

  it('of bfloat16 are read as float32', () => {
    const header = { x: { dtype: 'BF16', shape: [2], data_offsets: [0, 4] } };
    const { tensors } = readSafetensors(fileOf(header, new Uint8Array([0x80, 0x3f, 0x20, 0xc0])), 'x');
    expect(tensors.get('x')).toEqual({ dtype: 'float32', shape: [2], data: new Float32Array([1, -2.5]) });
  });

  it('that are damaged or hostile are refused', async () => {
    const entry = (begin: number, end: number, shape = [1]) => ({ dtype: 'F32', shape, data_offsets: [begin, end] });
    const refused: readonly (readonly [Uint8Array, RegExp])[] = [
      [new Uint8Array(4), /it has 4 bytes/],
      [new Uint8Array(8).fill(255), /its header would have/],
      [fileOf('{"a"'), /header is no JSON/],
      [fileOf('[]'), /expected an object/],
      [fileOf({ a: entry(0, 4) }, new Uint8Array(2)), /does not fit its shape/],
      [fileOf({ a: entry(0, 4), b: entry(0, 4) }, new Uint8Array(4)), /'b' begins at 0, where 4 is next/],
      [fileOf({ a: entry(4, 8) }, new Uint8Array(8)), /'a' begins at 4, where 0 is next/],
      [fileOf({ a: entry(0, 4) }, new Uint8Array(8)), /4 bytes belong to no tensor/],
      [fileOf({ a: entry(0, 4, [-1]) }, new Uint8Array(4)), /whole number/],
      [fileOf({ a: { ...entry(0, 4), dtype: 'F8_E5M2' } }, new Uint8Array(4)), /type F8_E5M2/],
      [fileOf({ a: { ...entry(0, 4), dtype: 'constructor' } }, new Uint8Array(4)), /type constructor/],
    ];
    for (const [bytes, message] of refused) {
      const path = join(folder, 'damaged.safetensors');
      writeFileSync(path, bytes);
      await expect(tf.io.loadSafetensors(path)).rejects.toThrow(message);
    }
  });
});

describe('JSON of Python', () => {
  it('has NaN and infinities', () => {
    const value = { a: [NaN, Infinity, -Infinity, 1.5], b: 'NaN, -Infinity "x" \\' };
    const text = writeJSON(value);
    expect(text).toBe('{"a":[NaN,Infinity,-Infinity,1.5],"b":"NaN, -Infinity \\"x\\" \\\\"}');
    expect(parseJSON(text, 'text')).toEqual(value);
    expect(() => parseJSON('{NaN', 'file.json')).toThrow(/file.json is no JSON/);
  });
});

describe('spellings', () => {
  it.each([
    ['kernelInitializer', 'kernel_initializer'],
    ['beta1', 'beta_1'],
    ['globalClipNorm', 'global_clipnorm'],
    ['l2', 'l2'],
    ['sparseYTrue', 'sparse_y_true'],
    ['numOovIndices', 'num_oov_indices'],
    ['units', 'units'],
    ['_private', '_private'],
  ])('%s is %s in Keras', (ours, keras) => {
    expect(kerasKey(ours)).toBe(keras);
    expect(ownKey(keras)).toBe(ours);
  });

  it.each([
    ['channelsLast', 'channels_last'],
    ['sumOverBatchSize', 'sum_over_batch_size'],
    ['same', 'same'],
    ['relu6', 'relu6'],
    ['ROC', 'ROC'],
  ])('the choice %s is %s in Keras', (ours, keras) => {
    expect(kerasChoice(ours)).toBe(keras);
    expect(ownChoice(keras)).toBe(ours);
  });
});
