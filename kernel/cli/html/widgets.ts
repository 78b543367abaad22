/** @file Widgets as a page without a kernel shows them: what they held when the notebook was saved, nothing to operate. */
import type { SavedWidget } from '../../client/index.ts';
import type { Output } from '../notebook.ts';
import { escapeHtml } from './escape.ts';

type State = Readonly<Record<string, unknown>>;

/** Properties of layouts that a page takes over. */
const layoutKeys = [
  ...[
    'width',
    'height',
    'min_width',
    'max_width',
    'min_height',
    'max_height',
    'margin',
    'padding',
    'overflow',
    'display',
  ],
  ...['border_top', 'border_right', 'border_bottom', 'border_left', 'visibility', 'flex', 'flex_flow', 'order'],
  ...['justify_content', 'justify_items', 'align_items', 'align_content', 'align_self'],
  ...['grid_area', 'grid_row', 'grid_column', 'grid_gap', 'grid_template_areas'],
  ...['grid_template_rows', 'grid_template_columns', 'grid_auto_flow', 'grid_auto_rows', 'grid_auto_columns'],
];

const text = (value: unknown): string => (value === null || value === undefined ? '' : escapeHtml(String(value)));
const labels = (state: State): readonly unknown[] => (state._options_labels ?? []) as unknown[];
const field = (type: string, value: unknown): string => `<input type="${type}" value="${text(value)}" disabled>`;
const button = (label: unknown): string => `<button type="button" disabled>${text(label)}</button>`;

const choice = (state: State, chosen: readonly unknown[], attributes = ''): string => {
  const options = labels(state).map(
    (label, index) => `<option${chosen.includes(index) ? ' selected' : ''}>${text(label)}</option>`,
  );
  return `<select disabled${attributes}>${options.join('')}</select>`;
};

const slider = ({ min, max, step, value }: State, at = value): string =>
  `<input type="range" min="${text(min)}" max="${text(max)}" step="${text(step ?? 'any')}" value="${text(at)}" disabled> ` +
  `<output>${text(value)}</output>`;

const pair = ({ value }: State): string => (value as readonly unknown[]).map(text).join(' – ');
const chosenLabels = (state: State): string => {
  const indices = [state.index ?? []].flat() as number[];
  return indices.map((index) => text(labels(state)[index])).join(' – ');
};
const dayOf = (value: unknown): string => {
  const { year, month, date } = (value ?? {}) as Partial<Record<string, number>>;
  return date === undefined ? '' : new Date(Date.UTC(year!, month!, date)).toISOString().slice(0, 10);
};
const timeOf = (value: unknown): string => {
  const { hours, minutes } = (value ?? {}) as Partial<Record<string, number>>;
  return hours === undefined ? '' : [hours, minutes].map((part) => String(part).padStart(2, '0')).join(':');
};
const bar = ({ min, max, value }: State): string =>
  `<progress max="${Number(max) - Number(min)}" value="${Number(value) - Number(min)}"></progress>`;
const number = ({ value }: State): string => field('number', value);
const words = ({ value }: State): string =>
  (value as readonly unknown[]).map((tag) => `<code>${text(tag)}</code>`).join(' ');

/** What stands beside the label, by the model's name. */
const controls: Readonly<Record<string, (state: State) => string>> = {
  ...{ IntSlider: slider, FloatSlider: slider, IntProgress: bar, FloatProgress: bar },
  FloatLogSlider: (state) => slider(state, Math.log(Number(state.value)) / Math.log(Number(state.base))),
  ...{
    IntRangeSlider: pair,
    FloatRangeSlider: pair,
    SelectionSlider: chosenLabels,
    SelectionRangeSlider: chosenLabels,
  },
  ...{ IntText: number, FloatText: number, BoundedIntText: number, BoundedFloatText: number, Play: number },
  ...{ Text: ({ value }) => field('text', value), Combobox: ({ value }) => field('text', value) },
  Password: () => field('password', '••••'),
  Textarea: ({ value }) => `<textarea disabled>${text(value)}</textarea>`,
  Label: ({ value }) => `<span>${text(value)}</span>`,
  HTML: ({ value }) => `<div>${String(value)}</div>`,
  HTMLMath: ({ value }) => `<div>${String(value)}</div>`,
  Checkbox: ({ value }) => `<input type="checkbox"${value === true ? ' checked' : ''} disabled>`,
  Valid: ({ value, readout }) => (value === true ? '✔' : `✘ ${text(readout)}`),
  Button: ({ description }) => button(description),
  ToggleButton: ({ description }) => button(description),
  FileUpload: ({ description }) => button(description),
  ...{ Dropdown: (state) => choice(state, [state.index]), RadioButtons: (state) => choice(state, [state.index]) },
  Select: (state) => choice(state, [state.index], ` size="${text(state.rows ?? 5)}"`),
  SelectMultiple: (state) => choice(state, state.index as unknown[], ` multiple size="${text(state.rows ?? 5)}"`),
  ToggleButtons: (state) => labels(state).map(button).join(' '),
  ColorPicker: ({ value }) => field('text', value),
  DatePicker: ({ value }) => field('date', dayOf(value)),
  Time: ({ value }) => field('time', timeOf(value)),
  Datetime: ({ value }) => `${field('date', dayOf(value))} ${field('time', timeOf(value))} UTC`,
  NaiveDatetime: ({ value }) => `${field('date', dayOf(value))} ${field('time', timeOf(value))}`,
  ...{ TagsInput: words, ColorsInput: words, IntsInput: words, FloatsInput: words },
};

/** Whose description stands in them. */
const labelless = new Set(['Button', 'ToggleButton', 'FileUpload']);

/** The widgets of one notebook. */
export class StaticWidgets {
  readonly #models: Readonly<Record<string, SavedWidget>>;
  readonly #showOutput: (output: Output) => string;

  /** @param showOutput shows what an output widget has captured */
  constructor(models: Readonly<Record<string, SavedWidget>>, showOutput: (output: Output) => string) {
    this.#models = models;
    this.#showOutput = showOutput;
  }

  /** A widget as HTML; undefined where a page cannot show it. */
  show(id: string, ancestors: readonly string[] = []): string | undefined {
    const model = Object.hasOwn(this.#models, id) && !ancestors.includes(id) ? this.#models[id] : undefined;
    if (model === undefined) return undefined;
    const name = String(model.model_name).replace(/Model$/, '');
    const content = this.#content(name, model, [...ancestors, id]);
    if (content === undefined) return undefined;
    const { description } = model.state;
    const label = description && !labelless.has(name) ? `<label>${text(description)}</label>` : '';
    return `<div class="widget ${name.toLowerCase()}"${this.#style(model.state)}>${label}${content}</div>`;
  }

  #content(name: string, model: SavedWidget, ancestors: readonly string[]): string | undefined {
    const { state } = model;
    if (name === 'Output') return ((state.outputs ?? []) as Output[]).map(this.#showOutput).join('\n');
    if (name === 'Image') return picture(model);
    if (!Array.isArray(state.children)) return Object.hasOwn(controls, name) ? controls[name](state) : undefined;
    const children = (state.children as unknown[]).map(
      (child) => this.show(String(child).replace(/^IPY_MODEL_/, ''), ancestors) ?? '<div class="note">(a widget)</div>',
    );
    if (name === 'Stack') return children[Number(state.selected_index ?? -1)] ?? '';
    if (name !== 'Tab' && name !== 'Accordion') return children.join('');
    const titles = (state.titles ?? []) as unknown[];
    return children
      .map((child, index) => {
        const open = index === state.selected_index ? ' open' : '';
        return `<details${open}><summary>${text(titles[index])}</summary>${child}</details>`;
      })
      .join('');
  }

  /** Size and place, without what could leave the attribute or fetch something. */
  #style({ layout }: State): string {
    const { state = {} } = this.#models[String(layout).replace(/^IPY_MODEL_/, '')] ?? {};
    const rules = layoutKeys.flatMap((key) => {
      const value = (state as State)[key];
      const isPlain = typeof value === 'string' && !/[;{}\\]|url\(/i.test(value);
      return isPlain ? [`${key.replaceAll('_', '-')}: ${value.replace(/\n/g, ' ')}`] : [];
    });
    return rules.length === 0 ? '' : ` style="${text(rules.join('; '))}"`;
  }
}

function picture({ state, buffers = [] }: SavedWidget): string {
  const part = buffers.find(({ path }) => path[0] === 'value');
  const data = part?.data ?? '';
  const isUrl = state.format === 'url';
  const source = isUrl
    ? Buffer.from(data, 'base64').toString('utf8')
    : `data:image/${String(state.format)};base64,${data}`;
  const size = ['width', 'height'].map((key) => (state[key] ? ` ${key}="${text(state[key])}"` : ''));
  return `<img src="${text(source)}" alt=""${size.join('')}>`;
}
