/** @file How Keras spells what the library spells in camelCase: keys of configs, and the values that are names of choices. */

/** Keys that are not just the one spelling in the other: ours, Keras's. */
const exceptions: readonly (readonly [ours: string, keras: string])[] = [
  ['beta1', 'beta_1'],
  ['beta2', 'beta_2'],
  ['beta2Decay', 'beta_2_decay'],
  ['adamBeta1', 'adam_beta_1'],
  ['adamBeta2', 'adam_beta_2'],
  ['epsilon1', 'epsilon_1'],
  ['epsilon2', 'epsilon_2'],
  ['clipNorm', 'clipnorm'],
  ['clipValue', 'clipvalue'],
  ['globalClipNorm', 'global_clipnorm'],
  ['keepDims', 'keepdims'],
];
const toKeras = new Map(exceptions);
const fromKeras = new Map(exceptions.map(([ours, keras]) => [keras, ours]));

/** `kernelInitializer` -> `kernel_initializer`, `clipNorm` -> `clipnorm`. */
export const kerasKey = (key: string): string =>
  toKeras.get(key) ?? key.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();

/** `kernel_initializer` -> `kernelInitializer`, `clipnorm` -> `clipNorm`. A leading `_` stays. */
export const ownKey = (key: string): string =>
  fromKeras.get(key) ?? key.replace(/(?<=[^_])_+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());

/** Keys whose text values name one of several choices, which Keras writes in snake case. */
const choices: ReadonlySet<string> = new Set([
  ...['activation', 'recurrentActivation', 'dataFormat', 'padding', 'reduction', 'mode', 'distribution', 'mergeMode'],
  ...['outputMode', 'standardize', 'split', 'interpolation', 'fillMode', 'summationMethod', 'scoreMode', 'autoScale'],
  ...['boundingBoxFormat', 'cropMode', 'loss', 'classAggregation', 'averageType', 'function'],
]);

/** Whether the value of a key is such a name. */
export const isChoice = (key: string): boolean =>
  choices.has(key) || /(initializer|regularizer|constraint)$/i.test(key);

/** A name of a choice as Keras writes it; all but plain words in camel case stays as it is. */
export const kerasChoice = (value: string): string =>
  /^[a-z]+([A-Z][a-z0-9]*)+$/.test(value) ? value.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : value;

/** A name of a choice as the library writes it. */
export const ownChoice = (value: string): string =>
  /^[a-z0-9]+(_[a-z0-9]+)+$/.test(value)
    ? value.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    : value;

/** Keys below which objects are indexed by names that somebody gave: of outputs, inputs, arguments. */
const namedByUsers: ReadonlySet<string> = new Set([
  ...['loss', 'lossWeights', 'metrics', 'weightedMetrics', 'inputLayers', 'outputLayers', 'arguments', 'args'],
  ...['features', 'vocabulary', 'classWeight'],
]);

/** Whether the keys of an object under this key are nobody's options. */
export const holdsNames = (key: string): boolean => namedByUsers.has(key);
