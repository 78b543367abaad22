/** @file What variablesReference numbers stand for, and for how long. */
import type { Debugger, RemoteObject } from './inspector.ts';

/** A scope of a frame, as V8 has it. */
export interface FrameScope {
  readonly callFrameId: string;
  readonly type: Debugger.Scope['type'];
  readonly objectId: string;
}

/** A value that is no variable of the program's: what a function returns, the exception that stopped it, `this`. */
export interface ExtraVariable {
  readonly name: string;
  readonly value: RemoteObject;
  readonly evaluateName?: string;
}

/** The object that a getter is asked of, where the getter stands in a prototype. */
export interface Receiver {
  readonly objectId: string;
  readonly evaluateName?: string;
}

export type Reference =
  | { readonly kind: 'scopes'; readonly scopes: readonly FrameScope[]; readonly extras: readonly ExtraVariable[] }
  | { readonly kind: 'globals' }
  | {
      readonly kind: 'object';
      readonly objectId: string;
      readonly subtype?: string;
      readonly className?: string;
      /** Elements or entries. */
      readonly count?: number;
      readonly evaluateName?: string;
      readonly receiver?: Receiver;
    }
  /** A part of an object with many elements. */
  | {
      readonly kind: 'range';
      readonly of: Extract<Reference, { kind: 'object' }>;
      readonly start: number;
      readonly count: number;
    }
  /** A getter that was not asked yet. */
  | { readonly kind: 'getter'; readonly objectId: string; readonly name: string; readonly evaluateName?: string };

/** References of a group live and die together: those of one stop, those of one look at the variables. */
export class References {
  readonly #byNumber = new Map<number, { readonly reference: Reference; readonly group: string }>();
  #last = 0;

  add(reference: Reference, group: string): number {
    this.#byNumber.set(++this.#last, { reference, group });
    return this.#last;
  }

  get(number: number): { readonly reference: Reference; readonly group: string } | undefined {
    return this.#byNumber.get(number);
  }

  drop(group: string): void {
    for (const [number, entry] of this.#byNumber) if (entry.group === group) this.#byNumber.delete(number);
  }

  clear(): void {
    this.#byNumber.clear();
  }
}
