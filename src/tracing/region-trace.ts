/** @file Traces a branch or the body of a loop into a region: what it takes from around it becomes an operand. */
import { withObservers } from '../primitives/bind.ts';
import type { ValueId } from '../primitives/graph.ts';
import { dropUnused, optimize } from '../primitives/passes.ts';
import type { AbstractValue } from '../primitives/primitives.ts';
import { Region } from '../primitives/region.ts';
import type { TypedArray } from '../tensor/dtype.ts';
import { TraceError } from '../tensor/errors.ts';
import { currentScope, moveToScope } from '../tensor/memory.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type Variable, directAccess } from '../tensor/variable.ts';
import { SymbolicTensor, Trace, currentTrace } from './trace.ts';

/** What a body of a loop that draws random numbers gets for them: one sequence element for each turn. */
export type RegionFeed = (value: AbstractValue, produce: () => TypedArray) => Tensor;

/** The interpreter of a region that is being traced. */
export class RegionTrace extends Trace {
  /** The trace around it; null where a region is derived from another one. */
  readonly outer: Trace | null;
  /** Tensors from around this one that it uses, with their stand-ins. */
  readonly captures = new Map<Tensor, SymbolicTensor>();
  private readonly feeding: RegionFeed | undefined;
  private readonly isOutermost: boolean;
  /** Nothing is traced around it, or around that: concrete tensors are captured as well, as a tape outside may follow them. */
  private readonly capturesAll: boolean;
  /** Where captures live on when a scope within closes. */
  private readonly scope = currentScope();

  constructor(outer: Trace | null, feeding?: RegionFeed, isOutermost = false) {
    super();
    this.outer = outer;
    this.feeding = feeding;
    this.isOutermost = isOutermost;
    this.capturesAll = isOutermost || (outer instanceof RegionTrace && outer.capturesAll);
  }

  protected override get folds(): boolean {
    return !this.capturesAll;
  }

  override valueOf(tensor: Tensor): ValueId {
    if (!this.captured(tensor)) return super.valueOf(tensor);
    const known = this.captures.get(tensor);
    if (known) return known.valueId;
    const inside = this.newValue(tensor);
    this.captures.set(tensor, inside);
    if (currentScope() !== this.scope) moveToScope(tensor, this.scope);
    return inside.valueId;
  }

  override created(): void {
    this.outer?.created();
  }

  override feed(value: AbstractValue, produce: () => TypedArray): Tensor {
    if (this.feeding) return this.feeding(value, produce);
    if (this.outer) return this.outer.feed(value, produce);
    throw new TraceError('Random numbers cannot be drawn here: the graph would not be the same when it runs again.');
  }

  /** Reads go to the trace around, until the region assigns. */
  override read(variable: Variable): Tensor {
    const known = this.variables.get(variable)?.current;
    if (known) return known;
    if (!this.isOutermost) return this.outer?.read(variable) ?? super.read(variable);
    const current = directAccess.read(variable);
    this.variables.set(variable, { input: null, current, assigned: false });
    return current;
  }

  /** A variable that a loop carries: here it has this value when the turn begins. */
  carry(variable: Variable, value: SymbolicTensor): void {
    this.variables.set(variable, { input: null, current: value, assigned: false });
  }

  /** Goes on with a trace that was left open or ended, to finish its outputs. */
  reopened<T>(fn: () => T): T {
    this.isOpen = true;
    return this.run(fn);
  }

  /** The variables that the region assigns, in order. */
  assigned(): Variable[] {
    return [...this.variables].filter(([, { assigned }]) => assigned).map(([variable]) => variable);
  }

  private captured(tensor: Tensor): boolean {
    if (tensor instanceof SymbolicTensor) return tensor.trace !== this && this.isAround(tensor.trace);
    return this.capturesAll || tensor.isSymbolic;
  }

  private isAround(trace: Trace): boolean {
    for (let around = this.outer; around; around = around instanceof RegionTrace ? around.outer : null)
      if (around === trace) return trace.isOpen;
    return false;
  }
}

/** A region that has been traced, before it is known what the regions beside it capture. */
export interface TracedRegion {
  readonly trace: RegionTrace;
  /** The operands of its own. */
  readonly operands: readonly ValueId[];
  readonly outputs: readonly ValueId[];
}

/**
 * Makes regions that take the same operands: those of their own, then everything that any of them captures.
 * @returns the regions and what they captured, as tensors of the trace around
 */
export function finishRegions(traced: readonly TracedRegion[]): { regions: Region[]; captures: Tensor[] } {
  const captures = [...new Set(traced.flatMap(({ trace }) => [...trace.captures.keys()]))];
  const regions = traced.map(({ trace, operands, outputs }) => {
    const captured = captures.map((tensor) => (trace.captures.get(tensor) ?? trace.newValue(tensor)).valueId);
    const inputs = [...operands, ...captured];
    const { values, constants, nodes } = trace;
    const { graph, replacement } = optimize({ values, inputs, constants, nodes, outputs });
    const needed = dropUnused(graph);
    // Which operands there are is part of the region's type, whether it uses them or not; so is every output.
    return new Region({ ...needed, inputs, outputs: outputs.map(replacement) });
  });
  return { regions, captures };
}

/** Runs `fn` in a trace within the current one, with stand-ins for its operands. */
export function traceWithin<T>(
  operands: readonly AbstractValue[],
  fn: (trace: RegionTrace, operands: SymbolicTensor[]) => T,
  options: { readonly feeding?: RegionFeed; readonly isDerived?: boolean } = {},
): T {
  const outer = options.isDerived ? null : currentTrace();
  const trace = new RegionTrace(outer, options.feeding, !options.isDerived && outer === null);
  const stand = operands.map((operand) => trace.newValue(operand));
  return trace.run(() => fn(trace, stand));
}

/** Traces `fn` of operands alone into a region. */
export function deriveRegion(
  operands: readonly AbstractValue[],
  fn: (operands: SymbolicTensor[]) => readonly Tensor[],
): Region {
  const traced = withObservers([], () =>
    traceWithin(
      operands,
      (trace, inputs): TracedRegion => ({
        trace,
        operands: inputs.map(({ valueId }) => valueId),
        outputs: fn(inputs).map((tensor) => trace.valueOf(tensor)),
      }),
      { isDerived: true },
    ),
  );
  return finishRegions([traced]).regions[0];
}
