/** @file What gradients are taken at, what they come as, and the options of taking them. */
import type { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';

/** What gradients are taken at: a tensor, a variable, or arrays and plain objects of them. */
export type Sources = Tensor | Variable | readonly Sources[] | { readonly [name: string]: Sources };

/** The structure of the sources with a gradient in each place. */
export type GradientsOf<S, None = null> = S extends Tensor | Variable
  ? Tensor | None
  : S extends readonly unknown[]
    ? { -readonly [I in keyof S]: GradientsOf<S[I], None> }
    : S extends object
      ? { -readonly [K in keyof S]: GradientsOf<S[K], None> }
      : never;

export interface GradientTapeOptions {
  /**
   * Gradients may be taken more than once; what was recorded stays in memory as long as the tape. Those taken while it
   * records are recorded too, so that gradients of them can be taken. Default false.
   */
  readonly persistent?: boolean;
  /** Trainable variables are watched by being read. Default true. */
  readonly watchAccessedVariables?: boolean;
}

/** What a source gets that the target does not depend on: `null`, or zeros. */
export type UnconnectedGradients = 'none' | 'zero';

export interface GradientOptions<U extends UnconnectedGradients = UnconnectedGradients> {
  /** The gradient at each target, of the target's shape; ones by default. */
  readonly outputGradients?: Tensor | readonly Tensor[];
  readonly unconnectedGradients?: U;
}

export interface JacobianOptions {
  readonly unconnectedGradients?: UnconnectedGradients;
  /** All rows at once, as {@link vectorizedMap} runs them: fast, but all are in memory together. One after another if false. Default true. */
  readonly experimentalUsePfor?: boolean;
}
