/** @file What lowerings are written in: kernels by name, with everything they make given back but the results. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Shape, shapesEqual, sizeOf } from '../../tensor/shape.ts';
import type { KernelName } from './kernel-names.ts';
import { type Attributes, type BackendDType, type Kernels, backendArrays } from './kernels.ts';

export class Scope {
  /** Whether numbers are JavaScript's, which lose the low bits of products beyond 2^53. */
  readonly multipliesInDoubles: boolean;
  private readonly kernels: Kernels;
  private readonly made: TensorInfo[] = [];

  constructor(kernels: Kernels) {
    this.kernels = kernels;
    this.multipliesInDoubles = kernels.primary.name === 'cpu';
  }

  all(name: KernelName, inputs: Parameters<Kernels['run']>[1], attributes: Attributes = {}): TensorInfo[] {
    const made = this.kernels.run(name, inputs, attributes);
    this.made.push(...made);
    return made;
  }

  one(name: KernelName, inputs: Parameters<Kernels['run']>[1], attributes: Attributes = {}): TensorInfo {
    return this.all(name, inputs, attributes)[0];
  }

  unary(name: KernelName, x: TensorInfo): TensorInfo {
    return this.one(name, { x });
  }

  binary(name: KernelName, a: TensorInfo, b: TensorInfo): TensorInfo {
    return this.one(name, { a, b });
  }

  constant(dtype: BackendDType, shape: Shape, values: ArrayLike<number>): TensorInfo {
    const info = this.kernels.write(backendArrays[dtype].from(values), shape, dtype);
    this.made.push(info);
    return info;
  }

  scalar(like: TensorInfo, value: number): TensorInfo {
    return this.constant(like.dtype as BackendDType, [], [value]);
  }

  filled(dtype: BackendDType, shape: Shape, value: number): TensorInfo {
    return this.constant(dtype, shape, new Float64Array(sizeOf(shape)).fill(value));
  }

  cast(x: TensorInfo, dtype: BackendDType): TensorInfo {
    return x.dtype === dtype ? x : this.one('Cast', { x }, { dtype });
  }

  reshape(x: TensorInfo, shape: Shape): TensorInfo {
    return shapesEqual(x.shape, shape) ? x : this.one('Reshape', { x }, { shape: [...shape] });
  }

  transpose(x: TensorInfo, perm: readonly number[]): TensorInfo {
    return perm.every((axis, i) => axis === i) ? x : this.one('Transpose', { x }, { perm: [...perm] });
  }

  /** `x` repeated until it has `shape`, to which it broadcasts. */
  broadcast(x: TensorInfo, shape: Shape): TensorInfo {
    if (shapesEqual(x.shape, shape)) return x;
    const full = [...new Array<number>(shape.length - x.shape.length).fill(1), ...x.shape];
    const reps = shape.map((dimension, axis) => (full[axis] === dimension ? 1 : dimension));
    return this.one('Tile', { x: this.reshape(x, full) }, { reps });
  }

  slice(x: TensorInfo, begin: Shape, size: Shape): TensorInfo {
    return shapesEqual(x.shape, size) ? x : this.one('Slice', { x }, { begin: [...begin], size: [...size] });
  }

  /** Elements begin, begin + stride, ... on each axis. */
  strided(x: TensorInfo, begin: Shape, size: Shape, strides: Shape): TensorInfo {
    if (strides.every((stride) => stride === 1)) return this.slice(x, begin, size);
    const end = begin.map((first, axis) => first + (size[axis] - 1) * strides[axis] + 1);
    const masks = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
    return this.one('StridedSlice', { x }, { begin: [...begin], end, strides: [...strides], ...masks });
  }

  pad(x: TensorInfo, paddings: readonly (readonly [number, number])[], value: number): TensorInfo {
    if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
    return this.one('PadV2', { x }, { paddings: paddings.map((pair) => [...pair]), constantValue: value });
  }

  /** The adjoint of `strided` in one respect: stride - 1 zeros between the elements of each axis. */
  spread(x: TensorInfo, strides: Shape): TensorInfo {
    let result = x;
    strides.forEach((stride, axis) => {
      if (stride === 1 || result.shape[axis] === 1) return;
      const { shape } = result;
      const [before, length, after] = [shape.slice(0, axis), shape[axis], shape.slice(axis + 1)];
      const split = this.reshape(result, [sizeOf(before), length, 1, sizeOf(after)]);
      const padded = this.pad(split, [[0, 0], [0, 0], [0, stride - 1], [0, 0]], 0); // prettier-ignore
      const joined = this.reshape(padded, [...before, length * stride, ...after]);
      const size = joined.shape.map((d, i) => (i === axis ? (length - 1) * stride + 1 : d));
      result = this.slice(joined, new Array<number>(size.length).fill(0), size);
    });
    return result;
  }

  concat(parts: readonly TensorInfo[], axis: number): TensorInfo {
    return parts.length === 1 ? parts[0] : this.one('Concat', parts, { axis });
  }

  select(condition: TensorInfo, t: TensorInfo, e: TensorInfo): TensorInfo {
    return this.one('Select', { condition, t, e });
  }

  /** Ends the scope: gives back what was made, but the results, of which each becomes a reference of its own. */
  finish(results: readonly TensorInfo[]): TensorInfo[] {
    const kept = results.map((info) => {
      const place = this.made.indexOf(info);
      // An operand that comes out unchanged is shared.
      if (place < 0) return this.kernels.run('Identity', { x: info }, {})[0];
      this.made.splice(place, 1);
      return info;
    });
    this.release();
    return kept;
  }

  release(): void {
    for (const { dataId } of this.made.splice(0)) this.kernels.dispose(dataId);
  }
}
