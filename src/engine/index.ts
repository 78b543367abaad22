/** @file The current engine, and the interpreter that runs primitives on it at once. */
import { type DType, type TypedArray, bytesPerElement } from '../tensor/dtype.ts';
import { EngineError, ShapeError } from '../tensor/errors.ts';
import { type Shape, formatShape, shapesEqual, sizeOf } from '../tensor/shape.ts';
import type { Storage } from '../tensor/storage.ts';
import { StringStorage } from '../tensor/string-storage.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type Interpreter, setBaseInterpreter } from '../primitives/bind.ts';
import { expand } from '../primitives/expand.ts';
import type { Graph } from '../primitives/graph.ts';
import { infer } from '../primitives/infer.ts';
import type { AbstractValue, DevicePrimitive, PrimitiveName, PrimitiveParams } from '../primitives/primitives.ts';
import type { CompiledGraph, Engine, EngineMemory } from './engine.ts';
import { isControlPrimitive, runControl } from './host/control.ts';
import { isDeviceNode, isHostPrimitive, runOnHost } from './host/index.ts';
import { PartitionedGraph } from './host/partition.ts';
import { concernsStrings, runOnStrings } from './host/strings.ts';
import './complex.ts';
import { OnnxRuntimeEngine } from './onnxruntime/index.ts';
import { scalarMemory } from './scalars.ts';
import { compileWired } from './wired-graph.ts';

export type { CompiledGraph, Engine, EngineMemory, EngineValue } from './engine.ts';

let current: Engine | null = null;

/** The engine in use; its native library is loaded when it is first asked for. @throws EngineError where that fails. */
export const currentEngine = (): Engine => (current ??= new OnnxRuntimeEngine());

/** Replaces the engine. Tensors made before stay on theirs. */
export function setEngine(engine: Engine): void {
  current = engine;
}

/** What the engine holds now; nothing where none was needed so far. */
export function engineMemory(): EngineMemory {
  if (!current) return { bytes: 0, storages: 0 };
  const [{ bytes, storages }, own] = [current.memory(), scalarMemory(current)];
  return { bytes: bytes - own.bytes, storages: storages - own.storages };
}

function expectCount(count: number, shape: Shape): void {
  if (count !== sizeOf(shape))
    throw new ShapeError(
      `A tensor of shape ${formatShape(shape)} has ${sizeOf(shape)} elements, but ${count} values were given.`,
    );
}

/**
 * A tensor of host data. The array is given away: the engine may compute in its memory.
 * @throws ShapeError where the number of elements does not fit.
 */
export function fromHost(data: TypedArray, dtype: DType, shape: Shape): Tensor {
  expectCount(data.length, shape);
  if (data.BYTES_PER_ELEMENT !== bytesPerElement(dtype))
    throw new EngineError(
      `A ${dtype} tensor has ${bytesPerElement(dtype)} bytes an element, but the host array has ${data.BYTES_PER_ELEMENT}.`,
    );
  return new Tensor(currentEngine().upload(data, dtype, shape), dtype, shape);
}

/** A tensor of byte strings, which it takes over. @throws ShapeError where their number does not fit. */
export function fromStrings(elements: readonly Uint8Array[], shape: Shape): Tensor {
  expectCount(elements.length, shape);
  return new Tensor(new StringStorage(elements), 'string', shape);
}

/** Primitives that may leave every element where it is, and when they do: the outcome then shares its input's memory. */
const movesNothing: {
  readonly [P in PrimitiveName]?: (x: AbstractValue, output: AbstractValue, params: PrimitiveParams[P]) => boolean;
} = {
  reshape: () => true,
  stopGradient: () => true,
  customGradient: () => true,
  cast: (x, output) => x.dtype === output.dtype,
  broadcastTo: (x, output) => sizeOf(x.shape) === sizeOf(output.shape),
  slice: (x, output) => shapesEqual(x.shape, output.shape),
  transpose: (x, _, { permutation }) => {
    const moved = permutation.filter((axis) => x.shape[axis] !== 1);
    return moved.every((axis, i) => i === 0 || axis > moved[i - 1]);
  },
};

/** Runs one primitive, wherever it runs. */
function run<P extends PrimitiveName>(
  engine: Engine,
  primitive: P,
  inputs: readonly Tensor[],
  params: PrimitiveParams[P],
  outputs: readonly AbstractValue[],
): Storage[] {
  if (isHostPrimitive(primitive)) return runOnHost(engine, primitive, inputs, params, outputs);
  if (isControlPrimitive(primitive))
    return runControl({ engine, compile: compileGraph }, primitive, inputs, params, outputs);
  if (concernsStrings(primitive, inputs, outputs)) return runOnStrings(engine, primitive, inputs, params, outputs);
  return engine.run(primitive as DevicePrimitive, inputs, params as PrimitiveParams[DevicePrimitive], outputs);
}

/** A graph made ready for the current engine; what it leaves to the host runs between parts that it compiles. */
export function compileGraph(graph: Graph): CompiledGraph {
  const engine = currentEngine();
  return compileWired(expand(graph), (needed) =>
    needed.nodes.every((node) => isDeviceNode(node, needed.values))
      ? engine.compile(needed as Graph<DevicePrimitive>)
      : new PartitionedGraph({ engine, compile: compileGraph }, needed),
  );
}

/** Runs every primitive at once on the current engine. */
const eager: Interpreter = {
  bind<P extends PrimitiveName>(primitive: P, inputs: readonly Tensor[], params: PrimitiveParams[P]): Tensor[] {
    const outputs = infer(primitive, inputs, params);
    const staysInPlace: ((x: AbstractValue, output: AbstractValue, params: PrimitiveParams[P]) => boolean) | undefined =
      movesNothing[primitive];
    if (staysInPlace?.(inputs[0], outputs[0], params)) {
      const { storage } = inputs[0];
      storage.retain();
      return [new Tensor(storage, outputs[0].dtype, outputs[0].shape)];
    }
    const storages = run(currentEngine(), primitive, inputs, params, outputs);
    const tensors = new Array<Tensor>(storages.length);
    for (let i = 0; i < storages.length; i++) tensors[i] = new Tensor(storages[i], outputs[i].dtype, outputs[i].shape);
    return tensors;
  },
};

setBaseInterpreter(eager);
