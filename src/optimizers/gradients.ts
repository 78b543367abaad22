/** @file The ways in which gradients and their variables are given to an optimizer. */
import { ArgumentError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable, liveVariables } from '../tensor/variable.ts';

/** A gradient and its variable. */
export type Pair = readonly [Tensor, Variable];

/** A gradient (null where the loss does not depend on the variable) and the variable it belongs to. */
export type GradientAndVariable = readonly [Tensor | null, Variable];

/** A gradient with the name of its variable, as TensorFlow.js has it. */
export interface NamedGradient {
  readonly name: string;
  readonly tensor: Tensor;
}

export type GradientsAndVariables =
  readonly GradientAndVariable[] | readonly NamedGradient[] | Readonly<Record<string, Tensor | Variable>>;

/** The variable of a name, of those that the optimizer knows or else of all. @throws ArgumentError */
function variableNamed(optimizer: string, name: string, known: readonly Variable[]): Variable {
  const named = (variables: readonly Variable[]): Variable[] =>
    variables.filter((variable) => variable.name === name && variable.whole === variable && !variable.isDisposed);
  const own = named(known);
  const found = own.length > 0 ? own : named(liveVariables().filter(({ trainable }) => trainable));
  if (found.length === 1) return found[0];
  throw new ArgumentError(
    `${optimizer}: ${found.length === 0 ? 'there is no trainable variable' : `${found.length} variables have the name`} '${name}'; ` +
      `give pairs [gradient, variable] instead of gradients by name.`,
  );
}

const isNamed = (entry: GradientAndVariable | NamedGradient): entry is NamedGradient => !Array.isArray(entry);

/** All forms as pairs. @throws ArgumentError */
export function pairsOf(
  optimizer: string,
  given: GradientsAndVariables,
  known: readonly Variable[],
): GradientAndVariable[] {
  const byName = (name: string, gradient: Tensor | Variable): GradientAndVariable => [
    gradient instanceof Variable ? gradient.read() : gradient,
    variableNamed(optimizer, name, known),
  ];
  if (!Array.isArray(given)) return Object.entries(given).map(([name, gradient]) => byName(name, gradient));
  return (given as readonly (GradientAndVariable | NamedGradient)[]).map((entry) => {
    const pair = isNamed(entry) ? byName(entry.name, entry.tensor) : entry;
    if (!(pair[1] instanceof Variable) || !(pair[0] === null || pair[0] instanceof Tensor))
      throw new ArgumentError(
        `${optimizer}: expected pairs [gradient, variable]; got [${describe(pair[0])}, ${describe(pair[1])}].`,
      );
    return pair;
  });
}

const describe = (value: unknown): string =>
  value === null || typeof value !== 'object' ? String(value) : (value.constructor?.name ?? 'an object');
