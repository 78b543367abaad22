/** @file Gradients. */
export {
  GradientTape,
  type GradientOptions,
  type GradientTapeOptions,
  type GradientsOf,
  type Sources,
  type UnconnectedGradients,
} from './tape.ts';
export { type CustomGradient, customGrad, customGradient } from './custom-gradient.ts';
export { grad, grads, stopGradient, valueAndGrad, valueAndGrads, variableGrads } from './functional.ts';
