/** @file GradientTape: writes down what is computed, and goes back through it. */
import type { Observer } from '../primitives/bind.ts';
import { currentObservers, withObservers } from '../primitives/bind.ts';
import * as p from '../primitives/calls.ts';
import type { PrimitiveName, PrimitiveParams } from '../primitives/primitives.ts';
import { ComplexTensor, partsOf } from '../tensor/complex.ts';
import { isFloating } from '../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../tensor/errors.ts';
import { type Scope, currentScope, moveToScope, runInScope } from '../tensor/memory.ts';
import { formatShape, sizeOf } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { mapTree, treeLeaves, treeTensors } from '../tensor/tree.ts';
import { type ReadListener, Variable, currentReadListeners, withReadListeners } from '../tensor/variable.ts';
import { zerosLike } from './adjoints.ts';
import {
  type Recording,
  type TapeRecord,
  describe,
  expectFloatTarget,
  goBack,
  newRecording,
  seedsOf,
} from './backward.ts';
import { eachPart, identity, inTurns, together } from './jacobian-rows.ts';
import { observing } from './observing.ts';
import { type GradientRule, gradientRules } from './rules.ts';
import type { GradientOptions, GradientTapeOptions, GradientsOf, JacobianOptions, Sources } from './sources.ts';

export type {
  GradientOptions,
  GradientTapeOptions,
  GradientsOf,
  JacobianOptions,
  Sources,
  UnconnectedGradients,
} from './sources.ts';

/**
 * Records operations, to take gradients of their results.
 *
 * Trainable variables are watched by being read, tensors by `watch`. Tapes nest: an outer one also records the backward
 * pass of an inner one, which is how second derivatives are taken.
 *
 * @example
 * ```ts
 * const x = tf.variable(3);
 * const tape = new tf.GradientTape();
 * const y = tape.record(() => x.square());
 * tape.gradient(y, x); // 6
 * ```
 */
export class GradientTape implements Observer {
  readonly persistent: boolean;
  readonly watchAccessedVariables: boolean;
  private recording: Recording = newRecording();
  private isSpent = false;
  /** Where recorded tensors live on when a tidy scope within `record` closes. */
  private scope: Scope | undefined;
  private readonly onRead: ReadListener;

  constructor({ persistent = false, watchAccessedVariables = true }: GradientTapeOptions = {}) {
    this.persistent = persistent;
    this.watchAccessedVariables = watchAccessedVariables;
    this.onRead = (variable, value) => {
      if (this.recording.reads.has(variable) || (watchAccessedVariables && variable.trainable))
        this.noteRead(variable, value);
    };
  }

  /**
   * Runs `fn` while recording and returns its result. May be called several times; recording goes on where it stopped.
   *
   * @throws ArgumentError if `fn` is asynchronous: other code that runs while it waits would be recorded as well.
   */
  record<T>(fn: () => T): T {
    const outerScope = this.scope;
    this.scope = currentScope();
    try {
      return observing('GradientTape.record', this, this.onRead, fn);
    } finally {
      this.scope = outerScope;
    }
  }

  /** Runs `fn` without recording, inside of `record`. */
  stopRecording<T>(fn: () => T): T {
    return withObservers(
      currentObservers().filter((observer) => observer !== this),
      () =>
        withReadListeners(
          currentReadListeners().filter((listener) => listener !== this.onRead),
          fn,
        ),
    );
  }

  /** Makes gradients at these tensors and variables available; call it before they are used. */
  watch(sources: Sources): void {
    for (const source of treeLeaves(sources)) {
      if (source instanceof Variable) {
        for (const part of source.parts ?? [source])
          this.recording.reads.set(part, this.recording.reads.get(part) ?? new Set());
      } else if (source instanceof ComplexTensor) {
        this.watch(partsOf(source));
      } else if (source instanceof Tensor) {
        if (!isFloating(source.dtype))
          throw new DTypeError(`GradientTape.watch: gradients need a floating dtype; this tensor is ${source.dtype}.`);
        this.recording.tracked.add(source);
      } else throw new ArgumentError(`GradientTape.watch: expected a tensor or variable, got ${describe(source)}.`);
    }
  }

  /** Every variable that was read while recording and is watched. */
  watchedVariables(): Variable[] {
    const read = [...this.recording.reads].filter(([, values]) => values.size > 0);
    return [...new Set(read.map(([{ whole }]) => whole))];
  }

  /**
   * The gradients of the sum of `target`'s elements.
   *
   * @param target A tensor that was computed while recording, or several, whose gradients add up.
   * @param sources Where the gradients are taken; the result has the same structure.
   * @returns For each source a tensor of its shape, or null where the target does not depend on it.
   */
  gradient<S extends Sources>(
    target: Tensor | readonly Tensor[],
    sources: S,
    options: GradientOptions<'zero'> & { readonly unconnectedGradients: 'zero' },
  ): GradientsOf<S, never>;
  gradient<S extends Sources>(
    target: Tensor | readonly Tensor[],
    sources: S,
    options?: GradientOptions,
  ): GradientsOf<S>;
  gradient(target: Tensor | readonly Tensor[], sources: Sources, options: GradientOptions = {}): unknown {
    const targets = target instanceof Tensor ? [target] : target;
    const given = options.outputGradients instanceof Tensor ? [options.outputGradients] : options.outputGradients;
    if (!Array.isArray(targets) || targets.some((t) => !(t instanceof Tensor)))
      throw new ArgumentError(
        `GradientTape.gradient: expected a tensor or an array of tensors as target, got ${describe(target)}.`,
      );
    if (given && given.length !== targets.length)
      throw new ArgumentError(
        `GradientTape.gradient: expected one output gradient for each of ${targets.length} targets, got ${given.length}.`,
      );
    this.spend();
    return runInScope(() => {
      const seeds = targets.flatMap((t: Tensor, i) => seedsOf(t, given?.[i]));
      const result = this.besideRecording(() =>
        goBack(this.recording, seeds, sources, options.unconnectedGradients ?? 'none', 'gradient'),
      );
      this.release();
      return result;
    }, treeTensors);
  }

  /**
   * The derivative of every element of `target` by every element of a source, of shape `[...target.shape, ...source.shape]`.
   *
   * @example
   * ```ts
   * const x = tf.variable([1, 2, 3]);
   * const tape = new tf.GradientTape();
   * const y = tape.record(() => x.square());
   * tape.jacobian(y, x); // [[2, 0, 0], [0, 4, 0], [0, 0, 6]]
   * ```
   */
  jacobian<S extends Sources>(target: Tensor, sources: S, options: JacobianOptions = {}): GradientsOf<S> {
    expectFloatTarget('jacobian', target);
    const { size, shape } = target;
    const result = this.derivatives(size, sources, options, (eye) => [target, p.reshape(eye, [size, ...shape])]);
    return mapTree(result, (whole) => {
      if (whole === null) return null;
      return eachPart(whole as Tensor, (part) => p.reshape(part, [...shape, ...part.shape.slice(1)]));
    }) as GradientsOf<S>;
  }

  /**
   * For every example of a batch the derivative of each element of its `target` by each element of its `source`, of shape
   * `[batch, ...target.shape[1..], ...source.shape[1..]]`. Examples must not depend on each other: what one's target owes to
   * another's source is added to its own.
   *
   * @throws ShapeError where the first axes differ.
   */
  batchJacobian(target: Tensor, source: Tensor | Variable, options: JacobianOptions = {}): Tensor | null {
    expectFloatTarget('batchJacobian', target);
    const [batch, ...shape] = target.shape;
    if (target.rank === 0 || source.rank === 0 || source.shape[0] !== batch)
      throw new ShapeError(
        `GradientTape.batchJacobian: expected a target and a source with one first axis, got shapes ${formatShape(target.shape)} and ` +
          `${formatShape(source.shape)}.`,
      );
    const size = sizeOf(shape);
    const whole = this.derivatives(size, source, options, (eye) => [
      target,
      p.broadcastTo(p.reshape(eye, [size, 1, ...shape]), [size, ...target.shape]),
    ]) as Tensor | null;
    if (whole === null) return null;
    return eachPart(whole, (part) => {
      const axes = part.shape.map((_, axis) => axis);
      return p.reshape(p.transpose(part, [1, 0, ...axes.slice(2)]), [batch, ...shape, ...part.shape.slice(2)]);
    });
  }

  /** Gradients for `size` seeds at once, which `seed` makes of an identity matrix, along a new first axis. */
  private derivatives(
    size: number,
    sources: Sources,
    { unconnectedGradients = 'none', experimentalUsePfor = true }: JacobianOptions,
    seed: (eye: Tensor) => readonly [Tensor, Tensor],
  ): unknown {
    this.spend();
    return runInScope(() => {
      const result = this.besideRecording(() => {
        const [target, seeds] = seed(identity(size));
        const given = p.cast(seeds, target.dtype);
        const run = (at: Tensor): unknown => goBack(this.recording, [[target, at]], sources, 'none', 'rows');
        const rows = experimentalUsePfor || size === 0 ? together(size, given, run) : inTurns(size, given, run);
        if (unconnectedGradients === 'none') return rows;
        const leaves = treeLeaves(sources) as (Tensor | Variable)[];
        let place = 0;
        return mapTree(rows, (row) => {
          const source = leaves[place++];
          return (
            row ?? p.broadcastTo(zerosLike(source instanceof Tensor ? source : source.read()), [size, ...source.shape])
          );
        });
      });
      this.release();
      return result;
    }, treeTensors);
  }

  /** Forgets everything that was recorded and watched, to record anew. */
  reset(): void {
    this.isSpent = false;
    this.recording = newRecording();
  }

  /** Lets go of what was recorded: `using tape = new tf.GradientTape({ persistent: true })` does so at the end of its block. */
  [Symbol.dispose](): void {
    this.reset();
    this.isSpent = true;
  }

  /** @internal */
  observe<P extends PrimitiveName>(
    primitive: P,
    inputs: readonly Tensor[],
    params: PrimitiveParams[P],
    outputs: readonly Tensor[],
  ): void {
    const rule: GradientRule<P> | null = gradientRules[primitive];
    if (
      rule === null ||
      !inputs.some((input) => this.recording.tracked.has(input)) ||
      !outputs.some(({ dtype }) => isFloating(dtype))
    )
      return;
    this.note(
      inputs,
      outputs,
      (gradients) => rule(gradients[0] ?? zerosLike(outputs[0]), { inputs, params, outputs, gradients }),
      true,
    );
  }

  /** @internal Records results with a gradient rule of their own; `saved` is what that rule needs besides. */
  observeRule(
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    saved: readonly Tensor[],
    backward: TapeRecord['backward'],
  ): void {
    if (!inputs.some((input) => this.recording.tracked.has(input))) return;
    this.note(inputs, outputs, backward, false);
    if (currentScope() !== this.scope) for (const tensor of saved) moveToScope(tensor, this.scope);
  }

  private note(
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    backward: TapeRecord['backward'],
    isPrimitive: boolean,
  ): void {
    this.recording.records.push({ inputs, outputs, backward, isPrimitive });
    // Integer outputs beside others (topK's indices) carry no gradient.
    for (const output of outputs) if (isFloating(output.dtype)) this.recording.tracked.add(output);
    if (currentScope() !== this.scope) for (const tensor of [...inputs, ...outputs]) moveToScope(tensor, this.scope);
  }

  private noteRead(variable: Variable, value: Tensor): void {
    if (!isFloating(variable.dtype)) return;
    const values = this.recording.reads.get(variable) ?? new Set();
    values.add(value);
    this.recording.reads.set(variable, values);
    this.recording.tracked.add(value);
    if (currentScope() !== this.scope) moveToScope(value, this.scope);
  }

  /** Goes back through the tape: what that computes is recorded only where gradients can be taken again. */
  private besideRecording<T>(fn: () => T): T {
    return this.persistent ? fn() : this.stopRecording(fn);
  }

  private spend(): void {
    if (this.isSpent)
      throw new ArgumentError(
        'This GradientTape was used already; one that is not persistent gives gradients once. Make it with { persistent: true }.',
      );
    this.isSpent = !this.persistent;
  }

  private release(): void {
    if (this.persistent) return;
    this.reset();
    this.isSpent = true;
  }
}

/** The tapes that are recording now, outermost first. */
export const openTapes = (): GradientTape[] =>
  currentObservers().filter((observer): observer is GradientTape => observer instanceof GradientTape);
