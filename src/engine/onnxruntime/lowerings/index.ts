/** @file The one table of lowerings, keyed by primitive: a one-op call and a whole graph use the same. */
import type { DevicePrimitive } from '../../../primitives/primitives.ts';
import type { Lowering, Lowerings } from '../lowering.ts';
import { convolutionLowerings } from './convolution.ts';
import { elementwiseLowerings } from './elementwise.ts';
import { mathematicsLowerings } from './mathematics.ts';
import { placementLowerings } from './placement.ts';
import { poolingLowerings } from './pooling.ts';
import { productLowerings } from './products.ts';
import { reductionLowerings } from './reductions.ts';

const lowerings: Lowerings = {
  ...elementwiseLowerings,
  ...reductionLowerings,
  ...placementLowerings,
  ...productLowerings,
  ...convolutionLowerings,
  ...poolingLowerings,
  ...mathematicsLowerings,
};

export const loweringOf = <P extends DevicePrimitive>(primitive: P): Lowering<P> => lowerings[primitive];
