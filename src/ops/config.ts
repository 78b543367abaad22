/** @file tf.config: how the runtime behaves as a whole. */
import { requireSeed } from './random.ts';

/**
 * Makes sure that the same program computes the same bits each time on the same machine.
 *
 * Operations of this runtime are deterministic anyway: an engine adds in one order. What is left are random numbers; so those
 * that nobody could have again, of a global generator without `tf.random.setSeed`, are refused from now on.
 *
 * @example
 * ```ts
 * tf.config.enableOpDeterminism();
 * tf.random.setSeed(1);
 * ```
 */
export function enableOpDeterminism(): void {
  requireSeed();
}
