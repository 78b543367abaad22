/** @file Kernels of mathematics beyond arithmetic. */
import type { HostMathematicsParams } from '../../../primitives/mathematics.ts';
import { type HostKernels, onMatrices } from '../kernel.ts';
import { bitwise, nextAfter, populationCount } from './bits.ts';
import { eig, matrixFunctions } from './matrix-functions.ts';
import { argsort, searchSorted } from './sorting.ts';
import { special } from './special.ts';

export const mathematicsKernels: HostKernels<keyof HostMathematicsParams> = {
  special,
  nextAfter,
  bitwise,
  populationCount,
  argsort,
  searchSorted,
  matrixFunction: onMatrices(([x], { function: name }) => [matrixFunctions[name](x).data]),
  eig: onMatrices(([x]) => {
    const { re, im, vectorsRe, vectorsIm } = eig(x);
    return [re, im, vectorsRe, vectorsIm];
  }),
};
