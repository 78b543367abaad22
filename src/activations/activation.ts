/** @file What an activation function is. */
import type { Tensor } from '../tensor/tensor.ts';

/** What a layer applies to its result, elementwise unless its text says otherwise. */
export type Activation = (x: Tensor) => Tensor;
