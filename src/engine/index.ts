/** @file The current engine, and the interpreter that runs primitives on it at once. */
import { type DType, type TypedArray, allocateHostArray, bytesPerElement } from '../tensor/dtype.ts';
import { EngineError, ShapeError } from '../tensor/errors.ts';
import { type Shape, formatShape, shapesEqual, sizeOf } from '../tensor/shape.ts';
import { keep } from '../tensor/memory.ts';
import type { Storage } from '../tensor/storage.ts';
import { StringStorage } from '../tensor/string-storage.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type Interpreter, setBaseInterpreter } from '../primitives/bind.ts';
import { expand } from '../primitives/expand.ts';
import type { Graph } from '../primitives/graph.ts';
import { infer } from '../primitives/infer.ts';
import type {
  AbstractValue,
  CompiledPrimitive,
  DevicePrimitive,
  PrimitiveName,
  PrimitiveParams,
} from '../primitives/primitives.ts';
import { withoutEmpties } from './empties.ts';
import { DeviceGraphs } from './device-graphs.ts';
import { currentEngine, hasSeveralDevices, openEngines } from './devices.ts';
import type { CompiledGraph, Engine, EngineMemory, EngineValue } from './engine.ts';
import { type RegionRunner, isControlPrimitive, runControl } from './host/control.ts';
import { isHostPrimitive, runOnHost } from './host/index.ts';
import { PartitionedGraph, nestsOn, runsOn } from './host/partition.ts';
import { concernsStrings, runOnStrings } from './host/strings.ts';
import './complex.ts';
import { runOnCpu, withConstants, withOperands } from './placement.ts';
import { scalarMemory } from './scalars.ts';
import { compileWired } from './wired-graph.ts';

export type { CompiledGraph, Engine, EngineMemory, EngineValue, Fallback } from './engine.ts';
export {
  type DeviceInfo,
  chosenEngine,
  currentEngine,
  engineOf,
  listDevices,
  setDevice,
  withDevice,
} from './devices.ts';
export { copyTo, fallbacksOf } from './placement.ts';

/** What tensors hold in the engines now; nothing where none was needed so far. */
export function engineMemory(): EngineMemory {
  let [bytes, storages] = [0, 0];
  for (const engine of openEngines()) {
    const [held, own] = [engine.memory(), scalarMemory(engine)];
    bytes += held.bytes - own.bytes;
    storages += held.storages - own.storages;
  }
  return { bytes, storages };
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
  inputs: readonly EngineValue[],
  params: PrimitiveParams[P],
  outputs: readonly AbstractValue[],
): Storage[] {
  if (isHostPrimitive(primitive)) return runOnHost(engine, primitive, inputs, params, outputs);
  if (isControlPrimitive(primitive)) return runControl(runnerOf(engine), primitive, inputs, params, outputs);
  if (concernsStrings(primitive, inputs, outputs)) return runOnStrings(engine, primitive, inputs, params, outputs);
  const call = [primitive as DevicePrimitive, inputs, params as PrimitiveParams[DevicePrimitive], outputs] as const;
  const lack = engine.lacks?.(call[0], inputs, call[2], outputs);
  return lack === undefined ? engine.run(...call) : runOnCpu(engine, lack, ...call);
}

const runnerOf = (engine: Engine): RegionRunner => ({
  engine,
  compile: (graph) => compileFor(engine, graph),
  nests: (node) => nestsOn(engine, node),
});

/** A graph made ready for one engine; what it leaves to the host runs between parts that it compiles. */
function compileFor(engine: Engine, graph: Graph): CompiledGraph {
  /** Constants that are the compiled graph's own. */
  const made: Tensor[] = [];
  const constant = (storage: Storage, dtype: DType, shape: Shape): Tensor => {
    const tensor = keep(new Tensor(storage, dtype, shape));
    made.push(tensor);
    return tensor;
  };
  const placed = withoutEmpties(withConstants(engine, expand(graph), constant), (dtype, shape) =>
    constant(engine.upload(allocateHostArray(dtype, 0), dtype, shape), dtype, shape),
  );
  const compiled = compileWired(placed, (needed) =>
    needed.nodes.every((node) => runsOn(engine, needed, node))
      ? engine.compile(needed as Graph<CompiledPrimitive>)
      : new PartitionedGraph(runnerOf(engine), needed),
  );
  if (made.length === 0) return compiled;
  return {
    run: (inputs) => compiled.run(inputs),
    runAsync: (inputs) => compiled.runAsync(inputs),
    dispose: () => {
      compiled.dispose();
      for (const tensor of made) tensor.dispose();
    },
  };
}

/** A graph made ready for the device in use, whichever that is when it runs. */
export const compileGraph = (graph: Graph): CompiledGraph => new DeviceGraphs(graph, compileFor);

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
    const engine = currentEngine();
    const storages = hasSeveralDevices()
      ? withOperands(engine, inputs, (operands) => run(engine, primitive, operands, params, outputs))
      : run(engine, primitive, inputs, params, outputs);
    const tensors = new Array<Tensor>(storages.length);
    for (let i = 0; i < storages.length; i++) tensors[i] = new Tensor(storages[i], outputs[i].dtype, outputs[i].shape);
    return tensors;
  },
};

setBaseInterpreter(eager);
