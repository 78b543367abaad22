/**
 * @file Tangents of a primitive's outputs from those of its inputs. What is linear is applied to the tangents; an elementwise
 * function's gradient rule takes tangents as well as gradients; every other rule, which is linear in the gradients that it takes,
 * is differentiated in them: the adjoint of the adjoint. So a primitive needs no second rule.
 */
import * as p from '../primitives/calls.ts';
import { bind } from '../primitives/bind.ts';
import { inferElementwise } from '../primitives/infer-elementwise.ts';
import { placements } from '../primitives/placements.ts';
import type { ControlPrimitive, PrimitiveName, PrimitiveParams } from '../primitives/primitives.ts';
import { isFloating } from '../tensor/dtype.ts';
import { shapesEqual } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { zerosLike } from './adjoints.ts';
import { forwardControl } from './forward-control.ts';
import { type GradientRule, gradientRules } from './rules.ts';
import { GradientTape } from './tape.ts';

/** A tangent, or null where a value does not depend on what is derived by. */
export type Tangent = Tensor | null;

/** A call of a primitive that was made. */
export interface MadeCall<P extends PrimitiveName> {
  readonly inputs: readonly Tensor[];
  readonly params: PrimitiveParams[P];
  readonly outputs: readonly Tensor[];
}

/** Linear in all floating operands together. */
const linear = new Set<PrimitiveName>([
  ...placements,
  'neg',
  'add',
  'sub',
  'cast',
  'sum',
  'cumsum',
  'reshape',
  'scatterAdd',
  'scatterAlongAdd',
  'avgPool2d',
  'avgPool2dGradient',
]);
/** Linear in each of two operands. */
const bilinear = new Set<PrimitiveName>(['mul', 'matMul', 'conv2d', 'conv2dInputGradient', 'conv2dFilterGradient']);

const total = (terms: readonly Tensor[]): Tangent =>
  terms.length > 0 ? terms.reduce((sum, term) => p.add(sum, term)) : null;

/** The tangents of the outputs. At least one input has one. */
export function tangentsOf<P extends PrimitiveName>(
  primitive: P,
  call: MadeCall<P>,
  tangents: readonly Tangent[],
): readonly Tangent[] {
  const { inputs, params, outputs } = call;
  if (!outputs.some(({ dtype }) => isFloating(dtype))) return [];
  if (linear.has(primitive)) return [ofLinear(primitive, call, tangents)];
  if (bilinear.has(primitive))
    return [total(tangents.flatMap((t, i) => (t ? bind(primitive, inputs.with(i, t), params) : [])))];
  const control = forwardControl[primitive as ControlPrimitive] as
    ((call: MadeCall<P>, tangents: readonly Tangent[]) => readonly Tangent[]) | undefined;
  if (control) return control(call, tangents);
  const rule: GradientRule<P> | null = gradientRules[primitive];
  if (rule === null) return [];
  return Object.hasOwn(inferElementwise, primitive)
    ? [ofElementwise(rule, call, tangents)]
    : adjointOfAdjoint(rule, call, tangents);
}

function ofLinear<P extends PrimitiveName>(
  primitive: P,
  { inputs, params }: MadeCall<P>,
  tangents: readonly Tangent[],
): Tangent {
  const moved = inputs.map((input, i) => tangents[i] ?? (isFloating(input.dtype) ? zerosLike(input) : input));
  // Padding is a constant, whatever its value.
  return bind(primitive, moved, primitive === 'pad' ? { ...params, value: 0 } : params)[0];
}

/** Every element's derivative is a factor, the same forward and back. */
function ofElementwise<P extends PrimitiveName>(
  rule: GradientRule<P>,
  { inputs, params, outputs }: MadeCall<P>,
  tangents: readonly Tangent[],
): Tangent {
  const { shape } = outputs[0];
  const whole = (x: Tensor): Tensor => (shapesEqual(x.shape, shape) ? x : p.broadcastTo(x, shape));
  const operands = inputs.map(whole);
  return total(
    tangents.flatMap((tangent, i) => {
      if (!tangent) return [];
      const g = whole(tangent);
      const factor = rule(g, { inputs: operands, params, outputs, gradients: [g] })[i];
      return factor ? [factor()] : [];
    }),
  );
}

function adjointOfAdjoint<P extends PrimitiveName>(
  rule: GradientRule<P>,
  { inputs, params, outputs }: MadeCall<P>,
  tangents: readonly Tangent[],
): readonly Tangent[] {
  const seeds = outputs.map((output) => (isFloating(output.dtype) ? zerosLike(output) : undefined));
  const given = seeds.filter((seed) => seed !== undefined);
  const tape = new GradientTape({ watchAccessedVariables: false });
  tape.watch(given);
  const directions: Tensor[] = [];
  const back = tape.record(() => {
    const first = seeds[0] ?? zerosLike(outputs[0]);
    const contributions = rule(first, { inputs, params, outputs, gradients: seeds });
    return tangents.flatMap((tangent, i) => {
      const contribution = contributions[i];
      if (!tangent || !contribution) return [];
      directions.push(tangent);
      return [contribution()];
    });
  });
  if (back.length === 0) return [];
  const made = tape.gradient(back, given, { outputGradients: directions, unconnectedGradients: 'zero' });
  let place = 0;
  return seeds.map((seed) => (seed ? made[place++] : null));
}
