/** @file The output shape of a computation, found by tracing it on no data. */
import { Trace } from '../tracing/trace.ts';
import type { DType } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';

function shapeOf(inputShape: readonly number[], dtype: DType, call: (inputs: Tensor) => Tensor): readonly number[] {
  const trace = new Trace();
  const inputs = trace.newValue({ dtype, shape: inputShape });
  return trace.run(() => call(inputs).shape);
}

/**
 * Two sizes to try in the place of an unknown one: of the batch small ones; of others sizes into which windows fit, and which
 * stay different where strides divide them.
 */
const trialSizes = (axis: number): readonly [number, number] => (axis === 0 ? [2, 3] : [64, 128]);

/** Output shape of `call`; sizes that follow an unknown size of the input are unknown. */
export function abstractOutputShape(
  inputShape: readonly (number | null)[],
  dtype: DType,
  call: (inputs: Tensor) => Tensor,
): (number | null)[] {
  const tried = (which: 0 | 1) => inputShape.map((dimension, axis) => dimension ?? trialSizes(axis)[which]);
  const small = shapeOf(tried(0), dtype, call);
  if (!inputShape.includes(null)) return [...small];
  const large = shapeOf(tried(1), dtype, call);
  return small.map((dimension, axis) => (dimension === large[axis] ? dimension : null));
}
