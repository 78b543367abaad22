/** @file The one table of lowerings to TensorFlow.js, keyed by primitive. */
import type { DevicePrimitive } from '../../../primitives/primitives.ts';
import type { Lowering } from '../lowering.ts';
import { elementwiseLowerings } from './elementwise.ts';
import { placementLowerings } from './placement.ts';
import { poolingLowerings } from './pooling.ts';
import { productLowerings } from './products.ts';
import { reductionLowerings } from './reductions.ts';

const lowerings: { readonly [P in DevicePrimitive]?: Lowering<P> } = {
  ...elementwiseLowerings,
  ...reductionLowerings,
  ...placementLowerings,
  ...productLowerings,
  ...poolingLowerings,
};

/** None for primitives that TensorFlow.js has no kernels for. */
export const loweringOf = <P extends DevicePrimitive>(primitive: P): Lowering<P> | undefined => lowerings[primitive];
