/** @file Layout and styles: how widgets are sized, placed and coloured. */
import { type InputsOf, type Trait, color, keyed, oneOf, optional, text } from './traits.ts';
import { model } from './model.ts';
import { type Definition } from './definition.ts';
import type { Traits } from './traits.ts';

export const baseModule = '@jupyter-widgets/base';
export const controlsModule = '@jupyter-widgets/controls';
export const libraryVersion = '2.0.0';

/** A length, or any other CSS value; the front end shows the widget as if what CSS does not understand were not there. */
const css = (): Trait<string | null> => optional(text());
const placement = optional(
  oneOf(
    'flex-start',
    'flex-end',
    'center',
    'space-between',
    'space-around',
    'space-evenly',
    'stretch',
    'inherit',
    'initial',
    'unset',
  ),
);
const alignment = optional(
  oneOf('flex-start', 'flex-end', 'center', 'baseline', 'stretch', 'inherit', 'initial', 'unset'),
);

const layoutTraits = {
  alignContent: placement,
  alignItems: alignment,
  alignSelf: optional(
    oneOf('auto', 'flex-start', 'flex-end', 'center', 'baseline', 'stretch', 'inherit', 'initial', 'unset'),
  ),
  /** Shorthand of the four sides. */
  border: keyed(null, css()),
  borderBottom: css(),
  borderLeft: css(),
  borderRight: css(),
  borderTop: css(),
  bottom: css(),
  display: css(),
  flex: css(),
  flexFlow: css(),
  gridArea: css(),
  gridAutoColumns: css(),
  gridAutoFlow: optional(oneOf('column', 'row', 'row dense', 'column dense', 'inherit', 'initial', 'unset')),
  gridAutoRows: css(),
  gridColumn: css(),
  gridGap: css(),
  gridRow: css(),
  gridTemplateAreas: css(),
  gridTemplateColumns: css(),
  gridTemplateRows: css(),
  height: css(),
  justifyContent: optional(
    oneOf('flex-start', 'flex-end', 'center', 'space-between', 'space-around', 'inherit', 'initial', 'unset'),
  ),
  justifyItems: optional(oneOf('flex-start', 'flex-end', 'center', 'inherit', 'initial', 'unset')),
  left: css(),
  margin: css(),
  maxHeight: css(),
  maxWidth: css(),
  minHeight: css(),
  minWidth: css(),
  objectFit: optional(oneOf('contain', 'cover', 'fill', 'scale-down', 'none')),
  objectPosition: css(),
  order: css(),
  overflow: css(),
  padding: css(),
  right: css(),
  top: css(),
  visibility: optional(oneOf('visible', 'hidden', 'inherit', 'initial', 'unset')),
  width: css(),
} as const;

const sides = ['borderBottom', 'borderLeft', 'borderRight', 'borderTop'] as const;

export interface LayoutOptions extends InputsOf<typeof layoutTraits> {}

/**
 * Size, place and flow of a widget, by the names of CSS.
 *
 * @example
 * new widgets.HBox({ children, layout: { width: '50%', border: '1px solid silver', justifyContent: 'center' } });
 */
export class Layout extends model({
  model: 'LayoutModel',
  view: 'LayoutView',
  module: baseModule,
  version: libraryVersion,
  traits: layoutTraits,
  refine: (next, given) => {
    if (given.has('border')) for (const side of sides) if (!given.has(side)) next[side] = next.border;
  },
}) {}

/** A style: of the controls' module, seen by the base module's one view of styles. */
const styleOf = <Table extends Traits>(name: string, traits: Table): Definition<Table> => ({
  model: name,
  view: 'StyleView',
  module: controlsModule,
  version: libraryVersion,
  viewModule: baseModule,
  traits,
});

const descriptionWidth = {
  /** Width of the label beside the control. */
  descriptionWidth: text(),
};

const font = {
  fontFamily: css(),
  fontSize: css(),
  fontStyle: css(),
  fontVariant: css(),
  fontWeight: css(),
  textColor: optional(color()),
  textDecoration: css(),
};

const background = {
  /** Colour behind the text. */
  background: css(),
};

export interface DescriptionStyleOptions extends InputsOf<typeof descriptionWidth> {}
/** Style of widgets that have nothing but a description to style. */
export class DescriptionStyle extends model(styleOf('DescriptionStyleModel', descriptionWidth)) {}

const sliderStyle = { ...descriptionWidth, handleColor: optional(color()) };
export interface SliderStyleOptions extends InputsOf<typeof sliderStyle> {}
/** Style of sliders. */
export class SliderStyle extends model(styleOf('SliderStyleModel', sliderStyle)) {}

const progressStyle = { ...descriptionWidth, barColor: optional(color()) };
export interface ProgressStyleOptions extends InputsOf<typeof progressStyle> {}
/** Style of progress bars. */
export class ProgressStyle extends model(styleOf('ProgressStyleModel', progressStyle)) {}

const buttonStyle = { ...font, buttonColor: optional(color()) };
export interface ButtonStyleOptions extends InputsOf<typeof buttonStyle> {}
/** Style of buttons. */
export class ButtonStyle extends model(styleOf('ButtonStyleModel', buttonStyle)) {}

const checkboxStyle = { ...descriptionWidth, ...background };
export interface CheckboxStyleOptions extends InputsOf<typeof checkboxStyle> {}
/** Style of check boxes. */
export class CheckboxStyle extends model(styleOf('CheckboxStyleModel', checkboxStyle)) {}

const toggleButtonStyle = { ...descriptionWidth, ...font };
export interface ToggleButtonStyleOptions extends InputsOf<typeof toggleButtonStyle> {}
/** Style of toggle buttons. */
export class ToggleButtonStyle extends model(styleOf('ToggleButtonStyleModel', toggleButtonStyle)) {}

const toggleButtonsStyle = { ...descriptionWidth, buttonWidth: text(), fontWeight: text() };
export interface ToggleButtonsStyleOptions extends InputsOf<typeof toggleButtonsStyle> {}
/** Style of groups of toggle buttons. */
export class ToggleButtonsStyle extends model(styleOf('ToggleButtonsStyleModel', toggleButtonsStyle)) {}

const textStyle = { ...descriptionWidth, ...background, fontSize: css(), textColor: optional(color()) };
export interface TextStyleOptions extends InputsOf<typeof textStyle> {}
/** Style of text inputs. */
export class TextStyle extends model(styleOf('TextStyleModel', textStyle)) {}

const labelStyle = { ...descriptionWidth, ...background, ...font };
export interface LabelStyleOptions extends InputsOf<typeof labelStyle> {}
/** Style of labels. */
export class LabelStyle extends model(styleOf('LabelStyleModel', labelStyle)) {}

export interface HTMLStyleOptions extends InputsOf<typeof textStyle> {}
/** Style of HTML widgets. */
export class HTMLStyle extends model(styleOf('HTMLStyleModel', textStyle)) {}

export interface HTMLMathStyleOptions extends InputsOf<typeof textStyle> {}
/** Style of formulas. */
export class HTMLMathStyle extends model(styleOf('HTMLMathStyleModel', textStyle)) {}
