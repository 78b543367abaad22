/** @file Gradient rules of primitives that run other graphs: graphs derived from theirs run back through them. */
import { scalarLike, toTensor } from '../engine/operands.ts';
import * as p from '../primitives/calls.ts';
import type { AbstractValue, ControlPrimitive, PrimitiveParams } from '../primitives/primitives.ts';
import { withRegions, withoutEffects } from '../primitives/effects.ts';
import type { Region } from '../primitives/region.ts';
import { isFloating } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { deriveRegion } from '../tracing/region-trace.ts';
import { replayRegion } from '../tracing/replay.ts';
import { zerosLike } from './adjoints.ts';
import type { GradientRule, InputGradients } from './rules.ts';
import { GradientTape } from './tape.ts';

const inputsOf = ({ graph }: Region): AbstractValue[] => graph.inputs.map((id) => graph.values[id]);
const outputsOf = ({ graph }: Region): AbstractValue[] => graph.outputs.map((id) => graph.values[id]);
const floatsOf = <V extends AbstractValue>(values: readonly V[]): V[] =>
  values.filter(({ dtype }) => isFloating(dtype));

/** The outputs of a region for these operands, primitive by primitive. */
function outputsAt(region: Region, operands: readonly Tensor[]): Tensor[] {
  // What is computed again for a gradient prints nothing a second time.
  return replayRegion(withoutEffects(region), operands);
}

/** The gradients at the floating operands of `region`, given those at its floating outputs. */
function gradientsAt(region: Region, operands: readonly Tensor[], outputGradients: readonly Tensor[]): Tensor[] {
  const sources = floatsOf(operands);
  const tape = new GradientTape({ watchAccessedVariables: false });
  tape.watch(sources);
  const outputs = floatsOf(tape.record(() => outputsAt(region, operands)));
  if (outputs.length === 0) return sources.map(zerosLike);
  return tape.gradient(outputs, sources, { outputGradients, unconnectedGradients: 'zero' });
}

const derived = new WeakMap<Region, Region>();

/** (...operands, ...gradients at the floating outputs) -> gradients at the floating operands. */
function backwardOf(region: Region): Region {
  const known = derived.get(region);
  if (known) return known;
  const operands = inputsOf(region);
  const backward = deriveRegion([...operands, ...floatsOf(outputsOf(region))], (inputs) =>
    gradientsAt(region, inputs.slice(0, operands.length), inputs.slice(operands.length)),
  );
  derived.set(region, backward);
  return backward;
}

/** What arrived at the floating ones among `outputs`, zeros where nothing did. */
const arrived = (outputs: readonly Tensor[], gradients: readonly (Tensor | undefined)[]): Tensor[] =>
  outputs.flatMap((output, i) => (isFloating(output.dtype) ? [gradients[i] ?? zerosLike(output)] : []));

/** Gradients of the floating ones among `inputs`, computed together when the first of them is wanted. */
function together(inputs: readonly Tensor[], compute: () => readonly Tensor[]): InputGradients {
  let computed: readonly Tensor[] | undefined;
  let place = 0;
  return inputs.map(({ dtype }) => {
    if (!isFloating(dtype)) return null;
    const at = place++;
    return () => (computed ??= compute())[at];
  });
}

const customGradient: GradientRule<'customGradient'> = (_, { inputs, outputs, gradients, params }) => {
  const captures = inputs.slice(params.outputs + params.inputs);
  let computed: readonly Tensor[] | undefined;
  const dys = (): Tensor[] => outputs.map((output, i) => gradients[i] ?? zerosLike(output));
  const atInputs = (): readonly Tensor[] =>
    (computed ??= p.call([...dys(), ...outputs, ...captures], { region: params.backward }));
  return inputs.map((__, i) => {
    const place = i - params.outputs;
    return place >= 0 && place < params.inputs ? () => atInputs()[place] : null;
  });
};

const call: GradientRule<'call'> = (_, { inputs, outputs, gradients, params: { region, stays } }) =>
  together(inputs, () => p.call([...inputs, ...arrived(outputs, gradients)], { region: backwardOf(region), stays }));

const branch: GradientRule<'branch'> = (_, { inputs, outputs, gradients, params: { branches } }) => {
  const [which, ...operands] = inputs;
  const atOperands = together(operands, () =>
    p.branch(which, [...operands, ...arrived(outputs, gradients)], { branches: branches.map(backwardOf) }),
  );
  return [null, ...atOperands];
};

/** The body of a loop without what it says of another turn. */
const bodies = new WeakMap<Region, Region>();
function carriesOnly(body: Region, carries: number): Region {
  const known = bodies.get(body);
  if (known) return known;
  const result = deriveRegion(inputsOf(body), (operands) => outputsAt(body, operands).slice(0, carries));
  bodies.set(body, result);
  return result;
}

const whileLoop: GradientRule<'whileLoop'> = (_, { inputs, outputs, gradients, params }) =>
  together(inputs, () =>
    p.whileLoopGradient([...inputs, ...arrived(outputs, gradients)], {
      ...withRegions({ params }, withoutEffects).params,
      backward: backwardOf(carriesOnly(params.body, params.carries)),
    }),
  );

const scan: GradientRule<'scan'> = (_, { inputs, outputs, gradients, params }) => {
  const { carries, sequences, length, reverse, body } = params;
  const atStart = inputs.slice(0, carries);
  const across = inputs.slice(carries, carries + sequences);
  const captures = inputs.slice(carries + sequences);
  const gradientCount = floatsOf(outputs).length;
  return together(inputs, () => {
    // What each turn began with.
    const recording = deriveRegion(inputsOf(body), (operands) => [
      ...outputsAt(body, operands).slice(0, carries),
      ...operands.slice(0, carries),
    ]);
    const begun = p.scan(inputs, { carries, sequences, length, reverse, body: recording }).slice(carries);
    const given = arrived(outputs, gradients);
    const atEnd = given.slice(0, floatsOf(atStart).length);
    const atPieces = given.slice(atEnd.length, gradientCount);
    const floatCaptures = floatsOf(captures);
    const floatCarries = floatsOf(atStart).length;
    const elements = inputsOf(body);
    const carried = elements.slice(0, carries);
    const read = elements.slice(carries, carries + sequences);
    const taken = elements.slice(carries + sequences);
    const atOutputs = floatsOf(outputsOf(body));
    // (gradients at carries, sums at captures | carries, elements, gradients at pieces | captures)
    const back = deriveRegion(
      [
        ...atOutputs.slice(0, floatCarries),
        ...floatsOf(taken),
        ...carried,
        ...read,
        ...atOutputs.slice(floatCarries),
        ...taken,
      ],
      (operands) => {
        let place = 0;
        const take = (count: number): Tensor[] => operands.slice(place, (place += count));
        const dCarries = take(floatCarries);
        const sums = take(floatsOf(taken).length);
        const state = take(carries);
        const element = take(sequences);
        const dPieces = take(atOutputs.length - floatCarries);
        const constant = take(taken.length);
        const made = gradientsAt(body, [...state, ...element, ...constant], [...dCarries, ...dPieces]);
        const atElements = made.slice(floatCarries, made.length - sums.length);
        const atCaptures = made.slice(made.length - sums.length);
        return [...made.slice(0, floatCarries), ...sums.map((sum, i) => p.add(sum, atCaptures[i])), ...atElements];
      },
    );
    const results = p.scan([...atEnd, ...floatCaptures.map(zerosLike), ...begun, ...across, ...atPieces, ...captures], {
      carries: floatCarries + floatCaptures.length,
      sequences: carries + sequences + atPieces.length,
      length,
      reverse: !reverse,
      body: back,
    });
    const dCaptures = results.slice(floatCarries, floatCarries + floatCaptures.length);
    return [...results.slice(0, floatCarries), ...results.slice(floatCarries + floatCaptures.length), ...dCaptures];
  });
};

const one = (like: Tensor): Tensor => scalarLike(1, like);

/** The carries after `turns` turns of `body`, starting from `carries`. */
function after(turns: Tensor, carries: readonly Tensor[], captures: readonly Tensor[], body: Region): Tensor[] {
  const count = scalarLike(0, turns);
  const operands = [count, ...carries, turns, ...captures];
  const condition = deriveRegion(operands, (all) => [p.less(all[0], all[carries.length + 1])]);
  const counted = deriveRegion(operands, ([turn, ...rest]) => {
    const limit = rest[carries.length];
    const next = p.add(turn, one(turn));
    const made = outputsAt(body, rest.toSpliced(carries.length, 1)).slice(0, carries.length);
    return [next, ...made, p.less(next, limit)];
  });
  return p.whileLoop(operands, { carries: carries.length + 1, condition, body: counted }).slice(1);
}

/** How many turns the loop takes. */
function countTurns(operands: readonly Tensor[], { carries, condition, body }: PrimitiveParams['whileLoop']): Tensor {
  const all = [toTensor(0, 'whileLoop', 'int32'), ...operands];
  const goesOn = deriveRegion(all, ([, ...rest]) => outputsAt(condition, rest));
  const counting = deriveRegion(all, ([count, ...rest]) => [p.add(count, one(count)), ...outputsAt(body, rest)]);
  return p.whileLoop(all, { carries: carries + 1, condition: goesOn, body: counting })[0];
}

/** What `whileLoopGradient` computes, from loops alone. */
function gradientByLoops(inputs: readonly Tensor[], params: PrimitiveParams['whileLoopGradient']): Tensor[] {
  const { carries, condition, body } = params;
  const size = condition.graph.inputs.length;
  const operands = inputs.slice(0, size);
  const captures = operands.slice(carries);
  const atEnd = inputs.slice(size);
  const sums = floatsOf(captures).map(zerosLike);
  const step = carriesOnly(body, carries);
  const all = [countTurns(operands, params), ...atEnd, ...sums, ...operands];
  const own = 1 + atEnd.length + sums.length;
  const goesOn = deriveRegion(all, ([left]) => [p.greater(left, scalarLike(0, left))]);
  const back = deriveRegion(all, ([left, ...rest]) => {
    const [dCarries, partial] = [rest.slice(0, atEnd.length), rest.slice(atEnd.length, own - 1)];
    const [start, constant] = [rest.slice(own - 1, own - 1 + carries), rest.slice(own - 1 + carries)];
    const fewer = p.sub(left, one(left));
    const state = after(fewer, start, constant, body);
    const made = gradientsAt(step, [...state, ...constant], dCarries);
    const added = made.slice(atEnd.length).map((gradient, i) => p.add(partial[i], gradient));
    return [fewer, ...made.slice(0, atEnd.length), ...added, p.greater(fewer, scalarLike(0, fewer))];
  });
  return p.whileLoop(all, { carries: own, condition: goesOn, body: back }).slice(1);
}

/**
 * The gradient of a loop again, from loops alone: back through the turns, each from the carries that the loop has after so
 * many turns from its start. That takes as many turns as pairs of them, but has gradients of every order.
 */
const whileLoopGradient: GradientRule<'whileLoopGradient'> = (_, { inputs, gradients, outputs, params }) =>
  together(inputs, () => {
    const tape = new GradientTape({ watchAccessedVariables: false });
    const sources = floatsOf(inputs);
    tape.watch(sources);
    const again = tape.record(() => gradientByLoops(inputs, params));
    return tape.gradient(again, sources, {
      outputGradients: arrived(outputs, gradients),
      unconnectedGradients: 'zero',
    });
  });

export const controlRules: { readonly [P in ControlPrimitive]: GradientRule<P> | null } = {
  stopGradient: null,
  customGradient,
  call,
  branch,
  whileLoop,
  whileLoopGradient,
  scan,
  print: null,
  assert: null,
  observe: null,
};
