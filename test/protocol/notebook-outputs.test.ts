import { describe, expect, it } from 'vitest';
import { applyTerminalControls, CellOutputs, DisplayRegistry } from '../../kernel/client/index.ts';
import { MessageWriter } from '../../kernel/protocol/message.ts';

const writer = new MessageWriter('tester');
const stream = (text: string, name = 'stdout') => writer.create('stream', { name, text });
const display = (text: string, display_id?: string, type = 'display_data') =>
  writer.create(type, { data: { 'text/plain': text }, metadata: {}, transient: { display_id } });
const shown = (text: string) => ({ output_type: 'display_data', data: { 'text/plain': text }, metadata: {} });

describe('outputs of a notebook cell', () => {
  it('join neighbouring text of one stream', () => {
    const cell = new CellOutputs();
    for (const message of [stream('a'), stream('b\n'), stream('!', 'stderr'), stream('c')]) cell.add(message);
    expect(cell.outputs).toEqual([
      { output_type: 'stream', name: 'stdout', text: 'ab\n' },
      { output_type: 'stream', name: 'stderr', text: '!' },
      { output_type: 'stream', name: 'stdout', text: 'c' },
    ]);
  });

  it('follow updates by display id wherever it is shown, in earlier cells too', () => {
    const displays = new DisplayRegistry();
    const [first, second] = [new CellOutputs(displays), new CellOutputs(displays)];
    first.add(display('0%', 'bar'));
    second.add(display('0%', 'bar'));
    second.add(display('other', 'else'));
    second.add(display('100%', 'bar', 'update_display_data'));
    expect(first.outputs).toEqual([shown('100%')]);
    expect(second.outputs).toEqual([shown('100%'), shown('other')]);
  });

  it('are cleared at once, or by the next output', () => {
    const cell = new CellOutputs();
    cell.add(stream('a'));
    cell.add(writer.create('clear_output', { wait: true }));
    expect(cell.outputs).toHaveLength(1);
    cell.add(display('b'));
    expect(cell.outputs).toEqual([shown('b')]);
    cell.add(writer.create('clear_output', { wait: false }));
    expect(cell.outputs).toEqual([]);
  });

  it('hold results and errors as nbformat has them', () => {
    const cell = new CellOutputs();
    cell.add(writer.create('execute_result', { execution_count: 3, data: { 'text/plain': '2' }, metadata: {} }));
    cell.add(writer.create('error', { ename: 'Error', evalue: 'no', traceback: ['Error: no'] }));
    cell.add(writer.create('status', { execution_state: 'idle' }));
    expect(cell.outputs).toEqual([
      { output_type: 'execute_result', execution_count: 3, data: { 'text/plain': '2' }, metadata: {} },
      { output_type: 'error', ename: 'Error', evalue: 'no', traceback: ['Error: no'] },
    ]);
  });
});

describe('terminal controls', () => {
  it.each([
    ['10%\r50%\rdone\nnext', 'done\nnext'],
    ['abc\rX', 'Xbc'],
    ['ab\bc', 'ac'],
    ['windows\r\nlines\r\n', 'windows\nlines\n'],
    ['plain', 'plain'],
  ])('%j leaves %j', (text, left) => {
    expect(applyTerminalControls(text)).toBe(left);
  });
});
