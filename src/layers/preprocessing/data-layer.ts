/** @file DataLayer: layers at the border of a model, which also take what is no tensor yet. */
import * as ops from '../../ops/index.ts';
import { TensorForm } from '../../symbolic/output-forms.ts';
import type { DType } from '../../tensor/dtype.ts';
import type { NestedValues } from '../../tensor/host.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type CallOptions, Layer, type TensorTree } from '../layer.ts';

/** Values as users have them: a number, a text, a typed array, or arrays of them nested at will. */
export type RawValues = NestedValues;

/** Whether arrays, all the way down, hold values and not tensors. */
export function isRaw(value: unknown): value is RawValues {
  let first: unknown = value;
  while (Array.isArray(first) && first.length > 0) first = first[0];
  return (
    Array.isArray(first) ||
    ArrayBuffer.isView(first) ||
    ['string', 'number', 'boolean', 'bigint'].includes(typeof first)
  );
}

/** Takes texts and numbers in arrays as well as tensors. */
export abstract class DataLayer extends Layer {
  override apply<O extends TensorTree = Tensor>(inputs: TensorTree | RawValues, options: CallOptions = {}): O {
    return super.apply<O>(isRaw(inputs) ? ops.tensor(inputs) : (inputs as TensorTree), options);
  }

  /** Of symbolic outputs of a shape that `computeOutputShape` knows: dtypes need not be traced. */
  protected formOf(shape: TensorForm['shape'], dtype: DType): TensorForm {
    return new TensorForm(dtype, shape);
  }
}
