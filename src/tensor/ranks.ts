/**
 * @file TensorFlow.js's names of tensors by rank. Ranks are checked where operations run, with a message, and not by types: what an operation gives
 * would else have to be cast wherever a variable is assigned again.
 */
import type { Tensor } from './tensor.ts';

/** A tensor that is meant to have rank 0. */
export type Scalar = Tensor;
/** A tensor that is meant to have rank 1. */
export type Tensor1D = Tensor;
/** A tensor that is meant to have rank 2. */
export type Tensor2D = Tensor;
/** A tensor that is meant to have rank 3. */
export type Tensor3D = Tensor;
/** A tensor that is meant to have rank 4. */
export type Tensor4D = Tensor;
/** A tensor that is meant to have rank 5. */
export type Tensor5D = Tensor;
/** A tensor that is meant to have rank 6. */
export type Tensor6D = Tensor;
