/** @file The output shape of a computation, found by tracing it on no data. */
import { Trace } from '../function/trace.ts';
import type { DType } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';

function shapeOf(inputShape: readonly number[], dtype: DType, call: (inputs: Tensor) => Tensor): readonly number[] {
  const trace = new Trace();
  const inputs = trace.newValue({ dtype, shape: inputShape });
  return trace.run(() => call(inputs).shape);
}

/** Output shape of `call`; sizes that follow an unknown size of the input are unknown. */
export function abstractOutputShape(
  inputShape: readonly (number | null)[],
  dtype: DType,
  call: (inputs: Tensor) => Tensor,
): (number | null)[] {
  const withSize = (size: number) => inputShape.map((dimension) => dimension ?? size);
  const small = shapeOf(withSize(2), dtype, call);
  if (!inputShape.includes(null)) return [...small];
  const large = shapeOf(withSize(3), dtype, call);
  return small.map((dimension, axis) => (dimension === large[axis] ? dimension : null));
}
