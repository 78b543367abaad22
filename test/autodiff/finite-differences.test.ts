/** @file First and second gradients of every primitive and operation against central differences in float64. */
import { describe, expect, it } from 'vitest';
import { gradientRules } from '../../src/autodiff/rules.ts';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import * as operations from '../../src/ops/index.ts';
import { withObservers } from '../../src/primitives/bind.ts';
import '../support/tensors.ts';
import {
  type Case,
  linalgCases,
  linalgWithoutGradient,
  operationCases,
  operationsWithoutGradient,
  primitiveCases,
  signalCases,
  signalWithoutGradient,
} from './cases.ts';
import { fusedCases, imageCases, imageWithoutGradient, sparseCases, sparseWithoutGradient } from './cases-vision.ts';

/** A scalar to which every element counts differently, and not linearly: so second gradients pass through every rule. */
function weigh(y: Tensor): Tensor {
  const weights = Array.from({ length: y.size }, (_, i) => Math.cos(1.3 * i + 0.4));
  return y
    .add(y.square().mul(0.3))
    .mul(tf.tensor(weights, y.shape, y.dtype))
    .sum();
}

/** Gradients of the weighted sum of `f`, of one input structure; zeros where it does not depend on an input. */
function gradients(f: Case['f'], inputs: readonly Tensor[]): Tensor[] {
  const tape = new tf.GradientTape();
  tape.watch([...inputs]);
  const value = tape.record(() => weigh(f(...inputs)));
  return tape.gradient(value, inputs, { unconnectedGradients: 'zero' }) as Tensor[];
}

/** What `gradients` should give, by evaluating `f` at both sides of every element. */
function differences(f: Case['f'], inputs: readonly Tensor[]): Tensor[] {
  const step = 1e-5;
  return inputs.map((input, which) => {
    const elements = Float64Array.from(input.dataSync() as Float64Array);
    const slopes = elements.map((element, i) => {
      const valueAt = (moved: number): number => {
        const values = elements.with(i, moved);
        const changed = tf.tensor(values, input.shape);
        return tf.tidy(() => weigh(f(...inputs.with(which, changed))).item());
      };
      return (valueAt(element + step) - valueAt(element - step)) / (2 * step);
    });
    return tf.tensor(slopes, input.shape);
  });
}

function check({ f, inputs }: Case): void {
  const close = { rtol: 1e-6, atol: 1e-7 };
  const first = gradients(f, inputs);
  differences(f, inputs).forEach((expected, i) =>
    expect(first[i], `gradient at input ${i}`).toBeAllClose(expected, close),
  );
  const allGradients = (...at: Tensor[]): Tensor => tf.concat(gradients(f, at).map((g) => g.flatten()));
  const second = gradients(allGradients, inputs);
  differences(allGradients, inputs).forEach((expected, i) =>
    expect(second[i], `second gradient at input ${i}`).toBeAllClose(expected, close),
  );
}

describe('primitives', () => {
  const differentiable = Object.entries(gradientRules).flatMap(([name, rule]) => (rule ? [name] : []));

  it.each(differentiable)('%s', (name) => {
    const row = primitiveCases[name as keyof typeof primitiveCases];
    if (!row) throw new Error(`No row for the primitive ${name} in cases.ts.`);
    const called = new Set<string>();
    withObservers([{ observe: (primitive) => called.add(primitive) }], () => row.f(...row.inputs));
    expect([...called]).toContain(name);
    check(row);
  });
});

describe.each([
  { space: 'tf', functions: operations, rows: operationCases, without: operationsWithoutGradient },
  { space: 'tf.linalg', functions: operations.linalg, rows: linalgCases, without: linalgWithoutGradient },
  { space: 'tf.signal', functions: operations.signal, rows: signalCases, without: signalWithoutGradient },
  { space: 'tf.image', functions: operations.image, rows: imageCases, without: imageWithoutGradient },
  { space: 'tf.fused', functions: operations.fused, rows: fusedCases, without: [] as readonly string[] },
  { space: 'tf.sparse', functions: operations.sparse, rows: sparseCases, without: sparseWithoutGradient },
])('operations of $space', ({ functions, rows, without }) => {
  const names = Object.entries(functions).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));

  it.each(names.filter((name) => !without.includes(name)))('%s', (name) => {
    const row = rows[name];
    if (!row) throw new Error(`No row for the operation ${name} in cases.ts.`);
    check(row);
  });

  it('has no row for what is not there', () => {
    const listed = [...Object.keys(rows), ...without];
    expect(listed.filter((name) => !names.includes(name))).toEqual([]);
    expect(listed.length).toBe(new Set(listed).size);
  });
});
