/** @file What layers are told of each of their weights: first value, penalty, projection. */
import type { Config } from '../configuration.ts';
import type { ConstraintIdentifier } from '../constraints/index.ts';
import type { InitializerIdentifier } from '../initializers/index.ts';
import type { RegularizerIdentifier } from '../regularizers/index.ts';
import { identifierConfig } from './serialization.ts';

/** The options of a weight, its name before each: `kernelInitializer`, `kernelRegularizer`, `kernelConstraint`. */
export type WeightOptionsFor<Name extends string> = { [Key in `${Name}Initializer`]?: InitializerIdentifier } & {
  [Key in `${Name}Regularizer`]?: RegularizerIdentifier | null;
} & { [Key in `${Name}Constraint`]?: ConstraintIdentifier | null };

/** What a weight is made with. */
export interface WeightSettings {
  readonly initializer: InitializerIdentifier;
  readonly regularizer: RegularizerIdentifier | null;
  readonly constraint: ConstraintIdentifier | null;
}

/** The settings of a weight among a layer's options. @param initializer - Where the options name none. */
export function weightSettings(options: object, name: string, initializer: InitializerIdentifier): WeightSettings {
  const given = options as Record<string, unknown>;
  return {
    initializer: (given[`${name}Initializer`] as InitializerIdentifier | undefined) ?? initializer,
    regularizer: (given[`${name}Regularizer`] as RegularizerIdentifier | undefined) ?? null,
    constraint: (given[`${name}Constraint`] as ConstraintIdentifier | undefined) ?? null,
  };
}

/** The same as configs hold them. */
export function weightConfig(options: object, name: string, initializer: InitializerIdentifier): Config {
  const settings = weightSettings(options, name, initializer);
  return {
    [`${name}Initializer`]: identifierConfig(settings.initializer),
    [`${name}Regularizer`]: identifierConfig(settings.regularizer),
    [`${name}Constraint`]: identifierConfig(settings.constraint),
  };
}
