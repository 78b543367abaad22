/** @file What a lowering is here: how one primitive becomes kernels of TensorFlow.js. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { AbstractValue, DevicePrimitive, PrimitiveParams } from '../../primitives/primitives.ts';
import type { Scope } from './scope.ts';

export interface Call<P extends DevicePrimitive> {
  readonly params: PrimitiveParams[P];
  readonly inputs: readonly AbstractValue[];
  readonly outputs: readonly AbstractValue[];
}

/** Operands in the dtypes that stand for theirs; results in the ones that stand for the outputs'. */
export type Lowering<P extends DevicePrimitive> = (
  s: Scope,
  operands: readonly TensorInfo[],
  call: Call<P>,
) => TensorInfo | readonly TensorInfo[];

export type Lowerings<P extends DevicePrimitive> = { readonly [K in P]: Lowering<K> };

/** Bools as int32, which kernels compute with. */
export const asNumber = (s: Scope, x: TensorInfo): TensorInfo => (x.dtype === 'bool' ? s.cast(x, 'int32') : x);
