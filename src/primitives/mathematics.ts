/** @file Primitives of mathematics beyond arithmetic: special functions, bits, sorting, scattering, functions of matrices. */

/** Special functions of one operand. */
export type UnarySpecial =
  | 'erfc'
  | 'erfInv'
  | 'ndtri'
  | 'lgamma'
  | 'digamma'
  | 'besselI0'
  | 'besselI0e'
  | 'besselI1'
  | 'besselI1e'
  | 'besselJ0'
  | 'besselJ1'
  | 'besselY0'
  | 'besselY1'
  | 'besselK0'
  | 'besselK0e'
  | 'besselK1'
  | 'besselK1e'
  | 'expint'
  | 'dawsn'
  | 'spence'
  | 'fresnelSin'
  | 'fresnelCos';
/** Of two: polygamma(n, x), zeta(x, q), igamma(a, x), igammac(a, x). */
export type BinarySpecial = 'polygamma' | 'zeta' | 'igamma' | 'igammac';
/** Of three: betainc(a, b, x). */
export type TernarySpecial = 'betainc';
export type SpecialFunction = UnarySpecial | BinarySpecial | TernarySpecial;

export type BitOperation = 'and' | 'or' | 'xor' | 'leftShift' | 'rightShift';
/** What becomes of an element that is written more than once; of `set` the last one stays. */
export type ScatterReduction = 'set' | 'mul' | 'min' | 'max';
export type MatrixFunction = 'exp' | 'log' | 'sqrt';

/** Primitives that every engine leaves to the host. */
export interface HostMathematicsParams {
  /** Operands broadcast. `order`: how many times an incomplete gamma function is differentiated by its first operand. */
  special: { readonly function: SpecialFunction; readonly order: number };
  /** (x, y) -> the number next to x in the direction of y. */
  nextAfter: Record<never, never>;
  /** Of integers, which broadcast. Shifts are held to the bits there are; to the right, the sign comes in from the left. */
  bitwise: { readonly operation: BitOperation };
  /** How many bits are 1, uint8. */
  populationCount: Record<never, never>;
  /** Places of the elements in order along the last axis, int32; equal ones stay as they are, NaN is the greatest. */
  argsort: { readonly descending: boolean };
  /** (sorted: [..., n], values: [..., m]) -> how many of the sorted lie before each value (`right`: or are equal), int32. */
  searchSorted: { readonly right: boolean };
  /** Of square matrices, by their eigenvalues. */
  matrixFunction: { readonly function: MatrixFunction };
  /** Of square matrices: [real parts of the eigenvalues, imaginary parts, those of the eigenvectors in columns, imaginary parts]. */
  eig: Record<never, never>;
}

export interface MathematicsParams extends HostMathematicsParams {
  /** (x, indices: int32 of rank 1, updates) -> x with rows of `updates` written, or joined, to its rows at `indices`. */
  scatterReduce: { readonly reduction: ScatterReduction };
}
