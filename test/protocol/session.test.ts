import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { KernelClient, type ConnectionFile } from '../../kernel/client/index.ts';
import { gate, kinds as types, startFakeSession, type FakeSession } from './fake-session.ts';
import type { FakeWorkers } from './fake-workers.ts';

let session: FakeSession;
let workers: FakeWorkers;
let client: KernelClient;
let file: ConnectionFile;
let log: MockInstance<typeof console.error>;

beforeEach(async () => {
  log = vi.spyOn(console, 'error').mockImplementation(() => {});
  session = await startFakeSession();
  ({ workers, client, file } = session);
});
afterEach(() => {
  session.close();
  log.mockRestore();
});

const logged = () => log.mock.calls.flat().join('\n');

describe('execute_request', () => {
  it('publishes busy, the input, output, the result and idle, all under its header', async () => {
    workers.cell.programs['x'] = ({ parent }, host) => {
      host.print(parent, 'a\n');
      return { status: 'ok', result: { 'text/plain': '7' }, metadata: { m: 1 } };
    };
    const { reply, messages } = await client.execute('x');
    expect(types(messages)).toEqual(['busy', 'execute_input', 'stream', 'execute_result', 'idle']);
    expect(messages[1].content).toEqual({ code: 'x', execution_count: 1 });
    expect(messages[3].content).toEqual({ execution_count: 1, data: { 'text/plain': '7' }, metadata: { m: 1 } });
    expect(reply).toEqual({ status: 'ok', execution_count: 1, payload: [], user_expressions: {} });
    for (const { parent_header, header } of messages) {
      expect(parent_header.session).toBe(client.session);
      expect(header.version).toBe('5.5');
    }
  });

  it('publishes no result where there is none', async () => {
    workers.cell.programs['x'] = () => ({ status: 'ok' });
    expect(types((await client.execute('x')).messages)).toEqual(['busy', 'execute_input', 'idle']);
  });

  it('reports an error in the reply and on iopub', async () => {
    const error = { ename: 'RangeError', evalue: 'no', traceback: ['RangeError: no', '    at cell_1.ts:1:1'] };
    workers.cell.programs['x'] = () => ({ status: 'error', error });
    const { reply, messages } = await client.execute('x');
    expect(types(messages)).toEqual(['busy', 'execute_input', 'error', 'idle']);
    expect(messages[2].content).toEqual(error);
    expect(reply).toEqual({ status: 'error', execution_count: 1, payload: [], user_expressions: {}, ...error });
  });

  it('of a silent request publishes nothing but its status, counts nothing and stores nothing', async () => {
    workers.cell.programs['x'] = ({ parent }, host) => {
      host.print(parent, 'quiet');
      return { status: 'ok', result: { 'text/plain': '1' } };
    };
    const { messages } = await client.execute('x', { silent: true, storeHistory: true });
    expect(types(messages)).toEqual(['busy', 'idle']);
    expect((await client.execute('y')).executionCount).toBe(1);
    expect((await client.history({ hist_access_type: 'tail', n: 9 })).history.map(([, , input]) => input)).toEqual([
      'y',
    ]);
  });

  it('without store_history is shown, but neither counted nor stored', async () => {
    await client.execute('a');
    const { executionCount, outputs } = await client.execute('b', { storeHistory: false });
    expect(outputs).toHaveLength(1);
    expect(executionCount).toBe(1);
    expect((await client.execute('c')).executionCount).toBe(2);
    const { history } = await client.history({ hist_access_type: 'tail', n: 9, output: true });
    expect(history.map(([, line, entry]) => [line, entry])).toEqual([
      [1, ['a', 'a']],
      [2, ['c', 'c']],
    ]);
    const urls = workers.cell.requests.map(({ url }) => url);
    expect(new Set(urls).size).toBe(3);
  });

  it('runs queued cells in order, one at a time', async () => {
    const { open, opened } = gate();
    let running = 0;
    const exclusive = async () => {
      expect(++running).toBe(1);
      await opened;
      running--;
      return { status: 'ok' } as const;
    };
    for (const code of ['a', 'b', 'c']) workers.cell.programs[code] = exclusive;
    const results = ['a', 'b', 'c'].map((code) => client.execute(code));
    open();
    expect((await Promise.all(results)).map(({ executionCount }) => executionCount)).toEqual([1, 2, 3]);
  });

  it('aborts what is queued after an error, and goes on with what comes later', async () => {
    const { open, opened } = gate();
    workers.cell.programs['bad'] = async () => {
      await opened;
      return { status: 'error', error: { ename: 'Error', evalue: 'bad', traceback: [] } };
    };
    const results = ['bad', 'a', 'b'].map((code) => client.execute(code));
    await client.kernelInfo(); // the kernel has all three
    open();
    const [bad, a, b] = await Promise.all(results);
    expect([bad, a, b].map(({ reply }) => reply.status)).toEqual(['error', 'aborted', 'aborted']);
    expect(types(a.messages)).toEqual(['busy', 'idle']);
    expect((await client.execute('c')).reply.status).toBe('ok');
    expect(workers.cell.requests.map(({ source }) => source)).toEqual(['bad', 'c']);
  });

  it('never aborts what a client sends after it saw the error', async () => {
    workers.cell.programs['bad'] = () => ({ status: 'error', error: { ename: 'E', evalue: '', traceback: [] } });
    for (let round = 0; round < 100; round++) {
      expect((await client.execute('bad')).reply.status).toBe('error');
      expect((await client.execute('a')).reply.status).toBe('ok');
    }
  });

  it('does not abort where stop_on_error is false', async () => {
    workers.cell.programs['bad'] = () => ({ status: 'error', error: { ename: 'E', evalue: '', traceback: [] } });
    const results = [client.execute('bad', { stopOnError: false }), client.execute('a')];
    expect((await Promise.all(results)).map(({ reply }) => reply.status)).toEqual(['error', 'ok']);
  });

  it('evaluates user_expressions after the cell, each with its own outcome', async () => {
    workers.cell.programs['(bad\n)'] = () => ({
      status: 'error',
      error: { ename: 'ReferenceError', evalue: 'bad', traceback: ['t'] },
    });
    const { reply } = await client.execute('x', { userExpressions: { good: 'a + 1', wrong: 'bad' } });
    expect(reply).toMatchObject({
      status: 'ok',
      user_expressions: {
        good: { status: 'ok', data: { 'text/plain': '(a + 1\n)' }, metadata: {} },
        wrong: { status: 'error', ename: 'ReferenceError', evalue: 'bad', traceback: ['t'] },
      },
    });
  });

  it('passes allow_stdin and silent on to the cell process', async () => {
    await client.execute('x', { allowStdin: true });
    await client.execute('y', { silent: true });
    expect(workers.cell.requests.map(({ allowStdin, silent }) => [allowStdin, silent])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('answers an invalid request with what is wrong in it', async () => {
    const reply = await client.request('execute_request', { code: 42 });
    expect(reply).toMatchObject({
      status: 'error',
      ename: 'InvalidRequest',
      evalue: 'code must be of type string, got 42.',
    });
  });

  it('of nothing but white space is done at once', async () => {
    expect((await client.execute('  \n')).reply.status).toBe('ok');
    expect(workers.cell.requests).toEqual([]);
  });

  it('sends late output to the cell that started it', async () => {
    await client.execute('first');
    const [{ parent }] = workers.cell.requests;
    const { open, opened } = gate();
    workers.cell.programs['second'] = async ({ parent: own }, host) => {
      host.print(own, 'second\n');
      host.print(parent, 'late first\n');
      await opened;
      return { status: 'ok' };
    };
    const late = client.nextIopub(({ content }) => content.text === 'late first\n', 30_000);
    const second = client.execute('second');
    const heard = await late;
    open();
    const own = (await second).messages[0].parent_header;
    expect(heard.parent_header.msg_id).not.toBe(own.msg_id);
    expect((await second).outputs).toEqual([{ output_type: 'stream', name: 'stdout', text: 'second\n' }]);
  });
});

describe('types and syntax', () => {
  const wrong = { code: 2322, message: 'Not a number.', line: 2, column: 7, start: 13, end: 14 };
  const source = 'let a = 1\nconst b: number = "x"';

  it('with a type error nothing runs, and the error shows the place', async () => {
    workers.types.diagnostics = () => [wrong];
    const { reply, outputs } = await client.execute(source);
    expect(workers.cell.requests).toEqual([]);
    expect(workers.types.committed).toEqual([]);
    expect(reply).toMatchObject({
      status: 'error',
      ename: 'TypeScriptError',
      evalue: 'TS2322: Not a number. (cell_1.ts:2:7)',
    });
    expect(outputs).toHaveLength(1);
    const plain = (outputs[0] as { traceback: string[] }).traceback.join('\n').replace(/\u001b\[\d+m/g, '');
    expect(plain).toContain('cell_1.ts:2:7 - TS2322: Not a number.');
    expect(plain).toContain('> 2 | const b: number = "x"\n    |       ^');
  });

  it('%typecheck warn runs it and prints the errors; off does not look for them', async () => {
    workers.types.diagnostics = () => [wrong];
    const warned = await client.execute(`%typecheck warn\n${source}`);
    expect(warned.reply.status).toBe('ok');
    expect(warned.outputs[0]).toEqual({
      output_type: 'stream',
      name: 'stderr',
      text: 'cell_1.ts:2:7 - TS2322: Not a number.\n',
    });
    workers.types.checked.length = 0;
    expect((await client.execute(`%typecheck off\n${source}`)).outputs).toHaveLength(1);
    expect(workers.types.checked).toEqual([]);
    expect(workers.types.committed).toHaveLength(2);
  });

  it('a syntax error is one error output, and nothing runs', async () => {
    const { reply, messages } = await client.execute('syntax error here');
    expect(reply).toMatchObject({ status: 'error', ename: 'SyntaxError', evalue: 'Unexpected token. (cell_1.ts:1:1)' });
    expect(types(messages)).toEqual(['busy', 'execute_input', 'error', 'idle']);
    expect(workers.cell.requests).toEqual([]);
  });

  it('an unknown magic is an error, and nothing runs', async () => {
    expect((await client.execute('%quux\n1')).reply).toMatchObject({ status: 'error', ename: 'UsageError' });
    expect(workers.cell.requests).toEqual([]);
  });

  it('errors of local modules are printed, and stop no cell', async () => {
    workers.types.diagnostics = () => [{ ...wrong, file: './m.ts' }];
    const { reply, outputs } = await client.execute(source);
    expect(reply.status).toBe('ok');
    expect(outputs[0]).toEqual({
      output_type: 'stream',
      name: 'stderr',
      text: './m.ts:2:7 - TS2322: Not a number.\n',
    });
    workers.types.diagnostics = () => [wrong, { ...wrong, file: './m.ts' }];
    expect((await client.execute(source)).reply).toMatchObject({ evalue: 'TS2322: Not a number. (cell_2.ts:2:7)' });
  });

  it('a check that gets no answer is said to be missing, and the cell runs', async () => {
    workers.types.diagnostics = () => Promise.reject(new Error('it did not answer'));
    const { reply, outputs } = await client.execute('x');
    expect(reply.status).toBe('ok');
    expect(outputs[0]).toEqual({
      output_type: 'stream',
      name: 'stderr',
      text: 'The types of this cell were not checked: it did not answer\n',
    });
  });

  it('a TypeScript server that cannot start fails the cell with the way out, which works', async () => {
    session.close();
    session = await startFakeSession((fakes) => {
      fakes.types.start = () => Promise.reject(new Error('there is none'));
    });
    expect((await session.client.execute('x')).reply).toMatchObject({
      status: 'error',
      ename: 'TypeScriptServerError',
      evalue: expect.stringMatching(/there is none.*%typecheck off/s) as string,
    });
    expect((await session.client.execute('%typecheck off\nx')).reply.status).toBe('ok');
  });
});

describe('interrupt_request', () => {
  it('reaches the cell process while a cell runs', async () => {
    const { open, opened } = gate();
    workers.cell.programs['loop'] = async (_, host) => {
      const interrupted = new Promise<void>((resolve) => (host.interrupted = () => resolve()));
      open();
      await interrupted;
      return { status: 'error', error: { ename: 'Interrupted', evalue: '', traceback: [] } };
    };
    const running = client.execute('loop');
    await opened;
    expect(await client.interrupt()).toEqual({ status: 'ok' });
    expect((await running).reply).toMatchObject({ status: 'error', ename: 'Interrupted' });
  });

  it('ends the wait for types', async () => {
    const { open, opened } = gate();
    workers.types.diagnostics = () => {
      open();
      return new Promise(() => {});
    };
    const running = client.execute('x');
    await opened;
    await client.interrupt();
    expect((await running).reply).toMatchObject({ status: 'error', ename: 'Interrupted' });
    expect(workers.cell.requests).toEqual([]);
  });
});

describe('when the cell process dies', () => {
  it('in a cell: types are forgotten before the next one', async () => {
    workers.cell.programs['process.exit(3)'] = () => ({
      status: 'error',
      error: { ename: 'ProcessExit', evalue: 'ended with code 3', traceback: [] },
      ended: true,
    });
    expect((await client.execute('process.exit(3)')).reply).toMatchObject({ status: 'error', ename: 'ProcessExit' });
    expect((await client.execute('after')).reply.status).toBe('ok');
    expect([workers.types.resets, workers.cell.restarts]).toEqual([1, 0]);
  });

  it('between cells: it is restarted, types are forgotten, and the newest cell says so', async () => {
    await client.execute('first');
    const told = client.nextIopub(({ header }) => header.msg_type === 'stream', 30_000);
    workers.cell.emit({ type: 'died', reason: 'ended with code 3' });
    expect((await told).content).toMatchObject({ name: 'stderr', text: expect.stringContaining('ended with code 3') });
    expect((await client.execute('after')).reply.status).toBe('ok');
    expect([workers.types.resets, workers.cell.restarts]).toEqual([1, 1]);
  });
});

describe('questions', () => {
  it('are answered while a cell runs, and the status stays busy', async () => {
    const { open, opened } = gate();
    workers.cell.programs['long'] = async () => {
      await opened;
      return { status: 'ok' };
    };
    const started = client.nextIopub(({ header }) => header.msg_type === 'execute_input', 30_000);
    const running = client.execute('long');
    await started;
    const states: unknown[] = [];
    const stop = client.onIopub(({ content }) => content.execution_state && states.push(content.execution_state));
    const info = await client.kernelInfo();
    expect(info).toMatchObject({ status: 'ok', protocol_version: '5.5', implementation: 'tensorcell' });
    expect((await client.kernelInfo({ channel: 'control' })).language_info).toMatchObject({
      name: 'typescript',
      file_extension: '.ts',
    });
    expect((await client.isComplete('if (x) {')).indent).toBe('  ');
    await client.complete('a');
    while (states.length < 12) await new Promise((resolve) => setTimeout(resolve, 1));
    stop();
    expect(states).toEqual(Array.from({ length: 4 }, () => ['busy', 'idle', 'busy']).flat());
    open();
    await running;
  });

  it('complete and inspect translate the cursor between code points and UTF-16', async () => {
    const code = '"𝒳𝒳"; ab';
    workers.types.completions = {
      items: [
        { text: 'abs', kind: 'function', signature: '(x: number): number' },
        { text: 'abba', kind: 'const' },
      ],
      start: code.indexOf('ab'),
      end: code.length,
    };
    const reply = await client.complete(code);
    expect(workers.types.asked).toBe(code.length);
    expect(reply).toEqual({
      status: 'ok',
      matches: ['abs', 'abba'],
      cursor_start: 6,
      cursor_end: 8,
      metadata: {
        _jupyter_types_experimental: [
          { text: 'abs', type: 'function', signature: '(x: number): number', start: 6, end: 8 },
          { text: 'abba', type: 'const', start: 6, end: 8 },
        ],
      },
    });
    expect(await client.inspect(code, 3)).toMatchObject({ status: 'ok', found: true, data: { 'text/plain': code } });
    expect(workers.types.asked).toBe(5);
    expect(await client.inspect('')).toEqual({ status: 'ok', found: false, data: {}, metadata: {} });
  });

  it('name? as a cell opens the pager, and runs nothing', async () => {
    const { reply } = await client.execute('Math.max?');
    const data = { 'text/plain': 'Math.max', 'text/markdown': '`Math.max`' };
    expect(reply).toMatchObject({ status: 'ok', payload: [{ source: 'page', data, start: 0 }] });
    expect((await client.execute('? a.b')).reply).toMatchObject({ payload: [{ data: { 'text/plain': 'a.b' } }] });
    expect((await client.isComplete('Math.max?')).status).toBe('complete');
    expect(workers.cell.requests).toEqual([]);
  });

  it('comms: none are known, and one that is opened is closed', async () => {
    expect(await client.request('comm_info_request', {})).toEqual({ status: 'ok', comms: {} });
    const closed = client.nextIopub(({ header }) => header.msg_type === 'comm_close', 30_000);
    const id = client.send('shell', 'comm_open', { comm_id: 'c1', target_name: 'nowhere', data: {} });
    const message = await closed;
    expect(message.content).toEqual({ comm_id: 'c1', data: {} });
    expect(message.parent_header.msg_id).toBe(id);
  });
});

describe('abuse', () => {
  it('an unknown message is logged and gets busy and idle', async () => {
    const states: unknown[] = [];
    const idle = client.nextIopub(({ parent_header, content }) => {
      if (parent_header.msg_type === 'dance_request') states.push(content.execution_state);
      return parent_header.msg_type === 'dance_request' && content.execution_state === 'idle';
    }, 30_000);
    const id = client.send('shell', 'dance_request', {});
    expect((await idle).parent_header.msg_id).toBe(id);
    expect(states).toEqual(['busy', 'idle']);
    expect(logged()).toMatch(/dance_request on shell/);
  });

  it('malformed, unsigned and replayed frames are logged and survived', async () => {
    const frames = client.frames('execute_request', { code: 'once' });
    const forged = [...frames];
    forged[5] = Buffer.from('{"code":"forged"}');
    client.sendFrames('shell', [Buffer.from('garbage')]);
    client.sendFrames('control', [Buffer.alloc(0)]);
    client.sendFrames('shell', forged);
    client.sendFrames('shell', frames);
    client.sendFrames('shell', frames);
    client.sendFrames('stdin', client.frames('input_reply', { value: 'x' }));
    expect((await client.execute('after')).reply.status).toBe('ok');
    expect(workers.cell.requests.map(({ source }) => source)).toEqual(['once', 'after']);
    expect(logged()).toMatch(/delimiter/);
    expect(logged()).toMatch(/signature does not match/);
    expect(logged()).toMatch(/replayed/);
    expect(logged()).not.toContain(file.connection.key);
  });
});

describe('connecting', () => {
  it('every subscriber is welcomed, and the heartbeat echoes', async () => {
    const second = new KernelClient(file.connection);
    const welcome = second.nextIopub(({ header }) => header.msg_type === 'iopub_welcome', 30_000);
    expect((await welcome).content).toEqual({ subscription: '' });
    expect(await second.ping()).toBeGreaterThan(0);
    second.close();
  });

  it('shutdown_request is answered after the processes were ended', async () => {
    expect(await client.shutdown(true)).toEqual({ status: 'ok', restart: true });
    expect(workers.cell.stopped).toBe(true);
    while (session.shutdowns() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(session.shutdowns()).toBe(1);
  });
});
