/** @file What an optimizer keeps for each variable, and in which order. */
import * as ops from '../ops/index.ts';
import { initScope } from '../tracing/trace.ts';
import type { DType } from '../tensor/dtype.ts';
import type { Shape } from '../tensor/shape.ts';
import { Variable } from '../tensor/variable.ts';

/** A variable that a rule keeps beside each variable. */
export interface Slot {
  /** Its name is the variable's, `_` and this. */
  readonly name: string;
  /** Default the variable's. */
  readonly shape?: Shape;
  /** Default the variable's. */
  readonly dtype?: DType;
  /** The first value: a number (default 0), or the variable's own. */
  readonly initial?: number | 'value';
  /**
   * Slots of a later group stand after those of an earlier one, of all variables; within a group those of one variable stand
   * together. Files of Keras go by that order. Default 0.
   */
  readonly group?: number;
}

/** What is kept for one variable. */
export interface VariableState {
  readonly slots: readonly Variable[];
  readonly groups: readonly number[];
  /** The running mean of its values. */
  readonly average: Variable | null;
  /** The sum of the gradients since the last step. */
  readonly accumulator: Variable | null;
}

function makeSlot(optimizer: string, variable: Variable, { name, shape, dtype, initial = 0 }: Slot): Variable {
  const type = dtype ?? variable.dtype;
  const value =
    initial === 'value'
      ? ops.clone(variable.value)
      : initial === 0
        ? ops.zeros([...(shape ?? variable.shape)], type)
        : ops.fill([...(shape ?? variable.shape)], initial, type);
  const reference = variable.name.replaceAll('/', '_');
  const slot = new Variable(value, {
    name: `${optimizer}/${name ? `${reference}_${name}` : reference}`,
    trainable: false,
  });
  value.dispose();
  return slot;
}

/** The state of an optimizer's variables, in the order in which they became known. */
export class OptimizerState {
  private readonly states = new Map<Variable, VariableState>();

  /** Variables that have state. */
  get known(): Variable[] {
    return [...this.states.keys()];
  }

  of(variable: Variable): VariableState {
    return this.states.get(variable)!;
  }

  has(variable: Variable): boolean {
    return this.states.has(variable);
  }

  /** Makes the state of a variable: also in a trace it comes into being now, once. */
  add(optimizer: string, variable: Variable, slots: readonly Slot[], more: { average: boolean; accumulator: boolean }) {
    const make = (slot: Slot): Variable => makeSlot(optimizer, variable, slot);
    this.states.set(
      variable,
      initScope(() => ({
        average: more.average ? make({ name: 'average' }) : null,
        accumulator: more.accumulator ? make({ name: 'gradient_accumulator' }) : null,
        slots: slots.map(make),
        groups: slots.map(({ group = 0 }) => group),
      })),
    );
  }

  /** All of them as Keras orders them: running means, sums of gradients, then the slots group by group. */
  variables(): Variable[] {
    const states = [...this.states.values()];
    const groups = [...new Set(states.flatMap((state) => state.groups))].sort((a, b) => a - b);
    return [
      ...states.flatMap(({ average }) => average ?? []),
      ...states.flatMap(({ accumulator }) => accumulator ?? []),
      ...groups.flatMap((group) => states.flatMap((state) => state.slots.filter((_, i) => state.groups[i] === group))),
    ];
  }

  dispose(): void {
    for (const variable of this.variables()) variable.dispose();
    this.states.clear();
  }
}
