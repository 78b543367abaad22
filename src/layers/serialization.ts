/** @file How configs and summaries name what a layer was made with. */
import { type Activation, activationName } from '../activations/index.ts';
import type { Config } from '../configuration.ts';

interface Configurable {
  getConfig(): Config;
}

/** A name as it is, an object as its class and arguments. */
export function identifierConfig(identifier: string | Configurable | null | undefined): unknown {
  if (identifier === null || identifier === undefined || typeof identifier === 'string') return identifier ?? null;
  return { className: identifier.constructor.name, config: identifier.getConfig() };
}

/** The activation's name, nothing where there is none. */
export function activationDetail(activation: Activation): string {
  const name = activationName(activation);
  return name === 'linear' ? '' : name;
}
