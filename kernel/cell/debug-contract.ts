/** @file What the debugger in the kernel process and its two hands in the cell process (bridge, helper) say to each other. */

/** Calls that the I/O thread answers (`host.call`). */
export const debugCalls = { open: 'io:debug-open', post: 'io:debug-post', close: 'io:debug-close' } as const;

/** Name of the notices that carry the inspector's events. */
export const debugNotice = 'debug';

/** A command of V8's inspector. */
export interface InspectorCommand {
  readonly method: string;
  readonly params?: object;
}

/** An event of V8's inspector. */
export interface InspectorEvent {
  readonly method: string;
  readonly params: object;
}

/** Key (of `Symbol.for`) of the global through which inspected code reaches the {@link DebugHelper}. */
export const debugHelperKey = 'tensorcell.debug';

/** How a hit count is compared with the number of a breakpoint's hit condition. */
export type HitComparison = '==' | '>=' | '>' | '<' | '<=' | '%';

/** What breakpoints and the variables panel need on the main thread. */
export interface DebugHelper {
  /** Whether a breakpoint's condition holds; one that throws does not, and says so once. @param text what the user wrote */
  holds(breakpoint: string, condition: () => unknown, text: string): boolean;
  /** Counts a hit of a breakpoint, and says whether this is one to stop at. */
  hit(breakpoint: string, comparison: HitComparison, number: number): boolean;
  /** Prints a logpoint's message: texts as they are, values as a console shows them. Always false: nothing stops. */
  log(parts: readonly (string | (() => unknown))[]): false;
  /** The notebook's variables by name: those of `readers` that have a value by now, and what cells put on `globalThis`. */
  snapshot(readers: Readonly<Record<string, () => unknown>>): object;
  /** A tensor in one line; undefined for what is none. */
  summary(value: unknown): string | undefined;
  /** What there is to see in a tensor; undefined for what is none. */
  tensorView(value: unknown): object | undefined;
  /** A value's MIME bundle as JSON; a promise of it where the value takes its time. */
  rich(value: unknown): string | Promise<string>;
  /** A value's text as a cell would show it. */
  text(value: unknown): string;
  /** Keeps an object and arguments for a function that is called on them later; gives the number to call it with. */
  hold(self: unknown, given: readonly unknown[]): number;
  callHeld(number: number, call: (this: unknown, ...given: unknown[]) => unknown): unknown;
  /** Keeps a value until `take`. */
  put(value: unknown): void;
  take(): unknown;
}
