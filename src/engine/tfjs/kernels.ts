/** @file Calls of TensorFlow.js's kernels by name, past its own engine: no tape, no scopes, memory counted by us. */
import type * as Core from '@tensorflow/tfjs-core';
import type { DataId, KernelBackend, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { EngineError } from '../../tensor/errors.ts';
import { FallbackLog } from '../fallbacks.ts';
import type { KernelName } from './kernel-names.ts';

/** The dtypes that backends compute in. */
export type BackendDType = 'float32' | 'int32' | 'bool';
export type BackendArray = Float32Array | Int32Array | Uint8Array;
/** The host array of each. */
export const backendArrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
export type Attributes = Readonly<Record<string, unknown>>;
type Inputs = Readonly<Record<string, TensorInfo>> | readonly TensorInfo[];

export interface NamedBackend {
  /** As which its kernels are registered. */
  readonly name: string;
  readonly backend: KernelBackend;
}

/**
 * Kernels of the wasm backend that take int32 and bool as they are, and keep NaN and infinities. With other integers they
 * compute in floats, or read their bits as such.
 */
const wasmIntegers: ReadonlySet<KernelName> = new Set<KernelName>([
  'Add',
  'Sub',
  'Multiply',
  'Reshape',
  'Identity',
  'Transpose',
  'Slice',
  'Concat',
]);
/** Kernels of the wasm backend that lose NaN, or digits. */
const wasmLossy: ReadonlySet<KernelName> = new Set<KernelName>([
  'Maximum',
  'Minimum',
  'Max',
  'Min',
  'ArgMax',
  'ArgMin',
]);

/** tfjs-node's backend, which runs TensorFlow's operations by name. */
interface NodeBackend extends KernelBackend {
  readonly binding: Readonly<Record<'TF_ATTR_TYPE' | 'TF_FLOAT' | 'TF_INT32', number>>;
  executeSingleOutput(name: string, attributes: readonly object[], inputs: readonly TensorInfo[]): TensorInfo;
}
const isNodeBackend = (backend: KernelBackend): backend is NodeBackend => 'executeSingleOutput' in backend;

/** The kernel of tfjs-node casts with TensorFlow.js's own operation, which takes nothing but its tensors. */
function powerOnNode(backend: NodeBackend, inputs: Inputs): TensorInfo {
  const { binding } = backend;
  const operands = Object.values(inputs);
  const value = operands[0].dtype === 'float32' ? binding.TF_FLOAT : binding.TF_INT32;
  return backend.executeSingleOutput('Pow', [{ name: 'T', type: binding.TF_ATTR_TYPE, value }], operands);
}

export class Kernels {
  readonly primary: NamedBackend;
  readonly log = new FallbackLog();
  private readonly core: typeof Core;
  private readonly second: NamedBackend | null;

  /** @param second Runs what the first one lacks: in JavaScript, on copies */
  constructor(core: typeof Core, primary: NamedBackend, second: NamedBackend | null) {
    this.core = core;
    this.primary = primary;
    this.second = second;
    // What TensorFlow.js's own engine does with a backend that it is given.
    for (const { setupFunc } of core.getKernelsForBackend(primary.name)) setupFunc?.(primary.backend);
  }

  write(values: BackendArray, shape: readonly number[], dtype: BackendDType): TensorInfo {
    const { backend } = this.primary;
    return { dataId: backend.write(values, [...shape], dtype), shape: [...shape], dtype };
  }

  readSync(dataId: DataId): BackendArray {
    return this.primary.backend.readSync(dataId) as BackendArray;
  }

  read(dataId: DataId): Promise<BackendArray> {
    return this.primary.backend.read(dataId) as Promise<BackendArray>;
  }

  dispose(dataId: DataId): void {
    this.primary.backend.disposeData(dataId);
  }

  run(name: KernelName, inputs: Inputs, attributes: Attributes): TensorInfo[] {
    const list = Object.values(inputs);
    if (!this.second || this.isOwn(name, list)) return this.call(this.primary, name, inputs, attributes);
    const { second } = this;
    this.log.add(name, [], `the ${this.primary.name} backend has no such kernel for these dtypes`);
    const copies = list.map((info) => {
      const values = this.readSync(info.dataId).slice();
      return { ...info, dataId: second.backend.write(values, info.shape, info.dtype) };
    });
    const keys = Object.keys(inputs);
    const given = Array.isArray(inputs) ? copies : Object.fromEntries(copies.map((copy, i) => [keys[i], copy]));
    const made = this.call(second, name, given, attributes);
    // A cast that loses nothing only calls the same numbers otherwise: the array may be of another kind than its dtype.
    const results = made.map(({ dataId, shape, dtype }) => {
      const values = second.backend.readSync(dataId) as BackendArray;
      return this.write(backendArrays[dtype as BackendDType].from(values), shape, dtype as BackendDType);
    });
    for (const { dataId } of [...copies, ...made]) second.backend.disposeData(dataId);
    return results;
  }

  private isOwn(name: KernelName, inputs: readonly TensorInfo[]): boolean {
    if (!this.core.getKernel(name, this.primary.name) || wasmLossy.has(name)) return false;
    return wasmIntegers.has(name) || inputs.every(({ dtype }) => dtype === 'float32');
  }

  private call(
    { name: backendName, backend }: NamedBackend,
    name: KernelName,
    inputs: Inputs,
    attributes: Attributes,
  ): TensorInfo[] {
    const kernel = this.core.getKernel(name, backendName);
    if (!kernel) throw new EngineError(`TensorFlow.js's ${backendName} backend has no kernel ${name}.`);
    const attrs = { ...attributes } as Core.NamedAttrMap;
    if (name === 'Pow' && isNodeBackend(backend)) return [powerOnNode(backend, inputs)];
    const made = kernel.kernelFunc({ inputs: inputs as NamedTensorInfoMap, backend, attrs });
    return Array.isArray(made) ? made : [made];
  }
}
