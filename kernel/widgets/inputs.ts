/** @file Other things to enter: files, colours, tags. */
import { isPlainObject } from './buffers.ts';
import { buttonColors, control, described, disabled } from './control.ts';
import { ButtonStyle, DescriptionStyle, type ButtonStyleOptions, type DescriptionStyleOptions } from './layout.ts';
import {
  Refusal,
  type Trait,
  TraitError,
  bool,
  color,
  float,
  int,
  list,
  numberFormat,
  optional,
  shortly,
  text,
} from './traits.ts';
import { instance } from './model.ts';

/** A file that was uploaded. */
export interface UploadedFile {
  readonly name: string;
  /** MIME type. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  readonly lastModified: Date;
  readonly content: Uint8Array;
}

const uploadedFile: Trait<UploadedFile> = {
  initial: () => {
    throw new Error('There is no file by default.');
  },
  check: (input) => {
    if (isPlainObject(input) && typeof input.name === 'string' && input.content instanceof Uint8Array)
      return Object.freeze(input) as unknown as UploadedFile;
    throw new TraitError('an uploaded file', input);
  },
  toWire: ({ lastModified, ...file }) => ({ ...file, last_modified: lastModified.getTime() }),
  fromWire: (wire) => {
    if (!isPlainObject(wire)) return wire;
    const { last_modified: time, ...file } = wire;
    return { ...file, lastModified: new Date(Number(time)) };
  },
};

/**
 * A button by which the user uploads files into the kernel.
 *
 * @example
 * const upload = new widgets.FileUpload({ accept: '.csv', multiple: true });
 * upload.observe('value', ({ value }) => value.forEach((file) => console.log(file.name, file.content.length)));
 */
export class FileUpload extends control('FileUpload', {
  ...described,
  ...disabled,
  description: text('Upload'),
  value: { ...list(uploadedFile), echo: false } as Trait<readonly UploadedFile[]>,
  /** Endings or MIME types that may be chosen, as '.csv,image/*'; empty: all. */
  accept: text(),
  multiple: bool(),
  icon: text('upload'),
  buttonStyle: buttonColors,
  /** What went wrong with the last upload. */
  error: text(),
  style: instance<ButtonStyle, ButtonStyleOptions>(ButtonStyle),
}) {}

/** Picks a colour. */
export class ColorPicker extends control('ColorPicker', {
  ...described,
  ...disabled,
  value: color('black'),
  /** Only the coloured field, without its text. */
  concise: bool(),
  style: instance<DescriptionStyle, DescriptionStyleOptions>(DescriptionStyle),
}) {}

const tags = {
  ...described,
  placeholder: text('\u200b'),
  allowDuplicates: bool(true),
  style: instance<DescriptionStyle, DescriptionStyleOptions>(DescriptionStyle),
};

interface Tags<Tag = unknown> {
  value: readonly Tag[];
  allowedTags: readonly Tag[];
}

const allowed = ({ value, allowedTags }: Tags): void => {
  if (value.includes('')) throw new Refusal('a tag must not be empty.');
  const wrong = allowedTags.length > 0 ? value.find((tag) => !allowedTags.includes(tag)) : undefined;
  if (wrong !== undefined)
    throw new Refusal(`${shortly(wrong)} is none of the allowed tags (${allowedTags.join(', ')}).`);
};

const within = (next: Tags<number> & { min: number | null; max: number | null }): void => {
  allowed(next);
  const { value, min, max } = next;
  const wrong = value.find((tag) => (min !== null && tag < min) || (max !== null && tag > max));
  if (wrong !== undefined) throw new Refusal(`${wrong} is not between min (${min}) and max (${max}).`);
};

const tagStyle = { tagStyle: buttonColors };

/** A list of words that the user edits. */
export class TagsInput extends control(
  'TagsInput',
  { ...tags, ...tagStyle, value: list(text()), allowedTags: list(text()) },
  { refine: allowed },
) {}

/** A list of colours that the user edits. */
export class ColorsInput extends control(
  'ColorsInput',
  { ...tags, value: list(color()), allowedTags: list(color()) },
  { refine: allowed },
) {}

/** A list of whole numbers that the user edits. */
export class IntsInput extends control(
  'IntsInput',
  {
    ...tags,
    ...tagStyle,
    value: list(int()),
    allowedTags: list(int()),
    min: optional(int()),
    max: optional(int()),
    format: numberFormat('d'),
  },
  { refine: within },
) {}

/** A list of numbers that the user edits. */
export class FloatsInput extends control(
  'FloatsInput',
  {
    ...tags,
    ...tagStyle,
    value: list(float()),
    allowedTags: list(float()),
    min: optional(float()),
    max: optional(float()),
    format: numberFormat('.1f'),
  },
  { refine: within },
) {}
