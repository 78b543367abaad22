/** @file Arguments of layers' calls: Keras gives several by place or by name, here there is one structure of inputs, and options. */
import type { Config } from '../configuration.ts';

export interface CallArguments {
  readonly args: readonly unknown[];
  readonly kwargs: Config;
}

/** Inputs that are one list here. */
const listed: Readonly<Record<string, readonly string[]>> = {
  MultiHeadAttention: ['query', 'value', 'key'],
  GroupQueryAttention: ['query', 'value', 'key'],
};

/** What follows the first argument of recurrent layers. */
const afterSequences = ['initialState', 'mask', 'training'];
const recurrent = /^(RNN|SimpleRNN|LSTM|GRU|Bidirectional|ConvLSTM\dD)$/;

/** Names that Keras's layers have for their first argument. */
const firstNames = ['inputs', 'sequences', 'sequence', 'x', 'data'];

/** How Keras gives the arguments of a use of a layer. */
export function argumentsToKeras(className: string, { args, kwargs }: CallArguments): CallArguments {
  const [inputs] = args;
  return listed[className] && Array.isArray(inputs) ? { args: inputs, kwargs } : { args, kwargs };
}

/** The inputs and options of a use of a layer that Keras described. */
export function argumentsFromKeras(className: string, { args, kwargs }: CallArguments): CallArguments {
  const names = listed[className];
  if (names) {
    const inputs = names
      .map((name, i) => args[i] ?? kwargs[name])
      .filter((input) => input !== undefined && input !== null);
    return { args: [inputs], kwargs: without(kwargs, names) };
  }
  if (args.length === 0) {
    const name = firstNames.find((each) => each in kwargs);
    return name === undefined ? { args, kwargs } : { args: [kwargs[name]], kwargs: without(kwargs, [name]) };
  }
  if (args.length === 1) return { args, kwargs };
  if (recurrent.test(className)) {
    const given = args.slice(1).map((value, i) => [afterSequences[i], value] as const);
    return { args: [args[0]], kwargs: { ...Object.fromEntries(given), ...kwargs } };
  }
  if (args.length === 2 && typeof args[1] === 'boolean')
    return { args: [args[0]], kwargs: { training: args[1], ...kwargs } };
  // A layer of one's own takes its several inputs as a list.
  return { args: [[...args]], kwargs };
}

const without = (kwargs: Config, names: readonly string[]): Config =>
  Object.fromEntries(Object.entries(kwargs).filter(([name]) => !names.includes(name)));
