/** @file The loop over a sequence: at once where operations run at once, in a trace unrolled or as one loop of the graph. */
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { isAbstract } from '../../tracing/trace.ts';
import type { Step } from './cell.ts';

export interface Recurrence {
  /** What each step takes, steps first: [steps, batch, ...]. */
  readonly inputs: Tensor;
  /** [steps, batch], bool: where false a sample's states stay, and its output is repeated (or zero). */
  readonly mask: Tensor | null;
  readonly states: readonly Tensor[];
  readonly step: Step;
  /** Of one step, with the batch. */
  readonly outputShape: readonly number[];
  /** Unrolls in a trace however many steps there are. */
  readonly unroll: boolean;
  readonly zeroOutputForMask: boolean;
}

export interface RecurrenceResult {
  /** Output of the last step. */
  readonly output: Tensor;
  /** Outputs of all steps, steps first; made when asked for. */
  outputs(): Tensor;
  /** After the last step. */
  readonly states: readonly Tensor[];
}

/**
 * Sequences up to this length are unrolled in a trace: each step is then part of one flat graph, which runs faster than a
 * loop; longer ones would take long to compile.
 */
const longestUnrolled = 128;

/** The step with its mask: what is masked keeps its states. */
function masked(step: Step, zeroOutput: boolean) {
  return (input: Tensor, mask: Tensor, [before, ...states]: readonly Tensor[]): readonly [Tensor, ...Tensor[]] => {
    const [output, ...next] = step(input, states);
    const at = (x: Tensor): Tensor => ops.reshape(mask, [mask.size, ...Array<number>(x.rank - 1).fill(1)]);
    const choose = (a: Tensor, b: Tensor): Tensor => ops.where(at(a), a, b);
    const kept = next.map((state, i) => choose(state, states[i]));
    return [choose(output, zeroOutput ? ops.zerosLike(output) : before), ...kept];
  };
}

/** Goes over a sequence of at least one step. */
export function recur(recurrence: Recurrence): RecurrenceResult {
  const { inputs, mask, step, states } = recurrence;
  const [steps] = inputs.shape;
  const withMask = masked(step, recurrence.zeroOutputForMask);
  // From [output, ...states] of one step to the next; the output before counts where a mask repeats it.
  const next = (input: Tensor, own: Tensor | null, before: readonly Tensor[]): readonly Tensor[] =>
    own ? withMask(input, own, before) : step(input, before.slice(1));
  const nothing = mask ? ops.zeros(recurrence.outputShape, inputs.dtype) : states[0];
  const begin = [nothing, ...states];
  const inLoop = isAbstract() && !recurrence.unroll && steps > longestUnrolled;
  return inLoop ? loop(inputs, mask, begin, next) : unrolled(inputs, mask, begin, next);
}

type Next = (input: Tensor, mask: Tensor | null, before: readonly Tensor[]) => readonly Tensor[];

function unrolled(inputs: Tensor, mask: Tensor | null, begin: readonly Tensor[], next: Next): RecurrenceResult {
  const masks = mask && ops.unstack(mask);
  let current = begin;
  const outputs = ops.unstack(inputs).map((input, i) => {
    current = next(input, masks && masks[i], current);
    return current[0];
  });
  return { output: current[0], outputs: () => ops.stack(outputs), states: current.slice(1) };
}

/** One loop of the graph. The first step is taken before it: it tells which outputs are states, and need be carried once only. */
function loop(inputs: Tensor, mask: Tensor | null, begin: readonly Tensor[], next: Next): RecurrenceResult {
  const at = (x: Tensor, place: number): Tensor => ops.squeeze(ops.slice(x, place, 1), [0]);
  const first = next(at(inputs, 0), mask && at(mask, 0), begin);
  const carried = [...new Set(first)];
  const places = first.map((tensor) => carried.indexOf(tensor));
  const elements = [inputs, ...(mask ? [mask] : [])].map((x) => ops.slice(x, 1));
  const all = ops.scan<Tensor[], Tensor[]>(
    (before, element) => {
      const [input, own = null] = element as readonly Tensor[];
      const after = next(
        input,
        own,
        places.map((place) => (before as readonly Tensor[])[place]),
      );
      return carried.map((_, i) => after[places.indexOf(i)]);
    },
    elements,
    { initializer: carried },
  ) as readonly Tensor[];
  const last = all.map((x) => at(x, x.shape[0] - 1));
  return {
    output: last[places[0]],
    outputs: () => ops.concat([ops.expandDims(first[0]), all[places[0]]]),
    states: places.slice(1).map((place) => last[place]),
  };
}
