/** @file Variable: named state that training changes. */
import { ComplexTensor, partsOf } from './complex.ts';
import { DTypeError, DisposedError, ShapeError, TraceError } from './errors.ts';
import type { DType } from './dtype.ts';
import { type Shape, formatShape, shapesEqual } from './shape.ts';
import { keep } from './memory.ts';
import { afterTermination } from './termination.ts';
import type { Tensor } from './tensor.ts';

/** How reading and assigning are done: directly, or inside a trace as an input and an output of the graph. */
export interface VariableAccess {
  read(variable: Variable): Tensor;
  assign(variable: Variable, value: Tensor): void;
  /** A variable was made. */
  created?(): void;
}

/** Sees which variables are read: a gradient tape watches the trainable ones by itself. */
export type ReadListener = (variable: Variable, value: Tensor) => void;

/** @internal Outside of a trace. */
export const directAccess: VariableAccess = {
  // A reader has a tensor of its own: the next assignment gives back only the variable's.
  read(variable) {
    variable.expectAlive('read');
    return variable.value.alias();
  },
  assign: (variable, value) => variable.replaceValue(value),
};
let access = directAccess;
let listeners: readonly ReadListener[] = [];
afterTermination(() => {
  access = directAccess;
  listeners = [];
});

/** @internal */
export function withVariableAccess<T>(next: VariableAccess, fn: () => T): T {
  const before = access;
  access = next;
  try {
    return fn();
  } finally {
    access = before;
  }
}

/** @internal */
export function withReadListeners<T>(next: readonly ReadListener[], fn: () => T): T {
  const before = listeners;
  listeners = next;
  try {
    return fn();
  } finally {
    listeners = before;
  }
}
/** @internal */
export const currentReadListeners = (): readonly ReadListener[] => listeners;

/** @internal Tells tapes that `value` is what a variable holds. */
export function announceRead(variable: Variable, value: Tensor): void {
  for (const listener of listeners) listener(variable, value);
}

/** What floating variables are read as: inside a layer of mixed precision, tensors of its compute dtype. */
let autocast: ((value: Tensor) => Tensor) | null = null;
afterTermination(() => {
  autocast = null;
});

/** @internal Casts what is read of floating variables while `fn` runs; null ends that for what is inside. */
export function withAutocast<T>(cast: ((value: Tensor) => Tensor) | null, fn: () => T): T {
  const before = autocast;
  autocast = cast;
  try {
    return fn();
  } finally {
    autocast = before;
  }
}

let unnamed = 0;

/** Every variable that was neither disposed of nor collected; held weakly. */
const live = new Map<number, WeakRef<Variable>>();
const collected = new FinalizationRegistry<number>((key) => live.delete(key));
let made = 0;

/** @internal */
export const liveVariables = (): Variable[] => [...live.values()].flatMap((reference) => reference.deref() ?? []);

/** A tensor-shaped box whose value can be replaced by one of the same dtype and shape. */
export class Variable {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
  /** @internal Of a complex variable the two real ones that it is made of: all that tapes and traces know. */
  readonly parts: readonly [re: Variable, im: Variable] | null;
  /** @internal Of one of those the complex variable. */
  whole: Variable = this;
  /** What an optimizer makes of each new value: a projection onto the values that are allowed. */
  constraint: ((value: Tensor) => Tensor) | null = null;
  /** Whether layers of mixed precision read it in their compute dtype. */
  autocast = true;
  private isTrainable: boolean;
  /** Null where its parts hold the value. */
  private current: Tensor | null;

  constructor(initialValue: Tensor, options: { name?: string; trainable?: boolean } = {}) {
    if (initialValue.isSymbolic)
      throw new TraceError(
        `A variable cannot start from a value that is known only inside tf.function; create it outside, or in tf.initScope(() => ...).`,
      );
    live.set(++made, new WeakRef(this));
    collected.register(this, made);
    this.name = options.name ?? `Variable_${++unnamed}`;
    this.isTrainable = options.trainable ?? true;
    this.dtype = initialValue.dtype;
    this.shape = initialValue.shape;
    if (initialValue instanceof ComplexTensor) {
      this.current = null;
      this.parts = [this.makePart(initialValue.re, 'real'), this.makePart(initialValue.im, 'imag')];
    } else {
      this.parts = null;
      this.current = keep(initialValue.alias());
      access.created?.();
    }
  }

  private makePart(value: Tensor, name: string): Variable {
    const part = new Variable(value, { name: `${this.name}/${name}`, trainable: this.isTrainable });
    part.whole = this;
    return part;
  }

  /** Whether a gradient tape watches it by itself and optimizers change it. */
  get trainable(): boolean {
    return this.isTrainable;
  }

  set trainable(value: boolean) {
    this.isTrainable = value;
    for (const part of this.parts ?? []) part.trainable = value;
  }

  /** The tensor held now, past any trace or tape. @internal */
  get value(): Tensor {
    return this.parts ? new ComplexTensor(this.parts[0].value, this.parts[1].value) : (this.current as Tensor);
  }

  get isDisposed(): boolean {
    return this.value.isDisposed;
  }

  /** @internal @throws DisposedError */
  expectAlive(what: string): void {
    if (this.isDisposed)
      throw new DisposedError(
        `Variable ${this.name} (${this.dtype} ${formatShape(this.shape)}) was disposed and cannot be ${what}; make a new one.`,
      );
  }

  get rank(): number {
    return this.shape.length;
  }

  /** The value as operations see it: taped, and symbolic inside a trace. */
  read(): Tensor {
    if (this.parts) return new ComplexTensor(this.parts[0].read(), this.parts[1].read());
    const value = access.read(this);
    announceRead(this, value);
    return autocast !== null && this.autocast ? autocast(value) : value;
  }

  /** Replaces the value. @throws ShapeError, DTypeError, DisposedError */
  assign(value: Tensor): this {
    this.expectAlive('assigned');
    if (value.dtype !== this.dtype)
      throw new DTypeError(`Variable ${this.name} holds ${this.dtype}; cannot assign ${value.dtype}. Cast it first.`);
    if (!shapesEqual(value.shape, this.shape))
      throw new ShapeError(
        `Variable ${this.name} has shape ${formatShape(this.shape)}; cannot assign a value of shape ${formatShape(value.shape)}.`,
      );
    if (access === directAccess && value.isSymbolic)
      throw new TraceError(
        `Variable ${this.name} cannot be assigned what differs between the elements of tf.vectorizedMap; return it from the function.`,
      );
    if (this.parts) partsOf(value).forEach((part, i) => this.parts?.[i].assign(part));
    else access.assign(this, value);
    return this;
  }

  /** @internal The assignment itself, outside of a trace; of one that was disposed of meanwhile, nothing. */
  replaceValue(value: Tensor): void {
    this.adoptValue(value.alias());
  }

  /** @internal The same with a tensor that is nobody else's. */
  adoptValue(value: Tensor): void {
    const old = this.value;
    const isDisposed = old.isDisposed;
    if (!isDisposed) this.current = keep(value);
    (isDisposed ? value : old).dispose();
  }

  dispose(): void {
    this.value.dispose();
  }
}
