/** @file Comms in the kernel process, beside a cell process that comes and goes as a test says. */
import { expect, it } from 'vitest';
import type { CellEvent, CellHost } from '../../kernel/cell/contract.ts';
import type { CommMessage } from '../../kernel/comm/contract.ts';
import { comms } from '../../kernel/comm/session-part.ts';
import { Parents } from '../../kernel/session/parents.ts';
import type { SessionContext } from '../../kernel/session/part.ts';
import type { JsonObject, KernelRequest } from '../../kernel/session/request.ts';

const header = { msg_id: 'asked', msg_type: 'comm_open', session: 's', username: 'u', date: '', version: '5.4' };
const request = { channel: 'shell', identities: [], message: { header, metadata: {}, buffers: [] } };

/** The part, with a cell process that accepts every comm; it is there when `start` was called. */
function startPart() {
  const published: [type: string, content: unknown][] = [];
  const listeners: ((event: CellEvent) => void)[] = [];
  const delivered: string[] = [];
  let start: (host: CellHost) => void = () => {};
  const host = {
    onEvent: (listener: (event: CellEvent) => void) => listeners.push(listener),
    onRequest: () => {},
    call: async (_name: string, { type }: CommMessage) => {
      delivered.push(type);
      return { accepted: true };
    },
  } as unknown as CellHost;
  const part = comms({
    iopub: { publish: (type: string, content: unknown) => published.push([type, content]) },
    outputs: { flush: () => {}, onFlush: () => {} },
    parents: new Parents(),
    workers: { cell: new Promise<CellHost>((resolve) => (start = resolve)) },
  } as unknown as SessionContext);
  part.prepareCell?.(host);
  return {
    published,
    delivered,
    send: (type: string, content: JsonObject) => part.shell![type](content, request as unknown as KernelRequest),
    info: () => part.shell!.comm_info_request({}, request as unknown as KernelRequest),
    emit: (event: CellEvent) => listeners.forEach((listener) => listener(event)),
    start: () => start(host),
  };
}

it('a comm that is opened while the first cell process starts stays open', async () => {
  const part = startPart();
  const opened = part.send('comm_open', { comm_id: 'early', target_name: 'jupyter.widget.control', data: {} });
  const sent = part.send('comm_msg', { comm_id: 'early', data: { method: 'request_states' } });
  part.emit({ type: 'started' });
  part.start();
  await opened;
  await sent;
  expect(part.delivered).toEqual(['open', 'msg']);
  expect(part.published).toEqual([]);
  expect(part.info()).toEqual({ status: 'ok', comms: { early: { target_name: 'jupyter.widget.control' } } });

  part.emit({ type: 'started' });
  expect(part.published).toEqual([['comm_close', { comm_id: 'early', data: {} }]]);
  expect(part.info()).toEqual({ status: 'ok', comms: {} });
});
