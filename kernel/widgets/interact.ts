/** @file `interact`: a function that runs again whenever its controls change, with its output below them. */
import { displayPort, displaySymbol } from '../../src/display.ts';
import { formatAsSoonAsPossible, shownAlready } from '../display/format-value.ts';
import { type Control, type ControlValue, Fixed, type ValueWidget, widgetFor } from './abbreviations.ts';
import { VBox } from './boxes.ts';
import { LatestRun } from './latest-run.ts';
import { Output } from './output.ts';
import { Text } from './strings.ts';
import { Button } from './switches.ts';
import { keepBusy } from './handlers.ts';
import { TraitError } from './traits.ts';
import { Widget } from './widget.ts';

/** Controls by the name of the value that the function gets. */
export type Controls = Readonly<Record<string, Control>>;
export type ControlValues<Given extends Controls> = { readonly [Name in keyof Given]: ControlValue<Given[Name]> };

export interface InteractiveOptions {
  /** Run when a button is pressed, rather than at each change. */
  readonly manual?: boolean;
  /** What stands on that button. */
  readonly buttonText?: string;
  /** Show what the function returns. */
  readonly showResult?: boolean;
}

/** Shows a value where the code that runs is shown; undefined is nothing. */
function show(value: unknown): void {
  const emit = (shown: Awaited<ReturnType<typeof formatAsSoonAsPossible>>): void => {
    if (shown) displayPort()?.display(shown.data);
  };
  const formatted = formatAsSoonAsPossible(value);
  if (formatted instanceof Promise) return void formatted.then(emit);
  emit(formatted);
}

/** Controls, and the output of a function that runs with their values. */
export class Interactive<Given extends Controls = Controls, Result = unknown> extends VBox {
  /** The widgets of the controls, by name. */
  readonly controls: Readonly<Record<string, ValueWidget>>;
  readonly output: Output;
  /** What the function gave last. */
  result: Awaited<Result> | undefined;
  readonly #work: (values: ControlValues<Given>) => Result;
  readonly #fixed: Readonly<Record<string, unknown>>;
  readonly #options: InteractiveOptions;
  readonly #runs: LatestRun;

  constructor(work: (values: ControlValues<Given>) => Result, controls: Given, options: InteractiveOptions = {}) {
    if (typeof work !== 'function')
      throw new TypeError(`interact: the first argument must be a function, got ${typeof work}.`);
    const made = Object.entries(controls).map(
      ([name, given]) => [name, widgetFor(given, `interact: ${name}`)] as const,
    );
    const widgets = made.flatMap(([name, each]) => (each instanceof Fixed ? [] : [[name, each] as const]));
    for (const [name, widget] of widgets)
      if ('description' in widget && widget.description === '') widget.description = name;
    const output = new Output();
    const button = options.manual ? new Button({ description: options.buttonText ?? 'Run Interact' }) : undefined;
    super([...widgets.map(([, widget]) => widget), ...(button ? [button] : []), output], {
      classes: ['widget-interact'],
    });
    this.controls = Object.fromEntries(widgets);
    this.output = output;
    this.#work = work;
    this.#options = options;
    this.#fixed = Object.fromEntries(
      made.flatMap(([name, each]) => (each instanceof Fixed ? [[name, each.value]] : [])),
    );
    this.#runs = new LatestRun(output.capture(() => this.#call(), { clear: true }));
    if (button) this.#runByButton(button);
    else {
      for (const [, widget] of widgets) observeValue(widget, () => this.update());
      void this.update();
    }
  }

  /** The values that the function gets now. */
  get values(): ControlValues<Given> {
    return { ...this.#fixed, ...valuesOf(this.controls) } as ControlValues<Given>;
  }

  /** Runs the function. While an asynchronous run goes on, the newest of the changes made meanwhile waits for its end. */
  update(): unknown {
    return this.#runs.ask();
  }

  #call(): unknown {
    const result = this.#work(this.values);
    return result instanceof Promise ? result.then((value: unknown) => this.#keep(value)) : this.#keep(result);
  }

  #keep(result: unknown): void {
    this.result = result as Awaited<Result>;
    if (this.#options.showResult) show(result);
  }

  #runByButton(button: Button): void {
    const press = (): unknown => {
      button.disabled = true;
      const done = (): void => void (button.disabled = false);
      const run = this.update();
      if (!(run instanceof Promise)) return done();
      const over = run.finally(done);
      keepBusy(over);
      return over;
    };
    button.onClick(press);
    for (const widget of Object.values(this.controls))
      if (widget instanceof Text) {
        // Text counts when it is complete: with Enter.
        widget.continuousUpdate = false;
        widget.observe('value', press);
      }
  }
}

const observeValue = (widget: Widget, handler: () => unknown): void =>
  void (widget as Widget<{ value: unknown }>).observe('value', handler);

const valuesOf = (widgets: Readonly<Record<string, ValueWidget>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(widgets).map(([name, { value }]) => [name, value]));

/**
 * The output of a function that runs with the values of widgets, and again whenever one changes; the widgets are shown where
 * one likes. It may be asynchronous.
 *
 * @example
 * const [a, b] = [new widgets.IntSlider(), new widgets.IntSlider()];
 * const sum = widgets.interactiveOutput(({ a, b }) => console.log(a + b), { a, b });
 * display(new widgets.HBox([new widgets.VBox([a, b]), sum]));
 */
export function interactiveOutput<const Given extends Readonly<Record<string, ValueWidget>>>(
  work: (values: ControlValues<Given>) => unknown,
  controls: Given,
): Output {
  if (typeof work !== 'function')
    throw new TypeError(`interactiveOutput: the first argument must be a function, got ${typeof work}.`);
  for (const [name, widget] of Object.entries(controls))
    if (!(widget instanceof Widget) || !('value' in widget))
      throw new TraitError('a widget with a value', widget, `interactiveOutput: ${name}`);
  const output = new Output();
  const runs = new LatestRun(output.capture(() => work(valuesOf(controls) as ControlValues<Given>), { clear: true }));
  for (const widget of Object.values(controls)) observeValue(widget, () => runs.ask());
  void runs.ask();
  return output;
}

/**
 * Controls and output of a function, to be shown or put into a box.
 *
 * @example
 * const view = widgets.interactive(({ n }) => console.log(n ** 2), { n: [0, 10] });
 * display(new widgets.HBox([view, other]));
 */
export const interactive = <const Given extends Controls, Result>(
  work: (values: ControlValues<Given>) => Result,
  controls: Given,
  options?: InteractiveOptions,
): Interactive<Given, Result> => new Interactive(work, controls, options);

/** What is on display, and the way to it. */
export interface InteractHandle<Given extends Controls, Result> {
  /** The box with the controls and the output. */
  readonly widget: Interactive<Given, Result>;
}

/** A result that a cell does not show once more. */
function shown<Given extends Controls, Result>(widget: Interactive<Given, Result>): InteractHandle<Given, Result> {
  displayPort()?.display(widget[displaySymbol]());
  return { widget, [shownAlready]: true } as InteractHandle<Given, Result>;
}

/**
 * Shows controls for a function and runs it whenever they change; what it prints, displays and returns is shown below
 * them. It may be asynchronous.
 *
 * @param controls by name: a number, `[min, max]`, `[min, max, step]`, text, a boolean, options (a list, an object, a Map),
 * a widget, or `fixed(value)`
 * @example
 * widgets.interact(({ learningRate, units }) => train(learningRate, units), {
 *   learningRate: [0.001, 0.1, 0.001],
 *   units: new widgets.IntSlider({ min: 1, max: 64 }),
 * });
 */
export function interact<const Given extends Controls, Result>(
  work: (values: ControlValues<Given>) => Result,
  controls: Given,
  options: InteractiveOptions = {},
): InteractHandle<Given, Result> {
  return shown(new Interactive(work, controls, { showResult: true, ...options }));
}

/** As `interact`, with a button that runs the function: for one that takes long. */
export function interactManual<const Given extends Controls, Result>(
  work: (values: ControlValues<Given>) => Result,
  controls: Given,
  options: InteractiveOptions = {},
): InteractHandle<Given, Result> {
  return shown(new Interactive(work, controls, { showResult: true, manual: true, ...options }));
}
