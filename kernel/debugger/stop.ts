/** @file The main thread stands still: its frames in the user's own lines, and the scopes of each. */
import type { Scope, StackFrame } from './dap.ts';
import type { Debugger, RemoteObject } from './inspector.ts';
import type { ExtraVariable, FrameScope, References } from './references.ts';
import { type Position, type Script, type Scripts, sourceOf } from './scripts.ts';
import type { Motion } from './stepping.ts';
import { textOf } from './value-text.ts';

export interface Frame {
  readonly callFrame: Debugger.CallFrame;
  /** Absent where the code is Node's or this package's. */
  readonly script?: Script;
  /** Absent in code that the compiler put in. */
  readonly position?: Position;
}

/** Scopes of a function and of the blocks in it. */
const local = new Set<Debugger.Scope['type']>(['local', 'block', 'catch', 'with']);
/** What the references of a stop live with. */
export const stopGroup = 'stop';

let lastFrameId = 0;

export class Stop {
  /** All frames, the hidden ones included. */
  readonly frames: readonly Frame[];
  /** The exception that was thrown, if that is why. */
  readonly exception?: RemoteObject;
  /** Whether V8 is certain that nothing catches it. */
  readonly isUncaught: boolean;
  readonly #isOutOfMemory: boolean;
  readonly #shown: readonly { readonly id: number; readonly frame: Frame }[];

  constructor({ callFrames, reason, data }: Debugger.PausedEventDataType, scripts: Scripts) {
    this.frames = callFrames.map((callFrame) => ({
      callFrame,
      script: scripts.get(callFrame.location),
      position: scripts.original(callFrame.location),
    }));
    if (reason === 'exception' || reason === 'promiseRejection') this.exception = data as RemoteObject | undefined;
    this.isUncaught = (this.exception as { readonly uncaught?: boolean } | undefined)?.uncaught === true;
    this.#isOutOfMemory = reason === 'OOM';
    this.#shown = this.frames
      .filter(({ script, position }) => script !== undefined && position !== undefined)
      .map((frame) => ({ id: ++lastFrameId, frame }));
  }

  /** Why it stopped, in the protocol's words. @param isHit at a breakpoint */
  reason(
    motion: Motion,
    isHit: boolean,
  ): { readonly reason: string; readonly description?: string; readonly text?: string } {
    if (this.exception !== undefined)
      return { reason: 'exception', description: 'Paused on exception', text: textOf(this.exception) };
    if (this.#isOutOfMemory)
      return { reason: 'exception', description: 'Paused before out of memory', text: 'Going on may end the process.' };
    if (isHit || motion === 'none') return { reason: 'breakpoint' };
    return { reason: motion === 'pause' ? 'pause' : 'step' };
  }

  /** The innermost frame. */
  get top(): Frame | undefined {
    return this.frames[0];
  }

  get hasUserFrame(): boolean {
    return this.frames.some(({ script }) => script?.origin === 'user');
  }

  /** The frame that a client calls by this number. */
  frame(id: number): Frame | undefined {
    return this.#shown.find((shown) => shown.id === id)?.frame;
  }

  /** A part of the stack. @param count of frames from `start` on; all where it is no positive number */
  stackTrace(start: unknown, count: unknown): { readonly stackFrames: StackFrame[]; readonly totalFrames: number } {
    const first = typeof start === 'number' ? start : 0;
    const end = typeof count === 'number' && count > 0 ? first + count : this.#shown.length;
    return { stackFrames: this.#stackFrames().slice(first, end), totalFrames: this.#shown.length };
  }

  #stackFrames(): StackFrame[] {
    return this.#shown.map(({ id, frame: { callFrame, script, position } }) => ({
      id,
      name: nameOf(callFrame, script as Script),
      source: sourceOf(script as Script),
      line: (position as Position).line,
      column: (position as Position).column,
      ...(script?.origin === 'library' ? { presentationHint: 'subtle' as const } : {}),
    }));
  }

  /** Scopes from the inside out. `Locals` are missing where a cell's top level has none: its variables are the notebook's. */
  scopes(id: number, references: References): Scope[] {
    const frame = this.frame(id);
    if (frame === undefined) return [];
    const { callFrame } = frame;
    const chain = callFrame.scopeChain.map(({ type, object }): FrameScope => ({
      callFrameId: callFrame.callFrameId,
      type,
      objectId: object.objectId ?? '',
    }));
    const outer = chain.findIndex(({ type }) => !local.has(type));
    const locals = chain.slice(0, outer === -1 ? chain.length : outer);
    const scopes: Scope[] = [];
    const extras = this.#extras(frame);
    if (locals.length > 0 || extras.length > 0) {
      const variablesReference = references.add({ kind: 'scopes', scopes: locals, extras }, stopGroup);
      scopes.push({ name: 'Locals', presentationHint: 'locals', variablesReference, expensive: false });
    }
    for (const [name, type] of [
      ['Closure', 'closure'],
      ['Module', 'module'],
    ] as const) {
      const those = chain.filter((scope) => scope.type === type);
      if (those.length === 0) continue;
      const variablesReference = references.add({ kind: 'scopes', scopes: those, extras: [] }, stopGroup);
      scopes.push({ name, variablesReference, expensive: false });
    }
    const variablesReference = references.add({ kind: 'globals' }, stopGroup);
    return [...scopes, { name: 'Globals', variablesReference, expensive: false }];
  }

  /** What a person wants to see beside the variables. */
  #extras(frame: Frame): ExtraVariable[] {
    const { callFrame } = frame;
    const extras: ExtraVariable[] = [];
    if (frame === this.#shown[0]?.frame && this.exception !== undefined)
      extras.push({ name: '(exception)', value: this.exception });
    if (callFrame.returnValue !== undefined && callFrame.returnValue.type !== 'undefined')
      extras.push({ name: '(return value)', value: callFrame.returnValue });
    const { className, type } = callFrame.this;
    if (type === 'object' && callFrame.this.subtype !== 'null' && className !== 'global' && hasLocals(callFrame))
      extras.push({ name: 'this', value: callFrame.this, evaluateName: 'this' });
    return extras;
  }
}

const hasLocals = ({ scopeChain }: Debugger.CallFrame): boolean => scopeChain.some(({ type }) => type === 'local');

function nameOf(callFrame: Debugger.CallFrame, { isCell }: Script): string {
  if (callFrame.functionName !== '') return callFrame.functionName;
  if (hasLocals(callFrame) && callFrame.scopeChain.some(({ type }) => type === 'script' || type === 'module'))
    return callFrame.scopeChain.find(({ type }) => type === 'local')?.name ?? '<anonymous>';
  return isCell ? '<cell>' : '<module>';
}
