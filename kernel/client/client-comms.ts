/** @file The comms of a client: those that the kernel opened, and the client's own. */
import { randomUUID } from 'node:crypto';
import type { JsonObject, Message, MessageOptions } from '../protocol/message.ts';
import type { KernelClient } from './kernel-client.ts';

/** The client's end of a comm. */
export interface ClientComm {
  readonly id: string;
  readonly targetName: string;
  /** The comm_open message where the kernel opened it. */
  readonly opening: Message | undefined;
  /** Every comm_msg of the kernel's so far. */
  readonly messages: readonly Message[];
  readonly closed: boolean;
  /** Resolves when the kernel is done with the message, with all that it published because of it. */
  send(data: JsonObject, options?: MessageOptions): Promise<readonly Message[]>;
  /** Hears the comm_msg messages to come. Returns how to stop it. */
  onMessage(listener: (message: Message) => void): () => void;
  close(data?: JsonObject): Promise<readonly Message[]>;
}

class Comm implements ClientComm {
  readonly id: string;
  readonly targetName: string;
  readonly opening: Message | undefined;
  readonly messages: Message[] = [];
  closed = false;
  readonly #send: (type: string, content: object, options?: MessageOptions) => Promise<readonly Message[]>;
  readonly #listeners = new Set<(message: Message) => void>();

  constructor(id: string, targetName: string, opening: Message | undefined, send: ClientComms['sendAndWait']) {
    this.id = id;
    this.targetName = targetName;
    this.opening = opening;
    this.#send = send;
  }

  send(data: JsonObject, options?: MessageOptions): Promise<readonly Message[]> {
    return this.#send('comm_msg', { comm_id: this.id, data }, options);
  }

  onMessage(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(data: JsonObject = {}): Promise<readonly Message[]> {
    this.closed = true;
    return this.#send('comm_close', { comm_id: this.id, data });
  }

  received(message: Message): void {
    this.messages.push(message);
    for (const listener of [...this.#listeners]) listener(message);
  }
}

/**
 * Follows the comms of a kernel from now on.
 *
 * @example
 * const comms = new ClientComms(client);
 * await client.execute("new Comm({ targetName: 'numbers', data: { from: 1 } })");
 * const [comm] = comms.opened('numbers');
 * await comm.send({ next: true });
 */
export class ClientComms {
  readonly #client: KernelClient;
  readonly #comms = new Map<string, Comm>();
  readonly #openListeners = new Set<(comm: ClientComm) => void>();
  readonly #stop: () => void;

  constructor(client: KernelClient) {
    this.#client = client;
    this.#stop = client.onIopub((message) => this.#heard(message));
  }

  /** Those that the kernel opened and nobody closed, for a target or all. */
  opened(targetName?: string): ClientComm[] {
    return [...this.#comms.values()].filter(
      (comm) => comm.opening && !comm.closed && (targetName === undefined || comm.targetName === targetName),
    );
  }

  find(id: string): ClientComm | undefined {
    return this.#comms.get(id);
  }

  /** Hears of comms that the kernel opens. Returns how to stop it. */
  onOpen(listener: (comm: ClientComm) => void): () => void {
    this.#openListeners.add(listener);
    return () => this.#openListeners.delete(listener);
  }

  /** Opens a comm; resolves when the kernel is done with that. It is closed then where the kernel does not know the target. */
  async open(targetName: string, data: JsonObject = {}, options?: MessageOptions): Promise<ClientComm> {
    const comm = new Comm(randomUUID().replaceAll('-', ''), targetName, undefined, this.sendAndWait);
    this.#comms.set(comm.id, comm);
    await this.sendAndWait('comm_open', { comm_id: comm.id, target_name: targetName, data }, options);
    return comm;
  }

  /** The comms that the kernel knows of, by id. */
  async info(targetName?: string): Promise<Record<string, { target_name: string }>> {
    const reply = await this.#client.request<{ comms: Record<string, { target_name: string }> }>(
      'comm_info_request',
      targetName === undefined ? {} : { target_name: targetName },
    );
    return reply.comms;
  }

  /** Stops following. */
  dispose(): void {
    this.#stop();
  }

  /** Sends a message without a reply; resolves at its `idle`, with what came on iopub for it. */
  readonly sendAndWait = (type: string, content: object, options?: MessageOptions): Promise<readonly Message[]> =>
    this.#client.sendAndHear(type, content, options);

  #heard(message: Message): void {
    const { comm_id: id, target_name: target } = message.content as { comm_id?: string; target_name?: string };
    if (id === undefined) return;
    const comm = this.#comms.get(id);
    switch (message.header.msg_type) {
      case 'comm_open': {
        const opened = new Comm(id, target ?? '', message, this.sendAndWait);
        this.#comms.set(id, opened);
        for (const listener of [...this.#openListeners]) listener(opened);
        return;
      }
      case 'comm_msg':
        return comm?.received(message);
      case 'comm_close':
        if (comm) comm.closed = true;
    }
  }
}
