/** @file What the controls have in common: their place on the page, their description. */
import {
  Layout,
  controlsModule,
  libraryVersion,
  type LayoutOptions,
  SliderStyle,
  type SliderStyleOptions,
} from './layout.ts';
import { type Traits, bool, keyed, list, oneOf, optional, text } from './traits.ts';
import { type WidgetClass, instance, model } from './model.ts';
import { type Definition } from './definition.ts';
import { type Widget } from './widget.ts';

/** Properties of whatever stands on the page. */
export const dom = {
  /** CSS classes of the widget's element. */
  classes: keyed('_dom_classes', list(text())),
  /** Size and place. */
  layout: instance<Layout, LayoutOptions>(Layout),
  /** Whether the tab key reaches it; null leaves that to the browser. */
  tabbable: optional(bool()),
  /** Shown while the mouse rests on it. */
  tooltip: optional(text()),
};

/** Properties of a control with a label beside it. */
export const described = {
  ...dom,
  /** The label. Formulas between dollar signs are typeset. */
  description: text(),
  /** Whether HTML in the label is shown as such. */
  descriptionAllowHtml: bool(),
};

export const disabled = {
  /** Whether the user cannot change it. */
  disabled: bool(),
};

/** Methods of widgets that stand on the page. */
export interface DomMethods {
  /** Adds a CSS class to the widget's element. */
  addClass(name: string): this;
  removeClass(name: string): this;
  /** Gives it the keyboard's focus. */
  focus(): void;
  blur(): void;
}

/** A class of widgets that stand on the page. */
export interface ControlClass<Table extends Traits> {
  new (...args: ConstructorParameters<WidgetClass<Table>>): InstanceType<WidgetClass<Table>> & DomMethods;
}

type OnPage = Widget & { classes: readonly string[] };

export const domMethods = {
  addClass(this: OnPage, name: string) {
    if (!this.classes.includes(name)) this.classes = [...this.classes, name];
    return this;
  },
  removeClass(this: OnPage, name: string) {
    this.classes = this.classes.filter((each) => each !== name);
    return this;
  },
  focus(this: OnPage) {
    this.send({ do: 'focus' });
  },
  blur(this: OnPage) {
    this.send({ do: 'blur' });
  },
};

/** Adds the methods of widgets on the page to their class. */
export const onPage = <Table extends Traits>(type: WidgetClass<Table>): ControlClass<Table> => {
  for (const [name, value] of Object.entries(domMethods))
    Object.defineProperty(type.prototype, name, { value, configurable: true, writable: true });
  return type as unknown as ControlClass<Table>;
};

/**
 * A class of the controls' module.
 *
 * @param name of the model in the front end, without its ending: `IntSlider`
 * @param more the view's name where it differs, and rules between properties
 */
export const control = <Table extends Traits>(
  name: string,
  traits: Table,
  more: Partial<Pick<Definition<Table>, 'view' | 'refine' | 'computed'>> = {},
): ControlClass<Table> => {
  const definition: Definition<Table> = {
    model: `${name}Model`,
    view: `${name}View`,
    module: controlsModule,
    version: libraryVersion,
    traits,
    ...more,
  };
  return onPage(model(definition));
};

/** Predefined colours of buttons and tags. */
export const buttonColors = oneOf('', 'primary', 'success', 'info', 'warning', 'danger');

/** Predefined colours of what shows a state. */
export const statusColors = oneOf('', 'success', 'info', 'warning', 'danger');

/** Which way a control runs. */
export const orientation = {
  orientation: oneOf('horizontal', 'vertical'),
};

/** What all sliders have in common. */
export const sliding = {
  ...orientation,
  /** What dragging and clicking do. */
  behavior: oneOf('drag-tap', 'drag-snap', 'tap', 'drag', 'snap'),
  /** Whether the value follows the handle while it is dragged, or comes when it is let go. */
  continuousUpdate: bool(true),
  /** Whether the value stands beside the slider. */
  readout: bool(true),
  style: instance<SliderStyle, SliderStyleOptions>(SliderStyle),
};
