/** @file What an operation gives for symbolic tensors: its results' dtypes and shapes, found by tracing it on no data. */
import { ComplexTensor } from '../tensor/complex.ts';
import type { DType } from '../tensor/dtype.ts';
import { ArgumentError, TraceError } from '../tensor/errors.ts';
import type { PartialShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { mapTree, treeLeaves } from '../tensor/tree.ts';
import { Trace } from '../tracing/trace.ts';
import { KerasTensor, kerasTensorsIn } from './keras-tensor.ts';

/** An operation or a layer that needs values was given symbolic tensors. */
export class ValuesNeededError extends ArgumentError {}

/** Dtype and shape of a tensor; null stands for a size that is not known. */
export class TensorForm {
  readonly dtype: DType;
  readonly shape: PartialShape;

  constructor(dtype: DType, shape: PartialShape) {
    this.dtype = dtype;
    this.shape = shape;
  }
}

/**
 * Two sizes to try in the place of an unknown one: of the batch small ones; of others sizes into which windows fit, and which
 * stay different where strides divide them.
 */
const trialSizes = (axis: number): readonly [number, number] => (axis === 0 ? [2, 3] : [64, 128]);

function standIn(trace: Trace, { dtype, shape }: TensorForm, trial: 0 | 1): Tensor {
  const sizes = shape.map((size, axis) => size ?? trialSizes(axis)[trial]);
  const part = (partDType: DType) => trace.newValue({ dtype: partDType, shape: sizes });
  return dtype === 'complex64' ? new ComplexTensor(part('float32'), part('float32')) : part(dtype);
}

const formOf = (tensor: KerasTensor | TensorForm): TensorForm =>
  tensor instanceof KerasTensor ? new TensorForm(tensor.dtype, tensor.partialShape) : tensor;

const isPlace = (leaf: unknown): leaf is KerasTensor | TensorForm =>
  leaf instanceof KerasTensor || leaf instanceof TensorForm;

/** The result for sizes of one trial, with a form in the place of each tensor. */
function formsInTrial(args: readonly unknown[], run: (args: readonly unknown[]) => unknown, trial: 0 | 1): unknown {
  const trace = new Trace();
  // One stand-in for each symbolic tensor: an operation may be given the same one twice.
  const made = new Map<unknown, Tensor>();
  const fill = (leaf: unknown): unknown => {
    if (!isPlace(leaf)) return leaf;
    const known = made.get(leaf) ?? standIn(trace, formOf(leaf), trial);
    made.set(leaf, known);
    return known;
  };
  return trace.run(() => {
    const result = run(args.map((arg) => mapTree(arg, fill)));
    return mapTree(result, (leaf) => (leaf instanceof Tensor ? new TensorForm(leaf.dtype, leaf.shape) : leaf));
  });
}

/**
 * What `run` gives for arguments with symbolic tensors (or forms) among them: its result with a form in the place of each tensor.
 * Sizes that follow an unknown size are unknown.
 *
 * @throws ValuesNeededError where the result depends on values.
 */
export function outputForms(
  name: string,
  args: readonly unknown[],
  run: (args: readonly unknown[]) => unknown,
): unknown {
  try {
    const first = formsInTrial(args, run, 0);
    const places = treeLeaves([...args]).filter(isPlace);
    if (!places.some((place) => formOf(place).shape.includes(null))) return first;
    const others = treeLeaves(formsInTrial(args, run, 1));
    let place = 0;
    return mapTree(first, (leaf) => {
      const other = others[place++];
      if (!(leaf instanceof TensorForm && other instanceof TensorForm)) return leaf;
      return new TensorForm(
        leaf.dtype,
        leaf.shape.map((size, axis) => (size === other.shape[axis] ? size : null)),
      );
    });
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    const tensors = kerasTensorsIn(args).map((tensor) => `'${tensor.name}'`);
    throw new ValuesNeededError(
      `${name} cannot be applied to the symbolic tensor${tensors.length > 1 ? 's' : ''} ${tensors.join(', ')}: its result depends on values, ` +
        `which a model has only when it runs (${error.message})`,
    );
  }
}
