/** @file Comms in the kernel process: which are open, messages from front ends to the cell process and back. */
import type { CreatePart } from '../session/part.ts';
import { field, type JsonObject, type KernelRequest } from '../session/request.ts';
import {
  type CommMessage,
  type Delivery,
  askMessageId,
  decodeBuffers,
  deliverComm,
  encodeBuffers,
} from './contract.ts';

/** What all comm messages of a front end carry. */
const commonFields = (content: JsonObject, { message }: KernelRequest) => ({
  commId: field(content, 'comm_id', 'string'),
  data: field(content, 'data', 'object', {}),
  metadata: message.metadata,
  buffers: encodeBuffers(message.buffers),
});

export const comms: CreatePart = ({ iopub, outputs, parents, workers }) => {
  /** Target by comm id. It is kept here because a comm_info_request is answered while a cell loops. */
  const open = new Map<string, string>();
  /** Ends the wait for handlers that an interrupt has cut off. */
  const giveUp = new Set<() => void>();

  const publishClose = (commId: string, header: KernelRequest['message']['header'] | undefined): void => {
    outputs.flush();
    iopub.publish('comm_close', { comm_id: commId, data: {} }, header, { topic: `comm-${commId}` });
  };

  /** Resolves when the handlers in the cell process are done, so that idle comes after what they print. */
  const deliver = async (message: CommMessage, { message: { header } }: KernelRequest): Promise<Delivery> => {
    const parent = parents.addMessage({ header, silent: false });
    const host = await workers.cell;
    let stop: (() => void) | undefined;
    const interrupted = new Promise<Delivery>((resolve) => giveUp.add((stop = () => resolve({ accepted: true }))));
    try {
      return await Promise.race([host.call(deliverComm, message, { parent }) as Promise<Delivery>, interrupted]);
    } finally {
      if (stop) giveUp.delete(stop);
      outputs.flush();
    }
  };

  const publish = (message: CommMessage, parent: string): void => {
    const { commId, data, metadata } = message;
    if (message.type === 'open') open.set(commId, message.targetName);
    if (message.type === 'close') open.delete(commId);
    outputs.flush();
    const header = parents.find(parent)?.header;
    const options = { metadata, buffers: decodeBuffers(message.buffers), topic: `comm-${commId}` };
    if (message.type === 'open') {
      const { targetName: target_name, targetModule: target_module } = message;
      const content = { comm_id: commId, target_name, data, ...(target_module !== undefined && { target_module }) };
      iopub.publish('comm_open', content, header, options);
    } else iopub.publish(`comm_${message.type}`, { comm_id: commId, data }, header, options);
  };

  return {
    shell: {
      comm_info_request: (content) => {
        const wanted = field(content, 'target_name', 'string', '');
        const found = [...open].filter(([, target]) => wanted === '' || target === wanted);
        return { status: 'ok', comms: Object.fromEntries(found.map(([id, target]) => [id, { target_name: target }])) };
      },
      comm_open: async (content, request) => {
        const targetName = field(content, 'target_name', 'string');
        const fields = commonFields(content, request);
        open.set(fields.commId, targetName);
        const refused: Delivery = { accepted: false };
        const { accepted } = await deliver({ type: 'open', targetName, ...fields }, request).catch(() => refused);
        // The specification asks to close a comm at once whose target is unknown.
        if (!accepted && open.delete(fields.commId)) publishClose(fields.commId, request.message.header);
      },
      comm_msg: async (content, request) => {
        const fields = commonFields(content, request);
        const { accepted } = await deliver({ type: 'msg', ...fields }, request);
        if (!accepted) console.error(`tensorcell: a comm_msg for ${fields.commId}, which is not open, was dropped.`);
      },
      comm_close: async (content, request) => {
        const fields = commonFields(content, request);
        if (open.delete(fields.commId)) await deliver({ type: 'close', ...fields }, request);
      },
    },
    prepareCell(host) {
      host.onEvent((event) => {
        if (event.type === 'comm') publish(event.message, event.parent);
        if (event.type !== 'started') return;
        // The other ends were in a process that is gone.
        for (const commId of open.keys()) publishClose(commId, parents.newest?.header);
        open.clear();
      });
      host.onRequest(askMessageId, (_argument, parent) => parents.find(parent)?.header.msg_id ?? '');
    },
    interrupted() {
      for (const stop of giveUp) stop();
    },
  };
};
