/** @file The onnxruntime engine: ONNX Runtime's C API, on one of its devices. */
import type { DType, TypedArray } from '../../tensor/dtype.ts';
import { EngineError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Storage } from '../../tensor/storage.ts';
import type { Graph, GraphNode } from '../../primitives/graph.ts';
import type {
  AbstractValue,
  CompiledPrimitive,
  DevicePrimitive,
  NestedPrimitive,
  PrimitiveParams,
} from '../../primitives/primitives.ts';
import type { CompiledGraph, Engine, EngineMemory, EngineValue, Fallback } from '../engine.ts';
import type { FallbackLog } from '../fallbacks.ts';
import { OnnxGraph } from './graph.ts';
import { Kernels } from './kernels.ts';
import { lackOf } from './lacks.ts';
import { OrtStorage, type TensorMemory } from './memory.ts';
import type { Runtime } from './runtime.ts';

/** What runs on this engine lies in its own memory. @throws EngineError for storages of another engine. */
export function ownStorage(storage: Storage): OrtStorage {
  if (storage instanceof OrtStorage) return storage;
  throw new EngineError(
    `A tensor on ${storage.device} was given to the onnxruntime engine as it is; copy it with x.to('cpu') first.`,
  );
}

/** So many turns run without a chance to interrupt them. */
const mostTurns = 4096;

/** ONNX Runtime on one device. */
export class OnnxRuntimeEngine implements Engine {
  readonly name = 'onnxruntime';
  readonly device: string;
  /** Version of the native library. */
  readonly version: string;
  readonly threads: number;
  private readonly runtime: Runtime;
  private readonly tensors: TensorMemory;
  private readonly kernels: Kernels;
  private readonly log: FallbackLog;
  private float16: boolean | undefined;

  constructor(runtime: Runtime, log: FallbackLog) {
    this.runtime = runtime;
    this.tensors = runtime.memory;
    this.device = runtime.memory.device;
    this.version = runtime.api.version;
    this.threads = runtime.api.threads;
    this.kernels = new Kernels(runtime);
    this.log = log;
  }

  lacks<P extends DevicePrimitive>(
    primitive: P,
    inputs: readonly AbstractValue[],
    _params: PrimitiveParams[P],
    outputs: readonly AbstractValue[],
  ): string | undefined {
    const { provider } = this.runtime;
    // Nothing is allocated for the CPU, which lacks nothing.
    if (provider === 'cpu') return undefined;
    return lackOf(provider, primitive, [...inputs, ...outputs], () => (this.float16 ??= this.castsFloat16()));
  }

  fallbacks(): readonly Fallback[] {
    return this.log.list();
  }

  upload(data: TypedArray, dtype: DType): Storage {
    return this.tensors.adopt(data, dtype);
  }

  run<P extends DevicePrimitive>(
    primitive: P,
    inputs: readonly EngineValue[],
    params: PrimitiveParams[P],
    outputs: readonly AbstractValue[],
  ): Storage[] {
    const session = this.kernels.prepare(primitive, inputs, params, outputs);
    // Owned until the call ends, so that nothing can collect or reuse their memory before.
    const operands = inputs.map(({ storage }) => ownStorage(storage));
    for (let i = 0; i < operands.length; i++) {
      operands[i].retain();
      session.setInput(i, operands[i].valueOf(inputs[i].shape));
    }
    const results: OrtStorage[] = [];
    try {
      for (let i = 0; i < outputs.length; i++) {
        const { dtype, shape } = outputs[i];
        const storage = this.tensors.allocate(dtype, shape);
        results.push(storage);
        session.setOutput(i, storage.valueOf(shape));
      }
      session.run();
    } catch (error) {
      for (const storage of results) storage.release();
      const given = inputs.map(({ dtype, shape }) => `${dtype} ${formatShape(shape)}`).join(', ');
      throw new EngineError(
        `${primitive} of ${given} failed. ${error instanceof Error ? error.message : String(error)}`,
      );
    } finally {
      for (const operand of operands) operand.release();
      this.tensors.sweep();
    }
    return results;
  }

  /**
   * On the CPU branches and loops run within the session: with small bodies that takes a fifth of the host's time, with large ones
   * as long. Nothing can interrupt them there, so a loop without a known, moderate number of turns is the host's.
   */
  nests({ primitive, params }: GraphNode<NestedPrimitive>): boolean {
    if (this.runtime.provider !== 'cpu') return false;
    if (primitive === 'scan') {
      const { length } = params as PrimitiveParams['scan'];
      return length > 0 && length <= mostTurns;
    }
    return primitive === 'branch' || (params as PrimitiveParams['whileLoop']).atMost !== undefined;
  }

  compile(graph: Graph<CompiledPrimitive>): CompiledGraph {
    return new OnnxGraph(this.runtime, graph);
  }

  memory(): EngineMemory {
    return this.tensors.statistics();
  }

  /** Whether the device has numbers of 16 bits: the first one that is tried tells. */
  private castsFloat16(): boolean {
    const [half, single] = (['float16', 'float32'] as const).map((dtype) => ({ dtype, shape: [1] }));
    const storage = this.upload(new Uint16Array(1), 'float16');
    try {
      this.run('cast', [{ ...half, storage }], { dtype: 'float32' }, [single])[0].release();
      return true;
    } catch {
      return false;
    } finally {
      storage.release();
    }
  }
}
