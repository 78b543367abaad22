import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MessageWriter } from '../../kernel/protocol/message.ts';
import { Wire } from '../../kernel/protocol/wire.ts';
import { Iopub } from '../../kernel/session/iopub.ts';
import { Outputs } from '../../kernel/session/outputs.ts';
import { Parents } from '../../kernel/session/parents.ts';

const writer = new MessageWriter('tester');
const request = () => writer.create('execute_request', {}).header;

/** The outputs under test, and what they published. */
function setUp(capacity?: number) {
  const published: { type: string; content: Record<string, unknown>; parent: string | undefined; topic: string }[] = [];
  const reader = new Wire('hmac-sha256', 'key');
  const iopub = new Iopub(writer, new Wire('hmac-sha256', 'key'), (frames) => {
    const { message, identities } = reader.decode(frames.map((frame) => Buffer.from(frame)));
    const { header, content, parent_header } = message;
    published.push({ type: header.msg_type, content, parent: parent_header.msg_id, topic: String(identities[0]) });
  });
  const parents = new Parents(capacity);
  const outputs = new Outputs(iopub, parents);
  const texts = () => published.map(({ content }) => content.text);
  return { outputs, parents, published, texts };
}

describe('outputs', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('joins text of one stream until the timer fires', () => {
    const { outputs, parents, published } = setUp();
    const header = request();
    const parent = parents.add({ header, silent: false });
    for (let line = 0; line < 1_000; line++)
      outputs.handle({ type: 'stream', parent, name: 'stdout', text: `${line}\n` });
    expect(published).toEqual([]);
    vi.advanceTimersByTime(50);
    expect(published).toHaveLength(1);
    expect(published[0]).toMatchObject({ type: 'stream', parent: header.msg_id, topic: 'stream.stdout' });
    expect(published[0].content.text).toBe(Array.from({ length: 1_000 }, (_, line) => `${line}\n`).join(''));
  });

  it('does not wait for the timer where the text is long', () => {
    const { outputs, parents, texts } = setUp();
    const parent = parents.add({ header: request(), silent: false });
    const long = 'x'.repeat(5_000_000);
    outputs.handle({ type: 'stream', parent, name: 'stdout', text: long });
    const waiting = 5_000_000 % (64 * 1024);
    expect(texts().join('')).toHaveLength(long.length - waiting);
    expect(Math.max(...texts().map((text) => String(text).length))).toBeLessThanOrEqual(64 * 1024);
  });

  it('keeps the order of streams, displays and clears', () => {
    const { outputs, parents, published } = setUp();
    const parent = parents.add({ header: request(), silent: false });
    const bundle = { data: { 'text/plain': 'd' }, metadata: {}, transient: { display_id: 'p' } };
    outputs.handle({ type: 'stream', parent, name: 'stdout', text: '1' });
    outputs.handle({ type: 'stream', parent, name: 'stdout', text: '2' });
    outputs.handle({ type: 'stream', parent, name: 'stderr', text: '3' });
    outputs.handle({ type: 'display', parent, update: false, ...bundle });
    outputs.handle({ type: 'stream', parent, name: 'stdout', text: '4' });
    outputs.handle({ type: 'clear', parent, wait: true });
    outputs.handle({ type: 'display', parent, update: true, ...bundle });
    outputs.flush();
    expect(published.map(({ type, content }) => [type, content.text ?? content.wait ?? content.transient])).toEqual([
      ['stream', '12'],
      ['stream', '3'],
      ['display_data', { display_id: 'p' }],
      ['stream', '4'],
      ['clear_output', true],
      ['update_display_data', { display_id: 'p' }],
    ]);
  });

  it('gives each text to the cell that printed it, also when two print by turns', () => {
    const { outputs, parents, published } = setUp();
    const headers = [request(), request()];
    const tokens = headers.map((header) => parents.add({ header, silent: false }));
    for (let turn = 0; turn < 4; turn++)
      outputs.handle({ type: 'stream', parent: tokens[turn % 2], name: 'stdout', text: `${turn}` });
    outputs.flush();
    expect(published.map(({ content, parent }) => [content.text, parent])).toEqual([
      ['0', headers[0].msg_id],
      ['1', headers[1].msg_id],
      ['2', headers[0].msg_id],
      ['3', headers[1].msg_id],
    ]);
  });

  it('publishes nothing of a silent request', () => {
    const { outputs, parents, published } = setUp();
    const parent = parents.add({ header: request(), silent: true });
    outputs.handle({ type: 'stream', parent, name: 'stdout', text: 'quiet' });
    outputs.handle({ type: 'display', parent, update: false, data: {}, metadata: {}, transient: {} });
    outputs.handle({ type: 'clear', parent, wait: false });
    outputs.flush();
    expect(published).toEqual([]);
  });

  it('forgets the oldest requests, and gives their late output to the newest', () => {
    const { outputs, parents, published } = setUp(10);
    const oldest = parents.add({ header: request(), silent: false });
    const headers = Array.from({ length: 10 }, request);
    for (const header of headers) parents.add({ header, silent: false });
    outputs.handle({ type: 'stream', parent: oldest, name: 'stdout', text: 'late' });
    outputs.flush();
    expect(published[0].parent).toBe(headers[9].msg_id);
  });
});
