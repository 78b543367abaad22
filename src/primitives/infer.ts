/** @file What each primitive gives: the dtype and shape of its outputs, and the errors of wrong inputs. */
import { inferBoxes } from './infer-boxes.ts';
import { inferControl } from './infer-control.ts';
import { inferElementwise } from './infer-elementwise.ts';
import { inferMathematics } from './infer-mathematics.ts';
import { inferMatrices } from './infer-matrices.ts';
import { inferPlacement } from './infer-placement.ts';
import { inferProducts } from './infer-products.ts';
import { inferReductions } from './infer-reductions.ts';
import { inferSampling } from './infer-sampling.ts';
import { inferStrings } from './infer-strings.ts';
import type { AbstractValue, PrimitiveName, PrimitiveParams } from './primitives.ts';

/** From what is known of the inputs to what is known of the outputs. @throws ShapeError, DTypeError, ArgumentError */
export type InferenceRule<P extends PrimitiveName> = (
  inputs: readonly AbstractValue[],
  params: PrimitiveParams[P],
) => AbstractValue[];

export type InferenceRules<P extends PrimitiveName = PrimitiveName> = { readonly [K in P]: InferenceRule<K> };

export const inference: InferenceRules = {
  ...inferElementwise,
  ...inferReductions,
  ...inferPlacement,
  ...inferProducts,
  ...inferMatrices,
  ...inferMathematics,
  ...inferSampling,
  ...inferStrings,
  ...inferBoxes,
  ...inferControl,
};

/** Applies the rule of `primitive`. */
export function infer<P extends PrimitiveName>(
  primitive: P,
  inputs: readonly AbstractValue[],
  params: PrimitiveParams[P],
): AbstractValue[] {
  const rule: InferenceRule<P> = inference[primitive];
  return rule(inputs, params);
}
