/** @file What counts as true: all but 0, 0 + 0i, false and the empty string. */
import * as p from '../primitives/calls.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { scalarLike, toTensor } from './convert.ts';

/** @internal Whether each element is true. */
export function areNotZero(x: Tensor): Tensor {
  if (x.dtype === 'bool') return x;
  return p.notEqual(x, x.dtype === 'string' ? toTensor('', 'notEqual', 'string') : scalarLike(0, x));
}
