import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ConnectionFileError, endpoint, parseConnection } from '../../kernel/protocol/connection.ts';
import { MessageWriter } from '../../kernel/protocol/message.ts';
import { ReplayGuard, Signer } from '../../kernel/protocol/signature.ts';
import { Wire, WireError } from '../../kernel/protocol/wire.ts';

const key = 'a0436f6c-1916-498b-8eb9-e81ab9368e84';
const writer = new MessageWriter('tester');
const buffers = (frames: readonly Uint8Array[]) => frames.map((frame) => Buffer.from(frame));

describe('the wire', () => {
  it('carries identities, all four dictionaries and buffers there and back', () => {
    const parent = writer.create('execute_request', {}).header;
    const message = writer.create(
      'stream',
      { name: 'stdout', text: 'é𝒳\n' },
      { parent, metadata: { a: 1 }, buffers: [Buffer.from([0, 255])] },
    );
    const frames = new Wire('hmac-sha256', key).encode(message, [Buffer.from('peer')]);
    const decoded = new Wire('hmac-sha256', key).decode(buffers(frames));
    expect(decoded.identities.map(String)).toEqual(['peer']);
    expect(decoded.message).toEqual({ ...message, buffers: [Buffer.from([0, 255])] });
  });

  it('signs as the specification says: hexadecimal HMAC over the four frames, buffers left out', () => {
    const frames = new Wire('hmac-sha256', key).encode(
      writer.create('status', { execution_state: 'idle' }, { buffers: [Buffer.from('raw')] }),
    );
    const json = frames.slice(2, 6);
    const expected = createHmac('sha256', key).update(Buffer.concat(json)).digest('hex');
    expect(String(frames[0])).toBe('<IDS|MSG>');
    expect(String(frames[1])).toBe(expected);
  });

  it('refuses a message whose content was changed', () => {
    const frames = buffers(new Wire('hmac-sha256', key).encode(writer.create('execute_request', { code: '1' })));
    frames[5] = Buffer.from('{"code":"2"}');
    expect(() => new Wire('hmac-sha256', key).decode(frames)).toThrow(/signature does not match/);
  });

  it('refuses an unsigned message before its JSON is parsed', () => {
    const frames = ['<IDS|MSG>', '', '{not json', '{}', '{}', '{}'].map((frame) => Buffer.from(frame));
    expect(() => new Wire('hmac-sha256', key).decode(frames)).toThrow(/signature does not match/);
  });

  it('drops a message that was recorded and sent again', () => {
    const receiver = new Wire('hmac-sha256', key);
    const frames = buffers(new Wire('hmac-sha256', key).encode(writer.create('shutdown_request', {})));
    receiver.decode(frames);
    expect(() => receiver.decode(frames)).toThrow(/replayed/);
  });

  it('accepts any signature, and the same message twice, where the connection has no key', () => {
    const receiver = new Wire('hmac-sha256', '');
    const frames = buffers(new Wire('hmac-sha256', '').encode(writer.create('kernel_info_request', {})));
    expect(receiver.decode(frames).message.header.msg_type).toBe('kernel_info_request');
    expect(receiver.decode(frames).message.header.msg_type).toBe('kernel_info_request');
  });

  const sign = (json: string[]) => new Signer('hmac-sha256', key).sign(json.map((frame) => Buffer.from(frame)));
  const signed = (...json: string[]) => ['<IDS|MSG>', sign(json), ...json].map((frame) => Buffer.from(frame));
  const header = '{"msg_id":"1","msg_type":"x"}';
  it.each([
    ['nothing at all', []],
    ['no delimiter', [Buffer.from('hello')]],
    ['too few frames', [Buffer.from('<IDS|MSG>'), Buffer.from('aa'), Buffer.from('{}')]],
    ['broken JSON with a right signature', signed(header, '{}', '{}', '{')],
    ['a list for a content', signed(header, '{}', '{}', '[]')],
    ['null for a header', signed('null', '{}', '{}', '{}')],
    ['a header without msg_type', signed('{"msg_id":"1"}', '{}', '{}', '{}')],
    ['a number for msg_id', signed('{"msg_id":1,"msg_type":"x"}', '{}', '{}', '{}')],
  ])('refuses %s with a WireError', (_, frames) => {
    expect(() => new Wire('hmac-sha256', key).decode(frames)).toThrow(WireError);
  });

  it('knows other digests, and refuses unknown ones', () => {
    const frames = [Buffer.from('{}')];
    expect(new Signer('hmac-sha512', key).sign(frames)).toBe(createHmac('sha512', key).update('{}').digest('hex'));
    expect(() => new Signer('hmac-none', key)).toThrow(/hmac-none/);
    expect(() => new Signer('rot13', key)).toThrow(/rot13/);
  });
});

describe('the memory of signatures', () => {
  it('remembers at least its capacity and stays bounded', () => {
    const guard = new ReplayGuard(100);
    for (let index = 0; index < 1_000; index++) expect(guard.admit(`signature ${index}`)).toBe(true);
    for (let index = 900; index < 1_000; index++) expect(guard.admit(`signature ${index}`)).toBe(false);
    expect(guard.admit('signature 0')).toBe(true);
  });
});

describe('a connection file', () => {
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };

  it('gives the address of each channel for tcp and ipc', () => {
    const tcp = parseConnection(JSON.stringify({ transport: 'tcp', ip: '127.0.0.1', key, ...ports }));
    expect(endpoint(tcp, 'iopub')).toBe('tcp://127.0.0.1:2');
    expect(tcp.signature_scheme).toBe('hmac-sha256');
    const ipc = parseConnection(JSON.stringify({ transport: 'ipc', ip: '/tmp/k/kernel', key, ...ports }));
    expect(endpoint(ipc, 'hb')).toBe('ipc:///tmp/k/kernel-5');
  });

  it.each([
    ['text', 'not json', /not JSON/],
    ['a list', '[]', /JSON object/],
    ['a port out of range', JSON.stringify({ ...ports, hb_port: 70_000 }), /hb_port.*70000/],
    ['no port', JSON.stringify({ ...ports, shell_port: undefined }), /shell_port/],
    ['an unknown transport', JSON.stringify({ ...ports, transport: 'udp' }), /udp/],
  ])('that holds %s is refused with the reason', (_, text, reason) => {
    expect(() => parseConnection(text)).toThrow(ConnectionFileError);
    expect(() => parseConnection(text)).toThrow(reason);
  });
});
