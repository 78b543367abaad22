/** @file The part of the Debug Adapter Protocol that this adapter speaks, and errors as its responses. */

export interface DapRequest {
  readonly type: 'request';
  readonly seq: number;
  readonly command: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface DapResponse {
  readonly type: 'response';
  readonly seq: number;
  readonly request_seq: number;
  readonly command: string;
  readonly success: boolean;
  readonly message?: string;
  readonly body: object;
}

export interface DapEvent {
  readonly type: 'event';
  readonly seq: number;
  readonly event: string;
  readonly body: object;
}

/** A breakpoint as a client wants it. */
export interface SourceBreakpoint {
  readonly line: number;
  readonly column?: number;
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
}

/** A breakpoint as it was set. */
export interface Breakpoint {
  readonly id: number;
  readonly verified: boolean;
  readonly line: number;
  readonly column?: number;
  readonly message?: string;
  readonly source: Source;
}

export interface Source {
  readonly name: string;
  readonly path: string;
  readonly presentationHint?: 'normal' | 'emphasize' | 'deemphasize';
}

export interface StackFrame {
  readonly id: number;
  readonly name: string;
  readonly source: Source;
  readonly line: number;
  readonly column: number;
  readonly presentationHint?: 'normal' | 'subtle';
}

export interface Scope {
  readonly name: string;
  readonly presentationHint?: 'locals' | 'arguments' | 'registers';
  readonly variablesReference: number;
  readonly expensive: boolean;
}

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type?: string;
  readonly evaluateName?: string;
  /** 0 where there is nothing inside. */
  readonly variablesReference: number;
  readonly namedVariables?: number;
  readonly indexedVariables?: number;
  readonly presentationHint?: {
    readonly kind?: string;
    readonly attributes?: readonly string[];
    readonly lazy?: boolean;
  };
}

/** Which part of a value's children a client asks for. */
export interface Page {
  readonly filter?: 'indexed' | 'named';
  readonly start?: number;
  readonly count?: number;
}

/** The one thread: cells and their callbacks run on it. */
export const threadId = 1;

/** A request that cannot be fulfilled; its message becomes the response's. */
export class DapError extends Error {
  override readonly name = 'DapError';
}

const argumentError = (name: string, expected: string, got: unknown): DapError =>
  new DapError(`The argument ${name} must be ${expected}, got ${JSON.stringify(got) ?? 'nothing'}.`);

/** A text among the arguments of a request. @throws {@link DapError} */
export function textArgument(args: DapRequest['arguments'], name: string): string {
  const value = args[name];
  if (typeof value !== 'string') throw argumentError(name, 'a string', value);
  return value;
}

/** A number among the arguments of a request. @throws {@link DapError} */
export function numberArgument(args: DapRequest['arguments'], name: string): number {
  const value = args[name];
  if (typeof value !== 'number') throw argumentError(name, 'a number', value);
  return value;
}

/** The path of the source that a request speaks of. @throws {@link DapError} */
export function sourcePath(args: DapRequest['arguments']): string {
  const source = args.source as { readonly path?: unknown } | undefined;
  if (typeof source?.path !== 'string') throw argumentError('source', 'a source with a path', args.source);
  return source.path;
}
