/** @file Output widgets and links beside a front end in memory. */
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import * as widgets from '../../kernel/widgets/index.ts';
import { Recorder, type RecordedMessage } from './recorder.ts';

const recorder = new Recorder();
beforeEach(() => void recorder.take());
afterEach(() => {
  widgets.closeAll();
  expect(recorder.errors.splice(0)).toEqual([]);
});

describe('output', () => {
  const states = (messages: readonly RecordedMessage[]) => messages.map(({ data }) => data.state?.msg_id);

  it('captures by the id of the message that the code runs for', async () => {
    const out = new widgets.Output();
    recorder.take();
    expect(out.with(() => states(recorder.take()))).toEqual(['message-1']);
    expect(states(recorder.take())).toEqual(['']);
    const later = out.with(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return out.msgId;
    });
    out.with(() => {});
    expect(await later).toBe('message-1');
    await Promise.resolve();
    expect(out.msgId).toBe('');
    expect(() =>
      out.with(() => {
        throw new Error('on');
      }),
    ).toThrow('on');
    expect(out.msgId).toBe('');
  });

  it('shows the errors of a captured function, and gives its result', async () => {
    const out = new widgets.Output();
    const half = out.capture((n: number) => {
      if (n % 2) throw new Error(`${n} is odd, in ${out.msgId}`);
      return n / 2;
    });
    expectTypeOf(half).toEqualTypeOf<(n: number) => number | undefined>();
    expect(half(4)).toBe(2);
    expect(half(3)).toBeUndefined();
    const later = out.capture(async () => Promise.reject(new Error('late')));
    expect(await later()).toBeUndefined();
    expect(recorder.errors.splice(0).map((error) => (error as Error).message)).toEqual([
      '3 is odd, in message-1',
      'late',
    ]);
  });

  it('takes outputs without a capture', async () => {
    const out = new widgets.Output();
    out.appendStdout('text\n');
    out.appendStderr('warning\n');
    await out.appendDisplay(new Map([[1, 2]]).size);
    expect(recorder.models.states.get(out.modelId)?.outputs).toMatchObject([
      { output_type: 'stream', name: 'stdout', text: 'text\n' },
      { output_type: 'stream', name: 'stderr', text: 'warning\n' },
      { output_type: 'display_data', data: { 'text/plain': '1' }, metadata: {} },
    ]);
    out.clear();
    expect(out.outputs).toEqual([]);
  });
});

describe('links', () => {
  it('in the kernel', () => {
    const a = new widgets.IntSlider({ value: 1 });
    const b = new widgets.FloatSlider({ value: 2 });
    const unlink = widgets.link([a, 'value'], [b, 'value']);
    expect(b.value).toBe(1);
    b.value = 9;
    expect(a.value).toBe(9);
    unlink();
    a.value = 3;
    expect(b.value).toBe(9);
    const label = new widgets.Label();
    const stop = widgets.dlink([a, 'value'], [label, 'value'], (value) => `${value} epochs`);
    a.value = 4;
    expect(label.value).toBe('4 epochs');
    stop();
    a.value = 5;
    expect(label.value).toBe('4 epochs');
  });

  it('in the front end', () => {
    const play = new widgets.Play();
    const bar = new widgets.IntProgress();
    recorder.take();
    const link = widgets.jslink([play, 'value'], [bar, 'value']);
    expect(recorder.take()[0].data.state).toMatchObject({
      _model_name: 'LinkModel',
      _view_name: null,
      source: [`IPY_MODEL_${play.modelId}`, 'value'],
      target: [`IPY_MODEL_${bar.modelId}`, 'value'],
    });
    link.close();
    expect(recorder.take()[0].type).toBe('comm_close');
    widgets.jsdlink([play, 'showRepeat'], [bar, 'description']);
    expect(recorder.take()[0].data.state).toMatchObject({
      _model_name: 'DirectionalLinkModel',
      source: [`IPY_MODEL_${play.modelId}`, 'show_repeat'],
    });
    const list = new widgets.Dropdown({ options: ['a'] });
    expect(() => widgets.jslink([list, 'value'], [bar, 'description'])).toThrow('known here only');
  });
});
