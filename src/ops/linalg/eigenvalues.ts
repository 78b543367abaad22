/** @file Eigenvalues of matrices that are not symmetric. */
import { customGrad } from '../../autodiff/custom-gradient.ts';
import * as p from '../../primitives/calls.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { complex, conj, imag, real } from '../complex.ts';
import { type TensorLike, scalarLike } from '../convert.ts';
import { adjoint } from './functions.ts';
import { asColumns, toSquare } from './operands.ts';
import { diag, diagPart } from './parts.ts';
import { solve } from './solvers.ts';
import { op } from '../../symbolic/op.ts';

const asRows = (x: Tensor): Tensor => p.reshape(x, x.shape.toSpliced(x.rank - 1, 0, 1));

/** `1 / (eⱼ - eᵢ)`, and 0 where they are equal. */
function reciprocalGaps(values: Tensor): Tensor {
  const gaps = p.sub(asRows(values), asColumns(values));
  const none = p.equal(gaps, scalarLike(0, gaps));
  return p.select(none, scalarLike(0, gaps), p.div(scalarLike(1, gaps), p.select(none, scalarLike(1, gaps), gaps)));
}

/**
 * For each vector the row in which its largest element stands, which is real and positive: of the elements alike in size it is the
 * only one of which nothing is imaginary.
 */
const rowsOfLargest = (vectors: Tensor): Tensor =>
  p.argMax(p.sub(real(vectors), p.abs(imag(vectors))), vectors.rank - 2);

/**
 * The gradient at `a = v·diag(e)·v⁻¹` from those at e and v. A change `da` moves e by the diagonal of `v⁻¹·da·v`, and v by
 * `v·x` with x the rest of it over the gaps between eigenvalues; the diagonal of x keeps lengths, and the largest elements real.
 */
function gradientOfEig([ofValues, ofVectors]: readonly Tensor[], [values, vectors]: readonly Tensor[]): Tensor {
  const adjoined = adjoint(vectors);
  const pulled = p.matMul(adjoined, ofVectors);
  const own = diagPart(pulled);
  const places = p.broadcastTo(asColumns(rowsOfLargest(vectors)), vectors.shape);
  const rows = p.gatherAlong(vectors, places, vectors.rank - 2);
  const zero = scalarLike(0, real(own));
  const lengths = p.mul(p.matMul(adjoined, vectors), asRows(complex(real(own), zero)));
  const phases = p.mul(adjoint(rows), asRows(complex(zero, p.div(imag(own), real(diagPart(rows))))));
  const free = p.sub(p.sub(pulled, lengths), phases);
  const inside = p.add(diag(ofValues), p.mul(conj(reciprocalGaps(values)), free));
  return real(solve(adjoined, p.matMul(inside, adjoined)));
}

/**
 * Eigenvalues and eigenvectors of square matrices, complex64. Symmetric ones have real ones: {@link eigh}.
 *
 * Gradients are those of distinct eigenvalues; where some are equal, what flows between their vectors is left out.
 *
 * @param x `[..., n, n]`
 * @returns `[values, vectors]` of shape `[..., n]` and `[..., n, n]`; ordered by real, then by imaginary part; vectors are columns of
 *   length 1, of which the largest element is real and positive
 * @example `tf.real(tf.linalg.eig([[2, 1], [0, 3]])[0])` is `[2, 3]`
 */
export const eig = op('linalg.eig', function eig(x: TensorLike): [Tensor, Tensor] {
  const decompose = customGrad((a: Tensor, save: (tensors: Tensor[]) => void) => {
    const parts = p.eig(p.stopGradient(a)).map((part) => p.cast(part, 'float32'));
    const value = [complex(parts[0], parts[1]), complex(parts[2], parts[3])];
    save(value);
    return { value, gradFunc: (dys: readonly Tensor[], found: Tensor[]) => p.cast(gradientOfEig(dys, found), a.dtype) };
  });
  const [values, vectors] = decompose(toSquare(x, 'linalg.eig'));
  return [values, vectors];
});
/**
 * Eigenvalues of square matrices, complex64; see {@link eig}.
 *
 * @example `tf.imag(tf.linalg.eigvals([[0, -1], [1, 0]]))` is `[-1, 1]`
 */
export const eigvals = op('linalg.eigvals', (x: TensorLike): Tensor => eig(x)[0]);
