/** @file A request on its way through the session, and readers for the fields of its content. */
import type { ErrorContent } from '../protocol/content.ts';
import type { Header, JsonObject, Message } from '../protocol/message.ts';
import type { RequestChannel } from '../protocol/sockets.ts';

export type { Header, JsonObject };
export type { RequestChannel as Channel } from '../protocol/sockets.ts';

export interface KernelRequest {
  readonly channel: RequestChannel;
  readonly identities: readonly Uint8Array[];
  readonly message: Message;
}

/** What the front end calls the cell of an execute_request in its notebook, where it says so. */
export const cellIdOf = (request: KernelRequest | undefined): string | undefined => {
  const cellId = request?.message.metadata.cellId;
  return typeof cellId === 'string' ? cellId : undefined;
};

/** A request that cannot be answered: its name and message become the error reply. */
export class RequestError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** The error reply for anything thrown. */
export function errorContent(error: unknown): ErrorContent {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  return { status: 'error', ename: name, evalue: message, traceback: [`${name}: ${message}`] };
}

interface FieldTypes {
  string: string;
  number: number;
  boolean: boolean;
  object: JsonObject;
}

/**
 * A field of a request's content.
 *
 * @param fallback the value where the field is absent or null; without one the field is required
 * @throws {@link RequestError} `InvalidRequest` where the field is of another type
 */
export function field<Type extends keyof FieldTypes>(
  content: JsonObject,
  name: string,
  type: Type,
  fallback?: FieldTypes[Type],
): FieldTypes[Type] {
  const value = content[name] ?? fallback;
  if (typeof value !== type || Array.isArray(value)) {
    const got = value === undefined ? 'nothing' : JSON.stringify(value);
    throw new RequestError('InvalidRequest', `${name} must be of type ${type}, got ${got}.`);
  }
  return value as FieldTypes[Type];
}
