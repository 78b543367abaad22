/** @file Widgets beside a front end in memory: both directions, errors, events, front ends of one's own. */
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { displaySymbol } from '../../src/display.ts';
import { registerWidgetTargets } from '../../kernel/widgets/registry.ts';
import * as widgets from '../../kernel/widgets/index.ts';
import { Recorder, type RecordedMessage } from './recorder.ts';

const recorder = new Recorder();
registerWidgetTargets();
beforeEach(() => void recorder.take());
afterEach(() => {
  widgets.closeAll();
  expect(recorder.errors.splice(0)).toEqual([]);
});

/** Method and state of the messages. */
const sent = (messages: readonly RecordedMessage[] = recorder.take()) =>
  messages.map(({ data }) => [data.method, data.state]);

describe('properties', () => {
  it('go to the front end, then to the observers', () => {
    const slider = new widgets.IntSlider({ value: 3 });
    const seen: unknown[] = [];
    const stop = slider.observe('value', ({ name, value, old, owner }) => {
      seen.push([name, old, value, owner === slider, sent().length > 0]);
    });
    recorder.take();
    slider.value = 4;
    slider.value = 4;
    expect(seen).toEqual([['value', 3, 4, true, true]]);
    stop();
    slider.value = 5;
    expect(seen).toHaveLength(1);
    slider.observe(['min', 'max'], ({ name }) => seen.push(name));
    slider.set({ min: 50, max: 60 });
    expect(seen.slice(1)).toEqual(['min', 'max']);
    expect(slider.value).toBe(50);
  });

  it('of several assignments go in one message when they are held or set together', async () => {
    const slider = new widgets.IntSlider();
    recorder.take();
    slider.set({ min: 10, max: 20, value: 15 });
    expect(sent()).toEqual([['update', { min: 10, max: 20, value: 15 }]]);
    const given = slider.holdSync(() => {
      slider.value = 16;
      slider.value = 17;
      slider.description = 'x';
      expect(sent()).toEqual([]);
      return 'given';
    });
    expect(given).toBe('given');
    expect(sent()).toEqual([['update', { value: 17, description: 'x' }]]);
    await slider.holdSync(async () => {
      slider.value = 18;
      await Promise.resolve();
      slider.value = 19;
    });
    expect(sent()).toEqual([['update', { value: 19 }]]);
  });

  it('from the front end are echoed, taken, and put right where they do not fit', async () => {
    const slider = new widgets.IntSlider({ max: 10 });
    const seen: number[] = [];
    slider.observe('value', ({ value }) => seen.push(value));
    recorder.take();
    await recorder.update(slider.modelId, { value: 7 });
    expect(sent()).toEqual([['echo_update', { value: 7 }]]);
    await recorder.update(slider.modelId, { value: 70, unknown: 1 });
    expect(sent()).toEqual([
      ['echo_update', { value: 70 }],
      ['update', { value: 10 }],
    ]);
    await recorder.update(slider.modelId, { value: 80 });
    expect(sent()).toEqual([
      ['echo_update', { value: 80 }],
      ['update', { value: 10 }],
    ]);
    expect(seen).toEqual([7, 10]);
    await recorder.update(slider.modelId, { value: 'x' });
    expect(recorder.errors.splice(0).map(String)).toEqual([
      "TraitError: IntSlider.value: expected a whole number, got 'x'",
    ]);
    expect(recorder.models.states.get(slider.modelId)).toMatchObject({ value: 10 });
  });

  it('are not sent back where an observer changes them on, only what the front end does not have', async () => {
    const slider = new widgets.IntSlider();
    slider.observe('value', ({ value }) => (slider.value = value - (value % 10)));
    recorder.take();
    await recorder.update(slider.modelId, { value: 57 });
    expect(sent()).toEqual([
      ['echo_update', { value: 57 }],
      ['update', { value: 50 }],
    ]);
  });

  it('hand over errors: to who assigns, or to the report where the front end does', async () => {
    const box = new widgets.Checkbox();
    const seen: unknown[] = [];
    box.observe('value', () => {
      throw new Error('first');
    });
    box.observe('value', async ({ value }) => {
      seen.push(value);
      await Promise.resolve();
      if (!value) throw new Error('second');
    });
    expect(() => (box.value = true)).toThrow('first');
    expect(seen).toEqual([true]);
    await recorder.update(box.modelId, { value: false });
    expect(recorder.errors.splice(0).map((error) => (error as Error).message)).toEqual(['first', 'second']);
  });

  it('say what is wrong with a value', () => {
    const failure = (make: () => unknown): string => {
      try {
        make();
      } catch (error) {
        return String(error);
      }
      return 'no error';
    };
    const loose = widgets as unknown as Record<string, new (options: unknown) => unknown>;
    expect(failure(() => new loose.IntSlider({ value: 1.5 }))).toBe(
      'TraitError: IntSlider.value: expected a whole number, got 1.5',
    );
    expect(failure(() => new widgets.IntSlider({ min: 200 }))).toBe(
      'RangeError: IntSlider: min (200) must not be above max (100).',
    );
    expect(failure(() => new loose.FloatText({ value: Number.NaN }))).toBe(
      'TraitError: FloatText.value: expected a finite number, got NaN',
    );
    expect(failure(() => new loose.IntText({ valu: 1 }))).toBe(
      "TypeError: IntText has no property 'valu'. Did you mean 'value'?",
    );
    expect(failure(() => new loose.IntText({ step_size: 1 }))).toMatch(/has no property 'step_size'. It has .*step/);
    expect(failure(() => new loose.HBox([1]))).toBe(
      'TraitError: HBox.children: expected a widget at index 0, got [ 1 ]',
    );
    expect(failure(() => new loose.Label({ layout: 'wide' }))).toBe(
      "TraitError: Label.layout: expected a Layout, or an object with its properties, got 'wide'",
    );
    expect(failure(() => new loose.Layout({ visibility: 'no' }))).toContain("one of 'visible', 'hidden'");
    expect(failure(() => new loose.ColorPicker({ value: 'blurple' }))).toContain('expected a CSS colour');
    expect(failure(() => new loose.Dropdown({ options: ['a'], value: 'b' }))).toBe(
      "RangeError: Dropdown: value 'b' is none of the options ('a').",
    );
    expect(failure(() => new loose.Dropdown({ options: 3 }))).toContain('expected options: a list');
    expect(failure(() => new loose.SelectionSlider({}))).toContain('options must not be empty');
    expect(failure(() => new widgets.Accordion([], { selectedIndex: 0 }))).toContain('out of range');
    expect(failure(() => new widgets.IntRangeSlider({ value: [3, 1] }))).toContain('must not be above the upper one');
    expect(failure(() => new loose.TimePicker({ value: '25:00' }))).toContain('expected a time of day');
    expect(failure(() => new widgets.DatePicker({ min: new Date(9), max: new Date(1) }))).toContain(
      'must not be after',
    );
    expect(failure(() => new loose.TagsInput({ value: ['x'], allowedTags: ['y'] }))).toContain(
      'none of the allowed tags',
    );
    expect(failure(() => widgets.interact((() => 1) as never, { n: undefined as never }))).toContain('interact: n');
    expect(failure(() => widgets.interact((() => 1) as never, { n: [3, 1] }))).toBe(
      'RangeError: interact: n: min (3) must be below max (1).',
    );
  });

  it('have types', () => {
    const dropdown = new widgets.Dropdown({ options: ['sgd', 'adam'] });
    expectTypeOf(dropdown.value).toEqualTypeOf<'sgd' | 'adam'>();
    expectTypeOf(new widgets.Dropdown({ options: { a: 1, b: 2 } }).value).toEqualTypeOf<1 | 2>();
    expectTypeOf(new widgets.Select({ options: new Map([['a', true]]) }).value).toEqualTypeOf<boolean>();
    expectTypeOf(new widgets.SelectMultiple({ options: [['One', 1]] }).value).toEqualTypeOf<readonly 1[]>();
    dropdown.observe('value', ({ value }) => expectTypeOf(value).toEqualTypeOf<'sgd' | 'adam'>());
    const slider = new widgets.FloatRangeSlider();
    expectTypeOf(slider.value).toEqualTypeOf<readonly [number, number]>();
    expectTypeOf(new widgets.DatePicker().value).toEqualTypeOf<Date | null>();
    // @ts-expect-error there is no such property
    void (() => slider.observe('values', () => {}));
    // @ts-expect-error it takes a number
    void (() => new widgets.IntSlider({ value: 'x' }));
    const Counter = widgets.defineWidget({ esm: '', state: { count: 0, names: ['a'] } });
    const counter = new Counter({ count: 2 });
    expectTypeOf(counter.count).toEqualTypeOf<number>();
    expectTypeOf(counter.names).toEqualTypeOf<string[]>();
  });
});

describe('on the page', () => {
  it('a widget is a view, with text for front ends without the manager', () => {
    const slider = new widgets.IntSlider({ value: 7, description: 'n', layout: { width: '5em' } });
    expect(slider[displaySymbol]()).toEqual({
      'application/vnd.jupyter.widget-view+json': { version_major: 2, version_minor: 0, model_id: slider.modelId },
      'text/plain': "IntSlider { description: 'n', value: 7 }",
    });
    expect(inspect(new widgets.HBox([slider]))).toContain('children: [ IntSlider {');
    expect(inspect(new widgets.Text())).toBe('Text {}');
  });

  it('classes and focus', () => {
    const text = new widgets.Text();
    recorder.take();
    text.addClass('big').addClass('big').addClass('red').removeClass('big');
    text.focus();
    expect(recorder.models.states.get(text.modelId)).toMatchObject({ _dom_classes: ['red'] });
    expect(recorder.take().at(-1)?.data).toEqual({ method: 'custom', content: { do: 'focus' } });
  });

  it('closing takes it away', async () => {
    const text = new widgets.Text();
    expect(text.closed).toBe(false);
    text.close();
    expect(recorder.take()).toContainEqual(expect.objectContaining({ type: 'comm_close', model: text.modelId }));
    expect(text.closed).toBe(true);
    text.value = 'still a value';
    expect(recorder.take()).toEqual([]);
  });
});

describe('events', () => {
  it('of buttons and text inputs', async () => {
    const button = new widgets.Button();
    const text = new widgets.Text({ value: 'entered' });
    const seen: unknown[] = [];
    const stop = button.onClick((pressed) => seen.push(pressed === button));
    text.onSubmit(({ value }) => seen.push(value));
    await recorder.custom(button.modelId, { event: 'click' });
    button.click();
    await recorder.custom(text.modelId, { event: 'submit' });
    await recorder.custom(text.modelId, { event: 'other' });
    expect(seen).toEqual([true, true, 'entered']);
    stop();
    button.click();
    expect(seen).toHaveLength(3);
  });

  it('a message is over when the work that its handlers began is', async () => {
    const button = new widgets.Button();
    let done = false;
    button.onClick(async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      done = true;
    });
    await recorder.custom(button.modelId, { event: 'click' });
    expect(done).toBe(true);
  });

  it('custom messages with buffers, and a request for the state', async () => {
    const image = new widgets.Image({ value: new Uint8Array([1, 2]) });
    const seen: unknown[] = [];
    image.onMsg((content, buffers) => seen.push([content, [...buffers[0]]]));
    recorder.take();
    image.send({ hello: 1 }, [new Uint8Array([5])]);
    expect(recorder.take()).toMatchObject([{ data: { method: 'custom', content: { hello: 1 } }, buffers: [[5]] }]);
    await recorder.message(image.modelId, { method: 'custom', content: 'x' }, [new Uint8Array([9])]);
    expect(seen).toEqual([['x', [9]]]);
    await recorder.message(image.modelId, { method: 'request_state' });
    const [answer] = recorder.take();
    expect(answer.data).toMatchObject({ method: 'update', buffer_paths: [['value']] });
    expect(answer.data.state).toMatchObject({ format: 'png', _model_name: 'ImageModel' });
    expect(answer.buffers).toEqual([[1, 2]]);
    await recorder.message(image.modelId, { method: 'nonsense' });
    expect(String(recorder.errors.splice(0)[0])).toContain("unknown method 'nonsense'");
  });

  it('an upload arrives with its bytes and is not echoed', async () => {
    const upload = new widgets.FileUpload();
    recorder.take();
    const file = { name: 'a.csv', type: 'text/csv', size: 3, last_modified: 1_700_000_000_000 };
    await recorder.update(upload.modelId, { value: [file] }, [['value', 0, 'content']], [new Uint8Array([97, 44, 98])]);
    expect(sent()).toEqual([]);
    expect(upload.value).toHaveLength(1);
    expect(upload.value[0]).toMatchObject({ name: 'a.csv', size: 3, lastModified: new Date(1_700_000_000_000) });
    expect(new TextDecoder().decode(upload.value[0].content)).toBe('a,b');
  });
});

describe('the front end', () => {
  it('gets all states on the control channel, as after a reload', async () => {
    const image = new widgets.Image({ value: new Uint8Array([1]) });
    const box = new widgets.HBox([image]);
    recorder.take();
    expect(await recorder.open('control', 'jupyter.widget.control', {}, { version: '1.0.0' })).toBe(true);
    await recorder.message('control', { method: 'request_states' });
    const [answer] = recorder.take();
    const states = (answer.data as unknown as { states: Record<string, { state: Record<string, unknown> }> }).states;
    expect(answer.data).toMatchObject({ method: 'update_states', buffer_paths: [[image.modelId, 'state', 'value']] });
    expect(answer.buffers).toEqual([[1]]);
    expect(states[box.modelId]).toMatchObject({
      model_name: 'HBoxModel',
      model_module: '@jupyter-widgets/controls',
      model_module_version: '2.0.0',
      state: { children: [`IPY_MODEL_${image.modelId}`] },
    });
    expect(Object.keys(states).sort()).toEqual(
      [image, box, image.layout, box.layout].map(({ modelId }) => modelId).sort(),
    );
    await recorder.message('control', { method: 'other' });
    expect(String(recorder.errors.splice(0)[0])).toContain('request_states');
    expect(await recorder.open('control2', 'jupyter.widget.control', {}, { version: '2.0.0' })).toBe(false);
    expect(recorder.errors.splice(0)).toHaveLength(1);
  });

  it('may make widgets', async () => {
    const controller = new widgets.Controller();
    const state = { _model_module: '@jupyter-widgets/controls', _model_name: 'ControllerButtonModel', value: 0.5 };
    expect(await recorder.open('made', 'jupyter.widget', { state, buffer_paths: [] }, { version: '2.1.0' })).toBe(true);
    const seen: unknown[] = [];
    controller.observe('buttons', ({ value }) => seen.push(value[0].value));
    await recorder.update(controller.modelId, { buttons: ['IPY_MODEL_made'] });
    expect(seen).toEqual([0.5]);
    expect(controller.buttons[0].modelId).toBe('made');
    const unknown = { _model_module: 'x', _model_name: 'YModel' };
    expect(await recorder.open('u', 'jupyter.widget', { state: unknown, buffer_paths: [] }, {})).toBe(false);
    expect(String(recorder.errors.splice(0)[0])).toContain('no YModel of x');
  });
});

it('defines widgets with a front end of their own', async () => {
  const esm = 'export default { render() {} }';
  const Counter = widgets.defineWidget({
    esm,
    css: 'b { color: red }',
    state: { count: 0, data: new Float32Array([1]) },
  });
  const counter = new Counter({ count: 3 });
  const [, opened] = recorder.take();
  expect(opened.data.state).toMatchObject({
    ...{ _model_name: 'AnyModel', _model_module: 'anywidget', _view_name: 'AnyView', _view_module: 'anywidget' },
    ...{ _esm: esm, _css: 'b { color: red }', count: 3 },
  });
  expect(opened.data.state?._anywidget_id).toMatch(/^tensorcell\.[\da-f]{16}$/);
  expect(opened.data.buffer_paths).toEqual([['data']]);
  const seen: number[] = [];
  counter.observe('count', ({ value }) => seen.push(value));
  await recorder.update(counter.modelId, { count: 4 });
  counter.count++;
  expect(seen).toEqual([4, 5]);
  expect(() => widgets.defineWidget({ esm, state: { layout: 1 } })).toThrow('state.layout');
});
