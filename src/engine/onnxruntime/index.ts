/** @file The onnxruntime engine: ONNX Runtime's C API on the CPU. */
import type { DType, TypedArray } from '../../tensor/dtype.ts';
import { EngineError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Storage } from '../../tensor/storage.ts';
import type { Graph } from '../../primitives/graph.ts';
import type { AbstractValue, DevicePrimitive, PrimitiveParams } from '../../primitives/primitives.ts';
import type { CompiledGraph, Engine, EngineMemory, EngineValue } from '../engine.ts';
import { loadApi } from './api.ts';
import { OnnxGraph } from './graph.ts';
import { Kernels } from './kernels.ts';
import { OrtStorage, TensorMemory } from './memory.ts';

/** What runs on this engine lies in its own memory. @throws EngineError for storages of another engine. */
export function ownStorage(storage: Storage): OrtStorage {
  if (storage instanceof OrtStorage) return storage;
  throw new EngineError(
    'A tensor of another engine was given to the onnxruntime engine; copy it with tf.tensor(await x.data(), x.shape, x.dtype).',
  );
}

export class OnnxRuntimeEngine implements Engine {
  readonly name = 'onnxruntime';
  readonly device = 'cpu';
  /** Version of the native library. */
  readonly version: string;
  readonly threads: number;
  private readonly api = loadApi();
  private readonly tensors = new TensorMemory(this.api);
  private readonly kernels = new Kernels(this.api);

  constructor() {
    this.version = this.api.version;
    this.threads = this.api.threads;
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

  compile(graph: Graph<DevicePrimitive>): CompiledGraph {
    return new OnnxGraph(this.api, this.tensors, graph);
  }

  memory(): EngineMemory {
    return this.tensors.statistics();
  }
}
