/** @file Values on the device that needs them: copies between devices, and calls that a device leaves to the CPU. */
import type { DType } from '../tensor/dtype.ts';
import { EngineError } from '../tensor/errors.ts';
import { withFinally } from '../tensor/finally.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Storage } from '../tensor/storage.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Graph } from '../primitives/graph.ts';
import type { AbstractValue, DevicePrimitive, PrimitiveParams } from '../primitives/primitives.ts';
import { cpuEngine } from './devices.ts';
import type { Engine, EngineValue } from './engine.ts';
import { FallbackLog } from './fallbacks.ts';

/** The same elements in memory of `engine`; the caller owns the reference. */
export function copyTo(engine: Engine, { storage, dtype, shape }: EngineValue): Storage {
  if (storage.device !== engine.device) return engine.upload(storage.readSync(), dtype, shape);
  storage.retain();
  return storage;
}

/** Whether the memory is where `engine` can use it. Strings stay on the host, whatever the device. */
export const isAt = (engine: Engine, { storage, dtype }: Pick<EngineValue, 'storage' | 'dtype'>): boolean =>
  storage.device === engine.device || dtype === 'string';

/** Operands on the device of `engine`: those that lie elsewhere are copied, as TensorFlow does. */
export function withOperands<R>(
  engine: Engine,
  values: readonly EngineValue[],
  use: (operands: readonly EngineValue[]) => R,
): R {
  if (values.every((value) => isAt(engine, value))) return use(values);
  const copies: Storage[] = [];
  const operands = values.map((value) => {
    if (isAt(engine, value)) return value;
    const storage = copyTo(engine, value);
    copies.push(storage);
    return { dtype: value.dtype, shape: value.shape, storage };
  });
  return withFinally(
    () => use(operands),
    () => copies.forEach((storage) => storage.release()),
  );
}

/** The graph with its constants on the device of `engine`. @param make a tensor of memory that it takes over */
export function withConstants(
  engine: Engine,
  graph: Graph,
  make: (storage: Storage, dtype: DType, shape: Shape) => Tensor,
): Graph {
  if ([...graph.constants.values()].every((tensor) => isAt(engine, tensor))) return graph;
  const constants = [...graph.constants].map(([id, tensor]) => {
    if (isAt(engine, tensor)) return [id, tensor] as const;
    return [id, make(copyTo(engine, tensor), tensor.dtype, tensor.shape)] as const;
  });
  return { ...graph, constants: new Map(constants) };
}

const logs = new WeakMap<Engine, FallbackLog>();

/** What `engine` left to the CPU since it was made. */
export const fallbacksOf = (engine: Engine): ReturnType<FallbackLog['list']> => [
  ...(logs.get(engine)?.list() ?? []),
  ...(engine.fallbacks?.() ?? []),
];

/** Runs on the CPU what a device has no kernel for, with a copy there and one back. @throws EngineError without a CPU engine */
export function runOnCpu<P extends DevicePrimitive>(
  engine: Engine,
  lacks: string,
  primitive: P,
  inputs: readonly EngineValue[],
  params: PrimitiveParams[P],
  outputs: readonly AbstractValue[],
): Storage[] {
  const dtypes = inputs.map(({ dtype }) => dtype);
  let cpu: Engine;
  try {
    cpu = cpuEngine();
  } catch (error) {
    throw new EngineError(
      `${primitive} of ${dtypes.join(', ')} cannot run on ${engine.device}: ${lacks}; and it cannot run on the CPU either. ` +
        (error instanceof Error ? error.message : String(error)),
    );
  }
  const log = logs.get(engine) ?? new FallbackLog();
  logs.set(engine, log.add(primitive, dtypes, lacks));
  const results = withOperands(cpu, inputs, (operands) => cpu.run(primitive, operands, params, outputs));
  return results.map((storage, i) => {
    const copy = copyTo(engine, { ...outputs[i], storage });
    storage.release();
    return copy;
  });
}
