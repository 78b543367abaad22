/** @file Links between properties of widgets: in the kernel, or in the front end, where they work without it too. */
import { controlsModule, libraryVersion } from './layout.ts';
import { type Trait, TraitError } from './traits.ts';
import { dereference, model, reference } from './model.ts';
import { Widget } from './widget.ts';

/** A widget and the name of one of its properties. */
export type Endpoint<Owner extends Widget = Widget, Name extends string = string> = readonly [Owner, Name];

/** Names of a widget's properties. */
type PropertyOf<Owner> = keyof Owner & string;

/** Undoes a link. */
export type Unlink = () => void;

const get = ([owner, name]: Endpoint): unknown => (owner as unknown as Record<string, unknown>)[name];
const assign = ([owner, name]: Endpoint, value: unknown): void =>
  void ((owner as unknown as Record<string, unknown>)[name] = value);
const observe = ([owner, name]: Endpoint, handler: (value: unknown) => void): Unlink =>
  owner.observe(name as never, ({ value }: { value: unknown }) => handler(value));

/**
 * Keeps two properties the same; the second takes the first one's value to begin with.
 *
 * @example
 * const unlink = widgets.link([slider, 'value'], [text, 'value']);
 */
export function link<
  Source extends Widget,
  From extends PropertyOf<Source>,
  Target extends Widget,
  To extends PropertyOf<Target>,
>(source: readonly [Source, From], target: readonly [Target, To]): Unlink {
  const forward = dlink(source, target);
  const backward = observe(target, (value) => assign(source, value));
  return () => {
    forward();
    backward();
  };
}

/**
 * Has a property follow another, through `transform` where it is given.
 *
 * @example
 * widgets.dlink([slider, 'value'], [label, 'value'], (value) => `${value} epochs`);
 */
export function dlink<
  Source extends Widget,
  From extends PropertyOf<Source>,
  Target extends Widget,
  To extends PropertyOf<Target>,
>(
  source: readonly [Source, From],
  target: readonly [Target, To],
  transform: (value: Source[From]) => Target[To] = (value) => value as unknown as Target[To],
): Unlink {
  const copy = (value: unknown): void => assign(target, transform(value as Source[From]));
  copy(get(source));
  return observe(source, copy);
}

const endpoint: Trait<Endpoint> = {
  required: true,
  initial: () => {
    throw new Error('A link has two ends.');
  },
  check: (input) => {
    const [owner, name] = Array.isArray(input) ? (input as unknown[]) : [];
    if (!(owner instanceof Widget) || typeof name !== 'string')
      throw new TraitError('[widget, name of a property]', input);
    Widget.stateKey(owner, name);
    return [owner, name];
  },
  toWire: ([owner, name]) => [reference(owner), Widget.stateKey(owner, name)],
  fromWire: (wire) => (Array.isArray(wire) ? [dereference(wire[0]), wire[1]] : wire),
};

const frontEndLink = (name: string) =>
  model({
    model: name,
    view: null,
    module: controlsModule,
    version: libraryVersion,
    traits: { source: endpoint, target: endpoint },
  });

/** A link that the front end keeps; `close()` undoes it. `jslink` makes one. */
export class Link extends frontEndLink('LinkModel') {}
/** A link that the front end keeps, in one direction. `jsdlink` makes one. */
export class DirectionalLink extends frontEndLink('DirectionalLinkModel') {}

/**
 * Keeps two properties the same in the front end: at once, while the kernel is busy, and in a page without a kernel.
 *
 * @example
 * widgets.jslink([play, 'value'], [slider, 'value']);
 */
export function jslink<
  Source extends Widget,
  From extends PropertyOf<Source>,
  Target extends Widget,
  To extends PropertyOf<Target>,
>(source: readonly [Source, From], target: readonly [Target, To]): Link {
  return new Link({ source, target });
}

/** Has a property follow another in the front end. */
export function jsdlink<
  Source extends Widget,
  From extends PropertyOf<Source>,
  Target extends Widget,
  To extends PropertyOf<Target>,
>(source: readonly [Source, From], target: readonly [Target, To]): DirectionalLink {
  return new DirectionalLink({ source, target });
}
