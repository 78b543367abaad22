/** @file Templates: grids that arrange the widgets of a page by their places, as `AppLayout`. */
import { box } from './boxes.ts';
import { type ControlClass, control } from './control.ts';
import { anyWidget } from './model.ts';
import {
  type InputsOf,
  type Trait,
  TraitError,
  type Traits,
  bool,
  int,
  keyed,
  list,
  oneOf,
  optional,
  text,
} from './traits.ts';
import type { Layout } from './layout.ts';
import type { Widget } from './widget.ts';

/** A widget's place, or nothing. The front end knows it as a child of the grid. */
const place = keyed(null, optional(anyWidget));

/** Properties of the grid's layout, as properties of the grid itself. */
const placing = {
  /** Space between the places. */
  gridGap: keyed(null, optional(text())),
  justifyContent: keyed(null, optional(oneOf('flex-start', 'flex-end', 'center', 'space-between', 'space-around'))),
  /** `top` and `bottom` are other names of `flex-start` and `flex-end`. */
  alignItems: keyed(null, optional(oneOf('top', 'bottom', 'flex-start', 'flex-end', 'center', 'baseline', 'stretch'))),
  width: keyed(null, optional(text())),
  height: keyed(null, optional(text())),
};

const otherNames: Readonly<Record<string, string>> = { top: 'flex-start', bottom: 'flex-end' };

/** A grid as this file works with it. */
type Grid = Widget<Record<string, unknown>> & { layout: Layout; children: readonly Widget[] };
type Areas = string[][];

type NoTraits = Readonly<Record<never, never>>;
type TemplateInputs<Own extends Traits> = Omit<InputsOf<typeof box & typeof placing & Own>, 'children'>;

/** A class of grids, whose layout follows the properties of {@link placing}, and which arranges itself by the others. */
function template<Table extends Traits>(own: Table): ControlClass<typeof box & typeof placing & Table> {
  const Control = control('GridBox', { ...box, ...placing, ...own });
  return class extends (Control as unknown as new (options?: object) => Grid) {
    /** A grid that the front end makes is a GridBox. */
    static readonly definition = undefined;

    constructor(options?: object) {
      super(options);
      const names = Object.keys(placing) as (keyof typeof placing)[];
      const given = this as unknown as Record<string, string | null>;
      const pass = (name: string): void => {
        const value = given[name];
        this.layout.set({ [name]: value === null ? null : (otherNames[value] ?? value) });
      };
      names.filter((name) => given[name] !== null).forEach(pass);
      this.observe(names, ({ name }) => pass(name));
    }
  } as unknown as ControlClass<typeof box & typeof placing & Table>;
}

/** Names the widgets' places in the grid and shows them. */
function arrange(grid: Widget, widgets: Readonly<Record<string, Widget>>, areas: Areas, rows: string, columns: string) {
  const { layout } = grid as unknown as Grid;
  for (const [area, widget] of Object.entries(widgets)) (widget as unknown as Grid).layout.set({ gridArea: area });
  layout.set({
    gridTemplateAreas: areas.map((row) => `"${row.join(' ')}"`).join('\n'),
    gridTemplateRows: rows,
    gridTemplateColumns: columns,
  });
  (grid as unknown as Grid).children = Object.values(widgets);
}

/** Those places that have a widget, by the names of their areas. */
const taken = <Area extends string>(places: Readonly<Record<Area, Widget | null>>): Partial<Record<Area, Widget>> =>
  Object.fromEntries(Object.entries<Widget | null>(places).filter(([, widget]) => widget !== null)) as Partial<
    Record<Area, Widget>
  >;

/** A part of the space: a length, or a number, which counts in parts of what is left. */
const size: Trait<string, string | number> = {
  initial: () => '1fr',
  check: (input) => {
    if (typeof input === 'number' && input >= 0 && Number.isFinite(input)) return `${input}fr`;
    if (typeof input === 'string' && /^\d+\.?\d*$/.test(input)) return `${input}fr`;
    if (typeof input === 'string' && /^\d+\.?\d*(px|fr|%|em|rem|vh|vw)$/.test(input)) return input;
    throw new TraitError("a size such as 2 (two parts), '2fr', '80px' or '30%'", input);
  },
};

type Sizes = readonly [string, string, string];
type SizeInputs = readonly [string | number, string | number, string | number];
const threeSizes = (...initial: Sizes): Trait<Sizes, SizeInputs> => {
  const { check } = list(size);
  return keyed(null, {
    initial: () => initial,
    check: (input) => {
      const sizes = check(input);
      if (sizes.length === 3) return sizes as unknown as Sizes;
      throw new TraitError('three sizes', input);
    },
  });
};

const merge = {
  /** Whether neighbours take the space of empty places. */
  merge: keyed(null, bool(true)),
};

const app = {
  ...{ header: place, leftSidebar: place, center: place, rightSidebar: place, footer: place },
  ...merge,
  /** Of the left sidebar, the centre, the right sidebar. */
  paneWidths: threeSizes('1fr', '2fr', '1fr'),
  /** Of the header, the middle, the footer. */
  paneHeights: threeSizes('1fr', '3fr', '1fr'),
};

/**
 * Widgets as in an application: a header and a footer, and between them a centre with a sidebar on either side. Places
 * that are empty go to their neighbours, unless `merge` is false.
 *
 * @example
 * new widgets.AppLayout({ header: title, leftSidebar: controls, center: plot, paneWidths: [1, 3, 0], height: '400px' });
 */
export class AppLayout extends template(app) {
  constructor(options?: TemplateInputs<typeof app>) {
    super(options);
    this.#arrange();
    this.observe(Object.keys(app) as (keyof typeof app)[], () => this.#arrange());
  }

  #arrange(): void {
    const { header, leftSidebar, center, rightSidebar, footer } = this;
    const widgets = taken({
      header,
      footer,
      'left-sidebar': leftSidebar,
      'right-sidebar': rightSidebar,
      center,
    });
    let areas: Areas = [
      ['header', 'header', 'header'],
      ['left-sidebar', 'center', 'right-sidebar'],
      ['footer', 'footer', 'footer'],
    ];
    let [rows, columns]: [string[], string[]] = [[...this.paneHeights], [...this.paneWidths]];
    const [only, ...others] = Object.keys(widgets);
    if (this.merge && only !== undefined && others.length === 0) areas = areas.map((row) => row.map(() => only));
    else if (this.merge) {
      const middle = areas[1];
      if (!center) for (const part of [...areas, columns]) part.splice(1, 1);
      if (!leftSidebar) middle[0] = middle[1];
      if (!rightSidebar) middle[middle.length - 1] = middle.at(-2)!;
      if (!center && !leftSidebar && !rightSidebar) {
        areas = [['header'], ['footer']];
        [rows, columns] = [['1fr', '1fr'], ['1fr']];
      }
      if (!header) for (const part of [areas, rows]) part.shift();
      if (!footer) for (const part of [areas, rows]) part.pop();
    }
    arrange(this, widgets as Record<string, Widget>, areas, rows.join(' '), columns.join(' '));
  }
}

const corners = { topLeft: place, topRight: place, bottomLeft: place, bottomRight: place, ...merge };

/**
 * Four widgets in two rows of two. Places that are empty go to their neighbours, unless `merge` is false.
 *
 * @example
 * new widgets.TwoByTwoLayout({ topLeft: a, topRight: b, bottomRight: c });
 */
export class TwoByTwoLayout extends template(corners) {
  constructor(options?: TemplateInputs<typeof corners>) {
    super(options);
    this.#arrange();
    this.observe(Object.keys(corners) as (keyof typeof corners)[], () => this.#arrange());
  }

  #arrange(): void {
    const widgets = taken({
      'top-left': this.topLeft,
      'top-right': this.topRight,
      'bottom-left': this.bottomLeft,
      'bottom-right': this.bottomRight,
    }) as Record<string, Widget>;
    const areas: Areas = [
      ['top-left', 'top-right'],
      ['bottom-left', 'bottom-right'],
    ];
    const [only, ...others] = Object.keys(widgets);
    const isFree = (area: string): boolean => !Object.hasOwn(widgets, area);
    if (this.merge && only !== undefined)
      for (const column of others.length === 0 ? [] : [0, 1]) {
        const [top, bottom] = [areas[0][column], areas[1][column]];
        if (isFree(top) && isFree(bottom)) for (const row of areas) row[column] = row[1 - column];
        else if (isFree(top)) areas[0][column] = bottom;
        else if (isFree(bottom)) areas[1][column] = top;
      }
    if (this.merge && others.length === 0 && only !== undefined) areas.forEach((row) => row.fill(only));
    arrange(this, widgets, areas, '1fr 1fr', '1fr 1fr');
  }
}

/** A row or column by its number, or several: `[from, to]` without `to` itself, as in `slice`. Below 0: from the end. */
export type GridSpan = number | readonly [from: number, to?: number];

const count = (name: string): Trait<number> =>
  keyed(null, {
    ...int(1),
    check: (input) => {
      if (Number.isSafeInteger(input) && (input as number) > 0) return input as number;
      throw new TraitError(`the number of ${name}, at least 1`, input);
    },
  });

/**
 * Rows and columns of the same size; each widget takes any rectangle of them.
 *
 * @example
 * const grid = new widgets.GridspecLayout(4, 3, { height: '300px' });
 * grid.put([0, 3], 0, menu); // the first three rows of the first column
 * grid.put(-1, [0], status); // the whole last row
 */
export class GridspecLayout extends template({ rows: count('rows'), columns: count('columns') }) {
  readonly #areas: Areas;
  readonly #widgets = new Map<string, Widget>();
  #lastId = 0;

  constructor(rows: number, columns: number, options: TemplateInputs<NoTraits> = {}) {
    super({ ...options, rows, columns });
    this.#areas = Array.from({ length: rows }, () => Array<string>(columns).fill('.'));
    this.#arrange();
  }

  /** Puts a widget where it shall be; those that had a part of that place are taken away. */
  put(rows: GridSpan, columns: GridSpan, widget: Widget): this {
    const cells = this.#cells(rows, columns);
    const checked = anyWidget.check(widget);
    const replaced = new Set(cells.map(([row, column]) => this.#areas[row][column]));
    for (const area of replaced) this.#widgets.delete(area);
    for (const row of this.#areas) row.forEach((area, index) => replaced.has(area) && (row[index] = '.'));
    const id = `widget${String(++this.#lastId).padStart(3, '0')}`;
    for (const [row, column] of cells) this.#areas[row][column] = id;
    this.#widgets.set(id, checked);
    this.#arrange();
    return this;
  }

  /** The widget at a place; undefined where there is none. @throws where several widgets share it */
  at(rows: GridSpan, columns: GridSpan): Widget | undefined {
    const [area, ...others] = new Set(this.#cells(rows, columns).map(([row, column]) => this.#areas[row][column]));
    if (others.length > 0) throw new RangeError('GridspecLayout: there are several widgets at that place.');
    return this.#widgets.get(area);
  }

  #cells(rows: GridSpan, columns: GridSpan): (readonly [number, number])[] {
    const all = numbersOf(columns, this.columns, 'column');
    return numbersOf(rows, this.rows, 'row').flatMap((row) => all.map((column) => [row, column] as const));
  }

  #arrange(): void {
    const repeat = (times: number): string => `repeat(${times}, 1fr)`;
    const widgets = Object.fromEntries(this.#widgets);
    arrange(this, widgets, this.#areas, repeat(this.rows), repeat(this.columns));
  }
}

/** The numbers that a span means. @throws where it leaves the grid or holds nothing */
function numbersOf(span: GridSpan, length: number, what: string): number[] {
  const all = Array.from({ length }, (_none, index) => index);
  const found = typeof span === 'number' ? all.slice(span, span === -1 ? undefined : span + 1) : all.slice(...span);
  if (found.length > 0) return found;
  const end = `${what}s 0 to ${length - 1}`;
  throw new RangeError(`GridspecLayout: there is no ${what} ${JSON.stringify(span)}; the grid has ${end}.`);
}
