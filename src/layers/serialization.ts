/** @file How a config names the initializers and regularizers of a layer. */
import type { Config } from '../configuration.ts';

interface Configurable {
  getConfig(): Config;
}

/** A name as it is, an object as its class and arguments. */
export function identifierConfig(identifier: string | Configurable | null | undefined): unknown {
  if (identifier === null || identifier === undefined || typeof identifier === 'string') return identifier ?? null;
  return { className: identifier.constructor.name, config: identifier.getConfig() };
}
