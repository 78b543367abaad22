/** @file Publishes on iopub: signs, gives the topic, sends. */
import type { IopubContents, IopubType } from '../protocol/content.ts';
import type { MessageOptions, MessageWriter, ParentHeader } from '../protocol/message.ts';
import type { Wire } from '../protocol/wire.ts';

export type Publish = (frames: Uint8Array[]) => void;

export interface PublishOptions extends Omit<MessageOptions, 'parent'> {
  /** The first frame, by which subscribers may filter; the message type where absent. */
  readonly topic?: string;
}

/** The kernel's voice to every client. */
export class Iopub {
  readonly #writer: MessageWriter;
  readonly #wire: Wire;
  readonly #publish: Publish;

  constructor(writer: MessageWriter, wire: Wire, publish: Publish) {
    this.#writer = writer;
    this.#wire = wire;
    this.#publish = publish;
  }

  publish<Type extends IopubType>(
    type: Type,
    content: IopubContents[Type],
    parent: ParentHeader = {},
    { topic = type, ...options }: PublishOptions = {},
  ): void {
    const message = this.#writer.create(type, content, { ...options, parent });
    this.#publish(this.#wire.encode(message, [Buffer.from(topic)]));
  }
}
