/** @file Widgets that hold others: boxes, pages behind tabs. */
import { type DomMethods, control, dom, statusColors } from './control.ts';
import { type InputsOf, Refusal, type Traits, type ValuesOf, int, list, optional, text } from './traits.ts';
import { anyWidget } from './model.ts';
import { type Definition } from './definition.ts';
import { type Widget } from './widget.ts';

/** What all boxes have. */
export const box = {
  ...dom,
  children: list(anyWidget),
  boxStyle: statusColors,
};

const pages = {
  ...box,
  /** One a page. */
  titles: list(text()),
  /** The page that is open; null: none. */
  selectedIndex: optional(int()),
};

/** A class whose first argument is the widgets in it. */
interface BoxClass<Table extends Traits> {
  new (
    children?: readonly Widget[],
    options?: Omit<InputsOf<Table>, 'children'>,
  ): Widget<ValuesOf<Table>, InputsOf<Table>> & ValuesOf<Table> & DomMethods;
}

const boxOf = <Table extends Traits>(
  name: string,
  traits: Table,
  refine?: Definition<Table>['refine'],
): BoxClass<Table> => {
  const Control = control(name, traits, { refine });
  return class extends (Control as unknown as new (options: object) => Widget) {
    constructor(children: readonly Widget[] = [], options: object = {}) {
      super({ ...options, children });
    }
  } as unknown as BoxClass<Table>;
};

type Pages = ValuesOf<typeof pages>;

/** As many titles as pages. */
const title = (next: Pages): void => {
  const titles = next.children.map((_, index) => next.titles[index] ?? '');
  if (titles.length !== next.titles.length) next.titles = Object.freeze(titles);
};

const isPage = (index: number, { children }: Pages): boolean => index >= 0 && index < children.length;

const refinePages = (next: Pages, given: ReadonlySet<string>): void => {
  title(next);
  if (next.selectedIndex === null || isPage(next.selectedIndex, next)) return;
  if (given.has('selectedIndex'))
    throw new Refusal(
      `selectedIndex ${next.selectedIndex} is out of range: there are ${next.children.length} pages, from 0.`,
    );
  next.selectedIndex = null;
};

/** One tab is always open: the first, or the last where the open one is gone. */
const refineTabs = (next: Pages, given: ReadonlySet<string>, isNew: boolean): void => {
  const before = next.selectedIndex;
  refinePages(next, given);
  if (next.children.length === 0 || (!isNew && !given.has('children'))) return;
  if (next.selectedIndex === null && !given.has('selectedIndex'))
    next.selectedIndex = before === null ? 0 : next.children.length - 1;
};

/**
 * Widgets, laid out by the box's `layout`.
 *
 * @example
 * new widgets.Box([slider, button], { layout: { flexFlow: 'row wrap' } });
 */
export class Box extends boxOf('Box', box) {}
/** Widgets side by side. */
export class HBox extends boxOf('HBox', box) {}
/** Widgets below each other. */
export class VBox extends boxOf('VBox', box) {}
/** Widgets in a grid: `layout.gridTemplateColumns` and its kind say which. */
export class GridBox extends boxOf('GridBox', box) {}
/**
 * Pages that open below their titles.
 *
 * @example
 * new widgets.Accordion([data, training], { titles: ['Data', 'Training'], selectedIndex: 0 });
 */
export class Accordion extends boxOf('Accordion', pages, refinePages) {}
/** Pages behind tabs. */
export class Tab extends boxOf('Tab', pages, refineTabs) {}
/** Pages of which one is shown: the one of `selectedIndex`. */
export class Stack extends boxOf('Stack', pages, refinePages) {}
