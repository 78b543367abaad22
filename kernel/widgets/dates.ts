/** @file Pickers of dates and times. */
import { control, described, disabled } from './control.ts';
import { DescriptionStyle, type DescriptionStyleOptions } from './layout.ts';
import { Refusal, type Trait, TraitError, int, float, optional } from './traits.ts';
import { instance } from './model.ts';

type Parts = Readonly<Record<string, number>>;

/** A Date, in the form that the front end gives it. */
const date = (toWire: (value: Date) => Parts, fromWire: (parts: Parts) => Date): Trait<Date> => ({
  initial: () => new Date(0),
  check: (input) => {
    if (input instanceof Date && !Number.isNaN(input.getTime())) return input;
    throw new TraitError('a valid Date', input);
  },
  toWire,
  fromWire: (wire) => (typeof wire === 'object' && wire !== null ? fromWire(wire as Parts) : wire),
});

/** Years before 100 are meant as they are. */
const local = (year: number, month: number, day: number, ...time: number[]): Date => {
  const value = new Date(2000, month, day, ...time);
  value.setFullYear(year, month, day);
  return value;
};

/** A moment: the same one in every time zone. */
const moment = date(
  (value) => ({
    year: value.getUTCFullYear(),
    month: value.getUTCMonth(),
    date: value.getUTCDate(),
    hours: value.getUTCHours(),
    minutes: value.getUTCMinutes(),
    seconds: value.getUTCSeconds(),
    milliseconds: value.getUTCMilliseconds(),
  }),
  (parts) => {
    const value = new Date(Date.UTC(2000, 0, 1, parts.hours, parts.minutes, parts.seconds, parts.milliseconds));
    value.setUTCFullYear(parts.year, parts.month, parts.date);
    return value;
  },
);

/** What the clock on the wall shows, whatever the time zone: the local parts of the Date. */
const wallClock = date(
  (value) => ({
    year: value.getFullYear(),
    month: value.getMonth(),
    date: value.getDate(),
    hours: value.getHours(),
    minutes: value.getMinutes(),
    seconds: value.getSeconds(),
    milliseconds: value.getMilliseconds(),
  }),
  (parts) => local(parts.year, parts.month, parts.date, parts.hours, parts.minutes, parts.seconds, parts.milliseconds),
);

/** A day: its midnight, local time. */
const day = date(
  (value) => ({ year: value.getFullYear(), month: value.getMonth(), date: value.getDate() }),
  (parts) => local(parts.year, parts.month, parts.date),
);

const timePattern = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?$/;
const two = (value: number): string => String(value).padStart(2, '0');
const timeText = (hours: number, minutes: number, seconds: number, milliseconds: number): string =>
  `${two(hours)}:${two(minutes)}:${two(seconds)}${milliseconds > 0 ? `.${String(milliseconds).padStart(3, '0')}` : ''}`;

const timeParts = (value: string): [number, number, number, number] => {
  const [, hours, minutes, seconds = '0', fraction = '0'] = timePattern.exec(value) ?? [];
  return [Number(hours), Number(minutes), Number(seconds), Number(fraction.padEnd(3, '0'))];
};

/** A time of day as text, `09:30:00`. */
const timeOfDay: Trait<string> = {
  initial: () => '00:00:00',
  check: (input) => {
    if (typeof input === 'string' && timePattern.test(input)) return timeText(...timeParts(input));
    throw new TraitError("a time of day such as '9:30' or '21:05:30'", input);
  },
  toWire: (value) => {
    const [hours, minutes, seconds, milliseconds] = timeParts(value);
    return { hours, minutes, seconds, milliseconds };
  },
  fromWire: (wire) => {
    if (typeof wire !== 'object' || wire === null) return wire;
    const { hours, minutes, seconds, milliseconds } = wire as Parts;
    return timeText(hours, minutes, seconds, milliseconds);
  },
};

/** A value outside of its bounds, where there are some, goes to the nearest one. */
const bounded = <Value extends Date | string>(next: {
  value: Value | null;
  min: Value | null;
  max: Value | null;
}): void => {
  const { value, min, max } = next;
  if (min !== null && max !== null && min > max)
    throw new Refusal(`min (${String(min)}) must not be after max (${String(max)}).`);
  if (value !== null && min !== null && value < min) next.value = min;
  if (value !== null && max !== null && value > max) next.value = max;
};

const picker = <Value>(trait: Trait<Value>) => ({
  ...described,
  ...disabled,
  value: optional(trait),
  min: optional(trait),
  max: optional(trait),
  style: instance<DescriptionStyle, DescriptionStyleOptions>(DescriptionStyle),
});

/** Picks a day; `value` is a Date at its midnight, local time, or null. */
export class DatePicker extends control(
  'DatePicker',
  {
    ...picker(day),
    /** Days between two that can be picked. */
    step: int(1),
  },
  { refine: bounded },
) {}

/** Picks a time of day; `value` is text such as '09:30:00', or null. */
export class TimePicker extends control(
  'Time',
  {
    ...picker(timeOfDay),
    /** Seconds between two times that can be picked. */
    step: float(60),
  },
  { refine: bounded },
) {}

/** Picks a moment, shown in the browser's time zone; `value` is a Date or null. */
export class DatetimePicker extends control('Datetime', picker(moment), { refine: bounded }) {}

/** Picks what a clock on the wall shows: `value` is a Date whose local time that is, in whatever zone the browser is. */
export class NaiveDatetimePicker extends control('NaiveDatetime', picker(wallClock), {
  view: 'DatetimeView',
  refine: bounded,
}) {}
