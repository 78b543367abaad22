/** @file Messages field by field, as the specification and ipykernel have them. */
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { KernelClient } from '../../kernel/client/index.ts';
import { gate, kinds, startFakeSession, type FakeSession } from './fake-session.ts';

let session: FakeSession;
let client: KernelClient;
let log: MockInstance<typeof console.error>;
beforeEach(async () => {
  log = vi.spyOn(console, 'error').mockImplementation(() => {});
  session = await startFakeSession();
  ({ client } = session);
  const { programs } = session.workers.cell;
  programs['bad'] = () => ({ status: 'error', error: { ename: 'E', evalue: 'bad', traceback: ['t'] } });
});
afterEach(() => {
  session.close();
  log.mockRestore();
});

const execute = (content: object, options = {}) => client.requestMessage('execute_request', content, options);

describe('headers', () => {
  it("of replies carry the kernel's session, a date and the version; the parent is the request's header", async () => {
    const replies = [
      await client.requestMessage('kernel_info_request', {}),
      await client.requestMessage('is_complete_request', { code: '1' }),
    ];
    const [first, second] = replies.map(({ header }) => header);
    expect(first.session).toBe(second.session);
    expect(first.session).not.toBe(client.session);
    expect(first.msg_id).not.toBe(second.msg_id);
    for (const { header, parent_header } of replies) {
      expect(header.version).toBe('5.5');
      expect(new Date(header.date).toISOString()).toBe(header.date);
      expect(parent_header).toMatchObject({ session: client.session, username: 'tensorcell' });
    }
    expect(replies[0].parent_header.msg_type).toBe('kernel_info_request');
  });

  it('keep fields that the kernel does not know', async () => {
    const { open, opened } = gate();
    session.workers.cell.programs['x'] = async () => {
      await opened;
      return { status: 'ok' };
    };
    const running = client.requestMessage('execute_request', { code: 'x' });
    const { subshell_id } = await client.request('create_subshell_request', {}, { channel: 'control' });
    const reply = await execute({ code: 'y' }, { subshell: subshell_id });
    expect(reply.parent_header.subshell_id).toBe(subshell_id);
    open();
    await running;
  });
});

describe('execute_reply', () => {
  it('says in its metadata when the cell started, and how it ended', async () => {
    const before = Date.now();
    for (const [code, status] of [
      ['x', 'ok'],
      ['bad', 'error'],
    ]) {
      const { metadata } = await execute({ code });
      expect(metadata).toMatchObject({ dependencies_met: true, engine: expect.any(String) as string, status });
      expect(new Date(String(metadata.started)).getTime()).toBeGreaterThanOrEqual(before);
    }
  });

  it('of an aborted cell has its status and its metadata, and no more', async () => {
    const { open, opened } = gate();
    session.workers.cell.programs['late'] = async () => {
      await opened;
      return { status: 'error', error: { ename: 'E', evalue: '', traceback: [] } };
    };
    const failing = execute({ code: 'late' });
    const aborted = execute({ code: 'x' });
    await client.kernelInfo();
    open();
    await failing;
    const { content, metadata } = await aborted;
    expect(content).toEqual({ status: 'aborted' });
    expect(metadata).toMatchObject({ started: expect.any(String) as string, status: 'aborted' });
  });

  it('needs nothing but the code', async () => {
    expect((await execute({ code: 'x' })).content).toEqual({
      status: 'ok',
      execution_count: 1,
      payload: [],
      user_expressions: {},
    });
  });
});

describe('an execute_request', () => {
  it('of nothing but white space is shown, and does not count', async () => {
    const { reply, messages } = await client.execute(' \n ');
    expect(reply).toMatchObject({ status: 'ok', execution_count: 0 });
    expect(kinds(messages)).toEqual(['busy', 'execute_input', 'idle']);
    expect((await client.execute('x')).executionCount).toBe(1);
    expect((await client.history({ hist_access_type: 'tail', n: 9 })).history).toHaveLength(1);
  });

  it('that is silent aborts nobody when it fails', async () => {
    const results = [client.execute('bad', { silent: true }), client.execute('x')];
    expect((await Promise.all(results)).map(({ reply }) => reply.status)).toEqual(['error', 'ok']);
  });

  it('that fails keeps its payload, and evaluates no user_expressions', async () => {
    const reply = (await execute({ code: 'bad', user_expressions: { a: '1' } })).content;
    expect(reply).toMatchObject({ status: 'error', payload: [], user_expressions: {} });
  });

  it('on control does not wait for one on shell', async () => {
    const { open, opened } = gate();
    session.workers.cell.programs['long'] = async () => {
      await opened;
      return { status: 'ok' };
    };
    const long = execute({ code: 'long' });
    expect((await execute({ code: 'x' }, { channel: 'control' })).content.status).toBe('ok');
    open();
    await long;
  });
});

describe('what cannot be answered as it is', () => {
  it('is an error reply where a value fits no message, and the next cell runs', async () => {
    session.workers.cell.programs['(big\n)'] = () => ({ status: 'ok', result: { 'text/plain': 1n } });
    const { reply, messages } = await client.execute('x', { userExpressions: { big: 'big' } });
    expect(reply).toMatchObject({ status: 'error', ename: 'TypeError' });
    expect(kinds(messages)).toEqual(['busy', 'execute_input', 'execute_result', 'idle']);
    expect((await client.execute('y')).reply.status).toBe('ok');
  });

  it('and a shutdown_request that is refused ends nothing', async () => {
    expect(await client.request('shutdown_request', { restart: 'now' })).toMatchObject({ ename: 'InvalidRequest' });
    const unknown = client.request('shutdown_request', { restart: false }, { subshell: 'none' });
    expect(await unknown).toMatchObject({ ename: 'UnknownSubshellError' });
    expect((await client.execute('y')).reply.status).toBe('ok');
    expect(session.shutdowns()).toBe(0);
  });
});

describe('control', () => {
  it('answers what shell does, and shell an interrupt', async () => {
    const ask = (type: string, content: object, channel: 'shell' | 'control') =>
      client.request(type, content, { channel }).then(({ status }) => status);
    expect(await ask('is_complete_request', { code: '1' }, 'control')).toBe('complete');
    expect(await ask('complete_request', { code: 'a', cursor_pos: 1 }, 'control')).toBe('ok');
    expect(await ask('inspect_request', { code: 'a', cursor_pos: 1 }, 'control')).toBe('ok');
    expect(await ask('history_request', { hist_access_type: 'tail', n: 1 }, 'control')).toBe('ok');
    expect(await ask('comm_info_request', {}, 'control')).toBe('ok');
    expect(await ask('interrupt_request', {}, 'shell')).toBe('ok');
  });

  it('connect_request tells the ports', async () => {
    const { shell_port, iopub_port, stdin_port, control_port, hb_port } = client.connection;
    const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
    expect(await client.request('connect_request', {})).toEqual({ status: 'ok', ...ports });
  });
});

describe('interrupt_request', () => {
  it('names the cells that are to stop: of the main shell, else of all, else of the subshell that it is for', async () => {
    const { cell } = session.workers;
    const interrupts: unknown[] = [];
    const open = new Map<string, () => void>();
    cell.interrupted = (parents, gentle) => interrupts.push([parents, gentle]);
    cell.programs['wait'] = ({ parent }) => new Promise((resolve) => open.set(parent, () => resolve({ status: 'ok' })));
    const begun = async (count: number) => {
      while (cell.requests.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
      return cell.requests.map(({ parent }) => parent);
    };
    const { subshell_id } = await client.request('create_subshell_request', {}, { channel: 'control' });
    const subshell = String(subshell_id);
    const inside = execute({ code: 'wait' }, { subshell });
    const [first] = await begun(1);
    await client.interrupt();
    const main = execute({ code: 'wait' });
    const [, second] = await begun(2);
    await client.interrupt();
    await client.request('interrupt_request', {}, { channel: 'control', subshell });
    expect(interrupts).toEqual([
      [[first], false],
      [[second], false],
      [[first], true],
    ]);
    for (const end of open.values()) end();
    await Promise.all([inside, main]);
  });
});

describe('iopub', () => {
  it('welcomes each subscription under its own topic', async () => {
    const second = new KernelClient(client.connection);
    const welcome = await second.nextIopub(({ header }) => header.msg_type === 'iopub_welcome', 30_000);
    expect(welcome).toMatchObject({ content: { subscription: '' }, parent_header: {}, metadata: {} });
    second.close();
  });

  it('is busy as long as a cell of any shell runs', async () => {
    const { open, opened } = gate();
    session.workers.cell.programs['wait'] = async () => {
      await opened;
      return { status: 'ok' };
    };
    const { subshell_id } = await client.request('create_subshell_request', {}, { channel: 'control' });
    const inside = client.execute('wait', { subshell: String(subshell_id) });
    await client.nextIopub(({ header }) => header.msg_type === 'execute_input', 30_000);
    const states: unknown[] = [];
    client.onIopub(({ content }) => content.execution_state && states.push(content.execution_state));
    await client.execute('x');
    while (states.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(states).toEqual(['busy', 'idle', 'busy']);
    open();
    await inside;
    expect(states).toEqual(['busy', 'idle', 'busy', 'idle']);
  });
});
