/** @file What the numbers of update rules must be. */
import { ArgumentError } from '../tensor/errors.ts';

/** @throws ArgumentError unless each is at least 0 and below 1 */
export function checkShares(optimizer: string, shares: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(shares))
    if (!(value >= 0 && value < 1))
      throw new ArgumentError(`${optimizer}: expected ${name} in 0 <= ${name} < 1, got ${value}.`);
}

/** @throws ArgumentError unless each is at least 0 */
export function checkNotNegative(optimizer: string, numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers))
    if (!(value >= 0)) throw new ArgumentError(`${optimizer}: expected ${name} of at least 0, got ${value}.`);
}
