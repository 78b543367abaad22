/** @file The one door every primitive goes through: evaluated eagerly or traced, and seen by the tapes that are open. */
import { IndexedSlices, dense, setDensify } from '../tensor/indexed-slices.ts';
import { afterTermination } from '../tensor/termination.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { PrimitiveName, PrimitiveParams } from './primitives.ts';

/** Turns a primitive into tensors: the eager engine, or a trace. */
export interface Interpreter {
  bind<P extends PrimitiveName>(primitive: P, inputs: readonly Tensor[], params: PrimitiveParams[P]): Tensor[];
  /** The interpreter that this one passes its work on to, where it does. */
  readonly below?: Interpreter;
}

/** Sees every primitive after it was interpreted: a gradient tape. */
export interface Observer {
  observe<P extends PrimitiveName>(
    primitive: P,
    inputs: readonly Tensor[],
    params: PrimitiveParams[P],
    outputs: readonly Tensor[],
  ): void;
  /** It knows primitives alone: what tapes are otherwise told directly must be one. */
  readonly seesPrimitivesOnly?: boolean;
}

const interpreters: Interpreter[] = [];
let observers: readonly Observer[] = [];
afterTermination(() => {
  interpreters.length = Math.min(1, interpreters.length);
  observers = [];
});

/** @internal Sets the interpreter that is used where no trace is open: the eager engine does so when it is loaded. */
export function setBaseInterpreter(interpreter: Interpreter): void {
  interpreters[0] = interpreter;
}

type Apply = <P extends PrimitiveName>(primitive: P, inputs: readonly Tensor[], params: PrimitiveParams[P]) => Tensor[];
let complexArithmetic: Apply | undefined;

/** @internal Sets what writes primitives of complex numbers in primitives of real ones. */
export function setComplexArithmetic(apply: Apply): void {
  complexArithmetic = apply;
}

/** Whether complex numbers go in or come out. */
function isComplex(primitive: PrimitiveName, inputs: readonly Tensor[], params: object): boolean {
  for (let i = 0; i < inputs.length; i++) if (inputs[i].dtype === 'complex64') return true;
  return primitive === 'cast' && (params as PrimitiveParams['cast']).dtype === 'complex64';
}

/** Applies a primitive. Shapes and dtypes are checked by the primitive's inference rule, in the user's words. */
export function bind<P extends PrimitiveName>(
  primitive: P,
  inputs: readonly Tensor[],
  params: PrimitiveParams[P],
): Tensor[] {
  for (let i = 0; i < inputs.length; i++)
    if (inputs[i] instanceof IndexedSlices) return bind(primitive, inputs.map(dense), params);
  if (complexArithmetic !== undefined && isComplex(primitive, inputs, params))
    return complexArithmetic(primitive, inputs, params);
  const outputs = interpreters[interpreters.length - 1].bind(primitive, inputs, params);
  for (const observer of observers) observer.observe(primitive, inputs, params, outputs);
  return outputs;
}

setDensify(
  ({ values, indices, denseShape }) => bind('scatterAdd', [values, indices], { axis: 0, size: denseShape[0] })[0],
);

/** Runs `fn` with another interpreter on top: a trace, or the eager one again inside a trace. */
export function withInterpreter<T>(interpreter: Interpreter, fn: () => T): T {
  interpreters.push(interpreter);
  try {
    return fn();
  } finally {
    interpreters.pop();
  }
}

export const currentInterpreter = (): Interpreter => interpreters[interpreters.length - 1];
export const baseInterpreter = (): Interpreter => interpreters[0];

/** Runs `fn` with exactly these observers: how a tape starts, stops, and leaves itself out of its own backward pass. */
export function withObservers<T>(next: readonly Observer[], fn: () => T): T {
  const before = observers;
  observers = next;
  try {
    return fn();
  } finally {
    observers = before;
  }
}

export const currentObservers = (): readonly Observer[] => observers;
