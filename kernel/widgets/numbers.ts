/** @file Numbers: sliders, inputs, progress bars, play. */
import { control, described, disabled, orientation, sliding, statusColors } from './control.ts';
import { DescriptionStyle, ProgressStyle, type DescriptionStyleOptions, type ProgressStyleOptions } from './layout.ts';
import { Refusal, bool, float, int, numberFormat, optional, pair, withDefault } from './traits.ts';
import { instance } from './model.ts';

const slider = { ...described, ...disabled, ...sliding };

const textInput = {
  ...described,
  ...disabled,
  /** Whether the value follows each key, or comes with Enter or when the input is left. */
  continuousUpdate: bool(false),
  style: instance<DescriptionStyle, DescriptionStyleOptions>(DescriptionStyle),
};

const wholeBounds = { min: int(0), max: int(100) };
const bounds = { min: float(0), max: float(100) };

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

const ordered = ({ min, max }: { min: number; max: number }): void => {
  if (min > max) throw new Refusal(`min (${min}) must not be above max (${max}).`);
};

/** A value outside of its bounds goes to the nearest one. */
const bounded = (next: { min: number; max: number; value: number }): void => {
  ordered(next);
  next.value = clamp(next.value, next.min, next.max);
};

interface BoundedRange {
  min: number;
  max: number;
  value: readonly [number, number];
}

/** The middle half of the bounds, where a new range is given no value. */
const boundedRange =
  (round: (value: number) => number) =>
  (next: BoundedRange, given: ReadonlySet<string>, isNew: boolean): void => {
    ordered(next);
    const { min, max } = next;
    if (isNew && !given.has('value')) next.value = [round(0.75 * min + 0.25 * max), round(0.25 * min + 0.75 * max)];
    const [lower, upper] = next.value;
    if (lower > upper) throw new Refusal(`the lower value (${lower}) must not be above the upper one (${upper}).`);
    next.value = [clamp(lower, min, max), clamp(upper, min, max)];
  };

/**
 * A slider for whole numbers.
 *
 * @example
 * const units = new widgets.IntSlider({ min: 1, max: 512, value: 64, description: 'units' });
 */
export class IntSlider extends control(
  'IntSlider',
  { ...slider, ...wholeBounds, value: int(), step: int(1), readoutFormat: numberFormat('d') },
  { refine: bounded },
) {}

/** A slider for any numbers. */
export class FloatSlider extends control(
  'FloatSlider',
  {
    ...slider,
    ...bounds,
    value: float(),
    step: withDefault(optional(float()), 0.1),
    readoutFormat: numberFormat('.2f'),
  },
  { refine: bounded },
) {}

/** A slider whose steps multiply: `min` and `max` are exponents of `base`. Good for learning rates. */
export class FloatLogSlider extends control(
  'FloatLogSlider',
  {
    ...slider,
    min: float(0),
    max: float(4),
    value: float(1),
    base: float(10),
    step: withDefault(optional(float()), 0.1),
    readoutFormat: numberFormat('.3g'),
  },
  {
    refine: (next) => {
      ordered(next);
      next.value = clamp(next.value, next.base ** next.min, next.base ** next.max);
    },
  },
) {}

/** A slider with two handles, for whole numbers; `value` is `[lower, upper]`. */
export class IntRangeSlider extends control(
  'IntRangeSlider',
  { ...slider, ...wholeBounds, value: pair(int(), [25, 75]), step: int(1), readoutFormat: numberFormat('d') },
  { refine: boundedRange(Math.trunc) },
) {}

/** A slider with two handles; `value` is `[lower, upper]`. */
export class FloatRangeSlider extends control(
  'FloatRangeSlider',
  {
    ...slider,
    ...bounds,
    value: pair(float(), [25, 75]),
    step: withDefault(optional(float()), 0.1),
    readoutFormat: numberFormat('.2f'),
  },
  { refine: boundedRange((value) => value) },
) {}

/** An input for a whole number. */
export class IntText extends control('IntText', { ...textInput, value: int(), step: int(1) }) {}

/** An input for a whole number between two others. */
export class BoundedIntText extends control(
  'BoundedIntText',
  { ...textInput, ...wholeBounds, value: int(), step: int(1) },
  { view: 'IntTextView', refine: bounded },
) {}

/** An input for a number. */
export class FloatText extends control('FloatText', { ...textInput, value: float(), step: optional(float()) }) {}

/** An input for a number between two others. */
export class BoundedFloatText extends control(
  'BoundedFloatText',
  { ...textInput, ...bounds, value: float(), step: optional(float()) },
  { view: 'FloatTextView', refine: bounded },
) {}

const progress = {
  ...described,
  ...orientation,
  barStyle: statusColors,
  style: instance<ProgressStyle, ProgressStyleOptions>(ProgressStyle),
};

/** A progress bar that counts. */
export class IntProgress extends control(
  'IntProgress',
  { ...progress, ...wholeBounds, value: int() },
  { view: 'ProgressView', refine: bounded },
) {}

/** A progress bar. */
export class FloatProgress extends control(
  'FloatProgress',
  { ...progress, ...bounds, value: float() },
  { view: 'ProgressView', refine: bounded },
) {}

/** Buttons that step through whole numbers by themselves; link it with a slider or a progress bar. */
export class Play extends control(
  'Play',
  {
    ...described,
    ...disabled,
    ...wholeBounds,
    value: int(),
    step: int(1),
    /** Milliseconds from one step to the next. */
    interval: int(100),
    playing: bool(),
    /** Whether it begins again at the end. */
    repeat: bool(),
    /** Whether there is a button for that. */
    showRepeat: bool(true),
    style: instance<DescriptionStyle, DescriptionStyleOptions>(DescriptionStyle),
  },
  { refine: bounded },
) {}
