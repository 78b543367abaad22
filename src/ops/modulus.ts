/** @file The square of the absolute value. */
import * as p from '../primitives/calls.ts';
import { ComplexTensor } from '../tensor/complex.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** `|x|²`, which is real for complex numbers too. */
export const squaredModulus = (x: Tensor): Tensor =>
  x instanceof ComplexTensor ? p.add(p.square(x.re), p.square(x.im)) : p.square(x);
