/** @file Tangents through primitives that run other graphs: graphs derived from theirs carry values and tangents. */
import * as p from '../primitives/calls.ts';
import type { AbstractValue, ControlPrimitive } from '../primitives/primitives.ts';
import { withoutEffects } from '../primitives/effects.ts';
import type { Region } from '../primitives/region.ts';
import { isFloating } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { deriveRegion } from '../tracing/region-trace.ts';
import { replayRegion } from '../tracing/replay.ts';
import { zerosLike } from './adjoints.ts';
import { ForwardAccumulator } from './forward.ts';
import type { MadeCall, Tangent } from './forward-rules.ts';

const inputsOf = ({ graph }: Region): AbstractValue[] => graph.inputs.map((id) => graph.values[id]);
const floatsOf = <V extends AbstractValue>(values: readonly V[]): V[] =>
  values.filter(({ dtype }) => isFloating(dtype));

/** A tangent for each floating value. */
const full = (values: readonly Tensor[], tangents: readonly Tangent[]): Tensor[] =>
  values.flatMap((value, i) => (isFloating(value.dtype) ? [tangents[i] ?? zerosLike(value)] : []));

/** The outputs of a region, and tangents of the floating ones, for operands with those of the floating ones. */
function along(
  region: Region,
  operands: readonly Tensor[],
  tangents: readonly Tensor[],
): { outputs: Tensor[]; tangents: Tensor[] } {
  const accumulator = new ForwardAccumulator(floatsOf(operands), tangents);
  const outputs = accumulator.record(() => replayRegion(withoutEffects(region), operands));
  return { outputs, tangents: floatsOf(outputs).map((x) => accumulator.jvp(x, { unconnectedGradients: 'zero' })) };
}

/** (...operands, ...tangents of the floating ones) -> tangents of the floating outputs. */
const forwardOf = (region: Region): Region => {
  const operands = inputsOf(region);
  return deriveRegion(
    [...operands, ...floatsOf(operands)],
    (inside) => along(region, inside.slice(0, operands.length), inside.slice(operands.length)).tangents,
  );
};

/** The tangents of the floating ones among `outputs`, in their places. */
function placed(outputs: readonly Tensor[], tangents: readonly Tensor[]): Tangent[] {
  let place = 0;
  return outputs.map(({ dtype }) => (isFloating(dtype) ? tangents[place++] : null));
}

type ForwardRules = {
  readonly [P in ControlPrimitive]?: (call: MadeCall<P>, tangents: readonly Tangent[]) => readonly Tangent[];
};

export const forwardControl: ForwardRules = {
  stopGradient: () => [],
  call: ({ inputs, params, outputs }, tangents) =>
    placed(outputs, p.call([...inputs, ...full(inputs, tangents)], { ...params, region: forwardOf(params.region) })),
  branch: ({ inputs: [which, ...operands], params, outputs }, [, ...tangents]) =>
    placed(
      outputs,
      p.branch(which, [...operands, ...full(operands, tangents)], { branches: params.branches.map(forwardOf) }),
    ),
  whileLoop: ({ inputs, params, outputs }, tangents) => {
    const { carries, condition, body } = params;
    const [start, captures] = [inputs.slice(0, carries), inputs.slice(carries)];
    const dStart = full(start, tangents.slice(0, carries));
    const dCaptures = full(captures, tangents.slice(carries));
    const own = carries + dStart.length;
    const operands = [...start, ...dStart, ...captures, ...dCaptures];
    const taken = (all: readonly Tensor[]): Tensor[] => [
      ...all.slice(0, carries),
      ...all.slice(own, own + captures.length),
    ];
    const goesOn = deriveRegion(operands, (all) => replayRegion(withoutEffects(condition), taken(all)));
    const turn = deriveRegion(operands, (all) => {
      const d = [...all.slice(carries, own), ...all.slice(own + captures.length)];
      const made = along(body, taken(all), d);
      return [...made.outputs.slice(0, carries), ...made.tangents.slice(0, dStart.length), made.outputs[carries]];
    });
    return placed(outputs, p.whileLoop(operands, { carries: own, condition: goesOn, body: turn }).slice(carries));
  },
  scan: ({ inputs, params, outputs }, tangents) => {
    const { carries, sequences, body } = params;
    const groups = [0, carries, carries + sequences, inputs.length];
    const split = <T>(all: readonly T[]): T[][] => [0, 1, 2].map((i) => all.slice(groups[i], groups[i + 1]));
    const [start, across, captures] = split(inputs);
    const [dStart, dAcross, dCaptures] = split(tangents).map((t, i) => full([start, across, captures][i], t));
    const elements = inputsOf(body);
    const [carried, read, taken] = split(elements);
    const places = [carried, floatsOf(carried), read, floatsOf(read), taken, floatsOf(taken)];
    const forward = deriveRegion(places.flat(), (inside) => {
      let place = 0;
      const [c, dc, r, dr, t, dt] = places.map(({ length }) => inside.slice(place, (place += length)));
      const made = along(body, [...c, ...r, ...t], [...dc, ...dr, ...dt]);
      const floats = floatsOf(made.outputs.slice(0, carries)).length;
      return [...made.outputs.slice(0, carries), ...made.tangents.slice(0, floats), ...made.tangents.slice(floats)];
    });
    const results = p.scan([...start, ...dStart, ...across, ...dAcross, ...captures, ...dCaptures], {
      ...params,
      carries: carries + dStart.length,
      sequences: sequences + dAcross.length,
      body: forward,
    });
    return placed(outputs, results.slice(carries));
  },
};
