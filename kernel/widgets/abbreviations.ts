/** @file Widgets from the short forms that `interact` takes: numbers, ranges, text, booleans, options. */
import { isPlainObject } from './buffers.ts';
import { FloatSlider, IntSlider } from './numbers.ts';
import { Dropdown } from './selection.ts';
import { Text } from './strings.ts';
import { Checkbox } from './switches.ts';
import { TraitError } from './traits.ts';
import { Widget } from './widget.ts';

/** A widget with a value, such as a slider. */
export type ValueWidget<Value = unknown> = Widget & { value: Value };

/** A value for `interact` that has no control. */
export class Fixed<Value> {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}

/** Has `interact` give the function this value, without a control. */
export const fixed = <Value>(value: Value): Fixed<Value> => new Fixed(value);

/**
 * What `interact` makes a control of: a number is a slider around it; `[min, max]` and `[min, max, step]` are sliders;
 * text is an input, a boolean a check box; a list of anything else, an object or a Map is a list of options; a widget is
 * itself.
 */
export type Control =
  | number
  | string
  | boolean
  | readonly unknown[]
  | ReadonlyMap<string, unknown>
  | ReadonlySet<unknown>
  | ValueWidget
  | Fixed<unknown>
  | { readonly [label: string]: unknown };

/** The value that a control gives. */
export type ControlValue<Given> = Given extends { readonly value: infer Value; readonly modelId: string }
  ? Value
  : Given extends Fixed<infer Value>
    ? Value
    : Given extends number
      ? number
      : Given extends string
        ? string
        : Given extends boolean
          ? boolean
          : Given extends readonly [number, number] | readonly [number, number, number]
            ? number
            : Given extends ReadonlyMap<string, infer Value> | ReadonlySet<infer Value>
              ? Value
              : Given extends readonly (readonly [string, unknown])[]
                ? Given[number][1]
                : Given extends readonly (infer Value)[]
                  ? Value
                  : Given[keyof Given];

const isRange = (given: unknown): given is readonly number[] =>
  Array.isArray(given) &&
  (given.length === 2 || given.length === 3) &&
  given.every((element) => typeof element === 'number' && Number.isFinite(element));

/** A slider; for whole numbers where all that is known is whole. */
function slider(min: number, max: number, value: number, step?: number): ValueWidget<number> {
  const whole = [min, max, step ?? 1].every(Number.isInteger);
  return whole
    ? new IntSlider({ min, max, value: Math.trunc(value), ...(step !== undefined && { step }) })
    : new FloatSlider({ min, max, value, step: step ?? decimalStep(max - min) });
}

/** A tenth, or less where the range is small. */
const decimalStep = (range: number): number => Math.min(0.1, 10 ** Math.floor(Math.log10(range / 100)));

/** From -value to three times the value, as ipywidgets does. */
function around(value: number): ValueWidget<number> {
  const [min, max] = value === 0 ? [0, 1] : value > 0 ? [-value, 3 * value] : [3 * value, -value];
  return slider(min, max, value);
}

function between([min, max, step]: readonly number[], where: string): ValueWidget<number> {
  if (min >= max) throw new RangeError(`${where}: min (${min}) must be below max (${max}).`);
  if (step !== undefined && !(step > 0)) throw new RangeError(`${where}: step must be above 0, got ${step}.`);
  const middle = min + (max - min) / 2;
  const value = step === undefined ? middle : min + Math.trunc((middle - min) / step) * step;
  return slider(min, max, value, step);
}

/** The widget for a control. @param where for errors: the control's name */
export function widgetFor(given: unknown, where: string): ValueWidget | Fixed<unknown> {
  if (given instanceof Fixed) return given;
  if (given instanceof Widget) {
    if ('value' in given) return given as ValueWidget;
    throw new TypeError(`${where}: a ${given.constructor.name} has no value; expected a control that has one.`);
  }
  if (typeof given === 'number' && Number.isFinite(given)) return around(given);
  if (typeof given === 'string') return new Text({ value: given });
  if (typeof given === 'boolean') return new Checkbox({ value: given });
  if (isRange(given)) return between(given, where);
  const isEmpty = Array.isArray(given) && given.length === 0;
  if (!isEmpty && (Array.isArray(given) || given instanceof Set || given instanceof Map || isPlainObject(given)))
    return new Dropdown({ options: given instanceof Set ? [...given] : given }) as ValueWidget;
  throw new TraitError('a number, [min, max], [min, max, step], text, a boolean, options or a widget', given, where);
}
