/**
 * @file The tfjs engine: kernels of one of TensorFlow.js's backends, one primitive after another. It has no float64 and no int64:
 * they are held, moved to the CPU engine for every operation, and refused where there is none. Narrow dtypes are computed in
 * float32 and int32, then rounded or wrapped around.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type DType, type TypedArray } from '../../tensor/dtype.ts';
import { EngineError } from '../../tensor/errors.ts';
import { type Shape, formatShape, sizeOf } from '../../tensor/shape.ts';
import type { Storage } from '../../tensor/storage.ts';
import type { Graph } from '../../primitives/graph.ts';
import type { AbstractValue, DevicePrimitive, PrimitiveParams } from '../../primitives/primitives.ts';
import type { CompiledGraph, Engine, EngineMemory, EngineValue, Fallback } from '../engine.ts';
import { ReplayedGraph } from '../replayed-graph.ts';
import type { Kernels } from './kernels.ts';
import { loweringOf } from './lowerings/index.ts';
import { Scope } from './scope.ts';
import { TfjsStorage, Usage, backendDType, fromBackend, toBackend } from './storage.ts';

/** Dtypes whose results have to be rounded, or wrapped around. */
const narrow: ReadonlySet<DType> = new Set<DType>(['float16', 'int8', 'int16', 'uint8']);

/** What a reduction or a product of nothing is. */
const ofNothing: { readonly [P in DevicePrimitive]?: number } = { prod: 1, max: -Infinity, min: Infinity };

export class TfjsEngine implements Engine {
  readonly name = 'tfjs';
  readonly device: string;
  private readonly kernels: Kernels;
  private readonly usage = new Usage();

  constructor(device: string, kernels: Kernels) {
    this.device = device;
    this.kernels = kernels;
  }

  upload(data: TypedArray, dtype: DType, shape: Shape): Storage {
    const held = backendDType[dtype];
    const place = held ? this.kernels.write(toBackend(data, dtype), shape, held) : data;
    return new TfjsStorage(this.kernels, this.usage, this.device, place, dtype, shape);
  }

  lacks<P extends DevicePrimitive>(
    primitive: P,
    inputs: readonly AbstractValue[],
    _params: PrimitiveParams[P],
    outputs: readonly AbstractValue[],
  ): string | undefined {
    const unknown = [...inputs, ...outputs].find(({ dtype }) => !backendDType[dtype]);
    if (unknown) return `TensorFlow.js has no ${unknown.dtype}`;
    return loweringOf(primitive) ? undefined : 'TensorFlow.js has no kernels for it';
  }

  run<P extends DevicePrimitive>(
    primitive: P,
    inputs: readonly EngineValue[],
    params: PrimitiveParams[P],
    outputs: readonly AbstractValue[],
  ): Storage[] {
    const lowering = loweringOf(primitive)!;
    const scope = new Scope(this.kernels);
    try {
      const operands = inputs.map(({ storage, shape }) => this.own(storage).infoOf(shape));
      const isEmpty = [...inputs, ...outputs].some(({ shape }) => sizeOf(shape) === 0);
      const made =
        isEmpty && !(primitive === 'concat' && sizeOf(outputs[0].shape) > 0)
          ? this.emptyResults(scope, primitive, params, outputs)
          : [lowering(scope, operands, { params, inputs, outputs })].flat();
      const rounded = made.map((info, i) => this.narrowed(scope, info, outputs[i]));
      return scope.finish(rounded).map((info, i) => {
        const { dtype, shape } = outputs[i];
        return new TfjsStorage(this.kernels, this.usage, this.device, info, dtype, shape);
      });
    } catch (error) {
      const given = inputs.map(({ dtype, shape }) => `${dtype} ${formatShape(shape)}`).join(', ');
      throw new EngineError(
        `${primitive} of ${given} failed on ${this.device}. ${error instanceof Error ? error.message : String(error)}`,
      );
    } finally {
      scope.release();
    }
  }

  compile(graph: Graph<DevicePrimitive>): CompiledGraph {
    return new ReplayedGraph(this, graph);
  }

  memory(): EngineMemory {
    return { bytes: this.usage.bytes, storages: this.usage.storages };
  }

  fallbacks(): readonly Fallback[] {
    return this.kernels.log.list();
  }

  private own(storage: Storage): TfjsStorage {
    if (storage instanceof TfjsStorage) return storage;
    throw new EngineError(
      `a tensor on ${storage.device} was given as it is; copy it with x.to('${this.device}') first`,
    );
  }

  /** Kernels disagree about tensors without elements, of which nothing has to be computed. */
  private emptyResults<P extends DevicePrimitive>(
    scope: Scope,
    primitive: P,
    params: PrimitiveParams[P],
    outputs: readonly AbstractValue[],
  ): TensorInfo[] {
    const value = primitive === 'pad' ? (params as PrimitiveParams['pad']).value : (ofNothing[primitive] ?? 0);
    return outputs.map(({ dtype, shape }) => scope.filled(backendDType[dtype]!, shape, value));
  }

  private narrowed(scope: Scope, info: TensorInfo, { dtype, shape }: AbstractValue): TensorInfo {
    if (!narrow.has(dtype)) return info;
    const values = fromBackend(this.kernels.readSync(info.dataId), dtype);
    return scope.constant(backendDType[dtype]!, shape, toBackend(values, dtype));
  }
}
