/** @file Gradients. */
export {
  GradientTape,
  type GradientOptions,
  type GradientTapeOptions,
  type GradientsOf,
  type JacobianOptions,
  type Sources,
  type UnconnectedGradients,
} from './tape.ts';
export { ForwardAccumulator } from './forward.ts';
export { type CustomGradient, customGrad, customGradient } from './custom-gradient.ts';
export { hessian, hvp, jacobian, jvp, vjp } from './derivatives.ts';
export { recomputeGrad } from './recompute.ts';
export {
  type GradOptions,
  grad,
  grads,
  stopGradient,
  valueAndGrad,
  valueAndGrads,
  variableGrads,
} from './functional.ts';
