/** @file The kernel of special functions: one table, by name. */
import type { BinarySpecial, TernarySpecial, UnarySpecial } from '../../../primitives/mathematics.ts';
import { toHostArray } from '../../../tensor/host.ts';
import { sizeOf } from '../../../tensor/shape.ts';
import { type HostKernel, numbersOf } from '../kernel.ts';
import * as bessel from './bessel.ts';
import { placesOf } from './broadcasting.ts';
import { erfInv, erfc, ndtri } from './error-function.ts';
import { betainc, digamma, lgamma, polygamma, zeta } from './gamma.ts';
import { incompleteGamma } from './incomplete-gamma.ts';
import * as integrals from './integrals.ts';

const unary: Readonly<Record<UnarySpecial, (x: number) => number>> = {
  ...{ erfc, erfInv, ndtri, lgamma, digamma },
  ...bessel,
  ...integrals,
};
const binary: Readonly<Record<BinarySpecial, (a: number, x: number, order: number) => number>> = {
  polygamma,
  zeta,
  igamma: (a, x, order) => incompleteGamma(a, x, order, false),
  igammac: (a, x, order) => incompleteGamma(a, x, order, true),
};
const ternary: Readonly<Record<TernarySpecial, (a: number, b: number, x: number) => number>> = { betainc };

export const special: HostKernel<'special'> = (inputs, { function: name, order }, [{ dtype, shape }]) => {
  const operands = inputs.map(numbersOf);
  const places = inputs.map((input) => placesOf(input.shape, shape));
  const [x, y, z] = operands;
  const [atX, atY, atZ] = places;
  const results = new Float64Array(sizeOf(shape));
  if (name in unary) {
    const f = unary[name as UnarySpecial];
    for (let i = 0; i < results.length; i++) results[i] = f(x[i]);
  } else if (name in binary) {
    const f = binary[name as BinarySpecial];
    for (let i = 0; i < results.length; i++) results[i] = f(x[atX(i)], y[atY(i)], order);
  } else {
    const f = ternary[name as TernarySpecial];
    for (let i = 0; i < results.length; i++) results[i] = f(x[atX(i)], y[atY(i)], z[atZ(i)]);
  }
  return [toHostArray(results, dtype)];
};
