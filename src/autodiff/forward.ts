/** @file ForwardAccumulator: tangents go along with what is computed. */
import { type Observer, currentObservers, withObservers } from '../primitives/bind.ts';
import type { PrimitiveName, PrimitiveParams } from '../primitives/primitives.ts';
import { partsOf } from '../tensor/complex.ts';
import { isFloating } from '../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../tensor/errors.ts';
import { type Scope, currentScope, moveToScope } from '../tensor/memory.ts';
import { formatShape, shapesEqual } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { mapTree, treeLeaves } from '../tensor/tree.ts';
import { type ReadListener, Variable } from '../tensor/variable.ts';
import { zerosLike } from './adjoints.ts';
import { tangentsOf } from './forward-rules.ts';
import { eachPart } from './jacobian-rows.ts';
import { observing } from './observing.ts';
import type { GradientsOf, Sources, UnconnectedGradients } from './tape.ts';

/**
 * Computes directional derivatives along with values (forward mode): the product of a function's jacobian with a vector, for the
 * cost of a few evaluations and without keeping what was computed on the way.
 *
 * Accumulators nest with each other and with tapes, which is how second derivatives in a direction are taken.
 *
 * @example
 * ```ts
 * const x = tf.tensor([1, 2]);
 * const accumulator = new tf.ForwardAccumulator(x, tf.tensor([1, 0]));
 * const y = accumulator.record(() => x.square().sum());
 * accumulator.jvp(y); // 2: the derivative in the direction of the first element
 * ```
 */
export class ForwardAccumulator implements Observer {
  /** @internal */
  readonly seesPrimitivesOnly = true;
  private readonly tangents = new WeakMap<Tensor, Tensor>();
  private readonly ofVariables = new Map<Variable, Tensor>();
  private scope: Scope | undefined;
  private readonly onRead: ReadListener;

  /**
   * @param primals A tensor or variable, or a structure of them, at which the derivative is taken.
   * @param tangents The direction: a tensor of each one's shape, in the same structure.
   * @throws ShapeError, DTypeError where they do not fit.
   */
  constructor(primals: Sources, tangents: Sources) {
    const [sources, directions] = [treeLeaves(primals), treeLeaves(tangents)];
    if (sources.length !== directions.length)
      throw new ArgumentError(
        `ForwardAccumulator: expected a tangent for each of ${sources.length} primals, got ${directions.length}.`,
      );
    sources.forEach((primal, i) => this.watch(primal, directions[i]));
    this.onRead = (variable, value) => {
      const tangent = this.ofVariables.get(variable);
      if (tangent) this.tangents.set(value, tangent);
    };
  }

  private watch(primal: unknown, direction: unknown): void {
    const tangent = direction instanceof Variable ? direction.read() : direction;
    if (!(tangent instanceof Tensor) || !(primal instanceof Tensor || primal instanceof Variable))
      throw new ArgumentError('ForwardAccumulator: expected tensors and variables, and a tensor as tangent of each.');
    if (primal.dtype !== tangent.dtype || !(isFloating(primal.dtype) || primal.dtype === 'complex64'))
      throw new DTypeError(
        `ForwardAccumulator: expected primals of floating dtype with tangents of the same, got ${primal.dtype} and ${tangent.dtype}.`,
      );
    if (!shapesEqual(primal.shape, tangent.shape))
      throw new ShapeError(
        `ForwardAccumulator: a tangent has shape ${formatShape(tangent.shape)}, its primal ${formatShape(primal.shape)}.`,
      );
    if (primal instanceof Variable) this.ofVariables.set(primal, tangent);
    else {
      const parts = partsOf(tangent);
      partsOf(primal).forEach((part, i) => this.tangents.set(part, parts[i]));
    }
  }

  /** Runs `fn`, a synchronous function, while tangents go along, and returns its result. */
  record<T>(fn: () => T): T {
    const outerScope = this.scope;
    this.scope = currentScope();
    try {
      return observing('ForwardAccumulator.record', this, this.onRead, fn);
    } finally {
      this.scope = outerScope;
    }
  }

  /**
   * The derivative of `target` in the direction of the tangents.
   *
   * @param target A tensor that was computed while recording, or a structure of them.
   * @returns For each a tensor of its shape; null where it does not depend on the primals, or zeros.
   */
  jvp<S extends Sources>(target: S, options: { readonly unconnectedGradients: 'zero' }): GradientsOf<S, never>;
  jvp<S extends Sources>(target: S, options?: { readonly unconnectedGradients?: UnconnectedGradients }): GradientsOf<S>;
  jvp(
    target: Sources,
    { unconnectedGradients = 'none' }: { unconnectedGradients?: UnconnectedGradients } = {},
  ): unknown {
    return mapTree(target, (leaf) => {
      if (leaf instanceof Variable) return this.ofVariables.get(leaf) ?? null;
      if (!(leaf instanceof Tensor)) throw new ArgumentError('ForwardAccumulator.jvp: expected tensors as target.');
      const known = partsOf(leaf).some((part) => this.tangents.has(part));
      if (!known && unconnectedGradients === 'none') return null;
      return eachPart(leaf, (part) => this.tangents.get(part) ?? zerosLike(part));
    });
  }

  /** @internal */
  observe<P extends PrimitiveName>(
    primitive: P,
    inputs: readonly Tensor[],
    params: PrimitiveParams[P],
    outputs: readonly Tensor[],
  ): void {
    if (!inputs.some((input) => this.tangents.has(input))) return;
    const known = inputs.map((input) => this.tangents.get(input) ?? null);
    const all = currentObservers();
    // Those around see the tangents being computed; those within would take them for values of their own.
    const around = all.slice(0, Math.max(0, all.indexOf(this)));
    const made = withObservers(around, () => tangentsOf(primitive, { inputs, params, outputs }, known));
    outputs.forEach((output, i) => {
      const tangent = made[i];
      if (!tangent) return;
      this.tangents.set(output, tangent);
      if (currentScope() !== this.scope) moveToScope(tangent, this.scope);
    });
  }
}
