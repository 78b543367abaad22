/** @file Reading elements on the host, for operations whose result has a shape that hangs on them. */
import { toNumbers } from '../tensor/host.ts';
import { TraceError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** @throws TraceError inside a trace, where there are no values yet */
export function expectValues(x: Tensor, operation: string): void {
  if (x.isSymbolic)
    throw new TraceError(
      `${operation}: the shape of its result depends on the values of a ${x.dtype} ${formatShape(x.shape)} tensor, which a tf.function does not ` +
        `know while it is traced; call it outside of the function, or use an operation of fixed shape such as tf.where(condition, a, b).`,
    );
}

/** The elements as numbers. */
export function hostNumbers(x: Tensor, operation: string): ArrayLike<number> {
  expectValues(x, operation);
  return toNumbers(x.dataSync(), x.dtype);
}
/** The same without blocking the event loop. */
export async function hostNumbersAsync(x: Tensor, operation: string): Promise<ArrayLike<number>> {
  expectValues(x, operation);
  return toNumbers(await x.data(), x.dtype);
}

/** The elements as values that are equal where elements are: numbers, BigInt, text. */
export function hostElements(x: Tensor, operation: string): ArrayLike<unknown> {
  if (x.dtype === 'int64' || x.dtype === 'string') {
    expectValues(x, operation);
    return x.dataSync() as ArrayLike<unknown>;
  }
  return hostNumbers(x, operation);
}
