/** @file How tensors are written as text. */
import { ArgumentError } from './errors.ts';

/** How tensors are written: numpy's print options. */
export interface PrintFormat {
  /** Significant digits of floats. Default 7. */
  readonly precision: number;
  /** Tensors of more elements are cut in the middle of their axes. Default 1000; Infinity writes all. */
  readonly threshold: number;
  /** How many elements stand at each end of an axis that is cut. Default 3. */
  readonly edgeItems: number;
}

const defaults: PrintFormat = { precision: 7, threshold: 1000, edgeItems: 3 };
const least: Readonly<Record<keyof PrintFormat, number>> = { precision: 1, threshold: 0, edgeItems: 1 };
let current = defaults;

/** How tensors are written now. */
export const printOptions = (): PrintFormat => current;

/**
 * Says how tensors are written from here on, by `String(x)`, `tf.print`, `x.print()` and in notebooks.
 *
 * @param options What is left out stays as it is; without an argument all of them have their defaults again.
 * @throws ArgumentError for numbers that mean nothing
 * @example
 * ```ts
 * tf.setPrintOptions({ precision: 3, threshold: Infinity });
 * tf.setPrintOptions();   // as at the beginning
 * ```
 */
export function setPrintOptions(options?: Partial<PrintFormat>): void {
  for (const [name, value] of Object.entries(options ?? {})) {
    if (!(name in defaults))
      throw new ArgumentError(`setPrintOptions: there is no ${name}; there are ${Object.keys(defaults).join(', ')}.`);
    const isWhole = Number.isInteger(value) || (name === 'threshold' && value === Infinity);
    const fits = isWhole && value >= least[name as keyof PrintFormat] && !(name === 'precision' && value > 100);
    if (!fits) throw new ArgumentError(`setPrintOptions: ${name} cannot be ${value}.`);
  }
  current = options ? { ...current, ...options } : defaults;
}
