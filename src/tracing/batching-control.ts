/** @file Batching rules of primitives that run other graphs: graphs derived from theirs, which run for all elements. */
import { scalarLike } from '../engine/operands.ts';
import { bind } from '../primitives/bind.ts';
import * as p from '../primitives/calls.ts';
import type { AbstractValue, PrimitiveParams } from '../primitives/primitives.ts';
import type { Region } from '../primitives/region.ts';
import { isFloating } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Batching } from './batching.ts';
import { type BatchingRules, type Operand, front, moveAxis } from './batching-rules.ts';
import { deriveRegion } from './region-trace.ts';
import { replayRegion } from './replay.ts';

const batched = (value: Tensor): Operand => ({ value, isBatched: true });
const valuesOf = (operands: readonly Operand[]): Tensor[] => operands.map(({ value }) => value);
const asOperands = (values: readonly Tensor[], like: readonly { readonly isBatched: boolean }[]): Operand[] =>
  values.map((value, i) => ({ value, isBatched: like[i].isBatched }));

/** What a region gives for all elements, and which of it differs between them. */
function outcomes(region: Region, operands: readonly Operand[], size: number): Operand[] {
  const batching = new Batching(size);
  const made = batching.run(() =>
    replayRegion(
      region,
      operands.map(({ value, isBatched }) => (isBatched ? batching.elementOf(value) : value)),
    ),
  );
  return made.map((value) =>
    batching.isBatched(value) ? batched(batching.wholeOf(value)) : { value, isBatched: false },
  );
}

/** The region on whole operands, with all elements in front of every output that `keeps` does not leave alone. */
function wholeRegion(
  region: Region,
  operands: readonly Operand[],
  size: number,
  keeps: (output: number) => boolean = () => false,
): Region {
  return deriveRegion(valuesOf(operands), (inside) =>
    outcomes(region, asOperands(inside, operands), size).map((made, i) => (keeps(i) ? made.value : front(made, size))),
  );
}

/** Which outputs of a region differ between the elements. */
function differing(region: Region, operands: readonly Operand[], size: number): boolean[] {
  let answer: boolean[] = [];
  deriveRegion(valuesOf(operands), (inside) => {
    const made = outcomes(region, asOperands(inside, operands), size);
    answer = made.map(({ isBatched }) => isBatched);
    return valuesOf(made);
  });
  return answer;
}

/** A condition of each element beside values of this rank. */
const beside = (condition: Tensor, rank: number): Tensor =>
  p.reshape(condition, [condition.shape[0], ...new Array<number>(Math.max(0, rank - 1)).fill(1)]);
const choose = (condition: Tensor, whenTrue: Tensor, whenFalse: Tensor): Tensor =>
  p.select(beside(condition, whenTrue.rank), whenTrue, whenFalse);

/** Whether any element goes on, as one bool. */
function any(active: Tensor): Tensor {
  const count = p.sum(p.cast(active, 'int32'));
  return p.greater(count, scalarLike(0, count));
}

/** The loop's carries of which some turn makes what differs between the elements, given those that do from the start. */
function stableCarries(body: Region, operands: readonly Operand[], carries: number, size: number, at = 0): boolean[] {
  let flags = operands.slice(0, carries).map(({ isBatched }) => isBatched);
  for (;;) {
    const given = operands.map((operand, i) => {
      const isBatched = i < carries ? flags[i] : operand.isBatched;
      return { value: isBatched ? front(operand, size) : operand.value, isBatched };
    });
    const made = differing(body, given, size).slice(at, at + carries);
    const next = flags.map((flag, i) => flag || made[i]);
    if (next.every((flag, i) => flag === flags[i])) return flags;
    flags = next;
  }
}

/** Operands of a loop with all elements in front of the carries that say so. */
const withCarries = (operands: readonly Operand[], flags: readonly boolean[], size: number): Operand[] =>
  operands.map((operand, i) => (flags[i] ? batched(front(operand, size)) : operand));

type Loop = PrimitiveParams['whileLoop'];

/**
 * A loop that each element leaves when its own condition says so: it goes on while any is in it, with one carry more in
 * front that says which are, and the state of the others stays.
 */
function loopOfAll(
  { carries, condition, body }: Loop,
  operands: readonly Operand[],
  size: number,
): { readonly operands: Operand[]; readonly params: Loop } {
  const given = withCarries(
    operands,
    operands.map((operand, i) => i < carries || operand.isBatched),
    size,
  );
  const [begins] = p.call(valuesOf(given), { region: wholeRegion(condition, given, size) });
  const all = [batched(begins), ...given];
  const goesOn = deriveRegion(valuesOf(all), ([active]) => [any(active)]);
  const turn = deriveRegion(valuesOf(all), ([active, ...inside]) => {
    const made = outcomes(body, asOperands(inside, given), size).map((outcome) => front(outcome, size));
    const stays = p.logicalAnd(active, made[carries]);
    return [stays, ...made.slice(0, carries).map((next, i) => choose(active, next, inside[i])), any(stays)];
  });
  return { operands: all, params: { carries: carries + 1, condition: goesOn, body: turn } };
}

export const controlBatching = {
  stopGradient: ({ operands: [x] }) => [p.stopGradient(x.value)],
  customGradient: ({ operands, params, size }) => {
    const { outputs, inputs, backward } = params;
    // What the rule takes gradients at has one for each element.
    const given = operands.map((operand, i) => (i < outputs + inputs ? batched(front(operand, size)) : operand));
    const ys = given.slice(0, outputs);
    const region = wholeRegion(backward, [...ys, ...ys, ...given.slice(outputs + inputs)], size);
    return p.customGradient(valuesOf(given), { outputs, inputs, backward: region });
  },
  call: ({ operands, params, size }) =>
    p.call(valuesOf(operands), { ...params, region: wholeRegion(params.region, operands, size) }),
  branch: ({ operands: [which, ...operands], params: { branches }, size }) => {
    const regions = branches.map((region) => wholeRegion(region, operands, size));
    if (!which.isBatched) return p.branch(which.value, valuesOf(operands), { branches: regions });
    // Each element takes its own: all are computed, and what was not asked for is left.
    const results = regions.map((region) => p.call(valuesOf(operands), { region }));
    const [first, ...others] = results;
    return first.map((whole, place) =>
      others.reduce((chosen, other, i) => {
        const isThis =
          which.value.dtype === 'bool' ? which.value : p.equal(which.value, scalarLike(i + 1, which.value));
        return choose(isThis, other[place], chosen);
      }, whole),
    );
  },
  whileLoop: ({ operands, params, size }) => {
    const { carries, condition, body } = params;
    const flags = stableCarries(body, operands, carries, size);
    const given = withCarries(operands, flags, size);
    const [condDiffers] = differing(condition, given, size);
    if (condDiffers || differing(body, given, size)[carries]) {
      const all = loopOfAll(params, operands, size);
      return p.whileLoop(valuesOf(all.operands), all.params).slice(1);
    }
    const results = p.whileLoop(valuesOf(given), {
      carries,
      condition: wholeRegion(condition, given, size, () => true),
      body: wholeRegion(body, given, size, (output) => output === carries || !flags[output]),
    });
    return results.map((value, i) => front({ value, isBatched: flags[i] }, size));
  },
  whileLoopGradient: ({ operands, params, size }) => {
    const { carries, condition, body, backward } = params;
    const count = condition.graph.inputs.length;
    // Every float has a gradient for each element.
    const loop = operands
      .slice(0, count)
      .map((operand) => (isFloating(operand.value.dtype) ? batched(front(operand, size)) : operand));
    const atEnd = operands.slice(count).map((operand) => batched(front(operand, size)));
    const all = loopOfAll({ carries, condition, body }, loop, size);
    const floats = atEnd.length;
    const back = deriveRegion([...valuesOf(all.operands), ...valuesOf(atEnd)], ([active, ...inside]) => {
      const flagged = [...all.operands.slice(1), ...atEnd];
      const made = outcomes(backward, asOperands(inside, flagged), size).map((outcome) => front(outcome, size));
      return made.map((gradient, i) => {
        const zero = scalarLike(0, gradient);
        return choose(active, gradient, i < floats ? inside[count + i] : p.broadcastTo(zero, gradient.shape));
      });
    });
    return p.whileLoopGradient([...valuesOf(all.operands), ...valuesOf(atEnd)], { ...all.params, backward: back });
  },
  scan: ({ operands, params, size }) => {
    const { carries, sequences, body } = params;
    const elementsOf = (all: readonly Operand[], take: (whole: Tensor) => AbstractValue): AbstractValue[] =>
      all.map(({ value }, i) => (i >= carries && i < carries + sequences ? take(value) : value));
    const first = ({ dtype, shape }: Tensor): AbstractValue => ({ dtype, shape: shape.slice(1) });
    // The axis that is gone through comes first, then the elements.
    const moved = operands.map((operand, i) =>
      operand.isBatched && i >= carries && i < carries + sequences ? batched(moveAxis(operand.value, 1, 0)) : operand,
    );
    /** What a turn gets in place of the operands, for regions that are derived only to ask them something. */
    const turnOf = (all: readonly Operand[]) => elementsOf(all, first);
    let flags = moved.slice(0, carries).map(({ isBatched }) => isBatched);
    for (;;) {
      const given = withCarries(moved, flags, size);
      let made: Operand[] = [];
      const region = deriveRegion(turnOf(given), (inside) => {
        made = outcomes(body, asOperands(inside, given), size);
        return made.map((outcome, i) => (i < carries && !flags[i] ? outcome.value : front(outcome, size)));
      });
      const next = flags.map((flag, i) => flag || made[i].isBatched);
      if (next.some((flag, i) => flag !== flags[i])) {
        flags = next;
        continue;
      }
      const results = p.scan(valuesOf(given), { ...params, body: region });
      return results.map((value, i) =>
        i < carries ? front({ value, isBatched: flags[i] }, size) : moveAxis(value, 0, 1),
      );
    }
  },
  print: ({ operands, params }) => bind('print', valuesOf(operands), params),
  observe: ({ operands, params }) => bind('observe', valuesOf(operands), params),
  assert: ({ operands: [condition, ...operands], params }) => {
    const count = p.sum(p.cast(p.logicalNot(condition.value), 'int32'));
    const holds = p.equal(count, scalarLike(0, count));
    return bind('assert', [holds, ...valuesOf(operands)], params);
  },
} satisfies BatchingRules;
