/** @file Which class a name in a config means: the library's own of each kind, and those that users registered. */
import { type Config, lookUp, sameSpelling } from '../configuration.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { withFinally } from '../tensor/finally.ts';

/** What can be made again from its config. */
export interface Configurable {
  getConfig(): Config;
}

/** An object as a config holds it. */
export interface SerializedObject {
  readonly className: string;
  readonly config: Config;
  /** `Package>Name` of a registered class. */
  readonly registeredName?: string;
}

/** A class whose instances can be made from their config: by `fromConfig`, else by its constructor, which takes the options. */
export interface SerializableClass<T extends object = object> {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any constructor: what it takes is its own business
  new (...args: any[]): T;
  /** The name in configs; default the class's own. */
  readonly className?: string;
  fromConfig?(config: Config): T;
}

/** Classes and functions by name, for configs that name what the library does not have. */
export type CustomObjects = Readonly<Record<string, unknown>>;

const registered = new Map<string, unknown>();
const registeredNames = new WeakMap<object, string>();
let scopes: readonly CustomObjects[] = [];

/**
 * Makes a class (or a function, such as a loss) known by name, so that models that use it can be saved and loaded.
 *
 * @param packageName - Keeps names of different libraries apart; default `Custom`.
 * @param name - Default: the class's static `className`, else its name.
 * @example
 * class Scale extends tf.layers.Layer { ... }
 * tf.serialization.registerClass(Scale);
 */
export function registerClass<C extends object>(target: C, packageName = 'Custom', name = nameOf(target)): C {
  if (typeof target !== 'function')
    throw new ArgumentError(`registerClass: expected a class or a function, got ${String(target)}.`);
  if (!name) throw new ArgumentError('registerClass: the class has no name; give one as the third argument.');
  const registeredName = `${packageName}>${name}`;
  registered.set(registeredName, target);
  registeredNames.set(target, registeredName);
  return target;
}

/** Runs `fn` with more names known: `withCustomObjects({ Scale }, () => tf.loadModel(path))`. Also for asynchronous functions. */
export function withCustomObjects<T>(objects: CustomObjects, fn: () => T): T {
  // A scope of its own: the same objects may be given again within it.
  const scope = { ...objects };
  scopes = [scope, ...scopes];
  return withFinally(fn, () => {
    scopes = scopes.filter((other) => other !== scope);
  });
}

const nameOf = (target: object): string =>
  (target as { className?: string }).className ?? (target as { name?: string }).name ?? '';

/** The name under which a class was registered, `Custom>Scale`; undefined where it was not. */
export const registeredNameOf = (target: object): string | undefined => registeredNames.get(target);

/** What a name (plain or `Package>Name`) stands for outside of the library; undefined where nothing does. */
export function customObject(name: string): unknown {
  const plain = name.slice(name.indexOf('>') + 1);
  for (const scope of scopes) {
    const found = scope[name] ?? scope[plain];
    if (found !== undefined) return found;
  }
  if (registered.has(name)) return registered.get(name);
  const known = [...registered.keys()].find((key) => key.slice(key.indexOf('>') + 1) === plain);
  return known === undefined ? undefined : registered.get(known);
}

/** The classes of one kind: layers, losses, optimizers, ... */
export class ClassRegistry<T extends Configurable> {
  /** In messages: `layer`, `loss`. */
  readonly kind: string;
  /** Where Keras has the kind: `keras.layers`. */
  readonly module: string;
  private readonly given: () => Readonly<Record<string, SerializableClass<T>>>;
  private readonly added: Record<string, SerializableClass<T>> = {};

  /** @param classes - By name; a function, since classes may refer to each other while modules load. */
  constructor(kind: string, module: string, classes: () => Readonly<Record<string, SerializableClass<T>>>) {
    this.kind = kind;
    this.module = module;
    this.given = classes;
  }

  private classes(): Readonly<Record<string, SerializableClass<T>>> {
    return { ...this.given(), ...this.added };
  }

  /** Adds a class of a floor above: a model is a layer too. */
  add(name: string, type: SerializableClass<T>): void {
    this.added[name] = type;
  }

  /** Names of the library's classes. */
  get names(): readonly string[] {
    return Object.keys(this.classes());
  }

  /** Whether a name in any spelling is one of the library's. */
  has(name: string): boolean {
    return this.names.some((known) => sameSpelling(known, name));
  }

  /** The class of a name: a custom one first, then the library's in any spelling. @throws ArgumentError */
  classOf(name: string): SerializableClass<T> {
    const custom = customObject(name);
    if (typeof custom === 'function') return custom as SerializableClass<T>;
    if (this.has(name)) return lookUp(this.kind, this.classes(), name);
    throw new ArgumentError(
      `Unknown ${this.kind} '${name}'; expected one of: ${this.names.join(', ')}. ` +
        `A class of your own must be registered first: tf.serialization.registerClass(${/^\w+$/.test(name) ? name : 'MyClass'}).`,
    );
  }

  /** An instance as a config holds it. */
  serialize(object: T): SerializedObject {
    const type = object.constructor as SerializableClass<T>;
    const registeredName = registeredNameOf(type);
    return { className: this.nameOf(type), config: object.getConfig(), ...(registeredName && { registeredName }) };
  }

  /** The name by which configs know a class. */
  nameOf(type: object): string {
    const classes = this.classes();
    const own = nameOf(type);
    // One class may have several names: its own goes before them.
    return classes[own] === type ? own : (Object.keys(classes).find((name) => classes[name] === type) ?? own);
  }

  /** The instance that `serialize` described, or of a class's name with default options. @throws ArgumentError */
  deserialize(value: string | SerializedObject, customObjects?: CustomObjects): T {
    if (customObjects) return withCustomObjects(customObjects, () => this.deserialize(value));
    if (typeof value === 'string') return new (this.classOf(value))();
    const { className, config, registeredName } = value;
    if (typeof className !== 'string' || typeof config !== 'object' || config === null)
      throw new ArgumentError(
        `Expected the config of a ${this.kind}, { className, config }; got ${JSON.stringify(value)?.slice(0, 200)}.`,
      );
    const type = this.classOf(registeredName ?? className);
    return type.fromConfig ? type.fromConfig(config) : new type(config);
  }
}

/** Whether a value is an object as configs hold it. */
export const isSerialized = (value: unknown): value is SerializedObject =>
  typeof value === 'object' && value !== null && 'className' in value && 'config' in value;
