/** @file Inference of primitives that run other graphs: what goes in must be what the graph was traced for. */
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { isFloating } from '../tensor/dtype.ts';
import { formatShape, shapesEqual } from '../tensor/shape.ts';
import type { InferenceRules } from './infer.ts';
import type { AbstractValue, ControlPrimitive } from './primitives.ts';
import type { Region } from './region.ts';

const describe = ({ dtype, shape }: AbstractValue): string => `${dtype} ${formatShape(shape)}`;
const outputsOf = ({ graph }: Region): AbstractValue[] => graph.outputs.map((id) => graph.values[id]);

/** @throws ShapeError where the region was traced for other operands */
function expectOperands(primitive: ControlPrimitive, { graph }: Region, operands: readonly AbstractValue[]): void {
  const wanted = graph.inputs.map((id) => graph.values[id]);
  const fits =
    wanted.length === operands.length &&
    wanted.every(({ dtype, shape }, i) => dtype === operands[i].dtype && shapesEqual(shape, operands[i].shape));
  if (!fits)
    throw new ShapeError(
      `${primitive}: its graph takes (${wanted.map(describe).join(', ')}), but got (${operands.map(describe).join(', ')}).`,
    );
}

export const inferControl = {
  stopGradient: ([x]) => [{ dtype: x.dtype, shape: x.shape }],
  customGradient: (inputs, { outputs }) => inputs.slice(0, outputs).map(({ dtype, shape }) => ({ dtype, shape })),
  call: (operands, { region }) => {
    expectOperands('call', region, operands);
    return outputsOf(region);
  },
  branch: ([which, ...operands], { branches }) => {
    if (which.shape.length > 0 || (which.dtype !== 'bool' && which.dtype !== 'int32'))
      throw new ArgumentError(
        `branch: expected one bool or int32 that says which branch runs, got ${describe(which)}.`,
      );
    for (const region of branches) expectOperands('branch', region, operands);
    return outputsOf(branches[0]);
  },
  whileLoop: (operands, { carries, condition, body, atMost }) => {
    expectOperands('whileLoop', condition, operands);
    expectOperands('whileLoop', body, operands);
    return outputsOf(body).slice(0, atMost === undefined ? carries : carries + 1);
  },
  whileLoopGradient: (inputs, { carries, condition, body, backward }) => {
    const operands = condition.graph.inputs.length;
    expectOperands('whileLoopGradient', condition, inputs.slice(0, operands));
    expectOperands('whileLoopGradient', body, inputs.slice(0, operands));
    const expected = operands + inputs.slice(0, carries).filter(({ dtype }) => isFloating(dtype)).length;
    if (inputs.length !== expected)
      throw new ArgumentError(`whileLoopGradient: expected ${expected} operands, got ${inputs.length}.`);
    return outputsOf(backward);
  },
  scan: (operands, { carries, sequences, length, body }) => {
    const elements = operands.map(({ dtype, shape }, i) =>
      i >= carries && i < carries + sequences ? { dtype, shape: shape.slice(1) } : { dtype, shape },
    );
    expectOperands('scan', body, elements);
    const made = outputsOf(body);
    return made.map(({ dtype, shape }, i) => ({ dtype, shape: i < carries ? shape : [length, ...shape] }));
  },
  print: () => [],
  assert: () => [],
  observe: () => [],
} satisfies InferenceRules<ControlPrimitive>;
