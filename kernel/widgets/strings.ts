/** @file Text: inputs, and text, HTML and formulas to show. */
import { control, described, disabled } from './control.ts';
import {
  HTMLMathStyle,
  HTMLStyle,
  LabelStyle,
  TextStyle,
  type HTMLMathStyleOptions,
  type HTMLStyleOptions,
  type LabelStyleOptions,
  type TextStyleOptions,
} from './layout.ts';
import { Refusal, bool, int, list, optional, text } from './traits.ts';
import { callHandlers } from './handlers.ts';
import { instance } from './model.ts';
import { type Widget } from './widget.ts';

/** A zero-width space: it keeps an empty line as high as one with text. */
const emptyLine = '\u200b';

const shown = {
  ...described,
  value: text(),
  /** Shown while there is no text. */
  placeholder: text(emptyLine),
};

const typed = {
  ...shown,
  ...disabled,
  /** Whether the value follows each key, or comes with Enter or when the input is left. */
  continuousUpdate: bool(true),
  style: instance<TextStyle, TextStyleOptions>(TextStyle),
};

/** Calls `handler` when Enter is pressed in a text input. */
const onSubmit = <Input extends Widget>(input: Input, handler: (input: Input) => unknown): (() => void) =>
  input.onMsg((content) => {
    if ((content as { event?: unknown } | null)?.event === 'submit') callHandlers([() => handler(input)]);
  });

/** An input for a line of text. */
export class Text extends control('Text', typed) {
  /** Calls `handler` when Enter is pressed. @returns how to stop it */
  onSubmit(handler: (input: this) => unknown): () => void {
    return onSubmit(this, handler);
  }
}

/** An input for a line of text that nobody shall read. The value does reach the kernel, and a saved notebook with widget state. */
export class Password extends control('Password', typed) {
  /** Calls `handler` when Enter is pressed. @returns how to stop it */
  onSubmit(handler: (input: this) => unknown): () => void {
    return onSubmit(this, handler);
  }
}

/** An input for a line of text with suggestions. */
export class Combobox extends control(
  'Combobox',
  {
    ...typed,
    options: list(text()),
    /** Whether only one of the options is taken. */
    ensureOption: bool(),
  },
  {
    refine: ({ value, options, ensureOption }, given) => {
      if (ensureOption && given.has('value') && value !== '' && !options.includes(value))
        throw new Refusal(`value '${value}' is none of the options (${options.join(', ')}).`);
    },
  },
) {
  /** Calls `handler` when Enter is pressed. @returns how to stop it */
  onSubmit(handler: (input: this) => unknown): () => void {
    return onSubmit(this, handler);
  }
}

/** An input for several lines. */
export class Textarea extends control('Textarea', {
  ...typed,
  /** Lines that are visible. */
  rows: optional(int()),
}) {}

/** A line of text; formulas between dollar signs are typeset. */
export class Label extends control('Label', { ...shown, style: instance<LabelStyle, LabelStyleOptions>(LabelStyle) }) {}

/** HTML. */
export class HTML extends control('HTML', { ...shown, style: instance<HTMLStyle, HTMLStyleOptions>(HTMLStyle) }) {}

/** HTML with formulas between dollar signs. */
export class HTMLMath extends control('HTMLMath', {
  ...shown,
  style: instance<HTMLMathStyle, HTMLMathStyleOptions>(HTMLMathStyle),
}) {}
