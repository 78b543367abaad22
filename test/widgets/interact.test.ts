/** @file `interact` beside a front end in memory: controls of short forms, runs at changes and on a button. */
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import * as widgets from '../../kernel/widgets/index.ts';
import { Recorder } from './recorder.ts';

const recorder = new Recorder();
beforeEach(() => void recorder.take());
afterEach(() => {
  widgets.closeAll();
  expect(recorder.errors.splice(0)).toEqual([]);
});

describe('interact', () => {
  it('makes controls of short forms', () => {
    const view = widgets.interactive(
      (values) => {
        expectTypeOf(values).toEqualTypeOf<{
          readonly whole: number;
          readonly half: number;
          readonly range: number;
          readonly steps: number;
          readonly name: string;
          readonly on: boolean;
          readonly choice: 'a' | 'b';
          readonly pairs: 1 | 2;
          readonly record: 10;
          readonly own: number;
          readonly constant: { x: number };
        }>();
        return values;
      },
      {
        whole: 5,
        half: 0.5,
        range: [0, 10],
        steps: [0, 1, 0.25],
        name: 'text',
        on: true,
        choice: ['a', 'b'],
        pairs: [
          ['One', 1],
          ['Two', 2],
        ],
        record: { Ten: 10 },
        own: new widgets.BoundedIntText({ value: 3, description: 'mine' }),
        constant: widgets.fixed({ x: 1 }),
      },
    );
    expect(view.result).toEqual({
      ...{
        whole: 5,
        half: 0.5,
        range: 5,
        steps: 0.5,
        name: 'text',
        on: true,
        choice: 'a',
        pairs: 1,
        record: 10,
        own: 3,
      },
      constant: { x: 1 },
    });
    const { controls } = view;
    expect(Object.values(controls).map(({ constructor }) => constructor.name)).toEqual([
      ...[
        'IntSlider',
        'FloatSlider',
        'IntSlider',
        'FloatSlider',
        'Text',
        'Checkbox',
        'Dropdown',
        'Dropdown',
        'Dropdown',
      ],
      'BoundedIntText',
    ]);
    expect(controls.whole).toMatchObject({ min: -5, max: 15, description: 'whole' });
    expect(controls.steps).toMatchObject({ min: 0, max: 1, step: 0.25 });
    expect(controls.own).toMatchObject({ description: 'mine' });
    expect(view.children.at(-1)).toBe(view.output);
    expect(view.classes).toEqual(['widget-interact']);
  });

  it('runs again at each change, and the newest of many while it is busy', async () => {
    const runs: number[] = [];
    const view = widgets.interactive(
      async ({ n }) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        runs.push(n);
        return n;
      },
      { n: [0, 10] },
    );
    const { modelId } = view.controls.n;
    await Promise.all([1, 2, 3].map((value) => recorder.update(modelId, { value })));
    expect(runs).toEqual([5, 3]);
    expect(view.result).toBe(3);
  });

  it('runs on a button where it is manual, and for text with Enter', async () => {
    const runs: unknown[] = [];
    const view = widgets.interactive(({ n, name }) => runs.push([n, name]), { n: 1, name: '' }, { manual: true });
    view.controls.n.value = 2;
    expect(runs).toEqual([]);
    const button = view.children[2] as widgets.Button;
    expect(button.description).toBe('Run Interact');
    await recorder.custom(button.modelId, { event: 'click' });
    expect(runs).toEqual([[2, '']]);
    expect(view.controls.name).toMatchObject({ continuousUpdate: false });
    await recorder.update(view.controls.name.modelId, { value: 'x' });
    expect(runs).toEqual([
      [2, ''],
      [2, 'x'],
    ]);
    expect(button.disabled).toBe(false);
  });
});
