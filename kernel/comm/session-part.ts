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
  widgetTarget,
} from './contract.ts';
import { UpdateGate, isStateUpdate } from './update-gate.ts';

/** What all comm messages of a front end carry. */
const commonFields = (content: JsonObject, { message }: KernelRequest) => ({
  commId: field(content, 'comm_id', 'string'),
  data: field(content, 'data', 'object', {}),
  metadata: message.metadata,
  buffers: encodeBuffers(message.buffers),
});

/** What is told of a handler that an interrupt has struck. */
const handlerInterrupted = {
  ename: 'Interrupted',
  evalue: 'The handler of a message was interrupted.',
  traceback: ['\x1b[31mInterrupted\x1b[39m: The handler of a message was interrupted.'],
};

interface OpenComm {
  readonly target: string;
  /** The cell process has taken it in; its end is the comm's. */
  isKnown: boolean;
}

export const comms: CreatePart = ({ iopub, outputs, parents, workers }) => {
  /** By comm id. It is kept here because a comm_info_request is answered while a cell loops. */
  const open = new Map<string, OpenComm>();
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
    } catch (error) {
      const { name } = error as Error;
      // That the process ended is told to the user by the session.
      if (name !== 'Interrupted' && name !== 'CellProcessEnded') throw error;
      outputs.flush();
      if (name === 'Interrupted') iopub.publish('error', handlerInterrupted, header);
      return { accepted: message.type !== 'open' };
    } finally {
      if (stop) giveUp.delete(stop);
      outputs.flush();
    }
  };

  const publish = (message: CommMessage, parent: string): void => {
    const { commId, data, metadata } = message;
    const header = parents.find(parent)?.header;
    const options = { metadata, buffers: decodeBuffers(message.buffers), topic: `comm-${commId}` };
    if (message.type === 'open') {
      const { targetName: target_name, targetModule: target_module } = message;
      const content = { comm_id: commId, target_name, data, ...(target_module !== undefined && { target_module }) };
      iopub.publish('comm_open', content, header, options);
    } else iopub.publish(`comm_${message.type}`, { comm_id: commId, data }, header, options);
  };
  const gate = new UpdateGate(publish);
  outputs.onFlush(() => gate.flush());

  /** Takes a message of the cell process's. */
  const taken = (message: CommMessage, parent: string): void => {
    const { commId } = message;
    if (message.type === 'open') open.set(commId, { target: message.targetName, isKnown: true });
    if (message.type === 'close') open.delete(commId);
    // Text and updates need not keep their order: a cell that does both in a loop would send each piece by itself.
    const isWidget = open.get(commId)?.target === widgetTarget;
    if (isWidget && isStateUpdate(message) && gate.holds(message, parent)) return;
    outputs.flush();
    publish(message, parent);
  };

  return {
    shell: {
      comm_info_request: (content) => {
        const wanted = field(content, 'target_name', 'string', '');
        const found = [...open].filter(([, { target }]) => wanted === '' || target === wanted);
        const infos = found.map(([id, { target }]) => [id, { target_name: target }]);
        return { status: 'ok', comms: Object.fromEntries(infos) as JsonObject };
      },
      comm_open: async (content, request) => {
        const targetName = field(content, 'target_name', 'string');
        const fields = commonFields(content, request);
        const { commId } = fields;
        const opened: OpenComm = { target: targetName, isKnown: false };
        open.set(commId, opened);
        const refused: Delivery = { accepted: false };
        const { accepted } = await deliver({ type: 'open', targetName, ...fields }, request).catch(() => refused);
        opened.isKnown = true;
        // The specification asks to close a comm at once whose target is unknown.
        if (!accepted && open.delete(commId)) publishClose(commId, request.message.header);
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
        if (event.type === 'comm') taken(event.message, event.parent);
        if (event.type !== 'started') return;
        // The other ends were in a process that is gone; what front ends open meanwhile is for the new one.
        for (const [commId, { isKnown }] of open)
          if (isKnown) {
            open.delete(commId);
            publishClose(commId, parents.newest?.header);
          }
      });
      host.onRequest(askMessageId, (_argument, parent) => parents.find(parent)?.header.msg_id ?? '');
    },
    interrupted({ gentle }) {
      if (!gentle) for (const stop of giveUp) stop();
    },
  };
};
