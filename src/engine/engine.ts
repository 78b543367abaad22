/** @file The interface between the house and what computes: one-op calls and whole graphs. */
import type { DType, TypedArray } from '../tensor/dtype.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Storage } from '../tensor/storage.ts';
import type { Graph, GraphNode } from '../primitives/graph.ts';
import type {
  AbstractValue,
  CompiledPrimitive,
  DevicePrimitive,
  NestedPrimitive,
  PrimitiveParams,
} from '../primitives/primitives.ts';

/** One operand: its memory with what is known of it. */
export interface EngineValue extends AbstractValue {
  readonly storage: Storage;
}

/** Runs primitives on one device. */
export interface Engine {
  /** `onnxruntime`, `tfjs`. */
  readonly name: string;
  /** The logical device: `cpu:0`, `webgpu:0`, `tfjs/wasm:0`, ... */
  readonly device: string;
  /** The memory of new elements. Takes `data` over without copying it where it can: the caller gives it away. */
  upload(data: TypedArray, dtype: DType, shape: Shape): Storage;
  /**
   * Why such a call cannot run here, in a few words; undefined where it can. What cannot run on a device runs on the CPU. An
   * engine without this method runs everything.
   */
  lacks?<P extends DevicePrimitive>(
    primitive: P,
    inputs: readonly AbstractValue[],
    params: PrimitiveParams[P],
    outputs: readonly AbstractValue[],
  ): string | undefined;
  /** Runs one primitive now. `outputs` is what its inference rule said. */
  run<P extends DevicePrimitive>(
    primitive: P,
    inputs: readonly EngineValue[],
    params: PrimitiveParams[P],
    outputs: readonly AbstractValue[],
  ): Storage[];
  /**
   * Whether `compile` takes such a node with its regions, which hold nothing but what this engine compiles. The host runs
   * the others, and all of them for an engine without this method.
   */
  nests?(node: GraphNode<NestedPrimitive>): boolean;
  compile(graph: Graph<CompiledPrimitive>): CompiledGraph;
  memory(): EngineMemory;
  /** What of calls that ran here was computed by the CPU all the same. */
  fallbacks?(): readonly Fallback[];
}

export interface EngineMemory {
  /** Bytes in storages that are alive. */
  readonly bytes: number;
  readonly storages: number;
}

/** A call that a device left to the CPU. */
export interface Fallback {
  /** The primitive, or where only a part of one was left to the CPU, the operator of the engine's library. */
  readonly operation: string;
  /** Of the operands, where known. */
  readonly dtypes: readonly DType[];
  readonly reason: string;
  /** How often: calls of a primitive, sessions with such an operator. */
  readonly count: number;
}

/** A graph made ready for one device. */
export interface CompiledGraph {
  /** Storages of the graph's inputs in, new storages of its outputs out; the caller owns one reference to each. */
  run(inputs: readonly Storage[]): Storage[];
  /** The same off the main thread: the event loop goes on meanwhile. */
  runAsync(inputs: readonly Storage[]): Promise<Storage[]>;
  dispose(): void;
}
