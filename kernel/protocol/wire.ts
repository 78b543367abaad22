/** @file Messages to ZeroMQ frames and back: identities, delimiter, signature, four JSON frames, buffers. */
import type { Header, JsonObject, Message, ParentHeader } from './message.ts';
import { ReplayGuard, Signer } from './signature.ts';

const delimiter = Buffer.from('<IDS|MSG>');
const jsonFrames = ['header', 'parent_header', 'metadata', 'content'] as const;

/** Frames that are no valid message; the text says why, for the log. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** A message together with the routing identities it came with (or goes to). */
export interface Envelope {
  readonly identities: readonly Uint8Array[];
  readonly message: Message;
}

/** Encodes and decodes the messages of one connection. */
export class Wire {
  readonly #signer: Signer;
  readonly #seen = new ReplayGuard();

  constructor(scheme: string, key: string) {
    this.#signer = new Signer(scheme, key);
  }

  encode(message: Message<object>, identities: readonly Uint8Array[] = []): Uint8Array[] {
    const frames = jsonFrames.map((name) => Buffer.from(JSON.stringify(message[name])));
    return [...identities, delimiter, Buffer.from(this.#signer.sign(frames)), ...frames, ...message.buffers];
  }

  /** @throws {@link WireError} where the frames are malformed, wrongly signed, or came before */
  decode(frames: readonly Buffer[]): Envelope {
    const at = frames.findIndex((frame) => frame.equals(delimiter));
    if (at < 0) throw new WireError('there is no <IDS|MSG> delimiter');
    const signature = frames[at + 1];
    const json = frames.slice(at + 2, at + 2 + jsonFrames.length);
    if (!signature || json.length < jsonFrames.length)
      throw new WireError(`expected a signature and ${jsonFrames.length} JSON frames, got ${frames.length - at - 1}`);
    // Nothing of an unsigned message is parsed: whoever lacks the key does not reach the JSON parser.
    if (!this.#signer.verify(signature, json)) throw new WireError('the signature does not match');
    if (this.#signer.enabled && !this.#seen.admit(signature.toString('latin1')))
      throw new WireError('a message with this signature came before (replayed)');
    const [header, parent, metadata, content] = json.map((frame, index) => parseObject(frame, jsonFrames[index]));
    return {
      identities: frames.slice(0, at),
      message: {
        header: checkHeader(header),
        parent_header: parent as unknown as ParentHeader,
        metadata,
        content,
        buffers: frames.slice(at + 2 + jsonFrames.length),
      },
    };
  }
}

function parseObject(frame: Buffer, name: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString('utf8'));
  } catch {
    throw new WireError(`the ${name} frame is not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new WireError(`the ${name} frame is not a JSON object`);
  return value as JsonObject;
}

function checkHeader(header: JsonObject): Header {
  for (const name of ['msg_id', 'msg_type'])
    if (typeof header[name] !== 'string') throw new WireError(`header.${name} is not a string`);
  // It comes back in every answer: what cannot be written again must not come in.
  for (const [name, value] of Object.entries(header))
    if (typeof value === 'object' && value !== null) throw new WireError(`header.${name} is not a string`);
  return header as unknown as Header;
}
