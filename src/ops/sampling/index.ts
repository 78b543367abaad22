/** @file tf.random: TensorFlow's names of random operations. */
export {
  randomNormal as normal,
  randomPermutation as permutation,
  randomUniform as uniform,
  randomUniformInt as uniformInt,
  setSeed,
  shuffle,
  truncatedNormal,
} from '../random.ts';
export {
  randomBinomial as binomial,
  randomCategorical as categorical,
  randomGamma as gamma,
  randomPoisson as poisson,
} from './distributions.ts';
export { Generator, getGlobalGenerator, setGlobalGenerator } from './generator.ts';
export * from './stateless.ts';
