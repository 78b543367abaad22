/** @file What a lowering is: how one primitive becomes ONNX nodes, for a one-op session as for a whole graph. */
import type { AbstractValue, DevicePrimitive, PrimitiveParams } from '../../primitives/primitives.ts';
import { type GraphBuilder, type Value, makeValue } from './builder.ts';

export interface LoweringCall<P extends DevicePrimitive> {
  readonly inputs: readonly Value[];
  readonly params: PrimitiveParams[P];
  readonly outputs: readonly AbstractValue[];
  /** Names of the int64 operands that `vectors` gave. */
  readonly vectors: readonly string[];
}

export interface Lowering<P extends DevicePrimitive> {
  /** What of the inputs the nodes depend on beside dtypes: calls that agree in it share one one-op session. */
  readonly dependsOn: 'dtypes' | 'ranks' | 'shapes';
  /** What else of the shapes they depend on. */
  readonly variant?: (inputs: readonly AbstractValue[], params: PrimitiveParams[P]) => string;
  /** What of the parameters they depend on; all of them where it is left out. */
  readonly fixed?: (params: PrimitiveParams[P]) => unknown;
  /** Lists of numbers that are operands rather than fixed in the nodes, so that slices of one size share a session. */
  readonly vectors?: (inputs: readonly AbstractValue[], params: PrimitiveParams[P]) => readonly (readonly number[])[];
  build(builder: GraphBuilder, call: LoweringCall<P>): Value[];
}

export type Lowerings<P extends DevicePrimitive = DevicePrimitive> = { readonly [K in P]: Lowering<K> };

/** A lowering that works in the user's layout, name in, name out. */
export function onPlain<P extends DevicePrimitive>(
  dependsOn: Lowering<P>['dependsOn'],
  emit: (builder: GraphBuilder, names: readonly string[], call: LoweringCall<P>) => string | string[],
  more: Pick<Lowering<P>, 'fixed' | 'variant' | 'vectors'> = {},
): Lowering<P> {
  return {
    dependsOn,
    ...more,
    build(builder, call) {
      const names = emit(
        builder,
        call.inputs.map((input) => builder.plain(input)),
        call,
      );
      return (typeof names === 'string' ? [names] : names).map((name, i) => makeValue(call.outputs[i], name));
    },
  };
}
