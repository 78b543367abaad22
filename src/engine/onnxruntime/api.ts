/**
 * @file The part of ONNX Runtime's C API that the engine uses, called through koffi. `OrtApi` is a table of function
 * pointers that only ever grows, so a function is named by its place in it (onnxruntime_c_api.h). Pointers travel as
 * numbers: user-space addresses have at most 48 bits (57 only on request), and numbers are cheaper than BigInts.
 */
import { availableParallelism } from 'node:os';
import type { KoffiFunc } from 'koffi';
import { EngineError } from '../../tensor/errors.ts';
import { type Koffi, loadKoffi } from './koffi.ts';
import { findLibrary } from './library.ts';
import { CStrings } from './pointers.ts';

/** An address in the memory of the process. */
export type Pointer = number;

/** The API version asked for: the newest function that the CPU needs came long before it. */
const apiVersion = 17;
const tableLength = 220;
/** What other devices need is younger: of older libraries they are refused. */
const deviceApiVersion = 30;
const deviceTableLength = 414;

/** What a native call may take: addresses and sizes as numbers, strings as NUL-terminated UTF-8. */
type Argument = number | string;
export type NativeFunction = (...args: Argument[]) => number;
type RunFunction = KoffiFunc<
  (...args: [Pointer, Pointer, Pointer, Pointer, number, Pointer, number, Pointer]) => Pointer
>;

/** Errors come as exceptions; on standard error they would be said twice, in red. */
const logSeverity = { fatal: 4 };
const optimisation = { basic: 1 };

export interface OrtApi {
  /** A tensor over memory that the caller keeps alive. `shape` points to `rank` int64s. */
  createTensor(data: Pointer, byteLength: number, shape: Pointer, rank: number, elementType: number): Pointer;
  releaseValue(value: Pointer): void;
  /** @param options of `createOptions`; left out, the session runs on the CPU */
  createSession(model: Uint8Array, options?: Pointer): Pointer;
  releaseSession(session: Pointer): void;
  /** Names and values are addresses of arrays of pointers. */
  run(
    session: Pointer,
    inputNames: Pointer,
    inputs: Pointer,
    inputCount: number,
    outputNames: Pointer,
    outputCount: number,
    outputs: Pointer,
  ): void;
  /** The same on another thread; everything pointed at must stay alive until the promise settles. */
  runAsync(
    session: Pointer,
    inputNames: Pointer,
    inputs: Pointer,
    inputCount: number,
    outputNames: Pointer,
    outputCount: number,
    outputs: Pointer,
  ): Promise<void>;
  addressOf(memory: ArrayBuffer): Pointer;
  /** Options of sessions on an execution provider. @throws EngineError where it finds no device, or not its libraries */
  createOptions(
    provider: string,
    settings: Readonly<Record<string, string>>,
    config: Readonly<Record<string, string>>,
  ): Pointer;
  /** Names of the execution providers that the library was built with: `CPUExecutionProvider`, ... */
  providers(): string[];
  /** What `device-api.ts` makes more functions of. @throws EngineError where the library is too old for them */
  deviceBinding(): NativeBinding;
  readonly version: string;
  readonly threads: number;
  /** Where the library lies. */
  readonly path: string;
}

/** Functions of the table by their place in it. */
export interface NativeBinding {
  readonly koffi: Koffi;
  readonly environment: Pointer;
  native(index: number, parameters: readonly string[], result?: string): NativeFunction;
  /** @throws EngineError with the message of a status that is none of success */
  check(status: Pointer): void;
  /** What a function with a result made, whose last argument is `resultAddress`. */
  made(status: Pointer): Pointer;
  readonly resultAddress: Pointer;
}

/** How many threads compute: TENSORCELL_NUM_THREADS, or every core. */
function threadCount(): number {
  const wanted = Number(process.env['TENSORCELL_NUM_THREADS']);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : availableParallelism();
}

/**
 * koffi unloads a library when its handle is collected, and functions decoded from the table do not hold it: letting go of
 * it is a call into unmapped memory some garbage collections later.
 */
const keptLibraries: unknown[] = [];

let loaded: OrtApi | null = null;

/** The library with its one environment and one global thread pool, loaded once. @throws EngineError */
export const loadApi = (): OrtApi => (loaded ??= load());

function load(): OrtApi {
  const path = findLibrary();
  const koffi = loadKoffi();
  let table: bigint[];
  let version: string;
  let apiOf: (wanted: number) => bigint | null;
  try {
    const library = koffi.load(path);
    keptLibraries.push(library);
    const base = library.func('OrtGetApiBase', 'void *', [])() as bigint;
    const [getApi, getVersion] = koffi.decode(base, koffi.array('void *', 2)) as bigint[];
    version = koffi.call(getVersion, koffi.proto('str', [])) as string;
    apiOf = (wanted) => koffi.call(getApi, koffi.proto('void *', ['uint32_t']), wanted) as bigint | null;
    const api = apiOf(apiVersion);
    if (!api) throw new Error(`version ${version} is too old; expected 1.${apiVersion} or later`);
    table = koffi.decode(api, koffi.array('void *', tableLength)) as bigint[];
  } catch (error) {
    throw new EngineError(
      `ONNX Runtime at ${path} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
    );
  }

  const native = <F = NativeFunction>(index: number, result: string, parameters: string[]): F =>
    koffi.decode(table[index], koffi.proto(result, parameters)) as F;

  const pointer = 'uint64_t';
  const getErrorMessage = native<(status: Pointer) => string>(2, 'str', [pointer]);
  const releaseStatus = native(93, 'void', [pointer]);
  const check = (status: Pointer): void => {
    if (status === 0) return;
    const message = getErrorMessage(status).trim();
    releaseStatus(status);
    throw new EngineError(indexProblem(message) ?? `ONNX Runtime: ${message}`);
  };

  const addressOf = (memory: ArrayBuffer): Pointer => Number(koffi.address(memory));
  /** Where a function leaves the pointer it makes. */
  const result = new BigUint64Array(1);
  const resultAddress = addressOf(result.buffer);
  const made = (status: Pointer): Pointer => {
    check(status);
    return Number(result[0]);
  };

  const createThreadingOptions = native(121, pointer, [pointer]);
  const setIntraOpThreads = native(147, pointer, [pointer, 'int']);
  const setInterOpThreads = native(148, pointer, [pointer, 'int']);
  const setSpinControl = native(149, pointer, [pointer, 'int']);
  const createEnvironment = native(119, pointer, ['int', 'str', pointer, pointer]);
  const createSessionOptions = native(10, pointer, [pointer]);
  const disablePerSessionThreads = native(120, pointer, [pointer]);
  const setOptimisation = native(23, pointer, [pointer, 'int']);
  const createCpuMemoryInfo = native(69, pointer, ['int', 'int', pointer]);

  const threads = threadCount();
  const threading = made(createThreadingOptions(resultAddress));
  check(setIntraOpThreads(threading, threads));
  check(setInterOpThreads(threading, 1));
  check(setSpinControl(threading, 1));
  const environment = made(createEnvironment(logSeverity.fatal, 'tensorcell', threading, resultAddress));
  const newOptions = (): Pointer => {
    const created = made(createSessionOptions(resultAddress));
    check(disablePerSessionThreads(created));
    check(setOptimisation(created, optimisation.basic));
    return created;
  };
  const options = newOptions();
  const cpu = made(createCpuMemoryInfo(1, 0, resultAddress));

  const createTensorWithData = native(49, pointer, [pointer, pointer, 'size_t', pointer, 'size_t', 'int', pointer]);
  const createSessionFromArray = native(8, pointer, [pointer, pointer, 'size_t', pointer, pointer]);
  const releaseValue = native(96, 'void', [pointer]);
  const releaseSession = native(95, 'void', [pointer]);
  const run = native<RunFunction>(9, pointer, [
    pointer,
    pointer,
    pointer,
    pointer,
    'size_t',
    pointer,
    'size_t',
    pointer,
  ]);

  return {
    version,
    threads,
    path,
    addressOf,
    createOptions: (provider, settings, config) => {
      const append = native(216, pointer, [pointer, 'str', pointer, pointer, 'size_t']);
      const addConfig = native(130, pointer, [pointer, 'str', 'str']);
      const created = newOptions();
      const keys = new CStrings(Object.keys(settings), addressOf);
      const values = new CStrings(Object.values(settings), addressOf);
      check(append(created, provider, keys.address, values.address, keys.count));
      for (const [key, value] of Object.entries(config)) check(addConfig(created, key, value));
      return created;
    },
    providers: () => {
      const count = new Int32Array(1);
      const list = made(native(125, pointer, [pointer, pointer])(resultAddress, addressOf(count.buffer)));
      return koffi.decode(BigInt(list), koffi.array('str', count[0])) as string[];
    },
    deviceBinding: () => {
      const api = apiOf(deviceApiVersion);
      if (!api)
        throw new EngineError(
          `ONNX Runtime ${version} at ${path} is too old for other devices than the CPU; expected 1.${deviceApiVersion} or later.`,
        );
      const wide = koffi.decode(api, koffi.array('void *', deviceTableLength)) as bigint[];
      return {
        koffi,
        environment,
        native: (index, parameters, type = pointer) =>
          koffi.decode(wide[index], koffi.proto(type, [...parameters])) as NativeFunction,
        check,
        made,
        resultAddress,
      };
    },
    createTensor: (data, byteLength, shape, rank, elementType) =>
      made(createTensorWithData(cpu, data, byteLength, shape, rank, elementType, resultAddress)),
    releaseValue: (value) => void releaseValue(value),
    createSession: (model, chosen = options) => {
      const start = addressOf(model.buffer as ArrayBuffer) + model.byteOffset;
      return made(createSessionFromArray(environment, start, model.byteLength, chosen, resultAddress));
    },
    releaseSession: (session) => void releaseSession(session),
    run: (session, inputNames, inputs, inputCount, outputNames, outputCount, outputs) =>
      check(run(session, 0, inputNames, inputs, inputCount, outputNames, outputCount, outputs)),
    runAsync: (session, inputNames, inputs, inputCount, outputNames, outputCount, outputs) =>
      new Promise((resolve, reject) => {
        run.async(
          session,
          0,
          inputNames,
          inputs,
          inputCount,
          outputNames,
          outputCount,
          outputs,
          (error: Error | null, status: Pointer) => {
            try {
              if (error) throw new EngineError(`ONNX Runtime: ${error.message}`);
              check(status);
              resolve();
            } catch (problem) {
              reject(problem as Error);
            }
          },
        );
      }),
  };
}

/** An index that is out of range, in words that name it; null where a message is of something else. */
function indexProblem(message: string): string | null {
  const found = /idx=(-?\d+) must be within the inclusive range \[-\d+,(-?\d+)\]/.exec(message);
  if (!found) return null;
  const [, index, last] = found;
  return `Index ${index} is out of range: what is looked up in has ${Number(last) + 1} rows, so indices go from 0 to ${last}; an embedding needs an inputDim above the largest index.`;
}
