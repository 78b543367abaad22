/** @file Arrays in the JSON fixtures of test/fixtures. */
import { readFileSync } from 'node:fs';
import { type DType, type Tensor, tensor } from '../../src/index.ts';

/** An array as its shape and elements. */
export interface FixtureArray {
  readonly shape: number[];
  readonly values: number[];
  readonly dtype?: DType;
}

export const readFixture = <T>(path: string): T =>
  JSON.parse(readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8')) as T;

export const toTensor = ({ shape, values, dtype = 'float32' }: FixtureArray): Tensor => tensor(values, shape, dtype);
