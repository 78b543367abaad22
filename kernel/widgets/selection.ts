/** @file Selections: one or several of some options. */
import { sameValue } from './buffers.ts';
import { type DomMethods, buttonColors, control, described, disabled, sliding } from './control.ts';
import {
  DescriptionStyle,
  ToggleButtonsStyle,
  type DescriptionStyleOptions,
  type ToggleButtonsStyleOptions,
} from './layout.ts';
import { type OptionValue, type Options, labelled, optionsTrait } from './options.ts';
import {
  type InputsOf,
  Refusal,
  type Trait,
  type Traits,
  type ValuesOf,
  int,
  keyed,
  list,
  oneOf,
  optional,
  pair,
  shortly,
  text,
} from './traits.ts';
import { instance } from './model.ts';
import { type Widget } from './widget.ts';

/** A value that only this side knows: the front end knows its index. */
const anything = <Value>(initial: Value): Trait<Value> => ({
  initial: () => initial,
  check: (input) => input as Value,
  key: null,
});

const common = { ...described, ...disabled, options: optionsTrait };

const single = {
  ...common,
  index: optional(int()),
  value: anything<unknown>(null),
  label: keyed(null, optional(text())),
};

const multiple = {
  ...common,
  index: list(int()),
  value: anything<readonly unknown[]>([]),
  label: keyed(null, list(text())),
};

const range = {
  ...common,
  index: pair(int(), [0, 0]),
  value: anything<readonly unknown[]>([]),
  label: keyed(null, list(text())),
};

const optionLabels = {
  _options_labels: ({ options }: { options: Options }) => labelled(options).map(({ label }) => label),
};

const indexOf = (options: Options, key: 'label' | 'value', wanted: unknown): number => {
  const all = labelled(options);
  const index = all.findIndex((option) => sameValue(option[key], wanted));
  if (index >= 0) return index;
  throw new Refusal(
    `${key} ${shortly(wanted)} is none of the options (${all.map((option) => shortly(option[key])).join(', ')}).`,
  );
};

const checkIndex = (index: number, options: Options): number => {
  const count = labelled(options).length;
  if (index >= 0 && index < count) return index;
  throw new Refusal(`index ${index} is out of range: there are ${count} options, from 0.`);
};

/** Index, label and value follow from the one that was given; the first option is chosen where none was. */
const refineSingle = (next: ValuesOf<typeof single>, given: ReadonlySet<string>, isNew: boolean): void => {
  const options = labelled(next.options);
  const chosen = (): number | null => {
    if (given.has('index')) return next.index === null ? null : checkIndex(next.index, next.options);
    if (given.has('value')) return next.value === null ? null : indexOf(next.options, 'value', next.value);
    if (given.has('label')) return next.label === null ? null : indexOf(next.options, 'label', next.label);
    if (!given.has('options') && !isNew) return next.index;
    return options.length > 0 && (isNew || next.index !== null) ? 0 : null;
  };
  next.index = chosen();
  next.label = next.index === null ? null : options[next.index].label;
  next.value = next.index === null ? null : options[next.index].value;
};

const refineSlider = (next: ValuesOf<typeof single>, given: ReadonlySet<string>, isNew: boolean): void => {
  if (labelled(next.options).length === 0) throw new Refusal('options must not be empty.');
  refineSingle(next, given, isNew);
  if (next.index === null) throw new Refusal('one of the options must be selected.');
};

interface Several {
  options: Options;
  index: readonly number[];
  value: readonly unknown[];
  label: readonly string[];
}

const refineSeveral =
  (none: readonly number[]) =>
  (next: Several, given: ReadonlySet<string>): void => {
    const options = labelled(next.options);
    const chosen = (): readonly number[] => {
      if (given.has('index')) return next.index.map((index) => checkIndex(index, next.options));
      if (given.has('value')) return [...next.value].map((value) => indexOf(next.options, 'value', value));
      if (given.has('label')) return next.label.map((label) => indexOf(next.options, 'label', label));
      return given.has('options') ? none : next.index;
    };
    next.index = Object.freeze(chosen());
    next.value = Object.freeze(next.index.map((index) => options[index].value));
    next.label = Object.freeze(next.index.map((index) => options[index].label));
  };

const refineRange = (next: ValuesOf<typeof range>, given: ReadonlySet<string>): void => {
  if (labelled(next.options).length === 0) throw new Refusal('options must not be empty.');
  if (given.has('value') && next.value.length !== 2)
    throw new Refusal(`value must be the first and the last of the range, got ${shortly(next.value)}.`);
  refineSeveral([0, 0])(next as Several, given);
};

/** What has the type of the options in it, for options with values of type `Value`. */
interface SingleChoice<Value> {
  /** The options as they were given. */
  options: Options;
  /** The selected value. Where nothing is selected (an empty list, or `index` set to null) it is null. */
  value: Value;
  label: string | null;
  index: number | null;
}

interface SeveralChoices<Value> {
  options: Options;
  value: readonly Value[];
  label: readonly string[];
  index: readonly number[];
}

type Choice = 'options' | 'value' | 'label' | 'index';
type ValuesWith<Table extends Traits, Chosen> = Omit<ValuesOf<Table>, Choice> & Chosen;
type InputsWith<Table extends Traits, Chosen> = Omit<InputsOf<Table>, Choice> & Partial<Chosen>;

/** A widget with the properties of a table, whose options have values of one type. */
type Selecting<Table extends Traits, Chosen> = Widget<ValuesWith<Table, Chosen>, InputsWith<Table, Chosen>> &
  ValuesWith<Table, Chosen> &
  DomMethods;

type Inputs<Table extends Traits, Given, Chosen> = InputsWith<Table, Chosen> & { readonly options?: Given };

interface SingleClass<Table extends Traits> {
  new <const Given extends Options = readonly []>(
    options?: Inputs<Table, Given, SingleChoice<OptionValue<NoInfer<Given>>>>,
  ): Selecting<Table, SingleChoice<OptionValue<Given>>>;
}

interface SeveralClass<Table extends Traits> {
  new <const Given extends Options = readonly []>(
    options?: Inputs<Table, Given, SeveralChoices<OptionValue<NoInfer<Given>>>>,
  ): Selecting<Table, SeveralChoices<OptionValue<Given>>>;
}

/** A named class, so that a widget shows itself by its name. */
const named = <Class>(name: string, type: unknown): Class => {
  Object.defineProperty(type, 'name', { value: name });
  return type as Class;
};

const one = <Table extends Traits>(name: string, more: Table, refine = refineSingle) => {
  const traits = { ...single, ...more };
  return named<SingleClass<typeof traits>>(
    name,
    control(name, traits, { computed: optionLabels as never, refine: refine as never }),
  );
};

const plain = { style: instance<DescriptionStyle, DescriptionStyleOptions>(DescriptionStyle) };

/**
 * A list that opens, to select one option.
 *
 * @example
 * const optimizer = new widgets.Dropdown({ options: ['sgd', 'adam'], value: 'adam', description: 'optimizer' });
 */
export const Dropdown = one('Dropdown', plain);
/** Radio buttons, to select one option. */
export const RadioButtons = one('RadioButtons', { ...plain, orientation: oneOf('vertical', 'horizontal') });
/** A list, to select one option. */
export const Select = one('Select', {
  ...plain,
  /** Lines that are visible. */
  rows: int(5),
});
/** Buttons side by side, to select one option. */
export const ToggleButtons = one('ToggleButtons', {
  style: instance<ToggleButtonsStyle, ToggleButtonsStyleOptions>(ToggleButtonsStyle),
  buttonStyle: buttonColors,
  /** Names of Font Awesome icons, one a button. */
  icons: list(text()),
  /** One a button. */
  tooltips: list(text()),
});

/** A slider over options. */
export const SelectionSlider = one('SelectionSlider', sliding, refineSlider);

const selectMultiple = { ...multiple, ...plain, rows: int(5) };
/** A list, to select any number of options; `value` lists the selected ones. */
export const SelectMultiple = named<SeveralClass<typeof selectMultiple>>(
  'SelectMultiple',
  control('SelectMultiple', selectMultiple, { computed: optionLabels as never, refine: refineSeveral([]) as never }),
);

const selectionRangeSlider = { ...range, ...sliding };
/** A slider with two handles over options; `value` is the first and the last of the range. */
export const SelectionRangeSlider = named<SeveralClass<typeof selectionRangeSlider>>(
  'SelectionRangeSlider',
  control('SelectionRangeSlider', selectionRangeSlider, {
    computed: optionLabels as never,
    refine: refineRange as never,
  }),
);

export type Dropdown = InstanceType<typeof Dropdown>;
export type RadioButtons = InstanceType<typeof RadioButtons>;
export type Select = InstanceType<typeof Select>;
export type ToggleButtons = InstanceType<typeof ToggleButtons>;
export type SelectionSlider = InstanceType<typeof SelectionSlider>;
export type SelectMultiple = InstanceType<typeof SelectMultiple>;
export type SelectionRangeSlider = InstanceType<typeof SelectionRangeSlider>;
