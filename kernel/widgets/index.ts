/** @file Widgets for notebooks, as `tensorcell/widgets` and as the global `widgets`: ipywidgets' controls, typed. */
import { registerTarget } from '../comm/comm.ts';
import { widgetTarget } from '../comm/contract.ts';
import { Widget } from './widget.ts';

export { type Control, type ControlValue, type Fixed, type ValueWidget, fixed } from './abbreviations.ts';
export { type AnywidgetDefinition, defineWidget } from './anywidget.ts';
export { Accordion, Box, GridBox, HBox, Stack, Tab, VBox } from './boxes.ts';
export { Controller, ControllerAxis, ControllerButton } from './controller.ts';
export { DatePicker, DatetimePicker, NaiveDatetimePicker, TimePicker } from './dates.ts';
export {
  ColorPicker,
  ColorsInput,
  FileUpload,
  FloatsInput,
  IntsInput,
  TagsInput,
  type UploadedFile,
} from './inputs.ts';
export {
  type Controls,
  type ControlValues,
  type InteractHandle,
  Interactive,
  type InteractiveOptions,
  interact,
  interactManual,
  interactive,
  interactiveOutput,
} from './interact.ts';
export {
  ButtonStyle,
  CheckboxStyle,
  DescriptionStyle,
  HTMLMathStyle,
  HTMLStyle,
  LabelStyle,
  Layout,
  ProgressStyle,
  SliderStyle,
  TextStyle,
  ToggleButtonStyle,
  ToggleButtonsStyle,
} from './layout.ts';
export { DirectionalLink, Link, type Unlink, dlink, jsdlink, jslink, link } from './links.ts';
export { Audio, Image, Video } from './media.ts';
export {
  BoundedFloatText,
  BoundedIntText,
  FloatLogSlider,
  FloatProgress,
  FloatRangeSlider,
  FloatSlider,
  FloatText,
  IntProgress,
  IntRangeSlider,
  IntSlider,
  IntText,
  Play,
} from './numbers.ts';
export { Output, type OutputItem } from './output.ts';
export { type Options, type OptionValue } from './options.ts';
export {
  Dropdown,
  RadioButtons,
  Select,
  SelectMultiple,
  SelectionRangeSlider,
  SelectionSlider,
  ToggleButtons,
} from './selection.ts';
export { Combobox, HTML, HTMLMath, Label, Password, Text, Textarea } from './strings.ts';
export { Button, Checkbox, ToggleButton, Valid } from './switches.ts';
export { AppLayout, type GridSpan, GridspecLayout, TwoByTwoLayout } from './templates.ts';
export { TraitError } from './traits.ts';
export { type Change, type MessageHandler, type Observer, Widget, closeAll } from './widget.ts';

registerTarget(widgetTarget, async (comm, message) => {
  Widget.fromFrontEnd(comm, message, Object.values(await import('./index.ts')));
});
