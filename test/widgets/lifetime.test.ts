/** @file What widgets keep and let go: closed ones, values that are changed in place, errors of several observers. */
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { displaySymbol } from '../../src/display.ts';
import * as widgets from '../../kernel/widgets/index.ts';
import { models } from '../../kernel/widgets/registry.ts';
import { Recorder } from './recorder.ts';

const recorder = new Recorder();
beforeEach(() => void recorder.take());
afterEach(() => {
  widgets.closeAll();
  expect(recorder.errors.splice(0)).toEqual([]);
});
const state = (widget: widgets.Widget) => recorder.models.states.get(widget.modelId);

describe('a widget that is closed', () => {
  it('takes along the layout and style that were made for it', async () => {
    for (let round = 0; round < 50; round++) {
      const slider = new widgets.IntSlider({ layout: { width: '5em' } });
      new widgets.HBox([slider]).close();
      slider.close();
    }
    expect(models.size).toBe(0);
    expect(recorder.models.states.size).toBe(0);
    const closedThere = new widgets.Text();
    await recorder.close(closedThere.modelId);
    expect(closedThere.closed).toBe(true);
    expect(models.size).toBe(0);
    expect(Object.keys(closedThere[displaySymbol]())).toEqual(['text/plain']);
  });

  it('leaves what others use, and what was made by name', () => {
    const [a, b] = [new widgets.Label(), new widgets.Label()];
    b.layout = a.layout;
    a.close();
    expect(b.layout.closed).toBe(false);
    b.close();
    expect(b.layout.closed).toBe(true);
    const layout = new widgets.Layout({ width: '1em' });
    new widgets.Label({ layout }).close();
    expect(layout.closed).toBe(false);
    const label = new widgets.Label({ value: 'inside' });
    new widgets.HBox([label]).close();
    expect(label.closed).toBe(false);
  });

  it('leaves a layout that was replaced', () => {
    const label = new widgets.Label();
    const { layout } = label;
    label.layout = new widgets.Layout({ width: '1em' });
    expect(layout.closed).toBe(true);
  });
});

describe('values that are changed in place', () => {
  it('are sent when they are assigned again: bytes, and arrays of own front ends', () => {
    const pixels = new Uint8Array([1, 2]);
    const image = new widgets.Image({ value: pixels });
    pixels[0] = 9;
    image.value = pixels;
    expect([...(state(image)?.value as Uint8Array)]).toEqual([9, 2]);

    const Points = widgets.defineWidget({ esm: '', state: { points: new Float32Array(1), list: [1] } });
    const points = new Points();
    const data = new Float32Array([1]);
    points.points = data;
    data[0] = 2;
    points.points = data;
    expect(new Float32Array(new Uint8Array(state(points)?.points as number[]).buffer)[0]).toBe(2);
    const list = [1, 2];
    points.list = list;
    list.push(3);
    points.list = list;
    expect(state(points)?.list).toEqual([1, 2, 3]);
  });

  it('are sent by sendState', () => {
    const Points = widgets.defineWidget({ esm: '', state: { list: [1], other: 0 } });
    const points = new Points();
    points.list.push(2);
    recorder.take();
    points.sendState('list');
    expect(recorder.take().map(({ data }) => data.state)).toEqual([{ list: [1, 2] }]);
    points.sendState();
    expect(recorder.take()[0].data.state).toMatchObject({ list: [1, 2], other: 0, _model_name: 'AnyModel' });
    // @ts-expect-error there is no such property
    expect(() => points.sendState('lost')).toThrow("no property 'lost'");
  });

  it('do not change the defaults of a definition', () => {
    const defaults = { list: [1] };
    const Points = widgets.defineWidget({ esm: '', state: defaults });
    defaults.list.push(2);
    new Points().list.push(3);
    expect(new Points().list).toEqual([1]);
  });
});

describe('widgets with a front end of their own', () => {
  it('may hold other widgets', async () => {
    const slider = new widgets.IntSlider();
    const Panel = widgets.defineWidget({ esm: '', state: { parts: [] as { widget: widgets.Widget }[] } });
    const panel = new Panel({ parts: [{ widget: slider }] });
    const reference = `IPY_MODEL_${slider.modelId}`;
    expect(state(panel)?.parts).toEqual([{ widget: reference }]);
    await recorder.update(panel.modelId, { parts: [{ widget: reference }, { widget: reference }] });
    expect(panel.parts.map(({ widget }) => widget === slider)).toEqual([true, true]);
  });

  it('take their module from the web, and refuse what is no JSON', () => {
    const Page = widgets.defineWidget({
      name: 'Page',
      esm: new URL('https://example.org/a.js'),
      state: { value: 0 as unknown },
    });
    expect(state(new Page())?._esm).toBe('https://example.org/a.js');
    expect(inspect(new Page({ value: 3 }))).toBe('Page { value: 3 }');
    expect(() => widgets.defineWidget({ esm: '', state: { close: 1 } })).toThrow('state.close is a name');
    expect(() => new Page({ value: () => 1 })).toThrow('Page.value: expected JSON, typed arrays, widgets');
    expect(() => new Page({ value: { deep: [1n] } })).toThrow('expected JSON');
  });
});

it('a link has no defaults, and is text all the same', () => {
  const link = widgets.jslink([new widgets.Play(), 'value'], [new widgets.IntSlider(), 'value']);
  expect(inspect(link)).toMatch(/^Link \{\s+source: \[ Play \{\}, 'value' \]/);
});

it('an observer may hear of every property', () => {
  const slider = new widgets.IntSlider();
  const seen: unknown[] = [];
  const stop = slider.observe(({ name, value }) => {
    expectTypeOf(value).toEqualTypeOf<unknown>();
    seen.push(`${name} ${String(value)}`);
  });
  slider.value = 2;
  expect(seen.splice(0)).toEqual(['value 2']);
  slider.set({ min: 5, description: 'n' });
  expect(seen.splice(0).sort()).toEqual(['description n', 'min 5', 'value 5']);
  stop();
  slider.value = 9;
  expect(seen).toEqual([]);
  expect(() => slider.observe('value', 'print' as never)).toThrow(
    "expected a function that hears changes, got 'print'",
  );
});

it('every observer that fails is heard of', () => {
  const box = new widgets.Checkbox();
  for (const name of ['first', 'second', 'third'])
    box.observe('value', () => {
      throw new Error(name);
    });
  expect(() => (box.value = true)).toThrow('first');
  expect(recorder.errors.splice(0).map((error) => (error as Error).message)).toEqual(['second', 'third']);
});

it('whole numbers lose the fraction that a linked control in the front end gives them', async () => {
  const progress = new widgets.IntProgress();
  await recorder.update(progress.modelId, { value: 2.7 });
  expect(progress.value).toBe(2);
  expect(state(progress)?.value).toBe(2);
  const range = new widgets.IntRangeSlider();
  await recorder.update(range.modelId, { value: [2.7, 30.2] });
  expect(range.value).toEqual([2, 30]);
});

it('an output widget goes on with an earlier capture when a later one is over', async () => {
  const out = new widgets.Output();
  recorder.messageId = 'first';
  let release: () => void = () => {};
  const first = out.with(() => new Promise<void>((resolve) => (release = resolve)));
  recorder.messageId = 'second';
  out.with(() => expect(out.msgId).toBe('second'));
  expect(out.msgId).toBe('first');
  release();
  await first;
  await Promise.resolve();
  expect(out.msgId).toBe('');
});

it('an output widget that is cleared begins anew, also before the front end has told what it holds', () => {
  const out = new widgets.Output();
  const cleared: unknown[] = [];
  Object.assign(globalThis, { clearOutput: (options: unknown) => cleared.push(options) });
  try {
    out.appendStdout('old');
    out.clear();
    out.appendStdout('new');
    out.clear({ wait: true });
  } finally {
    Reflect.deleteProperty(globalThis, 'clearOutput');
  }
  expect(cleared).toEqual([{ wait: false }, { wait: true }]);
  expect(state(out)?.outputs).toMatchObject([{ text: 'new' }]);
});

it('interactiveOutput runs with the values of widgets, at each change', async () => {
  const [n, unit] = [new widgets.IntSlider({ value: 2 }), new widgets.Dropdown({ options: new Set(['m', 'km']) })];
  const seen: unknown[] = [];
  const output = widgets.interactiveOutput(
    (values) => {
      expectTypeOf(values).toEqualTypeOf<{ readonly n: number; readonly unit: string }>();
      seen.push([values.n, values.unit]);
    },
    { n, unit },
  );
  expect(output).toBeInstanceOf(widgets.Output);
  n.value = 3;
  await recorder.update(unit.modelId, { index: 1 });
  expect(seen).toEqual([
    [2, 'm'],
    [3, 'm'],
    [3, 'km'],
  ]);
  expect(() => widgets.interactiveOutput(() => {}, { n: 3 as never })).toThrow('interactiveOutput: n');
});

it('dlink wants what the other property takes', () => {
  const [slider, label] = [new widgets.IntSlider(), new widgets.Label()];
  widgets.dlink([slider, 'value'], [label, 'value'], (value) => value.toFixed(1));
  expect(label.value).toBe('0.0');
  // @ts-expect-error a label shows text
  void (() => widgets.dlink([slider, 'value'], [label, 'value'], (value) => value + 1));
});
