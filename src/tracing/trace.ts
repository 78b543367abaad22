/** @file A trace: runs a function on symbolic tensors and writes down the primitives it calls, as a graph. */
import {
  type Interpreter,
  baseInterpreter,
  currentInterpreter,
  withInterpreter,
  withObservers,
} from '../primitives/bind.ts';
import { hasEffects } from '../primitives/effects.ts';
import type { GraphNode, ValueId } from '../primitives/graph.ts';
import { infer } from '../primitives/infer.ts';
import type { AbstractValue, PrimitiveName, PrimitiveParams } from '../primitives/primitives.ts';
import type { TypedArray } from '../tensor/dtype.ts';
import { TraceError } from '../tensor/errors.ts';
import { IndexedSlices } from '../tensor/indexed-slices.ts';
import { keep } from '../tensor/memory.ts';
import type { Storage } from '../tensor/storage.ts';
import { formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import {
  type Variable,
  type VariableAccess,
  directAccess,
  withReadListeners,
  withVariableAccess,
} from '../tensor/variable.ts';

/** Stands for a value of a trace's graph. */
export class SymbolicTensor extends Tensor {
  readonly trace: Trace;
  readonly valueId: ValueId;

  constructor(trace: Trace, valueId: ValueId, { dtype, shape }: AbstractValue) {
    super(null, dtype, shape);
    this.trace = trace;
    this.valueId = valueId;
  }

  override get storage(): Storage {
    return this.trace.isOpen ? super.storage : leaked(this);
  }

  override alias(): Tensor {
    return this.trace.bind('stopGradient', [this], {})[0];
  }
}

/** An input that is made anew for each call: random numbers. */
export interface Feed extends AbstractValue {
  readonly valueId: ValueId;
  readonly produce: () => TypedArray;
}

/** Where each variable's value comes from and goes to. */
export interface VariableState {
  /** The graph input with its value before the call; null where the function writes before it reads. */
  input: ValueId | null;
  /** What reading it gives at this place of the trace. */
  current: Tensor;
  assigned: boolean;
}

/** The interpreter of a function that is being traced. */
export class Trace implements Interpreter, VariableAccess {
  readonly values: AbstractValue[] = [];
  readonly nodes: GraphNode[] = [];
  readonly constants = new Map<ValueId, Tensor>();
  readonly variables = new Map<Variable, VariableState>();
  readonly feeds: Feed[] = [];
  /** Values that variables were read as after they had been assigned: what a tape takes their gradients at. */
  readonly rereads = new Map<ValueId, Set<Variable>>();
  /** Whether the function made a variable. */
  makesVariables = false;
  private readonly constantIds = new Map<Tensor, ValueId>();
  isOpen = true;

  newValue({ dtype, shape }: AbstractValue): SymbolicTensor {
    this.values.push({ dtype, shape });
    return new SymbolicTensor(this, this.values.length - 1, { dtype, shape });
  }

  /** The graph's value for a tensor; a concrete one becomes a constant. */
  valueOf(tensor: Tensor): ValueId {
    if (tensor instanceof SymbolicTensor) {
      if (tensor.trace !== this || !this.isOpen) leaked(tensor);
      return tensor.valueId;
    }
    if (tensor instanceof IndexedSlices) return this.valueOf(tensor.toDense());
    if (tensor.isSymbolic) leaked(tensor);
    const known = this.constantIds.get(tensor);
    if (known !== undefined) return known;
    const { valueId } = this.newValue(tensor);
    // An alias: the graph needs the value for as long as it lives, whatever becomes of the tensor.
    this.constants.set(valueId, keep(tensor.alias()));
    this.constantIds.set(tensor, valueId);
    return valueId;
  }

  bind<P extends PrimitiveName>(primitive: P, inputs: readonly Tensor[], params: PrimitiveParams[P]): Tensor[] {
    // What depends on no symbolic value is the same at every call: it is computed now, and stands in the graph as a constant.
    // Effects are for every call to have.
    if (!inputs.some(isUnknown) && this.folds && !hasEffects({ primitive, params }))
      return baseInterpreter().bind(primitive, inputs, params);
    const inputIds = inputs.map((input) => this.valueOf(input));
    const outputs = infer(primitive, inputs, params).map((output) => this.newValue(output));
    this.nodes.push({ primitive, inputs: inputIds, params, outputs: outputs.map(({ valueId }) => valueId) });
    return outputs;
  }

  /** Whether what is the same at every call is computed while tracing. */
  protected get folds(): boolean {
    return true;
  }

  created(): void {
    this.makesVariables = true;
  }

  feed(value: AbstractValue, produce: () => TypedArray): Tensor {
    const tensor = this.newValue(value);
    this.feeds.push({ ...value, valueId: tensor.valueId, produce });
    return tensor;
  }

  read(variable: Variable): Tensor {
    let state = this.variables.get(variable);
    if (!state) {
      const current = this.newValue(variable);
      state = { input: current.valueId, current, assigned: false };
      this.variables.set(variable, state);
    } else if (state.assigned) this.noteReread(variable, this.valueOf(state.current));
    return state.current;
  }

  private noteReread(variable: Variable, value: ValueId): void {
    const variables = this.rereads.get(value) ?? new Set();
    this.rereads.set(value, variables.add(variable));
  }

  assign(variable: Variable, value: Tensor): void {
    // An identity of its own: no gradient flows through a variable to what was assigned to it. And a concrete value may
    // be gone when the trace ends: as a constant the graph holds it.
    const current =
      value instanceof SymbolicTensor ? value.alias() : new SymbolicTensor(this, this.valueOf(value), value);
    const state = this.variables.get(variable);
    if (state) {
      state.current = current;
      state.assigned = true;
    } else this.variables.set(variable, { input: null, current, assigned: true });
  }

  /** Runs `fn` under this trace; afterwards its symbolic tensors are void. */
  run<T>(fn: () => T): T {
    try {
      return withInterpreter(this, () => withVariableAccess(this, fn));
    } finally {
      this.isOpen = false;
    }
  }
}

function leaked(tensor: Tensor): never {
  throw new TraceError(
    `A ${tensor.dtype} ${formatShape(tensor.shape)} tensor from inside a tf.function was used outside of it, where it has no value; ` +
      `return it from the function, or assign it to a tf.variable there.`,
  );
}

/** Stands for values that are not known here: of a trace, or of a batch within one. */
const isUnknown = (tensor: Tensor): boolean => tensor instanceof SymbolicTensor || tensor.isSymbolic;

/** The innermost trace that operations go to, or null where they run at once. */
export function currentTrace(): Trace | null {
  let interpreter: Interpreter | undefined = currentInterpreter();
  while (interpreter !== undefined && !(interpreter instanceof Trace)) interpreter = interpreter.below;
  return interpreter ?? null;
}

/** Whether tensors may stand for values that are not known here: in a trace, or where a function runs for a whole batch. */
export const isAbstract = (): boolean => currentInterpreter() !== baseInterpreter();

/**
 * Runs `fn` outside of every trace and tape, as TensorFlow's `init_scope`: for state that must exist before a function is
 * traced, such as the weights of a layer that is built at its first call.
 */
export const initScope = <T>(fn: () => T): T =>
  withInterpreter(baseInterpreter(), () =>
    withVariableAccess(directAccess, () => withObservers([], () => withReadListeners([], fn))),
  );
