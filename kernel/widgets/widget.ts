/** @file The widget: a table of traits, kept the same here and in the front end. */
import { randomUUID } from 'node:crypto';
import { type InspectOptions, inspect } from 'node:util';
import { type MimeBundle, displaySymbol } from '../../src/display.ts';
import { Comm } from '../comm/comm.ts';
import { widgetTarget } from '../comm/contract.ts';
import { type ReceivedMessage, comms } from '../comm/manager.ts';
import { type BufferPath, isPlainObject, putBuffers, sameValue, splitBuffers } from './buffers.ts';
import { type Definition, asJson, computedState, keyOf, stateOf, textOf } from './definition.ts';
import { type ModelState, models, protocolVersion } from './registry.ts';
import { callHandlers, handleMessage, isThenable } from './handlers.ts';
import { nearest } from './spelling.ts';
import { type AnyTrait, Refusal, TraitError, shortly } from './traits.ts';

/** What an observer learns. */
export interface Change<Value = unknown, Name extends PropertyKey = string> {
  readonly name: Name;
  readonly value: Value;
  readonly old: Value;
  readonly owner: Widget;
}

/** Hears a change. What it prints belongs to the cell or the message that made the change. */
export type Observer<Value, Name extends PropertyKey> = (change: Change<Value, Name>) => unknown;

/** Hears a custom message of the front end's. */
export type MessageHandler = (content: unknown, buffers: readonly Uint8Array[]) => unknown;

/**
 * A model that is kept the same here and in the front end. Every widget has the properties of its class; assigning one
 * changes the front end, and what the user does there changes the property.
 */
export class Widget<Values extends object = object, Inputs extends object = object> {
  /** Id of the model in the front end. */
  readonly modelId = randomUUID().replaceAll('-', '');
  readonly #definition: Definition;
  readonly #observers = new Map<string, Set<Observer<never, string>>>();
  readonly #messageHandlers = new Set<MessageHandler>();
  #values: Record<string, unknown> = {};
  #comm: Comm | undefined;
  /** Keys whose changes wait for the end of {@link holdSync}. */
  #held: Set<string> | undefined;
  /** What the front end has sent and still believes, in its own form, while that is taken in. */
  #believed: Record<string, unknown> = {};

  /** @param definition what kind of widget this is: `model()` gives it */
  constructor(definition: Definition, options: Readonly<Record<string, unknown>> = {}) {
    this.#definition = definition;
    // Before the widgets that are made for its properties.
    const adopted = takeAdopted();
    const given = this.#checked(options);
    for (const [name, trait] of Object.entries(definition.traits))
      this.#values[name] = Object.hasOwn(given, name) ? given[name] : trait.initial();
    this.#refine(this.#values, given, true);
    Object.values(this.#values).forEach((value) => this.#use(value));
    this.#open(adopted);
  }

  /** Whether the widget was closed, here or in the front end. */
  get closed(): boolean {
    return this.#comm?.closed ?? true;
  }

  /**
   * Assigns several properties in one step, so that those which depend on each other are checked together.
   *
   * @example
   * slider.set({ min: 100, max: 200, value: 150 });
   */
  set(changes: Inputs): this {
    this.#assign(this.#checked(changes as Readonly<Record<string, unknown>>));
    return this;
  }

  /**
   * Calls `handler` after each change of a property, from either side; of any property, where none is named.
   *
   * @returns how to stop it
   * @example
   * slider.observe('value', ({ value, old }) => console.log(old, '->', value));
   */
  observe<Name extends keyof Values & string>(
    names: Name | readonly Name[],
    handler: Observer<Values[Name], Name>,
  ): () => void;
  observe(handler: Observer<unknown, string>): () => void;
  observe(names: string | readonly string[] | Observer<never, never>, given?: Observer<never, never>): () => void {
    const handler = given ?? names;
    if (typeof handler !== 'function')
      throw new TypeError(
        `${this.constructor.name}.observe: expected a function that hears changes, got ${shortly(handler)}.`,
      );
    const all = typeof names === 'function' ? Object.keys(this.#definition.traits) : names;
    const list = typeof all === 'string' ? [all] : all;
    for (const name of list) {
      this.#known(name);
      this.#observers.set(name, (this.#observers.get(name) ?? new Set()).add(handler as never));
    }
    return () => list.forEach((name) => this.#observers.get(name)?.delete(handler as never));
  }

  /** Changes made in `work` go to the front end in one message, at its end. */
  holdSync<Result>(work: () => Result): Result {
    if (this.#held) return work();
    const held = (this.#held = new Set());
    const release = (): void => {
      this.#held = undefined;
      this.#sync([...held]);
    };
    let pending = false;
    try {
      const result = work();
      if (isThenable(result)) {
        pending = true;
        void (result as PromiseLike<unknown>).then(release, release);
      }
      return result;
    } finally {
      if (!pending) release();
    }
  }

  /**
   * Sends properties as they are now, all of them where none is named: for a list or an array that was changed in place, which nobody noticed.
   *
   * @example
   * pixels[0] = 255;
   * canvas.sendState('pixels');
   */
  sendState(...names: (keyof Values & string)[]): void {
    const given = names.flatMap((name) => keyOf(name, this.#known(name)) ?? []);
    const keys = names.length === 0 ? Object.keys(this.#state()) : given;
    if (this.#held) return keys.forEach((key) => this.#held?.add(key));
    this.#sendState('update', this.#state(keys));
  }

  /** Sends the front end's model a message of its own kind. */
  send(content: unknown, buffers?: readonly ArrayBufferView[]): void {
    if (!this.closed) this.#comm?.send({ method: 'custom', content }, { buffers });
  }

  /** Hears custom messages of the front end's model. @returns how to stop it */
  onMsg(handler: MessageHandler): () => void {
    this.#messageHandlers.add(handler);
    return () => void this.#messageHandlers.delete(handler);
  }

  /** Takes the widget off every page, with the layout and the style that were made for it. */
  close(): void {
    if (this.closed) return;
    this.#comm?.close();
    this.#forget();
  }

  /** What the front end is told of the model. */
  modelState(): ModelState {
    const { model, module, version } = this.#definition;
    return { model_name: model, model_module: module, model_module_version: version, state: this.#state() };
  }

  /** The MIME bundle by which a notebook shows the widget; of a closed one there is only text. */
  [displaySymbol](): MimeBundle {
    const view = { version_major: 2, version_minor: 0, model_id: this.modelId };
    return {
      ...(!this.closed && this.#definition.view !== null && { 'application/vnd.jupyter.widget-view+json': view }),
      'text/plain': inspect(this, { depth: 2, maxArrayLength: 10, maxStringLength: 100, breakLength: 110 }),
    };
  }

  /** The widget as text: its class and what differs from the defaults. */
  [inspect.custom](depth: number, options: InspectOptions): string {
    return textOf(this.constructor.name, this.#definition, this.#values, { ...options, depth });
  }

  /** A property's value, for the accessors. */
  protected valueOf_(name: string): unknown {
    return this.#values[name];
  }

  /** The key of a property in the state that the front end knows. */
  static stateKey(widget: Widget, name: string): string {
    const key = keyOf(name, widget.#known(name));
    if (key !== null) return key;
    throw new TypeError(`${widget.constructor.name}.${name} is known here only: the front end cannot link it.`);
  }

  #known(name: string): AnyTrait {
    const { traits } = this.#definition;
    if (Object.hasOwn(traits, name)) return traits[name];
    const near = nearest(name, Object.keys(traits));
    const hint = near === undefined ? `It has ${Object.keys(traits).join(', ')}.` : `Did you mean '${near}'?`;
    throw new TypeError(`${this.constructor.name} has no property '${name}'. ${hint}`);
  }

  #checked(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
    if (!isPlainObject(inputs)) throw new TraitError('an object with properties', inputs, this.constructor.name);
    const checked: Record<string, unknown> = {};
    for (const [name, input] of Object.entries(inputs)) {
      const trait = this.#known(name);
      if (input !== undefined) checked[name] = this.#check(name, trait, input);
    }
    return checked;
  }

  #check(name: string, trait: AnyTrait, input: unknown): unknown {
    try {
      return trait.check(input) as unknown;
    } catch (error) {
      if (error instanceof TraitError) throw new TraitError(error.expected, input, `${this.constructor.name}.${name}`);
      throw error;
    }
  }

  #refine(next: Record<string, unknown>, given: Record<string, unknown>, isNew: boolean): void {
    try {
      this.#definition.refine?.(next as never, new Set(Object.keys(given)), isNew);
    } catch (error) {
      if (error instanceof Refusal) throw new RangeError(`${this.constructor.name}: ${error.message}`);
      throw error;
    }
  }

  /** Takes checked values, sends what changed, tells the observers. */
  #assign(given: Record<string, unknown>): void {
    const next = { ...this.#values, ...given };
    this.#refine(next, given, false);
    const old = this.#values;
    const changed = Object.keys(next).filter((name) => !sameValue(next[name], old[name]));
    if (changed.length === 0) return;
    const before = computedState(this.#definition, old);
    const after = computedState(this.#definition, next);
    this.#values = next;
    const computed = Object.keys(after).filter((key) => !sameValue(after[key], before[key]));
    this.#sync([...changed.flatMap((name) => keyOf(name, this.#definition.traits[name]) ?? []), ...computed]);
    for (const name of changed) {
      this.#use(next[name]);
      this.#leave(old[name]);
    }
    callHandlers(
      changed.flatMap((name) =>
        [...(this.#observers.get(name) ?? [])].map(
          (observer) => () =>
            observer({ name, value: next[name] as never, old: old[name] as never, owner: this as never }),
        ),
      ),
    );
  }

  /** Sends the keys whose values the front end does not have. */
  #sync(keys: readonly string[]): void {
    if (this.#held) return keys.forEach((key) => this.#held?.add(key));
    const state = this.#state(keys);
    for (const key of Object.keys(state))
      if (Object.hasOwn(this.#believed, key) && sameValue(asJson(state[key]), asJson(this.#believed[key])))
        delete state[key];
      else if (Object.hasOwn(this.#believed, key)) this.#believed[key] = state[key];
    if (Object.keys(state).length > 0) this.#sendState('update', state);
  }

  #sendState(method: 'update' | 'echo_update', values: Record<string, unknown>): void {
    if (this.closed) return;
    const { state, bufferPaths, buffers } = splitBuffers(values);
    this.#comm?.send({ method, state, buffer_paths: bufferPaths }, { buffers });
  }

  #state(keys?: readonly string[]): Record<string, unknown> {
    return stateOf(this.#definition, this.#values, keys);
  }

  #open(adopted: Comm | undefined): void {
    if (comms.connection === undefined) return;
    const { state, bufferPaths, buffers } = splitBuffers(this.#state());
    const comm =
      adopted ??
      new Comm({
        targetName: widgetTarget,
        commId: this.modelId,
        data: { state, buffer_paths: bufferPaths },
        buffers,
        metadata: { version: protocolVersion },
      });
    this.#comm = comm;
    if (adopted) (this as { modelId: string }).modelId = adopted.commId;
    models.set(this.modelId, this);
    comm.onMsg((message) => this.#received(message));
    comm.onClose(() => this.#forget());
  }

  /** It is closed: nobody finds it any more, and it needs no layout. */
  #forget(): void {
    models.delete(this.modelId);
    Object.values(this.#values).forEach((value) => this.#leave(value));
  }

  #use(value: unknown): void {
    if (value instanceof Widget) usersOf.get(value)?.add(this);
  }

  /** What was made for widgets goes with the last of them. */
  #leave(value: unknown): void {
    if (!(value instanceof Widget)) return;
    const users = usersOf.get(value);
    if (users?.delete(this) && users.size === 0) value.close();
  }

  /** Takes in a message of the front end's. */
  #received({ data, buffers }: ReceivedMessage): Promise<void> {
    return handleMessage(() => {
      switch (data.method) {
        case 'update':
          if (isPlainObject(data.state)) this.#receiveState(data.state, data.buffer_paths, buffers);
          return;
        case 'request_state':
          return this.#sendState('update', this.#state());
        case 'custom':
          return callHandlers([...this.#messageHandlers].map((handler) => () => handler(data.content, buffers)));
        default:
          throw new Error(`${this.constructor.name}: the front end sent an unknown method '${String(data.method)}'.`);
      }
    });
  }

  /** Makes the widget for a comm that the front end opened. @param known among which its class is */
  static fromFrontEnd(comm: Comm, { data, buffers }: ReceivedMessage, known: readonly unknown[]): Widget {
    const state = isPlainObject(data.state) ? data.state : {};
    const type = known.find((each): each is new () => Widget => {
      const definition = (each as { definition?: Definition } | undefined)?.definition;
      return definition?.model === state._model_name && definition?.module === state._model_module;
    });
    if (type === undefined)
      throw new Error(`Widgets: there is no ${String(state._model_name)} of ${String(state._model_module)} here.`);
    adoptedComm = comm;
    try {
      const widget = new type();
      widget.#receiveState(state, data.buffer_paths, buffers);
      return widget;
    } finally {
      adoptedComm = undefined;
    }
  }

  /** Takes in a state that the front end sent. */
  #receiveState(state: Record<string, unknown>, bufferPaths: unknown, buffers: readonly Uint8Array[]): void {
    if (Array.isArray(bufferPaths)) putBuffers(state, bufferPaths as BufferPath[], buffers);
    const received = Object.entries(this.#definition.traits).flatMap(([name, trait]) => {
      const key = keyOf(name, trait);
      return key !== null && Object.hasOwn(state, key) ? [{ name, trait, key, wire: state[key] }] : [];
    });
    // Other views of the same model learn of it at once, from its echo.
    const echoed = received.filter(({ trait }) => trait.echo !== false);
    if (echoed.length > 0)
      this.#sendState('echo_update', Object.fromEntries(echoed.map(({ key, wire }) => [key, wire])));
    this.#believed = Object.fromEntries(received.map(({ key, wire }) => [key, wire]));
    const keys = received.map(({ key }) => key);
    try {
      this.#assign(
        Object.fromEntries(
          received.map(({ name, trait, wire }) => [
            name,
            this.#check(name, trait, trait.fromWire ? trait.fromWire(wire) : wire),
          ]),
        ),
      );
    } finally {
      // Where a value was made to fit, or refused, the front end still shows its own.
      this.#sync(keys);
      this.#believed = {};
    }
  }
}

/** Widgets that were made for others (layouts, styles), with those that use them: who makes one by name keeps it. */
const usersOf = new WeakMap<Widget, Set<Widget>>();

/** Says that a widget was made for another one. */
export const madeFor = <Made extends Widget>(made: Made): Made => {
  usersOf.set(made, new Set());
  return made;
};

/** Takes every widget off every page. */
export const closeAll = (): void => {
  for (const widget of models.values()) if (widget instanceof Widget) widget.close();
};

/** The comm that the front end opened for the widget which is made next. */
let adoptedComm: Comm | undefined;
const takeAdopted = (): Comm | undefined => {
  const comm = adoptedComm;
  adoptedComm = undefined;
  return comm;
};
