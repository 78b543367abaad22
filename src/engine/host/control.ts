/** @file Control primitives: the host decides which graph runs next, the engine runs it. */
import type { Graph, GraphNode, ValueId } from '../../primitives/graph.ts';
import type { AbstractValue, ControlPrimitive, NestedPrimitive, PrimitiveParams } from '../../primitives/primitives.ts';
import { Region } from '../../primitives/region.ts';
import { allocateHostArray, isFloating } from '../../tensor/dtype.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { Storage } from '../../tensor/storage.ts';
import type { CompiledGraph, Engine, EngineValue } from '../engine.ts';
import { assert, observe, print } from './effects.ts';
import { joinStrings } from './strings.ts';

/** What runs regions: an engine, and how it compiles graphs that may hold regions themselves. */
export interface RegionRunner {
  readonly engine: Engine;
  compile(graph: Graph): CompiledGraph;
  /** Whether the engine compiles the node with its regions. */
  nests(node: GraphNode<NestedPrimitive>): boolean;
}

/** A graph to run next; the answer is its outputs. Whoever drives the steps decides whether that blocks. */
interface Step {
  readonly graph: CompiledGraph;
  readonly inputs: readonly Storage[];
}
type Steps<Result = Storage[]> = Generator<Step, Result, Storage[]>;

const compiledFor = new WeakMap<Engine, WeakMap<Region, CompiledGraph>>();
const collected = new FinalizationRegistry<CompiledGraph>((compiled) => compiled.dispose());

/** The region as a compiled graph, made when it first runs. */
function compiled({ engine, compile }: RegionRunner, region: Region): CompiledGraph {
  const known = compiledFor.get(engine) ?? new WeakMap<Region, CompiledGraph>();
  compiledFor.set(engine, known);
  const found = known.get(region) ?? compile(region.graph);
  if (!known.has(region)) {
    known.set(region, found);
    collected.register(region, found);
  }
  return found;
}

const release = (storages: readonly Storage[]): void => {
  for (const storage of storages) storage.release();
};
const retained = (storages: readonly Storage[]): Storage[] => {
  for (const storage of storages) storage.retain();
  return [...storages];
};

/** A bool or an int32 of rank 0, whose memory is given back. */
function numberOf(storage: Storage): number {
  const value = Number(storage.readSync()[0]);
  storage.release();
  return value;
}

/** The first as they are, and the rest. */
const split = <T>(list: readonly T[], at: number): [T[], T[]] => [list.slice(0, at), list.slice(at)];

type Control = {
  readonly [P in ControlPrimitive]: (
    runner: RegionRunner,
    inputs: readonly EngineValue[],
    params: PrimitiveParams[P],
    outputs: readonly AbstractValue[],
  ) => Steps;
};

const storagesOf = (values: readonly EngineValue[]): Storage[] => values.map(({ storage }) => storage);

function* call(runner: RegionRunner, inputs: readonly EngineValue[], { region }: PrimitiveParams['call']): Steps {
  return yield { graph: compiled(runner, region), inputs: storagesOf(inputs) };
}

function* branch(runner: RegionRunner, inputs: readonly EngineValue[], { branches }: PrimitiveParams['branch']): Steps {
  const [which, ...operands] = storagesOf(inputs);
  which.retain();
  const number = numberOf(which);
  const region = branches[number];
  if (region === undefined)
    throw new ArgumentError(`branch: expected a number from 0 to ${branches.length - 1}, got ${number}.`);
  return yield { graph: compiled(runner, region), inputs: operands };
}

/** Runs the loop. @param seen gets the carries at the start of each turn, and keeps what it wants by retaining it */
function* turns(
  runner: RegionRunner,
  operands: readonly Storage[],
  { carries, condition, body }: PrimitiveParams['whileLoop'],
  seen?: (carry: readonly Storage[]) => void,
): Steps {
  const [initial, captures] = split(operands, carries);
  let carry = retained(initial);
  try {
    const [first] = yield { graph: compiled(runner, condition), inputs: operands };
    for (let goesOn = numberOf(first) !== 0; goesOn;) {
      seen?.(carry);
      const made = yield { graph: compiled(runner, body), inputs: [...carry, ...captures] };
      release(carry);
      carry = made.slice(0, carries);
      goesOn = numberOf(made[carries]) !== 0;
    }
    return retained(carry);
  } finally {
    release(carry);
  }
}

/** So many turns run within the engine, where nothing can interrupt them. */
const turnsAtOnce = 64;

const chunks = new WeakMap<Region, Region>();

/** A graph that runs the loop for some turns: (...carries, ...captures) -> the carries, and whether there is another turn. */
function chunkOf(params: PrimitiveParams['whileLoop']): Region {
  const known = chunks.get(params.body);
  if (known) return known;
  const operands = params.condition.graph.inputs.map((id) => params.condition.graph.values[id]);
  const outputs = params.body.graph.outputs.map((id) => params.body.graph.values[id]);
  const ids = [...operands, ...outputs].map((_, id) => id);
  const [inputs, made] = split(ids, operands.length);
  const node: GraphNode<'whileLoop'> = {
    primitive: 'whileLoop',
    inputs,
    params: { ...params, atMost: turnsAtOnce },
    outputs: made,
  };
  const values = [...operands, ...outputs];
  const chunk = new Region({ values, inputs, constants: new Map(), nodes: [node], outputs: made });
  chunks.set(params.body, chunk);
  return chunk;
}

function* whileLoop(runner: RegionRunner, inputs: readonly EngineValue[], params: PrimitiveParams['whileLoop']): Steps {
  const chunk = chunkOf(params);
  const [node] = chunk.graph.nodes as GraphNode<'whileLoop'>[];
  if (!runner.nests(node)) return yield* turns(runner, storagesOf(inputs), params);
  const [initial, captures] = split(storagesOf(inputs), params.carries);
  let carry = retained(initial);
  try {
    for (let goesOn = true; goesOn;) {
      const made = yield { graph: compiled(runner, chunk), inputs: [...carry, ...captures] };
      release(carry);
      carry = made.slice(0, params.carries);
      goesOn = numberOf(made[params.carries]) !== 0;
    }
    return retained(carry);
  } finally {
    release(carry);
  }
}

/** Back through the turns, from the carries that each of them began with. */
function* whileLoopGradient(
  runner: RegionRunner,
  inputs: readonly EngineValue[],
  { backward, ...loop }: PrimitiveParams['whileLoopGradient'],
  outputs: readonly AbstractValue[],
): Steps {
  const { engine } = runner;
  const [operands, gradients] = split(storagesOf(inputs), loop.condition.graph.inputs.length);
  const captures = operands.slice(loop.carries);
  const floats = inputs.slice(0, loop.carries).filter(({ dtype }) => isFloating(dtype)).length;
  const history: (readonly Storage[])[] = [];
  let sums: Storage[] = [];
  let dy = retained(gradients);
  try {
    release(yield* turns(runner, operands, loop, (carry) => history.push(retained(carry))));
    for (let carry = history.pop(); carry !== undefined; carry = history.pop()) {
      const made = yield { graph: compiled(runner, backward), inputs: [...carry, ...captures, ...dy] };
      release([...carry, ...dy]);
      const [next, additions] = split(made, floats);
      dy = next;
      if (sums.length === 0) {
        sums = additions;
        continue;
      }
      const before = sums;
      sums = additions.map((storage, i) => {
        const value = { ...outputs[floats + i], storage };
        return engine.run('add', [{ ...value, storage: before[i] }, value], {}, [outputs[floats + i]])[0];
      });
      release([...before, ...additions]);
    }
    if (sums.length === 0)
      sums = outputs
        .slice(floats)
        .map(({ dtype, shape }) => engine.upload(allocateHostArray(dtype, sizeOf(shape)), dtype, shape));
    return retained([...dy, ...sums]);
  } finally {
    release([...dy, ...sums, ...history.flat()]);
  }
}

/** The body of a scan with whole sequences as operands, and the number of the turn as its last one. */
function stepGraph({ graph }: Region, { carries, sequences, length }: PrimitiveParams['scan']): Graph {
  const values = [...graph.values];
  const add = (value: AbstractValue): ValueId => values.push(value) - 1;
  const [carried, rest] = split(graph.inputs, carries);
  const [elements, captures] = split(rest, sequences);
  const turn = add({ dtype: 'int32', shape: [] });
  const stacked = elements.map((id) => add({ dtype: values[id].dtype, shape: [length, ...values[id].shape] }));
  const gathers = elements.map(
    (id, i) => ({ primitive: 'gather', inputs: [stacked[i], turn], params: { axis: 0 }, outputs: [id] }) as const,
  );
  return {
    ...graph,
    values,
    inputs: [...carried, ...stacked, ...captures, turn],
    nodes: [...gathers, ...graph.nodes],
  };
}
const stepGraphs = new WeakMap<Region, Map<number, Region>>();
function stepOf(params: PrimitiveParams['scan']): Region {
  const known = stepGraphs.get(params.body) ?? new Map<number, Region>();
  stepGraphs.set(params.body, known);
  // A Region keeps its own: the map is found by the body, and goes with it.
  const found = known.get(params.length) ?? new Region(stepGraph(params.body, params));
  known.set(params.length, found);
  return found;
}

/** So many pieces are joined by one call. */
const joined = 64;

/** Pieces of one shape stacked along a new first axis; their memory is given back. */
function stack(engine: Engine, pieces: readonly Storage[], { dtype, shape }: AbstractValue): Storage {
  if (dtype === 'string') return joinStrings(pieces);
  let parts = pieces.map((storage) => ({ storage, dtype, shape: [1, ...shape.slice(1)] }));
  if (parts.length === 0) return engine.upload(allocateHostArray(dtype, 0), dtype, shape);
  while (parts.length > 1) {
    const next: typeof parts = [];
    for (let i = 0; i < parts.length; i += joined) {
      const group = parts.slice(i, i + joined);
      if (group.length === 1) {
        next.push(group[0]);
        continue;
      }
      const whole = { dtype, shape: [group.reduce((sum, part) => sum + part.shape[0], 0), ...shape.slice(1)] };
      const [storage] = engine.run('concat', group, { axis: 0 }, [whole]);
      release(storagesOf(group));
      next.push({ ...whole, storage });
    }
    parts = next;
  }
  return parts[0].storage;
}

function* scan(
  runner: RegionRunner,
  inputs: readonly EngineValue[],
  params: PrimitiveParams['scan'],
  outputs: readonly AbstractValue[],
): Steps {
  const { engine } = runner;
  const { carries, length, reverse } = params;
  const [initial, rest] = split(storagesOf(inputs), carries);
  let carry = retained(initial);
  const made: Storage[][] = outputs.slice(carries).map(() => []);
  try {
    const graph = compiled(runner, stepOf(params));
    for (let i = 0; i < length; i++) {
      const number = reverse ? length - 1 - i : i;
      const turn = engine.upload(Int32Array.of(number), 'int32', []);
      const step = yield { graph, inputs: [...carry, ...rest, turn] };
      release([...carry, turn]);
      const [next, pieces] = split(step, carries);
      carry = next;
      pieces.forEach((piece, k) => made[k].push(piece));
    }
    const stacked = made.map((pieces, k) => {
      const all = pieces.splice(0);
      return stack(engine, reverse ? all.reverse() : all, outputs[carries + k]);
    });
    return [...retained(carry), ...stacked];
  } finally {
    release([...carry, ...made.flat()]);
  }
}

/** Its first operands as they are. */
function* same(
  _runner: RegionRunner,
  inputs: readonly EngineValue[],
  _params: object,
  outputs: readonly AbstractValue[],
): Steps {
  return retained(storagesOf(inputs.slice(0, outputs.length)));
}

/** Runs no graph, and gives nothing. */
const effect = <Params>(run: (inputs: readonly EngineValue[], params: Params) => void) =>
  function* (_runner: RegionRunner, inputs: readonly EngineValue[], params: Params): Steps {
    run(inputs, params);
    return [];
  };

const control: Control = {
  stopGradient: same,
  customGradient: same,
  call,
  branch,
  whileLoop,
  whileLoopGradient,
  scan,
  print: effect(print),
  assert: effect(assert),
  observe: effect(observe),
};

export const isControlPrimitive = (primitive: string): primitive is ControlPrimitive =>
  Object.hasOwn(control, primitive);

function begin<P extends ControlPrimitive>(
  runner: RegionRunner,
  primitive: P,
  inputs: readonly EngineValue[],
  params: PrimitiveParams[P],
  outputs: readonly AbstractValue[],
): Steps {
  return control[primitive](runner, inputs, params, outputs);
}

/** Runs a control primitive. */
export function runControl(...call: Parameters<typeof begin>): Storage[] {
  const steps = begin(...call);
  let next = steps.next();
  while (!next.done) {
    let made: Storage[];
    try {
      made = next.value.graph.run(next.value.inputs);
    } catch (error) {
      next = steps.throw(error);
      continue;
    }
    next = steps.next(made);
  }
  return next.value;
}

/** The same with the event loop going on meanwhile. */
export async function runControlAsync(...call: Parameters<typeof begin>): Promise<Storage[]> {
  const steps = begin(...call);
  let next = steps.next();
  while (!next.done) {
    let made: Storage[];
    try {
      made = await next.value.graph.runAsync(next.value.inputs);
    } catch (error) {
      next = steps.throw(error);
      continue;
    }
    next = steps.next(made);
  }
  return next.value;
}
