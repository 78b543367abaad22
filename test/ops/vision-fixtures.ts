/** @file Values of TensorFlow 2 (test/fixtures/operations/make_images.py), as tensors. */
import { readFileSync } from 'node:fs';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';

interface Plain {
  readonly shape: readonly number[];
  readonly data: readonly (number | null)[];
}
interface Fixture {
  readonly inputs: readonly Plain[];
  readonly outputs: readonly Plain[];
}
const fixtures = JSON.parse(
  readFileSync(new URL('../fixtures/operations/images.json', import.meta.url), 'utf8'),
) as Record<string, Fixture>;

const toTensor = ({ shape, data }: Plain, dtype: tf.DType): Tensor =>
  tf.tensor(
    data.map((value) => value ?? NaN),
    shape,
    dtype,
  );

/** Inputs and outputs of a call that TensorFlow was asked for. */
export function fixture(name: string, dtype: tf.DType = 'float32'): { inputs: Tensor[]; outputs: Tensor[] } {
  const found = fixtures[name];
  if (!found) throw new Error(`No fixture ${name}.`);
  return {
    inputs: found.inputs.map((plain) => toTensor(plain, dtype)),
    outputs: found.outputs.map((plain) => toTensor(plain, 'float64')),
  };
}

/** Names of fixtures that begin so. */
export const fixtureNames = (prefix: string): string[] =>
  Object.keys(fixtures).filter((name) => name === prefix || name.startsWith(`${prefix} `));
