/** @file vectorizedMap against the function of each element: every primitive and operation, gradients, control flow, nesting. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import '../support/tensors.ts';
import { type Case, linalgCases, operationCases, primitiveCases } from './cases.ts';

const size = 3;
/** Elements near the one that a case has. */
const batchOf = (x: Tensor): Tensor => tf.stack(Array.from({ length: size }, (_, i) => x.mul(1 + 0.03 * i)));
const close = { rtol: 1e-9, atol: 1e-10 };

/** Compares with the elements one after another, where all inputs are batched and where one alone is. */
function check({ f, inputs }: Case): void {
  const batches = inputs.map(batchOf);
  const choices =
    inputs.length > 1 ? [inputs.map(() => true), ...inputs.map((_, i) => inputs.map((__, k) => i === k))] : [[true]];
  for (const choice of choices) {
    const given = batches.filter((_, i) => choice[i]);
    const run = (elements: readonly Tensor[]): Tensor => {
      let place = 0;
      return f(...inputs.map((input, i) => (choice[i] ? elements[place++] : input)));
    };
    const expected = tf.stack(
      Array.from({ length: size }, (_, i) => run(given.map((batch) => batch.slice(i, 1).squeeze([0])))),
    );
    expect(tf.vectorizedMap(run, given), `batched: ${choice.join()}`).toBeAllClose(expected, close);
  }
}

const rows = (cases: Partial<Record<string, Case>>): [string, Case][] =>
  Object.entries(cases).flatMap(([name, row]) => (row ? [[name, row] as [string, Case]] : []));

describe('primitives', () => {
  it.each(rows(primitiveCases))('%s', (_, row) => check(row));
});
describe('operations', () => {
  it.each(rows(operationCases))('%s', (_, row) => check(row));
});
describe('tf.linalg', () => {
  it.each(rows(linalgCases))('%s', (_, row) => check(row));
});
