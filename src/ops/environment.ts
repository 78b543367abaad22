/** @file TensorFlow.js' functions about the environment: frames, debug mode, flags. */
import { ArgumentError, EngineError } from '../tensor/errors.ts';
import { isFloating } from '../tensor/dtype.ts';
import { toNumbers } from '../tensor/host.ts';
import { formatShape } from '../tensor/shape.ts';
import { ComplexTensor } from '../tensor/complex.ts';
import { type KernelWatcher, watchKernels } from './kernel-watch.ts';

/** Resolves in the next turn of the event loop: long work awaits it so that output, widgets and interrupts come through. */
export const nextFrame = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const reportKernel: KernelWatcher = (primitive, _inputs, outputs, milliseconds) => {
  for (const output of outputs) {
    if (output instanceof ComplexTensor || output.isSymbolic) continue;
    const { dtype, shape, size } = output;
    console.log(`${primitive}  ${milliseconds.toFixed(3)} ms  ${dtype} ${formatShape(shape)}  ${size} elements`);
    if (isFloating(dtype) && Array.prototype.some.call(toNumbers(output.dataSync(), dtype), Number.isNaN))
      throw new EngineError(
        `${primitive}: a result of ${dtype} ${formatShape(shape)} has NaN in it; tf.debugging and smaller steps help to find why.`,
      );
  }
};
let stopReports: (() => void) | null = null;

function setDebugMode(on: boolean): void {
  if (on) stopReports ??= watchKernels(reportKernel, { survivesInterrupts: true });
  else {
    stopReports?.();
    stopReports = null;
  }
}

/**
 * Debug mode: each kernel that runs at once is written to the console with its time and the shape of its result, and NaN in a
 * result is an error that names the kernel. Slow, as each result is read. `tf.env().set('DEBUG', false)` ends it.
 *
 * @throws EngineError, from then on, at the operation that gave NaN
 */
export const enableDebugMode = (): void => setDebugMode(true);

/** Ends debug mode; nothing else is slower than it needs to be. */
export const enableProdMode = (): void => setDebugMode(false);

/** Does nothing: there are no deprecated functions that warn. Programs written for TensorFlow.js call it. */
export const disableDeprecationWarnings = (): void => undefined;

/** What a flag is now, and what setting it does; without `write` it cannot be set. */
interface Flag {
  read(): boolean;
  write?(value: boolean): void;
}
const always = (value: boolean): Flag => ({ read: () => value });
const flags: Readonly<Record<string, Flag>> = {
  DEBUG: { read: () => stopReports !== null, write: setDebugMode },
  PROD: { read: () => stopReports === null, write: (value) => setDebugMode(!value) },
  IS_NODE: always(true),
  IS_BROWSER: always(false),
  IS_CHROME: always(false),
  IS_SAFARI: always(false),
  DEPRECATION_WARNINGS_ENABLED: always(false),
  CHECK_COMPUTATION_FOR_ERRORS: always(true),
};

function flagOf(name: string): Flag {
  if (Object.hasOwn(flags, name)) return flags[name];
  const hint = /^(WEBGL|WEBGPU|WASM|CPU)_/.test(name)
    ? 'flags of the backends of TensorFlow.js mean nothing here; tf.setDevice and the environment variables of TensorCell choose how to compute.'
    : `there are ${Object.keys(flags).join(', ')}.`;
  throw new ArgumentError(`env: there is no flag ${name}: ${hint}`);
}

/** TensorFlow.js' flags: what they are, and which can be set. */
export interface Environment {
  /** What a flag is. @throws ArgumentError where there is no such flag */
  get(name: string): boolean;
  /** As `get`. */
  getBool(name: string): boolean;
  /** Sets DEBUG or PROD. @throws ArgumentError for flags that cannot be set, or that there are not */
  set(name: string, value: boolean): void;
  /** All of them. */
  getFlags(): Record<string, boolean>;
}

const environment: Environment = {
  get: (name) => flagOf(name).read(),
  getBool: (name) => flagOf(name).read(),
  set(name, value) {
    const flag = flagOf(name);
    if (flag.write) flag.write(value);
    else if (flag.read() !== value)
      throw new ArgumentError(`env: ${name} is ${flag.read()} here and cannot be set to ${value}.`);
  },
  getFlags: () => Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, flag.read()])),
};

/** The flags of TensorFlow.js that mean something here. @example `tf.env().set('DEBUG', true)` */
export const env = (): Environment => environment;
