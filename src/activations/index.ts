/** @file `tf.activations`: the functions, and the names they are known by. */
import { lookUp } from '../configuration.ts';
import * as activations from './activations.ts';
import type { Activation } from './activations.ts';

export * from './activations.ts';

// All but `threshold`, which has no meaning without its arguments.
const { threshold, ...ownNames } = activations;
const byName = {
  ...ownNames,
  swish: activations.silu,
  hardSwish: activations.hardSilu,
} satisfies Record<string, Activation>;

/** A name in any spelling, or a function of one tensor. */
export type ActivationIdentifier = keyof typeof byName | (string & {}) | Activation;

/** The activation meant by a name or a function; none means `linear`. @throws ArgumentError for an unknown name. */
export function getActivation(identifier: ActivationIdentifier | null | undefined): Activation {
  if (identifier === null || identifier === undefined) return activations.linear;
  return typeof identifier === 'function' ? identifier : lookUp<Activation>('activation', byName, identifier);
}

/** What a config says for an activation: its name, where it is one of ours. */
export const activationName = (activation: Activation): string =>
  Object.keys(byName).find((name) => byName[name as keyof typeof byName] === activation) ?? activation.name;
