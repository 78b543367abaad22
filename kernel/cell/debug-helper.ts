/** @file The debugger's helper on the main thread: hit counts, logpoints, what tensors look like, the notebook's variables. */
import type { elementsSymbol as ElementsSymbol } from '../../src/display.ts';
import { formatAsSoonAsPossible } from '../display/format-value.ts';
import { plainText } from '../display/index.ts';
import { type DebugHelper, debugHelperKey, type HitComparison } from './debug-contract.ts';
import type { OpenSessions } from './debug-bridge.ts';
import type { IoThreadMessage } from './wire.ts';

const comparisons: Readonly<Record<HitComparison, (hits: number, number: number) => boolean>> = {
  '==': (hits, number) => hits === number,
  '>=': (hits, number) => hits >= number,
  '>': (hits, number) => hits > number,
  '<': (hits, number) => hits < number,
  '<=': (hits, number) => hits <= number,
  '%': (hits, number) => hits % number === 0,
};

/** As in src/display.ts; importing that would be one more module for a cell process to start with. */
const elementsSymbol = Symbol.for('tensorcell.elements') as typeof ElementsSymbol;

/** The runtime's tensors, as far as they are looked at here. */
interface TensorLike {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly isDisposed?: boolean;
  readonly isSymbolic?: boolean;
  dataSync(): ArrayLike<unknown>;
  /** Of this package's own: see there. */
  readonly [elementsSymbol]?: (count: number) => ArrayLike<unknown>;
}

/** The first elements, without a copy of all where the tensor can give them so. */
const firstElements = (tensor: TensorLike, count: number): ArrayLike<unknown> =>
  tensor[elementsSymbol]?.(count) ?? tensor.dataSync();

/** An element as a value: truth values come as 0 and 1. */
const valueIn =
  ({ dtype }: TensorLike) =>
  (element: unknown): unknown =>
    dtype === 'bool' ? Boolean(element) : element;

const isTensor = (value: unknown): value is TensorLike => {
  const { dtype, shape, dataSync } = (value ?? {}) as Partial<TensorLike>;
  return typeof dtype === 'string' && Array.isArray(shape) && typeof dataSync === 'function';
};

/** A tensor, or the one that a variable of the runtime holds now; undefined for other values. */
const tensorOf = (value: unknown): TensorLike | undefined => {
  if (isTensor(value)) return value;
  const { value: held, trainable } = (value ?? {}) as { readonly value?: unknown; readonly trainable?: unknown };
  return typeof trainable === 'boolean' && isTensor(held) ? held : undefined;
};

/** No more elements than these are written into one line. */
const shownElements = 24;
/** Tensors of more elements show a flat typed array, which a front end pages through, rather than nested ones. */
const nestedElements = 10_000;

/** The elements in nested arrays, as the shape says; each is written by `show`. */
const nested = (
  elements: ArrayLike<unknown>,
  shape: readonly number[],
  show: (element: unknown) => unknown,
): unknown => {
  let next = 0;
  const build = (axis: number): unknown =>
    axis === shape.length ? show(elements[next++]) : Array.from({ length: shape[axis] }, () => build(axis + 1));
  return build(0);
};

/** Six digits tell a value; its binary tail does not. */
const shortNumber = (value: unknown): string =>
  typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(6))) : String(value);

const brackets = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(brackets).join(', ')}]` : String(value);

const stateOf = ({ isDisposed, isSymbolic }: TensorLike): string | undefined =>
  isDisposed ? 'disposed' : isSymbolic ? 'known only when the traced function runs' : undefined;

const summary = (value: unknown): string | undefined => {
  const tensor = tensorOf(value);
  if (tensor === undefined) return undefined;
  const name = (value as object).constructor.name || 'Tensor';
  const head = `${name} ${tensor.dtype} [${tensor.shape.join(', ')}]`;
  const state = stateOf(tensor);
  if (state !== undefined) return `${head} (${state})`;
  const elements = firstElements(tensor, shownElements);
  const valueOf = valueIn(tensor);
  const text = (element: unknown): string => shortNumber(valueOf(element));
  if (tensor.size <= shownElements) return `${head} ${brackets(nested(elements, tensor.shape, text))}`;
  const first = Array.from({ length: shownElements }, (_, i) => text(elements[i]));
  return `${head} ${first.join(', ')}, ...`;
};

const tensorView = (value: unknown): object | undefined => {
  const tensor = tensorOf(value);
  if (tensor === undefined) return undefined;
  const { dtype, shape, size } = tensor;
  const state = stateOf(tensor);
  if (state !== undefined) return { dtype, shape, size, state };
  const elements = firstElements(tensor, size);
  return {
    dtype,
    shape,
    size,
    values: size <= nestedElements ? nested(elements, shape, valueIn(tensor)) : elements,
  };
};

const snapshot = (readers: Readonly<Record<string, () => unknown>>, known: ReadonlySet<string>): object => {
  const variables = Object.create(null) as Record<string, unknown>;
  for (const [name, read] of Object.entries(readers)) {
    try {
      variables[name] = read();
    } catch {
      // Declared, and its cell did not come to the declaration (or failed there).
    }
  }
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(globalThis)))
    if (descriptor.enumerable && 'value' in descriptor && !known.has(name) && !(name in variables))
      variables[name] = descriptor.value;
  return variables;
};

const withText = (value: unknown): string => JSON.stringify({ data: { 'text/plain': plainText(value) }, metadata: {} });

const rich = (value: unknown): string | Promise<string> => {
  const formatted = formatAsSoonAsPossible(value);
  if (formatted === null) return withText(value);
  return formatted instanceof Promise
    ? formatted.then((bundle) => (bundle === null ? withText(value) : JSON.stringify(bundle)))
    : JSON.stringify(formatted);
};

/** Puts the helper where inspected code finds it. Call it last: what is global by then is no variable of the user's. */
export const installDebugHelper = (): void => {
  const known = new Set(Object.keys(globalThis));
  const hits = new Map<string, number>();
  /** Breakpoints whose condition threw. */
  const failed = new Set<string>();
  const held = new Map<number, { readonly self: unknown; readonly given: readonly unknown[] }>();
  let lastHeld = 0;
  let kept: unknown;
  const helper: DebugHelper = {
    holds: (breakpoint, condition, text) => {
      try {
        return Boolean(condition());
      } catch (error) {
        if (!failed.has(breakpoint))
          console.error(`The condition of a breakpoint cannot be evaluated: ${text}\n${String(error)}`);
        failed.add(breakpoint);
        return false;
      }
    },
    hit: (breakpoint, comparison, number) => {
      const count = (hits.get(breakpoint) ?? 0) + 1;
      hits.set(breakpoint, count);
      return comparisons[comparison](count, number);
    },
    log: (parts) => {
      const texts = parts.map((part) => {
        if (typeof part === 'string') return part;
        try {
          const value = part();
          return typeof value === 'string' ? value : (summary(value) ?? plainText(value));
        } catch (error) {
          return String(error);
        }
      });
      console.log(texts.join(''));
      return false;
    },
    snapshot: (readers) => snapshot(readers, known),
    summary,
    tensorView,
    rich,
    text: plainText,
    hold: (self, given) => {
      held.set(++lastHeld, { self, given });
      return lastHeld;
    },
    callHeld: (number, call) => {
      const { self, given = [] } = held.get(number) ?? {};
      held.delete(number);
      return call.apply(self, [...given]);
    },
    put: (value) => {
      kept = value;
    },
    take: () => {
      const value = kept;
      kept = undefined;
      return value;
    },
  };
  Object.defineProperty(globalThis, Symbol.for(debugHelperKey), { value: helper });
};

/** How long (ms) the end of the process waits for a debugger's session to close. */
const closePatience = 500;

/**
 * Connects the main thread with the I/O thread's debugger sessions; returns what to call when the process ends: Node would
 * wait for an open session, and say so on stderr.
 */
export const watchDebugSessions = (tell: (message: IoThreadMessage) => void): (() => void) => {
  const open: OpenSessions = new Int32Array(new SharedArrayBuffer(4));
  tell({ debugging: open });
  return () => {
    if (Atomics.load(open, 0) === 0) return;
    tell({ ending: true });
    Atomics.wait(open, 0, 1, closePatience);
    // The session's end is carried out between two steps of code here.
    for (let steps = 0; steps < 10_000; steps++) Math.sqrt(steps);
  };
};
