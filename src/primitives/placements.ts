/** @file Primitives that do nothing but choose which element comes where. */
import type { PrimitiveName } from './primitives.ts';

export const placements: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>([
  'transpose',
  'broadcastTo',
  'slice',
  'pad',
  'concat',
  'reverse',
  'gather',
  'gatherAlong',
  'select',
]);
