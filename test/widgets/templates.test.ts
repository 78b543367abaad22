/** @file Layout templates, beside what Python's ipywidgets makes of the same (test/fixtures/widgets/make_templates.py). */
import { afterEach, describe, expect, it } from 'vitest';
import * as widgets from '../../kernel/widgets/index.ts';
import { readFixture } from '../support/fixtures.ts';
import { Recorder } from './recorder.ts';

interface Arrangement {
  readonly areas: string;
  readonly rows: string;
  readonly columns: string;
  /** Labels of the children. */
  readonly children: readonly string[];
}

interface Case extends Arrangement {
  readonly class: 'AppLayout' | 'TwoByTwoLayout';
  readonly merge: boolean;
  readonly places: readonly string[];
}

const { templates, grid } = readFixture<{ templates: Case[]; grid: Arrangement }>('widgets/templates.json');
const recorder = new Recorder();
afterEach(() => {
  widgets.closeAll();
  expect(recorder.errors.splice(0)).toEqual([]);
});

const camelCase = (name: string): string => name.replace(/_(.)/g, (_all, letter: string) => letter.toUpperCase());
const label = (value: string) => new widgets.Label({ value });
/** What the front end knows of a grid. */
const arranged = (shown: widgets.Widget & { children: readonly widgets.Widget[]; layout: widgets.Layout }) => {
  const state = recorder.models.states.get(shown.layout.modelId)!;
  const children = (recorder.models.states.get(shown.modelId)!.children as string[]).map(
    (reference) => recorder.models.states.get(reference.slice(10))!.value,
  );
  return {
    areas: state.grid_template_areas,
    rows: state.grid_template_rows,
    columns: state.grid_template_columns,
    children,
  };
};

describe.each(templates)('$class of $places, merge $merge', ({ class: name, merge, places, ...expected }) => {
  const options = () => Object.fromEntries(places.map((place) => [camelCase(place), label(place)]));
  const sorted = ({ children, ...rest }: ReturnType<typeof arranged>) => ({ ...rest, children: [...children].sort() });

  it('is arranged as in Python', () => {
    const shown = new widgets[name]({ merge, ...options() });
    expect(sorted(arranged(shown))).toEqual(sorted(expected as never));
  });

  it('is arranged so when the places are taken one by one', () => {
    const shown = new widgets[name]({ merge });
    shown.set(options());
    expect(sorted(arranged(shown))).toEqual(sorted(expected as never));
  });
});

it('places are named, and passed on to the layout', () => {
  const center = label('c');
  const app = new widgets.AppLayout({
    ...{ center, width: '50%', alignItems: 'bottom', gridGap: '4px' },
    ...{ paneWidths: [1, '2', '80px'], merge: false },
  });
  const layout = () => recorder.models.states.get(app.layout.modelId);
  expect(layout()).toMatchObject({ width: '50%', align_items: 'flex-end', grid_gap: '4px' });
  expect(layout()).toMatchObject({ grid_template_columns: '1fr 2fr 80px' });
  expect(recorder.models.states.get(center.layout.modelId)).toMatchObject({ grid_area: 'center' });
  expect(recorder.models.states.get(app.modelId)).toMatchObject({ _model_name: 'GridBoxModel' });
  expect(Object.keys(recorder.models.states.get(app.modelId)!)).not.toContain('center');
  app.width = null;
  expect(layout()).toMatchObject({ width: null });
  expect(app.center).toBe(center);
  expect(() => (app.paneWidths = ['wide', 1, 1] as never)).toThrow('a size such as');
});

describe('GridspecLayout', () => {
  it('is arranged as in Python', () => {
    const shown = new widgets.GridspecLayout(3, 3)
      .put(0, [0], label('top'))
      .put([1], 0, label('side'))
      .put(-1, [1], label('end'))
      .put(0, 2, label('corner'));
    // What is left of a widget that was taken away is empty here; Python leaves its name there.
    expect(arranged(shown)).toEqual({ ...grid, areas: grid.areas.replaceAll('widget001', '.') });
    expect((shown.at(1, 0) as widgets.Label).value).toBe('side');
    expect(shown.at(1, 1)).toBeUndefined();
    expect(() => shown.at([0], 0)).toThrow('several widgets');
  });

  it('says what is wrong', () => {
    expect(() => new widgets.GridspecLayout(0, 2)).toThrow('the number of rows, at least 1, got 0');
    const shown = new widgets.GridspecLayout(2, 2);
    expect(() => shown.put(2, 0, label('x'))).toThrow('there is no row 2; the grid has rows 0 to 1.');
    expect(() => shown.put(0, [1, 1], label('x'))).toThrow('there is no column [1,1]');
    expect(() => shown.put(0, 0, 'x' as never)).toThrow('expected a widget');
  });
});
