/** @file Branches and bodies of loops traced as regions, with the variables that they assign. */
import { withObservers } from '../../primitives/bind.ts';
import type { AbstractValue } from '../../primitives/primitives.ts';
import type { TypedArray } from '../../tensor/dtype.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { type RegionTrace, type TracedRegion, traceWithin } from '../../tracing/region-trace.ts';
import type { SymbolicTensor } from '../../tracing/trace.ts';
import { type Form, tensorForm } from './nest.ts';

export const abstract = ({ dtype, shape }: AbstractValue): AbstractValue => ({ dtype, shape });
export const idsOf = (tensors: readonly SymbolicTensor[]): number[] => tensors.map(({ valueId }) => valueId);

/** What a region gives: its result, and the variables that it assigns. */
export interface TracedBody {
  readonly trace: RegionTrace;
  readonly operands: readonly number[];
  readonly form: Form;
  readonly assigned: readonly Variable[];
}

/** The region's outputs: its result, then the values of these variables. */
export const outputsOf = ({ trace, operands, form }: TracedBody, variables: readonly Variable[]): TracedRegion => ({
  trace,
  operands,
  outputs: [...form.tensors, ...variables.map((variable) => trace.read(variable))].map((x) => trace.valueOf(x)),
});

/** A loop's carries: its own state, and the variables that its body assigns. */
export interface LoopBody {
  readonly body: TracedBody;
  readonly variables: readonly Variable[];
}

/**
 * Traces the body of a loop. Variables that it assigns are carried from turn to turn: as they are known only afterwards, it
 * is traced again where there are any.
 */
export function traceLoop(
  operands: readonly AbstractValue[],
  run: (operands: readonly Tensor[], trace: RegionTrace) => unknown,
  operation: string,
  feeding?: (trace: () => RegionTrace) => (value: AbstractValue, produce: () => TypedArray) => Tensor,
): LoopBody {
  let variables: readonly Variable[] = [];
  for (;;) {
    let open: RegionTrace;
    const body = withObservers([], () =>
      traceWithin(
        [...operands, ...variables.map(abstract)],
        (trace, inside): TracedBody => {
          open = trace;
          variables.forEach((variable, i) => trace.carry(variable, inside[operands.length + i]));
          const form = tensorForm(run(inside.slice(0, operands.length), trace), operation);
          return { trace, operands: idsOf(inside), form, assigned: trace.assigned() };
        },
        { feeding: feeding?.(() => open) },
      ),
    );
    const more = body.assigned.filter((variable) => !variables.includes(variable));
    if (more.length === 0) return { body, variables };
    variables = [...variables, ...more];
  }
}

export const readInTrace = (variables: readonly Variable[]): Tensor[] => variables.map((variable) => variable.read());
