/** @file Gradients as functions of functions: grad, grads, variableGrads, stopGradient. */
import { type TensorLike, toTensor } from '../engine/operands.ts';
import * as p from '../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { runInScope } from '../tensor/memory.ts';
import { formatShape, normalizeAxis } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { treeTensors } from '../tensor/tree.ts';
import type { Variable } from '../tensor/variable.ts';
import { GradientTape, type UnconnectedGradients } from './tape.ts';

/** What {@link grads} and {@link valueAndGrads} may be told. */
export interface GradOptions {
  /** Which arguments gradients are taken at, counted from 0, also from the end. All by default. */
  readonly argnums?: number | readonly number[];
  /** What an argument gets that the result does not depend on: an error by default, or zeros. */
  readonly unconnectedGradients?: UnconnectedGradients;
}

function placesOf(argnums: GradOptions['argnums'], count: number, operation: string): number[] {
  if (argnums === undefined) return Array.from({ length: count }, (_, i) => i);
  return (typeof argnums === 'number' ? [argnums] : argnums).map((at) =>
    normalizeAxis(at, count, `${operation}: argnums`),
  );
}

function differentiate(
  f: (...xs: Tensor[]) => Tensor,
  xs: readonly TensorLike[],
  dy: TensorLike | undefined,
  operation: string,
  { argnums, unconnectedGradients = 'none' }: GradOptions = {},
): { value: Tensor; grads: Tensor[] } {
  return runInScope(() => {
    const tensors = xs.map((x) => toTensor(x, operation));
    const places = placesOf(argnums, tensors.length, operation);
    const sources = places.map((at) => tensors[at]);
    const tape = new GradientTape({ watchAccessedVariables: false });
    tape.watch(sources);
    const value = tape.record(() => f(...tensors));
    if (!(value instanceof Tensor)) throw new ArgumentError(`${operation}: expected a function that returns a tensor.`);
    const outputGradients = dy === undefined ? undefined : toTensor(dy, operation, value.dtype);
    const grads = tape.gradient(value, sources, { outputGradients, unconnectedGradients }).map((gradient, i) => {
      if (gradient) return gradient;
      throw new ArgumentError(
        `${operation}: the result does not depend on argument ${places[i] + 1}, or only through operations without a gradient.`,
      );
    });
    return { value, grads };
  }, treeTensors);
}

/**
 * The gradient function of `f`: from x (and optionally the gradient `dy` at the result) to the gradient at x.
 *
 * @example `tf.grad((x) => x.square().sum())([1, 2])` is `[2, 4]`
 */
export const grad =
  (f: (x: Tensor) => Tensor, options?: Pick<GradOptions, 'unconnectedGradients'>) =>
  (x: TensorLike, dy?: TensorLike): Tensor =>
    differentiate(f, [x], dy, 'grad', options).grads[0];

/**
 * As {@link grad} for a function of several tensors: from their list to the list of gradients.
 *
 * @param options.argnums Takes gradients at these arguments alone.
 * @example `tf.grads((w, x) => w.mul(x).sum(), { argnums: 0 })([[1, 2], [3, 4]])` is `[[3, 4]]`
 */
export const grads =
  (f: (...xs: Tensor[]) => Tensor, options?: GradOptions) =>
  (xs: readonly TensorLike[], dy?: TensorLike): Tensor[] =>
    differentiate(f, xs, dy, 'grads', options).grads;

/** As {@link grad}, with the result of `f` as well. */
export const valueAndGrad =
  (f: (x: Tensor) => Tensor, options?: Pick<GradOptions, 'unconnectedGradients'>) =>
  (x: TensorLike, dy?: TensorLike): { value: Tensor; grad: Tensor } => {
    const { value, grads: gradients } = differentiate(f, [x], dy, 'valueAndGrad', options);
    return { value, grad: gradients[0] };
  };

/** As {@link grads}, with the result of `f` as well. */
export const valueAndGrads =
  (f: (...xs: Tensor[]) => Tensor, options?: GradOptions) =>
  (xs: readonly TensorLike[], dy?: TensorLike): { value: Tensor; grads: Tensor[] } =>
    differentiate(f, xs, dy, 'valueAndGrads', options);

/**
 * The gradients of a scalar by the variables it was computed from.
 *
 * @param f Computes the scalar.
 * @param variables The variables; by default the trainable ones that `f` reads.
 * @returns The scalar, and gradients by variable name.
 * @throws ShapeError if the result is not a scalar; ArgumentError if it depends on none, or two have one name.
 */
export function variableGrads(
  f: () => Tensor,
  variables?: readonly Variable[],
): { value: Tensor; grads: Record<string, Tensor> } {
  return runInScope(() => {
    const tape = new GradientTape({ watchAccessedVariables: variables === undefined });
    if (variables) tape.watch(variables);
    const value = tape.record(f);
    if (value.rank !== 0)
      throw new ShapeError(
        `variableGrads: expected a function that returns a scalar, got shape ${formatShape(value.shape)}.`,
      );
    const list = variables ?? tape.watchedVariables();
    if (new Set(list.map(({ name }) => name)).size < list.length)
      throw new ArgumentError(
        `variableGrads: two variables have one name, so gradients by name are ambiguous; give them names, or use tf.GradientTape.`,
      );
    const gradients = tape.gradient(value, list);
    const entries = list.flatMap((variable, i) => {
      const gradient = gradients[i];
      return gradient ? [[variable.name, gradient] as const] : [];
    });
    if (entries.length === 0) throw new ArgumentError('variableGrads: the result depends on no trainable variable.');
    return { value, grads: Object.fromEntries(entries) };
  }, treeTensors);
}

/** The same values, through which no gradient flows. */
export const stopGradient = (x: TensorLike): Tensor => p.stopGradient(toTensor(x, 'stopGradient'));
