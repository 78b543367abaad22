/** @file A compiled graph of every operation, with its gradients of first and second order, against eager execution. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import { type Case, operationCases, primitiveCases } from '../autodiff/cases.ts';
import '../support/tensors.ts';

function gradientsOf(f: (...xs: Tensor[]) => Tensor, inputs: readonly Tensor[]): Tensor[] {
  const tape = new tf.GradientTape();
  tape.watch([...inputs]);
  const y = tape.record(() => f(...inputs));
  return tape.gradient(y, inputs, { unconnectedGradients: 'zero' }) as Tensor[];
}

/** The result of a case, and gradients of nonlinear functions of it. */
function everything({ f }: Case, inputs: readonly Tensor[]): Tensor[] {
  const bend = (...xs: Tensor[]): Tensor =>
    f(...xs)
      .square()
      .mul(0.3)
      .add(f(...xs));
  const first = (...xs: Tensor[]): Tensor => tf.addN(gradientsOf(bend, xs).map((g) => g.square().sum()));
  return [f(...inputs), ...gradientsOf(bend, inputs), ...gradientsOf(first, inputs)];
}

/** Shapes of their results depend on values: they are refused while a function is traced. */
const eagerOnly = ['unique', 'uniqueWithCounts', 'setdiff1d'];
const rows = [
  ...Object.entries(operationCases).filter(([name]) => !eagerOnly.includes(name)),
  ...Object.entries(primitiveCases).map(([name, row]) => [`primitive ${name}`, row] as const),
];

it.each(eagerOnly)('%s is refused in a graph', (name) => {
  const { f, inputs } = operationCases[name as keyof typeof operationCases];
  expect(() => tf.function(f)(...inputs)).toThrow(tf.TraceError);
});

describe.each(['float32', 'float64'] as const)('%s', (dtype) => {
  it.each(rows)('%s', (_, row) => {
    const inputs = row.inputs.map((x) => x.cast(dtype));
    const traced = tf.function((...xs: Tensor[]) => everything(row, xs));
    const expected = everything(row, inputs);
    const close = dtype === 'float64' ? { rtol: 1e-12, atol: 1e-12 } : { rtol: 1e-4, atol: 1e-4 };
    traced(...inputs).forEach((tensor, i) => {
      expect(tensor).toHaveType(expected[i].dtype, expected[i].shape);
      expect(tensor, `result ${i}`).toBeAllClose(expected[i], close);
    });
  });
});
