/** @file `tf.activations`: the functions, the names they are known by, and how configs hold them. */
import { lookUp, sameSpelling } from '../configuration.ts';
import { type CustomObjects, customObject, registeredNameOf, withCustomObjects } from '../serialization/registry.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Activation } from './activation.ts';
import * as axes from './axes.ts';
import * as rectifiers from './rectifiers.ts';
import * as squashing from './squashing.ts';

export type { Activation } from './activation.ts';
export * from './axes.ts';
export * from './rectifiers.ts';
export * from './squashing.ts';
/** Another name of `silu`. */
export const swish = rectifiers.silu;
/** Another name of `hardSilu`. */
export const hardSwish = rectifiers.hardSilu;

const byName = { ...squashing, ...rectifiers, ...axes };
const aliases = { swish, hardSwish };
// `threshold` wants two numbers more, and says so.
const known = { ...byName, ...aliases } as unknown as Readonly<Record<string, Activation>>;

/** A function as Keras's configs hold it. */
export interface SerializedActivation {
  readonly className: string;
  /** The function's name. */
  readonly config: string;
  /** `Package>name` of a registered function. */
  readonly registeredName?: string;
}

/** A name in any spelling, a function of one tensor, or what a config says for one. */
export type ActivationIdentifier =
  keyof typeof byName | keyof typeof aliases | (string & {}) | Activation | SerializedActivation;

/** The activation of a name: a custom function first, then the library's. */
function named(name: string): Activation {
  const custom = customObject(name);
  if (typeof custom === 'function') return custom as Activation;
  if (Object.keys(known).some((other) => sameSpelling(other, name))) return lookUp('activation', known, name);
  throw new ArgumentError(
    `Unknown activation '${name}'; expected one of: ${Object.keys(known).join(', ')}. A function of your own must be ` +
      `registered first: tf.serialization.registerClass(${/^\w+$/.test(name) ? name : 'myActivation'}).`,
  );
}

/**
 * The activation meant by a name, a function or a config; none means `linear`.
 *
 * @throws ArgumentError for an unknown name.
 * @example tf.activations.getActivation('hard_sigmoid') === tf.activations.hardSigmoid
 */
export function getActivation(identifier: ActivationIdentifier | null | undefined): Activation {
  if (identifier === null || identifier === undefined) return squashing.linear;
  if (typeof identifier === 'function') return identifier;
  if (typeof identifier === 'string') return named(identifier);
  if (typeof identifier === 'object' && typeof identifier.config === 'string')
    return named(identifier.registeredName ?? identifier.config);
  throw new ArgumentError(
    `Expected an activation: a name such as 'relu', or a function of a tensor; got ${JSON.stringify(identifier)}. ` +
      `A layer is no activation: put it after the layer that it belongs to.`,
  );
}

/** What a config says for an activation: its name, with the package of a registered function of one's own. */
export const activationName = (activation: Activation): string =>
  Object.keys(byName).find((name) => known[name] === activation) ?? registeredNameOf(activation) ?? activation.name;

/**
 * What a config says for an activation.
 *
 * @throws ArgumentError for a function without a name: nobody could find it again.
 * @example tf.activations.serializeActivation(tf.activations.relu) // 'relu'
 */
export function serializeActivation(activation: Activation): string {
  const name = activationName(activation);
  if (!name)
    throw new ArgumentError(
      'serializeActivation: the function has no name; give it one and register it: tf.serialization.registerClass(myActivation).',
    );
  return name;
}

/** The activation that `serializeActivation` described; `customObjects` adds functions by name. @throws ArgumentError */
export const deserializeActivation = (
  config: string | SerializedActivation,
  customObjects: CustomObjects = {},
): Activation => withCustomObjects(customObjects, () => getActivation(config));
