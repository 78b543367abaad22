/** @file The conformance suite: every primitive on every dtype of a device against plain float64 references, eagerly and compiled. */
import { appendFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DType, isFloating } from '../../src/tensor/dtype.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { bind } from '../../src/primitives/bind.ts';
import type { Graph } from '../../src/primitives/graph.ts';
import { infer } from '../../src/primitives/infer.ts';
import type { PrimitiveName } from '../../src/primitives/primitives.ts';
import { type Fallback, compileGraph, currentEngine, fallbacksOf, setDevice } from '../../src/engine/index.ts';
import { type Case, cases } from './cases.ts';
import { expectClose, generate, numbersOf, rounded, store, toTensor } from './helpers.ts';
import { type Plain, references } from './references.ts';

function operandsOf(one: Case, dtype: DType): { plain: Plain; dtype: DType }[] {
  const made: { plain: Plain; dtype: DType }[] = [];
  for (const operand of one.operands) {
    if (typeof operand === 'function') made.push({ plain: operand(made.map(({ plain }) => plain)), dtype });
    else {
      const own = operand.dtype ?? dtype;
      made.push({ plain: rounded(generate(operand.shape, operand.values), own), dtype: own });
    }
  }
  return made;
}

function runCompiled(
  primitive: PrimitiveName,
  inputs: readonly Tensor[],
  params: Case['params'],
): { shape: readonly number[]; data: number[] }[] {
  const outputs = infer(primitive, inputs, params);
  const ids = inputs.map((_, i) => i);
  const graph: Graph = {
    values: [...inputs.map(({ dtype, shape }) => ({ dtype, shape })), ...outputs],
    inputs: ids,
    constants: new Map(),
    nodes: [{ primitive, inputs: ids, params, outputs: outputs.map((_, i) => inputs.length + i) }],
    outputs: outputs.map((_, i) => inputs.length + i),
  };
  const compiled = compileGraph(graph);
  const storages = compiled.run(inputs.map((input) => input.storage));
  const results = storages.map((storage, i) => ({
    shape: outputs[i].shape,
    data: numbersOf(storage.readSync(), outputs[i].dtype),
  }));
  for (const storage of storages) storage.release();
  compiled.dispose();
  return results;
}

/** Where `scripts/engine-results.mjs` wants a line for each primitive and dtype: which of it the device ran itself. */
const report = process.env['TENSORCELL_CONFORMANCE'];

/** What was added to the list of fallbacks. */
const newFallbacks = (before: readonly Fallback[], after: readonly Fallback[]): Fallback[] =>
  after.filter(
    ({ operation, dtypes, count }) =>
      !before.some((one) => one.operation === operation && one.dtypes.join() === dtypes.join() && one.count === count),
  );

/** Registers the suite for a device. */
export function conformance(device: string, tolerance = 1): void {
  beforeAll(() => setDevice(device));

  describe.each(Object.keys(cases) as (keyof typeof cases)[])('%s', (primitive) => {
    const list = cases[primitive] as readonly Case[];
    const dtypes = [...new Set(list.flatMap((one) => one.dtypes))];
    it.each(dtypes)('%s', (dtype) => {
      const reference = references[primitive] as (
        inputs: readonly Plain[],
        params: Case['params'],
        floating: boolean,
      ) => Plain[];
      const engine = currentEngine();
      expect(engine.device).toBe(device);
      const before = engine.memory();
      const fallbacksBefore = fallbacksOf(engine);
      for (const one of list.filter(({ dtypes: own }) => own.includes(dtype))) {
        const operands = operandsOf(one, dtype);
        const tensors = operands.map(({ plain, dtype: own }) => toTensor(plain, own));
        const expected = reference(
          operands.map(({ plain }) => plain),
          one.params,
          isFloating(dtype),
        );
        const what = `${primitive} of ${operands.map(({ plain }) => `[${plain.shape.join()}]`).join(' ')} ${JSON.stringify(one.params)}`;

        const results = bind(primitive, tensors, one.params);
        const compiled = runCompiled(primitive, tensors, one.params);
        expect(results.length).toBe(expected.length);
        results.forEach((result, i) => {
          expect(result.shape, what).toEqual(expected[i].shape);
          expect(compiled[i].shape, what).toEqual(expected[i].shape);
          const wanted = numbersOf(store(expected[i].data, result.dtype), result.dtype);
          expectClose(numbersOf(result.dataSync(), result.dtype), wanted, result.dtype, `${what}, eager`, tolerance);
          expectClose(compiled[i].data, wanted, result.dtype, `${what}, compiled`, tolerance);
        });
        for (const tensor of [...tensors, ...results]) tensor.dispose();
      }
      expect(engine.memory()).toEqual(before);
      if (report) {
        const fallbacks = newFallbacks(fallbacksBefore, fallbacksOf(engine)).map(({ operation }) => operation);
        appendFileSync(report, `${JSON.stringify({ device, primitive, dtype, fallbacks })}\n`);
      }
    });
  });
}
