/** @file Rows of the gradient checks: a smooth function, and numbers to try it at. */
import type { Tensor } from '../../src/index.ts';
import * as tf from '../../src/index.ts';
import { Generator } from '../../src/engine/random/philox.ts';

/** A smooth function near its inputs. */
export interface Case {
  readonly f: (...inputs: Tensor[]) => Tensor;
  readonly inputs: readonly Tensor[];
}
export const of = (f: Case['f'], ...inputs: Tensor[]): Case => ({ f, inputs });

/**
 * Numbers in [low, high], float64, at least `apart` from one another so that no step crosses a kink between them: the same
 * each time for one seed, whatever other tables of rows there are.
 */
export function numbersOf(seed: number): (shape: readonly number[], low?: number, high?: number) => Tensor {
  const generator = new Generator(seed);
  return (shape, low = -2, high = 2) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const spacing = (high - low) / size;
    const values = Array.from({ length: size }, (_, i) => low + (i + 0.2 + 0.6 * generator.uniform53()) * spacing);
    for (let i = size - 1; i > 0; i--) {
      const j = generator.below(i + 1);
      [values[i], values[j]] = [values[j], values[i]];
    }
    return tf.tensor(values, shape, 'float64');
  };
}
