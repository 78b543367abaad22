/** @file recomputeGrad: gradient checkpointing, which keeps nothing of what a function computes and computes it again. */
import { type Observer, currentObservers, withObservers } from '../primitives/bind.ts';
import * as p from '../primitives/calls.ts';
import type { GraphNode, ValueId } from '../primitives/graph.ts';
import { hasEffects } from '../primitives/effects.ts';
import type { AbstractValue, PrimitiveName, PrimitiveParams } from '../primitives/primitives.ts';
import { ofParts } from '../tensor/complex.ts';
import { isFloating } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { currentScope, moveToScope, runInScope } from '../tensor/memory.ts';
import { Tensor } from '../tensor/tensor.ts';
import { mapTree, treeTensors } from '../tensor/tree.ts';
import { type TracedRegion, finishRegions, traceWithin } from '../tracing/region-trace.ts';
import { replay } from '../tracing/replay.ts';
import { isAbstract } from '../tracing/trace.ts';
import { zerosLike } from './adjoints.ts';
import { GradientTape, openTapes } from './tape.ts';

/** A structure of the same form, with tensors of these parts. */
function filled(like: unknown, parts: readonly Tensor[]): unknown {
  let place = 0;
  return mapTree(like, (leaf) => (leaf instanceof Tensor ? ofParts(leaf, () => parts[place++]) : leaf));
}

/**
 * The same function, of whose computation a gradient tape keeps only the arguments: for the backward pass the rest is computed
 * again. So deep models need less memory, for the time of one more forward pass.
 *
 * Random numbers are drawn once; variables have their gradients as without it.
 *
 * @param f From tensors to a tensor, or a structure of tensors.
 * @example
 * ```ts
 * const block = tf.recomputeGrad((x: tf.Tensor) => dense2.apply(dense1.apply(x)));
 * const y = tape.record(() => blocks.reduce((h, block) => block(h), x));
 * ```
 */
export function recomputeGrad<Args extends unknown[], Result>(f: (...args: Args) => Result): (...args: Args) => Result {
  return (...args) => {
    if (isAbstract()) return inTrace(() => f(...args)) as Result;
    const tapes = openTapes();
    return tapes.length === 0 ? f(...args) : (atOnce(() => f(...args), tapes) as Result);
  };
}

/** A call, which its gradient computes again: everything that it takes is a capture. */
function inTrace(f: () => unknown): unknown {
  let result: unknown;
  const traced = withObservers([], () =>
    traceWithin([], (trace): TracedRegion => {
      result = f();
      expectSynchronous(result);
      return { trace, operands: [], outputs: treeTensors(result).map((tensor) => trace.valueOf(tensor)) };
    }),
  );
  const { regions, captures } = finishRegions([traced]);
  return filled(result, p.call(captures, { region: regions[0], stays: true }));
}

function expectSynchronous(result: unknown): void {
  if (!(result instanceof Promise)) return;
  result.catch(() => undefined);
  throw new ArgumentError('recomputeGrad: expected a synchronous function, this one returned a promise.');
}

/** Writes down what is computed, without keeping any of it but what came from outside. */
class Notes implements Observer {
  readonly seesPrimitivesOnly = true;
  readonly values: AbstractValue[] = [];
  readonly nodes: GraphNode[] = [];
  /** Tensors that were not made here. */
  readonly leaves = new Map<ValueId, Tensor>();
  private readonly ids = new Map<Tensor, ValueId>();
  /** Where leaves live on when a scope within closes. */
  private readonly scope = currentScope();

  observe<P extends PrimitiveName>(
    primitive: P,
    inputs: readonly Tensor[],
    params: PrimitiveParams[P],
    outputs: readonly Tensor[],
  ): void {
    const inputIds = inputs.map((input) => this.idOf(input));
    const outputIds = outputs.map((output) => this.made(output));
    if (!hasEffects({ primitive, params }))
      this.nodes.push({ primitive, inputs: inputIds, params, outputs: outputIds });
  }

  idOf(tensor: Tensor): ValueId {
    const known = this.ids.get(tensor);
    if (known !== undefined) return known;
    const id = this.made(tensor);
    this.leaves.set(id, tensor);
    if (currentScope() !== this.scope) moveToScope(tensor, this.scope);
    return id;
  }

  private made(tensor: Tensor): ValueId {
    const { dtype, shape } = tensor;
    const id = this.values.push({ dtype, shape }) - 1;
    this.ids.set(tensor, id);
    return id;
  }

  /** Lets go of everything but the leaves. */
  close(): void {
    this.ids.clear();
  }
}

function atOnce(f: () => unknown, tapes: readonly GradientTape[]): unknown {
  let notes!: Notes;
  const around = currentObservers().filter((observer) => !(observer instanceof GradientTape));
  let leaves: readonly [ValueId, Tensor][] = [];
  let outputIds: ValueId[] = [];
  const result = runInScope(
    () => {
      notes = new Notes();
      return withObservers([...around, notes], f);
    },
    (made) => {
      expectSynchronous(made);
      outputIds = treeTensors(made).map((tensor) => notes.idOf(tensor));
      leaves = [...notes.leaves];
      return [...treeTensors(made), ...leaves.map(([, tensor]) => tensor)];
    },
  );
  notes.close();
  const outputs = treeTensors(result);
  const operands = leaves.map(([, tensor]) => tensor);
  const graph = {
    values: notes.values,
    inputs: [],
    constants: new Map<ValueId, Tensor>(),
    nodes: notes.nodes,
    outputs: [],
  };
  const again = (): Tensor[] => outputIds.map(replay(graph, (id) => notes.leaves.get(id)!));
  for (const outer of tapes)
    outer.observeRule(operands, outputs, [], (gradients) => {
      let computed: readonly (Tensor | null)[] | undefined;
      const compute = (): readonly (Tensor | null)[] => {
        const tape = new GradientTape({ watchAccessedVariables: false });
        tape.watch(operands.filter(({ dtype }) => isFloating(dtype)));
        const made = tape.record(again);
        const floats = made.map((_, i) => i).filter((i) => isFloating(outputs[i].dtype));
        return tape.gradient(
          floats.map((i) => made[i]),
          operands,
          { outputGradients: floats.map((i) => gradients[i] ?? zerosLike(outputs[i])) },
        );
      };
      return operands.map((operand, i) =>
        isFloating(operand.dtype) ? () => (computed ??= compute())[i] ?? zerosLike(operand) : null,
      );
    });
  return result;
}
